"""OBO 1.4 flat files as the triples that the same release has in OWL.

[Term]
id: DOID:5426
name: primary ovarian insufficiency
is_a: DOID:1100 ! ovarian disease
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from registry.identifiers import OBO
from registry.namespaces import OWL, RDF
from registry.ontology_releases.names import (
    ALTERNATIVE_ID,
    CONSIDER,
    DEFINITION,
    DEPRECATED,
    LABEL,
    OIO,
    RDF_TYPE,
    REPLACED_BY,
    SUB_CLASS,
    SUB_PROPERTY,
    XREF,
    iri_of,
)
from registry.vocabulary.ntriples import Text

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(EXACT|NARROW|BROAD|RELATED)?')
_SCOPE = {"EXACT": "hasExactSynonym", "NARROW": "hasNarrowSynonym", "BROAD": "hasBroadSynonym"}
_ESCAPES = re.compile(r"\\(.)")
_OPENED = re.compile(r"\[(\w+)\]\s*")
_COMMENT = re.compile(r"\s+!(?:\s|$)")
_MODIFIERS = re.compile(r"\s+\{[^{}]*\}\s*$")

Said = tuple[str, str, str]


def triples(text: str) -> list[Said]:
    """What the file says; comments are left out."""
    stanzas = list(_stanzas(text))
    relations = _relations(stanzas)
    names = (f"_:obo{number}" for number in count())
    facts: list[Said] = []
    for kind, tags in stanzas:
        if kind == "":
            facts += _header(tags)
        elif kind == "Term":
            facts += _term(tags, relations, names)
        elif kind == "Typedef":
            facts += _relation(tags, relations, names)
    return facts


def _stanzas(text: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    kind, tags = "", list[tuple[str, str]]()
    for line in text.splitlines():
        opened = _OPENED.fullmatch(line)
        if opened:
            yield kind, tags
            kind, tags = opened[1], []
            continue
        tag, colon, value = line.partition(":")
        if colon and not line.startswith("!"):
            tags.append((tag.strip(), value.strip()))
    yield kind, tags


def _bare(value: str) -> str:
    """A value without its trailing comment and modifiers."""
    return _MODIFIERS.sub("", _COMMENT.split(value, maxsplit=1)[0]).strip()


def _plain(value: str) -> str:
    return _ESCAPES.sub(lambda escape: {"n": "\n", "t": "\t", "W": " "}.get(escape[1], escape[1]), value)


def _relations(stanzas: list[tuple[str, list[tuple[str, str]]]]) -> dict[str, str]:
    """Short relation names and the IRI that each is a cross-reference to: ``part_of`` is BFO:0000050."""
    iris = {}
    for kind, tags in stanzas:
        if kind == "Typedef":
            values = dict(reversed(tags))
            identifier = values.get("id", "")
            xrefs = [_bare(value) for tag, value in tags if tag == "xref"]
            known = [iri_of(xref) for xref in xrefs if re.fullmatch(r"(RO|BFO|CL):\d+", xref)]
            iris[identifier] = known[0] if known else _relation_iri(identifier)
    return iris


def _relation_iri(name: str) -> str:
    iri = iri_of(name)
    return iri if "://" in iri else f"{OBO}cl#{name}"


def _header(tags: list[tuple[str, str]]) -> Iterator[Said]:
    values = dict(reversed(tags))
    name = _bare(values.get("ontology", ""))
    subject = f"{OBO}{name}.owl" if name else "urn:x-ontology-without-a-name"
    yield subject, RDF_TYPE, OWL + "Ontology"
    if "data-version" in values:
        yield subject, OWL + "versionInfo", Text(_bare(values["data-version"]))


def _term(tags: list[tuple[str, str]], relations: dict[str, str], names: Iterator[str]) -> Iterator[Said]:
    subject = iri_of(next((_bare(value) for tag, value in tags if tag == "id"), ""))
    yield subject, RDF_TYPE, OWL + "Class"
    genus_and_more = [_bare(value).split() for tag, value in tags if tag == "intersection_of"]
    for tag, value in tags:
        bare = _bare(value)
        if tag == "name":
            yield subject, LABEL, Text(_plain(value))
        elif tag == "synonym" and (quoted := _QUOTED.match(value)):
            yield subject, OIO + _SCOPE.get(quoted[2] or "", "hasRelatedSynonym"), Text(_plain(quoted[1]))
        elif tag == "xref" and bare:
            yield subject, XREF, Text(_plain(bare.split(' "')[0]))
        elif tag == "def" and (quoted := _QUOTED.match(value)):
            yield subject, DEFINITION, Text(_plain(quoted[1]))
        elif tag == "alt_id":
            yield subject, ALTERNATIVE_ID, Text(bare)
        elif tag == "is_a":
            yield subject, SUB_CLASS, iri_of(bare)
        elif tag == "is_obsolete" and bare == "true":
            yield subject, DEPRECATED, Text("true")
        elif tag in {"replaced_by", "consider"}:
            yield subject, REPLACED_BY if tag == "replaced_by" else CONSIDER, iri_of(bare)
        elif tag == "disjoint_from":
            yield subject, OWL + "disjointWith", iri_of(bare)
        elif tag == "relationship" and len(bare.split()) >= 2:
            node = next(names)
            yield subject, SUB_CLASS, node
            yield from _some(node, bare.split(), relations)
    if genus_and_more:
        node = next(names)
        yield subject, OWL + "equivalentClass", node
        yield from _all_of(node, genus_and_more, relations, names)


def _some(node: str, words: list[str], relations: dict[str, str]) -> Iterator[Said]:
    yield node, RDF_TYPE, OWL + "Restriction"
    yield node, OWL + "onProperty", relations.get(words[0], _relation_iri(words[0]))
    yield node, OWL + "someValuesFrom", iri_of(words[1])


def _all_of(node: str, parts: list[list[str]], relations: dict[str, str], names: Iterator[str]) -> Iterator[Said]:
    at = next(names)
    yield node, OWL + "intersectionOf", at
    for number, words in enumerate(parts, start=1):
        item = iri_of(words[0]) if len(words) == 1 else next(names)
        yield at, RDF + "first", item
        if len(words) > 1:
            yield from _some(item, words, relations)
        following = next(names) if number < len(parts) else RDF + "nil"
        yield at, RDF + "rest", following
        at = following


def _relation(tags: list[tuple[str, str]], relations: dict[str, str], names: Iterator[str]) -> Iterator[Said]:
    identifier = next((_bare(value) for tag, value in tags if tag == "id"), "")
    subject = relations.get(identifier, _relation_iri(identifier))
    yield subject, RDF_TYPE, OWL + "ObjectProperty"
    for tag, value in tags:
        words = [relations.get(word, _relation_iri(word)) for word in _bare(value).split()]
        if tag == "is_a" and words:
            yield subject, SUB_PROPERTY, words[0]
        elif tag == "is_transitive" and _bare(value) == "true":
            yield subject, RDF_TYPE, OWL + "TransitiveProperty"
        elif tag in {"holds_over_chain", "transitive_over"} and words:
            chain = words if tag == "holds_over_chain" else [subject, words[0]]
            first, second = next(names), next(names)
            yield subject, OWL + "propertyChainAxiom", first
            yield first, RDF + "first", chain[0]
            yield first, RDF + "rest", second
            yield second, RDF + "first", chain[1]
            yield second, RDF + "rest", RDF + "nil"
