"""Delimited text to numbered rows of cells, within limits.

Rows are counted as a spreadsheet shows them: a blank line is a row, a quoted cell that holds line breaks is one row.
Excel's ``sep=;`` line is an instruction and no row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.csv_text import as_written
from registry.errors import TooLarge, Unreadable
from registry.intake.tabular.columns import KNOWN, key_of
from registry.intake.tabular.headings import named

MAX_ROWS = 100_000
MAX_COLUMNS = 500
MAX_CELL = 10_000
_HEADS = 20
_DELIMITERS = (",", ";", "\t")
_EXCEL_SEPARATOR = re.compile(r'"?sep=(?P<mark>[,;\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number, and its cells without the spaces around them."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """True when no cell holds anything."""
        return not any(self.cells)


def rows_of(text: str, file: str, separator: str = "") -> list[Row]:
    """Every row that is not blank; the first is the header. Raises ``TooLarge`` or ``Unreadable``.

    ``separator`` is what ``separator_of`` says of the text, where the caller has asked already.
    """
    text, mark = _parted(text, separator)
    rows: list[Row] = []
    number = 0
    try:
        for number, cells in enumerate(_reader(text, mark), start=1):
            _check_size(number, cells, file)
            row = Row(number, tuple(as_written(cell.strip()) for cell in cells))
            if not row.is_blank:
                rows.append(row)
    except csv.Error as error:
        raise _broken(error, number + 1, file) from None
    if not rows:
        raise Unreadable(f"{file} is empty.", expected="a header and at least one result", found="nothing", where=file)
    return rows


def separator_of(text: str) -> str:
    """The mark that parts the cells of a row: comma, semicolon or tab."""
    return _parted(text)[1]


def _parted(text: str, separator: str = "") -> tuple[str, str]:
    """The text without Excel's own line, and its separator."""
    own = _EXCEL_SEPARATOR.match(text)
    return (text[own.end() :], own.group("mark")) if own else (text, separator or _delimiter(text))


def _reader(text: str, mark: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)


def _delimiter(text: str) -> str:
    """The mark under which the first rows hold a header with most known columns, else most columns."""

    def score(mark: str) -> tuple[int, int, int]:
        heads = _first_rows(text, mark) or [[]]
        known = max(sum(key_of(name) in KNOWN for name in named(head)) for head in heads)
        return known, len(heads[0]), max(map(len, heads))

    # Marks that the text does not hold part it alike: the first of them stands for all.
    absent = [mark for mark in _DELIMITERS if mark not in text]
    return max((mark for mark in _DELIMITERS if mark not in absent[1:]), key=score)


def _first_rows(text: str, mark: str) -> list[list[str]]:
    """The first rows that hold something: titles may stand above the header."""
    heads: list[list[str]] = []
    try:
        for number, cells in enumerate(_reader(text, mark)):
            if any(cell.strip() for cell in cells):
                heads.append(cells[:MAX_COLUMNS])
            if len(heads) >= _HEADS or number >= MAX_ROWS:
                break
    except csv.Error:
        return heads
    return heads


def _check_size(number: int, cells: list[str], file: str) -> None:
    longest = max(map(len, cells), default=0)
    if number > MAX_ROWS + 1:
        raise _too_large(f"more than {MAX_ROWS:,} rows", f"at most {MAX_ROWS:,} rows", file)
    if len(cells) > MAX_COLUMNS:
        raise _too_large(f"{len(cells)} cells in row {number}", f"at most {MAX_COLUMNS} columns", file)
    if longest > MAX_CELL:
        raise _too_large(f"a cell of {longest:,} characters in row {number}", f"at most {MAX_CELL:,} in a cell", file)


def _too_large(found: str, expected: str, file: str) -> TooLarge:
    return TooLarge(
        f"{file} is larger than a panel table.", expected=expected, found=found, where=file, todo="Split the file."
    )


def _broken(error: csv.Error, number: int, file: str) -> Unreadable:
    if "field limit" in str(error):
        return _too_large(f"a cell without end in row {number}", f"at most {MAX_CELL:,} characters in a cell", file)
    return Unreadable(
        f"{file} breaks off inside quotation marks, or has one in the middle of a cell.",
        expected='cells quoted as "…", with "" for a quotation mark inside',
        found=str(error),
        where=f"{file}, row {number} or after it",
        todo="Export the table again, or close the quotation mark.",
    )
