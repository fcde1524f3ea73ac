"""What is made, and one batch of it: products and lots registered. Nothing here is edited afterwards."""

from __future__ import annotations

import re
import secrets
from dataclasses import replace

from registry.errors import Unknown, WrongUsage
from registry.iris import OBO, check_id, check_lot_id
from registry.kinds.lot import write_lot, write_product
from registry.ledger import NewEntry
from registry.registry.entering import Receipt, enter, new
from registry.registry.parts import Parts
from registry.standing import Lot, Product
from registry.terms import expanded


def add_product(parts: Parts, product: Product, actor: str) -> Receipt:
    """Register a product. Raises WrongUsage for a cell type outside the permitted list, Conflict when it stands."""
    check_id(product.id, "product")
    permitted = {term.iri: term for term in parts.terms.permitted_cell_types()}
    cell_type = parts.terms.term(product.cell_type).iri
    if cell_type not in permitted:
        raise WrongUsage(
            f"A product may not carry the cell type {parts.terms.curie(cell_type)}.",
            expected="; ".join(f"{term.curie} {term.label}" for term in permitted.values()),
            found=f"{parts.terms.curie(cell_type)} {parts.terms.term(cell_type).label}",
            todo="Choose a permitted cell type; the list stands in ontology/cell_types.ttl, with the reasons.",
        )
    whole = replace(
        product,
        cell_type=cell_type,
        source=_source(product.source),
        species=_species(product.species),
        indications=tuple(_disease(parts, one) for one in product.indications),
    )
    entry = NewEntry(
        "product",
        write_product(whole, parts.names),
        details={"summary": f"Product {product.id}: {product.label}"},
    )
    return enter(parts, entry, actor, product.id, expect=new("product", product.id, "product"))


def _source(text: str) -> str:
    """A CURIE such as CLO:0037280 as its IRI; words stay words."""
    return expanded(text) if re.fullmatch(r"[A-Za-z]+:\S+", text.strip()) else text.strip()


def _species(text: str) -> str:
    iri = expanded(text)
    if not re.fullmatch(re.escape(OBO) + r"NCBITaxon_[0-9]+", iri):
        raise WrongUsage("This is no species.", expected="an NCBI Taxonomy term, such as NCBITaxon:9606", found=text)
    return iri


def _disease(parts: Parts, text: str) -> str:
    found = parts.terms.term(text)
    if not found.curie.startswith("DOID:"):
        raise WrongUsage("An indication is a disease.", expected="a Disease Ontology term (DOID:…)", found=found.curie)
    return found.iri


def add_lot(parts: Parts, lot: Lot, actor: str) -> Receipt:
    """Register a lot, cell bank, cell line or donor.

    Raises Unknown for its product or origin, Conflict when it stands, WrongUsage for what is missing or ambiguous.
    """
    check_lot_id(lot.id)
    if lot.kind == "product lot" and not lot.product:
        raise WrongUsage("A product lot names its product.", expected="the identifier of a product", found="none")
    if lot.expires_at is not None and lot.expires_at.tzinfo is None:
        raise WrongUsage(
            "An expiry without a zone is ambiguous.",
            expected="a time with its zone, such as 2026-12-01T12:00+01:00",
            found=str(lot.expires_at),
        )
    product = parts.lots.product(lot.product) if lot.product else None
    if (
        product is not None
        and product.donor_relation == "autologous"
        and lot.kind == "product lot"
        and not lot.recipient
    ):
        raise WrongUsage(
            "A lot of an autologous product names its one recipient by a pseudonymous code.",
            expected="a recipient's code without name or number of a person",
            found="none",
        )
    parents = [parts.lots.registered(parent) for parent in lot.derived_from]
    if None in parents:
        unknown = [parent for parent, known in zip(lot.derived_from, parents, strict=True) if known is None]
        raise Unknown(
            f"{lot.id} is said to derive from {', '.join(unknown)}, which nobody has registered.",
            expected="registered lots, cell banks, cell lines or donors",
            found=", ".join(unknown),
            todo="Register the origin first: a recall is followed through it.",
        )
    whole = replace(
        lot, derived_from=tuple(parent for parent in parents if parent), product=product.id if product else None
    )
    details: dict[str, str] = {"summary": f"{lot.kind.capitalize()} {lot.id} registered"}
    if lot.recipient:
        # The salt keeps a code from being guessed by whoever knows the entry's hash.
        details |= {"recipient": lot.recipient, "salt": secrets.token_hex(16)}
    entry = NewEntry("lot", write_lot(whole, parts.names), lots=(lot.id,), details=details)
    return enter(parts, entry, actor, lot.id, expect=new("lot", lot.id, "lot"))
