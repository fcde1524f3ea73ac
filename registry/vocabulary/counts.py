"""How many events were counted, as laboratories print it: ``50000``, ``50 000``, ``5E4``.

A comma or a point before three digits may mark thousands or decimals: nobody guesses which.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:[ \u00a0\u2007\u2009\u202f][0-9]{3})+")
_EITHER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+")
MOST = Decimal(10) ** 12


def count(printed: str) -> int | None:
    """The whole number above zero that was printed; None for anything else (``~5000``, ``1.5``, ``n=20000``)."""
    text = printed.strip()
    text = "".join(text.split()) if _GROUPED.fullmatch(text) else text
    if _EITHER.fullmatch(text):
        return None
    try:
        number = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        return None
    is_count = number.is_finite() and 0 < number < MOST and number == number.to_integral_value()
    return int(number) if is_count else None
