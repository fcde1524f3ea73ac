"""Percent of parent from two counts, exactly: 100 · events / parent events as a fraction, never a float.

33282 of 50000 is 66.564. 1 of 3 has no last digit, so it is the open interval between two neighbouring decimals of 30
places: no limit that anybody can write lies strictly inside, so every comparison comes out as with the fraction itself.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from registry.domain import Interval

PLACES = 30
_SHOWN = 4


def share(events: int, parent: int) -> tuple[Interval, str]:
    """The percent as an interval, and as it is printed: ``33282/50000 = 66.564``, ``1/3 ≈ 33.3333``.

    Raises ``ValueError`` for counts that are no part and whole.
    """
    if not 0 <= events <= parent or parent == 0:
        raise ValueError(f"{events} of {parent}")
    exact = Fraction(100 * events, parent)
    floor = exact.numerator * 10**PLACES // exact.denominator
    low = _decimal(floor)
    if floor * exact.denominator == exact.numerator * 10**PLACES:
        return Interval(low, low), f"{events}/{parent} = {_plain(low)}"
    rounded = _plain(Decimal(round(exact * 10**_SHOWN)).scaleb(-_SHOWN))
    return Interval(low, _decimal(floor + 1), low_open=True, high_open=True), f"{events}/{parent} ≈ {rounded}"


def _decimal(scaled: int) -> Decimal:
    """``scaled`` · 10^-PLACES, exact whatever the context's precision."""
    return Decimal(_plain(Decimal(f"{scaled}E-{PLACES}")))


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
