"""What a workbook says beside the text of its cells: cells that cannot be read, comments, texts over the sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from registry.domain import RowError
from registry.errors import Unreadable
from registry.intake.rows import RawResult, shown
from registry.intake.tabular.claims import Claims
from registry.intake.tabular.grid import Row
from registry.intake.tabular.wide import WideColumn

WHOLE_ROW = -1
NAMES = frozenset(
    {"lot", "characteristic", "unit", "comparator", "stage", "status", "relation", "supersedes", "reagent_lot", "clone",
     "method", "instrument", "fluorochrome"}
)  # fmt: skip
"""Columns that hold names: a date in one was something else when it was typed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell (or, at the place ``WHOLE_ROW``, a row) cannot be read; ``cell`` is its address."""

    expected: str
    found: str
    message: str
    cell: str = ""
    why: str = ""


Faults = Mapping[tuple[int, int], Fault]


@dataclass(frozen=True, slots=True)
class Beside:
    """``faults`` and ``comments`` by row number and place. ``not_names`` are the faults of cells that may hold a
    value or a date, and can be no name. ``banners`` lie over the cells, or stand on the printed page.
    """

    faults: Faults = field(default_factory=dict)
    not_names: Faults = field(default_factory=dict)
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)
    banners: tuple[str, ...] = ()


def refuse_header(header: Row, beside: Beside, file: str) -> None:
    """Raise ``Unreadable`` when a cell of the header cannot be read, or can be no name."""
    faults = {**beside.not_names, **beside.faults}
    broken = next((fault for (number, _), fault in faults.items() if number == header.number), None)
    if broken is not None:
        raise Unreadable(
            f"The header of {file} cannot be read. {broken.message}",
            expected="column names typed in, in a row that is shown",
            found=broken.found,
            where=f"{file}, row {header.number}",
        )


def without_faults(
    rows: Sequence[Row], needed: Mapping[int, str], lot: int | None, beside: Beside, file: str
) -> tuple[list[Row], list[RowError]]:
    """The rows whose cells can be read, and an error for each cell that cannot. ``needed`` are the columns read."""
    if not beside.faults and not beside.not_names:
        return list(rows), []
    clean: list[Row] = []
    errors: list[tuple[RowError, Fault]] = []
    for row in rows:
        wrong = _wrong(row.number, needed, beside)
        is_named = lot is not None and len(row.cells) > lot and "lot" not in dict(wrong)
        of_lot = shown(row.cells[lot]) if is_named and lot is not None else None
        if not wrong:
            clean.append(row)
        for name, fault in wrong:
            where = shown(name) if name else None
            place = (of_lot or None, file, row.number, where)
            errors.append((RowError(*place, fault.expected, fault.found, fault.message), fault))
    return clean, [error for error, _ in _once_a_cause(errors)]


def _once_a_cause(errors: Sequence[tuple[RowError, Fault]]) -> list[tuple[RowError, Fault]]:
    """One error of each lot for each cause, naming every cell that it is the cause of."""
    groups: dict[tuple[str | None, str], list[tuple[RowError, Fault]]] = {}
    for number, (error, fault) in enumerate(errors):
        groups.setdefault((error.lot, fault.why or f"{number}"), []).append((error, fault))
    return [_of_all(group) if len(group) > 1 else group[0] for group in groups.values()]


def _of_all(group: Sequence[tuple[RowError, Fault]]) -> tuple[RowError, Fault]:
    first, fault = group[0]
    cells = [each.cell for _, each in group]
    named = ", ".join(cells[:12]) + (f" and {len(cells) - 12} more" if len(cells) > 12 else "")
    return replace(first, message=f"Cells {named} cannot be read: {fault.why}."), fault


def _wrong(number: int, needed: Mapping[int, str], beside: Beside) -> list[tuple[str | None, Fault]]:
    whole = beside.faults.get((number, WHOLE_ROW))
    if whole:
        return [(None, whole)]
    cells = {(number, place): name for place, name in needed.items()}
    names = {cell: name for cell, name in cells.items() if name in NAMES}
    wrong = [(name, beside.faults[cell]) for cell, name in cells.items() if cell in beside.faults]
    return [*wrong, *((name, beside.not_names[cell]) for cell, name in names.items() if cell in beside.not_names)]


def with_comments(
    raws: Sequence[RawResult], beside: Beside, header: int, columns: Mapping[int, WideColumn], claims: Claims
) -> list[RawResult]:
    """The results with what was written at their cells in their notes; what was written elsewhere is told or claimed.

    In a wide table a comment at a result's cell is for it alone, and one at a heading for its column; any other in a
    row is for every result of the row.
    """
    if not beside.comments:
        return list(raws)
    places = {column.header: place for place, column in columns.items()}
    held: list[RawResult] = []
    used: set[tuple[int, int]] = set()
    for raw in raws:
        mine = places.get(raw.column)
        at = [
            spot
            for spot in sorted(beside.comments)
            if spot[0] in {raw.row, header} and (spot[1] == mine or spot[1] not in columns)
        ]
        used |= set(at)
        note = "; ".join(filter(None, [raw.others.get("note", ""), *(beside.comments[spot] for spot in at)]))
        held.append(replace(raw, others={**raw.others, "note": note}) if at else raw)
    for spot, comment in beside.comments.items():
        if spot not in used and not claims.text(comment, spot[0], None, None):
            claims.tell(spot[0], comment, "It is a comment at a cell that holds no result.")
    return held
