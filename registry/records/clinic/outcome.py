"""Outcomes as records: what was seen after something was given, under the administration's key and nobody's code.

<outcome/0f…> a cpr:RecipientOutcome ; cpr:administration <administration/A-…> ; cpr:seenOn "2026-12-15"^^xsd:date ;
    cpr:result <outcome/0f…#r1> .
<outcome/0f…#r1> a cpr:OutcomeResult ; cpr:characteristic cpr:FSH ; cpr:valueAsPrinted "38" ; cpr:low 38.0 ; …
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from registry.domain import Recorded, Result, Source
from registry.domain.outcome import Outcome
from registry.identifiers import Names
from registry.records import IRI, Description, Record, Triple, describe, write
from registry.records.panel import ordinal, read_reading, read_relation, write_reading
from registry.records.writer import (
    DERIVED_FROM,
    Key,
    RecordWriter,
    link,
    links,
    named,
    needed,
    of_kind,
    term,
    text,
    whole,
)

OUTCOMES_OF = "outcomes-of"
"""Under what an outcome is found: the key of its administration."""
OUTCOME = "outcome"
WORDS = {
    "site": "siteAsPrinted",
    "assay": "assayAsPrinted",
    "laboratory": "laboratory",
    "method": "method",
    "causality": "causality",
    "event_outcome": "eventOutcome",
    "code": "codeAsGiven",
    "note": "note",
}
"""Optional columns of a table of outcomes, and the property that keeps each as printed."""
DATES = {"started": "startedOn", "ended": "endedOn"}


def outcome_id(file: str, administration: str, day: date | None, visit: int | None) -> str:
    """16 hex digits from the file's digest, the administration, the day and the visit: the same file gives the same."""
    parts = (file, administration, day.isoformat() if day else "", "" if visit is None else str(visit))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def write_outcome(outcome: Outcome, names: Names) -> Record:
    """The outcome's record; its results stand under it as ``#r1``, ``#r2`` …"""
    iri = names.outcome(outcome.id)
    writer = RecordWriter(iri, "recipient outcome").link("administration", names.administration(outcome.administration))
    writer.say("seenOn", outcome.day).say("visit", outcome.visit).link(DERIVED_FROM, names.file(outcome.file))
    writer.say("fileName", outcome.file_name).say("synthetic", True if outcome.synthetic else None)
    triples = writer.triples
    for count, result in enumerate(outcome.results, start=1):
        writer.link("result", f"{iri}#r{count}")
        triples += _result(result, f"{iri}#r{count}")
    return write(triples)


def _result(result: Result, iri: str) -> list[Triple]:
    writer = RecordWriter(iri, "outcome result").link("characteristic", result.characteristic)
    writer.say("label", result.label).say("valueAsPrinted", result.printed)
    writer.say("unitAsPrinted", result.unit_printed).link("unit", result.unit)
    writer.say("row", result.source.row).say("column", result.source.column)
    writer.link("relation", term(result.relation) if result.relation else None)
    writer.link("supersedes", result.supersedes).say("reason", result.reason)
    printed = dict(result.details)
    for column, name in WORDS.items():
        writer.say(name, printed.get(column))
    for column, name in DATES.items():
        writer.say(name, date.fromisoformat(printed[column]) if column in printed else None)
    if "serious" in printed:
        writer.say("serious", printed["serious"] == "yes").say("severityGrade", int(printed["grade"]))
    return write_reading(writer, result.reading).triples


def read_outcome(record: Record, entry: Recorded, names: Names) -> Outcome:
    """The outcome that this record holds, its results carrying their IRIs."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "recipient outcome")
    by_iri = {str(iri): description for iri, description in descriptions.items()}
    key = names.id_of(link(about, "administration") or "", "administration") or ""
    day, file, file_name = text(about, "seenOn"), link(about, DERIVED_FROM), text(about, "fileName")
    results = (by_iri[iri] for iri in sorted(links(about, "result"), key=ordinal))
    return Outcome(
        id=names.id_of(str(about.iri), "outcome") or "",
        administration=key,
        results=tuple(_read_result(each, key, file_name) for each in results),
        day=date.fromisoformat(day) if day else None,
        visit=whole(about, "visit"),
        file="sha256:" + (names.id_of(file, "file") or "") if file else "",
        file_name=file_name,
        synthetic=text(about, "synthetic") == "true",
        entry=entry,
    )


def _read_result(about: Description, key: str, file: str) -> Result:
    return Result(
        lot=key,
        characteristic=link(about, "characteristic") or "",
        label=text(about, "label"),
        printed=needed(about, "valueAsPrinted"),
        reading=read_reading(about),
        source=Source(file, whole(about, "row"), text(about, "column") or None),
        unit=link(about, "unit"),
        unit_printed=text(about, "unitAsPrinted"),
        relation=read_relation(about),
        supersedes=link(about, "supersedes"),
        reason=text(about, "reason") or None,
        details=_details(about),
        iri=str(about.iri),
    )


def _details(about: Description) -> tuple[tuple[str, str], ...]:
    """In one order, whatever the table's was."""
    printed = {column: text(about, name) for column, name in (WORDS | DATES).items()}
    serious = {"true": "yes", "false": "no"}.get(text(about, "serious"), "")
    every = {**printed, "serious": serious, "grade": text(about, "severityGrade")}
    return tuple(sorted((column, value) for column, value in every.items() if value))


def outcome_keys(descriptions: dict[IRI, Description], names: Names) -> Iterator[Key]:
    """An outcome, by its identifier and by its administration."""
    (about,) = of_kind(descriptions, "recipient outcome")
    yield from named(OUTCOME, (str(about.iri),), "outcome", names)
    yield from named(OUTCOMES_OF, (link(about, "administration"),), "administration", names)
