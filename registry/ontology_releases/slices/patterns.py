"""Classes that a panel can point to: those that the Cell Ontology defines by their surface, and bridges of ours.

A bridge is a class in our namespace, ``ontology/bridge.ttl``, defined by lineage markers with a citation and placed
under a class of the Cell Ontology: nothing is ever said of the Cell Ontology's own IRIs. A definition by part, tissue
or amount (low, high) is left out: no panel decides it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cache

from registry.identifiers import CPR, OBO
from registry.judgement.contaminants import Pattern
from registry.namespaces import DCTERMS
from registry.ontology_releases.names import CARRIES, LABEL, LACKS, RDF_TYPE
from registry.ontology_releases.reasoning.closure import Axioms, Closure
from registry.vocabulary import load, ntriples
from registry.vocabulary.ntriples import Text
from registry.vocabulary.term_files import content

CAPABLE_OF, EXPRESSES = OBO + "RO_0002215", OBO + "RO_0002292"
TESTS_NEGATIVE_FOR = CPR + "testsNegativeFor"
ITSELF = CPR + "itself-"
_KINDS = {CARRIES: "carries", EXPRESSES: "carries", LACKS: "lacks", CAPABLE_OF: "function", TESTS_NEGATIVE_FOR: "lacks"}
_PREFIX = CPR + "pattern-"
_IS_KIND_OF = CPR + "isKindOf"


def defined(closure: Closure, classes: Set[str] | Mapping[str, object]) -> tuple[Pattern, ...]:
    """The classes of a release that are defined by kind, markers and functions alone, by IRI."""
    patterns = []
    for name in sorted(classes):
        for parts in closure.axioms.defined.get(name, ()):
            pattern = of_definition(closure.axioms, name, parts)
            if pattern is not None:
                patterns.append(pattern)
                break
    return tuple(patterns)


def of_definition(given: Axioms, name: str, parts: tuple[str, ...]) -> Pattern | None:
    """The pattern that a definition is; None for one that a panel cannot decide or that names no marker."""
    by_kind: dict[str, list[str]] = {"genus": [], "carries": [], "lacks": [], "function": []}
    for part in parts:
        shape = given.expressions.get(part)
        if shape is None and part.startswith((OBO + "CL_", CPR)):
            by_kind["genus"].append(part)
        elif shape is not None and shape[0] == "some" and shape[1] in _KINDS and given.is_named(shape[2]):
            by_kind[_KINDS[shape[1]]].append(shape[2].replace(ITSELF, OBO))
        else:
            return None
    if not by_kind["genus"] or not (by_kind["carries"] or by_kind["lacks"]):
        return None
    each = {kind: tuple(sorted(values)) for kind, values in by_kind.items()}
    return Pattern(name, (name,), each["genus"], each["carries"], each["lacks"], each["function"])


@cache
def bridge_triples() -> tuple[tuple[str, str, str], ...]:
    """What ``ontology/bridge.ttl`` says."""
    from rdflib import BNode, Graph, Literal

    graph = Graph(bind_namespaces="none")
    graph.parse(data=content("bridge.ttl"), format="turtle")

    def plain(node: object) -> str:
        if isinstance(node, Literal):
            return Text(str(node))
        return f"_:bridge-{node}" if isinstance(node, BNode) else str(node)

    return tuple((plain(s), plain(p), plain(o)) for s, p, o in graph)


@cache
def bridges() -> tuple[Pattern, ...]:
    """The bridges of ours, by IRI."""
    from registry.ontology_releases.reasoning.closure import axioms

    facts: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, value in bridge_triples():
        facts.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    given = axioms(bridge_triples())
    patterns = []
    for name in sorted(facts):
        about = facts[name]
        definition = given.defined.get(name, [()])[0]
        pattern = of_definition(given, name, definition) if definition and DCTERMS + "source" in about else None
        if pattern is not None:
            pointed = tuple(sorted(about.get(CPR + "pointsTo", ())))
            label, source = min(about[LABEL]), min(about[DCTERMS + "source"])
            patterns.append(
                Pattern(name, pointed, pattern.genus, pattern.carries, pattern.lacks, pattern.functions, label, source)
            )
    return tuple(patterns)


def written(pattern: Pattern) -> Iterator[str]:
    """The pattern's lines in a slice."""
    subject = _PREFIX + pattern.iri.removeprefix(OBO)
    yield ntriples.line(subject, RDF_TYPE, CPR + "Pattern")
    for word, values in (
        ("pointsTo", pattern.points_to),
        ("genus", pattern.genus),
        ("carries", pattern.carries),
        ("lacks", pattern.lacks),
        ("function", pattern.functions),
    ):
        for value in values:
            yield ntriples.line(subject, CPR + word, value)


def read(facts: Mapping[str, Mapping[str, Set[str]]]) -> tuple[Pattern, ...]:
    """The patterns among what a slice says."""
    patterns = []
    for subject in sorted(facts):
        about = facts[subject]
        if subject.startswith(_PREFIX) and CPR + "Pattern" in about.get(RDF_TYPE, ()):
            points_to, genus, carries, lacks, functions = (
                tuple(sorted(about.get(CPR + word, ())))
                for word in ("pointsTo", "genus", "carries", "lacks", "function")
            )
            iri = OBO + subject.removeprefix(_PREFIX)
            patterns.append(Pattern(iri, points_to, genus, carries, lacks, functions))
    return tuple(patterns)


def written_kinds(kinds: Mapping[str, Set[str]]) -> Iterator[str]:
    """Which marker is a kind of which, as lines of a slice."""
    for marker in sorted(kinds):
        for above in sorted(kinds[marker]):
            yield ntriples.line(marker, _IS_KIND_OF, above)


def read_kinds(facts: Mapping[str, Mapping[str, Set[str]]]) -> dict[str, frozenset[str]]:
    """Which marker is a kind of which, among what a slice says."""
    return {marker: frozenset(about[_IS_KIND_OF]) for marker, about in facts.items() if _IS_KIND_OF in about}


@cache
def _packaged() -> Mapping[str, Mapping[str, Set[str]]]:
    facts: dict[str, dict[str, set[str]]] = {}
    for subject, predicate, value in ntriples.read(content("patterns.nt")):
        facts.setdefault(subject, {}).setdefault(predicate, set()).add(value)
    return facts


def packaged() -> tuple[Pattern, ...]:
    """The patterns of the packaged slice of the Cell Ontology, as ``slices.package`` wrote them."""
    return read(_packaged())


def packaged_kinds() -> Mapping[str, frozenset[str]]:
    """Which marker is a kind of which, as the packaged slice's axioms imply it."""
    return read_kinds(_packaged())


def measured() -> frozenset[str]:
    """The markers that a panel may hold: our characteristics."""
    return frozenset(load().characteristics)


def kinds_of(closure: Closure, markers: Set[str]) -> dict[str, frozenset[str]]:
    """For each marker, the other markers that it is a kind of: CD45RA is a kind of CD45."""
    return {
        marker: frozenset(closure.subsumers.get(marker, ())) & markers - {marker}
        for marker in sorted(markers)
        if frozenset(closure.subsumers.get(marker, ())) & markers - {marker}
    }
