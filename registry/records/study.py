"""Studies as records: what a product is tried for, as registries of studies hold it.

What has an order or a source of its own stands under the study as a part of it: ``#arm1``, ``#outcome1``,
``#publication1``, ``#identifier1``, ``#statement1`` … A statement is what sources say of one field: a captured start or
end, a place, a line of the eligibility, or where a field was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast, get_args

from registry.domain import Arm, Captured, EnrolmentType, OutcomeKind, PlannedOutcome, Publication, Recorded, Study
from registry.errors import Corrupt
from registry.identifiers import CPR, Names
from registry.records import RDF_TYPE, Description, Record, describe, write
from registry.records.writer import (
    IDENTIFIER,
    RDFS_LABEL,
    RecordWriter,
    link,
    links,
    needed,
    of_kind,
    text,
    whole,
)

START, END, PLACE, ELIGIBILITY, ARM_WITHOUT_DOSE = "start", "end", "sites", "eligibility", "arms"
_FIELDS = (START, END, PLACE, ELIGIBILITY, ARM_WITHOUT_DOSE)
"""The fields of a study that statements say values of; every other that has a text is a captured one."""


def write_study(study: Study, names: Names) -> Record:
    """The study's record."""
    writer = RecordWriter(names.study(study.id), "study").say(IDENTIFIER, study.id).say(RDFS_LABEL, study.title)
    writer.say("acronym", study.acronym).say("phase", study.phase).say("studyStatus", study.status)
    writer.say("enrolment", study.enrolment).say("enrolmentType", study.enrolment_type).say("sponsor", study.sponsor)
    writer.link("condition", *study.conditions).link("cellType", study.cell_type)
    writer.say("scheduleDays", study.schedule_days).say("note", study.note)
    for name in study.unknown:
        writer.say("unknownField", name)
    triples = writer.triples
    for kind, parts in _parts(study, writer.subject):
        for part in parts:
            writer.link(kind, part.subject)
            triples += part.triples
    return write(triples)


def _parts(study: Study, iri: str) -> Iterator[tuple[str, list[RecordWriter]]]:
    yield "arm", [_arm(arm, f"{iri}#arm{place}", place) for place, arm in enumerate(study.arms, start=1)]
    yield (
        "plannedOutcome",
        [_outcome(outcome, f"{iri}#outcome{place}", place) for place, outcome in enumerate(study.outcomes, start=1)],
    )
    yield "publication", [_publication(each, iri, place) for place, each in enumerate(study.publications, start=1)]
    yield "otherIdentifier", [_identifier(pair, iri, place) for place, pair in enumerate(study.identifiers, start=1)]
    yield "statement", [_statement(*each, iri, place) for place, each in enumerate(_statements(study), start=1)]


