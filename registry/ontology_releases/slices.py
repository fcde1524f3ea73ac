"""A release cut down to what the registry uses, as bytes: labels, synonyms, inferred superclasses, surface facts,
obsoletion. One line a fact, in order, no blank node: the same release gives the same bytes.

    made = cut(release)
    made.ntriples            what is kept in the ledger, loaded into the graph and read by the terms
    read(made.ntriples)      the same slice again
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from registry.identifiers import CPR, OBO
from registry.judgement.contaminants import CELL, Pattern
from registry.namespaces import DCTERMS, OWL, XSD
from registry.ontology_releases import patterns
from registry.ontology_releases.closure import Axioms, Closure, axioms
from registry.ontology_releases.names import (
    CARRIES,
    CONSIDER,
    DEPRECATED,
    HIGH,
    LABEL,
    LOW,
    MARKER_FACTS,
    RDF_TYPE,
    REASON,
    REPLACED_BY,
    SUB_CLASS,
    SYNONYMS,
    XREF,
    Triples,
    iri_of,
)
from registry.ontology_releases.parser import PREFIXES, Release, turtle
from registry.vocabulary import ntriples as lines
from registry.vocabulary.ntriples import Text
from registry.vocabulary.term_files import content

LICENCES = {
    "cl": "https://creativecommons.org/licenses/by/4.0/",
    "doid": "https://creativecommons.org/publicdomain/zero/1.0/",
}
# SNOMED CT and UMLS are licensed; the others may be kept.
XREFS = re.compile(r"(BTO|CALOHA|FMA|MESH|ZFA|GARD|ICD10CM|ICD9CM|ICD11|ICDO|MIM|OMIM|NCI|ORDO|EFO|KEGG|MEDDRA):\S+")
HUMAN, IN_TAXON = OBO + "NCBITaxon_9606", OBO + "RO_0002162"
HUMAN_CELL = f"all {CELL} & some {IN_TAXON} {HUMAN}"
"""The probe of the gate: any human cell."""
_FACTS = {ours: theirs for theirs, ours in MARKER_FACTS.items()}


@dataclass(frozen=True, slots=True)
class Class:
    """One class of a slice. ``surface`` holds (property of ours, marker); ``parents`` are direct and inferred."""

    iri: str
    label: str = ""
    synonyms: tuple[tuple[str, str], ...] = ()
    parents: tuple[str, ...] = ()
    surface: tuple[tuple[str, str], ...] = ()
    xrefs: tuple[str, ...] = ()
    deprecated: bool = False
    replaced_by: str | None = None
    consider: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is kept of a release."""

    ontology: str
    version: str
    date: str
    source: str
    digest: str
    classes: Mapping[str, Class]
    relations: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    ntriples: bytes = field(default=b"", repr=False)

    @property
    def live(self) -> int:
        """How many classes are current."""
        return sum(not one.deprecated for one in self.classes.values())


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
    said = _said(release.triples)
    names = {s for s, about in said.items() if s.startswith(prefix) and OWL + "Class" in about.get(RDF_TYPE, ())}
    facts = told_markers(closure, names)
    classes = {name: _class(name, said[name], closure.direct(name, prefix), facts[name]) for name in sorted(names)}
    found = patterns.defined(closure, classes) if release.ontology == "cl" else ()
    used = {marker for one in classes.values() for _fact, marker in one.surface}
    used |= {marker for one in found for marker in (*one.carries, *one.lacks, *one.functions)}
    labels = {iri: min(said[iri][LABEL]) for iri in sorted(used) if iri in said and LABEL in said[iri]}
    made = Slice(
        ontology=release.ontology,
        version=release.version,
        date=release.date,
        source=release.name,
        digest=release.digest,
        classes=classes,
        relations=_relations(release.triples),
        labels=labels,
        patterns=found,
        kinds=patterns.kinds_of(closure, used | patterns.measured()) if release.ontology == "cl" else {},
    )
    return replace(made, ntriples=written(made))


def _said(triples: Triples) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for subject, predicate, value in triples:
        if not subject.startswith("_:"):
            found[subject][predicate].add(value)
    return found


def _class(iri: str, said: Mapping[str, set[str]], parents: Iterable[str], surface: Iterable[tuple[str, str]]) -> Class:
    label = min(said.get(LABEL, {""}))
    synonyms = {(kind, text) for kind in SYNONYMS for text in said.get(kind, ()) if text != label}
    deprecated = "true" in said.get(DEPRECATED, ())
    replaced = sorted(iri_of(one) for one in said.get(REPLACED_BY, ()))
    return Class(
        iri=iri,
        label=label,
        synonyms=tuple(sorted(synonyms)),
        parents=() if deprecated else tuple(sorted(parents)),
        surface=() if deprecated else tuple(sorted(surface)),
        xrefs=tuple(sorted(one for one in said.get(XREF, ()) if XREFS.fullmatch(one))),
        deprecated=deprecated,
        replaced_by=replaced[0] if replaced else None,
        consider=tuple(sorted({iri_of(one) for one in said.get(CONSIDER, ())})),
        reason=min(said.get(REASON, {""})),
    )


