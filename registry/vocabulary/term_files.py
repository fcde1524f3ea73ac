"""From the files of ``ontology/`` to values. The only place that knows which property says what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from importlib.resources import files

from rdflib import RDF, RDFS, Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, SKOS
from rdflib.term import Node

from registry.domain import Interval
from registry.vocabulary import ntriples as lines
from registry.vocabulary.values import Characteristic, Cocktail, IdentityMarker, Kind, Outcome, Term, Unit

CPR = Namespace("https://w3id.org/cell-product-registry/ns#")
OBO = Namespace("http://purl.obolibrary.org/obo/")
OBO_IN_OWL = Namespace("http://www.geneontology.org/formats/oboInOwl#")
REPLACED_BY = OBO.IAO_0100001

NAMED_FILES = (
    "kinds", "markers", "tests", "units", "stages", "populations", "cocktails", "identity", "cell_types", "diseases",
)  # fmt: skip
OWN_FILES = ("product", *NAMED_FILES, "profile")
BORROWED_FILES = ("cl", "doid", "terms")
_KINDS: dict[str, Kind] = {
    "SurfaceMarker": "surface marker",
    "IntracellularMarker": "intracellular marker",
    "CompositeMarker": "composite marker",
}
_CURIE = re.compile(r"([A-Za-z]+):([\w-]+)")
_SYNONYMS = ("hasExactSynonym", "hasRelatedSynonym", "hasNarrowSynonym", "hasBroadSynonym")


def content(name: str) -> bytes:
    """The bytes of one file of ``ontology/``: ``markers.ttl``, ``borrowed/cl.ttl``."""
    return files("ontology").joinpath(*name.split("/")).read_bytes()


@cache
def own() -> Graph:
    """What names are resolved by, parsed once: all of ours but the vocabulary of records. Not to be written to."""
    return _parsed([f"{name}.ttl" for name in NAMED_FILES])


def borrowed(name: str) -> Graph:
    """One borrowed slice, parsed now: ``cl`` or ``doid``."""
    return _parsed([f"borrowed/{name}.ttl"])


@cache
def other_names() -> dict[str, str]:
    """What tissues, cell lines, species and assays are called, by IRI: of each nothing but its name is kept."""
    return {str(term): str(label) for term, label in borrowed("terms").subject_objects(RDFS.label)}


def _parsed(names: list[str]) -> Graph:
    graph = Graph(bind_namespaces="none")
    for name in names:
        graph.parse(data=content(name), format="turtle")
    return graph


def _texts(graph: Graph, subject: Node, predicate: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(value) for value in graph.objects(subject, predicate)))


def _text(graph: Graph, subject: Node, predicate: URIRef) -> str:
    return str(graph.value(subject, predicate) or "")


def _names(graph: Graph, subject: Node, *first: str) -> tuple[str, ...]:
    """The preferred names first, then the other printed ones, none twice."""
    return tuple(dict.fromkeys([*filter(None, first), *_texts(graph, subject, CPR.printedAs)]))


def _number(graph: Graph, subject: Node, predicate: URIRef) -> Decimal | None:
    value = graph.value(subject, predicate)
    if value is None:
        return None
    number = Decimal(str(value))
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number


def units() -> Iterator[Unit]:
    """Every unit."""
    graph = own()
    for unit in graph.subjects(RDF.type, CPR.Unit):
        symbol, label = _text(graph, unit, CPR.symbol), _text(graph, unit, RDFS.label)
        factor = _number(graph, unit, CPR.factor)
        yield Unit(
            str(unit),
            symbol,
            _names(graph, unit, symbol, label),
            _text(graph, unit, CPR.quantity),
            factor or Decimal(1),
        )


def characteristics() -> Iterator[Characteristic]:
    """Every marker and test, with what its kind says of all of its kind."""
    graph = own()
    outcomes = {str(iri): _outcome(graph, iri) for iri in graph.subjects(RDF.type, CPR.Outcome)}
    for iri in sorted(set(graph.subjects(CPR.symbol)) - set(graph.subjects(RDF.type, CPR.Unit)), key=str):
        kinds = list(_kinds(graph, iri))
        yield Characteristic(
            iri=str(iri),
            symbol=_text(graph, iri, CPR.symbol),
            label=_text(graph, iri, RDFS.label),
            names=_names(graph, iri, _text(graph, iri, CPR.symbol), _text(graph, iri, RDFS.label)),
            kind=next((_KINDS[name] for kind in kinds if (name := str(kind).removeprefix(CPR)) in _KINDS), "test"),
            range=_range(graph, _said(graph, iri, kinds, CPR.range)),
            units=tuple(_said(graph, iri, kinds, CPR.admitsUnit)),
            outcomes=tuple(outcomes[name] for name in _said(graph, iri, kinds, CPR.admitsOutcome)),
            free_text="true" in _said(graph, iri, kinds, CPR.admitsFreeText),
            evidence_for=_texts(graph, iri, CPR.evidenceFor),
            xrefs=_texts(graph, iri, OBO_IN_OWL.hasDbXref),
            better=_text(graph, iri, CPR.betterWhen),
        )


def _kinds(graph: Graph, iri: Node) -> Iterator[Node]:
    """The kind of a characteristic and the kinds above it, nearest first."""
    pending = list(graph.objects(iri, RDF.type))
    while pending:
        kind = pending.pop(0)
        yield kind
        pending += graph.objects(kind, RDFS.subClassOf)


def _said(graph: Graph, iri: Node, kinds: list[Node], predicate: URIRef) -> list[str]:
    """What is said of the term itself, base unit first, and after it what its kinds say of each of theirs."""

    def order(value: Node) -> tuple[Decimal, str]:
        return abs((_number(graph, value, CPR.factor) or Decimal(1)).ln()), str(value)

    said = (value for node in (iri, *kinds) for value in sorted(graph.objects(node, predicate), key=order))
    return list(dict.fromkeys(str(value) for value in said))


def _outcome(graph: Graph, iri: Node) -> Outcome:
    label = _text(graph, iri, RDFS.label)
    return Outcome(str(iri), label, _names(graph, iri, label))


def _range(graph: Graph, said: list[str]) -> Interval | None:
    if not said:
        return None
    range_ = URIRef(said[0])
    return Interval(_number(graph, range_, CPR.minimum), _number(graph, range_, CPR.maximum))


def ambiguous_names() -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Names that are refused: the names, the reason, the IRIs to choose from."""
    graph = own()
    for iri in graph.subjects(RDF.type, CPR.AmbiguousName):
        why = _text(graph, iri, SKOS.definition)
        yield _texts(graph, iri, CPR.printedAs), why, _texts(graph, iri, CPR.choice)


