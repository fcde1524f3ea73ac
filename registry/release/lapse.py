"""When a release ceased to stand: the first moment since it was signed at which its evidence did not carry it.

A release that was suspended stays so until the quality unit decides again, whoever withdraws or submits what since.
Nothing here judges or reads a ledger: both are asked of what is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from registry.domain import LotFacts, LotVerdict, Recorded
from registry.release.conditional import Lapse, lapsed

Judge = Callable[[LotFacts, datetime], LotVerdict]
"""The verdict of these facts under the specification that the release names, for a moment."""
History = Callable[[datetime], LotFacts]
"""What was on record of the lot at a moment."""


def first_lapse(
    facts: LotFacts, origins: Sequence[LotFacts], at: datetime, judge: Judge, history: History, *, grows_stale: bool
) -> Lapse | None:
    """The first moment after the newest release, up to ``at``, at which it did not stand; None when it always did.

    Asked of every change of the evidence, its own and what it inherits from ``origins``, right after it and, where
    evidence ``grows_stale``, right before the next; and of the time by which a conditional release had to be complete.
    """
    release = facts.decision_in_force
    if release is None or not release.releases or release.entry is None:
        return None
    for position, moments in _spells((facts, *origins), release.entry, grows_stale=grows_stale):
        before = replace(facts.as_of(position), size=position)
        for moment in moments:
            if lapse := lapsed(before, judge(before, moment), moment):
                return lapse
    deadline = release.complete_by
    if deadline is None or at < deadline:
        return None
    before = history(deadline - timedelta(microseconds=1))
    return lapsed(before, judge(before, deadline), deadline)


def _spells(
    lots: Sequence[LotFacts], release: Recorded, *, grows_stale: bool
) -> Iterator[tuple[int, tuple[datetime, ...]]]:
    """The spells since a release during which the evidence was the same: where each began, and when to ask of it.

    Of the first the requirements were asked when the release was signed, of the last ``status`` is.
    """
    changes = {change.position: change for facts in lots for change in facts.evidence_changes}
    begun = [release, *(changes[position] for position in sorted(changes) if position > release.position)]
    for place, change in enumerate(begun):
        first = (change.at,) if place else ()
        last = (begun[place + 1].at,) if grows_stale and place + 1 < len(begun) else ()
        yield change.position, (*first, *last)
