"""Delimited tables to raw results: which form a table has, and long ones, one result a row.

lot,characteristic,value,unit,stage
P-07,CD73,98.5,%,after thaw
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from registry.domain import Notice, RowError
from registry.errors import Unreadable
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data, refuse_people
from registry.intake.encoding import decode
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.rows import RawResult, shown
from registry.intake.tabular.columns import (
    KNOWN,
    OPTIONAL,
    PROBLEM,
    REQUIRED,
    key_of,
    missing,
    nearly,
    positions,
    with_lot,
)
from registry.intake.tabular.decimal_mark import decimal_comma
from registry.intake.tabular.grid import Row, rows_of, separator_of
from registry.intake.tabular.wide import WideColumn, wide_columns
from registry.vocabulary import Terms

WHOLE_ROW = -1
KEPT_WHOLE = (
    " Once submitted, the file is kept whole, with this column. If it says anything about a person, take it out first."
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell (or, at the place ``WHOLE_ROW``, a row) cannot be read."""

    expected: str
    found: str
    message: str


Faults = Mapping[tuple[int, int], Fault]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says: raw results in file order, the errors of its rows and columns, warnings."""

    raws: tuple[RawResult, ...]
    errors: tuple[RowError, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_table(data: bytes, file: str, terms: Terms, own: OwnNames | None = None) -> Table:
    """The raw results of a CSV or TSV file, long or wide. Patients' data are looked for before anything else."""
    text = decode(data, file)
    rows = rows_of(text, file)
    refuse_patient_data(find_patient_data(pairs_of(rows, text)), file)
    return table_of(rows, file, terms, own=own, semicolons=separator_of(text) == ";")


def table_of(
    rows: Sequence[Row], file: str, terms: Terms, faults: Faults | None = None, own: OwnNames | None = None,
    semicolons: bool = False,
) -> Table:  # fmt: skip
    """The raw results of rows of cells, long or wide; the first row is the header.

    ``faults`` are the cells that cannot be read, by row number and place: a row with one in a column that is read is
    an error and no result. ``own`` are the laboratory's names, for the headers of a wide table. ``semicolons`` part
    the cells of a file that most likely marks decimals with commas. Raises ``Unreadable`` when the rows are no panel
    table, or hold no result, and ``PatientData`` when a column is headed as a person's.
    """
    refuse_people(rows, file)
    header = with_lot(rows[0].cells)
    rows = [replace(rows[0], cells=header), *rows[1:]]
    places = positions(header, file)
    is_long = any(name in places for name in ("characteristic", "value", "unit"))
    absent = [name for name in (REQUIRED if is_long else ("lot",)) if name not in places]
    columns = {} if is_long else wide_columns(header, terms, own)
    if absent or (not is_long and not columns and not (own is not None and _unknown(header))):
        raise missing(file, header, absent or ["with a result, such as CD73 (%)"])
    if not is_long and not columns and own is not None:
        return _without_column(rows, places["lot"], file, own)
    take = _long if is_long else _wide(columns)
    read = {name: place for name, place in places.items() if is_long or name != "comparator"}
    needed = {
        **{place: name for name, place in read.items() if name in KNOWN and name != PROBLEM},
        **{i: c.header for i, c in columns.items()},
    }
    clean, broken = _without_faults(rows, needed, places["lot"], faults or {}, file)
    table = _read_rows(clean, read, file, take)
    comma = decimal_comma((raw.value for raw in table.raws), semicolons)
    raws = tuple(replace(raw, comma=comma) for raw in table.raws) if comma else table.raws
    table = replace(table, raws=raws, errors=(*broken, *table.errors))
    errors, notices = _strays(rows, places, columns, file, terms, own)
    if not table.raws and not table.errors:
        raise _without_result(file)
    return Table(table.raws, (*errors, *table.errors), (*notices, *table.notices))


def _unknown(header: Sequence[str]) -> list[str]:
    """The headers that are no column of ours, and not nearly one."""
    return [name for name in header if name and key_of(name) not in KNOWN and nearly(name) is None]


def _without_column(rows: Sequence[Row], lot: int, file: str, own: OwnNames) -> Table:
    """A wide table of which no column is known: its names are left open, and none of its lots can pass."""
    header, number = rows[0].cells, rows[0].number
    unknown = _unknown(header)
    for name in unknown:
        own.leave_open(name, number)
    message = (
        "No column of this table is known: name each that holds results with its unit, as CD73 (%), or say in a "
        "mapping what your own names stand for."
    )
    lots = dict.fromkeys(row.cells[lot] for row in rows[1:] if len(row.cells) > lot)
    expected, found = "a column per characteristic with its unit, as CD73 (%)", shown(", ".join(unknown))
    errors = [RowError(shown(one) or None, file, number, None, expected, found, message) for one in lots]
    if not errors:
        raise _without_result(file)
    return Table((), tuple(errors))


