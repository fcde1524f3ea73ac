"""What has become of a release since: the specification in force by now, and what a lot shows of it."""

from __future__ import annotations

from registry.ledger.lots import LotReader
from registry.release import short_of
from registry.services.lot_state import LotState, LotStates
from registry.services.lots.evidence_view import InForce


def superseded(states: LotStates, reader: LotReader, state: LotState) -> InForce | None:
    """The specification in force, where a lot that may be injected does not pass it; None where there is no news.

    The lot keeps to the specification that its release names (see ``LotFacts.settled_by``): this changes no answer.
    """
    approval, named = state.facts.approval, state.specification
    if not state.status.may_be_injected or approval is None or named is None or approval.digest == named.digest:
        return None
    against = reader.specification(approval.digest)
    verdict = states.verdict(state.facts, against, at=state.at)
    if verdict.verdict == "pass":
        return None
    short = short_of(verdict)
    fails = tuple(item.characteristic for item in short if item.verdict == "fail")
    not_shown = tuple(item.characteristic for item in short if item.verdict != "fail")
    shortfalls = [
        *([f"fails {', '.join(fails)}"] if fails else []),
        *([f"does not show {', '.join(not_shown)}"] if not_shown else []),
    ] or [f"is {verdict.verdict}"]
    message = (
        f"The specification in force now is {against.id} version {against.version}; against it this lot "
        f"{' and '.join(shortfalls)}. It was released under {named.id} version {named.version}."
    )
    return InForce(against.id, against.version, against.digest, verdict.verdict, fails, not_shown, message)
