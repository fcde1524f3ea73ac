"""Which outcomes count: a correction stands in the place of what it supersedes, and several that disagree are all kept.

Never an average, never "the last one wins": of replicates, or of two files that differ, the whole span counts, and it
is said that there were several.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.domain import Interval, Result
from registry.domain.outcome import Outcome
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class SeenResult:
    """One result with the day and the visit it was seen at."""

    result: Result
    day: date | None
    visit: int | None


def counting(outcomes: Iterable[Outcome]) -> tuple[SeenResult, ...]:
    """Every result but those that a correction or retest supersedes, in the ledger's order."""
    every = [SeenResult(result, each.day, each.visit) for each in outcomes for result in each.results]
    gone = {each.result.supersedes for each in every if each.result.supersedes}
    return tuple(each for each in every if each.result.iri not in gone)


def in_base_unit(result: Result, terms: Terms) -> Interval | None:
    """The bounds in the base unit of the characteristic; None for a word, a state, or a unit that does not convert."""
    span = result.reading.interval
    known = terms.characteristics.get(result.characteristic)
    if span is None or known is None or not known.units or result.unit is None:
        return None
    base = known.units[0]
    low, high = (_bound(bound, result.unit, base, terms) for bound in (span.low, span.high))
    if (span.low is not None and low is None) or (span.high is not None and high is None):
        return None
    return Interval(low, high, span.low_open, span.high_open)


def _bound(bound: Decimal | None, unit: str, base: str, terms: Terms) -> Decimal | None:
    return None if bound is None else terms.convert(bound, unit, base)


def span(intervals: Sequence[Interval]) -> Interval:
    """Everything from the least to the greatest of several intervals; raises ValueError for none."""
    if not intervals:
        raise ValueError("no interval")
    lows = [each.low for each in intervals]
    highs = [each.high for each in intervals]
    low = None if None in lows else min(bound for bound in lows if bound is not None)
    high = None if None in highs else max(bound for bound in highs if bound is not None)
    low_open = all(each.low_open for each in intervals if each.low == low)
    high_open = all(each.high_open for each in intervals if each.high == high)
    return Interval(low, high, low_open, high_open)
