"""A specification as Turtle that a person can read: one block a node, in the compiler's order."""

from __future__ import annotations

from rdflib import Literal, URIRef
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from registry.domain import Specification
from registry.specifications.compiler import term, triples
from registry.specifications.vocabulary import PREFIXES


def turtle(specification: Specification) -> bytes:
    """The compiled specification as Turtle in UTF-8; reading it gives the same specification and digest."""
    prefixes = (("", f"{specification.iri}#"), *PREFIXES)
    statements = sorted_by_subject(specification)
    blocks = []
    for subject, about in statements:
        lines = [f"    {_name(p, prefixes)} {', '.join(_name(o, prefixes) for o in values)}" for p, values in about]
        blocks.append(f"{_name(subject, prefixes)}\n" + " ;\n".join(lines) + " .\n")
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes)
    return (head + "\n" + "\n".join(blocks)).encode("utf-8")


def sorted_by_subject(specification: Specification) -> list[tuple[URIRef, list[tuple[URIRef, list[Node]]]]]:
    """(subject, [(property, [values])]) in the order in which the compiler names them."""
    subjects: dict[URIRef, dict[URIRef, list[Node]]] = {}
    for subject, predicate, value in triples(specification):
        subjects.setdefault(subject, {}).setdefault(predicate, []).append(value)
    return [(subject, list(about.items())) for subject, about in subjects.items()]


def _name(node: Node, prefixes: tuple[tuple[str, str], ...]) -> str:
    if node == RDF.type:
        return "a"
    if isinstance(node, Literal):
        if node.datatype in (XSD.integer, XSD.boolean):
            return str(node)
        if node.datatype == XSD.decimal:
            return str(node) if "." in node else f"{node}.0"
        return term(node)
    for prefix, namespace in prefixes:
        rest = str(node)[len(namespace) :]
        if str(node).startswith(namespace) and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return term(node)
