"""One worksheet part to numbered rows: what each cell holds, and what of it a person would not see."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from registry.errors import TooLarge
from registry.workbook.addresses import column_of, letters
from registry.workbook.archive import parse
from registry.workbook.conditions import Conditions
from registry.workbook.styles import is_true
from registry.workbook.texts import Runs

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
MAX_ROW_ELEMENTS = 200_000
"""Rows that a sheet may name, empty ones too: 22 kB of a workbook can name two millions."""
LOW, NARROW = 3.0, 0.5
"""The height of a row in points, and the width of a column in characters, in which nothing can be seen."""
_HEADER_CODE = re.compile(r'&(?:"[^"]*"|[0-9]+|K[0-9A-F]{6}|[A-Z])')
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as text. ``fault``: why it cannot be read; ``shown``: what its format rounds the text to, if it does.

    ``not_a_name``: why it can be no identifier, although a value it may be (a date, rounded digits). ``comment`` is
    what somebody wrote at the cell.
    """

    text: str
    fault: str = ""
    shown: str = ""
    not_a_name: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that holds something: its number as the spreadsheet shows it, and its cells by column (from 0)."""

    number: int
    cells: dict[int, Cell]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet that holds something: its name, its rows, and the hidden columns that hold something (as letters).

    ``banners`` are texts that lie over the cells or stand on the printed page: boxes, shapes, headers and footers.
    ``lines`` are drawn over the cells, each from the first to the last of these rows.
    """

    name: str
    rows: tuple[Row, ...]
    hidden: bool = False
    hidden_columns: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()
    banners: tuple[str, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Held:
    """What the XML of one cell says: type, style, value or text with its runs, and whether there is a formula."""

    kind: str = "n"
    style: int = 0
    value: list[str] = field(default_factory=list)
    formula: bool = False
    runs: Runs = field(default_factory=Runs)


Reader = Callable[[Held], Cell | None]


class SheetParser:
    """Collects the rows of one sheet part. ``as_cell`` reads what a cell holds; None for an empty one."""

    def __init__(self, file: str, as_cell: Reader, budget: list[int]) -> None:
        self._file = file
        self._as_cell = as_cell
        self._budget = budget
        self.rows: list[Row] = []
        self.merged: list[str] = []
        self.headers: list[str] = []
        self._hidden: list[tuple[int, int]] = []
        self._number = self._column = 0
        self._row: dict[int, Cell] = {}
        self._row_hidden = False
        self._rows_left = MAX_ROW_ELEMENTS
        self._held: Held | None = None
        self._inside = ""
        self._rows_unseen = False
        self.zeros_unseen = False
        self.conditions = Conditions()

    def parse(self, data: bytes) -> None:
        """Walk the part."""
        parse(data, self._file, self._start, self._end, self._text)

    def hidden_columns(self) -> tuple[str, ...]:
        """The letters of the hidden columns in which a cell holds something."""
        used = {column for row in self.rows for column in row.cells}
        return tuple(letters(c) for c in sorted(used) if any(low <= c <= high for low, high in self._hidden))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._held is not None:
            self._held.runs.start(name, attributes)
        else:
            self.conditions.start(name, attributes)
        match name:
            case "row":
                self._rows_left -= 1
                if self._rows_left < 0:
                    raise TooLarge(
                        f"{self._file} holds more rows than a panel table, most of them empty.",
                        expected=f"at most {MAX_ROW_ELEMENTS:,} rows", found="more", where=self._file,
                        todo="Copy the results alone into a new workbook.",
                    )  # fmt: skip
                self._number = _number(attributes.get("r"), self._number + 1, MAX_ROW)
                self._column, self._row = -1, {}
                unseen = self._rows_unseen and "ht" not in attributes
                self._row_hidden = is_true(attributes.get("hidden")) or _nothing(attributes.get("ht"), LOW) or unseen
            case "c":
                at = _REFERENCE.fullmatch(attributes.get("r", ""))
                self._column = column_of(at.group(1)) if at else self._column + 1
                self._held = Held(attributes.get("t", "n"), _number(attributes.get("s"), 0, 100_000))
            case "f" if self._held is not None:
                self._held.formula, self._inside = True, "f"
            case "v" if self._held is not None:
                self._inside = name
            case "sheetFormatPr":
                self._rows_unseen = is_true(attributes.get("zeroHeight"))
            case "sheetView" if attributes.get("showZeros", "1").casefold() in {"0", "false", "off"}:
                self.zeros_unseen = True
            case "col" if is_true(attributes.get("hidden")) or _nothing(attributes.get("width"), NARROW):
                first = _number(attributes.get("min"), 1, MAX_COLUMN)
                self._hidden.append((first - 1, _number(attributes.get("max"), first, MAX_COLUMN) - 1))
            case "mergeCell":
                self.merged.append(attributes.get("ref", "")[:40])
            case "oddHeader" | "evenHeader" | "firstHeader" | "oddFooter" | "evenFooter" | "firstFooter":
                self._inside = "header"

    def merged_with_content(self) -> tuple[str, ...]:
        """The merged ranges whose first cell holds something; an empty one hides nothing."""
        held = {(row.number, column) for row in self.rows for column in row.cells}
        spans = ((reference, _REFERENCE.match(reference)) for reference in self.merged)
        return tuple(name for name, at in spans if at is None or (int(at.group(2)), column_of(at.group(1))) in held)

    def _text(self, text: str) -> None:
        if self._held is not None and self._inside == "v":
            self._held.value.append(text)
        elif self._held is not None:
            self._held.runs.text(text)
        elif self.conditions.text(text):
            return
        elif self._inside == "header":
            self.headers.append(_HEADER_CODE.sub("\n", text))

    def _end(self, name: str) -> None:
        if self._held is not None and name != "c":
            self._held.runs.end(name)
        self.conditions.end(name)
        match name:
            case "v" | "f" | "headerFooter":
                self._inside = ""
            case "c" if self._held is not None:
                self._keep(self._held)
                self._held = None
            case "row" if self._row:
                self.rows.append(Row(self._number, self._row, self._row_hidden))

    def _keep(self, held: Held) -> None:
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise TooLarge(
                f"{self._file} holds more cells than a panel table.", where=self._file, todo="Split the file."
            )
        cell = self._as_cell(held)
        if cell is not None:
            self._row[self._column] = cell


def _number(text: str | None, otherwise: int, most: int) -> int:
    return min(int(text), most) if text and text.isascii() and text.isdigit() and len(text) < 12 else otherwise


def _nothing(size: str | None, least: float) -> bool:
    """True for a height or width in which nothing can be seen, by which a row or column is hidden too."""
    return (
        size is not None
        and re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]*)?|\.[0-9]+", size.strip()) is not None
        and float(size) < least
    )
