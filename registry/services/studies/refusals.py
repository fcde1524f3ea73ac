"""What is refused before a study is entered: a person, an unknown site, a dose that is none, a field left blank.

A study that anybody can read says nothing about anybody: contacts are never kept, and a text that holds an e-mail
address, a telephone number or somebody's name and birthday is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace

from registry.domain import Study
from registry.errors import PatientData, RegistryError, WrongUsage
from registry.identifiers import check_id
from registry.intake.checks.free_text_privacy import refuse_person
from registry.intake.values.cell_dose import FEWEST_CELLS
from registry.intake.values.scale import MOST_CELLS
from registry.vocabulary import Terms, expanded

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_PHONE = re.compile(
    r"(?:\+|\b(?:tel|phone|telephone|fax|mobile)\b[.:]?\s*\+?)[0-9(][0-9 ()/.-]{6,}[0-9]", re.IGNORECASE
)
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_ARM = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._\-]{0,63}")
NAMED = (
    "acronym", "phase", "status", "enrolment", "start", "end", "conditions", "cell_type", "sponsor", "sites", "arms",
    "schedule", "outcomes", "eligibility", "publications", "identifiers",
)  # fmt: skip
"""Every field of a study's public record but its identifier and title: a blank one is named as unknown."""
_HELD = {"sites": "places", "schedule": "schedule_days"}


def checked(study: Study, terms: Terms, this_year: int) -> Study:
    """The study with whole IRIs and its blank fields named; raises WrongUsage, Unknown, PatientData."""
    check_id(study.id, "study", "study")
    if not study.title.strip():
        raise WrongUsage("A study has a title.", expected="a title", found="none", where="title")
    for field, text in _texts(study):
        refuse_contact(field, text)
        refuse_person(field, text, this_year)
    _check_dates(study)
    _check_arms(study, terms)
    if study.schedule_days is not None and study.schedule_days < 1:
        raise WrongUsage("Visits are at least a day apart.", expected="1 or more", found=str(study.schedule_days))
    whole = replace(
        study,
        conditions=tuple(dict.fromkeys(_term(terms, each, "DOID:", "conditions") for each in study.conditions)),
        cell_type=_term(terms, study.cell_type, "CL:", "cell_type") if study.cell_type else None,
        arms=tuple(replace(arm, sites=tuple(expanded(site) for site in arm.sites)) for arm in study.arms),
    )
    return replace(whole, unknown=tuple(sorted({*whole.unknown, *blank(whole)})))


def blank(study: Study) -> Iterator[str]:
    """The fields of a study's public record of which nothing is known."""
    for name in NAMED:
        value = getattr(study, _HELD.get(name, name))
        if value is None or value in ("", ()):
            yield name


def _texts(study: Study) -> Iterator[tuple[str, str]]:
    for each in fields(study):
        value = getattr(study, each.name)
        if isinstance(value, str):
            yield each.name, value
    for arm in study.arms:
        yield "arms", f"{arm.id} {arm.label}"
    for outcome in study.outcomes:
        yield "outcomes", f"{outcome.measure} {outcome.time_frame}"
    for publication in study.publications:
        yield "publications", publication.title
    for field, captures in (("start", study.start), ("end", study.end), *study.captured.items()):
        yield from ((field, f"{capture.value} {capture.source}") for capture in captures)
    for field in ("places", "eligibility", "unknown", "arms_without_dose"):
        yield from ((field, text) for text in getattr(study, field))
    yield from (("identifiers", f"{scheme} {value}") for scheme, value in study.identifiers)
    for field, sources in study.sources.items():
        yield from (("sources", f"{field} {source}") for source in sources)


def refuse_contact(field: str, text: str, thing: str = "study") -> None:
    """Raise PatientData for a text with an e-mail address or a telephone number in it."""
    contact = "an e-mail address" if _EMAIL.search(text) else "a telephone number" if _PHONE.search(text) else ""
    if contact:
        raise PatientData(
            f"The {field} of the {thing} holds {contact}, and nothing was entered.",
            expected=f"a {thing} without contacts: no person's name, address or number is kept",
            found=contact,
            where=field,
            todo="Take it out: the ledger keeps what it is given for ever.",
        )


def _check_dates(study: Study) -> None:
    for field, captures in (("start", study.start), ("end", study.end)):
        for capture in captures:
            if not _DATE.fullmatch(capture.value) or not capture.source.strip():
                raise WrongUsage(
                    f"A captured {field} is a date and its source.",
                    expected="2019, 2019-04 or 2019-04-03, and where it was read",
                    found=f"{capture.value!r} of {capture.source!r}",
                    where=field,
                )


def _check_arms(study: Study, terms: Terms) -> None:
    names = [arm.id.casefold() for arm in study.arms]
    for arm in study.arms:
        if not _ARM.fullmatch(arm.id) or names.count(arm.id.casefold()) > 1:
            raise WrongUsage(
                "This cannot be an arm's identifier.",
                expected="1 to 64 letters, digits, spaces or . _ -, used once in its study",
                found=repr(arm.id),
                where="arms",
            )
        if not FEWEST_CELLS <= arm.dose_per_site <= MOST_CELLS:
            raise WrongUsage(
                f"{arm.dose_per_site} viable cells are no dose.",
                expected=f"{FEWEST_CELLS} to 10^12 viable cells at each site",
                found=str(arm.dose_per_site),
                where="arms",
                todo="Look for a power of ten that was lost.",
            )
        _check_sites(arm.id, arm.sites, terms)


def _check_sites(arm: str, sites: tuple[str, ...], terms: Terms) -> None:
    whole = [expanded(site) for site in sites]
    for site in whole:
        if not terms.curie(site).startswith("UBERON:") or not terms.name(site):
            raise WrongUsage(
                f"A site of the arm {arm} is no term that is known here.",
                expected="an Uberon term, such as UBERON:0002119 (left ovary)",
                found=site,
                where="arms",
                todo="Choose a known site, or have the term added to ontology/seeds.toml.",
            )
    if not whole or len(set(whole)) != len(whole):
        raise WrongUsage(
            f"The arm {arm} names each of its sites once.",
            expected="one term for each site: for both ovaries UBERON:0002118 and UBERON:0002119",
            found=", ".join(sites) or "none",
            where="arms",
        )


def _term(terms: Terms, text: str, prefix: str, where: str) -> str:
    try:
        term = terms.term(text)
    except RegistryError as error:
        error.where = error.where or where
        raise
    if not term.curie.startswith(prefix):
        raise WrongUsage(
            f"The {where} of a study are terms of one ontology.", expected=f"{prefix}…", found=term.curie, where=where
        )
    return term.iri