def told_markers(closure: Closure, names: Iterable[str]) -> dict[str, set[tuple[str, str]]]:
    """What is told of each class's surface, and of every class above it, marker by marker as it was told.

    Not along the hierarchy of proteins: to lack CD45RA is not to lack CD45, although CD45RA is a kind of CD45.
    """
    given = closure.axioms
    own: dict[str, set[tuple[str, str]]] = {}
    for name in {above for one in names for above in closure.subsumers.get(one, ())} | {
        left for left, _ in given.general
    }:
        parts = {part for told in given.below.get(name, ()) for part in given.conjuncts(told)}
        shapes = [given.expressions[part] for part in parts if part in given.expressions]
        told = [(s[1], s[2]) for s in shapes if s[0] == "some" and s[1] in MARKER_FACTS and given.is_named(s[2])]
        own[name] = {(MARKER_FACTS[relation], marker) for relation, marker in told}
        own[name] |= {(MARKER_FACTS[CARRIES], marker) for relation, marker in told if relation in {HIGH, LOW}}
    # A restriction's own name is among the subsumers, and says nothing that its class does not.
    return {one: {fact for above in closure.subsumers.get(one, ()) for fact in own.get(above, ())} for one in names}


def _relations(triples: Triples) -> frozenset[str]:
    return frozenset(value for _subject, predicate, value in triples if predicate == OWL + "onProperty")


# Writing and reading


def written(made: Slice) -> bytes:
    """The slice's bytes: canonical N-Triples, every line in order within its subject."""
    out = list(_header(made))
    for iri, one in made.classes.items():
        out += sorted(_lines(iri, one))
    out += [lines.line(iri, LABEL, Text(label)) for iri, label in made.labels.items() if iri not in made.classes]
    for pattern in made.patterns:
        out += patterns.written(pattern)
    out += patterns.written_kinds(made.kinds)
    return "".join(out).encode()


def _header(made: Slice) -> Iterator[str]:
    subject = CPR + "slice-" + made.ontology
    for predicate, value in (
        (RDF_TYPE, CPR + "Slice"),
        (LABEL, Text(f"{made.ontology.upper()} as loaded: inferred superclasses, names, obsoletions")),
        (CPR + "version", Text(made.version)),
        (CPR + "sha256", Text(made.digest.removeprefix("sha256:"))),
        (CPR + "sourceFile", Text(made.source)),
        (DCTERMS + "source", f"{OBO}{made.ontology}.owl"),
        (DCTERMS + "license", LICENCES[made.ontology]),
        *((CPR + "usesRelation", relation) for relation in sorted(made.relations)),
    ):
        yield lines.line(subject, predicate, value)
    if made.date:
        yield lines.line(subject, DCTERMS + "issued", Text(made.date), XSD + "date")


def _lines(iri: str, one: Class) -> Iterator[str]:
    yield lines.line(iri, RDF_TYPE, OWL + "Class")
    if one.label:
        yield lines.line(iri, LABEL, Text(one.label))
    for predicate, text in (*one.synonyms, *((XREF, xref) for xref in one.xrefs)):
        yield lines.line(iri, predicate, Text(text))
    for predicate, value in (*((SUB_CLASS, parent) for parent in one.parents), *one.surface):
        yield lines.line(iri, predicate, value)
    if one.deprecated:
        yield lines.line(iri, DEPRECATED, Text("true"), XSD + "boolean")
    if one.replaced_by:
        yield lines.line(iri, REPLACED_BY, one.replaced_by)
    for value in one.consider:
        yield lines.line(iri, CONSIDER, value if "://" in value else Text(value))
    if one.reason:
        yield lines.line(iri, REASON, one.reason if "://" in one.reason else Text(one.reason))


def read(ntriples: bytes) -> Slice:
    """The slice that these bytes are."""
    return of_triples(lines.read(ntriples), ntriples)


def of_triples(triples: Triples, ntriples: bytes = b"") -> Slice:
    """The slice that these triples say."""
    said = _said(triples)
    ontology = "doid" if CPR + "slice-doid" in said else "cl"
    head = said.get(CPR + "slice-" + ontology, {})
    names = [name for name, about in said.items() if OWL + "Class" in about.get(RDF_TYPE, ()) and name.startswith(OBO)]
    classes = {}
    for name in names:
        about = said[name]
        surface = {(fact, marker) for fact in _FACTS for marker in about.get(fact, ())}
        classes[name] = _class(name, about, about.get(SUB_CLASS, ()), surface)
    labels = {
        name: min(about[LABEL])
        for name, about in said.items()
        if LABEL in about and name not in classes and name.startswith(OBO)
    }
    return Slice(
        ontology=ontology,
        version=_one(head, CPR + "version"),
        date=_one(head, DCTERMS + "issued"),
        source=_one(head, CPR + "sourceFile"),
        digest="sha256:" + _one(head, CPR + "sha256"),
        classes=classes,
        relations=frozenset(head.get(CPR + "usesRelation", ())),
        labels=labels,
        patterns=patterns.read(said),
        kinds=patterns.read_kinds(said),
        ntriples=ntriples,
    )


@cache
def packaged(ontology: str) -> Slice:
    """The slice that the program carries, before anybody loads a release."""
    triples = list(turtle(content(f"borrowed/{ontology}.ttl")))
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


def _one(head: Mapping[str, set[str]], predicate: str) -> str:
    return min(head.get(predicate, {""}))
