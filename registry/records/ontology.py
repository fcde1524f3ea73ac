"""Ontology loads and replacements of obsolete terms as records."""

from __future__ import annotations

from datetime import UTC, datetime

from registry.identifiers import OBO, Names
from registry.records import Record, describe, write
from registry.records.writer import RecordWriter, link, of_kind, text


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")


def write_load(
    ontology: str, *, version: str, release: str, kept: str, file_name: str, at: datetime, names: Names
) -> Record:
    """Which release became current: ``release`` is the digest of the file as it came, ``kept`` of the slice kept."""
    writer = RecordWriter(f"{names.base}ontology-load/{ontology}/{_stamp(at)}", "ontology load")
    writer.link("ontology", f"{OBO}{ontology}.owl").say("version", version).say("fileName", file_name)
    writer.say("sha256", release.removeprefix("sha256:")).link("keptSlice", names.file(kept))
    return write(writer.triples)


def write_replacement(
    old: str, new: str, *, reason: str, by: str, printed_name: str, at: datetime, names: Names
) -> Record:
    """A person's word that an obsolete term is replaced by a current one in our data."""
    local = old.removeprefix(OBO)
    writer = RecordWriter(f"{names.base}replacement/{local}/{_stamp(at)}", "replacement")
    writer.link("replaces", old).link("replacedBy", new).say("reason", reason)
    writer.say("signedBy", by).say("printedName", printed_name).say("signedAt", at)
    writer.say("meaning", "I approve that this obsolete term is replaced by this current one, for the reason given.")
    return write(writer.triples)


def write_carried(
    term: str, label: str, *, reason: str, by: str, printed_name: str, at: datetime, names: Names
) -> Record:
    """A person's word that a term means what it did under the name that a release gives it: it replaces itself."""
    writer = RecordWriter(f"{names.base}replacement/{term.removeprefix(OBO)}/{_stamp(at)}", "replacement")
    writer.link("replaces", term).link("replacedBy", term).say("carriedName", label).say("reason", reason)
    writer.say("signedBy", by).say("printedName", printed_name).say("signedAt", at)
    writer.say("meaning", "I approve that this term means what it did under this new name, for the reason given.")
    return write(writer.triples)


def read_carried(record: Record) -> tuple[str, str] | None:
    """The term and its new name that a person signed for; None of a replacement by another term."""
    (about,) = of_kind(describe(record), "replacement")
    term, label = link(about, "replaces"), text(about, "carriedName")
    return (term, label) if term and label and link(about, "replacedBy") == term else None


def ontology_of(iri: str) -> str:
    """``cl`` of ``obo:cl.owl``."""
    return iri.removeprefix(OBO).removesuffix(".owl")
