"""A study as ClinicalTrials.gov's API v2 gives it (``protocolSection``), read into our own value.

Contacts, officials, investigators and authors are never looked at, so no name of a person, address or number is kept.
A dose is taken where the record prints a number of cells with its power of ten and says at which sites; else the arm is
kept as one of whose dose nothing is known. A lost superscript (``0.2×107``) is refused with both of its readings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import cast, get_args

from registry.domain import Arm, Captured, EnrolmentType, OutcomeKind, PlannedOutcome, Publication, Study
from registry.exchange.bounded import Place, load, wrong
from registry.exchange.identifiers import doi_in
from registry.identifiers import OBO
from registry.intake.values.cell_dose import cells_within, read_cells
from registry.intake.values.unreadable_value import Misprint
from registry.vocabulary.values import Term

SOURCE = "ClinicalTrials.gov API v2"
LEFT_OVARY, RIGHT_OVARY = OBO + "UBERON_0002119", OBO + "UBERON_0002118"
BOTH = (RIGHT_OVARY, LEFT_OVARY)
_BOTH_OVARIES = re.compile(r"\b(?:both|two|bilateral|each of the) ovar(?:ies|ian)\b|\beach ovary\b", re.IGNORECASE)
_ONE_OVARY = re.compile(r"\b(?P<side>left|right) ovary\b", re.IGNORECASE)
_PER_SITE = re.compile(r"\b(?:per|each|every) ovary\b|\beach of the ovaries\b", re.IGNORECASE)
_NCT = re.compile(r"NCT[0-9]{8}")
_IDENTIFIER = re.compile(r"[^A-Za-z0-9]+")
Diseases = Callable[[str], Sequence[Term]]


def read(data: bytes, diseases: Diseases) -> Study:
    """The study in the bytes; ``diseases`` finds a condition by its exact name. Raises TooLarge, Unreadable, Misprint.

    What the record does not say is left empty, and the registry names it as unknown.
    """
    record = Place(load("study.json", data))
    protocol = record.part("protocolSection")
    if not protocol.fields:
        raise wrong("protocolSection", "one study of ClinicalTrials.gov's API v2", ", ".join(record.fields)[:80])
    naming, status = protocol.part("identificationModule"), protocol.part("statusModule")
    design = protocol.part("designModule")
    nct = naming.text("nctId")
    if not _NCT.fullmatch(nct):
        raise wrong(naming.at("nctId"), "NCT and eight digits", nct)
    printed, conditions = _conditions(protocol.part("conditionsModule"), diseases)
    arms, without_dose = _arms(protocol)
    study = Study(
        id=nct,
        title=naming.text("officialTitle") or naming.text("briefTitle"),
        acronym=naming.text("acronym"),
        identifiers=tuple(_identifiers(naming)),
        phase=", ".join(map(_phase, design.texts("phases"))),
        status=status.text("overallStatus"),
        enrolment=design.part("enrollmentInfo").whole("count"),
        enrolment_type=_enrolment_type(design.part("enrollmentInfo").text("type")),
        start=_date(status.part("startDateStruct")),
        end=_date(status.part("completionDateStruct")),
        conditions=conditions,
        sponsor=_sponsor(protocol.part("sponsorCollaboratorsModule").part("leadSponsor")),
        places=tuple(dict.fromkeys(filter(None, map(_place, protocol.part("contactsLocationsModule").parts(
            "locations"))))),
        arms=arms,
        outcomes=tuple(_outcomes(protocol.part("outcomesModule"))),
        eligibility=tuple(_eligibility(protocol.part("eligibilityModule"))),
        publications=tuple(_publications(protocol.part("referencesModule"))),
        arms_without_dose=without_dose,
        captured={"conditions": tuple(Captured(each, SOURCE) for each in printed)} if printed else {},
    )  # fmt: skip
    return _with_sources(study)


def _identifiers(naming: Place) -> Iterator[tuple[str, str]]:
    if own := naming.part("orgStudyIdInfo").text("id"):
        yield "sponsor", own
    for each in naming.parts("secondaryIdInfos"):
        if each.text("id"):
            yield each.text("domain") or each.text("type") or "secondary", each.text("id")


def _phase(word: str) -> str:
    """``PHASE1`` is ``Phase 1``; ``EARLY_PHASE1`` is ``Early Phase 1``, ``NA`` says that there is none."""
    plain = word.replace("_", " ").title()
    return "not applicable" if word == "NA" else re.sub(r"Phase(?=[0-9])", "Phase ", plain)


def _enrolment_type(word: str) -> EnrolmentType | None:
    kind = word.lower()
    return cast(EnrolmentType, kind) if kind in get_args(EnrolmentType) else None


def _date(struct: Place) -> tuple[Captured, ...]:
    kind = struct.text("type").lower()
    source = f"{SOURCE}, {kind}" if kind else SOURCE
    return (Captured(struct.text("date"), source),) if struct.text("date") else ()


def _sponsor(lead: Place) -> str:
    """The sponsor's name, unless it is a person's (class INDIV)."""
    return "" if lead.text("class").upper() in {"INDIV", "INDIVIDUAL"} else lead.text("name")


def _place(location: Place) -> str:
    return ", ".join(filter(None, (location.text(name) for name in ("facility", "city", "country"))))


def _conditions(module: Place, diseases: Diseases) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The conditions as printed, and the diseases that are called exactly so: one that two share is not chosen."""
    printed = module.texts("conditions")
    iris: list[str] = []
    for name in printed:
        exact = {term.iri for term in diseases(name) if name.casefold() in _names(term)}
        iris += exact if len(exact) == 1 else []
    return printed, tuple(dict.fromkeys(iris))


