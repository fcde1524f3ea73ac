"""Before anybody signs: which decisions could be taken on a lot now, and everything that stands against a release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from registry.domain import DecisionKind
from registry.instants import moment
from registry.judgement.plausibility import doubts
from registry.ledger.lots import look_alikes
from registry.release import awaited, completes, known_not_before, missing_for_release, out_of_order
from registry.services.answers import Answer
from registry.services.context import Judged, Parts
from registry.services.releases.set_aside import refused_alone, set_aside, to_know
from registry.services.submissions.read_file import same_figures
from registry.specifications import gaps_at_release

_FURTHER: tuple[DecisionKind, ...] = ("hold", "hold lifted", "rejection", "recall")
NO_ORIGIN = "No origin is recorded: nothing above this lot can stop it."


@dataclass(frozen=True, slots=True)
class Due:
    """A criterion that is due after release and not known yet; ``expected`` says for how long it is tested.

    ``not_before`` is when it can be known at the earliest, begun at manufacture; None when nobody can tell.
    """

    id: str
    characteristic: str
    expected: str
    observed: str | None
    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Further:
    """A decision that is no release; ``refused`` says why it cannot be taken now, and is empty when it can."""

    kind: DecisionKind
    refused: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """The specification that the signature would name."""

    id: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReleaseCheck(Answer):
    """Which release could be signed (``release`` or ``conditional release``), and everything that stands against it.

    ``notes`` stand against nothing, and are for whoever signs to know. ``further`` are the decisions beside a release.
    """

    lot: str
    kind: DecisionKind
    missing: tuple[str, ...]
    due: tuple[Due, ...]
    specification: Pinned | None
    further: tuple[Further, ...]
    notes: tuple[str, ...] = ()

    @property
    def decisions(self) -> tuple[DecisionKind, ...]:
        """The kinds that this person could sign now."""
        releases = () if self.missing else (self.kind,)
        return (*releases, *(one.kind for one in self.further if not one.refused))


def release_check(
    parts: Parts, lot: str, signer: str, role: str, meaning: str, kind: DecisionKind | None = None
) -> ReleaseCheck:
    """What stands between the lot and a release signed by this person; on condition while something is still due.

    ``kind`` asks about that one, whether or not it is the one that could be signed.
    """
    judged = judged_for(parts, lot, "release")
    due = awaited(judged.facts, judged.verdict) if judged.verdict is not None else ()
    wanted: DecisionKind = kind or ("conditional release" if due else "release")
    judged = judged_for(parts, lot, wanted)
    missing = missing_of(parts, judged, signer, role, meaning, wanted)
    named = Pinned(against.id, against.version, against.digest) if (against := judged.specification) else None
    return ReleaseCheck(
        judged.facts.lot.id, wanted, tuple(missing), _due(judged), named,
        tuple(Further(one, out_of_order(judged.facts.decision_in_force, one)) for one in _FURTHER),
        what_to_know(parts, judged, signer, wanted),
    )  # fmt: skip


def _due(judged: Judged) -> tuple[Due, ...]:
    """What is due after release and not known yet, held against what a release would name."""
    if judged.verdict is None or judged.specification is None:
        return ()
    criteria = {one.id: one for one in judged.specification.criteria}
    made = judged.facts.lot.manufactured_on
    return tuple(
        Due(one.id, one.characteristic, one.expected, one.observed, known_not_before(criteria[one.id], made))
        for one in awaited(judged.facts, judged.verdict)
    )


def too_soon(judged: Judged, complete_by: datetime | None) -> tuple[str, ...]:
    """What cannot be known by the time that is named: the release lapses then, whatever the culture shows."""
    if complete_by is None:
        return ()
    return tuple(
        f"{one.characteristic} cannot be known before {moment(one.not_before)}, begun at manufacture: "
        f"the release lapses at {moment(complete_by)} without it."
        for one in _due(judged)
        if one.not_before is not None and complete_by < one.not_before
    )


def what_to_know(parts: Parts, judged: Judged, signer: str, kind: DecisionKind) -> tuple[str, ...]:
    """What a release rests on without being asked: what was set aside, what was copied, and which lot."""
    facts, lot = judged.facts, judged.facts.lot
    said = [*to_know(parts, facts, set_aside(parts, judged, kind), signer), *doubts(facts)]
    for panel in facts.current_panels:
        if others := same_figures(parts, lot.id, panel.results):
            said.append(
                f"{panel.file_name} (panel {panel.id}) has the same figures throughout as {', '.join(others)}: "
                "were they copied, or is it the wrong lot?"
            )
    for one in look_alikes(parts.ledger, lot.id):
        said.append(f"Not to be confused with {one.lot}: {one.difference} Compare the label.")
    if lot.kind == "product lot" and not lot.derived_from:
        said.append(NO_ORIGIN)
    return tuple(said)


def judged_for(parts: Parts, lot: str, kind: DecisionKind, *, compare: bool = False) -> Judged:
    """The lot held against what a decision on it would pin: the specification approved for its product now.

    A release that completes a conditional release keeps to the specification that that one names. Once the lot has
    expired nobody is given it on the strength of this, and its evidence need be no fresher than when it was given.
    """
    judged = parts.judged(lot)
    first, state = judged.facts.on_condition, judged.status.state
    if first is not None and completes(judged.facts, kind) and state in {"released", "expired"}:
        digest, at = first.specification_digest, first.signed_at if state == "expired" else judged.at
    else:
        digest, at = judged.facts.approval.digest if judged.facts.approval else None, judged.at
    against = parts.specification(digest) if digest else None
    verdict = parts.judge(judged.facts, against, compare=compare, at=at) if against else None
    return replace(judged, specification=against, verdict=verdict, pinned=False)


def missing_of(parts: Parts, judged: Judged, signer: str, role: str, meaning: str, kind: DecisionKind) -> list[str]:
    """Everything that stands between the lot and a release signed by this person; see ``missing_for_release``.

    Beside it what asks for a second person: results that the lot inherits, and failures that were set aside.
    """
    facts = judged.facts
    found = missing_for_release(
        facts, judged.verdict, signer=signer, signer_role=role, meaning=meaning, now=judged.at, kind=kind
    )
    if judged.specification is not None:
        found += gaps_at_release(parts.departures(judged.specification, facts.product, {}))
    found += _submitted_above(parts, judged, signer)
    found += refused_alone(parts, facts, set_aside(parts, judged, kind), signer)
    if (
        kind == "release"
        and judged.status.may_be_injected
        and facts.decision_in_force
        and facts.decision_in_force.kind == "release"
    ):
        found.append("The lot is released already, on this evidence.")
    return found


def _submitted_above(parts: Parts, judged: Judged, signer: str) -> list[str]:
    """Why this person cannot release a lot that inherits results of theirs: two persons, as for the lot's own."""
    if judged.specification is None or judged.verdict is None:
        return []
    rests_on = {iri for item in judged.verdict.criteria for one in item.evidence for iri in one.derived_from}
    return [
        f"{signer} submitted results of {origin.lot.id}, which this lot inherits (panel {panel.id}): "
        "another member signs."
        for origin in parts.origins(judged.facts, judged.specification)
        for panel in origin.current_panels
        if panel.entry.actor == signer and not rests_on.isdisjoint(result.iri for result in panel.results)
    ]
