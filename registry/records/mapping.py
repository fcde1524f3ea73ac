"""Mappings as records: what a laboratory's instruments call things, who approved that, and from when.

A mapping is replaced by a newer one of the same name, never edited: the results that were read with it name its digest.
"""

from __future__ import annotations

from typing import cast, get_args

from registry.domain import Recorded
from registry.domain.name_mapping import Mapping, MappingKind, MappingLine
from registry.identifiers import CPR, Names
from registry.records import RDF_TYPE, Description, Record, describe, write
from registry.records.writer import IDENTIFIER, RecordWriter, link, links, moment, needed, of_kind, text, whole

MEANING = "I approve what this mapping says the names in our instruments' files stand for."


def write_mapping(mapping: Mapping, names: Names, meaning: str = MEANING) -> Record:
    """The mapping's record: the bytes that are signed. Its lines stand under it as ``#l1``, ``#l2`` …"""
    stamp = mapping.signed_at.strftime("%Y%m%dT%H%M%S%fZ") if mapping.signed_at else "unsigned"
    iri = f"{names.base}mapping/{mapping.name}/{stamp}"
    writer = RecordWriter(iri, "mapping").say(IDENTIFIER, mapping.name).link("file", names.file(mapping.file))
    writer.say("signedBy", mapping.signed_by).say("printedName", mapping.printed_name)
    writer.say("signedAt", mapping.signed_at).say("meaning", meaning).say("draftedBy", mapping.drafted_by)
    triples = writer.triples
    for count, line in enumerate(mapping.lines, start=1):
        writer.link("line", f"{iri}#l{count}")
        triples += _line(line, f"{iri}#l{count}").triples
    return write(triples)


def _line(line: MappingLine, iri: str) -> RecordWriter:
    writer = RecordWriter(iri).link(RDF_TYPE, CPR + "MappingLine")
    writer.say("row", line.row).say("maps", line.kind).say("nameInFile", line.name).say("lotAsPrinted", line.lot)
    writer.say("stageAsPrinted", line.stage).say("label", line.characteristic).say("parentPopulation", line.parent)
    return writer.say("unitAsPrinted", line.unit).say("settingValue", line.value)


def read_mapping(record: Record, entry: Recorded, names: Names) -> Mapping:
    """The mapping that this record holds."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "mapping")
    by_iri = {str(iri): description for iri, description in descriptions.items()}
    lines = sorted((_read_line(by_iri[iri]) for iri in links(about, "line")), key=lambda line: line.row)
    return Mapping(
        name=needed(about, IDENTIFIER),
        lines=tuple(lines),
        file=f"sha256:{names.id_of(link(about, 'file') or '', 'file') or ''}",
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=moment(about, "signedAt"),
        drafted_by=text(about, "draftedBy"),
        entry=entry,
    )


def _read_line(about: Description) -> MappingLine:
    kind = needed(about, "maps")
    return MappingLine(
        row=whole(about, "row") or 0,
        kind=cast(MappingKind, kind) if kind in get_args(MappingKind) else "ignore",
        name=needed(about, "nameInFile"),
        lot=text(about, "lotAsPrinted"),
        stage=text(about, "stageAsPrinted"),
        characteristic=text(about, "label"),
        parent=text(about, "parentPopulation"),
        unit=text(about, "unitAsPrinted"),
        value=text(about, "settingValue"),
    )
