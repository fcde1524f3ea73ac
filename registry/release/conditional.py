"""Release on condition, in two steps (EU GMP Part IV): on what is known now, completed by what is due after it.

Until everything is known a conditional release stands as long as its time runs; a plain release never does. So
``stands`` is one question for both, asked of the evidence at any moment since.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from registry.domain import Criterion, CriterionVerdict, LotFacts, LotVerdict
from registry.instants import moment
from registry.release.shortfall import awaited, passes

LONGEST = timedelta(days=366)
"""The longest that a conditional release may wait: a time further off is a mistyped year, and would never lapse."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a conditional release waits for.

    ``due`` are the ids of the criteria that are not known yet. ``met`` is True once all that was due is there, came in
    time, and the lot passes; ``complete_by`` then ends nothing any more.
    """

    due: tuple[str, ...]
    complete_by: datetime
    met: bool


@dataclass(frozen=True, slots=True)
class Lapse:
    """The first moment since the newest release at which it did not stand: the verdict then, and what was overdue."""

    verdict: LotVerdict
    overdue: tuple[CriterionVerdict, ...] = ()


def stands(facts: LotFacts, verdict: LotVerdict, at: datetime) -> bool:
    """True when the newest release stands on this evidence at that time."""
    return passes(facts, verdict) and (not awaited(facts, verdict) or in_time(facts, at))


def in_time(facts: LotFacts, at: datetime) -> bool:
    """True while the newest decision is a conditional release whose time runs."""
    limit = facts.decision_in_force.complete_by if facts.decision_in_force is not None else None
    return limit is not None and at < limit


def lapsed(facts: LotFacts, verdict: LotVerdict, at: datetime) -> Lapse | None:
    """How the newest release did not stand on this evidence at that time; None when it stood."""
    if stands(facts, verdict, at):
        return None
    return Lapse(verdict, () if in_time(facts, at) else awaited(facts, verdict))


def condition(facts: LotFacts, verdict: LotVerdict | None, lapse: Lapse | None) -> Condition | None:
    """What the lot's conditional release waits for; None when it is under none.

    When the evidence could not be judged nothing is known to be met.
    """
    by = facts.on_condition
    if by is None or by.complete_by is None:
        return None
    due = awaited(facts, verdict) if verdict is not None else ()
    met = verdict is not None and not due and lapse is None and passes(facts, verdict)
    return Condition(tuple(item.id for item in due), by.complete_by, met)


def known_not_before(criterion: Criterion, manufactured_on: date | None) -> datetime | None:
    """The earliest moment at which a test that takes its time can be known: begun on the day of manufacture.

    None where the criterion asks for no duration, or nobody said when the lot was made.
    """
    if criterion.duration is None or manufactured_on is None:
        return None
    begun = datetime.combine(manufactured_on, time(), UTC)
    return begun + timedelta(hours=float(criterion.duration))


def condition_sentence(names: Iterable[str], complete_by: datetime) -> str:
    """What stands beside the answer as long as something is not known: which, and by when."""
    return (
        f"Released on condition: not known yet, and due by {moment(complete_by)}: {', '.join(names) or 'see the lot'}."
    )
