"""Failures set aside before a release, and by whom: asked of the ledger, for the rule of ``release.second_person``."""

from __future__ import annotations

from collections.abc import Sequence

from registry.domain import DecisionKind, LotFacts, Result, Specification
from registry.ledger.lots import LotReader
from registry.release import completes, criterion_sentence
from registry.release.second_person import SetAside, apart, approvals_set_aside, panels_set_aside
from registry.services.lot_state import LotState, LotStates


def set_aside(states: LotStates, reader: LotReader, state: LotState, kind: DecisionKind) -> tuple[SetAside, ...]:
    """Panels taken back that fail what the release would name; specifications approved over what the lot fails."""
    facts, against = state.facts, state.specification
    if against is None:
        return ()
    panels = panels_set_aside(facts, lambda results: failing(states, facts, against, results))
    if facts.lot.product is None:
        return tuple(panels)
    first = facts.on_condition if completes(facts, kind) else None
    at = first.signed_at if first is not None else state.at
    approvals = approvals_set_aside(
        facts,
        reader.approvals(facts.lot.product, facts.size),
        against.digest,
        lambda digest: states.verdict(facts, reader.specification(digest), at=at),
    )
    return (*panels, *approvals)


def failing(states: LotStates, facts: LotFacts, against: Specification, results: Sequence[Result]) -> list[str]:
    """What one panel's results fail by themselves, each in a sentence."""
    (verdict,) = states.judged([(facts, against, apart(results))])
    return [criterion_sentence(item) for item in verdict.criteria if item.verdict == "fail"]