def _statements(study: Study) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(field, text, sources) of everything that is said of one field."""
    for field, captures in ((START, study.start), (END, study.end), *sorted(study.captured.items())):
        yield from ((field, capture.value, (capture.source,)) for capture in captures)
    for field, texts in (
        (PLACE, study.places),
        (ELIGIBILITY, study.eligibility),
        (ARM_WITHOUT_DOSE, study.arms_without_dose),
    ):
        yield from ((field, each, ()) for each in texts)
    yield from ((field, "", sources) for field, sources in sorted(study.sources.items()))


def _arm(arm: Arm, iri: str, place: int) -> RecordWriter:
    writer = RecordWriter(iri).link(RDF_TYPE, CPR + "StudyArm").say(IDENTIFIER, arm.id).say(RDFS_LABEL, arm.label)
    writer.say("dosePerSite", arm.dose_per_site).link("site", *arm.sites)
    return writer.say("cellsPerMillilitre", arm.concentration).say("order", place)


def _outcome(outcome: PlannedOutcome, iri: str, place: int) -> RecordWriter:
    writer = RecordWriter(iri).link(RDF_TYPE, CPR + "PlannedOutcome").say(RDFS_LABEL, outcome.measure)
    return writer.say("timeFrame", outcome.time_frame).say("outcomeKind", outcome.kind).say("order", place)


def _publication(publication: Publication, iri: str, place: int) -> RecordWriter:
    writer = RecordWriter(f"{iri}#publication{place}").link(RDF_TYPE, CPR + "Publication").say("doi", publication.doi)
    return writer.say(RDFS_LABEL, publication.title).say("year", publication.year).say("order", place)


def _identifier(pair: tuple[str, str], iri: str, place: int) -> RecordWriter:
    writer = RecordWriter(f"{iri}#identifier{place}").link(RDF_TYPE, CPR + "StudyIdentifier")
    return writer.say("scheme", pair[0]).say(IDENTIFIER, pair[1]).say("order", place)


def _statement(field: str, said: str, sources: Iterable[str], iri: str, place: int) -> RecordWriter:
    writer = RecordWriter(f"{iri}#statement{place}").link(RDF_TYPE, CPR + "StudyStatement")
    writer.say("studyField", field).say("statementText", said).say("order", place)
    for source in sources:
        writer.say("readIn", source)
    return writer


def read_study(record: Record, entry: Recorded) -> Study:
    """The study that this record describes."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "study")
    by_iri = {str(iri): description for iri, description in descriptions.items()}

    def parts(kind: str) -> list[Description]:
        return sorted((by_iri[iri] for iri in links(about, kind)), key=lambda part: whole(part, "order") or 0)

    statements = [_read_statement(part) for part in parts("statement")]
    kind = text(about, "enrolmentType")
    return Study(
        id=needed(about, IDENTIFIER),
        title=needed(about, RDFS_LABEL),
        acronym=text(about, "acronym"),
        identifiers=tuple((needed(part, "scheme"), needed(part, IDENTIFIER)) for part in parts("otherIdentifier")),
        phase=text(about, "phase"),
        status=text(about, "studyStatus"),
        enrolment=whole(about, "enrolment"),
        enrolment_type=cast(EnrolmentType, kind) if kind in get_args(EnrolmentType) else None,
        start=_captures(statements, START),
        end=_captures(statements, END),
        conditions=links(about, "condition"),
        cell_type=link(about, "cellType"),
        sponsor=text(about, "sponsor"),
        places=_texts(statements, PLACE),
        arms=tuple(_read_arm(part) for part in parts("arm")),
        schedule_days=whole(about, "scheduleDays"),
        outcomes=tuple(_read_outcome(part) for part in parts("plannedOutcome")),
        eligibility=_texts(statements, ELIGIBILITY),
        publications=tuple(_read_publication(part) for part in parts("publication")),
        unknown=_all_texts(about, "unknownField"),
        sources={field: sources for field, said, sources in statements if not said},
        note=text(about, "note"),
        arms_without_dose=_texts(statements, ARM_WITHOUT_DOSE),
        captured={
            field: _captures(statements, field) for field, said, _sources in statements if said and field not in _FIELDS
        },
        entry=entry,
    )


def _all_texts(about: Description, predicate: str) -> tuple[str, ...]:
    return tuple(getattr(value, "value", str(value)) for value in about.all(CPR + predicate))


def _read_statement(part: Description) -> tuple[str, str, tuple[str, ...]]:
    return needed(part, "studyField"), text(part, "statementText"), _all_texts(part, "readIn")


def _captures(statements: list[tuple[str, str, tuple[str, ...]]], field: str) -> tuple[Captured, ...]:
    return tuple(
        Captured(said, "; ".join(sources)) for of_field, said, sources in statements if of_field == field and said
    )


def _texts(statements: list[tuple[str, str, tuple[str, ...]]], field: str) -> tuple[str, ...]:
    return tuple(said for of_field, said, _sources in statements if of_field == field and said)


def _read_arm(part: Description) -> Arm:
    dose = whole(part, "dosePerSite")
    if dose is None:
        raise Corrupt("An arm of a study has no dose.", expected="cpr:dosePerSite", where=part.iri)
    return Arm(needed(part, IDENTIFIER), text(part, RDFS_LABEL), dose, links(part, "site"),
               whole(part, "cellsPerMillilitre"))  # fmt: skip


def _read_outcome(part: Description) -> PlannedOutcome:
    kind = text(part, "outcomeKind")
    known = cast(OutcomeKind, kind) if kind in get_args(OutcomeKind) else "other"
    return PlannedOutcome(needed(part, RDFS_LABEL), text(part, "timeFrame"), known)


def _read_publication(part: Description) -> Publication:
    return Publication(needed(part, "doi"), text(part, RDFS_LABEL), whole(part, "year"))
