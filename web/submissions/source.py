"""A submitted table as it was sent, its rows numbered as results name them: the header is row 1."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from web.access import registry

SHOWN, MOST = 300, 2_000_000
_FIGURE = re.compile(r"[<>≤≥=~\s]*[\d.,]+\s*(?P<unit>[^\d\s.,].*)")
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


Place = tuple[str, int | None]
"""Where a result stands: its file, or its workbook's sheet, and its row."""


def tables(name: str, data: bytes, lot: str, used: Collection[Place], gone: Collection[Place] = ()) -> list[Source]:
    """The rows of the lot, at most 300 of a table; of a workbook each sheet that speaks of the lot.

    Only for reading: what counts is what intake read and recorded. ``gone`` are the rows of panels that were withdrawn:
    no criterion stands on them.
    """
    parts = sent(name, data)
    sources = [_source(part or name, rows, lot, used, gone) for part, rows in parts.items()]
    return [source for source in sources if source.rows] or sources[:1] or [Source(name, [], [], 0, readable=False)]


def _source(
    name: str, rows: Mapping[int, Sequence[str]], lot: str, used: Collection[Place], gone: Collection[Place]
) -> Source:
    filled = [(number, list(cells)) for number, cells in rows.items() if cells]
    if not filled:
        return Source(name, [], [], 0, readable=False)
    (_, header), rest = filled[0], filled[1:]
    mine = [(number, cells) for number, cells in rest if lot.casefold() in {cell.strip().casefold() for cell in cells}]
    shown = [
        Row(number, cells, (name, number) in used and (name, number) not in gone, (name, number) in gone)
        for number, cells in mine[:SHOWN]
    ]
    return Source(name, header, shown, len(rest) - len(shown), readable=True)


def sent(name: str, data: bytes) -> dict[str, Mapping[int, Sequence[str]]]:
    """The rows of each part of a table: of a workbook by the name that results have of its sheet, of text under ``""``.

    Empty for any other file, and for a workbook larger than is sensible to show.
    """
    if name.casefold().endswith(".xlsx"):
        return dict(registry().specifications.tables.workbook_rows(name, data)) if len(data) <= MOST else {}
    sheet = rows(name, data)
    return {"": sheet} if sheet else {}


def rows(name: str, data: bytes) -> dict[int, list[str]]:
    """Row number → cells of a text table; empty for any other file, and past what is sensible to show."""
    if not name.casefold().endswith(TABLES):
        return {}
    text = data[:MOST].decode("utf-8-sig", "replace")
    first = next((line for line in text.split("\n") if line.strip() and not line.startswith("#")), "")
    mark = max("\t;,", key=first.count)
    try:
        return dict(enumerate(csv.reader(io.StringIO(text), delimiter=mark), 1))
    except csv.Error:
        return {}


def unit_in_values(rows: Mapping[int, Sequence[str]], heading: str) -> str:
    """The unit that stands beside every figure of a column, ``98.5 %``; empty where they differ or one has none."""
    filled = [cells for cells in rows.values() if any(cells)]
    at = next((number for number, cells in enumerate(filled) if heading in {cell.strip() for cell in cells}), None)
    if at is None:
        return ""
    place = [cell.strip() for cell in filled[at]].index(heading)
    values = [cells[place].strip() for cells in filled[at + 1 :] if len(cells) > place and cells[place].strip()]
    units = {match["unit"].strip() if (match := _FIGURE.fullmatch(value)) else "" for value in values}
    return units.pop() if len(units) == 1 else ""
