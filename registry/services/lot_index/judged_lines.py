"""What a line says of a lot: its state (``LotStates``) without a clock.

A line holds no clock: it says what is so as if no lot had expired and no condition were overdue; that is compared when
it is read. A release that has lapsed before it is judged has lapsed for good.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.domain import Interval, LotFacts, LotVerdict
from registry.judgement.kept_results import kept
from registry.judgement.many import Kept
from registry.release import short_of
from registry.services.lot_index import Judgement, Value
from registry.services.lot_state import LotState, LotStates
from registry.vocabulary import Terms


def judged_lines(states: LotStates, terms: Terms, lots: Sequence[str], size: int) -> list[Judgement]:
    """The lots judged as they stand at a ledger size, each against the specification that its page would name."""
    return [_judgement(terms, state, size) for state in states.of(lots, size=size)]


def _judgement(terms: Terms, state: LotState, size: int) -> Judgement:
    facts, verdict, answer = state.facts, state.verdict, state.without_clock
    stages = {terms.stages.get(panel.stage, panel.stage) for panel in facts.current_panels if panel.stage}
    return Judgement(
        lot=facts.lot.id,
        size=size,
        state=answer.state,
        verdict=verdict.verdict if verdict else "",
        stages=tuple(sorted(stages)),
        short_of=tuple(item.id for item in short_of(verdict)) if verdict else (),
        panels=len(facts.current_panels),
        holds_until=state.fresh,
        values=_values(verdict) if verdict else (),
        complete_by=answer.condition.complete_by if answer.condition else None,
        awaits=answer.condition.due if answer.condition else (),
        against=state.specification.digest if state.specification else "",
        kept=kept_of(facts),
    )


def kept_of(facts: LotFacts) -> Kept:
    """What is kept of a lot, so that many are judged without reading what is on record of each."""
    results = kept(facts.lot.id, facts.results, facts.accepted)
    return Kept(facts.lot.id, results, facts.lot.containers, facts.origin_names)


def _values(verdict: LotVerdict) -> tuple[Value, ...]:
    values = []
    for item in verdict.criteria:
        if item.observed is None:
            continue
        span = (item.rests_on.interval if item.rests_on is not None else None) or Interval(None, None)
        low, high = (None if bound is None else format(bound, "f") for bound in (span.low, span.high))
        values.append(Value(item.id, low, high, item.observed, item.verdict))
    return tuple(values)
