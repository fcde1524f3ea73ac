"""Bytes as the database keeps them: records and files packed by zlib; every digest is over the plain bytes.

A panel's record of 17 kB is kept in 1.2. What does not become shorter, and what an earlier version kept, stands as it
is: a mark tells. Bytes that begin with the mark are always packed, so that what is kept under it is never ambiguous;
what cannot be unpacked is given as it stands, and its digest is wrong.
"""

from __future__ import annotations

import zlib

from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

MARK = b"\x00zlib\x00"
MOST = 256 * 2**20
"""Bytes that are unpacked at most; what is longer is kept plain."""


def packed(plain: bytes) -> bytes:
    """As it is kept."""
    if len(plain) > MOST:
        return plain
    short = MARK + zlib.compress(plain, 6)
    return short if len(short) < len(plain) or plain.startswith(MARK) else plain


def unpacked(kept: bytes) -> bytes:
    """The plain bytes."""
    if not kept.startswith(MARK):
        return kept
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(kept[len(MARK) :], MOST)
    except zlib.error:
        return kept
    return plain if stream.eof and not stream.unused_data else kept


class Packed(TypeDecorator[bytes]):
    """A column of plain bytes that the database keeps packed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: D102
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: D102
        return None if value is None else unpacked(bytes(value))
