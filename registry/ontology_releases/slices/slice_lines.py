"""A slice as bytes and back: one line a fact, in order, no blank node. The same slice gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.identifiers import CPR, OBO
from registry.namespaces import DCTERMS, OWL, XSD
from registry.ontology_releases.names import (
    CONSIDER,
    DEFINITION,
    DEPRECATED,
    LABEL,
    MARKER_FACTS,
    RDF_TYPE,
    REASON,
    REPLACED_BY,
    SUB_CLASS,
    XREF,
    Triples,
)
from registry.ontology_releases.slices import patterns
from registry.ontology_releases.slices.classes import LICENCES, Class, Slice, class_of, grouped
from registry.vocabulary import ntriples as lines
from registry.vocabulary.ntriples import Text

_FACTS = {ours: theirs for theirs, ours in MARKER_FACTS.items()}


def written(made: Slice) -> bytes:
    """The slice's bytes: canonical N-Triples, every line in order within its subject."""
    out = list(_header(made))
    for iri, term in made.classes.items():
        out += sorted(_lines(iri, term))
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


def _lines(iri: str, term: Class) -> Iterator[str]:
    yield lines.line(iri, RDF_TYPE, OWL + "Class")
    if term.label:
        yield lines.line(iri, LABEL, Text(term.label))
    if term.definition:
        yield lines.line(iri, DEFINITION, Text(term.definition))
    for predicate, text in (*term.synonyms, *((XREF, xref) for xref in term.xrefs)):
        yield lines.line(iri, predicate, Text(text))
    for predicate, value in (*((SUB_CLASS, parent) for parent in term.parents), *term.surface):
        yield lines.line(iri, predicate, value)
    if term.deprecated:
        yield lines.line(iri, DEPRECATED, Text("true"), XSD + "boolean")
    if term.replaced_by:
        yield lines.line(iri, REPLACED_BY, term.replaced_by)
    for value in term.consider:
        yield lines.line(iri, CONSIDER, value if "://" in value else Text(value))
    if term.reason:
        yield lines.line(iri, REASON, term.reason if "://" in term.reason else Text(term.reason))


def read(ntriples: bytes) -> Slice:
    """The slice that these bytes are."""
    return of_triples(lines.read(ntriples), ntriples)


def of_triples(triples: Triples, ntriples: bytes = b"") -> Slice:
    """The slice that these triples say."""
    facts_of = grouped(triples)
    ontology = "doid" if CPR + "slice-doid" in facts_of else "cl"
    head = facts_of.get(CPR + "slice-" + ontology, {})
    names = [
        name for name, about in facts_of.items() if OWL + "Class" in about.get(RDF_TYPE, ()) and name.startswith(OBO)
    ]
    classes = {}
    for name in names:
        about = facts_of[name]
        surface = {(fact, marker) for fact in _FACTS for marker in about.get(fact, ())}
        classes[name] = class_of(name, about, about.get(SUB_CLASS, ()), surface)
    labels = {
        name: min(about[LABEL])
        for name, about in facts_of.items()
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
        patterns=patterns.read(facts_of),
        kinds=patterns.read_kinds(facts_of),
        ntriples=ntriples,
    )


def _one(head: Mapping[str, set[str]], predicate: str) -> str:
    return min(head.get(predicate, {""}))
