"""Which criteria keep a lot from passing, and how far each result is from its limit.

88 % where at least 95 % is asked for is short by 7; ``<90`` is short by more than 5; 95 where more than 95 is asked for
is short by 0: it lies on the limit, which is not enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.domain import Criterion, CriterionVerdict, Interval, LotVerdict, Specification
from registry.services.answers import Answer
from registry.vocabulary import Terms

DECIDES = ("fail", "undetermined", "missing")
"""Verdicts that keep a lot from passing, the gravest first."""


@dataclass(frozen=True, slots=True)
class Shortfall(Answer):
    """One criterion that a lot does not show.

    ``by`` is how far a failing result is from the limit, in ``unit``; None where it is no figure. ``at_least`` is True
    when a censored result may be further away. ``low`` tells which side: True below the limit, False above it.
    """

    lot: str
    criterion: str
    characteristic: str
    verdict: str
    expected: str
    observed: str | None
    note: str
    by: Decimal | None
    unit: str
    at_least: bool
    low: bool


def shortfalls(against: Specification, verdict: LotVerdict, terms: Terms) -> tuple[Shortfall, ...]:
    """What keeps the lot from passing, failures first; nothing for a group that another of its members shows."""
    criteria = {criterion.id: criterion for criterion in against.criteria}
    shown = {member for group in verdict.groups if group.verdict == "pass" for member in group.members}
    deciding = [
        item
        for item in verdict.criteria
        if item.standing == "gating" and item.verdict in DECIDES and item.id not in shown and item.id not in verdict.due
    ]
    ordered = sorted(deciding, key=lambda item: DECIDES.index(item.verdict))
    return tuple(_shortfall(verdict.lot, criteria[item.id], item, terms) for item in ordered)


def _shortfall(lot: str, criterion: Criterion, item: CriterionVerdict, terms: Terms) -> Shortfall:
    evidence = item.rests_on
    shown = evidence.interval if evidence is not None and item.verdict == "fail" else None
    by, at_least, low = _distance(criterion, shown) if shown is not None else (None, False, False)
    unit = terms.units[criterion.unit].label if criterion.unit else ""
    about = (item.characteristic, item.verdict, item.expected, item.observed, item.note)
    return Shortfall(lot, item.id, *about, by, unit, at_least, low)


def _distance(criterion: Criterion, shown: Interval) -> tuple[Decimal | None, bool, bool]:
    """How far the result is from the limit that it misses, whether it may be further, and whether it lies below."""
    if criterion.low is not None and shown.high is not None and shown.high <= criterion.low:
        return criterion.low - shown.high, shown.low != shown.high, True
    if criterion.high is not None and shown.low is not None and shown.low >= criterion.high:
        return shown.low - criterion.high, shown.low != shown.high, False
    return None, False, False
