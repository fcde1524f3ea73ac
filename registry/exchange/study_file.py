"""Our own file of a study, TOML or JSON: the fields of ``/studies/<id>.json``, so that what was given is read again.

    study = "NCT03877471"
    title = "MSC-like cell transplantation in women with primary ovarian insufficiency"
    [[arms]]
    id = "low"
    dose_per_site = "0.2e7"
    sites = ["UBERON:0002118", "UBERON:0002119"]

What is computed (totals, conflicts, how many lots) is not read; a total that contradicts its arm is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from registry.domain import Arm, Captured, EnrolmentType, OutcomeKind, PlannedOutcome, Publication, Study
from registry.errors import Unreadable
from registry.exchange.bounded import Place, clean, load, wrong
from registry.exchange.identifiers import days_of, doi_in
from registry.intake.values.cell_dose import read_cells
from registry.intake.values.unreadable_value import Misprint

COMPUTED = frozenset({"iri", "conflicts", "products", "lots", "administrations", "record"})
FIELDS = frozenset({
    "study", "title", "acronym", "phase", "status", "enrolment", "start", "end", "conditions", "cell_type", "sponsor",
    "arms", "schedule", "unknown", "publications", "identifiers", "sites", "outcomes", "eligibility", "sources",
    "captured", "arms_without_dose", "note",
})  # fmt: skip


def read(name: str, data: bytes) -> Study:
    """The study in a file; raises TooLarge, Unreadable with the place, and Misprint for a dose that cannot be read."""
    file = Place(load(name, data))
    if strange := sorted(set(file.fields) - FIELDS - COMPUTED):
        raise Unreadable(
            "A study has no such field.", expected=", ".join(sorted(FIELDS)), found=strange[0][:80], where=name
        )
    enrolment = file.part("enrolment")
    return Study(
        id=file.text("study"),
        title=file.text("title"),
        acronym=file.text("acronym"),
        identifiers=tuple((each.text("scheme"), each.text("value")) for each in file.parts("identifiers")),
        phase=file.text("phase"),
        status=file.text("status"),
        enrolment=enrolment.whole("value"),
        enrolment_type=_enrolment_type(enrolment),
        start=_captures(file, "start"),
        end=_captures(file, "end"),
        conditions=_terms(file, "conditions"),
        cell_type=next(iter(_terms(file, "cell_type")), None),
        sponsor=file.text("sponsor"),
        places=file.texts("sites"),
        arms=tuple(_arm(each) for each in file.parts("arms")),
        schedule_days=_schedule(file.part("schedule")),
        outcomes=tuple(_outcome(each) for each in file.parts("outcomes")),
        eligibility=file.texts("eligibility"),
        publications=tuple(_publication(each) for each in file.parts("publications")),
        unknown=file.texts("unknown"),
        sources=_sources(file),
        note=file.text("note"),
        arms_without_dose=file.texts("arms_without_dose"),
        captured={field: _captures(file.part("captured"), field) for field in file.part("captured").fields},
    )


def _enrolment_type(enrolment: Place) -> EnrolmentType | None:
    kind = enrolment.text("type").lower()
    if not kind:
        return None
    if kind not in get_args(EnrolmentType):
        raise wrong(enrolment.at("type"), "actual or estimated", kind)
    return cast(EnrolmentType, kind)


def _captures(file: Place, name: str) -> tuple[Captured, ...]:
    return tuple(Captured(each.text("value"), each.text("source")) for each in file.parts(name))


def _terms(file: Place, name: str) -> tuple[str, ...]:
    """CURIEs, each as a text or as ``{"id": …, "label": …}``."""
    value = file.fields.get(name)
    if value is None:
        return ()
    items = value if isinstance(value, list) else [value]
    where = file.at(name)
    return tuple(
        Place(item, where).text("id") if isinstance(item, Mapping) else clean(item, where) for item in items[:100]
    )


def _cells(place: Place, name: str) -> int | None:
    """A number of cells: whole, printed with a power of ten, or ``{"value": …, "unit": …}``."""
    value = place.fields.get(name)
    if isinstance(value, Mapping):
        inner = place.part(name)
        unit = inner.text("unit")
        if unit not in {"", "cells", "viable cells"}:
            raise wrong(inner.at("unit"), "viable cells", unit)
        return _cells(inner, "value")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise wrong(place.at(name), "a whole number of viable cells, such as 2000000 or 2e6 in quotes", value)
    try:
        return read_cells(str(value))
    except Misprint as misprint:
        misprint.where = place.at(name)
        misprint.todo = "Print the number of viable cells at each site with its power of ten, or in full."
        raise


def _arm(place: Place) -> Arm:
    dose = _cells(place, "dose_per_site")
    if dose is None:
        raise wrong(place.at("dose_per_site"), "viable cells at each site; else name it in arms_without_dose", "none")
    name = place.text("id")
    arm = Arm(name, place.text("label") or name, dose, _terms(place, "sites"), _cells(place, "concentration"))
    total = _cells(place, "total")
    if total is not None and total != arm.total:
        raise wrong(place.at("total"), f"{arm.total}: the dose at each site, times the sites; or no total", total)
    return arm


def _schedule(place: Place) -> int | None:
    days, every = place.whole("days"), place.text("every")
    read_days = days_of(every) if every else None
    if every and read_days is None:
        raise wrong(place.at("every"), "a period of days or weeks, such as 2 weeks", every)
    if days is not None and read_days is not None and days != read_days:
        raise wrong(place.at("days"), f"{read_days}, as every says", days)
    return days if days is not None else read_days


def _outcome(place: Place) -> PlannedOutcome:
    kind = place.text("kind").lower() or "other"
    if kind not in get_args(OutcomeKind):
        raise wrong(place.at("kind"), "primary, secondary or other", kind)
    return PlannedOutcome(place.text("measure"), place.text("time_frame"), cast(OutcomeKind, kind))


def _publication(place: Place) -> Publication:
    doi = doi_in(place.text("doi"))
    if not doi:
        raise wrong(place.at("doi"), "a DOI, such as 10.1016/j.jogoh.2025.103031", place.text("doi"))
    return Publication(doi, place.text("title"), place.whole("year"))


def _sources(file: Place) -> dict[str, tuple[str, ...]]:
    sources = file.part("sources")
    read_in = {field: sources.texts(field) for field in sources.fields}
    if visits := file.part("schedule").texts("sources"):
        read_in.setdefault("schedule", visits)
    return {field: where for field, where in read_in.items() if where}
