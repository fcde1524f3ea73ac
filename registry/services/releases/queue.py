"""What a lot that waits lacks, by the gate that a release passes: the queue says nothing that a signature would refuse.

What depends on who signs (the role, and whose results they are) is left to the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import LotFacts, LotVerdict, Specification
from registry.release import NO_EXPIRY, awaited, missing_for_release, not_shown, short_of
from registry.services.answers import Answer
from registry.services.context import Parts

_SOME_MEANING = "Reviewed."
"""A meaning is typed when somebody signs: none is missing before."""


@dataclass(frozen=True, slots=True)
class Lacking(Answer):
    """What stands between a lot and a release. ``fails``, ``not_shown`` and ``due`` are ids of criteria.

    ``due`` comes after release and is not there: without it only a conditional release can be signed. ``otherwise``
    are the gate's sentences on what is no gating criterion, such as a stop on a bank; that there is no expiry stands in
    ``no_expiry`` instead. ``unaccepted`` counts the retests and corrections that wait to be accepted.
    """

    fails: tuple[str, ...]
    not_shown: tuple[str, ...]
    due: tuple[str, ...]
    no_expiry: bool
    otherwise: tuple[str, ...]
    unaccepted: int = 0

    @property
    def nothing(self) -> bool:
        """Whether a release, or a conditional one where something is due, could be signed now."""
        return not (self.fails or self.not_shown or self.no_expiry or self.otherwise)


def lacking(parts: Parts, lots: Sequence[str]) -> dict[str, Lacking]:
    """Of each lot, held against what a decision on it would name, all judged together; raises Unknown.

    A lot may be named twice: one whose conditional release lapsed stands in both lists of the queue.
    """
    at, lots = parts.ledger.now(), list(dict.fromkeys(lots))
    every = parts.lots.facts_of(lots)
    against = [_asked(parts, facts) for facts in every]
    asked = [(facts, one) for facts, one in zip(every, against, strict=True) if one is not None]
    verdicts = {verdict.lot: verdict for verdict in parts.judge_each(asked, at)}
    return {lot: _lacking(facts, verdicts.get(facts.lot.id), at) for lot, facts in zip(lots, every, strict=True)}


def _asked(parts: Parts, facts: LotFacts) -> Specification | None:
    """What is approved for the product; a conditional release is completed under the specification that it names."""
    if facts.on_condition is not None:
        return parts.held_against(facts)[0]
    return parts.specification(facts.approval.digest) if facts.approval else None


def _lacking(facts: LotFacts, verdict: LotVerdict | None, at: datetime) -> Lacking:
    due = awaited(facts, verdict) if verdict is not None else ()
    missing = missing_for_release(
        facts, verdict, signer="", signer_role="quality unit", meaning=_SOME_MEANING, now=at,
        kind="conditional release" if due else "release",
    )  # fmt: skip
    short = short_of(verdict) if verdict is not None else []
    said = {*(not_shown(verdict) if verdict is not None else ()), NO_EXPIRY}
    return Lacking(
        fails=tuple(item.id for item in short if item.verdict == "fail"),
        not_shown=tuple(item.id for item in short if item.verdict != "fail"),
        due=tuple(item.id for item in due),
        no_expiry=facts.lot.expires_at is None,
        otherwise=tuple(sentence for sentence in missing if sentence not in said),
        unaccepted=len(facts.unaccepted),
    )
