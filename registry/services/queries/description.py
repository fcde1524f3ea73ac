"""What the registry offers, said to programs: a service description, VoID and DCAT, and what an editor completes.

W3C, SPARQL 1.1 Service Description (2013); W3C, Describing Linked Datasets with the VoID Vocabulary (2011); W3C, Data
Catalog Vocabulary version 3 (2024). Nothing here names a lot or a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry import questions
from registry.graph import FORMATS, ontology_of
from registry.identifiers import CPR, OBO, Names
from registry.namespaces import DCTERMS, PROV, RDFS, prefixes
from registry.records import IRI, RDF_TYPE, Triple, literal, serialise
from registry.services.ontologies.current import Current
from registry.services.queries.graph import slices
from registry.services.queries.self_description import SCHEMA, VOID, VOID_EXT, examples, partitions
from registry.services.queries.words import words
from registry.vocabulary import Terms

SD = "http://www.w3.org/ns/sparql-service-description#"
DCAT = "http://www.w3.org/ns/dcat#"
PREFIXES = prefixes("cpr", "obo", "dcterms", "owl", "prov", "rdfs", "sh", "skos", "xsd")
_LABEL = RDFS + "label"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
            "Turtle", "N-Triples", "RDF_XML", "JSON-LD")  # fmt: skip
_TITLE = "Cell product registry"
_ABOUT = (
    "Cell therapy products, their lots, the results of their panels, the decisions signed on them and the verdicts "
    "that follow, with the ontologies they are described in."
)


def own_graphs(current: Current, names: Names) -> list[str]:
    """The ledger's graph, the ontologies' and the shipped specifications'; the ledger names those of the records."""
    base = names.base
    return [f"{base}ledger", *(ontology_of(name, data) or f"{base}ontology/{name}" for name, data in slices(current))]


def service_description(graphs: Sequence[str], size: int, address: str, media_type: str) -> bytes:
    """What the service at ``address`` offers: ``graphs`` by name, of a ledger of ``size`` entries."""
    return serialise(_service(graphs, size, address), media_type, {**PREFIXES, "sd": SD, "void": VOID})


def _service(graphs: Sequence[str], size: int, address: str) -> Iterator[Triple]:
    service, dataset = IRI(f"{address}#service"), IRI(f"{address}#dataset")
    default = IRI(f"{address}#default-graph")
    yield service, RDF_TYPE, IRI(SD + "Service")
    yield service, IRI(SD + "endpoint"), IRI(address)
    yield service, IRI(SD + "supportedLanguage"), IRI(SD + "SPARQL11Query")
    yield service, IRI(SD + "feature"), IRI(SD + "UnionDefaultGraph")
    yield (
        service,
        IRI(DCTERMS + "description"),
        literal("Read-only; SERVICE and FROM outside the registry are refused."),
    )
    for name in _RESULTS:
        yield service, IRI(SD + "resultFormat"), IRI(_FORMATS + name)
    yield service, IRI(SD + "defaultDataset"), dataset
    yield dataset, RDF_TYPE, IRI(SD + "Dataset")
    yield dataset, IRI(CPR + "size"), literal(size)
    yield dataset, IRI(SD + "defaultGraph"), default
    yield default, RDF_TYPE, IRI(SD + "Graph")
    for number, graph in enumerate(graphs, start=1):
        named, inside = IRI(f"{address}#graph-{number}"), IRI(f"{address}#graph-{number}-content")
        yield dataset, IRI(SD + "namedGraph"), named
        yield named, RDF_TYPE, IRI(SD + "NamedGraph")
        yield named, IRI(SD + "name"), IRI(graph)
        yield named, IRI(SD + "graph"), inside
        yield inside, RDF_TYPE, IRI(SD + "Graph")


def dataset_description(base: str, site: str, media_type: str) -> bytes:
    """VoID and DCAT of the registry at ``base``; ``site`` is the address of the first page, with its final slash."""
    triples = [*_dataset(base, site), *partitions(f"{site}.well-known/void#dataset", f"{site}sparql")]
    return serialise(triples, media_type, {**PREFIXES, "void": VOID, "void-ext": VOID_EXT, "dcat": DCAT})


def question_examples(site: str, media_type: str) -> bytes:
    """The library of questions as ``sh:SPARQLExecutable``, to be asked of the service of the site at ``site``."""
    return serialise(examples(f"{site}sparql"), media_type, {**PREFIXES, "schema": SCHEMA})


def _dataset(base: str, site: str) -> Iterator[Triple]:
    about, endpoint = f"{site}.well-known/void", IRI(f"{site}sparql")
    dataset, service, catalogue = IRI(about + "#dataset"), IRI(about + "#service"), IRI(about + "#catalogue")
    yield IRI(about), RDF_TYPE, IRI(VOID + "DatasetDescription")
    yield IRI(about), IRI("http://xmlns.com/foaf/0.1/primaryTopic"), dataset
    yield dataset, RDF_TYPE, IRI(VOID + "Dataset")
    yield dataset, RDF_TYPE, IRI(DCAT + "Dataset")
    yield dataset, IRI(VOID + "sparqlEndpoint"), endpoint
    yield dataset, IRI(VOID + "uriSpace"), literal(base)
    for vocabulary in (CPR, OBO, PROV, DCTERMS):
        yield dataset, IRI(VOID + "vocabulary"), IRI(vocabulary)
    for form in FORMATS:
        if form.yields == "triples":
            name = {"turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF_XML", "jsonld": "JSON-LD"}[form.name]
            yield dataset, IRI(VOID + "feature"), IRI(_FORMATS + name)
    yield service, RDF_TYPE, IRI(DCAT + "DataService")
    yield service, IRI(DCAT + "endpointURL"), endpoint
    yield service, IRI(DCAT + "endpointDescription"), endpoint
    yield service, IRI(DCAT + "servesDataset"), dataset
    yield service, IRI(DCTERMS + "conformsTo"), IRI("https://www.w3.org/TR/sparql11-protocol/")
    yield catalogue, RDF_TYPE, IRI(DCAT + "Catalog")
    yield catalogue, IRI(DCAT + "dataset"), dataset
    yield catalogue, IRI(DCAT + "service"), service
    for thing, title in ((dataset, _TITLE), (service, f"{_TITLE}: SPARQL"), (catalogue, f"{_TITLE}: catalogue")):
        yield thing, IRI(DCTERMS + "title"), literal(title)
    yield dataset, IRI(DCTERMS + "description"), literal(_ABOUT)


def completion(known: Terms) -> dict[str, list[dict[str, str]]]:
    """Prefixes, terms and questions for an editor: ours are few, so it gets them all at once."""
    markers = [
        {"iri": marker.iri, "curie": known.curie(marker.iri), "label": marker.symbol or marker.label}
        for marker in known.characteristics.values()
    ]
    return {
        "prefixes": [{"prefix": prefix, "iri": iri} for prefix, iri in PREFIXES.items()],
        "terms": _vocabulary(known) + sorted(markers, key=lambda marker: marker["label"].casefold()),
        "questions": [{"name": question.name, "title": question.title} for question in questions.library()],
    }


def _vocabulary(known: Terms) -> list[dict[str, str]]:
    """Every term of ours that the vocabulary declares, with its label."""
    declared = [
        {"iri": f"{CPR}{word.name}", "curie": known.curie(f"{CPR}{word.name}"), "label": word.label}
        for word in words().values()
    ]
    return sorted(declared, key=lambda term: term["curie"])
