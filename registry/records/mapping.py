"""Mappings as records: what a laboratory's instruments call things, who approved that, and from when.

A mapping is replaced by a newer one of the same name, never edited: the results that were read with it name its digest.
"""

from __future__ import annotations

from typing import cast, get_args

from registry.domain import Recorded
from registry.domain.name_mapping import Mapping, MappingKind, MappingLine
from registry.identifiers import CPR, Names
from registry.records import RDF_TYPE, Description, Record, describe, write
from registry.records.writer import IDENTIFIER, Pen, link, links, moment, needed, of_kind, text, whole

MEANING = "I approve what this mapping says the names in our instruments' files stand for."


def write_mapping(mapping: Mapping, names: Names, meaning: str = MEANING) -> Record:
    """The mapping's record: the bytes that are signed. Its lines stand under it as ``#l1``, ``#l2`` …"""
    stamp = mapping.signed_at.strftime("%Y%m%dT%H%M%S%fZ") if mapping.signed_at else "unsigned"
    iri = f"{names.base}mapping/{mapping.name}/{stamp}"
    pen = Pen(iri, "mapping").say(IDENTIFIER, mapping.name).link("file", names.file(mapping.file))
    pen.say("signedBy", mapping.signed_by).say("printedName", mapping.printed_name)
    pen.say("signedAt", mapping.signed_at).say("meaning", meaning).say("draftedBy", mapping.drafted_by)
    triples = pen.triples
    for count, line in enumerate(mapping.lines, start=1):
        pen.link("line", f"{iri}#l{count}")
        triples += _line(line, f"{iri}#l{count}").triples
    return write(triples)


def _line(line: MappingLine, iri: str) -> Pen:
    pen = Pen(iri).link(RDF_TYPE, CPR + "MappingLine")
    pen.say("row", line.row).say("maps", line.kind).say("nameInFile", line.name).say("lotAsPrinted", line.lot)
    pen.say("stageAsPrinted", line.stage).say("label", line.characteristic).say("parentPopulation", line.parent)
    return pen.say("unitAsPrinted", line.unit).say("settingValue", line.value)


def read_mapping(record: Record, entry: Recorded, names: Names) -> Mapping:
    """The mapping that this record holds."""
    descriptions = describe(record)
    (said,) = of_kind(descriptions, "mapping")
    by_iri = {str(iri): description for iri, description in descriptions.items()}
    lines = sorted((_read_line(by_iri[iri]) for iri in links(said, "line")), key=lambda line: line.row)
    return Mapping(
        name=needed(said, IDENTIFIER),
        lines=tuple(lines),
        file=f"sha256:{names.id_of(link(said, 'file') or '', 'file') or ''}",
        signed_by=needed(said, "signedBy"),
        printed_name=needed(said, "printedName"),
        signed_at=moment(said, "signedAt"),
        drafted_by=text(said, "draftedBy"),
        entry=entry,
    )


def _read_line(said: Description) -> MappingLine:
    kind = needed(said, "maps")
    return MappingLine(
        row=whole(said, "row") or 0,
        kind=cast(MappingKind, kind) if kind in get_args(MappingKind) else "ignore",
        name=needed(said, "nameInFile"),
        lot=text(said, "lotAsPrinted"),
        stage=text(said, "stageAsPrinted"),
        characteristic=text(said, "label"),
        parent=text(said, "parentPopulation"),
        unit=text(said, "unitAsPrinted"),
        value=text(said, "settingValue"),
    )
