"""A result as it was understood, for whoever sent it: the number in its base unit, every value that it could be.

2 of 10^6 cells  →  2000000 cells          <0.5 of %  →  from 0 to below 0.5 %          46,XX  →  46,XX
"""

from __future__ import annotations

from decimal import Decimal

from registry.domain import Interval, Result
from registry.intake.values import plain
from registry.vocabulary import Terms, Unit


def understood(result: Result, terms: Terms) -> str:
    """The reading in a few words; the number of a scaled unit (``10^6 cells``) times its factor."""
    reading = result.reading
    if reading.interval is None:
        return reading.state or (terms.label(reading.outcome) if reading.outcome else reading.text or "")
    unit = terms.units.get(result.unit or "")
    base = _base(unit, terms)
    factor = unit.factor if unit is not None and base is not unit else Decimal(1)
    return f"{_span(reading.interval, factor)} {base.label if base is not None else ''}".strip()


def _base(unit: Unit | None, terms: Terms) -> Unit | None:
    """The unit of the same quantity that has no factor; the unit itself where there is none."""
    if unit is None or unit.factor == 1:
        return unit
    return next((each for each in terms.units.values() if each.quantity == unit.quantity and each.factor == 1), unit)


def _span(interval: Interval, factor: Decimal) -> str:
    low, high = (None if bound is None else plain(bound * factor) for bound in (interval.low, interval.high))
    if low is not None and low == high:
        return low
    above = "" if low is None else f"{'above' if interval.low_open else 'from'} {low}"
    below = "" if high is None else f"{'below' if interval.high_open else 'up to'} {high}"
    if low is not None and high is not None:
        return f"{above} {'to below' if interval.high_open else 'to'} {high}"
    return (above if interval.low_open else f"{low} or more") if high is None else below or "any number"
