"""What the evidence shows of a specification: which criteria keep a lot from passing, and which are not known yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from registry.domain import Acceptance, CriterionVerdict, LotFacts, LotVerdict, Specification, with_unit
from registry.identifiers import CPR

_OTHER_SEX = {("female", f"{CPR}Karyotype46XY"), ("male", f"{CPR}Karyotype46XX")}
"""The sex of a cell line, and a karyotype that none of its cells has: the sample or the culture is another's."""


def passes(facts: LotFacts, verdict: LotVerdict) -> bool:
    """True when the verdict is pass, every reference criterion that is not shown was accepted, and the cells can be
    those of the line.
    """
    return verdict.verdict == "pass" and not held(facts, verdict) and not mixed_up(facts)


def mixed_up(facts: LotFacts) -> list[str]:
    """A sentence for each karyotype of the other sex than the recorded one of the line that the lot derives from.

    Normal as it is: these are not the cells of that line. Every result of a panel that stands counts, the superseded
    ones too.
    """
    return [
        f"{result.label} {with_unit(result.printed, result.unit_printed)} ({result.source.file}) is not of "
        f"{line.id}, which is recorded as {line.sex}: look whether the sample or the culture was mixed up. If it was "
        "written down wrongly, withdraw the panel."
        for result in facts.results
        for line in facts.ancestors
        if (line.sex, result.reading.outcome) in _OTHER_SEX
    ]


def held(facts: LotFacts, verdict: LotVerdict) -> tuple[str, ...]:
    """The ids of the reference criteria that are not shown and that nobody has accepted as they are."""
    so = {item.id for item in verdict.criteria if accepted(facts, item)}
    return tuple(item for item in verdict.held if item not in so)


def accepted(facts: LotFacts, item: CriterionVerdict) -> bool:
    """True when the quality unit has accepted that this reference criterion is not shown, on what is known of it now.

    The word was given of this very version's criterion, and of the results that were there: one that came afterwards,
    such as a bad figure where nothing was known, is not accepted with it.
    """
    rests_on = {iri for node in item.evidence for iri in node.derived_from}
    return any(
        acceptance.accepts == item.iri and rests_on.isdisjoint(_later(facts, acceptance))
        for acceptance in facts.acceptances
    )


def _later(facts: LotFacts, acceptance: Acceptance) -> set[str]:
    """The results that were entered after an acceptance."""
    since = acceptance.entry.position if acceptance.entry is not None else 0
    later = (panel for panel in facts.panels if panel.entry.position > since)
    return {result.iri for panel in later for result in panel.results if result.iri is not None}


def fresh_until(against: Specification, verdict: LotVerdict, at: datetime) -> datetime | None:
    """When the first evidence that a release rests on outlives its criterion's window; None when none ever does.

    ``at`` is the moment at which ``verdict`` was judged. What has outlived its window already ends nothing any more,
    and informative criteria end nothing.
    """
    windows = {criterion.id: criterion.window for criterion in against.criteria if criterion.window is not None}
    left = [
        window - node.age
        for item in verdict.criteria
        if item.standing != "informative" and (window := windows.get(item.id)) is not None
        for node in item.evidence
        if node.age is not None and node.age <= window
    ]
    return at + timedelta(hours=float(min(left))) if left else None


def awaited(facts: LotFacts, verdict: LotVerdict) -> tuple[CriterionVerdict, ...]:
    """The criteria that are due after release and not known yet; those that can change no verdict are not awaited."""
    return tuple(
        item
        for item in verdict.criteria
        if item.due and (item.standing == "gating" or (item.standing == "reference" and not accepted(facts, item)))
    )


def not_shown(verdict: LotVerdict) -> list[str]:
    """One sentence for each gating criterion that keeps the lot from passing; groups by their members."""
    return [criterion_sentence(item) for item in short_of(verdict)]


def short_of(verdict: LotVerdict) -> list[CriterionVerdict]:
    """The gating criteria that keep the lot from passing; of a group that passes by another member, none."""
    passing = {member for group in verdict.groups if group.verdict == "pass" for member in group.members}
    return [
        item
        for item in verdict.criteria
        if item.standing == "gating" and item.verdict != "pass" and not item.due and item.id not in passing
    ]


def criterion_sentence(item: CriterionVerdict) -> str:
    """``CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4).``"""
    return f"{item.characteristic}: {item.verdict}: {asked_and_found(item)}"


def asked_and_found(item: CriterionVerdict) -> str:
    """``expected >= 95 %, found 93.1 % (panel.csv, row 4).``"""
    where = ""
    if item.source is not None:
        row = f", row {item.source.row}" if item.source.row is not None else ""
        where = f" ({item.source.file}{row})"
    note = f" {item.note[0].upper()}{item.note[1:].rstrip('.')}." if item.note else ""
    observed = item.observed if item.observed is not None else "no result"
    return f"expected {item.expected}, found {observed}{where}.{note}"
