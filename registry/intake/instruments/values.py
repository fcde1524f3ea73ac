"""What the exact readers of counters' files share: which text is a clean number, and whether figures can be true.

The vendors' files are small and plain, so each is read here to the letter; allotropy is the second reader, whose
numbers have to agree (``witness``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from registry.intake.export_model import Sample, Value

_CLEAN = re.compile(r"[<>≤≥]?\s*[-−]?[0-9][0-9.,  \u00a0\u2007\u2009\u202f]*(?:[eE][-+]?[0-9]{1,3})?")
_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
PERCENT, MILLION, PER_ML = "%", "10^6 cells/mL", "cells/mL"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that holds a result: its name, its unit, what allotropy calls it, and what ours times is theirs.

    ``role`` is set for the figures that have to agree with each other: total, viable, viability.
    """

    name: str
    unit: str
    witness: str = ""
    factor: Decimal = Decimal(1)
    role: str = ""


VIABILITY, TOTAL, VIABLE, DEAD = (
    "viability (cell counter)",
    "total cell density (cell counter)",
    "viable cell density (cell counter)",
    "dead cell density (cell counter)",
)


def flag_of(printed: str) -> str:
    """What the instrument says instead of, or beside, a number: ``ERROR``, ``3.58E3 (Out of optimal range)``."""
    text = " ".join(printed.split())
    return "" if not text or _CLEAN.fullmatch(text) else text


def number(printed: str) -> Decimal | None:
    """The clean, uncensored number, exact; None for anything else. A comma is a decimal mark only where it can be."""
    text = _SPACES.sub("", printed)
    if not _CLEAN.fullmatch(text) or text[0] in "<>≤≥" or text.count(",") > 1 or re.search(r",[0-9]{3}(?![0-9])", text):
        return None
    try:
        return Decimal(text.replace(",", ".").replace("−", "-"))
    except ArithmeticError:
        return None


def values_of(cells: Mapping[str, str], columns: tuple[Column, ...], row: int) -> tuple[Value, ...]:
    """The results of one row, flags kept."""
    return tuple(
        Value(column.name, cells.get(column.name, ""), row, column.unit, flag_of(cells.get(column.name, "")))
        for column in columns
    )


def contradiction(sample: Sample, columns: tuple[Column, ...]) -> str:
    """Why the sample's clean figures cannot all be true; empty when they can.

    There are no more living cells than cells, and viability is the living part, within what the printed digits round.
    """
    by_name = {value.column: value.printed for value in sample.values if not value.flag}
    figures = {column.role: by_name.get(column.name, "") for column in columns if column.role}
    total, viable, viability = (_spread(figures.get(role, "")) for role in ("total", "viable", "viability"))
    if total and viable and viable[0] > total[1]:
        return f"{figures['viable']} viable cells among {figures['total']} cells"
    if total and viable and viability and total[0] > 0:
        low, high = 100 * viable[0] / total[1], 100 * viable[1] / total[0]
        if viability[1] < low or viability[0] > high:
            cells = f"{figures['viable']} viable cells among {figures['total']}"
            return f"a viability of {figures['viability']} % with {cells}"
    return ""


def _spread(printed: str) -> tuple[Decimal, Decimal] | None:
    """The least and greatest value that rounds to what is printed: to its last digit, or three of a long integer."""
    value = number(printed)
    if value is None or value < 0:
        return None
    exponent = value.as_tuple().exponent
    places = exponent if isinstance(exponent, int) else 0
    if places == 0 and value >= 1000:
        places = value.adjusted() - 2
    half = Decimal(6).scaleb(places - 1)
    return value - half, value + half
