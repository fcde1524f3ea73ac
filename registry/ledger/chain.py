"""One entry of the ledger, and the hash that chains it to the one before.

Example: the bytes that are hashed for the second entry of a ledger (one line, no line feed at the end)::

    {"actor":"lab.one","at":"2026-11-22T10:00:00.000000Z","details":{"note":"é"},"files":{"sha256:2c26…":"panel.csv"},
     "kind":"submission","lots":["P-07"],"position":2,"previous":"sha256:91a0…","record":"sha256:fcde…"}

(broken here only for the page). They are JSON (RFC 8259) in UTF-8: the nine names above, sorted by code point, as are
the names within ``details`` and ``files``; no space between tokens; characters outside ASCII as they are; ``"`` ``\\``
and control characters escaped as Python's ``json`` does (``\\n``, ``\\u0000``); integers within ±2^53, no fractions.
``record`` is null for an entry without a record. The hash is ``sha256:`` and the SHA-256 of these bytes in hexadecimal;
the first entry's ``previous`` is ``sha256:`` and 64 zeros. ``tests/vectors/chain.json`` holds whole examples.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from registry.errors import Corrupt, WrongUsage
from registry.instants import moment_text

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
Details: TypeAlias = Mapping[str, Json]

GENESIS = "sha256:" + "0" * 64
FORMAT = 1
KIND = re.compile(r"[a-z][a-z-]{0,31}")
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger: what was entered, when, by whom, after what.

    ``record`` is a record's digest or None; ``files`` is file digest → name as submitted; ``details`` is hashed into
    the chain, and is never part of the graph.
    """

    position: int
    at: datetime
    kind: str
    actor: str
    record: str | None
    lots: tuple[str, ...]
    details: dict[str, Json] = field(hash=False)
    files: dict[str, str] = field(hash=False)
    previous: str
    hash: str = ""

    def sealed(self) -> Entry:
        """The same entry with its hash."""
        return replace(self, hash=entry_hash(self))


def entry_bytes(entry: Entry) -> bytes:
    """The bytes that are hashed: see the example above."""
    return canonical_json(
        {
            "position": entry.position,
            "at": moment_text(entry.at),
            "kind": entry.kind,
            "actor": entry.actor,
            "record": entry.record,
            "lots": list(entry.lots),
            "details": entry.details,
            "files": dict(entry.files),
            "previous": entry.previous,
        }
    ).encode()


def entry_hash(entry: Entry) -> str:
    """``sha256:<hex>`` of ``entry_bytes``."""
    return "sha256:" + hashlib.sha256(entry_bytes(entry)).hexdigest()


def canonical_json(value: Json) -> str:
    """The one written form of a JSON value: sorted names, no spaces, nothing escaped that need not be."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def checked_details(details: Details) -> dict[str, Json]:
    """``details`` as plain JSON; raises WrongUsage for a fraction, a huge integer, half a surrogate or any object."""
    _check(details, "details")
    return json.loads(canonical_json(dict(details)))  # type: ignore[no-any-return]


def _check(value: object, where: str) -> None:
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value):
        return
    if isinstance(value, int) and abs(value) < _LARGEST:
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            _check(item, f"{where}[{number}]")
        return
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        for name, item in value.items():
            _check(name, where)
            _check(item, f"{where}.{name}")
        return
    raise WrongUsage(
        "An entry's details hold something that has no one written form.",
        expected="null, true, false, integers within 2^53, texts, lists, and objects with text names",
        found=f"{type(value).__name__} {value!r}"[:200],
        where=where,
    )


def public_key_of(details: Details) -> str:
    """The public key that an ``init`` or ``key`` entry puts in force (base64 of 32 bytes)."""
    key = details.get("key")
    public = key.get("public") if isinstance(key, Mapping) else None
    if not isinstance(public, str):
        raise Corrupt(
            "An entry that sets a key holds none.", expected='details {"key": {"public": …}}', found=repr(key)
        )
    return public
