"""Tables to raw results: which form a table has, and what of it is read, refused or told.

lot,characteristic,value,unit,stage
P-07,CD73,98.5,%,after thaw
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from registry.domain import Notice, NotRead, RowError
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data, refuse_people
from registry.intake.encoding import decode
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.rows import RawResult, shown
from registry.intake.tabular import transposed
from registry.intake.tabular.beside import Beside, Fault, Faults, refuse_header, with_comments, without_faults
from registry.intake.tabular.claims import Claims
from registry.intake.tabular.columns import (
    KNOWN,
    OPTIONAL,
    PROBLEM,
    REQUIRED,
    key_of,
    missing,
    nearly,
    no_result,
    positions,
    too_many,
    without_result,
)
from registry.intake.tabular.grid import Row, rows_of, separator_of
from registry.intake.tabular.headings import is_heading_of
from registry.intake.tabular.layout import Layout, layout_of, with_units
from registry.intake.tabular.strays import Strays
from registry.intake.tabular.wide import WideColumn, wide_columns
from registry.intake.values import unit_inside
from registry.intake.values.decimal_mark import decimal_comma
from registry.vocabulary import Terms

__all__ = ["Beside", "Fault", "Faults", "Table", "layout_in", "read_table", "table_of"]


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says: raw results in file order, the errors of its rows and columns, warnings, what is not read."""

    raws: tuple[RawResult, ...]
    errors: tuple[RowError, ...] = ()
    notices: tuple[Notice, ...] = ()
    not_read: tuple[NotRead, ...] = ()


@dataclass
class _Reading:
    """One table as it is being read."""

    file: str
    layout: Layout
    terms: Terms
    own: OwnNames | None
    beside: Beside
    claims: Claims
    errors: list[RowError] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    columns: Mapping[int, WideColumn] = field(default_factory=dict)


def read_table(data: bytes, file: str, terms: Terms, own: OwnNames | None = None) -> Table:
    """The raw results of a CSV or TSV file, long or wide. Patients' data are looked for before anything else."""
    text = decode(data, file)
    separator = separator_of(text)
    rows = rows_of(text, file, separator)
    refuse_patient_data(find_patient_data(pairs_of(rows, text)), file)
    return table_of(rows, file, terms, own=own, semicolons=separator == ";")


def layout_in(rows: Sequence[Row], terms: Terms, own: OwnNames | None = None) -> Layout:
    """Where the header of these rows stands, and what is around it."""
    return layout_of(rows, terms, lambda header: bool(wide_columns(header, terms, own)))


def table_alone(rows: Sequence[Row], terms: Terms) -> Sequence[Row]:
    """The rows without titles and remarks around the table, and with its units in the header."""
    layout = layout_in(rows, terms)
    if not (layout.above or layout.remarks or layout.units):
        return rows
    return [with_units(layout), *layout.body]


def table_of(
    rows: Sequence[Row], file: str, terms: Terms, beside: Beside | None = None, own: OwnNames | None = None,
    semicolons: bool = False,
) -> Table:  # fmt: skip
    """The raw results of rows of cells: long, wide, or with a lot in each column.

    ``beside`` is what a workbook says beside the text of its cells. ``own`` are the laboratory's names, for the headers
    of a wide table. ``semicolons`` part the cells of a file that most likely marks decimals with commas. Raises
    ``Unreadable`` when the rows are no panel table, or hold no result, and ``PatientData`` when a column is headed as
    a person's.
    """
    layout = layout_in(rows, terms, own)
    layout = replace(layout, header=with_units(layout))
    refuse_people([layout.header, *layout.body], file)
    beside = beside or Beside()
    refuse_header(layout.header, beside, file)
    reading = _Reading(file, layout, terms, own, beside, Claims(file, layout.header.number))
    table = _transposed(reading) if transposed.columns_of(layout.header.cells) else _upright(reading)
    comma = decimal_comma((raw.value for raw in table.raws), semicolons)
    raws = tuple(replace(raw, comma=comma) for raw in table.raws) if comma else table.raws
    return replace(table, raws=raws)


def _upright(reading: _Reading) -> Table:
    """A long or a wide table: a lot in each row."""
    header, body = reading.layout.header, _with_lots(reading)
    file, terms, own = reading.file, reading.terms, reading.own
    if reading.layout.lot:
        header = replace(header, cells=(*header.cells, "lot"))
    places = positions(header.cells, file)
    is_long = any(name in places for name in ("characteristic", "value", "unit"))
    absent = [name for name in (REQUIRED if is_long else ("lot",)) if name not in places]
    if absent == ["unit"] and any(
        unit_inside(row.cells[places["value"]]) for row in body if _has(row, places["value"])
    ):
        absent = []
    reading.columns = {} if is_long else wide_columns(header.cells, terms, own)
    if absent:
        printed = reading.layout.printed
        absent = ["lot"] if "lot" in absent and printed != header.cells else absent
        raise missing(file, printed, absent, _offer(reading), header.number)
    if not is_long and not reading.columns and not (own is not None and _unknown(header.cells)):
        raise missing(file, header.cells, ["with a result, such as CD73 (%)"], [], header.number)
    if not is_long and not reading.columns and own is not None:
        return _without_column([header, *body], places["lot"], file, own)
    return _read(reading, [header, *body], places, _long if is_long else _wide(reading.columns), is_long)


