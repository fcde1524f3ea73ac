"""What stands in the graph about the graph: each question as an example that can be run, and VoID partitions.

SELECT ?text ?query { ?example a sh:SPARQLExecutable ; rdfs:comment ?text ; sh:select ?query }

W3C, SHACL Advanced Features, section 5 (SPARQL-based executables), in the form that SIB's SPARQL services use; W3C,
Describing Linked Datasets with the VoID Vocabulary, section 4.5; VoID extension for datatypes (ldf.fi/void-ext). It
says which class has which property to what, as the shapes of records have it, and no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from registry import questions, vocabulary
from registry.identifiers import CPR, SPECIFICATIONS
from registry.judgement.shacl.record_shapes import shapes_file
from registry.namespaces import DCTERMS, RDFS, SHACL, XSD, escaped, prefixes
from registry.questions import Parameter, Question
from registry.questions.parameters import LITERALS, PLACE, bind
from registry.records import IRI, RDF_TYPE, Literal, Triple, literal, serialise
from registry.records.kinds import KINDS
from registry.vocabulary.facts import Facts, turtle

NAME = "self-description"
VOID = "http://rdfs.org/ns/void#"
VOID_EXT = "http://ldf.fi/void-ext#"
SCHEMA = "https://schema.org/"
EXAMPLES = "https://w3id.org/cell-product-registry/question/"
_DECLARED = prefixes("cpr", "obo", "dcterms", "owl", "prov", "rdfs", "sh", "skos", "xsd")
_PREFIXES = IRI(EXAMPLES + "prefixes")
_BELOW = RDFS + "subClassOf"
_BESIDE = {CPR + "Characteristic": (CPR + "DeclaredCocktail",)}
"""What stands where a characteristic may: several markers that were measured as one."""
_OF_RECIPIENTS = CPR + "OutcomeMeasure"
"""What is measured of recipients, whose records the graph does not hold."""
_NO_KEYWORD = {"and", "for", "not", "that", "the", "which", "with"}


@cache
def in_graph(base: str) -> bytes:
    """N-Triples of both for a registry at ``base``: the same whatever is on record. It holds no blank node."""
    triples = [*examples(f"{base}sparql"), *partitions(f"{base}.well-known/void#dataset", f"{base}sparql")]
    return serialise(triples, "application/n-triples")


def examples(endpoint: str) -> Iterator[Triple]:
    """Every question of the library, to be asked of ``endpoint``; its parameters have their defaults."""
    for prefix, namespace in _DECLARED.items():
        declared = IRI(f"{_PREFIXES}#{prefix}")
        yield _PREFIXES, IRI(SHACL + "declare"), declared
        yield declared, IRI(SHACL + "prefix"), literal(prefix)
        yield declared, IRI(SHACL + "namespace"), Literal(namespace, XSD + "anyURI")
    for question in questions.library():
        example = IRI(EXAMPLES + question.name)
        yield example, RDF_TYPE, IRI(SHACL + "SPARQLExecutable")
        yield example, RDF_TYPE, IRI(SHACL + "SPARQLSelectExecutable")
        yield example, IRI(RDFS + "comment"), literal(f"{question.title}. {question.description}", "en")
        yield example, IRI(SCHEMA + "target"), IRI(endpoint)
        yield example, IRI(SHACL + "prefixes"), _PREFIXES
        yield example, IRI(SHACL + "select"), literal(runnable(question))
        for word in _keywords(question):
            yield example, IRI(SCHEMA + "keywords"), literal(word)


def _keywords(question: Question) -> set[str]:
    words = {*question.name.split("-"), *(each.type for each in question.parameters if each.type not in LITERALS)}
    return {word for word in words if len(word) > 2 and word not in _NO_KEYWORD}


def runnable(question: Question) -> str:
    """The question as SPARQL with its defaults, the same in every registry: a lot is found by what it is called."""
    text = re.sub(r"\A(?:#.*\n)*\n*", "", question.text)
    return text.replace(PLACE, " ".join(_bound(each) for each in question.parameters))


def _bound(parameter: Parameter) -> str:
    name, value = parameter.name, parameter.default
    if parameter.type in ("lot", "product"):
        kind = f"{CPR}{parameter.type.capitalize()}"
        return f'?{name} a <{kind}> ; <{DCTERMS}identifier> "{escaped(value)}" .'
    if parameter.type == "date" and value == "today":
        return f"BIND(STRDT(SUBSTR(STR(NOW()), 1, 10), <{XSD}date>) AS ?{name})"
    known = {
        "characteristic": lambda given: vocabulary.load().characteristic(given).iri,
        "cell": vocabulary.expanded,
        "disease": vocabulary.expanded,
        "specification": lambda given: SPECIFICATIONS + given,
    }
    return bind(PLACE, (parameter,), {}, known)


def partitions(dataset: str, endpoint: str) -> Iterator[Triple]:
    """VoID: the classes of records, their properties, and to which class or datatype each leads."""
    whole = IRI(dataset)
    yield whole, RDF_TYPE, IRI(VOID + "Dataset")
    yield whole, IRI(VOID + "sparqlEndpoint"), IRI(endpoint)
    for kind, properties in sorted(_classes().items()):
        part = IRI(f"{dataset}-{_local(kind)}")
        yield whole, IRI(VOID + "classPartition"), part
        yield part, IRI(VOID + "class"), IRI(kind)
        for path, target in sorted(properties):
            held = IRI(f"{part}-{_local(path)}")
            yield part, IRI(VOID + "propertyPartition"), held
            yield held, IRI(VOID + "property"), IRI(path)
            if target.startswith(XSD):
                to = IRI(f"{held}-{_local(target)}")
                yield held, IRI(VOID_EXT + "datatypePartition"), to
                yield to, IRI(VOID_EXT + "datatype"), IRI(target)
            elif target:
                to = IRI(f"{held}-{_local(target)}")
                yield held, IRI(VOID + "classPartition"), to
                yield to, IRI(VOID + "class"), IRI(target)


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


@cache
def _classes() -> dict[str, set[tuple[str, str]]]:
    """Of each class of a record that the graph holds, its properties, each with where it leads; empty: not said."""
    words = Facts(triple for _name, data in vocabulary.graph_files() for triple in turtle(data))
    classes: dict[str, set[tuple[str, str]]] = {}
    for row in KINDS.values():
        if not row.shape or not row.in_graph:
            continue
        shapes = Facts(turtle(shapes_file(row.shape.removesuffix(".ttl"))))
        parts = {path: kind for kind, path in _pairs(shapes, "targetClass", "targetObjectsOf")}
        for shape in shapes.having(SHACL + "targetClass"):
            of_class = classes.setdefault(shapes.text(shape, SHACL + "targetClass"), set())
            for each in shapes.values(shape, SHACL + "property"):
                path = shapes.text(each, SHACL + "path")
                if "://" in path and path != RDF_TYPE:
                    of_class.update((path, to) for to in _targets(shapes, each, path, parts, words) or [""])
    return classes


def _pairs(shapes: Facts, first: str, other: str) -> Iterator[tuple[str, str]]:
    for shape in shapes.having(SHACL + other):
        yield shapes.text(shape, SHACL + first), shapes.text(shape, SHACL + other)


def _targets(shapes: Facts, shape: str, path: str, parts: dict[str, str], words: Facts) -> list[str]:
    """Its datatype; else the class of the record's own parts, the range, or the class named like the property."""
    known = shapes.text(shape, SHACL + "datatype") or parts.get(path) or words.text(path, RDFS + "range")
    if known:
        return [known]
    name = path.removeprefix(CPR)
    kind = CPR + name[:1].upper() + name[1:]
    is_iri = shapes.text(shape, SHACL + "nodeKind") == SHACL + "IRI"
    if not (is_iri and path.startswith(CPR) and words.values(kind, RDF_TYPE)):
        return []
    # What the vocabulary itself holds of that class stands there under its narrower classes.
    narrower = [kind, *_BESIDE.get(kind, ())]
    for above in narrower:
        below = (each for each in words.having(_BELOW) if above in words.values(each, _BELOW))
        narrower += [each for each in below if each != _OF_RECIPIENTS]
    return [each for each in narrower if words.of_type(each)] or [kind]
