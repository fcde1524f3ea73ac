"""Tables that name a characteristic in each row and a lot in each column: donors beside each other.

Marker,Unit,H-21,H-22
CD73,%,98.5,97.5
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from registry.intake.rows import RawResult
from registry.intake.tabular.columns import KNOWN, OPTIONAL, PROBLEM, key_of
from registry.intake.tabular.grid import Row
from registry.intake.tabular.headings import is_heading_of, says_what_is_asked

_LIKE_A_LOT = re.compile(r".*\d.*|(?:lot|batch|donor|charge|spender|lote)\W.*", re.IGNORECASE | re.DOTALL)
_IN_BRACKETS = re.compile(r"(?P<name>.*\S)\s*[(\[](?P<unit>[^()\[\]]*)[)\]]", re.DOTALL)


class Columns(NamedTuple):
    """Where names, units, lots and the optional columns stand; ``others`` are columns that are none of these."""

    unit: int | None
    lots: Mapping[int, str]
    known: Mapping[str, int]
    others: tuple[int, ...]


def columns_of(header: Sequence[str]) -> Columns | None:
    """The columns of a header that names characteristics below and lots beside; None for any other."""
    keys = [key_of(cell) for cell in header]
    if not header or not is_heading_of(header[0], "characteristic") or "lot" in keys or "value" in keys:
        return None
    unit = next((place for place, cell in enumerate(header) if is_heading_of(cell, "unit")), None)
    known = {key: place for place, key in enumerate(keys) if key in OPTIONAL}
    taken = {0, unit, *known.values()}
    rest = [
        place
        for place, cell in enumerate(header)
        if cell and place not in taken and keys[place] not in KNOWN - {PROBLEM}
    ]
    lots = {place: header[place] for place in rest
            if _LIKE_A_LOT.fullmatch(header[place]) and not says_what_is_asked(header[place])}  # fmt: skip
    return Columns(unit, lots, known, tuple(place for place in rest if place not in lots)) if lots else None


def read_transposed(rows: Sequence[Row], columns: Columns) -> list[RawResult]:
    """The raw results, row by row and lot by lot; an empty cell is no result."""
    raws: list[RawResult] = []
    for row in rows:
        cells = row.cells
        unit = cells[columns.unit] if columns.unit is not None and columns.unit < len(cells) else ""
        others = {name: cells[place] for name, place in columns.known.items() if place < len(cells) and cells[place]}
        match = _IN_BRACKETS.fullmatch(cells[0])
        subject = match.group("name") if match and not unit else cells[0]
        unit = unit or (match.group("unit").strip() if match else "")
        raws += [
            RawResult(row.number, lot, subject, cells[place], unit, lot, False, others)
            for place, lot in columns.lots.items()
            if place < len(cells) and cells[place]
        ]
    return raws
