"""How cells are shown: a workbook's fonts, fills and number formats, by cell style and by conditional style.

A struck-out number, a raised digit and white text on white paper are in the file like any other; only the style tells
them apart from what a person reads (ISO/IEC 29500-1, 18.8).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from registry.workbook.archive import Archive, parse

GENERAL = "General"
_UPRIGHT = frozenset({"", "baseline"})
_WHITE = frozenset({"FFFFFFFF", "00FFFFFF", "FFFFFF"})


@dataclass(frozen=True, slots=True)
class Look:
    """How a style shows a cell. ``code`` is its number format; of a conditional style, empty when it sets none."""

    code: str = GENERAL
    struck: bool = False
    raised: bool = False
    unseen: bool = False


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
    white: bool = False
    filled: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One element inside a font, fill or number format."""
        match name:
            case "strike":
                self.struck = is_true(attributes.get("val", "1"))
            case "vertAlign":
                self.raised = attributes.get("val", "") not in _UPRIGHT
            case "color":
                self.white = attributes.get("rgb", "").upper() in _WHITE or (
                    attributes.get("theme") == "0" and "tint" not in attributes
                )
            case "patternFill":
                self.filled = attributes.get("patternType", "none") not in {"", "none"}
            case "bgColor" | "gradientFill":
                self.filled = True
            case "numFmt":
                self.code = attributes.get("formatCode", "")

    def look(self, code: str) -> Look:
        """The finished look, with this number format."""
        return Look(code, self.struck, self.raised, self.white and not self.filled)


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
        elif name == "xf" and above == "cellXfs":
            self.xfs.append(attributes)
        elif "font" in self.inside and self.fonts:
            self.fonts[-1].start(name, attributes)
        elif "fill" in self.inside and self.fills and name != "bgColor":
            self.fills[-1].start(name, attributes)
        elif name == "numFmt":
            self.own[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")

    def end(self, _: str) -> None:
        self.inside.pop()

    def cell(self, attributes: dict[str, str]) -> Look:
        font, fill = _at(self.fonts, attributes.get("fontId")), _at(self.fills, attributes.get("fillId"))
        number = attributes.get("numFmtId", "0")
        dress = Dress("", font.struck, font.raised, font.white, fill.filled)
        return dress.look(self.own.get(number) or _builtin(number))


def _at(dresses: list[Dress], number: str | None) -> Dress:
    place = int(number) if number and number.isascii() and number.isdigit() and len(number) < 7 else -1
    return dresses[place] if 0 <= place < len(dresses) else Dress()


def _builtin(number: str) -> str:
    """A format that every program knows by its number; the numbers without a meaning here are refused with the cell."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    known = BUILTIN_FORMATS.get(int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else None
    return known if known is not None else f"number format {number[:8]}"
