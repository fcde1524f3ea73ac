"""The shapes of the kinds of record: their files, and the class of which a record of each kind is one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from rdflib import Graph

from registry.errors import Unknown
from registry.identifiers import CPR
from registry.judgement.shacl.engine import Triples

CONTROL = "urn:x-cell-registry:control:"
"""Where the controls are named that run beside every record."""


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of record that have shapes."""
    folder = files("shapes") / "records"
    return tuple(sorted(f.name.removesuffix(".ttl") for f in folder.iterdir() if f.name.endswith(".ttl")))


@cache
def shapes_file(kind: str) -> bytes:
    """The shapes of a kind of record as they stand in their file, Turtle."""
    return (files("shapes") / "records" / f"{kind}.ttl").read_bytes()


def class_of(kind: str) -> str:
    """The class of which a record holds exactly one: ``cpr:OntologyLoad`` of ``ontology-load``."""
    return CPR + "".join(part.capitalize() for part in kind.split("-"))


@cache
def shapes_of(kind: str) -> Triples:
    """The shapes graph of one kind of record. Raises Unknown for a kind without one."""
    if kind not in kinds():
        raise Unknown("There are no shapes for this kind of record.", expected=", ".join(kinds()), found=kind)
    graph = Graph(bind_namespaces="none")
    graph.parse(data=shapes_file(kind), format="turtle")
    return tuple(graph)
