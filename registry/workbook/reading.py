"""A workbook's parts to its sheets: which there are, which texts and number formats they share."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry.errors import Unreadable
from registry.workbook.archive import Archive, parse, unreadable
from registry.workbook.formats import as_text
from registry.workbook.sheet import Cell, Held, Sheet, SheetParser

MAX_CELLS = 500_000
MAX_SHEETS = 50
_BESIDE = re.compile(r"comment|^docProps/|/drawings/", re.IGNORECASE)
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


def _words(archive: Archive, part: str) -> list[str]:
    found: list[str] = []
    parse(archive.part(part), archive.file, lambda *_: None, None, found.append)
    return found


def _texts(archive: Archive, part: str) -> list[str]:
    """The shared strings, without their phonetic readings."""
    found: list[list[str]] = []
    state = {"text": 0, "phonetic": 0}

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            found.append([])
        state["text"] += name == "t"
        state["phonetic"] += name == "rPh"

    def end(name: str) -> None:
        state["text"] -= name == "t"
        state["phonetic"] -= name == "rPh"

    def text(said: str) -> None:
        if state["text"] and not state["phonetic"] and found:
            found[-1].append(said)

    parse(archive.part(part), archive.file, start, end, text)
    return ["".join(pieces) for pieces in found]


def _formats(archive: Archive, part: str) -> list[str]:
    """The number format of each cell style."""
    own: dict[str, str] = {}
    styles: list[str] = []
    inside: list[str] = []

    def start(name: str, said: dict[str, str]) -> None:
        if name == "numFmt":
            own[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif name == "xf" and inside and inside[-1] == "cellXfs":
            styles.append(said.get("numFmtId", "0"))
        inside.append(name)

    parse(archive.part(part), archive.file, start, lambda _: inside.pop())
    return [own.get(one) or _builtin(one) for one in styles]


def _builtin(number: str) -> str:
    """A format that every program knows by its number; the numbers without a meaning here are refused with the cell."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    known = BUILTIN_FORMATS.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else None
    return known if known is not None else f"number format {number[:8]}"


class _Book:
    def __init__(self, archive: Archive, root: str) -> None:
        self._archive = archive
        self._root = root
        self._relations = archive.relations(root)
        parts = dict(self._relations.values())
        self._texts = _texts(archive, parts["sharedStrings"]) if "sharedStrings" in parts else []
        self._formats = _formats(archive, parts["styles"]) if "styles" in parts else []
        self._since_1904 = False
        self._budget = [MAX_CELLS]
        self._headers: list[str] = []

    def remarks(self) -> list[str]:
        """Text beside the cells: whoever opens the file can read it, so a patient's name may stand in it."""
        beside = [name for name in self._archive.names if name.endswith(".xml") and _BESIDE.search(name)]
        return [*self._texts, *self._headers, *(text for name in beside for text in _words(self._archive, name))]

    def sheets(self) -> list[Sheet]:
        listed: list[tuple[str, str, bool]] = []

        def start(name: str, said: dict[str, str]) -> None:
            if name == "workbookPr":
                self._since_1904 = said.get("date1904", "").casefold() in {"1", "true", "on"}
            elif name == "sheet":
                hidden = said.get("state", "visible") != "visible"
                listed.append((said.get("name", "")[:100], said.get("id", ""), hidden))

        parse(self._archive.part(self._root), self._archive.file, start)
        if len(listed) > MAX_SHEETS:
            raise unreadable(self._archive.file, f"{len(listed)} sheets; at most {MAX_SHEETS} are read")
        return [self._sheet(*one) for one in listed]

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
        return Sheet(name, tuple(parser.rows), hidden, parser.hidden_columns(), parser.merged_with_content())

    def _cell(self, held: Held) -> Cell | None:
        said = "".join(held.value)
        if held.formula:
            return Cell(said[:200], FORMULA)
        cell = self._said(held, said) if said.strip() else None
        return cell if cell is not None and (cell.fault or cell.text.strip()) else None

    def _said(self, held: Held, said: str) -> Cell:
        match held.kind:
            case "n":
                code = self._formats[held.style] if held.style < len(self._formats) else ""
                return as_text(said, code, since_1904=self._since_1904)
            case "s":
                place = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else len(self._texts)
                known = place < len(self._texts)
                return (
                    Cell(self._texts[place]) if known else Cell("", "it refers to a text that is not in the workbook")
                )
            case "b":
                return Cell("TRUE" if said.strip() == "1" else "FALSE")
            case "str" | "inlineStr" | "e" | "d":
                return Cell(said.strip())
        return Cell(said[:200], f"its type '{held.kind[:20]}' is not known")
