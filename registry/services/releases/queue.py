"""What a lot that waits lacks, by the requirements of a release: the queue says nothing that a signature refuses.

What depends on who signs (the role, and whose results they are) is left to the form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import LotFacts, LotVerdict
from registry.release import NO_EXPIRY, awaited, missing_for_release, not_shown, short_of
from registry.services.answers import Answer
from registry.services.lot_state import LotStates

_SOME_MEANING = "Reviewed."
"""A meaning is typed when somebody signs: none is missing before."""


@dataclass(frozen=True, slots=True)
class Lacking(Answer):
    """What stands between a lot and a release. ``fails``, ``not_shown`` and ``due`` are ids of criteria.

    ``due`` comes after release and is not there: without it only a conditional release can be signed. ``otherwise``
    are the sentences on what is no gating criterion, such as a stop on a bank; that there is no expiry stands in
    ``no_expiry`` instead. ``unaccepted`` counts the retests and corrections that wait to be accepted. ``trail`` says
    that its audit trail is to be reviewed first; empty where it is, or where the product asks for none.
    """

    fails: tuple[str, ...]
    not_shown: tuple[str, ...]
    due: tuple[str, ...]
    no_expiry: bool
    otherwise: tuple[str, ...]
    unaccepted: int = 0
    trail: str = ""

    @property
    def nothing(self) -> bool:
        """Whether a release, or a conditional one where something is due, could be signed now."""
        return self.evidence_suffices and not self.trail

    @property
    def evidence_suffices(self) -> bool:
        """The same, but for the review of its audit trail."""
        return not (self.fails or self.not_shown or self.no_expiry or self.otherwise)


def lacking(
    states: LotStates, lots: Sequence[str], trail_due: Callable[[LotFacts], str] = lambda facts: ""
) -> dict[str, Lacking]:
    """Of each lot, held against what a release of it would name, all judged together; raises Unknown.

    ``trail_due`` answers what a lot lacks of the review of its audit trail.

    A lot may be named twice: one whose conditional release lapsed stands in both lists of the queue.
    """
    named = list(dict.fromkeys(lots))
    held = states.for_decision(states.of(named), "release")
    return {
        lot: _lacking(state.facts, state.verdict, state.at, trail_due(state.facts))
        for lot, state in zip(named, held, strict=True)
    }


def _lacking(facts: LotFacts, verdict: LotVerdict | None, at: datetime, trail: str) -> Lacking:
    due = awaited(facts, verdict) if verdict is not None else ()
    missing = missing_for_release(
        facts, verdict, signer="", signer_role="quality unit", meaning=_SOME_MEANING, now=at,
        kind="conditional release" if due else "release",
    )  # fmt: skip
    short = short_of(verdict) if verdict is not None else []
    elsewhere = {*(not_shown(verdict) if verdict is not None else ()), NO_EXPIRY}
    return Lacking(
        fails=tuple(item.id for item in short if item.verdict == "fail"),
        not_shown=tuple(item.id for item in short if item.verdict != "fail"),
        due=tuple(item.id for item in due),
        no_expiry=facts.lot.expires_at is None,
        otherwise=tuple(sentence for sentence in missing if sentence not in elsewhere),
        unaccepted=len(facts.unaccepted),
        trail=trail,
    )
