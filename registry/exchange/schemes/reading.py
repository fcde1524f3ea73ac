"""What one identifier says, whoever gave it."""

from __future__ import annotations

import re
from dataclasses import dataclass

AT_MOST = 256
"""Signs of a text that is read at all; no identifier of any scheme is as long, with its web address."""
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Reading:
    """An identifier in the one way in which it is written and compared.

    ``keys`` are what it may be on record under, the whole of it first: the code of one container holds that of its lot.
    ``gtin`` and ``lot`` are what a GS1 code says. ``expires`` is a day, ``2026-12-01``, with its time where the code
    states one. ``unchecked`` says that it was typed without the check character that would show a slip.
    """

    scheme: str
    text: str
    keys: tuple[str, ...]
    gtin: str = ""
    lot: str = ""
    expires: str = ""
    unchecked: bool = False


def without_symbology(text: str) -> str:
    """The text without what a reader sends before it to tell the kind of symbol (ISO/IEC 15424), such as ``]d1``."""
    match = _SYMBOLOGY.match(text)
    return text[match.end() :] if match else text
