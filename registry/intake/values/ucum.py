"""Units that are another way to write ours: UCUM codes, fractions, permille; and units that can be read in two ways.

10*6/mL     10^6 cells/mL        UCUM (ucum.org, 2.2) writes a power of ten with an asterisk
[EU]/mL     EU/mL                HL7's UCUM code of endotoxin units
985 ‰       98.5 %               a thousandth
0.985 of 1  98.5 %               a fraction, said so
200 mEU/mL  0.2 EU/mL            a thousandth of a unit
10e6        refused              10 million, or 10^6?
M/mL        refused              million cells, or molar?
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from registry.intake.values.unreadable_value import Misprint
from registry.vocabulary.printed_names import folded_unit


class Converted(NamedTuple):
    """A unit of ours, and what a value in the printed unit is multiplied by to be in it."""

    unit: str
    factor: Decimal = Decimal(1)


_CELLS = {f"10*6{spelled}": f"10^6 cells{ours}" for spelled, ours in (("/ml", "/mL"), ("", ""))} | {
    "10*3/ul": "10^6 cells/mL",
    "[cells]/ml": "cells/mL",
    "{cells}/ml": "cells/mL",
    "{cells}/ul": "cells/µL",
    "{cells}": "cells",
    "10*6.{cells}/ml": "10^6 cells/mL",
    "10*6{cells}/ml": "10^6 cells/mL",
    "10*6{cells}": "10^6 cells",
    "/ml": "cells/mL",
}
_OURS = {
    **_CELLS,
    **{f"10*6cells{spelled}": f"10^6 cells{ours}" for spelled, ours in (("/ml", "/mL"), ("", ""))},
    **{f"10**6{cells}{spelled}": f"10^6 cells{ours}" for cells in ("", "cells") for spelled, ours in (("/ml",
    "/mL"), ("", ""))},
    "10*3cells/ul": "10^6 cells/mL",
    **{f"{eu}/ml": "EU/mL" for eu in ("[eu]", "{eu}", "[eu'u]")},
    **{f"{eu}/kg": "EU/kg" for eu in ("[eu]", "{eu}")},
    "[iu]/ml": "IU/mL", "[cfu]/ml": "CFU/mL", "{cfu}/ml": "CFU/mL", "[cfu]": "CFU", "{cfu}": "CFU",
    "%+": "%", "+%": "%", "%pos": "%", "%pos.": "%", "%+ve": "%", "%{positive}": "%", "%viable": "%",
    "%live": "%", "%cells": "%",
    "prozent": "%", "pourcent": "%", "porciento": "%", "%positiv": "%",
}  # fmt: skip
_TIMES = {
    **dict.fromkeys(("‰", "permille", "permil", "promille", "perthousand"), Converted("%", Decimal("0.1"))),
    **dict.fromkeys(("1", "fraction", "proportion", "anteil", "{fraction}", "fracción"), Converted("%", Decimal(100))),
    **dict.fromkeys(("meu/ml", "m[eu]/ml"), Converted("EU/mL", Decimal("0.001"))),
    **dict.fromkeys(("miu/ml(endotoxin)",), Converted("IU/mL", Decimal("0.001"))),
}
_TWO_POWERS = re.compile(r"(?P<ten>[x×]?10)e\+?(?P<power>[0-9]{1,2})(?P<rest>\D.*)?", re.IGNORECASE)
_MOLAR = re.compile(r"m(?P<per>/ml|/ul)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def converted(printed: str) -> Converted | None:
    """The unit of ours, and the factor, that a printed unit stands for; None when it is no other way to write one.

    ``1`` and ``fraction`` are read where somebody printed them as the unit, and never where there is none.
    """
    key = folded_unit(printed)
    if key in _TIMES:
        return _TIMES[key]
    return Converted(_OURS[key]) if key in _OURS else None


def refuse_two_readings(printed: str) -> None:
    """Raises ``Misprint`` for a unit that can be read in two ways, with both."""
    text = "".join(printed.split())
    powers = _TWO_POWERS.fullmatch(text)
    if powers:
        power, rest = int(powers.group("power")), (powers.group("rest") or "")
        once, twice = f"10^{power}{_spaced(rest)}", f"10^{power + 1}{_spaced(rest)}"
        raise _either(printed, once, twice)
    if _MOLAR.fullmatch(text) and text[0] == "M":
        raise _either(printed, f"10^6 cells{text[1:]}", f"a molar amount per {text[2:]}")


def _spaced(rest: str) -> str:
    return f" {rest}" if rest and rest[0].isalpha() else rest


def _either(printed: str, first: str, other: str) -> Misprint:
    return Misprint(
        f"The unit '{printed}' can be read as {first} or as {other}: print the one that is meant.",
        expected=f"{first}, or {other}",
        found=printed,
        column="unit",
    )
