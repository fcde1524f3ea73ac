"""Triples as Turtle, JSON-LD or N-Triples, for those who read them: the records' own bytes stay as they are.

Example: ``serialise([(lot, RDF_TYPE, IRI(CPR + "Lot"))], "text/turtle")`` is ``b"@prefix cpr: …"``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph

from registry.errors import WrongUsage
from registry.records.rdf_terms import IRI, Triple

_FORMATS = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
}


def serialise(triples: Iterable[Triple], media_type: str, prefixes: Mapping[str, str] | None = None) -> bytes:
    """``triples`` (each once, sorted) in a media type; raises WrongUsage for one that is not offered."""
    if media_type not in _FORMATS:
        raise WrongUsage("This form is not offered.", expected=", ".join(_FORMATS), found=media_type)
    ordered = sorted(set(triples), key=lambda triple: (*triple[:2], isinstance(triple[2], IRI), str(triple[2])))
    quads = [pyoxigraph.Triple(pyoxigraph.NamedNode(s), pyoxigraph.NamedNode(p), _object(o)) for s, p, o in ordered]
    shown = dict(prefixes or {}) if media_type != "application/n-triples" else None
    return pyoxigraph.serialize(quads, format=_FORMATS[media_type], prefixes=shown) or b""


def _object(term: object) -> pyoxigraph.NamedNode | pyoxigraph.Literal:
    if isinstance(term, IRI):
        return pyoxigraph.NamedNode(term)
    value, datatype, language = term.value, term.datatype, term.language  # type: ignore[attr-defined]
    if language:
        return pyoxigraph.Literal(value, language=language)
    return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(datatype))
