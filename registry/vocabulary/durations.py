"""How long something took, as laboratories print it: ``14 days``, ``7 d``, ``336 h``, ``90 min``.

A number without a unit says nothing: 14 may be days or hours.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

_HOURS = {"min": Fraction(1, 60), "h": Fraction(1), "d": Fraction(24), "week": Fraction(168)}
_UNITS = {
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hour": "h",
    "hours": "h", "d": "d", "day": "d", "days": "d", "week": "week", "weeks": "week",
}  # fmt: skip
_PRINTED = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,4})?)[\s-]*([a-z]+)")
PLACES = Decimal("0.0001")


def hours(printed: str) -> Fraction | None:
    """The exact number of hours, or None when the text does not say one time with its unit."""
    parts = _PRINTED.fullmatch(unicodedata.normalize("NFKC", printed).strip().casefold())
    if parts is None or parts[2] not in _UNITS:
        return None
    return Fraction(parts[1]) * _HOURS[_UNITS[parts[2]]]


def at_least(printed: str) -> Decimal | None:
    """The hours that a test surely ran: a fraction that decimals cannot say is cut down, never up."""
    exact = hours(printed)
    if exact is None:
        return None
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES, ROUND_FLOOR)


def exactly(printed: str) -> Decimal | None:
    """The hours as an exact decimal; None when there is no such decimal of four places (100 min)."""
    exact, shortest = hours(printed), at_least(printed)
    if exact is None or shortest is None or Decimal(exact.numerator) != shortest * exact.denominator:
        return None
    return shortest


def printed(value: Decimal) -> str:
    """``336`` hours as ``14 d``, ``2`` as ``2 h``, ``0.05`` as ``3 min``: whole days, minutes below an hour."""
    minutes = value * 60
    if 0 < minutes < 60 and minutes == minutes.to_integral_value():
        return f"{format(minutes.quantize(Decimal(1)), 'f')} min"
    days = value / 24
    if days == days.to_integral_value() and days >= 2:
        return f"{format(days.quantize(Decimal(1)), 'f')} d"
    text = format(value, "f")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} h"
