"""A submitted table as it was sent, its rows numbered as results name them: the header is row 1."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

SHOWN, MOST = 300, 2_000_000
TABLES = (".csv", ".tsv", ".tab", ".txt")


@dataclass(frozen=True)
class Row:
    """One row: its number, its cells, whether a criterion stands on it, and whether what it said was withdrawn."""

    number: int
    cells: list[str]
    used: bool
    withdrawn: bool


@dataclass(frozen=True)
class Source:
    """A file's header and those rows that speak of one lot; ``readable`` is False for a file that is no text table."""

    name: str
    header: list[str]
    rows: list[Row]
    left_out: int
    readable: bool


def table(
    name: str, data: bytes, lot: str, used: Collection[tuple[str, int | None]], gone: Collection[int | None] = ()
) -> Source:
    """The rows of the lot, at most 300 of them. Only for reading: what counts is what intake read and recorded.

    ``gone`` are the rows of panels that were withdrawn: no criterion stands on them, whatever file is of that name.
    """
    if not name.casefold().endswith(TABLES):
        return Source(name, [], [], 0, readable=False)
    found = [(number, cells) for number, cells in rows(name, data).items() if cells]
    if not found:
        return Source(name, [], [], 0, readable=False)
    (_, header), rest = found[0], found[1:]
    mine = [(number, cells) for number, cells in rest if lot.casefold() in {cell.strip().casefold() for cell in cells}]
    shown = [
        Row(number, cells, (name, number) in used and number not in gone, number in gone)
        for number, cells in mine[:SHOWN]
    ]
    return Source(name, header, shown, len(rest) - len(shown), readable=True)


def rows(name: str, data: bytes) -> dict[int, list[str]]:
    """Row number → cells of a text table; empty for any other file, and past what is sensible to show."""
    if not name.casefold().endswith(TABLES):
        return {}
    text = data[:MOST].decode("utf-8-sig", "replace")
    first = text.split("\n", 1)[0]
    mark = max("\t;,", key=first.count)
    try:
        return dict(enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1))
    except csv.Error:
        return {}
