"""A workbook's parts to its sheets: which there are, which texts and number formats they share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.errors import Unreadable
from registry.workbook.addresses import column_of, letters
from registry.workbook.archive import Archive, parse, unreadable
from registry.workbook.comments import comments_of, words
from registry.workbook.conditions import Span
from registry.workbook.drawings import drawings_of
from registry.workbook.formats import DATED, as_text, text_fault
from registry.workbook.sheet import Cell, Held, Row, Sheet, SheetParser
from registry.workbook.styles import Look, Styles, read_styles
from registry.workbook.texts import RAISED, STRUCK, UNSEEN, Text, shared_texts

MAX_CELLS = 500_000
MAX_SHEETS = 50
_BESIDE = re.compile(r"comment|^docProps/|/drawings/", re.IGNORECASE)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
OTHERWISE = (
    "a conditional format may show it otherwise than it is (another number, text or colour, or struck out): take the "
    "rule off the cell"
)
FORMULA = (
    "it holds a formula. Formulas are not evaluated, and what was last computed may be out of date: copy the cells and "
    "paste them as values"
)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets that hold something, in their order, hidden ones too; and whatever text stands beside the cells."""

    sheets: tuple[Sheet, ...]
    remarks: tuple[str, ...]


def read(data: bytes, file: str) -> Workbook:
    """What a workbook holds: its sheets, and its remarks (comments, headers and footers, properties, shared texts).

    Raises ``UnsupportedKind`` (an old, locked or macro workbook), ``TooLarge`` (from the zip directory, before anything
    is unpacked; or more than 500,000 cells), ``Unreadable`` (not a workbook), and nothing else, whatever the bytes.
    """
    archive = Archive(data, file)
    roots = [target for kind, target in archive.relations("").values() if kind == "officeDocument"]
    if len(roots) != 1:
        raise unreadable(file, "no workbook in the archive")
    book = _Book(archive, roots[0])
    sheets = tuple(sheet for sheet in book.sheets() if sheet.rows)
    return Workbook(sheets, tuple(book.remarks()))


