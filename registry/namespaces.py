"""RDF's namespaces and the escapes of N-Triples, once for every room that writes or reads RDF.

Example: ``prefixes("cpr", "xsd")["xsd"]`` is ``"http://www.w3.org/2001/XMLSchema#"``; ``escaped('a "b"')`` is
``a \\"b\\"``.
"""

from __future__ import annotations

import re

from registry.identifiers import CPR, OBO

DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SHACL = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"

_PREFIXES = {
    "cpr": CPR,
    "obo": OBO,
    "dcterms": DCTERMS,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "sh": SHACL,
    "skos": SKOS,
    "xsd": XSD,
}

# RDF Dataset Canonicalization (W3C Recommendation, 2024), section 5: these and no other characters are escaped.
_ESCAPES = {9: r"\t", 8: r"\b", 10: r"\n", 13: r"\r", 12: r"\f", 34: r"\"", 92: r"\\"} | {
    code: f"\\u{code:04X}" for code in (*range(8), 11, *range(14, 32), 127)
}
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def prefixes(*names: str) -> dict[str, str]:
    """``{prefix: namespace}`` of these prefixes, in this order."""
    return {name: _PREFIXES[name] for name in names}


def shortened(iri: str, *names: str) -> str:
    """``cpr:Lot`` of its whole IRI, where one of these prefixes fits; else the IRI itself."""
    for name in names:
        if iri.startswith(_PREFIXES[name]):
            return f"{name}:{iri.removeprefix(_PREFIXES[name])}"
    return iri


def escaped(text: str) -> str:
    """``text`` as it stands between the quotes of a literal, in N-Triples, Turtle and SPARQL alike."""
    return text.translate(_ESCAPES)


def unescaped(text: str) -> str:
    """What stands between the quotes of a literal as the text that it means."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda escape: _character(escape[1]), text)


def _character(escape: str) -> str:
    return chr(int(escape[1:], 16)) if len(escape) > 1 else _CHARACTERS.get(escape, escape)
