"""What takes two persons: nobody alone submits and releases, or sets a failure aside and releases on what is left.

An out-of-specification result stays part of the lot's story, and whoever releases on what came after it answers for
having read why it was set aside (EU GMP 6.35; FDA, Investigating OOS Test Results, 2022, part IV).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from registry.domain import Approval, LotFacts, LotVerdict, Result
from registry.errors import Refused
from registry.release.shortfall import criterion_sentence, short_of


@dataclass(frozen=True, slots=True)
class SetAside:
    """A failure that a release would no longer rest on: the account that set it aside, and what, in a sentence."""

    by: str
    what: str


def panels_set_aside(facts: LotFacts, failing: Callable[[Sequence[Result]], list[str]]) -> Iterator[SetAside]:
    """Panels taken back that fail what the release would name; ``failing`` says what a panel's results fail."""
    for panel in facts.panels:
        if panel.withdrawn is not None and (fails := failing(panel.results)):
            by, reason = panel.withdrawn.entry.actor, panel.withdrawn.reason
            yield SetAside(by, f"{by} withdrew the panel {panel.id} ({reason}), which fails: {' '.join(fails)}")


def approvals_set_aside(
    facts: LotFacts, approvals: Sequence[Approval], digest: str, judged_by: Callable[[str], LotVerdict]
) -> Iterator[SetAside]:
    """Specifications approved in place of one that the lot does not pass, up to the one of ``digest``.

    Since the lot was registered: before, it had failed nothing. ``judged_by`` gives the lot's verdict by the digest of
    a specification.
    """
    if facts.lot.entry is None:
        return
    named = max((place for place, approval in enumerate(approvals) if approval.digest == digest), default=-1)
    for before, after in pairwise(approvals[: named + 1]):
        if before.digest == after.digest or after.entry is None or after.entry.position < facts.lot.entry.position:
            continue
        verdict = judged_by(before.digest)
        if verdict.verdict != "pass":
            yield SetAside(
                after.signed_by,
                f"{after.signed_by} approved {after.specification} version {after.version} in place of "
                f"{before.specification} version {before.version}, which this lot does not pass: {_short(verdict)}",
            )


def _short(verdict: LotVerdict) -> str:
    return " ".join(criterion_sentence(item) for item in short_of(verdict)) or f"the verdict is {verdict.verdict}."


def refused_alone(facts: LotFacts, failures: Sequence[SetAside], signer: str, members: Collection[str]) -> list[str]:
    """Why this person does not sign: they set a failure aside themselves, and another member can sign.

    ``members`` are the quality unit's accounts in use.
    """
    if not _others(facts, failures, signer, members):
        return []
    return [f"{failure.what} Another member of the quality unit signs." for failure in failures if failure.by == signer]


def to_know(facts: LotFacts, failures: Sequence[SetAside], signer: str, members: Collection[str]) -> list[str]:
    """The same for whoever may sign: read before; one's own stands here where nobody else can sign."""
    alone = not _others(facts, failures, signer, members)
    own = "You set it aside yourself, and no other member of the quality unit can sign: read again why."
    return [
        f"{failure.what} {own if failure.by == signer else 'Read why before you sign.'}"
        for failure in failures
        if failure.by != signer or alone
    ]


def _others(facts: LotFacts, failures: Sequence[SetAside], signer: str, members: Collection[str]) -> bool:
    """Whether another member could sign: one who set nothing aside here, and submitted none of the results."""
    barred = {signer, *(failure.by for failure in failures), *(panel.entry.actor for panel in facts.current_panels)}
    return not barred.issuperset(members)


def submitted_here(facts: LotFacts, signer: str) -> list[str]:
    """Why this person cannot release a lot of which they submitted results (EU GMP Part IV; 21 CFR 11.10(g))."""
    submitted = sorted({panel.id for panel in facts.current_panels if panel.entry.actor == signer})
    if not submitted:
        return []
    return [f"{signer} submitted results of this lot (panel {', '.join(submitted)}): another member signs."]


def submitted_above(verdict: LotVerdict, origins: Sequence[LotFacts], signer: str) -> list[str]:
    """Why this person cannot release a lot that inherits results of theirs: two persons, as for the lot's own."""
    rests_on = {iri for item in verdict.criteria for evidence in item.evidence for iri in evidence.derived_from}
    return [
        f"{signer} submitted results of {origin.lot.id}, which this lot inherits (panel {panel.id}): "
        "another member signs."
        for origin in origins
        for panel in origin.current_panels
        if panel.entry.actor == signer and not rests_on.isdisjoint(result.iri for result in panel.results)
    ]


def check_another_accepts(facts: LotFacts, result: str, signer: str) -> None:
    """Two persons: whoever submitted a retest does not say that it counts. Raises Refused."""
    for panel in facts.current_panels:
        own = [each for each in panel.results if each.iri == result and panel.entry.actor == signer]
        if own:
            raise Refused(
                f"{signer} submitted this {own[0].relation}: another member accepts it.",
                expected="another signer",
                found=signer,
                where=result,
            )


def apart(results: Sequence[Result]) -> list[Result]:
    """One panel's results by themselves: a retest of a result that stands elsewhere is held to its own value."""
    own = {result.iri for result in results}
    return [
        result
        if result.supersedes is None or result.supersedes in own
        else replace(result, relation=None, supersedes=None)
        for result in results
    ]
