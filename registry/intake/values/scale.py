"""How many cells a number means: a power of ten is printed once, and a count is one that there can be.

``2 x 10^6`` with the unit ``10^6 cells`` is two million cells or a million times as many: it is refused, not chosen.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.identifiers import CPR
from registry.intake.values.unreadable_value import Misprint

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic, Unit

MOST_CELLS = Decimal(10) ** 12
"""No dose and no millilitre holds more: a cell of the smallest human kind fills about 10^-13 L."""
_COUNTED = {f"{CPR}cell-number", f"{CPR}cell-concentration"}
_POWER = re.compile(r"10\^[0-9]+\s*")


def plain(number: Decimal) -> str:
    """Without an exponent and without needless zeros: ``2E+6`` → ``2000000``."""
    digits = f"{number:f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


class TwoPowers(Misprint):
    """A power of ten in the value, and another in its unit."""


def refuse_two_powers(text: str, value: Decimal, has_power: bool, unit: Unit | None) -> None:
    """Raises ``TwoPowers`` when the value carries a power of ten and its unit another: which of them is meant?"""
    if unit is None or not has_power or not _POWER.match(unit.label):
        return
    base = _POWER.sub("", unit.label, count=1)
    once, twice = plain(value), plain(value * unit.factor)
    raise TwoPowers(
        f"'{text}' and the unit {unit.label} both carry a power of ten: it can be read as {once} {base} or as {twice} "
        f"{base}. Print {plain(value / unit.factor)} with the unit {unit.label}, or {once} with the unit {base}, if "
        "that is what was counted.",
        expected=f"a power of ten in the value or in the unit, not in both: a number in {unit.label}",
        found=text,
    )


def refuse_implausible(text: str, value: Decimal, characteristic: Characteristic, unit: Unit | None) -> None:
    """Raises ``Misprint`` for more cells than there can be in a dose or a millilitre."""
    if unit is None or unit.quantity not in _COUNTED or value * unit.factor <= MOST_CELLS:
        return
    base = _POWER.sub("", unit.label, count=1) if unit.factor != 1 else unit.label
    raise Misprint(
        f"{characteristic.symbol} cannot be {text} {unit.label}: look at the value, and at its unit. "
        f"{'It' if base == unit.label else plain(value * unit.factor) + ' ' + base} is more than a trillion (10^12).",
        expected="at most 10^12 cells, or 10^12 cells/mL",
        found=text,
    )
