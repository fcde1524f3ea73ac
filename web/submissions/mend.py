"""A table mended where it was refused: its headings named, its lots named, rows left out. No value is changed.

What is sent then is a table of its own, which says in a line above it what was changed and of which file: the line is
kept with the results, and whoever signs a lot is shown it. What is filled in counts only once it is ticked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request

from registry.csv_text import csv_text
from registry.errors import WrongUsage
from registry.services.submissions.mended import line_of_changes
from web.access import registry
from web.language import _
from web.submissions import source
from web.submissions.upload import Chosen

MOST_ROWS, MOST_COLUMNS, LONGEST = 60, 40, 80
"""Rows and columns of a table that is mended in the page, and the letters of a heading or lot."""
FILES = ("fcs", "lmd", "csv", "xlsx", "wsp")
"""Endings of files, which are no part of a lot's name."""
LOT = ("lot", "charge", "batch", "sample")
ENDING = " mended.csv"


@dataclass(frozen=True, slots=True)
class Named:
    """A heading or a lot as it was sent, and what is filled in to be ticked; empty for nothing."""

    number: int
    sent: str
    likely: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A refused table: its headings, its rows with their numbers, and which column names the lot."""

    name: str
    headings: tuple[Named, ...]
    lots: tuple[Named, ...]
    rows: Mapping[int, Sequence[str]]
    kept: str

    def may_leave(self, numbers: Sequence[int]) -> bool:
        """True where each of the rows is one of it, and so can be left out."""
        return bool(numbers) and set(numbers) <= set(self.rows)


def of(chosen: Chosen) -> Table | None:
    """The table as it may be mended in the page; None for any other file, a long one, and one that is not UTF-8."""
    rows = _rows(chosen)
    if not rows or not chosen.kept:
        return None
    (_header, headings), *rest = rows.items()
    at = _lot_column(headings)
    named = tuple(
        Named(place, cell, "lot" if place == at and not cell.strip() else "") for place, cell in enumerate(headings)
    )
    lots = tuple(Named(number, cells[at], _lot_in(cells[at])) for number, cells in rest if len(cells) > at)
    return Table(chosen.name, named, lots, dict(rest), chosen.kept)


def _rows(chosen: Chosen) -> dict[int, list[str]]:
    try:
        chosen.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}
    every = source.rows(chosen.name, chosen.data)
    rows = {number: cells for number, cells in every.items() if any(cells) and not cells[0].startswith("#")}
    fits = 2 <= len(rows) <= MOST_ROWS and max(len(cells) for cells in rows.values()) <= MOST_COLUMNS
    return rows if fits else {}


def _lot_column(headings: Sequence[str]) -> int:
    """The column that names the lot, else the first."""
    return next((place for place, cell in enumerate(headings) if cell.strip().casefold() in LOT), 0)


def _lot_in(sent: str) -> str:
    """The lot that the name of a file most likely is of: ``H-21.fcs`` is H-21; empty for any other name."""
    stem, _dot, ending = sent.strip().rpartition(".")
    return (registry().lots.registered(stem) or stem) if stem and ending.casefold() in FILES else ""


def mended(chosen: Chosen) -> Chosen:
    """The table with what was ticked and typed; raises WrongUsage where nothing was."""
    rows = _rows(chosen)
    if not rows:
        message = _("This table is not mended in the page.")
        raise WrongUsage(message, where="file", todo=_("Mend it where it was made."))
    (_header, headings), *rest = rows.items()
    at = _lot_column(headings)
    changed = {place: text for place in range(len(headings)) if (text := _typed(f"heading-{place}", headings[place]))}
    by_cause = {number for each in request.form.getlist("leave") for number in each.split()}
    left_out = [number for number, _cells in rest if f"leave-{number}" in request.form or str(number) in by_cause]
    kept = [(number, list(cells)) for number, cells in rest if number not in left_out]
    lots = {number: text for number, cells in kept if len(cells) > at and (text := _typed(f"lot-{number}", cells[at]))}
    if not changed and not left_out and not lots:
        message = _("Nothing was ticked or typed, so nothing is mended.")
        raise WrongUsage(message, where="mend-table", todo=_("Tick what is so, or type what it should be."))
    for number, cells in kept:
        cells[at : at + 1] = [lots.get(number, cells[at])] if len(cells) > at else []
    table = [[changed.get(place, cell) for place, cell in enumerate(headings)], *(cells for _number, cells in kept)]
    renamed = {place + 1: (headings[place], text) for place, text in changed.items()}
    about = line_of_changes(chosen.name, chosen.data, renamed, lots, left_out)
    before = [line for line in chosen.data.decode("utf-8-sig").splitlines() if line.startswith("#")]
    lines = "\r\n".join([*before, about, csv_text(table)])
    return replace(chosen, name=_name(chosen.name), data=lines.encode())


def _typed(name: str, sent: str) -> str:
    """What the field says otherwise than was sent; nothing while it holds what was filled in and nobody ticked it."""
    text = request.form.get(name, "").strip()[:LONGEST]
    is_asked = text == request.form.get(f"{name}-likely", "") and f"{name}-yes" not in request.form
    return "" if is_asked or text == sent.strip() else text


def _name(name: str) -> str:
    stem = name.rpartition(".")[0].removesuffix(ENDING.rpartition(".")[0])
    return f"{stem}{ENDING}"
