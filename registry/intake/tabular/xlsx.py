"""Excel workbooks to raw results: every sheet that holds something is a panel table, and all of them are one file.

A cell is read as it was shown: 0.955 under the format 0.0% is 95.5%. What a person would not have seen as it is (a
hidden sheet, row or column, merged cells, a formula, a format that shows another value) is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from registry import workbook
from registry.domain import Notice
from registry.errors import TooLarge, Unreadable
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.rows import shown
from registry.intake.tabular.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row
from registry.intake.tabular.tables import WHOLE_ROW, Fault, Faults, Table, table_of
from registry.vocabulary import Terms
from registry.workbook.sheet import letters


def read_workbook(data: bytes, file: str, terms: Terms, own: OwnNames | None = None) -> list[tuple[str, Table]]:
    """(name, raw results) of each sheet. With one sheet the name is the file's, with several ``panel.xlsx#Sheet1``.
    ``own`` are the laboratory's names, for the headers of wide tables.

    Raises ``UnsupportedKind``, ``TooLarge``, ``Unreadable`` or ``PatientData`` for the file as a whole.
    """
    book = workbook.read(data, file)
    if not book.sheets:
        raise Unreadable(f"{file} is empty.", expected="a header and at least one result", found="nothing", where=file)
    names = _names(book, file)
    pages = [rows_of(sheet, name) for sheet, name in zip(book.sheets, names, strict=True)]
    asked = {name: count for page in pages for name, count in _asked(page).items()}
    refuse_patient_data(asked | find_patient_data(_answers(book.remarks)), file)
    for sheet, name in zip(book.sheets, names, strict=True):
        _refuse_unseen(sheet, name)
    if len(pages) > 1:
        filled = [len(page) > 1 for page, _, _ in pages]
        pages = [page for page, has in zip(pages, filled, strict=True) if has or not any(filled)]
        names = [name for name, has in zip(names, filled, strict=True) if has or not any(filled)]
    return [(name, _table(page, faults, notices, name, terms, own))
            for name, (page, faults, notices) in zip(names, pages, strict=True)]  # fmt: skip


def plain_rows(data: bytes, file: str) -> list[tuple[str, list[Row]]]:
    """(name, rows of text) of each sheet, named as in ``read_workbook``, whatever is wrong with them."""
    book = workbook.read(data, file)
    return [(name, rows_of(sheet, name)[0]) for name, sheet in zip(_names(book, file), book.sheets, strict=True)]


def _names(book: workbook.Workbook, file: str) -> list[str]:
    return [file if len(book.sheets) == 1 else f"{file}#{shown(sheet.name)}" for sheet in book.sheets]


def rows_of(sheet: workbook.Sheet, name: str) -> tuple[list[Row], Faults, list[Notice]]:
    """A sheet as rows of text, the cells that cannot be read, and notices of cells whose format rounds them."""
    rows: list[Row] = []
    faults: dict[tuple[int, int], Fault] = {}
    notices: list[Notice] = []
    for row in sheet.rows:
        _check_size(row, name)
        cells = [""] * (max(row.cells) + 1)
        for place, cell in row.cells.items():
            cells[place] = cell.text.strip()
            where = f"{letters(place)}{row.number}"
            if cell.fault:
                found = cell.text or "nothing readable"
                faults[row.number, place] = Fault(
                    "a value typed in", shown(found), f"Cell {where} cannot be read: {cell.fault}."
                )
            elif cell.shown:
                message = (
                    f"Cell {where} shows {shown(cell.shown)} and holds {shown(cell.text)}: what it holds was read."
                )
                notices.append(Notice(None, name, row.number, "shown-rounded", message))
        if row.hidden:
            message = "The row is hidden: show it, or delete it if it is not meant."
            faults[row.number, WHOLE_ROW] = Fault("rows that are shown", "a hidden row", message)
        rows.append(Row(row.number, tuple(cells)))
    return rows, faults, notices


def _table(
    rows: Sequence[Row], faults: Faults, notices: Sequence[Notice], name: str, terms: Terms, own: OwnNames | None
) -> Table:
    broken = next((fault for (number, _), fault in faults.items() if number == rows[0].number), None)
    if broken is not None:
        raise Unreadable(
            f"The header of {name} cannot be read. {broken.message}",
            expected="column names typed in, in a row that is shown",
            found=broken.found,
            where=f"{name}, row {rows[0].number}",
        )
    table = table_of(rows, name, terms, faults, own)
    return replace(table, notices=(*table.notices, *notices))


def _asked(page: tuple[list[Row], Faults, list[Notice]]) -> dict[str, int]:
    rows = page[0]
    return find_patient_data(pairs_of(rows, "\n".join(cell for row in rows for cell in row.cells)))


def _answers(remarks: Iterable[str]) -> Iterator[tuple[str, str]]:
    for remark in remarks:
        for line in remark.splitlines():
            name, mark, answer = line.partition(":")
            if mark:
                yield name, answer


def _check_size(row: workbook.Row, name: str) -> None:
    longest = max((len(cell.text) for cell in row.cells.values()), default=0)
    wide = max(row.cells) + 1
    if row.number > MAX_ROWS + 1 or wide > MAX_COLUMNS or longest > MAX_CELL:
        raise TooLarge(
            f"{name} is larger than a panel table.",
            expected=f"at most {MAX_ROWS:,} rows, {MAX_COLUMNS} columns, {MAX_CELL:,} characters in a cell",
            found=f"row {row.number} with {wide} columns and a cell of {longest:,} characters",
            where=name,
            todo="Delete what stands far out on the sheet, or split the file.",
        )


def _refuse_unseen(sheet: workbook.Sheet, name: str) -> None:
    """A person who looked at the sheet did not see these, or saw them where they are not."""
    unseen = (
        ("is hidden and holds something", ["the whole sheet"] if sheet.hidden else [], "Show the sheet, or delete it."),
        ("has hidden columns that hold something", list(sheet.hidden_columns), "Show these columns, or delete them."),
        (
            "has merged cells",
            list(sheet.merged),
            "Unmerge them, and print the value in every row that it is meant for.",
        ),
    )
    for what, found, todo in unseen:
        if found:
            raise Unreadable(
                f"The sheet '{shown(sheet.name)}' {what}.",
                expected="a plain table, all of it shown",
                found=", ".join(map(shown, found[:20])),
                where=name,
                todo=todo,
            )
