"""What is made, and one batch of it: products and lots registered. Nothing here is edited afterwards."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from registry.domain import Lot, Product
from registry.errors import Conflict, RegistryError, Unknown, WrongUsage
from registry.identifiers import OBO, check_id, check_lot_id
from registry.instants import moment
from registry.intake.checks.free_text_privacy import check_recipient, refuse_persons
from registry.ledger import Json, NewEntry, View
from registry.ledger.lots import look_alikes
from registry.look_alikes import LookAlike
from registry.records.lot import write_lot, write_product
from registry.services.append import Receipt, enter, new
from registry.services.context import Parts
from registry.vocabulary import expanded

_EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day begins first."""


def add_product(parts: Parts, product: Product, actor: str) -> Receipt:
    """Register a product. Raises WrongUsage for a cell type outside the permitted list, Conflict when it stands."""
    check_id(product.id, "product", "id")
    permitted = {term.iri: term for term in parts.terms.permitted_cell_types()}
    cell_type = parts.terms.term(product.cell_type).iri
    if cell_type not in permitted:
        raise WrongUsage(
            f"A product may not carry the cell type {parts.terms.curie(cell_type)}.",
            expected="; ".join(f"{term.curie} {term.label}" for term in permitted.values()),
            found=f"{parts.terms.curie(cell_type)} {parts.terms.term(cell_type).label}",
            where="cell_type",
            todo="Choose a permitted cell type; the list stands in ontology/cell_types.ttl, with the reasons.",
        )
    refuse_persons(parts.ledger.now().year, label=product.label, note=product.note)
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
        expected = "an NCBI Taxonomy term, such as NCBITaxon:9606"
        raise WrongUsage("This is no species.", expected=expected, found=text, where="species")
    return iri


def _disease(parts: Parts, text: str) -> str:
    try:
        found = parts.terms.term(text)
    except RegistryError as error:
        error.where = error.where or "indications"
        raise
    if not found.curie.startswith("DOID:"):
        expected = "a Disease Ontology term (DOID:…)"
        raise WrongUsage("An indication is a disease.", expected=expected, found=found.curie, where="indications")
    return found.iri


def add_lot(parts: Parts, lot: Lot, actor: str, distinct_from: Sequence[str] = ()) -> Receipt:
    """Register a lot, cell bank, cell line or donor.

    ``distinct_from`` names the lots that look like this one and are others; it is kept in the entry. Raises Unknown
    for its product or origin, Conflict when it stands or looks like a lot that is not named so, WrongUsage for what
    is missing, ambiguous or cannot be.
    """
    check_lot_id(lot.id)
    _check_dates(lot, parts.ledger.now())
    product = _product(parts, lot)
    refuse_persons(parts.ledger.now().year, note=lot.note, storage=lot.storage)
    if lot.recipient:
        autologous = product is not None and product.donor_relation == "autologous"
        check_recipient(parts.ledger.now().year, lot.recipient, of_autologous=autologous, lot=lot.id)
    whole = replace(lot, derived_from=_origins(parts, lot), product=product.id if product else None)
    unused = new("lot", lot.id, "lot")

    def free(view: View) -> None:
        unused(view)
        _check_told_apart(look_alikes(view, lot.id), lot.id, distinct_from)

    entry = NewEntry("lot", write_lot(whole, parts.names), lots=(lot.id,), details=_details(parts, lot))
    return enter(parts, entry, actor, lot.id, expect=free)


def _check_dates(lot: Lot, now: datetime) -> None:
    """Made today at the latest, wherever on Earth that is; expiring no earlier than the day on which it was made."""
    made, expires = lot.manufactured_on, lot.expires_at
    if expires is not None and expires.tzinfo is None:
        raise WrongUsage(
            "An expiry without a zone is ambiguous.",
            expected="a time with its zone, such as 2026-12-01T12:00+01:00",
            found=str(expires),
            where="expires_at",
        )
    today = (now + _EARLIEST_ZONE).date()
    if made is not None and made > today:
        raise WrongUsage(
            f"{lot.id} cannot have been manufactured on {made}: that day has not come yet.",
            expected=f"a day no later than {today}",
            found=str(made),
            where="manufactured_on",
        )
    if made is not None and expires is not None and expires.date() < made:
        raise WrongUsage(
            f"{lot.id} would expire before it was manufactured.",
            expected=f"a time on {made} or later",
            found=moment(expires),
            where="expires_at",
            todo="Look at both dates: the day of manufacture, and the expiry.",
        )


def _product(parts: Parts, lot: Lot) -> Product | None:
    """The lot's product, when the lot says of itself what a lot of that product must say."""
    if lot.kind == "product lot" and not lot.product:
        expected = "the identifier of a product"
        raise WrongUsage("A product lot names its product.", expected=expected, found="none", where="product")
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
            where="recipient",
        )
    return product


def _origins(parts: Parts, lot: Lot) -> tuple[str, ...]:
    """What it derives from, in the registered spelling; raises Unknown with those that nobody has registered."""
    known = {parent: parts.lots.registered(parent) for parent in lot.derived_from}
    if unknown := [parent for parent, spelled in known.items() if spelled is None]:
        raise Unknown(
            f"{lot.id} is said to derive from {', '.join(unknown)}, which nobody has registered.",
            expected="registered lots, cell banks, cell lines or donors",
            found=", ".join(unknown),
            where="derived_from",
            todo="Register the origin first: a recall is followed through it.",
        )
    return tuple(spelled for spelled in known.values() if spelled)


def _details(parts: Parts, lot: Lot) -> dict[str, Json]:
    """What stands in the entry beside the record."""
    details: dict[str, Json] = {"summary": f"{lot.kind.capitalize()} {lot.id} registered"}
    if alike := look_alikes(parts.ledger, lot.id):
        names = [one.lot for one in alike]
        details["distinct_from"] = list(names)
        details["summary"] = f"{details['summary']}, as another than {' and '.join(names)}"
    if lot.recipient:
        # The salt keeps a code from being guessed by whoever knows the entry's hash.
        details |= {"recipient": lot.recipient, "salt": secrets.token_hex(16)}
    return details


def _check_told_apart(alike: Sequence[LookAlike], lot: str, distinct_from: Sequence[str]) -> None:
    """A lot that can be taken for another is registered only by somebody who says that it is another."""
    named = {one.casefold() for one in distinct_from}
    if unnamed := [one for one in alike if one.lot.casefold() not in named]:
        others = " and ".join(one.lot for one in unnamed)
        raise Conflict(
            f"{lot} is easily taken for {others}, which stands here already.",
            expected="an identifier unlike every other, whatever its dashes and spaces, its O and 0, its I, l and 1",
            found=" ".join(one.difference for one in unnamed),
            where="distinct_from",
            todo="If it is the same lot, it is registered already. If it is another lot, give it another identifier, "
            "or say that it is another.",
            code="lot-looks-alike",
            action="tell-lots-apart",
        )
