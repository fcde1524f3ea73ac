"""Products and lots as records: what is made, and one batch of it."""

from __future__ import annotations

from datetime import date
from typing import cast

from registry.domain import DonorRelation, Lot, LotKind, Product, Recorded
from registry.identifiers import Names
from registry.records import Record, describe, write
from registry.records.writer import (
    DERIVED_FROM,
    IDENTIFIER,
    RDFS_LABEL,
    Pen,
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
    pen = Pen(names.product(product.id), "product").say(IDENTIFIER, product.id).say(RDFS_LABEL, product.label)
    pen.link("cellType", product.cell_type).link("species", product.species).link("indication", *product.indications)
    pen.link("donorRelation", term(product.donor_relation)).say("study", product.study).say("note", product.note)
    pen.say("citation", product.citation)
    if product.source.startswith(("http://", "https://")):
        pen.link("derivedFromSource", product.source)
    else:
        pen.say("sourceDescription", product.source)
    return write(pen.triples)


def read_product(record: Record, entry: Recorded) -> Product:
    """The product that this record describes."""
    (said,) = of_kind(describe(record), "product")
    return Product(
        id=needed(said, IDENTIFIER),
        label=text(said, RDFS_LABEL),
        cell_type=link(said, "cellType") or "",
        source=link(said, "derivedFromSource") or text(said, "sourceDescription"),
        donor_relation=cast(DonorRelation, word(link(said, "donorRelation") or "", DONOR_RELATIONS)),
        species=link(said, "species") or "",
        indications=links(said, "indication"),
        study=text(said, "study"),
        note=text(said, "note"),
        citation=text(said, "citation"),
        entry=entry,
    )


def write_lot(lot: Lot, names: Names) -> Record:
    """The lot's record; the recipient's code is not in it (see ``standing.Lot``)."""
    pen = Pen(names.lot(lot.id), "lot").say(IDENTIFIER, lot.id).link("lotKind", term(lot.kind))
    pen.link("product", names.product(lot.product) if lot.product else None)
    pen.say("passage", lot.passage).say("manufacturedOn", lot.manufactured_on).say("expiresAt", lot.expires_at)
    pen.say("containers", lot.containers).say("storage", lot.storage).say("note", lot.note)
    pen.link(DERIVED_FROM, *(names.lot(parent) for parent in lot.derived_from))
    pen.say("synthetic", True if lot.synthetic else None)
    return write(pen.triples)


def read_lot(record: Record, entry: Recorded, names: Names, recipient: str | None) -> Lot:
    """The lot that this record describes."""
    (said,) = of_kind(describe(record), "lot")
    made = text(said, "manufacturedOn")
    product = link(said, "product")
    return Lot(
        id=needed(said, IDENTIFIER),
        kind=cast(LotKind, word(link(said, "lotKind") or "", LOT_KINDS)),
        product=names.id_of(product, "product") if product else None,
        passage=whole(said, "passage"),
        manufactured_on=date.fromisoformat(made) if made else None,
        expires_at=moment(said, "expiresAt"),
        containers=whole(said, "containers"),
        storage=text(said, "storage"),
        derived_from=tuple(names.id_of(parent, "lot") or parent for parent in links(said, DERIVED_FROM)),
        recipient=recipient,
        synthetic=text(said, "synthetic") == "true",
        note=text(said, "note"),
        entry=entry,
    )