def _read(
    reading: _Reading,
    rows: Sequence[Row],
    places: Mapping[str, int],
    take: Callable[..., list[RawResult]],
    is_long: bool,
) -> Table:
    known = {name: place for name, place in places.items() if is_long or name != "comparator"}
    needed = {
        **{place: name for name, place in known.items() if name in KNOWN and name != PROBLEM},
        **{place: column.header for place, column in reading.columns.items()},
    }
    clean, broken = without_faults(rows, needed, places["lot"], reading.beside, reading.file)
    named = _with_lot_in_each(reading, clean, places["lot"])
    raws = _read_rows(reading, named, known, take)
    strays = Strays(reading.claims, reading.terms, reading.own, reading.columns, is_long)
    strays.look_through(clean, places, reading.layout, reading.beside)
    raws = with_comments(raws, reading.beside, rows[0].number, reading.columns, reading.claims)
    errors = [*broken, *reading.errors]
    if not raws and not errors:
        raise without_result(reading.file)
    return Table(
        tuple(raws),
        (*strays.errors, *reading.claims.errors, *errors),
        (*strays.notices, *reading.notices),
        tuple(reading.claims.not_read),
    )


def _transposed(reading: _Reading) -> Table:
    """A table with a lot in each column."""
    header, file = reading.layout.header, reading.file
    columns = transposed.columns_of(header.cells)
    assert columns is not None  # noqa: S101 - the caller asked
    if len({lot.casefold() for lot in columns.lots.values()}) < len(columns.lots):
        positions(header.cells, file)
    needed = {0: "characteristic", **columns.lots, **{place: name for name, place in columns.known.items()}}
    needed |= {columns.unit: "unit"} if columns.unit is not None else {}
    body, broken = without_faults(reading.layout.body, needed, None, reading.beside, file)
    raws = transposed.read_transposed(body, columns)
    strays = Strays(reading.claims, reading.terms, reading.own, {}, is_long=True)
    strays.columns_at(header.cells, body, columns.others, lambda _: "")
    strays.around(reading.layout, reading.beside)
    raws = with_comments(raws, reading.beside, header.number, {}, reading.claims)
    if not raws and not broken:
        raise without_result(file)
    errors = (*reading.claims.errors, *broken)
    return Table(tuple(raws), errors, tuple(strays.notices), tuple(reading.claims.not_read))


def _with_lots(reading: _Reading) -> list[Row]:
    """The rows below the header; with the lot that stands above the table, where no column holds it."""
    layout = reading.layout
    if not layout.lot:
        return list(layout.body)
    width = len(layout.header.cells)
    return [replace(row, cells=(*row.cells, *[""] * (width - len(row.cells)), layout.lot)) for row in layout.body]


def _with_lot_in_each(reading: _Reading, rows: Sequence[Row], lot: int) -> list[Row]:
    """The rows that name a lot; of several that name none, one error that says how to mend them all."""
    without = [row for row in rows[1:] if not _has(row, lot) and any(row.cells)]
    if len(without) < 2 or not any(_has(row, lot) for row in rows[1:]):
        return list(rows)
    numbers = ", ".join(str(row.number) for row in without[:12]) + (" …" if len(without) > 12 else "")
    message = f"Rows {numbers} name no lot, so nobody can tell whose they are: repeat the lot's identifier in each row."
    error = RowError(None, reading.file, without[0].number, "lot", "the lot in each row", "", message)
    reading.errors.append(error)
    return [row for row in rows if row not in without]


def _offer(reading: _Reading) -> list[str]:
    """What a table that names no lot may mean: its first column, unnamed, as FlowJo writes it."""
    header, body = reading.layout.header, reading.layout.body
    if header.cells[:1] == ("",) and any(_has(row, 0) for row in body):
        first = next(shown(row.cells[0]) for row in body if _has(row, 0))
        return [f"The first column has no name and holds '{first}': is it the lot? Then write lot in its first cell."]
    if is_heading_of(header.cells[0], "characteristic"):
        return ["Is each column a lot? Then head it with the lot's identifier, which has a digit in it."]
    return []


def _has(row: Row, place: int) -> bool:
    return len(row.cells) > place and row.cells[place] != ""


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
    expected, headings = "a column per characteristic with its unit, as CD73 (%)", shown(", ".join(unknown))
    errors = [RowError(shown(name) or None, file, number, None, expected, headings, message) for name in lots]
    if not errors:
        raise without_result(file)
    return Table((), tuple(errors))


def _read_rows(
    reading: _Reading, rows: Sequence[Row], places: Mapping[str, int], take: Callable[..., list[RawResult]]
) -> list[RawResult]:
    raws: list[RawResult] = []
    width = len(rows[0].cells)
    optional = [(name, places[name]) for name in OPTIONAL if name in places]
    for row in rows[1:]:
        cells = row.cells + ("",) * (width - len(row.cells))
        stray = next((i for i, name in enumerate(rows[0].cells) if not name and cells[i]), None)
        if len(cells) > width or stray is not None:
            reading.errors.append(too_many(row, cells[places["lot"]], width, stray, reading.file))
            continue
        others = {name: cells[place] for name, place in optional if cells[place]}
        taken = take(row.number, cells, places, others)
        raws += taken
        if not taken:
            _rowwithout_result(reading, row, cells[places["lot"]])
    return raws


def _rowwithout_result(reading: _Reading, row: Row, lot: str) -> None:
    """A notice; an error of every lot when the row says something against the results, such as a footnote."""
    spoken = [reading.claims.text(cell, row.number, None, None) for cell in row.cells if cell]
    if any(spoken):
        return
    reading.notices.append(no_result(row, lot, reading.file))
    reading.claims.tell_row(row)


def _long(number: int, cells: Sequence[str], places: Mapping[str, int], others: Mapping[str, str]) -> list[RawResult]:
    lot, subject, value, unit = (cells[places[name]] if name in places else "" for name in REQUIRED)
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
