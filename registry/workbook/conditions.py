"""Conditional formats: which cells a rule may show otherwise than they are.

A rule is not evaluated. Every cell that it is for counts, because what it compares with may stand anywhere
(ISO/IEC 29500-1, 18.3.1.18; rules of Excel 2010 and later stand in an extension, with their style inside).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.workbook.addresses import column_of
from registry.workbook.styles import Dress, Look

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?(?::\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?)?")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_383


@dataclass(frozen=True, slots=True)
class Span:
    """A rectangle of cells: rows from 1, columns from 0, both ends in it."""

    rows: tuple[int, int]
    columns: tuple[int, int]

    def holds(self, row: int, column: int) -> bool:
        """True when the cell is in it."""
        return self.rows[0] <= row <= self.rows[1] and self.columns[0] <= column <= self.columns[1]


@dataclass(slots=True)
class _Rule:
    cells: str
    style: int | None = None
    dress: Dress = field(default_factory=Dress)
    value_unseen: bool = False


@dataclass(slots=True)
class Conditions:
    """The rules of one sheet, as they are being read."""

    rules: list[_Rule] = field(default_factory=list)
    _open: list[_Rule] = field(default_factory=list)
    _cells: str = ""
    _inside: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One element of the sheet."""
        if name == "conditionalFormatting":
            self._inside, self._cells, self._open = [name], attributes.get("sqref", ""), []
        elif self._inside:
            self._inside.append(name)
            if name == "cfRule":
                style = attributes.get("dxfId", "")
                self._open.append(_Rule("", int(style) if style.isascii() and style.isdigit() else None))
            elif self._open and name in {"dataBar", "iconSet"}:
                self._open[-1].value_unseen = attributes.get("showValue", "1").casefold() in {"0", "false", "off"}
            elif self._open and "dxf" in self._inside:
                self._open[-1].dress.start(name, attributes)

    def text(self, content: str) -> bool:
        """Characters; True when they were for a rule."""
        if self._inside and self._inside[-1] == "sqref":
            self._cells += content
        return bool(self._inside)

    def end(self, name: str) -> None:
        """The end of an element of the sheet."""
        if name == "conditionalFormatting":
            for rule in self._open:
                rule.cells = self._cells
            self.rules += self._open
            self._inside = []
        elif self._inside:
            self._inside.pop()

    def spans(self, styles: Sequence[Look]) -> list[Span]:
        """The cells of every rule that shows them otherwise than they are."""
        return [span for rule in self.rules if _alters(rule, styles) for span in spans_of(rule.cells)]


def _alters(rule: _Rule, styles: Sequence[Look]) -> bool:
    looks = [rule.dress.look(rule.dress.code)]
    if rule.style is not None:
        looks.append(styles[rule.style] if rule.style < len(styles) else Look("unknown"))
    return rule.value_unseen or any(
        look.struck or look.raised or look.unseen or look.code.casefold() not in {"", "general"} for look in looks
    )


def spans_of(cells: str) -> list[Span]:
    """``C2:C7 E2`` as rectangles. What is no reference is taken for the whole sheet."""
    return [_span(reference) for reference in cells.split()]


def _span(reference: str) -> Span:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return Span((1, _LAST_ROW), (0, _LAST_COLUMN))
    left, top, right, bottom = match.groups()
    right, bottom = right or left, bottom or top
    rows = (int(top), int(bottom)) if top and bottom else (1, _LAST_ROW)
    columns = (column_of(left), column_of(right)) if left and right else (0, _LAST_COLUMN)
    return Span((min(rows), max(rows)), (min(columns), max(columns)))
