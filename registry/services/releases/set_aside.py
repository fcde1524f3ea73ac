"""Failures set aside before a release, and by whom: nobody alone sets a failure aside and releases on what is left.

An out-of-specification result stays part of the lot's story, and whoever releases on what came after it answers for
having read why it was set aside (EU GMP 6.35; FDA, Investigating OOS Test Results, 2022, part IV).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from registry.domain import DecisionKind, LotFacts, LotVerdict, Result, Specification
from registry.release import completes, criterion_sentence, short_of
from registry.services.context import Judged, Parts


@dataclass(frozen=True, slots=True)
class SetAside:
    """A failure that a release would no longer rest on: the account that set it aside, and what, in a sentence."""

    by: str
    what: str


def set_aside(parts: Parts, judged: Judged, kind: DecisionKind) -> tuple[SetAside, ...]:
    """Panels taken back that fail what the release would name; specifications approved over what the lot fails."""
    if judged.specification is None:
        return ()
    return (*_panels(parts, judged.facts, judged.specification), *_approvals(parts, judged, kind))


def refused_alone(parts: Parts, facts: LotFacts, found: Sequence[SetAside], signer: str) -> list[str]:
    """Why this person does not sign: they set a failure aside themselves, and another member can sign."""
    if not _others(parts, facts, found, signer):
        return []
    return [f"{one.what} Another member of the quality unit signs." for one in found if one.by == signer]


def to_know(parts: Parts, facts: LotFacts, found: Sequence[SetAside], signer: str) -> list[str]:
    """The same for whoever may sign: read before; one's own stands here where nobody else can sign."""
    alone = not _others(parts, facts, found, signer)
    own = "You set it aside yourself, and no other member of the quality unit can sign: read again why."
    return [
        f"{one.what} {own if one.by == signer else 'Read why before you sign.'}"
        for one in found
        if one.by != signer or alone
    ]


def _others(parts: Parts, facts: LotFacts, found: Sequence[SetAside], signer: str) -> bool:
    """Whether another member could sign: one in use who set nothing aside here, and submitted none of the results."""
    barred = {signer, *(one.by for one in found), *(panel.entry.actor for panel in facts.current_panels)}
    return any(
        one.role == "quality unit" and not one.disabled and one.name not in barred
        for one in parts.accounts.people.all()
    )


def _panels(parts: Parts, facts: LotFacts, against: Specification) -> Iterator[SetAside]:
    for panel in facts.panels:
        if panel.withdrawn is not None and (fails := failing(parts, facts, against, panel.results)):
            by, reason = panel.withdrawn.entry.actor, panel.withdrawn.reason
            yield SetAside(by, f"{by} withdrew the panel {panel.id} ({reason}), which fails: {' '.join(fails)}")


def failing(parts: Parts, facts: LotFacts, against: Specification, results: Sequence[Result]) -> list[str]:
    """What one panel's results fail by themselves, each in a sentence.

    A retest of a result that stands elsewhere is held to its own value here.
    """
    own = {one.iri for one in results}
    apart = [
        one if one.supersedes is None or one.supersedes in own else replace(one, relation=None, supersedes=None)
        for one in results
    ]
    verdict = parts.judge_results(against, facts, apart)
    return [criterion_sentence(item) for item in verdict.criteria if item.verdict == "fail"]


def _approvals(parts: Parts, judged: Judged, kind: DecisionKind) -> Iterator[SetAside]:
    """Specifications approved in place of one that the lot does not pass, up to the one that the release names.

    Since the lot was registered: before, it had failed nothing.
    """
    facts, against = judged.facts, judged.specification
    if facts.lot.product is None or facts.lot.entry is None or against is None:
        return
    every = parts.lots.approvals(facts.lot.product, facts.size)
    named = max((place for place, one in enumerate(every) if one.digest == against.digest), default=-1)
    first = facts.on_condition if completes(facts, kind) else None
    at = first.signed_at if first is not None else judged.at
    for before, after in pairwise(every[: named + 1]):
        if before.digest == after.digest or after.entry is None or after.entry.position < facts.lot.entry.position:
            continue
        verdict = parts.judge(facts, parts.specification(before.digest), at=at)
        if verdict.verdict != "pass":
            yield SetAside(
                after.signed_by,
                f"{after.signed_by} approved {after.specification} version {after.version} in place of "
                f"{before.specification} version {before.version}, which this lot does not pass: {_short(verdict)}",
            )


def _short(verdict: LotVerdict) -> str:
    return " ".join(criterion_sentence(item) for item in short_of(verdict)) or f"the verdict is {verdict.verdict}."
