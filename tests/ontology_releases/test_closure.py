"""The fast closure infers what the derived release states, and no more than HermiT does."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry.ontology_releases.names import CARRIES, LACKS, curie_of
from registry.ontology_releases.parser import read, turtle
from registry.ontology_releases.reasoning import reasoner
from registry.ontology_releases.reasoning.closure import NOTHING, Closure, axioms
from registry.ontology_releases.slices import slices
from registry.ontology_releases.slices.package import packaged_axioms
from registry.vocabulary.term_files import content
from tests.ontology_releases.conftest import Opened
from tests.ontology_releases.synthetic import cl

OBO = "http://purl.obolibrary.org/obo/"
PREFIX = """@prefix : <urn:x:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> ."""
FACTS = {
    "hasHigh": "carriesHigh",
    "hasLow": "carriesLow",
    "hasPlasmaMembranePart": "carries",
    "lacksPlasmaMembranePart": "lacks",
}


def closed(text: str, *names: str) -> Closure:
    return Closure(axioms(turtle((PREFIX + text).encode())), [f"urn:x:{name}" for name in names])


def above(closure: Closure, name: str) -> set[str]:
    return {one.removeprefix("urn:x:") for one in closure.above(f"urn:x:{name}", "urn:x:")}


def some(relation: str, filler: str) -> str:
    return f"[ a owl:Restriction ; owl:onProperty :{relation} ; owl:someValuesFrom {filler} ]"


def test_a_definition_is_read_both_ways() -> None:
    text = f"""
    :B owl:equivalentClass [ owl:intersectionOf ( :A {some("r", ":F")} ) ] .
    :X rdfs:subClassOf :A, {some("r", ":G")} . :G rdfs:subClassOf :F ."""
    assert above(closed(text, "X"), "X") == {"A", "B"}


def test_chains_transitivity_and_property_hierarchies_count() -> None:
    text = f"""
    :r a owl:TransitiveProperty . :s rdfs:subPropertyOf :r . :t owl:propertyChainAxiom ( :r :u ) .
    :X rdfs:subClassOf {some("s", ":Y")} . :Y rdfs:subClassOf {some("r", ":Z")} . :Z rdfs:subClassOf {some("u", ":W")} .
    :N owl:equivalentClass {some("r", ":Z")} . :M owl:equivalentClass {some("t", ":W")} ."""
    assert above(closed(text, "X"), "X") == {"N", "M"}


def test_a_union_stands_above_its_members_and_a_complement_above_nobody() -> None:
    text = """
    :U owl:equivalentClass [ owl:unionOf ( :A :B ) ] . :A rdfs:subClassOf :C .
    :N owl:equivalentClass [ owl:complementOf :B ] ."""
    assert above(closed(text, "A"), "A") == {"U", "C"}


def test_what_stands_under_disjoint_classes_can_have_no_instance() -> None:
    closure = closed(
        ":A owl:disjointWith :B . :X rdfs:subClassOf :A, :B . :Y rdfs:subClassOf " + some("r", ":X") + " .",
        "X",
        "Y",
        "A",
    )
    assert [NOTHING in closure.subsumers[f"urn:x:{name}"] for name in "XYA"] == [True, True, False]


def test_to_lack_a_kind_of_protein_is_told_of_that_kind_alone() -> None:
    more = "\n[Term]\nid: PR:000001015\nname: CD45RA\nis_a: PR:000001006\n"
    surface = "\n[Term]\nid: CL:0000037\nrelationship: lacks PR:000001015\n"
    made = slices.cut(read("cl.obo", cl(more=more, surface=surface)))
    lacking = [marker for fact, marker in made.classes[OBO + "CL_0000037"].surface if fact.endswith("lacks")]
    assert lacking == [OBO + "PR_000001015"]


def test_the_hierarchy_is_the_one_that_was_derived_elsewhere(opened: Callable[[str], Opened], releases: Path) -> None:
    """Fourteen classes stand under "eukaryotic cell" as well, by a chain over a property's parent; one has an equal."""
    made = opened("cl-2026-08-19-logical.nt.gz")[2]
    parents: dict[str, set[str]] = {}
    for line in gzip.decompress((releases / "cl-2026-08-19-inferred.nt.gz").read_bytes()).decode().splitlines():
        subject, predicate, value = (part.strip("<>") for part in line.split(" ")[:3])
        if predicate.endswith("subClassOf") and "/CL_" in value:
            parents.setdefault(subject, set()).add(value)
    differing = {
        iri: {curie_of(parent) for parent in set(one.parents) ^ parents.get(iri, set())}
        for iri, one in made.classes.items()
        if set(one.parents) != parents.get(iri, set())
    }
    assert sum(difference == {"CL:0000255"} for difference in differing.values()) == len(differing) - 1
    assert len(differing) == 15


def test_every_kind_of_mesenchymal_stem_cell_is_found(opened: Callable[[str], Opened]) -> None:
    closure = opened("cl-2026-08-19-logical.nt.gz")[1]
    below = [
        name
        for name in closure.subsumers
        if re.fullmatch(OBO + r"CL_\d+", name) and OBO + "CL_0000134" in closure.subsumers[name]
    ]
    assert len(below) == 25


@pytest.mark.skipif(shutil.which("java") is None, reason="HermiT needs Java")
def test_hermit_infers_what_the_closure_infers_of_the_packaged_axioms() -> None:
    """On the slice with our bridges, class by class: the same named superclasses."""
    from registry.ontology_releases.slices.patterns import bridge_triples

    triples = [*turtle(content("borrowed/cl-axioms.ttl")), *bridge_triples()]
    cells = sorted({subject for subject, _, _ in triples if re.fullmatch(OBO + r"CL_\d+", subject)})
    closure = Closure(packaged_axioms(), cells)
    inferred = reasoner.classified(triples, cells)
    assert {cell: closure.above(cell, OBO + "CL_") for cell in cells} == {
        cell: frozenset(one for one in inferred[cell] if one.startswith(OBO + "CL_") and one != cell) for cell in cells
    }


def test_the_relations_are_those_of_the_cell_ontology() -> None:
    assert (curie_of(CARRIES), curie_of(LACKS)) == ("RO:0002104", "CL:4030046")
