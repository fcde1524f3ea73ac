"""Limits that cannot have been meant: contradictions, out of range, on the wrong side, in a unit that does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

from registry.domain import Criterion, Interval, Specification
from registry.identifiers import OBO
from registry.specifications.limits import words
from registry.specifications.wording import contradictions
from registry.vocabulary import Characteristic, Terms

Said = tuple[str, str, str | None, str, str]
"""(code, severity, criterion, message, what to do)"""

PERCENT = OBO + "UO_0000187"
LAX = Decimal(50)
"""A negative marker's limit above which it says nothing: SCRT 2016, doi 10.1186/s13287-016-0370-8, has 85."""


def about_limits(specification: Specification, terms: Terms) -> Iterator[Said]:
    """What is to be said of each criterion's limit, and of each two for one characteristic."""
    for criterion in specification.criteria:
        known = terms.characteristics.get(criterion.characteristic)
        yield from _unit(criterion, known, terms)
        for problem in contradictions(criterion):
            yield ("words-contradict-limit", "error", criterion.id, f"Of {criterion.label} {problem}.",
                   "Correct the words, or leave the message out: it is then written from the limit.")  # fmt: skip
        if criterion.operator != "one of":
            yield from _reach(criterion, known)
            yield from _side(criterion, known)
    for first, other in combinations(specification.criteria, 2):
        if _ask_the_same(first, other):
            yield from _together(first, other)


def limits_of(criterion: Criterion) -> Interval:
    """The values that a numeric criterion accepts."""
    return Interval(criterion.low, criterion.high, criterion.low_is_excluded, criterion.high_is_excluded)


def _unit(criterion: Criterion, known: Characteristic | None, terms: Terms) -> Iterator[Said]:
    if known is None or criterion.unit is None or criterion.unit in known.units:
        return
    admitted = " or ".join(terms.units[unit].label for unit in known.units) or "no unit: its result is a word"
    yield ("unit-does-not-fit", "error", criterion.id,
           f"{criterion.label} is not measured in {terms.label(criterion.unit)}: no result could ever meet the limit.",
           f"State the limit in {admitted}.")  # fmt: skip


def _reach(criterion: Criterion, known: Characteristic | None) -> Iterator[Said]:
    """Whether any value there can be meets the limit, and whether any does not."""
    possible = known.range if known is not None else None
    fits = criterion.unit in (known.units if known is not None else ())
    accepted = limits_of(criterion)
    if accepted.is_empty or (possible is not None and fits and accepted.intersect(possible).is_empty):
        yield ("cannot-be-met", "error", criterion.id,
               f"No value of {criterion.label} meets {words(criterion, '').strip()}: every lot would fail.",
               "Correct the limit.")  # fmt: skip
    elif possible is not None and fits and possible.within(accepted):
        yield ("lets-everything-through", "error", criterion.id,
               f"Every value that {criterion.label} can have meets {words(criterion, '').strip()}.",
               "Correct the limit, or make the criterion informative.")  # fmt: skip


def _side(criterion: Criterion, known: Characteristic | None) -> Iterator[Said]:
    only_low = criterion.low is not None and criterion.high is None
    only_high = criterion.high is not None and criterion.low is None
    if known is None:
        return
    if (known.better == "low" and only_low) or (known.better == "high" and only_high):
        yield ("wrong-side", "error", criterion.id,
               f"{criterion.label} should be {known.better}, and the limit asks for {words(criterion, '').strip()}.",
               "Turn the limit round.")  # fmt: skip
    if known.is_marker and criterion.unit == PERCENT and only_high and criterion.high is not None:
        yield from _lax(criterion, criterion.high)


def _lax(criterion: Criterion, high: Decimal) -> Iterator[Said]:
    if high > LAX:
        yield ("negative-limit-above-50", "warning", criterion.id,
               f"{criterion.label} may be on up to {format(high, 'f')} % of the cells: that hardly excludes anything.",
               "State the limit that is meant for a negative marker, such as 2 %.")  # fmt: skip


def _ask_the_same(first: Criterion, other: Criterion) -> bool:
    """Two criteria for one characteristic, of evidence that could be one and the same."""
    return (first.characteristic, first.stage) == (other.characteristic, other.stage) and (
        first.method is None or other.method is None or first.method == other.method
    )


def _together(first: Criterion, other: Criterion) -> Iterator[Said]:
    if _exclude_each_other(first, other):
        yield ("contradiction", "error", other.id,
               f"No lot meets both {first.id} and {other.id}: they ask different things of {first.label}.",
               "Keep the one that is meant.")  # fmt: skip
    elif (first.low is not None and other.low is not None) or (first.high is not None and other.high is not None):
        gates = [item.id for item in (first, other) if item.standing == "gating"]
        which = f"{' and '.join(gates)} {'gates' if len(gates) == 1 else 'gate'}" if gates else "none gates"
        yield ("two-limits", "warning", other.id,
               f"{first.id} and {other.id} set two limits for {first.label}; {which}.",
               "Say in a note which limit is for what, or keep one.")  # fmt: skip


def _exclude_each_other(first: Criterion, other: Criterion) -> bool:
    if first.operator == "one of" and other.operator == "one of":
        return not set(first.outcomes) & set(other.outcomes)
    if "one of" in (first.operator, other.operator) or first.unit != other.unit:
        return False
    return limits_of(first).intersect(limits_of(other)).is_empty
