"""Excel workbooks to raw results: every sheet that holds something is a panel table, and all of them are one file.

A cell is read as it was shown: 0.955 under the format 0.0% is 95.5%. What a person would not have seen as it is (a
hidden sheet, row or column, a formula, a format that shows another value) is refused by name. A lot that stands once
in merged cells is the lot of each of their rows; other merged cells below the header are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from registry import workbook
from registry.domain import Notice
from registry.errors import TooLarge, Unreadable
from registry.intake.checks.invalid_words import invalid_in
from registry.intake.checks.patient_data import find_patient_data, pairs_of, refuse_patient_data
from registry.intake.names.laboratory_names import OwnNames
from registry.intake.rows import shown
from registry.intake.tabular.beside import WHOLE_ROW, Beside, Fault, Faults
from registry.intake.tabular.claims import Claims
from registry.intake.tabular.grid import MAX_CELL, MAX_COLUMNS, MAX_ROWS, Row
from registry.intake.tabular.merged import filled, merges_of
from registry.intake.tabular.tables import Table, layout_in, table_of
from registry.vocabulary import Terms
from registry.workbook.addresses import letters


def read_workbook(data: bytes, file: str, terms: Terms, own: OwnNames | None = None) -> list[tuple[str, Table]]:
    """(name, raw results) of each sheet. With one sheet the name is the file's, with several ``panel.xlsx#Sheet1``.
    ``own`` are the laboratory's names, for the headers of wide tables.

    Raises ``UnsupportedKind``, ``TooLarge``, ``Unreadable`` or ``PatientData`` for the file as a whole.
    """
    book = workbook.read(data, file)
    if not book.sheets:
        raise Unreadable(f"{file} is empty.", expected="a header and at least one result", found="nothing", where=file)
    names = _names(book, file)
    pages = [_page(sheet, name) for sheet, name in zip(book.sheets, names, strict=True)]
    asked = {name: count for page in pages for name, count in _asked(page.rows).items()}
    refuse_patient_data(asked | find_patient_data(_answers(book.remarks)), file)
    for sheet, name in zip(book.sheets, names, strict=True):
        _refuse_unseen(sheet, name)
    read = [page for page in pages if len(page.rows) > 1] or pages
    return [(page.name, _table(page, terms, own) if page in read else _passed_over(page)) for page in pages]


def plain_rows(data: bytes, file: str) -> list[tuple[str, list[Row]]]:
    """(name, rows of text) of each sheet, named as in ``read_workbook``, whatever is wrong with them."""
    book = workbook.read(data, file)
    return [(name, _page(sheet, name).rows) for name, sheet in zip(_names(book, file), book.sheets, strict=True)]


def only_table(data: bytes, file: str) -> tuple[list[Row], Faults, Faults]:
    """The rows of a workbook whose one table is no table of panels; by row number and place what cannot be read; and
    what is no name, which is no fault in a column of values or dates. A cell that shows other than it holds is a fault.

    Raises as ``read_workbook``, and Unreadable for a second sheet that holds something, for merged cells, and for
    comments and texts that lie over the cells: what stands beside a number is not set aside by nobody.
    """
    book = workbook.read(data, file)
    pages = [_page(sheet, file) for sheet in book.sheets]
    asked = {name: count for page in pages for name, count in _asked(page.rows).items()}
    refuse_patient_data(asked | find_patient_data(_answers(book.remarks)), file)
    if len(pages) != 1:
        raise Unreadable(
            f"{file} holds {len(pages)} sheets that are filled in: which of them is meant?",
            expected="one sheet", found=", ".join(shown(page.sheet.name) for page in pages) or "none", where=file,
            todo="Leave the one sheet, and save the others as files of their own.",
        )  # fmt: skip
    (page,) = pages
    _refuse_unseen(page.sheet, file)
    beside = [*page.sheet.merged, *page.comments.values(), *page.sheet.banners]
    if beside:
        raise Unreadable(
            f"{file} says something beside its cells, which nobody would read.",
            expected="a plain table, without merged cells, comments, boxes, headers and footers",
            found=", ".join(map(shown, beside[:20])), where=file, todo="Take it out, or write it into a column.",
        )  # fmt: skip
    rounded = {
        (notice.row or 0, WHOLE_ROW): Fault("a cell that shows what it holds", "", notice.message)
        for notice in page.notices
    }
    return page.rows, {**rounded, **page.faults}, page.not_names


def _names(book: workbook.Workbook, file: str) -> list[str]:
    return [file if len(book.sheets) == 1 else f"{file}#{shown(sheet.name)}" for sheet in book.sheets]


@dataclass
class _Page:
    """A sheet as rows of text, what is said beside them, and notices of cells whose format rounds them."""

    name: str
    sheet: workbook.Sheet
    rows: list[Row] = field(default_factory=list)
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    not_names: dict[tuple[int, int], Fault] = field(default_factory=dict)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def add(self, number: int, place: int, cell: workbook.Cell) -> None:
        """Whatever is to be said of a cell beside its text."""
        where = f"{letters(place)}{number}"
        if cell.comment:
            self.comments[number, place] = cell.comment
        if cell.fault:
            message = f"Cell {where} cannot be read: {cell.fault}."
            self.faults[number, place] = Fault(
                "a value typed in", shown(cell.text or "nothing readable"), message, where, cell.fault
            )
            return
        if cell.not_a_name:
            message = f"Cell {where} cannot be read: {cell.not_a_name}."
            self.not_names[number, place] = Fault(
                "a name typed in as text", shown(cell.shown or cell.text), message, where, cell.not_a_name
            )
        if cell.shown:
            message = f"Cell {where} shows {shown(cell.shown)} and holds {shown(cell.text)}: what it holds was read."
            self.notices.append(Notice(None, self.name, number, "shown-rounded", message))


def _page(sheet: workbook.Sheet, name: str) -> _Page:
    page = _Page(name, sheet)
    for row in sheet.rows:
        _check_size(row, name)
        cells = [""] * (max(row.cells) + 1)
        for place, cell in row.cells.items():
            cells[place] = cell.text.strip()
            page.add(row.number, place, cell)
        if row.hidden:
            message = "The row is hidden: show it, or delete it if it is not meant."
            page.faults[row.number, WHOLE_ROW] = Fault("rows that are shown", "a hidden row", message)
        elif any(first <= row.number <= last for first, last in sheet.lines):
            message = "A line is drawn over the row, as if to strike it out: take the line away, or the row out."
            page.faults[row.number, WHOLE_ROW] = Fault("rows with nothing drawn over them", "a line", message)
        if any(cells) or row.hidden or any(number == row.number for number, _ in page.faults):
            page.rows.append(Row(row.number, tuple(cells)))
    return page


def _table(page: _Page, terms: Terms, own: OwnNames | None) -> Table:
    rows = page.rows
    merges = merges_of(page.sheet.merged)
    if merges:
        header = layout_in(rows, terms, own).header
        rows = filled(rows, merges, header, page.sheet.name, page.name)
    banners = (page.sheet.name, *page.sheet.banners) if invalid_in(page.sheet.name) else page.sheet.banners
    beside = Beside(page.faults, page.not_names, page.comments, banners)
    table = table_of(rows, page.name, terms, beside, own)
    return replace(table, notices=(*table.notices, *page.notices))


def _passed_over(page: _Page) -> Table:
    """A sheet of one row beside others that hold tables: its row is told, or speaks against the results."""
    claims = Claims(page.name, 1)
    for text in (page.sheet.name, *page.sheet.banners, *page.comments.values()):
        claims.text(text, None, None, None)
    claims.above(page.rows, lambda _: "")
    return Table((), tuple(claims.errors), (), tuple(claims.not_read))


def _asked(rows: Sequence[Row]) -> dict[str, int]:
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
    )
    for what, unseen_parts, todo in unseen:
        if unseen_parts:
            raise Unreadable(
                f"The sheet '{shown(sheet.name)}' {what}.",
                expected="a plain table, all of it shown",
                found=", ".join(map(shown, unseen_parts[:20])),
                where=name,
                todo=todo,
            )