def _names(term: Term) -> set[str]:
    return {name.casefold() for name in (term.label, *term.synonyms)}


def _outcomes(module: Place) -> Iterator[PlannedOutcome]:
    for kind in get_args(OutcomeKind):
        for each in module.parts(f"{kind}Outcomes"):
            yield PlannedOutcome(each.text("measure"), each.text("timeFrame"), kind)


def _eligibility(module: Place) -> Iterator[str]:
    for name, words in (("sex", "Sex"), ("minimumAge", "Minimum age"), ("maximumAge", "Maximum age")):
        if module.text(name):
            yield f"{words}: {module.text(name)}"
    lines = (line.strip(" *-\t") for line in module.text("eligibilityCriteria").splitlines())
    yield from (line for line in dict.fromkeys(lines) if line)


def _publications(module: Place) -> Iterator[Publication]:
    """DOIs alone: a citation begins with its authors."""
    found = (doi_in(each.text("citation")) for each in module.parts("references"))
    yield from (Publication(doi, "") for doi in dict.fromkeys(found) if doi)


def _arms(protocol: Place) -> tuple[tuple[Arm, ...], tuple[str, ...]]:
    """The arms whose dose and sites are printed, and the names of the others."""
    module = protocol.part("armsInterventionsModule")
    general = " ".join(_words(protocol, module))
    arms, without = [], []
    for place, group in enumerate(module.parts("armGroups"), start=1):
        label = group.text("label") or f"arm {place}"
        own = " ".join((label, group.text("description")))
        given = [each for each in module.parts("interventions") if label in each.texts("armGroupLabels")]
        named = [" ".join((each.text("name"), each.text("description"))) for each in given]
        dose, sites = _dose(group, own, named), _sites(" ".join((own, *named))) or _sites(general)
        per_site = len(sites) == 1 or _PER_SITE.search(" ".join((own, *named, general)))
        if dose is None or not sites or not per_site:
            without.append(label)
        else:
            arms.append(Arm(_IDENTIFIER.sub("-", label).strip("-").lower()[:64] or f"arm-{place}", label, dose, sites))
    return tuple(arms), tuple(without)


def _words(protocol: Place, module: Place) -> Iterator[str]:
    described = protocol.part("descriptionModule")
    yield from (described.text("briefSummary"), described.text("detailedDescription"))
    yield from (each.text("description") for each in module.parts("interventions"))


def _dose(group: Place, own: str, named: Sequence[str]) -> int | None:
    """The one number of cells of an arm: of its own words, else of what is given in it; None for none, or for two."""
    try:
        counts = cells_within(own) or tuple(dict.fromkeys(count for text in named for count in cells_within(text)))
    except Misprint as misprint:
        misprint.where = group.where
        misprint.todo = "Nothing was entered. Add the study from a file of ours in which the dose is printed in full."
        raise
    return read_cells(str(counts[0])) if len(counts) == 1 else None


def _sites(text: str) -> tuple[str, ...]:
    if _BOTH_OVARIES.search(text):
        return BOTH
    sides = {match["side"].lower() for match in _ONE_OVARY.finditer(text)}
    return tuple(site for side, site in (("right", RIGHT_OVARY), ("left", LEFT_OVARY)) if side in sides)


_MODULES = {
    "title": "identificationModule", "acronym": "identificationModule", "identifiers": "identificationModule",
    "phase": "designModule", "status": "statusModule", "enrolment": "designModule", "start": "statusModule",
    "end": "statusModule", "conditions": "conditionsModule", "sponsor": "sponsorCollaboratorsModule",
    "places": "contactsLocationsModule", "arms": "armsInterventionsModule", "outcomes": "outcomesModule",
    "eligibility": "eligibilityModule", "publications": "referencesModule",
}  # fmt: skip


def _with_sources(study: Study) -> Study:
    named = {
        "sites" if field == "places" else field: (f"{SOURCE}, {module}",)
        for field, module in _MODULES.items()
        if getattr(study, field) not in ("", (), None)
    }
    return replace(study, sources=named)
