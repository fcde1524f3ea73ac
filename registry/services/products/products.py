"""Products: what is made, from which cells, for which diseases. Nothing here is edited afterwards.

registry.products.register(ProductDraft("POI-M", "hESC-derived MSC", "CL:0000134", …), actor)
registry.products.get("POI-M").approvals
"""

from __future__ import annotations

import re
from dataclasses import replace

from registry.accounts import Actor, Permission, require
from registry.domain import Product
from registry.errors import RegistryError, WrongUsage
from registry.identifiers import OBO, Names, check_id
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Ledger, NewEntry
from registry.ledger.lots import LotReader
from registry.records.lot import write_product
from registry.services.answers import ProductAnswer
from registry.services.append import Entries, Receipt, new
from registry.services.lots.identifiers.on_record import on_record
from registry.services.ontologies.current import Current
from registry.services.products.product_view import product_answer
from registry.vocabulary import Terms, expanded


class Products:
    """The products of one registry."""

    def __init__(self, ledger: Ledger, reader: LotReader, ontologies: Current, names: Names, entries: Entries) -> None:
        self._ledger = ledger
        self._reader = reader
        self._ontologies = ontologies
        self._names = names
        self._entries = entries

    def all(self) -> list[ProductAnswer]:
        """Every product, without approvals and lots."""
        terms = self._ontologies.terms
        return [product_answer(terms, self._names, self._reader.product(name)) for name in self._reader.products()]

    def get(self, product: str, *, with_lots: bool = True) -> ProductAnswer:
        """One product with its approvals and, where they are wanted, its lots; raises Unknown."""
        described = self._reader.product(product)
        approvals = self._reader.every_approval(described.id)
        lots = self._reader.lots_of(described.id) if with_lots else ()
        answer = product_answer(self._ontologies.terms, self._names, described, approvals, lots)
        return replace(answer, identifiers=on_record(self._ledger, "product", described.id))

    def register(self, draft: Product, actor: Actor) -> Receipt:
        """Register a product.

        Raises NotAllowed, WrongUsage for a cell type outside the permitted list, Conflict when it stands.
        """
        require(actor, Permission.REGISTER_PRODUCT)
        terms = self._ontologies.terms
        check_id(draft.id, "product", "id")
        permitted = {term.iri: term for term in terms.permitted_cell_types()}
        cell_type = terms.term(draft.cell_type).iri
        if cell_type not in permitted:
            raise WrongUsage(
                f"A product may not carry the cell type {terms.curie(cell_type)}.",
                expected="; ".join(f"{term.curie} {term.label}" for term in permitted.values()),
                found=f"{terms.curie(cell_type)} {terms.term(cell_type).label}",
                where="cell_type",
                todo="Choose a permitted cell type; the list stands in ontology/cell_types.ttl, with the reasons.",
            )
        refuse_persons(self._ledger.now().year, label=draft.label, note=draft.note)
        whole = replace(
            draft,
            cell_type=cell_type,
            source=_source(draft.source),
            species=_species(draft.species),
            indications=tuple(_disease(terms, disease) for disease in draft.indications),
        )
        entry = NewEntry(
            "product",
            write_product(whole, self._names),
            details={"summary": f"Product {draft.id}: {draft.label}"},
        )
        return self._entries.enter(entry, actor.name, draft.id, expect=new("product", draft.id, "product"))


def _source(text: str) -> str:
    """A CURIE such as CLO:0037280 as its IRI; words stay words."""
    return expanded(text) if re.fullmatch(r"[A-Za-z]+:\S+", text.strip()) else text.strip()


def _species(text: str) -> str:
    iri = expanded(text)
    if not re.fullmatch(re.escape(OBO) + r"NCBITaxon_[0-9]+", iri):
        expected = "an NCBI Taxonomy term, such as NCBITaxon:9606"
        raise WrongUsage("This is no species.", expected=expected, found=text, where="species")
    return iri


def _disease(terms: Terms, text: str) -> str:
    try:
        disease = terms.term(text)
    except RegistryError as error:
        error.where = error.where or "indications"
        raise
    if not disease.curie.startswith("DOID:"):
        expected = "a Disease Ontology term (DOID:…)"
        raise WrongUsage("An indication is a disease.", expected=expected, found=disease.curie, where="indications")
    return disease.iri
