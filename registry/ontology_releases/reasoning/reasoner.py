"""Ontologies as OWL, in owlready2: what a release tells of its classes, and what HermiT infers of them.

A release comes as N-Triples that pyoxigraph writes (``ntriples``): owlready2 drops RDF/XML's property attributes, and
would follow imports. ``hermit`` runs what is here in a process of its own, bounded; nothing of it is ever part of a
request. The release of 2020-10-02 is why: a lost genus made every human cell a mesenchymal stem cell.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import owlready2
import pyoxigraph

from registry.errors import Unavailable, Unreadable
from registry.identifiers import OBO
from registry.namespaces import OWL
from registry.ontology_releases.names import Triples
from registry.vocabulary.ntriples import Text
from registry.vocabulary.sentinel_terms import SENTINELS
from registry.vocabulary.term_files import content, curie

MSC = OBO + "CL_0000134"
HUMAN = OBO + "NCBITaxon_9606"


def ntriples(triples: Triples) -> bytes:
    """What a release says of classes and relations, as pyoxigraph writes it: no texts, and no import to be followed.

    Raises ``Unreadable`` for what is no IRI.
    """
    try:
        return pyoxigraph.serialize(_statements(triples), format=pyoxigraph.RdfFormat.N_TRIPLES) or b""
    except ValueError as error:
        raise Unreadable("The ontology names something that is no IRI.", found=str(error)[:300]) from error


def _statements(triples: Triples) -> Iterator[pyoxigraph.Triple]:
    for subject, predicate, value in triples:
        if not isinstance(value, Text) and predicate != OWL + "imports":
            yield pyoxigraph.Triple(_node(subject), pyoxigraph.NamedNode(predicate), _node(value))


def _node(name: str) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode:
    return pyoxigraph.BlankNode(name.removeprefix("_:")) if name.startswith("_:") else pyoxigraph.NamedNode(name)


def read(lines: bytes) -> Any:
    """A release as owlready2's World, from N-Triples. Raises ``Unreadable`` when it is none."""
    world = owlready2.World()
    ontology = world.get_ontology("https://w3id.org/cell-product-registry/release#")
    try:
        ontology.load(only_local=True, fileobj=io.BytesIO(lines))
    except (owlready2.OwlReadyOntologyParsingError, ValueError) as error:
        raise Unreadable("This is no ontology in N-Triples.", found=str(error)) from error
    return world


def shipped() -> Any:
    """The borrowed slice of the Cell Ontology, with its logical axioms."""
    axioms = pyoxigraph.parse(content("borrowed/cl-axioms.ttl"), format=pyoxigraph.RdfFormat.TURTLE)
    return read(pyoxigraph.serialize(axioms, format=pyoxigraph.RdfFormat.N_TRIPLES) or b"")


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


def sentinels(world: Any, expectations: Sequence[tuple[str, str, bool]] = SENTINELS) -> list[str]:
    """What is wrong with a release's classification as it is told, one sentence each; empty when nothing is."""
    findings = []
    for child, ancestor, expected in expectations:
        term = world[OBO + child]
        if term is None:
            findings.append(f"{curie(OBO + child)} is gone.")
        elif (OBO + ancestor in ancestors(term)) != expected:
            stands = "does not stand" if expected else "stands"
            findings.append(f"{curie(term.iri)} {stands} under {curie(OBO + ancestor)}.")
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
    _need_java()
    probe = world.get_ontology("https://w3id.org/cell-product-registry/probe#")
    with probe:
        terms = probe.get_namespace(OBO)
        human = world[HUMAN] or owlready2.ThingClass("NCBITaxon_9606", (owlready2.Thing,), {"namespace": terms})
        cell = owlready2.ThingClass("human_cell", (owlready2.Thing,), {"namespace": probe})
        cell.equivalent_to.append(world[OBO + "CL_0000000"] & world[OBO + "RO_0002162"].some(human))
    _classify(world)
    return ancestors(cell) - {cell.iri}


def classified(triples: Triples, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """What HermiT infers of named classes: the IRIs of their superclasses; ``owl:Nothing`` for one without instances.

    A class that the triples do not name is left out. Seconds; an independent check of the fast closure, never part of
    a request. Raises as ``reason`` does.
    """
    _need_java()
    world = read(ntriples(triples))
    _classify(world)
    impossible = {term.iri for term in world.inconsistent_classes() if hasattr(term, "iri")}
    nothing = frozenset({owlready2.Nothing.iri})
    known = {name: world[name] for name in names}
    return {
        name: ancestors(term) | (nothing if name in impossible else frozenset())
        for name, term in known.items()
        if term is not None
    }


def _need_java() -> None:
    if shutil.which("java") is None:
        raise Unavailable("Reasoning needs Java.", todo="Install a Java runtime, or leave the reasoner out.")


def _classify(world: Any) -> None:
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise Unreadable("The ontology contradicts itself.", found=str(error)) from error