class _Book:
    def __init__(self, archive: Archive, root: str) -> None:
        self._archive = archive
        self._root = root
        self._relations = archive.relations(root)
        parts = dict(self._relations.values())
        self._texts = shared_texts(archive, parts["sharedStrings"]) if "sharedStrings" in parts else []
        self._styles = read_styles(archive, parts["styles"]) if "styles" in parts else Styles()
        self._since_1904 = False
        self._budget = [MAX_CELLS]
        self._headers: list[str] = []

    def remarks(self) -> list[str]:
        """Text beside the cells: whoever opens the file can read it, so a patient's name may stand in it."""
        beside = [name for name in self._archive.names if name.endswith(".xml") and _BESIDE.search(name)]
        texts = [text.said for text in self._texts]
        return [*texts, *self._headers, *(text for name in beside for text in words(self._archive, name))]

    def sheets(self) -> list[Sheet]:
        listed: list[tuple[str, str, bool]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if name == "workbookPr":
                self._since_1904 = attributes.get("date1904", "").casefold() in {"1", "true", "on"}
            elif name == "sheet":
                hidden = attributes.get("state", "visible") != "visible"
                listed.append((attributes.get("name", "")[:100], attributes.get("id", ""), hidden))

        parse(self._archive.part(self._root), self._archive.file, start)
        if len(listed) > MAX_SHEETS:
            raise unreadable(self._archive.file, f"{len(listed)} sheets; at most {MAX_SHEETS} are read")
        return [self._sheet(*sheet) for sheet in listed]

    def _sheet(self, name: str, relation: str, hidden: bool) -> Sheet:
        kind, part = self._relations.get(relation, ("", ""))
        if kind == "chartsheet":
            return Sheet(name, (), hidden)
        if kind != "worksheet":
            raise Unreadable(
                f"The sheet '{name}' of {self._archive.file} is no sheet of cells.",
                expected="worksheets",
                found=kind or "a sheet without its part",
                where=self._archive.file,
                todo="Save the sheet of results alone, as an Excel workbook (.xlsx) or as CSV.",
            )
        parser = SheetParser(self._archive.file, self._cell, self._budget)
        parser.parse(self._archive.part(part))
        self._headers += parser.headers
        beside = self._archive.relations(part)
        rows = _with_comments(self._as_shown(parser), comments_of(self._archive, beside))
        drawn = drawings_of(self._archive, beside)
        banners = (*parser.headers, *drawn.texts)
        return Sheet(
            name, rows, hidden, parser.hidden_columns(), parser.merged_with_content(), banners, tuple(drawn.lines)
        )

    def _as_shown(self, parser: SheetParser) -> list[Row]:
        """The rows, less what a conditional format or a sheet's setting shows otherwise than it is."""
        spans = parser.conditions.spans(self._styles.conditional)
        if not spans and not parser.zeros_unseen:
            return parser.rows
        return [
            replace(row, cells={place: _conditioned(cell, row.number, place, spans, parser.zeros_unseen)
                                for place, cell in row.cells.items()})
            for row in parser.rows
        ]  # fmt: skip

    def _cell(self, held: Held) -> Cell | None:
        value = "".join(held.value)
        if held.formula:
            return Cell(value[:200], FORMULA)
        cells = self._styles.cells
        look = cells[held.style] if held.style < len(cells) else Look("" if held.style else "General")
        cell = self._read(held, value, look)
        if cell is None or not (cell.fault or cell.text.strip()):
            return None
        fault = cell.fault or _fault(look)
        return replace(cell, fault=fault) if fault != cell.fault else cell

    def _read(self, held: Held, value: str, look: Look) -> Cell | None:
        if held.kind == "inlineStr":
            text = held.runs.finished()
            return self._text(text if text.said else Text(value), look)
        if not value.strip():
            return None
        match held.kind:
            case "n":
                return as_text(value, look.code, since_1904=self._since_1904)
            case "s":
                place = int(value) if value.isascii() and value.isdigit() and len(value) < 9 else len(self._texts)
                known = place < len(self._texts)
                return (
                    self._text(self._texts[place], look)
                    if known
                    else Cell("", "it refers to a text that is not in the workbook")
                )
            case "b":
                return Cell("TRUE" if value.strip() == "1" else "FALSE")
            case "str":
                return self._text(Text(value), look)
            case "e":
                return Cell(value.strip())
            case "d":
                return Cell(value.strip(), not_a_name=DATED)
        return Cell(value[:200], f"its type '{held.kind[:20]}' is not known")

    @staticmethod
    def _text(text: Text, look: Look) -> Cell:
        return Cell(
            text.said.strip(), text.fault or (UNSEEN if text.pale and not look.filled else text_fault(look.code))
        )


def _fault(look: Look) -> str:
    """Why a cell of this look cannot be read; empty when it can."""
    if look.struck or look.crossed:
        return STRUCK
    if look.repeated:
        return "its alignment repeats what it holds across the cell: align it left or right"
    if look.called:
        return (
            f"its cell style is called '{look.called}', which speaks against it: take the style off, or the result out"
        )
    return RAISED if look.raised else UNSEEN if look.unseen else ""


def _conditioned(cell: Cell, row: int, place: int, spans: Sequence[Span], zeros_unseen: bool) -> Cell:
    if not cell.fault and any(span.holds(row, place) for span in spans):
        return replace(cell, fault=OTHERWISE)
    if not cell.fault and zeros_unseen and _is_zero(cell.text):
        return replace(cell, fault="the sheet is set to show zeros as nothing")
    return cell


def _is_zero(text: str) -> bool:
    return any(sign == "0" for sign in text) and not any(sign in "123456789" for sign in text)


def _with_comments(rows: Sequence[Row], comments: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows with what was written at their cells; a comment at an empty cell makes it one that holds nothing."""
    if not comments:
        return tuple(rows)
    by_number = {row.number: row for row in rows}
    for address, comment in comments.items():
        at = _ADDRESS.fullmatch(address)
        number, place = (int(at.group(2)), column_of(at.group(1))) if at else (1, 0)
        row = by_number.get(number, Row(number, {}))
        cell = replace(row.cells.get(place, Cell("")), comment=f"{letters(place)}{number}: {comment}")
        by_number[number] = replace(row, cells={**row.cells, place: cell})
    return tuple(by_number[number] for number in sorted(by_number))
