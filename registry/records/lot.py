"""Products and lots as records: what is made, and one batch of it."""

from __future__ import annotations

from datetime import date
from typing import cast

from registry.domain import CellLine, DonorRelation, Lot, LotKind, Product, Recorded
from registry.identifiers import CPR, Names
from registry.records import Description, Literal, Record, describe, write
from registry.records.writer import (
    DERIVED_FROM,
    IDENTIFIER,
    RDFS_LABEL,
    RecordWriter,
    link,
    links,
    moment,
    needed,
    of_kind,
    term,
    text,
    whole,
    word,
)

LOT_KINDS: tuple[LotKind, ...] = ("product lot", "cell bank", "cell line", "donor")
DONOR_RELATIONS: tuple[DonorRelation, ...] = ("allogeneic", "autologous")


def write_product(product: Product, names: Names) -> Record:
    """The product's record."""
    writer = (
        RecordWriter(names.product(product.id), "product").say(IDENTIFIER, product.id).say(RDFS_LABEL, product.label)
    )
    writer.link("cellType", product.cell_type).link("species", product.species).link("indication", *product.indications)
    writer.link("donorRelation", term(product.donor_relation)).say("study", product.study).say("note", product.note)
    writer.say("citation", product.citation)
    if product.source.startswith(("http://", "https://")):
        writer.link("derivedFromSource", product.source)
    else:
        writer.say("sourceDescription", product.source)
    return write(writer.triples)


def read_product(record: Record, entry: Recorded) -> Product:
    """The product that this record describes."""
    (about,) = of_kind(describe(record), "product")
    return Product(
        id=needed(about, IDENTIFIER),
        label=text(about, RDFS_LABEL),
        cell_type=link(about, "cellType") or "",
        source=link(about, "derivedFromSource") or text(about, "sourceDescription"),
        donor_relation=cast(DonorRelation, word(link(about, "donorRelation") or "", DONOR_RELATIONS)),
        species=link(about, "species") or "",
        indications=links(about, "indication"),
        study=text(about, "study"),
        note=text(about, "note"),
        citation=text(about, "citation"),
        entry=entry,
    )


def write_lot(lot: Lot, names: Names) -> Record:
    """The lot's record; the recipient's code is not in it (see ``standing.Lot``)."""
    writer = RecordWriter(names.lot(lot.id), "lot").say(IDENTIFIER, lot.id).link("lotKind", term(lot.kind))
    writer.link("product", names.product(lot.product) if lot.product else None)
    writer.say("passage", lot.passage).say("manufacturedOn", lot.manufactured_on).say("expiresAt", lot.expires_at)
    writer.say("containers", lot.containers).say("storage", lot.storage).say("note", lot.note)
    writer.link(DERIVED_FROM, *(names.lot(parent) for parent in lot.derived_from))
    writer.say("synthetic", True if lot.synthetic else None).say("usableHoursAfterThaw", lot.usable_hours)
    if lot.line is not None:
        _say_line(writer, lot.line)
    return write(writer.triples)


def read_lot(record: Record, entry: Recorded, names: Names, recipient: str | None) -> Lot:
    """The lot that this record describes."""
    (about,) = of_kind(describe(record), "lot")
    made = text(about, "manufacturedOn")
    product = link(about, "product")
    return Lot(
        id=needed(about, IDENTIFIER),
        kind=cast(LotKind, word(link(about, "lotKind") or "", LOT_KINDS)),
        product=names.id_of(product, "product") if product else None,
        passage=whole(about, "passage"),
        manufactured_on=date.fromisoformat(made) if made else None,
        expires_at=moment(about, "expiresAt"),
        containers=whole(about, "containers"),
        storage=text(about, "storage"),
        derived_from=tuple(names.id_of(parent, "lot") or parent for parent in links(about, DERIVED_FROM)),
        recipient=recipient,
        synthetic=text(about, "synthetic") == "true",
        note=text(about, "note"),
        usable_hours=whole(about, "usableHoursAfterThaw"),
        line=_line(about),
        entry=entry,
    )


def _say_line(writer: RecordWriter, line: CellLine) -> None:
    writer.say("lineType", line.type).say("sex", line.sex).say("cellosaurusId", line.cellosaurus)
    writer.say("hpscregName", line.hpscreg).link("cellLineTerm", line.term)
    for against in line.known_against:
        writer.say("knownAgainst", against)


def _line(about: Description) -> CellLine | None:
    """What is said of a cell line; None where nothing is."""
    against = (value.value for value in about.all(CPR + "knownAgainst") if isinstance(value, Literal))
    line = CellLine(
        type=text(about, "lineType"),
        sex=text(about, "sex"),
        cellosaurus=text(about, "cellosaurusId"),
        hpscreg=text(about, "hpscregName"),
        term=link(about, "cellLineTerm") or "",
        known_against=tuple(sorted(against)),
    )
    return line if line != CellLine() else None
