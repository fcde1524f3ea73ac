"""How much of a population may carry what so many of its counted events carry: one-sided exact binomial bounds.

    upper(0, 200, 0.95)       1.486704 %    no positive among 200 events shows only this
    upper(10, 50000, 0.95)    0.033923 %
    lower(195, 200, 0.95)    94.815666 %

Clopper and Pearson 1934, Biometrika 26(4):404-413, doi 10.1093/biomet/26.4.404: the upper bound p solves
P(X <= positives; events, p) = 1 - confidence, and the lower bound is its mirror. Computed with decimals of fifty
digits and rounded away from the count in the sixth digit of the percent, so that a bound never flatters a lot.

We do not use scipy's beta distribution here because it answers a binary fraction of no stated error; the tests hold
this against it.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal, localcontext
from functools import lru_cache
from math import factorial

MOST = 1_000_000
"""More events than this are counted as this many, of the same part: that widens the bound, and never narrows it."""

STEPS = 10**8
"""The bound is looked for among hundred-millionths: the sixth digit of a percent."""

_SMALL = 400
_BERNOULLI = ((1, 12), (-1, 360), (1, 1260), (-1, 1680), (1, 1188), (-691, 360360), (1, 156), (-3617, 122400))
"""Stirling's series (DLMF 5.11.1); from 400 up the first term left out is below 1e-40."""

_HALF_LOG_2_PI = Decimal("0.91893853320467274178032973640561763986139747363778")
_NEGLIGIBLE = Decimal("1e-30")


def upper(positives: int, events: int, confidence: Decimal) -> Decimal:
    """The greatest percent that still fits ``positives`` of ``events``. Raises ValueError for counts that cannot be."""
    if not 0 <= positives <= events or events < 1 or not 0 < confidence < 1:
        raise ValueError(f"{positives} of {events} with confidence {confidence}")
    if events > MOST:
        positives, events = -(-positives * MOST // events), MOST
    if positives == events:
        return Decimal(100)
    return Decimal(_least_step(positives, events, 1 - confidence)) * 100 / STEPS


def lower(positives: int, events: int, confidence: Decimal) -> Decimal:
    """The least percent that still fits ``positives`` of ``events``. Raises ValueError for counts that cannot be."""
    return 100 - upper(events - positives, events, confidence)


@lru_cache(maxsize=4096)
def _least_step(positives: int, events: int, risk: Decimal) -> int:
    """The least p, in steps, at which so few positives or fewer are no likelier than ``risk``."""
    with localcontext() as context:
        context.prec = 50
        ways = _log_factorial(events) - _log_factorial(positives) - _log_factorial(events - positives)
        low, high = positives * STEPS // events, STEPS
        while high - low > 1:
            middle = (low + high) // 2
            unlikely = _at_most(positives, events, Decimal(middle) / STEPS, ways) <= risk
            low, high = (low, middle) if unlikely else (middle, high)
    return high


def _at_most(positives: int, events: int, part: Decimal, log_ways: Decimal) -> Decimal:
    """P(X <= positives), never too small: what is left of the sum is bounded by a geometric series and added."""
    odds = (1 - part) / part
    term = (log_ways + positives * part.ln() + (events - positives) * (1 - part).ln()).exp()
    total = term
    for count in range(positives, 0, -1):
        ratio = odds * count / (events - count + 1)
        term *= ratio
        total += term
        if ratio < 1 and term < total * _NEGLIGIBLE:
            total += term * ratio / (1 - ratio)
            break
    return total * (1 + Decimal("1e-35"))


@lru_cache(maxsize=64)
def _log_factorial(number: int) -> Decimal:
    """ln(number!), to more than forty digits."""
    if number < _SMALL:
        return Decimal(factorial(number)).ln()
    x = Decimal(number + 1)
    series = sum(
        (Decimal(above) / (Decimal(below) * x ** (2 * place + 1)) for place, (above, below) in enumerate(_BERNOULLI)),
        Decimal(0),
    )
    return (x - Decimal("0.5")) * x.ln() - x + _HALF_LOG_2_PI + series


def ceiling(value: Decimal) -> int:
    """The least whole number that is not below."""
    return int(value.to_integral_value(ROUND_CEILING))
