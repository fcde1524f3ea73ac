"""Exact intervals of small counts: which parts of all fit so many of so many.

exact(0, 3)      (0, 0.7076)       exact(2, 10)     (0.0252, 0.5561)

Clopper and Pearson 1934, Biometrika 26(4):404-413, doi 10.1093/biomet/26.4.404, two-sided: with confidence 0.95 each
end leaves 0.025 beyond it. Computed with exact fractions by halving, and rounded away from the part in the fourth
digit, so that no interval is shown narrower than it is.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from math import comb

CONFIDENCE = Decimal("0.95")
_STEPS = 10**6
_SHOWN = Decimal("0.0001")


def exact(happened: int, of: int, confidence: Decimal = CONFIDENCE) -> tuple[Decimal, Decimal]:
    """The least and greatest part that fit ``happened`` of ``of``; (0, 1) of none. Raises ValueError for no count."""
    if not 0 <= happened <= of or not 0 < confidence < 1:
        raise ValueError(f"{happened} of {of} with confidence {confidence}")
    if of == 0:
        return Decimal(0), Decimal(1)
    risk = (1 - Fraction(confidence)) / 2
    low = Decimal(0) if happened == 0 else 1 - _upper(of - happened, of, risk)
    high = Decimal(1) if happened == of else _upper(happened, of, risk)
    return low.quantize(_SHOWN, ROUND_FLOOR), high.quantize(_SHOWN, ROUND_CEILING)


def _upper(happened: int, of: int, risk: Fraction) -> Decimal:
    """The least part, in millionths, at which so few or fewer are no likelier than ``risk``."""
    low, high = happened * _STEPS // of, _STEPS
    while high - low > 1:
        middle = (low + high) // 2
        part = Fraction(middle, _STEPS)
        at_most = sum(comb(of, k) * part**k * (1 - part) ** (of - k) for k in range(happened + 1))
        low, high = (low, middle) if at_most <= risk else (middle, high)
    return Decimal(high) / _STEPS
