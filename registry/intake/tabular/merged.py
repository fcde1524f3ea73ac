"""Merged cells: a lot that stands once for several rows is read so; anything else below the header is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from registry.errors import Unreadable
from registry.intake.shown_text import shown
from registry.intake.tabular.columns import key_of
from registry.intake.tabular.grid import Row
from registry.workbook.addresses import column_of

_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_NOWHERE = 10_000_000


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range: rows from 1, columns from 0, both ends in it."""

    name: str
    top: int
    bottom: int
    left: int
    right: int


def merges_of(names: Iterable[str]) -> list[Merge]:
    """The ranges of a sheet; one that is no reference is taken for the whole sheet."""
    merges = []
    for name in names:
        match = _RANGE.fullmatch(name)
        if match is None:
            merges.append(Merge(name, 1, _NOWHERE, 0, _NOWHERE))
            continue
        left, top, right, bottom = match.groups()
        merges.append(Merge(name, int(top), int(bottom or top), column_of(left), column_of(right or left)))
    return merges


def filled(rows: Sequence[Row], merges: Sequence[Merge], header: Row, sheet: str, file: str) -> list[Row]:
    """The rows with their lots filled in. Raises ``Unreadable`` naming every other merge that a table cannot have."""
    keys = [key_of(cell) for cell in header.cells]
    lot = keys.index("lot") if "lot" in keys else None
    below = [merge for merge in merges if merge.bottom > header.number or (merge.bottom == header.number == merge.top)]
    others = [merge for merge in below if not (lot == merge.left == merge.right and merge.top > header.number)]
    if others:
        raise Unreadable(
            f"The sheet '{shown(sheet)}' has merged cells.",
            expected="a table without merged cells, save for titles above it and a lot that stands for several rows",
            found=", ".join(shown(merge.name) for merge in others[:20]),
            where=file,
            todo="Unmerge them, and print the value in every row that it is meant for.",
        )
    by_number = {row.number: row for row in rows}
    lots = {
        number: by_number[merge.top].cells[merge.left]
        for merge in below
        if merge.top in by_number and len(by_number[merge.top].cells) > merge.left
        for number in range(merge.top + 1, merge.bottom + 1)
    }
    return [_with_lot(row, lot, lots[row.number]) if row.number in lots else row for row in rows]


def _with_lot(row: Row, place: int | None, lot: str) -> Row:
    if place is None:
        return row
    cells = [*row.cells, *[""] * (place + 1 - len(row.cells))]
    cells[place] = cells[place] or lot
    return replace(row, cells=tuple(cells))
