"""What lies over the cells of a sheet: texts of boxes and shapes, pictures' names, and lines that may strike rows out.

    <xdr:cxnSp>, <a:prstGeom prst="line">, ink       a line over the rows that it spans (ISO/IEC 29500-1, 20.5)

A line over a row is not asked what it means: a person who draws one over a result strikes it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.workbook.archive import Archive, parse

LAST_ROW = 1_048_576
_ANCHORS = frozenset({"twoCellAnchor", "oneCellAnchor", "absoluteAnchor"})
_STROKES = frozenset({"cxnSp", "contentPart", "custGeom"})
_CROSSES = frozenset({"line", "lineInv", "mathMultiply", "noSmoking", "flowChartSummingJunction"})


@dataclass(slots=True)
class Drawings:
    """``texts`` as they stand, and the ``lines`` as the first and last row (from 1) that each lies over."""

    texts: list[str] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    _rows: list[int] = field(default_factory=list)
    _is_stroke: bool = False
    _inside: str = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """One element of a drawing."""
        self._inside = name
        if name in _ANCHORS:
            self._rows, self._is_stroke = [], False
        elif name in _STROKES or (name == "prstGeom" and attributes.get("prst") in _CROSSES):
            self._is_stroke = True
        elif name == "cNvPr":
            self.texts += [text for text in (attributes.get("descr", ""), attributes.get("title", "")) if text.strip()]

    def text(self, content: str) -> None:
        """Characters of a text, or the row of an anchor's corner."""
        if self._inside == "row":
            number = content.strip()
            self._rows += [int(number) + 1] if number.isascii() and number.isdigit() and len(number) < 8 else []
        elif self._inside not in {"col", "colOff", "rowOff"}:
            self.texts.append(content)

    def end(self, name: str) -> None:
        """The end of an element of a drawing."""
        self._inside = ""
        if name in _ANCHORS and self._is_stroke:
            known = name == "twoCellAnchor" and len(self._rows) == 2
            self.lines.append((min(self._rows), max(self._rows)) if known else (1, LAST_ROW))


def drawings_of(archive: Archive, relations: Mapping[str, tuple[str, str]]) -> Drawings:
    """Whatever is drawn on a sheet, by the sheet's relations."""
    drawn = Drawings()
    for kind, part in relations.values():
        if kind == "drawing" and part in archive.names:
            parse(archive.part(part), archive.file, drawn.start, drawn.end, drawn.text)
    return drawn
