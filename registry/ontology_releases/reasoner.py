"""Ontologies as OWL: what a release classifies, and whether it still classifies what must never change.

The hierarchy that the registry uses is in the slices, already inferred. Here a release is looked at before it is
sliced: ``canaries`` walks the told axioms (milliseconds), ``reason`` asks HermiT (seconds; needs Java). Neither is
ever part of a request. The release of 2020-10-02 is why: a lost genus made every human cell a mesenchymal stem cell.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator, Sequence
from typing import Any

import owlready2

from registry.errors import Unavailable, Unreadable
from registry.identifiers import OBO
from registry.vocabulary.ntriples import Text
from registry.vocabulary.sentinel_terms import CANARIES
from registry.vocabulary.term_files import content, curie

MSC = OBO + "CL_0000134"
HUMAN = OBO + "NCBITaxon_9606"


def read(ntriples: bytes) -> Any:
    """A release as owlready2's World, from N-Triples. Raises ``Unreadable`` when it is none."""
    world = owlready2.World()
    try:
        world.get_ontology("https://w3id.org/cell-product-registry/release#").load(fileobj=io.BytesIO(ntriples))
    except (owlready2.OwlReadyOntologyParsingError, ValueError) as error:
        raise Unreadable("This is no ontology in N-Triples.", found=str(error)) from error
    return world


def shipped() -> Any:
    """The borrowed slice of the Cell Ontology, with its logical axioms."""
    from rdflib import Graph

    graph = Graph(bind_namespaces="none")
    graph.parse(data=content("borrowed/cl-axioms.ttl"), format="turtle")
    return read(graph.serialize(format="nt", encoding="utf-8"))


def ancestors(cell: Any) -> frozenset[str]:
    """The IRIs of a class and of all above it by what is told: superclasses, and the genus of a definition."""
    seen, pending = {cell.iri}, [cell]
    while pending:
        current = pending.pop()
        for parent in _named([*current.is_a, *current.equivalent_to]):
            if parent.iri not in seen:
                seen.add(parent.iri)
                pending.append(parent)
    return frozenset(seen)


def _named(expressions: list[Any]) -> Iterator[Any]:
    for expression in expressions:
        if isinstance(expression, owlready2.ThingClass):
            yield expression
        elif isinstance(expression, owlready2.And):
            yield from _named(expression.Classes)


def canaries(world: Any) -> list[str]:
    """What is wrong with a release's classification, one sentence each; empty when it may be sliced."""
    findings = []
    for child, ancestor, expected in CANARIES:
        cell = world[OBO + child]
        if cell is None:
            findings.append(f"{curie(OBO + child)} is gone.")
        elif (OBO + ancestor in ancestors(cell)) != expected:
            stands = "does not stand" if expected else "stands"
            findings.append(f"{curie(cell.iri)} {stands} under {curie(OBO + ancestor)}.")
    findings += [f"Said of everything of one kind of organism: {axiom}." for axiom in dict.fromkeys(_taxon_wide(world))]
    return findings


def _taxon_wide(world: Any) -> Iterator[str]:
    """General axioms whose left side names no kind of cell: whatever they say, they say of every human cell."""
    for ontology in world.ontologies.values():
        for axiom in ontology.general_class_axioms():
            if not list(_named([axiom.left_side])):
                yield f"{axiom.left_side} is a {' and '.join(map(str, axiom.is_a))}"


def reason(world: Any) -> frozenset[str]:
    """What HermiT infers of a human cell: the IRIs of its superclasses, itself left out. Seconds; not for requests.

    Raises ``Unavailable`` without Java and ``Unreadable`` when the release contradicts itself.
    """
    if shutil.which("java") is None:
        raise Unavailable("Reasoning needs Java.", todo="Install a Java runtime, or leave the reasoner out.")
    probe = world.get_ontology("https://w3id.org/cell-product-registry/probe#")
    with probe:
        terms = probe.get_namespace(OBO)
        human = world[HUMAN] or owlready2.ThingClass("NCBITaxon_9606", (owlready2.Thing,), {"namespace": terms})
        cell = owlready2.ThingClass("human_cell", (owlready2.Thing,), {"namespace": probe})
        cell.equivalent_to.append(world[OBO + "CL_0000000"] & world[OBO + "RO_0002162"].some(human))
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise Unreadable("The ontology contradicts itself.", found=str(error)) from error
    return ancestors(cell) - {cell.iri}


def classified(triples: Sequence[tuple[str, str, str]], names: Sequence[str]) -> dict[str, frozenset[str]]:
    """What HermiT infers of named classes: the IRIs of their superclasses; ``owl:Nothing`` for one without instances.

    Seconds; an independent check of the fast closure, never part of a request. Raises as ``reason`` does.
    """
    if shutil.which("java") is None:
        raise Unavailable("Reasoning needs Java.", todo="Install a Java runtime, or leave the reasoner out.")
    world = read("".join(_line(*triple) for triple in triples if not isinstance(triple[2], Text)).encode())
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise Unreadable("The ontology contradicts itself.", found=str(error)) from error
    impossible = {one.iri for one in world.inconsistent_classes() if hasattr(one, "iri")}
    nothing = frozenset({owlready2.Nothing.iri})
    return {name: ancestors(world[name]) | (nothing if name in impossible else frozenset()) for name in names}


def _line(subject: str, predicate: str, value: str) -> str:
    def written(node: str) -> str:
        return node if node.startswith("_:") else f"<{node}>"

    return f"{written(subject)} {written(predicate)} {written(value)} .\n"
