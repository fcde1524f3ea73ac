"""Turtle that differs only where the facts do: what stands in a slice is compared line by line at every upgrade."""

from __future__ import annotations

import re

from rdflib import RDF, RDFS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL, XSD
from rdflib.term import Node

OBO = Namespace("http://purl.obolibrary.org/obo/")
OIO = Namespace("http://www.geneontology.org/formats/oboInOwl#")
CPR = Namespace("https://w3id.org/cell-product-registry/ns#")
PREFIXES = {
    "cpr": str(CPR),
    "dcterms": "http://purl.org/dc/terms/",
    "obo": str(OBO),
    "oboInOwl": str(OIO),
    "owl": str(OWL),
    "rdfs": str(RDFS),
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def prefixes() -> str:
    """The prefix lines that every written file begins with."""
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def turtle(graph: Graph, remark: str) -> str:
    """Turtle that differs only where the facts do: subjects, predicates and values in order, one value a line."""
    blocks = []
    for subject in sorted((s for s in set(graph.subjects()) if isinstance(s, URIRef)), key=str):
        blocks.append(f"{_written(graph, subject)}{_said(graph, subject, 1)} .\n")
    return f"# {remark}\n\n{prefixes()}\n" + "\n".join(blocks)


def _said(graph: Graph, subject: Node, depth: int) -> str:
    first = ("rdf:type", "rdfs:label")
    pairs = {(_written(graph, p), _written(graph, v, depth)) for p, v in graph.predicate_objects(subject)}
    ordered = sorted(pairs, key=lambda pair: (pair[0] not in first, pair))
    pad = "\n" + "    " * depth
    return " ;".join(f"{pad}{'a' if p == 'rdf:type' else p} {v}" for p, v in ordered)


def _written(graph: Graph, node: Node, depth: int = 0) -> str:
    if isinstance(node, BNode):
        if graph.value(node, RDF.first) is not None:
            return "( " + " ".join(sorted(_written(graph, item, depth) for item in Collection(graph, node))) + " )"
        return f"[{_said(graph, node, depth + 1)} ]"
    if isinstance(node, Literal):
        return str(node) if node.datatype == XSD.boolean else node.n3()
    if node == RDF.type:
        return "rdf:type"
    for prefix, iri in PREFIXES.items():
        local = str(node).removeprefix(iri)
        if local != str(node) and re.fullmatch(r"[A-Za-z_][\w-]*", local):
            return f"{prefix}:{local}"
    return f"<{node}>"
