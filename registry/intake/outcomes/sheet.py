"""Bytes of a table of outcomes to rows of text: CSV and TSV, and workbooks as the reader of panels shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from registry.errors import TooLarge, Unreadable, UnsupportedKind
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data, refuse_people
from registry.intake.encoding import decode
from registry.intake.outcomes.columns import places_of
from registry.intake.tabular import xlsx
from registry.intake.tabular.beside import Faults
from registry.intake.tabular.grid import Row, rows_of, separator_of
from registry.intake.values.decimal_mark import decimal_comma

MAX_BYTES = 10_000_000
TEXTS = (".csv", ".tsv", ".tab", ".txt")
TABLES = (*TEXTS, ".xlsx")
VALUES = frozenset({"value", "visit", "grade", "date", "started", "ended"})
"""Columns that hold numbers and dates; in any other a date was something else when it was typed."""


@dataclass(frozen=True, slots=True)
class OutcomeSheet:
    """The header, the rows below it, where each known column stands, and whether values hold a decimal comma.

    ``faults`` are the cells of a workbook that cannot be read as they were shown, by row number and place.
    """

    header: Row
    body: tuple[Row, ...]
    places: Mapping[str, int]
    comma: bool
    faults: Faults


def sheet_of(file: str, data: bytes) -> OutcomeSheet:
    """The table as rows of text.

    Raises UnsupportedKind, TooLarge or Unreadable for the file as a whole, and PatientData when it holds a person's.
    """
    if not file.lower().endswith(TABLES):
        raise UnsupportedKind(
            f"{file} is a kind of file that outcomes are not read from.",
            expected=", ".join(TABLES), found=file.rpartition(".")[2], where=file,
            todo="Save the sheet as CSV (UTF-8) and submit that.",
        )  # fmt: skip
    if len(data) > MAX_BYTES:
        raise TooLarge(
            f"{file} is too large.", expected=f"at most {MAX_BYTES:,} bytes", found=f"{len(data):,} bytes", where=file
        )
    rows, faults, not_names, semicolons = _rows(file, data)
    if not rows:
        raise Unreadable(f"{file} is empty.", expected="a header and at least one row", found="nothing", where=file)
    refuse_people(rows, file)
    header, body = rows[0], tuple(rows[1:])
    places = places_of(header.cells, file, header.number)
    if not body:
        raise Unreadable(f"{file} holds no outcome.", expected="a header and at least one row", found="no row")
    admitted = {place for name, place in places.items() if name in VALUES}
    faults = {**{at: fault for at, fault in not_names.items() if at[1] not in admitted}, **faults}
    broken = next((fault for (number, _place), fault in faults.items() if number == header.number), None)
    if broken is not None:
        raise Unreadable(f"The header of {file} cannot be read. {broken.message}", expected=broken.expected, where=file)
    values = (row.cells[places["value"]] for row in body if len(row.cells) > places["value"])
    return OutcomeSheet(header, body, places, decimal_comma(values, semicolons), faults)


def _rows(file: str, data: bytes) -> tuple[list[Row], Faults, Faults, bool]:
    if file.lower().endswith(".xlsx"):
        return (*xlsx.only_table(data, file), False)
    text = decode(data, file)
    rows = rows_of(text, file)
    refuse_patient_data(find_patient_data(pairs_of(rows, text)), file)
    return rows, {}, {}, separator_of(text) == ";"