def stages() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every stage: IRI, label, printed names."""
    graph = own()
    for iri in sorted(graph.subjects(RDF.type, CPR.Stage), key=str):
        label = _text(graph, iri, RDFS.label)
        yield str(iri), label, _names(graph, iri, label)


def cocktails() -> Iterator[Cocktail]:
    """Every declared cocktail."""
    graph = own()
    for iri in sorted(graph.subjects(RDF.type, CPR.DeclaredCocktail), key=str):
        members = frozenset(_texts(graph, iri, CPR.member))
        yield Cocktail(str(iri), _text(graph, iri, RDFS.label), members, _text(graph, iri, DCTERMS.source))


def identity() -> dict[str, tuple[IdentityMarker, ...]]:
    """For each cell type that is identified by markers: which, and in which sense; positive ones first."""
    graph = own()
    found: dict[str, list[IdentityMarker]] = {}
    for iri in graph.subjects(RDF.type, CPR.IdentityMarker):
        positive = graph.value(iri, CPR.sense) == CPR.Positive
        marker = IdentityMarker(_text(graph, iri, CPR.characteristic), "positive" if positive else "negative")
        found.setdefault(_text(graph, iri, CPR.identifies), []).append(marker)
    return {
        cell: tuple(sorted(markers, key=lambda marker: (marker.sense != "positive", marker.characteristic)))
        for cell, markers in found.items()
    }


def permitted_cell_types() -> tuple[str, ...]:
    """The IRIs of the cell types that a product may carry."""
    return _texts(own(), CPR.PermittedCellTypes, CPR.lists)


def packaged_classes(name: str) -> dict[str, Term]:
    """Every class of the packaged slice (``cl`` or ``doid``) by IRI, obsolete ones included."""
    return _classes((str(s), str(p), str(o)) for s, p, o in borrowed(name))


def loaded_classes(ntriples: bytes) -> dict[str, Term]:
    """Every class of a slice of a loaded release (``registry.ontology_releases.slices``) by IRI."""
    return _classes(lines.read(ntriples))


def _classes(triples: Iterable[tuple[str, str, str]]) -> dict[str, Term]:
    said: dict[str, dict[str, list[str]]] = {}
    for subject, predicate, value in triples:
        said.setdefault(subject, {}).setdefault(predicate, []).append(value)
    kind = str(OWL.Class)
    return {iri: _class(iri, about) for iri, about in said.items() if kind in about.get(str(RDF.type), ())}


def _class(iri: str, about: dict[str, list[str]]) -> Term:
    label = min(about.get(str(RDFS.label), [""])) or "obsolete, without a name"
    synonyms = {text for kind in _SYNONYMS for text in about.get(str(OBO_IN_OWL[kind]), ())}
    synonyms |= set(_texts(own(), URIRef(iri), SKOS.altLabel))
    return Term(
        iri=iri,
        curie=curie(iri),
        label=label,
        synonyms=tuple(sorted(synonyms - {label}, key=str.casefold)),
        parents=tuple(sorted(about.get(str(RDFS.subClassOf), ()))),
        obsolete=str(OWL.deprecated) in about,
        replaced_by=min(about.get(str(REPLACED_BY), ()), default=None),
        xrefs=tuple(sorted(about.get(str(OBO_IN_OWL.hasDbXref), ()))),
        consider=tuple(sorted(about.get(str(OBO_IN_OWL.consider), ()))),
    )


def curie(iri: str) -> str:
    """The short form: ``CL:0000134``, ``cpr:CD79a``; the IRI itself when it has none."""
    if iri.startswith(OBO):
        return iri.removeprefix(OBO).replace("_", ":", 1)
    return f"cpr:{iri.removeprefix(CPR)}" if iri.startswith(CPR) else iri


def expanded(curie_or_iri: str) -> str:
    """The IRI of a short form; anything else stays what it is."""
    found = _CURIE.fullmatch(curie_or_iri.strip())
    if found is None:
        return curie_or_iri.strip()
    prefix, local = found.groups()
    return f"{CPR}{local}" if prefix == "cpr" else f"{OBO}{prefix}_{local}"
