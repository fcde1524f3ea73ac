"""What the parameters of a question name: each a thing that is known here, or refused with what is near.

A question about something that nobody knows would have an empty answer, and be read as "there are none".
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from registry.errors import Unknown, WrongUsage
from registry.identifiers import OBO, SPECIFICATIONS, check_lot_id
from registry.questions import Resolvers
from registry.services.context import Parts
from registry.services.specifications import draft
from registry.vocabulary import expanded

NEAR = 3


def resolvers(parts: Parts) -> Resolvers:
    """For each type of parameter, from the name to the IRI; they raise Unknown and WrongUsage."""
    return {
        "characteristic": lambda value: parts.terms.characteristic(value).iri,
        "cell": lambda value: _term(parts, value, "cell type", "CL"),
        "disease": lambda value: _term(parts, value, "disease", "DOID"),
        "lot": lambda value: parts.names.lot(parts.lots.lot(check_lot_id(value)).id),
        "product": lambda value: parts.names.product(parts.lots.product(value).id),
        "specification": lambda value: _specification(parts, value),
    }


def _term(parts: Parts, value: str, kind: str, prefix: str) -> str:
    """A cell type or disease; an obsolete one only while a product still says it, for then it has an answer."""
    iri = expanded(value)
    found = parts.terms.any_term(iri) if iri.startswith(f"{OBO}{prefix}_") else None
    if found is None:
        near = ", ".join(_near(parts, value, prefix))
        raise Unknown(
            f"There is no {kind} {value} in the ontologies loaded here.",
            expected=f"a {kind} as {prefix}:…" + (f", such as {near}" if near else ""),
            found=value,
            todo="Search for it by name at /terms.",
        )
    return iri if not found.obsolete or iri in _said(parts) else parts.terms.term(iri).iri


def _near(parts: Parts, value: str, prefix: str) -> Iterator[str]:
    """Terms of that name, or of an id that is spelled alike: ``DOID:5426 primary ovarian insufficiency``."""
    known = {one.curie: one for one in parts.terms.everything() if one.curie.startswith(prefix) and not one.obsolete}
    named = [one for one in parts.terms.search(value) if one.curie in known][:NEAR]
    for one in named or (known[curie] for curie in get_close_matches(value, known, n=NEAR, cutoff=0.85)):
        yield f"{one.curie} {one.label}"


def _said(parts: Parts) -> set[str]:
    """The cell types and diseases of the products, as IRIs."""
    products = [parts.lots.product(one) for one in parts.lots.products()]
    return {iri for one in products for iri in (one.cell_type, *one.indications)}


def _specification(parts: Parts, value: str) -> str:
    """``ID/VERSION``, ``ID@VERSION``, or ``ID`` alone for its newest version."""
    name, _, version = value.removeprefix(SPECIFICATIONS).replace("@", "/").partition("/")
    if "/" in version:
        raise WrongUsage("This names no specification.", expected="ID/VERSION, such as msc-identity/1", found=value)
    return draft.find(parts, name, version or None).iri
