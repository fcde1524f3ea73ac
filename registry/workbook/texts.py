"""Texts that are made of runs: what they say, and whether a part of them is raised, lowered or struck out.

    CD3⁴ typed as CD3 and a raised 4         text "CD34", raised
    0.9 with its 0 struck out                text "0.09", struck

A run's look is lost when the text alone is kept, and with it what was meant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from registry.workbook.archive import Archive, parse
from registry.workbook.styles import Dress

RAISED = (
    "part of its text is raised or lowered, such as a footnote mark or a power of ten: type it so that it reads the "
    "same without that (10^6, and a footnote in the note column)"
)
STRUCK = "it is struck out, and what is struck out is void: delete the cell, or the strike-through"
UNSEEN = "its text, or a part of it, has its paper's colour or no size, so nobody saw it: show it, or delete it"


@dataclass(slots=True)
class Runs:
    """A text as its runs are read, in a shared string or in a cell."""

    pieces: list[tuple[str, Dress]] = field(default_factory=list)
    dress: Dress = field(default_factory=Dress)
    in_text: int = 0
    in_format: int = 0
    phonetic: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element inside the text."""
        if name == "r":
            self.dress = Dress()
        elif self.in_format:
            self.dress.start(name, attributes)
        self.in_text += name == "t"
        self.in_format += name == "rPr"
        self.phonetic += name == "rPh"

    def end(self, name: str) -> None:
        """The end of an element inside the text."""
        self.in_text -= name == "t"
        self.in_format -= name == "rPr"
        self.phonetic -= name == "rPh"
        if name == "r":
            self.dress = Dress()

    def text(self, content: str) -> None:
        """Characters inside the text."""
        if self.in_text and not self.phonetic:
            self.pieces.append((content, self.dress))

    def finished(self) -> Text:
        """What was read."""
        dresses = [dress for piece, dress in self.pieces if piece.strip()]
        pale = bool(dresses) and all(dress.look("").unseen for dress in dresses)
        return Text("".join(piece for piece, _ in self.pieces), _fault(dresses), pale)


@dataclass(frozen=True, slots=True)
class Text:
    """A text, and why its looks keep it from being read; empty when they do not. ``pale``: white on white paper."""

    said: str
    fault: str = ""
    pale: bool = False


def _fault(dresses: Sequence[Dress]) -> str:
    if any(dress.struck for dress in dresses):
        return STRUCK
    if any(dress.raised for dress in dresses):
        return RAISED
    unseen = {dress.look("").unseen for dress in dresses}
    return UNSEEN if unseen == {True, False} or any(dress.tiny for dress in dresses) else ""


def shared_texts(archive: Archive, part: str) -> list[Text]:
    """The shared strings, without their phonetic readings."""
    texts: list[Runs] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            texts.append(Runs())
        elif texts:
            texts[-1].start(name, attributes)

    def end(name: str) -> None:
        if texts and name != "si":
            texts[-1].end(name)

    parse(archive.part(part), archive.file, start, end, lambda content: texts[-1].text(content) if texts else None)
    return [runs.finished() for runs in texts]
