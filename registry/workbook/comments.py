"""What people wrote at the cells: notes, and threads of comments.

A note in Excel and LibreOffice is a comment of the sheet (ISO/IEC 29500-1, 18.7). A thread is kept in a part of its
own, and beside it a note that repeats it for older programs; the thread is what counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from registry.workbook.archive import Archive, parse

LONGEST = 2_000
_KINDS = ("threadedComment", "comments")


def comments_of(archive: Archive, relations: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """The comment of each cell of a sheet, by its address (``C4``): one text, whatever is in its thread."""
    comments: dict[str, str] = {}
    for wanted in _KINDS:
        for kind, part in relations.values():
            if kind == wanted and part in archive.names:
                for address, text in _read(archive, part).items():
                    comments.setdefault(address, text)
    return comments


def words(archive: Archive, part: str) -> list[str]:
    """Every text of a part."""
    texts: list[str] = []
    parse(archive.part(part), archive.file, lambda *_: None, None, texts.append)
    return texts


def _read(archive: Archive, part: str) -> dict[str, str]:
    pieces: dict[str, list[str]] = defaultdict(list)
    at = [""]
    phonetic = [0]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in {"comment", "threadedComment"}:
            at[0] = attributes.get("ref", "").replace("$", "").upper()
            if pieces[at[0]]:
                pieces[at[0]].append("\n")
        phonetic[0] += name == "rPh"

    def end(name: str) -> None:
        if name in {"comment", "threadedComment"}:
            at[0] = ""
        phonetic[0] -= name == "rPh"

    def text(content: str) -> None:
        if at[0] and not phonetic[0]:
            pieces[at[0]].append(content)

    parse(archive.part(part), archive.file, start, end, text)
    joined = {address: " ".join("".join(piece).split())[:LONGEST] for address, piece in pieces.items()}
    return {address: text for address, text in joined.items() if text}
