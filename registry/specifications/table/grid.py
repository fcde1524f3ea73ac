"""Tables of rows and columns: CSV with comma, semicolon or tab, and an XLSX workbook of one sheet.

First the facts, one a row (name, value); then a row that begins with ``id`` and names the columns; then the criteria.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from registry import workbook
from registry.csv_text import as_written, csv_text
from registry.errors import TooLarge, Unreadable
from registry.specifications.table.sheet import COLUMNS, FACTS, MAX_CELL, MAX_ROWS, Cell, Collector, Sheet

MAX_COLUMNS = 60


def read_csv(name: str, data: bytes) -> Sheet:
    """A CSV file in UTF-8, with or without a byte order mark. Raises Unreadable, TooLarge, Misread."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("The table is not UTF-8.", expected="CSV in UTF-8", found=str(error), where=name) from error
    first = text[:2000].lstrip().casefold()
    delimiter = next((sign for sign in ",;\t" if first.startswith("specification" + sign)), ",")
    try:
        rows = [
            [as_written(cell.strip()) for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise Unreadable("The table is not CSV.", expected="CSV in UTF-8", found=str(error), where=name) from error
    return _sheet(Collector(name), rows)


def _sheet(collector: Collector, grid: Sequence[Sequence[str]]) -> Sheet:
    """The facts, then the criteria below the row that begins with ``id``."""
    if len(grid) > MAX_ROWS:
        raise TooLarge("The table is too long.", expected=f"at most {MAX_ROWS} rows", found=str(len(grid)))
    columns: list[str | None] | None = None
    for number, row in enumerate(grid, start=1):
        if not any(row):
            continue
        if any(len(cell) > MAX_CELL for cell in row):
            collector.wrong(
                number, None, f"at most {MAX_CELL} signs in a cell", "a longer text", "The cell is too long."
            )
        elif columns is None and row[0].casefold() == COLUMNS[0]:
            columns = collector.columns(row, number)
        elif columns is None:
            _fact(collector, row, number)
        else:
            _criterion(collector, columns, row, number)
    return collector.sheet()


def _fact(collector: Collector, row: Sequence[str], number: int) -> None:
    value, justification = (*row[1:], "", "")[:2]
    beyond = [cell for cell in row[3:] if cell]
    if beyond:
        collector.wrong(
            number, None, "a name and its value", beyond[0], "A text with a comma stands in quotation marks."
        )
    collector.fact(row[0], Cell(value, number), justification)


def _criterion(collector: Collector, columns: Sequence[str | None], row: Sequence[str], number: int) -> None:
    cells: dict[str, Cell] = {}
    for place, text in enumerate(row):
        name = columns[place] if place < len(columns) else None
        if text and name is None:
            collector.wrong(
                number, None, "a cell under a named column", text, "A text with a comma stands in quotation marks."
            )
        elif text and name is not None:
            cells[name] = Cell(text, number)
    collector.rows.append(cells)


def write_csv(sheet: Sheet) -> bytes:
    """The table as CSV with commas, in UTF-8."""
    return csv_text(_grid(sheet), end="\n").encode("utf-8")


def _grid(sheet: Sheet) -> Iterator[list[str]]:
    for name in FACTS:
        if name in sheet.facts:
            yield [name, sheet.facts[name].text]
    for marker, justification in sheet.omissions:
        yield ["leaves out", marker.text, justification.text]
    yield []
    columns = [name for name in COLUMNS if any(name in row for row in sheet.rows)]
    yield columns
    for row in sheet.rows:
        yield [row[name].text if name in row else "" for name in columns]


def read_xlsx(name: str, data: bytes) -> Sheet:
    """A workbook of one sheet. No formula is evaluated, and what a person would not see is an error.

    Raises Unreadable and its kinds as ``registry.workbook``, Misread.
    """
    sheets = workbook.read(data, name).sheets
    collector = Collector(name)
    if len(sheets) != 1:
        names = ", ".join(sheet.name for sheet in sheets)[:200]
        raise Unreadable(
            "A specification is read from a workbook with one sheet.",
            expected="one sheet that holds something",
            found=f"{len(sheets)} sheets that hold something: {names}" if sheets else "no sheet that holds something",
            where=name,
            todo="Leave the sheet with the specification and delete the others, or save that sheet alone as CSV.",
        )
    sheet = sheets[0]
    for what in (*sheet.merged, *sheet.hidden_columns, *(["the sheet"] if sheet.hidden else [])):
        collector.wrong(None, what, "cells that are seen where they are", what, "Hidden or merged cells are not read.")
    grid: list[list[str]] = []
    for row in sheet.rows:
        if row.number > MAX_ROWS:
            raise TooLarge("The table is too long.", expected=f"at most {MAX_ROWS} rows", found=f"row {row.number}")
        grid += [[] for _ in range(row.number - 1 - len(grid))]
        if row.hidden:
            collector.wrong(row.number, None, "rows that are seen", "a hidden row", "Show the row, or delete it.")
        width = min(max(row.cells, default=-1) + 1, MAX_COLUMNS)
        grid.append([_text(collector, row.cells.get(place), row.number) for place in range(width)])
    return _sheet(collector, grid)


def _text(collector: Collector, cell: workbook.Cell | None, number: int) -> str:
    if cell is None:
        return ""
    if cell.fault or cell.shown:
        why = cell.fault or f"it is shown as {cell.shown}: write out what is meant"
        collector.wrong(number, None, "a text or a plain number", cell.text, f"The cell cannot be read: {why}.")
        return ""
    return cell.text.replace("\r\n", "\n").strip()


def write_xlsx(sheet: Sheet) -> bytes:
    """The table as a workbook of one sheet, every cell a text. Raises Unreadable for text that no workbook holds."""
    grid = list(_grid(sheet))
    for text in (text for row in grid for text in row):
        if any(sign not in "\n\t" and not sign.isprintable() for sign in text):
            raise Unreadable("A workbook cannot hold control characters.", expected="printable text",
                             found=repr(text)[:100], where=sheet.file)  # fmt: skip
    return workbook.write([("specification", grid)])
