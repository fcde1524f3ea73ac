"""The review of a lot's audit trail: what changed of its data since it was entered, and who may have reviewed it.

EU GMP Annex 11, 9, and its draft of 2025 ask that audit trails are reviewed, for each batch before its release, by
somebody independent. What is reviewed is what bears on the verdict: results replaced, panels withdrawn, acceptances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import LotFacts, Result, TrailReview
from registry.domain.panel import with_unit


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed of a lot's data: ``before`` and ``after`` as printed, empty where there is none."""

    position: int
    at: datetime
    actor: str
    what: str
    before: str
    after: str
    reason: str


def changes(facts: LotFacts) -> tuple[Change, ...]:
    """What changed of the lot's data since it was first entered, in the ledger's order."""
    changed = [*_replaced(facts), *_added(facts), *_withdrawn(facts), *_accepted(facts)]
    return tuple(sorted(changed, key=lambda change: (change.position, change.what)))


def entered_by(facts: LotFacts) -> frozenset[str]:
    """Who entered or changed the lot's data, folded: none of them reviews its trail."""
    panels = {panel.entry.actor for panel in facts.panels}
    panels |= {panel.withdrawn.entry.actor for panel in facts.panels if panel.withdrawn is not None}
    return frozenset(name.casefold() for name in panels | {each.signed_by for each in facts.acceptances})


def missing_review(facts: LotFacts, reviews: Sequence[TrailReview], signer: str) -> list[str]:
    """Why the lot's trail is not reviewed for a release by ``signer``; empty when it is.

    A review counts while nothing bearing on the verdict was entered after what it names, when its author entered none
    of the data, and when another person signs the release.
    """
    newest = max(facts.evidence_positions, default=0)
    whole = [each for each in reviews if each.ledger_size >= newest]
    independent = [each for each in whole if each.signed_by.casefold() not in entered_by(facts)]
    if not reviews:
        return [f"The audit trail of {facts.lot.id} was not reviewed: another member of the quality unit reviews it."]
    if not whole:
        return [f"The data of {facts.lot.id} changed (entry {newest}) after its trail was reviewed: review it again."]
    if not independent:
        return [f"The audit trail of {facts.lot.id} was reviewed by somebody who entered its data: another reviews it."]
    if all(each.signed_by.casefold() == signer.casefold() for each in independent):
        return [f"{signer} reviewed the audit trail of {facts.lot.id}: another member of the quality unit releases it."]
    return []


def _printed(result: Result | None) -> str:
    return with_unit(result.printed, result.unit_printed) if result is not None else ""


def _replaced(facts: LotFacts) -> list[Change]:
    known = {result.iri: result for panel in facts.panels for result in panel.results}
    return [
        Change(panel.entry.position, panel.entry.at, panel.entry.actor, f"{result.label}: {result.relation}",
               _printed(known.get(result.supersedes)), _printed(result), result.reason or "")
        for panel in facts.panels for result in panel.results if result.relation in ("retest", "correction")
    ]  # fmt: skip


def _added(facts: LotFacts) -> list[Change]:
    """Results of a characteristic and stage that had some before, beside them and without a word that they replace."""
    seen: dict[tuple[object, ...], Result] = {}
    added = []
    for panel in sorted(facts.panels, key=lambda panel: panel.entry.position):
        earlier = dict(seen)
        for result in panel.results:
            key = (result.characteristic, result.stage, result.gate, result.members)
            if key in earlier and result.relation not in ("retest", "correction"):
                added.append(Change(panel.entry.position, panel.entry.at, panel.entry.actor,
                                    f"{result.label}: entered again", _printed(earlier[key]), _printed(result),
                                    result.reason or ""))  # fmt: skip
            seen[key] = result
    return added


def _withdrawn(facts: LotFacts) -> list[Change]:
    taken = [(panel, panel.withdrawn) for panel in facts.panels if panel.withdrawn is not None]
    return [
        Change(back.entry.position, back.entry.at, back.entry.actor, f"panel {panel.id} withdrawn",
               "; ".join(f"{result.label} {_printed(result)}" for result in panel.results), "", back.reason)
        for panel, back in taken
    ]  # fmt: skip


def _accepted(facts: LotFacts) -> list[Change]:
    known = {result.iri: result for panel in facts.panels for result in panel.results}
    return [
        Change(each.entry.position, each.entry.at, each.signed_by, "accepted", "",
               _printed(known.get(each.accepts)) or each.accepts.rpartition("#")[2], each.reason)
        for each in facts.acceptances if each.entry is not None
    ]  # fmt: skip
