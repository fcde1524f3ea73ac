"""The line of a typed text that a refusal is about, so that a page can mark what is wrong in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.errors import RegistryError

_PLACE = re.compile(r"line ([0-9]+), column ([0-9]+)")
_LINES = re.compile(r"\r\n|\r|\n")
AROUND = 60
"""Characters shown of a long line to either side of what is wrong."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One line, cut in three; ``wrong`` is empty where something is missing. ``line`` and ``column`` count from 1."""

    line: int
    column: int
    before: str
    wrong: str
    after: str


def excerpt(text: str, error: RegistryError | None) -> Excerpt | None:
    """The line that ``error`` names by ``line 2, column 5``; None when it names no place in ``text``."""
    place = _PLACE.fullmatch(error.where) if error else None
    if error is None or place is None:
        return None
    lines = _LINES.split(text)
    line, column = int(place[1]), int(place[2])
    if line > len(lines) or column > len(lines[line - 1]) + 1:
        return None
    before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    first_line = next(iter(_LINES.split(error.found)))
    wrong = first_line if rest.startswith(first_line) else ""
    if not first_line and (word := re.match(r"\S+", rest)):
        wrong = word.group()
    before = before if len(before) <= AROUND else f"…{before[-AROUND:]}"
    after = rest[len(wrong) :]
    return Excerpt(line, column, before, wrong, after if len(after) <= AROUND else f"{after[:AROUND]}…")
