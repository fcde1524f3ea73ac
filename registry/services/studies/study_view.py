"""What is answered of a study: the terms resolved, the totals computed, products, lots and administrations counted.

``as_dict`` is ``/studies/<id>.json``: dose values are whole numbers of viable cells, ids are CURIEs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from registry.domain import Captured, PlannedOutcome, Publication, Study
from registry.identifiers import Names
from registry.services.answers import Answer, TermRef, plain
from registry.services.lots.injection_answer import term_ref
from registry.vocabulary import Terms

CELLS = "viable cells"


@dataclass(frozen=True, slots=True)
class Cells:
    """A number of cells."""

    value: int
    unit: str = CELLS


@dataclass(frozen=True, slots=True)
class PlannedArm:
    """An arm: the dose at each site, and what one recipient gets at all of them."""

    id: str
    label: str
    dose_per_site: Cells
    sites: tuple[TermRef, ...]
    total: Cells
    concentration: int | None


@dataclass(frozen=True, slots=True)
class StudyAnswer(Answer):
    """A study as registries of studies hold it, with what this registry holds of it."""

    study: str
    iri: str
    title: str
    acronym: str
    phase: str
    status: str
    enrolment: int | None
    enrolment_type: str
    start: tuple[Captured, ...]
    end: tuple[Captured, ...]
    conditions: tuple[TermRef, ...]
    cell_type: TermRef | None
    sponsor: str
    arms: tuple[PlannedArm, ...]
    schedule_days: int | None
    unknown: tuple[str, ...]
    conflicts: tuple[str, ...]
    publications: tuple[Publication, ...]
    products: tuple[str, ...]
    lots: int
    administrations: int
    identifiers: tuple[tuple[str, str], ...]
    sites: tuple[str, ...]
    outcomes: tuple[PlannedOutcome, ...]
    eligibility: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]
    captured: dict[str, tuple[Captured, ...]]
    arms_without_dose: tuple[str, ...]
    note: str
    record: str

    @property
    def every(self) -> str:
        """How far apart visits are, in words: ``2 weeks``; empty when nobody says."""
        if self.schedule_days is None:
            return ""
        count, unit = (self.schedule_days // 7, "week") if self.schedule_days % 7 == 0 else (self.schedule_days, "day")
        return f"{count} {unit}{'' if count == 1 else 's'}"

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values."""
        answer: dict[str, Any] = plain(self)
        days, kind = answer.pop("schedule_days"), answer.pop("enrolment_type")
        answer["enrolment"] = {"value": self.enrolment, "type": kind or None}
        answer["schedule"] = {
            "every": self.every or None, "days": days, "sources": list(self.sources.get("schedule", ()))
        }  # fmt: skip
        answer["identifiers"] = [{"scheme": scheme, "value": value} for scheme, value in self.identifiers]
        return answer


def study_answer(
    terms: Terms, names: Names, study: Study, products: tuple[str, ...], lots: int, administrations: int
) -> StudyAnswer:
    """A study with its terms resolved and its totals computed."""
    return StudyAnswer(
        study=study.id,
        iri=names.study(study.id),
        title=study.title,
        acronym=study.acronym,
        phase=study.phase,
        status=study.status,
        enrolment=study.enrolment,
        enrolment_type=study.enrolment_type or "",
        start=study.start,
        end=study.end,
        conditions=tuple(term_ref(terms, iri) for iri in study.conditions),
        cell_type=term_ref(terms, study.cell_type) if study.cell_type else None,
        sponsor=study.sponsor,
        arms=tuple(
            PlannedArm(
                arm.id,
                arm.label,
                Cells(arm.dose_per_site),
                tuple(TermRef(terms.curie(site), terms.name(site)) for site in arm.sites),
                Cells(arm.total),
                arm.concentration,
            )
            for arm in study.arms
        ),
        schedule_days=study.schedule_days,
        unknown=study.unknown,
        conflicts=study.conflicts,
        publications=study.publications,
        products=products,
        lots=lots,
        administrations=administrations,
        identifiers=study.identifiers,
        sites=study.places,
        outcomes=study.outcomes,
        eligibility=study.eligibility,
        sources=dict(study.sources),
        captured=dict(study.captured),
        arms_without_dose=study.arms_without_dose,
        note=study.note,
        record=study.entry.record if study.entry else "",
    )