def _without_faults(
    rows: Sequence[Row], needed: Mapping[int, str], lot: int, faults: Faults, file: str
) -> tuple[list[Row], list[RowError]]:
    """The rows whose cells can be read, and an error for each cell that cannot. ``needed`` are the columns read."""
    if not faults:
        return list(rows), []
    clean: list[Row] = []
    errors: list[RowError] = []
    for row in rows:
        of_lot = row.cells[lot] if len(row.cells) > lot and (row.number, lot) not in faults else ""
        whole = faults.get((row.number, WHOLE_ROW))
        found: list[tuple[str | None, Fault]] = [(None, whole)] if whole else []
        if not whole:
            places = {name: (row.number, place) for place, name in needed.items()}
            found = [(name, faults[place]) for name, place in places.items() if place in faults]
        if not found:
            clean.append(row)
        for name, fault in found:
            where = shown(name) if name else None
            errors.append(
                RowError(shown(of_lot) or None, file, row.number, where, fault.expected, fault.found, fault.message)
            )
    return clean, errors


def _read_rows(
    rows: Sequence[Row], places: Mapping[str, int], file: str, take: Callable[..., list[RawResult]]
) -> Table:
    raws: list[RawResult] = []
    errors: list[RowError] = []
    notices: list[Notice] = []
    width = len(rows[0].cells)
    optional = [(name, places[name]) for name in OPTIONAL if name in places]
    for row in rows[1:]:
        cells = row.cells + ("",) * (width - len(row.cells))
        stray = next((i for i, name in enumerate(rows[0].cells) if not name and cells[i]), None)
        if len(cells) > width or stray is not None:
            errors.append(_too_many(row, cells[places["lot"]], width, stray, file))
            continue
        others = {name: cells[place] for name, place in optional if cells[place]}
        taken = take(row.number, cells, places, others)
        raws += taken
        if not taken:
            notices.append(_no_result(row, cells[places["lot"]], file))
    return Table(tuple(raws), tuple(errors), tuple(notices))


def _long(number: int, cells: Sequence[str], places: Mapping[str, int], others: Mapping[str, str]) -> list[RawResult]:
    lot, subject, value, unit = (cells[places[name]] for name in REQUIRED)
    return [RawResult(number, lot, subject, value, unit, others=others)]


def _wide(columns: Mapping[int, WideColumn]) -> Callable[..., list[RawResult]]:
    def take(
        number: int, cells: Sequence[str], places: Mapping[str, int], others: Mapping[str, str]
    ) -> list[RawResult]:
        lot = cells[places["lot"]]
        return [
            RawResult(number, lot, column.subject, cells[place], column.unit, column.header, True, others)
            for place, column in columns.items()
            if cells[place]
        ]

    return take


def _strays(
    rows: Sequence[Row], places: Mapping[str, int], columns: Mapping[int, WideColumn], file: str, terms: Terms,
    own: OwnNames | None,
) -> tuple[list[RowError], list[Notice]]:  # fmt: skip
    """Columns that are not read: nearly known ones are errors of every lot, others a warning."""
    header, number = rows[0].cells, rows[0].number
    lots = dict.fromkeys(row.cells[places["lot"]] for row in rows[1:] if len(row.cells) > places["lot"])
    errors: list[RowError] = []
    notices: list[Notice] = []
    unread = [(i, name) for i, name in enumerate(header) if name and key_of(name) not in KNOWN and i not in columns]
    for place, name in unread:
        if own is not None and own.ignored(name):
            continue
        meant = nearly(name)
        belongs = not columns and wide_columns([name], terms)
        if meant or belongs:
            expected = f"{meant}, or a name unlike it" if meant else "one result a row, in the value column"
            message = (
                f"The column '{shown(name)}' is nearly '{meant}': name it so, or give it quite another name."
                if meant
                else f"The column '{shown(name)}' holds results beside the value column: give each its own row."
            )
            errors += [
                RowError(shown(lot) or None, file, number, shown(name), expected, shown(name), message) for lot in lots
            ]
        else:
            message = f"The column '{shown(name)}' is not known and was not read."
            if any(row.cells[place : place + 1] not in ((), ("",)) for row in rows[1:]):
                message += KEPT_WHOLE
            notices.append(Notice(None, file, number, "unknown-column", message))
            if columns and own is not None:
                own.leave_open(name, number)
    if columns and "comparator" in places:
        message = "In a wide table the comparator belongs to its value: print <0.5 in the cell, and drop the column."
        errors += [
            RowError(
                shown(lot) or None, file, number, "comparator", "no such column in a wide table", "comparator", message
            )
            for lot in lots
        ]
    return errors, notices


def _too_many(row: Row, lot: str, width: int, stray: int | None, file: str) -> RowError:
    said = f"{len(row.cells)} cells" if stray is None else f"'{shown(row.cells[stray])}' in a column without a name"
    return RowError(
        shown(lot) or None,
        file,
        row.number,
        None,
        f"at most {width} cells, each under a named column",
        said,
        "The row has more cells than the header has names: a decimal comma in a comma-separated table needs quotation "
        "marks around the value, or a decimal point.",
    )


def _no_result(row: Row, lot: str, file: str) -> Notice:
    message = f"The row of lot '{shown(lot)}' holds no result."
    return Notice(shown(lot) or None, file, row.number, "no-result", message)


def _without_result(file: str) -> Unreadable:
    return Unreadable(
        f"{file} holds no result.",
        expected="a header and at least one row with a result",
        found="no result",
        where=file,
        todo="Submit the file with its results, or not at all.",
    )
