"""A release as it comes — OWL in RDF/XML, OBO, Turtle, N-Triples, packed or not — as plain triples with its header.

    release = read("doid.obo.gz", data)
    release.ontology, release.date         "doid", "2026-07-31"

The ontology is known from what the file says of itself, never from its name. Nothing is fetched: ``owl:imports``,
external entities and schemas in the file are left alone.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass, field

import pyoxigraph

from registry.errors import Refused, TooLarge, Unreadable, UnsupportedKind
from registry.identifiers import OBO
from registry.namespaces import OWL
from registry.ontology_releases import obo
from registry.ontology_releases.names import RDF_TYPE, Triples
from registry.vocabulary.ntriples import Text

MAX_PACKED = 200_000_000
MAX_BYTES = 600_000_000
ACCEPTED = {"cl": "the Cell Ontology (cl.owl)", "doid": "the Disease Ontology (doid.owl)"}
PREFIXES = {"cl": OBO + "CL_", "doid": OBO + "DOID_"}
_HEADERS = {OBO + "cl.owl": "cl", OBO + "doid.owl": "doid", OBO + "cl.obo": "cl", OBO + "doid.obo": "doid"}
_VARIANT = re.compile(re.escape(OBO) + r"(cl|doid)(?:/(cl|doid)(?:-(base|full|simple|basic))?)?(?:\.owl|\.obo)?")
_DATE = re.compile(r"(?<!\d)(\d{4})[-/](\d\d)[-/](\d\d)(?!\d)")
_ENTITY = re.compile(rb"<!ENTITY\s+%?\s*\S+\s+(SYSTEM|PUBLIC|\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True, slots=True)
class Release:
    """One file: which ontology in which version, the digest of the bytes as they came, and what it says."""

    ontology: str
    version: str
    date: str
    name: str
    digest: str
    triples: Triples = field(repr=False)


def read(name: str, data: bytes) -> Release:
    """The release in these bytes.

    Raises UnsupportedKind for another kind of file, Unreadable for a broken one, TooLarge, and Refused for another
    ontology than the two that are kept here.
    """
    if len(data) > MAX_PACKED:
        raise TooLarge("The file is too large.", expected=f"at most {MAX_PACKED:,} bytes", found=f"{len(data):,}")
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    plain = _unpacked(name, data)
    triples = obo.triples(plain.decode("utf-8", errors="replace")) if _is_obo(plain) else _rdf(name, plain)
    header = _header(name, triples)
    version = _version(triples, header, name)
    date = _DATE.search(version)
    ontology = _ontology(header, name)
    return Release(ontology, version, "-".join(date.groups()) if date else "", name, digest, triples)


def _unpacked(name: str, data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    unpack = zlib.decompressobj(wbits=31)
    try:
        plain = unpack.decompress(data, MAX_BYTES)
    except zlib.error as error:
        raise Unreadable(
            "The file is not what its packing says.", expected="gzip", found=str(error), where=name
        ) from error
    if unpack.unconsumed_tail:
        raise TooLarge("The file unpacks to more than is read.", expected=f"at most {MAX_BYTES:,} bytes", where=name)
    if not unpack.eof:
        raise Unreadable("The file ends too early.", expected="a whole gzip file", where=name)
    return plain


def _is_obo(data: bytes) -> bool:
    return re.match(rb"\s*(?:![^\n]*\n\s*)*(format-version|data-version|ontology)\s*:", data[:2000]) is not None


def _rdf(name: str, data: bytes) -> Triples:
    head = data[:200_000]
    if re.match(rb"(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE|!--|rdf:RDF|\w+:RDF)", head):
        _refuse_entities(name, head)
        kind = pyoxigraph.RdfFormat.RDF_XML
    elif re.match(rb"\s*(<[^>]*>|_:\S+)\s+<[^>]*>\s", head) or b"@prefix" in head or b"PREFIX" in head:
        kind = pyoxigraph.RdfFormat.TURTLE  # which N-Triples is a part of
    else:
        raise UnsupportedKind(
            "This is no ontology that is read here.",
            expected="OWL in RDF/XML, OBO, Turtle or N-Triples, packed with gzip or not",
            found=name,
            todo="Convert it to OWL, for example with ROBOT.",
        )
    try:
        return [
            (_text(quad.subject), quad.predicate.value, _text(quad.object))
            for quad in pyoxigraph.parse(data, format=kind)
        ]
    except SyntaxError as error:
        where = f"{name}, line {error.lineno}" if error.lineno else name
        raise Unreadable("The ontology is broken.", found=str(error.msg)[:300], where=where) from error


def turtle(data: bytes) -> Triples:
    """The triples of Turtle of our own."""
    quads = pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE)
    return [(_text(quad.subject), quad.predicate.value, _text(quad.object)) for quad in quads]


def _refuse_entities(name: str, head: bytes) -> None:
    """Entities that stand for a namespace are the custom in OWL; others that grow or reach outside have no place."""
    for entity in _ENTITY.findall(head):
        if entity in {b"SYSTEM", b"PUBLIC"} or b"&" in entity or len(entity) > 2000:
            raise Unreadable(
                "The file declares an XML entity that reaches outside or stands for others.",
                expected="entities that are plain namespaces",
                found=entity[:80].decode("utf-8", "replace"),
                where=name,
            )


def _text(term: object) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value
    if isinstance(term, pyoxigraph.Literal):
        return Text(term.value)
    return str(term)


def _header(name: str, triples: Triples) -> str:
    declared = [subject for subject, predicate, kind in triples if predicate == RDF_TYPE and kind == OWL + "Ontology"]
    known = [iri for iri in declared if iri in _HEADERS or _VARIANT.fullmatch(iri)]
    if known:
        return known[0]
    raise Refused(
        "The file does not say that it is an ontology that is kept here.",
        expected=" or ".join(ACCEPTED.values()),
        found=", ".join(sorted(declared)[:3]) or "a file without an ontology header",
        where=name,
        todo="Load a full release, as its publisher gives it out.",
    )


def _ontology(header: str, name: str) -> str:
    match = _VARIANT.fullmatch(header)
    if header in _HEADERS:
        return _HEADERS[header]
    if match is None:
        raise Refused(
            "This ontology is not kept here.", expected=" or ".join(ACCEPTED.values()), found=header, where=name
        )
    return match[1]


def _version(triples: Triples, header: str, name: str) -> str:
    facts = {predicate: value for subject, predicate, value in triples if subject == header}
    texts = [str(facts[key]) for key in (OWL + "versionIRI", OWL + "versionInfo") if key in facts]
    dated = [text for text in texts if _DATE.search(text)]
    if not texts:
        raise Refused(
            "The file does not say which version it is.",
            expected="owl:versionIRI, owl:versionInfo or data-version in its header",
            found="none",
            where=name,
        )
    return (dated or texts)[0]
