"""What a line says of a lot: judged in batches, by the same rules as the lot's own page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from registry.domain import Interval, LotFacts, LotVerdict, Result, Specification
from registry.judgement import judge
from registry.release import fresh_until, short_of, status
from registry.services.context import Parts
from registry.services.lot_index import Judgement, Value

BEFORE_ANY_EXPIRY = datetime(1, 1, 1, tzinfo=UTC)
"""A line holds no clock: it is judged as if no lot had expired and no condition were overdue; that is compared when it
is read. A release that has lapsed before it is judged has lapsed for good."""


def judged_lines(parts: Parts, lots: Sequence[str], size: int) -> list[Judgement]:
    """The lots judged as they stand at a ledger size, each against the specification that its page would name."""
    facts = {lot: parts.lots.facts(lot, size) for lot in lots}
    now = parts.ledger.now()
    against = {lot: parts.held_against(one)[0] for lot, one in facts.items()}
    verdicts: dict[str, LotVerdict] = {}
    for digest in {one.digest for one in against.values() if one is not None}:
        group = {lot: facts[lot] for lot, one in against.items() if one is not None and one.digest == digest}
        specification = next(one for one in against.values() if one is not None and one.digest == digest)
        verdicts |= _judged(parts, specification, group, now)
    return [_judgement(parts, one, against[lot], verdicts.get(lot), size, now) for lot, one in facts.items()]


def _judged(
    parts: Parts, against: Specification, facts: Mapping[str, LotFacts], now: datetime
) -> dict[str, LotVerdict]:
    """Verdicts by lot. Lots without a result all have the same one, so it is judged once."""
    if any(one.window is not None or one.inherited_from is not None for one in against.criteria):
        return {lot: parts.judge(one, against, at=now) for lot, one in facts.items()}
    accepted = frozenset[str]().union(*(one.accepted for one in facts.values()))
    results: dict[str, Sequence[Result]] = {lot: one.results for lot, one in facts.items() if one.results}
    bare = [lot for lot, one in facts.items() if not one.results]
    if bare:
        results[bare[0]] = ()
    judged = judge.judge_lots(against, results, parts.terms, accepted=accepted)
    found = dict(zip(results, judged, strict=True))
    return found | {lot: replace(found[bare[0]], lot=lot) for lot in bare}


def _judgement(
    parts: Parts, facts: LotFacts, against: Specification | None, verdict: LotVerdict | None, size: int, now: datetime
) -> Judgement:
    labels = {
        panel.stage: parts.terms.stages.get(panel.stage, panel.stage) for panel in facts.current_panels if panel.stage
    }
    answer = status(facts, verdict, BEFORE_ANY_EXPIRY, parts.lapse(facts, against, now))
    return Judgement(
        lot=facts.lot.id,
        size=size,
        state=answer.state,
        verdict=verdict.verdict if verdict else "",
        stages=tuple(sorted(labels.values())),
        short_of=tuple(item.id for item in short_of(verdict)) if verdict else (),
        panels=len(facts.current_panels),
        holds_until=fresh_until(against, verdict, now) if against and verdict else None,
        values=_values(verdict) if verdict else (),
        complete_by=answer.condition.complete_by if answer.condition else None,
        awaits=answer.condition.due if answer.condition else (),
        against=against.digest if against else "",
    )


def _values(verdict: LotVerdict) -> tuple[Value, ...]:
    found = []
    for item in verdict.criteria:
        if item.observed is None:
            continue
        span = (item.rests_on.interval if item.rests_on is not None else None) or Interval(None, None)
        low, high = (None if bound is None else format(bound, "f") for bound in (span.low, span.high))
        found.append(Value(item.id, low, high, item.observed, item.verdict))
    return tuple(found)
