"""How cells are shown: a workbook's fonts, fills and number formats, by cell style and by conditional style.

A struck-out number, a raised digit, white text on white paper and a cell crossed out by its borders are in the file
like any other; only the style tells them apart from what a person reads (ISO/IEC 29500-1, 18.8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from registry.workbook.archive import Archive, parse
from registry.workbook.colours import WHITE, alike, colour

GENERAL = "General"
_UPRIGHT = frozenset({"", "baseline"})
_SMALLEST = 4.0
"""Points: no smaller letter is read."""
_SPEAKING = {"27": "Bad", "11": "Warning Text"}
"""Cell styles that every program knows, by their numbers, and that speak against what they show."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a style shows a cell. ``code`` is its number format; of a conditional style, empty when it sets none.

    ``crossed`` out by a line from corner to corner, ``repeated`` as often as the cell is wide, ``called`` Bad,
    ``filled`` with a colour.
    """

    code: str = GENERAL
    struck: bool = False
    raised: bool = False
    unseen: bool = False
    crossed: bool = False
    repeated: bool = False
    called: str = ""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """The look of each cell style, and of each conditional style, by their numbers."""

    cells: tuple[Look, ...] = ()
    conditional: tuple[Look, ...] = ()


@dataclass(slots=True)
class Dress:
    """A font and fill as they are being read."""

    code: str = ""
    struck: bool = False
    raised: bool = False
    tiny: bool = False
    crossed: bool = False
    ink: str | None = None
    paper: str | None = None
    is_patterned: bool = False
    _diagonal: bool = False
    _is_plain: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One element inside a font, fill, border or number format."""
        match name:
            case "strike":
                self.struck = is_true(attributes.get("val", "1"))
            case "vertAlign":
                self.raised = attributes.get("val", "") not in _UPRIGHT
            case "color":
                self.ink = colour(attributes)
            case "sz":
                self.tiny = _is_tiny(attributes.get("val", ""))
            case "patternFill":
                self._is_plain = attributes.get("patternType", "solid") in {"", "none"}
                self.is_patterned = attributes.get("patternType", "solid") not in {"", "none", "solid"}
            case "fgColor" | "bgColor" if not self._is_plain:
                self.paper = colour(attributes)
                self.is_patterned = self.is_patterned or self.paper is None
            case "gradientFill":
                self.is_patterned = True
            case "border":
                self._diagonal = is_true(attributes.get("diagonalUp")) or is_true(attributes.get("diagonalDown"))
            case "diagonal":
                self.crossed = self._diagonal and attributes.get("style", "none") != "none"
            case "numFmt":
                self.code = attributes.get("formatCode", "")

    def look(self, code: str) -> Look:
        """The finished look, with this number format."""
        ink = WHITE if "[white]" in code.casefold() else self.ink
        hidden = not self.is_patterned and (ink or self.paper) is not None and alike(ink, self.paper)
        filled = self.is_patterned or self.paper is not None
        return Look(code, self.struck, self.raised, self.tiny or hidden, self.crossed, filled=filled)


def _is_tiny(size: str) -> bool:
    return re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{1,6})?", size) is not None and float(size) < _SMALLEST


def is_true(text: str | None) -> bool:
    """True for an attribute that is on."""
    return text is not None and text.casefold() in {"1", "true", "on"}


def read_styles(archive: Archive, part: str) -> Styles:
    """The styles part of a workbook."""
    reader = _Reader()
    parse(archive.part(part), archive.file, reader.start, reader.end)
    return Styles(tuple(map(reader.cell, reader.xfs)), tuple(dress.look(dress.code) for dress in reader.conditional))


@dataclass
class _Reader:
    fonts: list[Dress] = field(default_factory=list)
    fills: list[Dress] = field(default_factory=list)
    borders: list[Dress] = field(default_factory=list)
    calls: dict[str, str] = field(default_factory=dict)
    conditional: list[Dress] = field(default_factory=list)
    xfs: list[dict[str, str]] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    inside: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        above = self.inside[-1] if self.inside else ""
        self.inside.append(name)
        if name == "dxf":
            self.conditional.append(Dress())
        elif "dxf" in self.inside:
            self.conditional[-1].start(name, attributes)
        elif name == "font" and above == "fonts":
            self.fonts.append(Dress())
        elif name == "fill" and above == "fills":
            self.fills.append(Dress())
        elif name == "border" and above == "borders":
            self.borders.append(Dress())
            self.borders[-1].start(name, attributes)
        elif name == "xf" and above == "cellXfs":
            self.xfs.append(dict(attributes))
        elif name == "alignment" and "cellXfs" in self.inside and self.xfs:
            self.xfs[-1]["horizontal"] = attributes.get("horizontal", "")
        elif name == "cellStyle":
            self.calls[attributes.get("xfId", "")] = _SPEAKING.get(attributes.get("builtinId", ""), "")
        elif "font" in self.inside and self.fonts:
            self.fonts[-1].start(name, attributes)
        elif "border" in self.inside and self.borders and name == "diagonal":
            self.borders[-1].start(name, attributes)
        elif "fill" in self.inside and self.fills and name != "bgColor":
            self.fills[-1].start(name, attributes)
        elif name == "numFmt":
            self.own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

    def end(self, _: str) -> None:
        self.inside.pop()

    def cell(self, attributes: dict[str, str]) -> Look:
        font, fill = _at(self.fonts, attributes.get("fontId")), _at(self.fills, attributes.get("fillId"))
        number = attributes.get("numFmtId", "0")
        border = _at(self.borders, attributes.get("borderId"))
        dress = replace(font, code="", crossed=border.crossed, paper=fill.paper, is_patterned=fill.is_patterned)
        look = dress.look(self.own.get(number) or _builtin(number))
        called = self.calls.get(attributes.get("xfId", ""), "")
        return replace(look, repeated=attributes.get("horizontal") == "fill", called=called)


def _at(dresses: list[Dress], number: str | None) -> Dress:
    place = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else -1
    return dresses[place] if 0 <= place < len(dresses) else Dress()


def _builtin(number: str) -> str:
    """A format that every program knows by its number; the numbers without a meaning here are refused with the cell."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    known = BUILTIN_FORMATS.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else None
    return known if known is not None else f"number format {number[:8]}"
