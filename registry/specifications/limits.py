"""A limit as text: ``95``, ``8 to 48``, ``above 8 to below 48``, ``not detected | weak``.

A point is the decimal sign. ``8 < x < 48`` and ``180-220`` are read too; what is written is one form only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from registry.domain import Criterion
from registry.errors import WrongUsage
from registry.specifications.vocabulary import decimal_text

_NUMBER = r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?"
_RANGE = re.compile(rf"(?P<above>above\s+)?(?P<low>{_NUMBER})\s+to\s+(?P<below>below\s+)?(?P<high>{_NUMBER})")
_DASH = re.compile(r"(?P<low>[0-9]+(?:\.[0-9]+)?)\s*[-–]\s*(?P<high>[0-9]+(?:\.[0-9]+)?)")
_BETWEEN = re.compile(rf"(?P<low>{_NUMBER})\s*(?P<above><=|≤|<)\s*[A-Za-z]+\s*(?P<below><=|≤|<)\s*(?P<high>{_NUMBER})")


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a numeric criterion, which of them are excluded, and with how many decimals they are printed."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    decimals: int = 0


def read_limits(operator: str, text: str) -> Limits:
    """What a numeric operator's limit says. Raises WrongUsage."""
    if operator != "range":
        value = _number(text)
        upper = operator in ("<=", "<")
        return Limits(None if upper else value, value if upper else None, decimals=_decimals(value))
    match = _RANGE.fullmatch(text) or _DASH.fullmatch(text) or _BETWEEN.fullmatch(text)
    if match is None:
        raise WrongUsage("This is no range.", expected="8 to 48, above 8 to 48, or 8 to below 48", found=text)
    ends = match.groupdict()
    low, high = _number(ends["low"]), _number(ends["high"])
    opens = [(ends.get(side) or "").strip() in ("above", "below", "<") for side in ("above", "below")]
    return Limits(low, high, opens[0], opens[1], max(_decimals(low), _decimals(high)))


def _number(text: str) -> Decimal:
    if not re.fullmatch(_NUMBER, text):
        todo = "Write the decimal sign as a point." if "," in text else "Write digits, such as 95, 0.5 or 4.5e7."
        raise WrongUsage("This is no number.", expected="a number", found=text, todo=todo)
    return Decimal(text)


def _decimals(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def limit_text(criterion: Criterion) -> str:
    """A numeric criterion's limit in the one form that is written."""
    low, high = (_text(limit, criterion.decimals) for limit in (criterion.low, criterion.high))
    if criterion.operator != "range":
        return low or high
    return f"{'above ' if criterion.low_open else ''}{low} to {'below ' if criterion.high_open else ''}{high}"


def _text(limit: Decimal | None, decimals: int | None) -> str:
    if limit is None:
        return ""
    text = decimal_text(limit)
    if not decimals:
        return text
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(decimals, '0')}"


def words(criterion: Criterion, unit: str) -> str:
    """A numeric criterion's limit in a sentence: ``at least 95 %``, ``more than 8 and less than 48 h``."""
    parts = []
    low, high = (_text(limit, criterion.decimals) for limit in (criterion.low, criterion.high))
    if low:
        parts.append(("more than " if criterion.low_is_excluded else "at least ") + low)
    if high:
        parts.append(("less than " if criterion.high_is_excluded else "at most ") + high)
    return f"{' and '.join(parts)} {unit}".rstrip()
