"""What the parameters of a question name: each a thing that is known here, or refused with what is near.

A question about something that nobody knows would have an empty answer, and be read as "there are none".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from registry.domain import Specification
from registry.errors import Unknown, WrongUsage
from registry.identifiers import OBO, SPECIFICATIONS, Names, check_lot_id
from registry.ledger.lots import LotReader
from registry.questions import Resolvers
from registry.vocabulary import Term, Terms, expanded

NEAR = 3


def resolvers(
    terms: Terms, lots: LotReader, names: Names, find: Callable[[str, str | None], Specification]
) -> Resolvers:
    """For each type of parameter, from the name to the IRI; they raise Unknown and WrongUsage.

    ``find`` finds a specification by id and version.
    """
    return {
        "characteristic": lambda value: terms.characteristic(value).iri,
        "cell": lambda value: _term(terms, lots, value, "cell type", "CL"),
        "disease": lambda value: _term(terms, lots, value, "disease", "DOID"),
        "lot": lambda value: names.lot(lots.lot(check_lot_id(value)).id),
        "product": lambda value: names.product(lots.product(value).id),
        "specification": lambda value: _specification(find, value),
    }


def _term(terms: Terms, lots: LotReader, value: str, kind: str, prefix: str) -> str:
    """A cell type or disease; an obsolete one only while a product still says it, for then it has an answer."""
    iri = expanded(value)
    term = terms.any_term(iri) if iri.startswith(f"{OBO}{prefix}_") else _called(terms, value, prefix)
    if term is None:
        near = ", ".join(_near(terms, value, prefix))
        raise Unknown(
            f"There is no {kind} {value} in the ontologies loaded here.",
            expected=f"a {kind} as {prefix}:…" + (f", such as {near}" if near else ""),
            found=value,
            todo="Search for it by name at /terms.",
        )
    return term.iri if not term.obsolete or term.iri in _in_products(lots) else terms.term(term.iri).iri


def _called(terms: Terms, value: str, prefix: str) -> Term | None:
    """The one current term of that very name, as ``POF`` or ``mesenchymal stem cell``; None where two share it."""
    exact = [term for term in terms.named(value) if term.curie.startswith(f"{prefix}:")]
    return exact[0] if len(exact) == 1 else None


def _near(terms: Terms, value: str, prefix: str) -> Iterator[str]:
    """Terms of that name, or of an id that is spelled alike: ``DOID:5426 primary ovarian insufficiency``."""
    known = {term.curie: term for term in terms.everything() if term.curie.startswith(prefix) and not term.obsolete}
    named = [term for term in terms.search(value) if term.curie in known][:NEAR]
    for near in named or (known[curie] for curie in get_close_matches(value, known, n=NEAR, cutoff=0.85)):
        yield f"{near.curie} {near.label}"


def _in_products(lots: LotReader) -> set[str]:
    """The cell types and diseases of the products, as IRIs."""
    products = [lots.product(name) for name in lots.products()]
    return {iri for product in products for iri in (product.cell_type, *product.indications)}


def _specification(find: Callable[[str, str | None], Specification], value: str) -> str:
    """``ID/VERSION``, ``ID@VERSION``, or ``ID`` alone for its newest version."""
    name, _, version = value.removeprefix(SPECIFICATIONS).replace("@", "/").partition("/")
    if "/" in version:
        raise WrongUsage("This names no specification.", expected="ID/VERSION, such as msc-identity/1", found=value)
    return find(name, version or None).iri
