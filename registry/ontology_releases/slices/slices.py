"""A release cut down to what the registry uses, as bytes: labels, synonyms, definitions, inferred superclasses, surface
facts, obsoletion. The same release gives the same bytes.

    made = cut(release)
    made.ntriples            what is kept in the ledger, loaded into the graph and read by the terms
    read(made.ntriples)      the same slice again
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from registry.identifiers import CPR
from registry.judgement.contaminants import CELL
from registry.namespaces import DCTERMS, OWL
from registry.ontology_releases.names import (
    CARRIES,
    HIGH,
    HUMAN,
    IN_TAXON,
    LABEL,
    LOW,
    MARKER_FACTS,
    RDF_TYPE,
    Triples,
)
from registry.ontology_releases.parser import PREFIXES, Release, turtle
from registry.ontology_releases.reasoning.closure import Axioms, Closure, axioms
from registry.ontology_releases.slices import patterns
from registry.ontology_releases.slices.classes import Class, Slice, class_of, grouped
from registry.ontology_releases.slices.merged_ids import merged
from registry.ontology_releases.slices.slice_lines import of_triples, read, written
from registry.vocabulary.term_files import content

__all__ = ["HUMAN_CELL", "Class", "Slice", "closed", "cut", "of_triples", "packaged", "read", "told_markers", "written"]

HUMAN_CELL = f"all {CELL} & some {IN_TAXON} {HUMAN}"
"""The probe of the gate: any human cell."""


def closed(release: Release, more: Axioms | None = None) -> Closure:
    """The closure of everything that a release says of its own classes; ``more`` axioms are taken into account."""
    prefix = PREFIXES[release.ontology]
    wanted = {subject for subject, _predicate, _value in release.triples if subject.startswith(prefix)}
    given = axioms(release.triples, more)
    if release.ontology == "cl":
        wanted |= {given.all_of((CELL, given.some(IN_TAXON, HUMAN))), *patterns.measured()}
    return Closure(given, sorted(wanted))


def cut(release: Release, closure: Closure | None = None) -> Slice:
    """The slice of a release."""
    closure = closure or closed(release)
    prefix = PREFIXES[release.ontology]
    told = grouped(release.triples)
    names = {s for s, about in told.items() if s.startswith(prefix) and OWL + "Class" in about.get(RDF_TYPE, ())}
    facts = told_markers(closure, names)
    classes = {name: class_of(name, told[name], closure.direct(name, prefix), facts[name]) for name in sorted(names)}
    classes = merged(release.triples, classes, prefix)
    defined = patterns.defined(closure, classes) if release.ontology == "cl" else ()
    used = {marker for term in classes.values() for _fact, marker in term.surface}
    used |= {marker for pattern in defined for marker in (*pattern.carries, *pattern.lacks, *pattern.functions)}
    labels = {iri: min(told[iri][LABEL]) for iri in sorted(used) if iri in told and LABEL in told[iri]}
    made = Slice(
        ontology=release.ontology,
        version=release.version,
        date=release.date,
        source=release.name,
        digest=release.digest,
        classes=classes,
        relations=_relations(release.triples),
        labels=labels,
        patterns=defined,
        kinds=patterns.kinds_of(closure, used | patterns.measured()) if release.ontology == "cl" else {},
    )
    return replace(made, ntriples=written(made))


def told_markers(closure: Closure, names: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """What is told of each class's surface, and of every class above it, marker by marker as it was told.

    Not along the hierarchy of proteins: to lack CD45RA is not to lack CD45, although CD45RA is a kind of CD45.
    """
    given = closure.axioms
    own: dict[str, set[tuple[str, str]]] = {}
    for name in {above for child in names for above in closure.subsumers.get(child, ())} | {
        left for left, _ in given.general
    }:
        parts = {part for told in given.below.get(name, ()) for part in given.conjuncts(told)}
        shapes = [given.expressions[part] for part in parts if part in given.expressions]
        told = [(s[1], s[2]) for s in shapes if s[0] == "some" and s[1] in MARKER_FACTS and given.is_named(s[2])]
        own[name] = {(MARKER_FACTS[relation], marker) for relation, marker in told}
        own[name] |= {(MARKER_FACTS[CARRIES], marker) for relation, marker in told if relation in {HIGH, LOW}}
    # A restriction's own name is among the subsumers, and says nothing that its class does not.
    return {name: {fact for above in closure.subsumers.get(name, ()) for fact in own.get(above, ())} for name in names}


def _relations(triples: Triples) -> frozenset[str]:
    return frozenset(value for _subject, predicate, value in triples if predicate == OWL + "onProperty")


@cache
def packaged(ontology: str) -> Slice:
    """The slice that the program carries, before anybody loads a release."""
    files = (f"borrowed/{ontology}.ttl", f"borrowed/{ontology}-definitions.ttl")
    triples = [triple for file in files for triple in turtle(content(file))]
    about = {predicate: value for subject, predicate, value in turtle(content("SOURCES.ttl"))
             if subject == CPR + "slice-" + ontology}  # fmt: skip
    made = of_triples(triples)
    return replace(
        made,
        ontology=ontology,
        version=about[CPR + "version"],
        date=about[DCTERMS + "issued"],
        source=f"packaged slice borrowed/{ontology}.ttl",
        digest="sha256:" + about[CPR + "sha256"],
        patterns=patterns.packaged() if ontology == "cl" else (),
        kinds=patterns.packaged_kinds() if ontology == "cl" else {},
    )
