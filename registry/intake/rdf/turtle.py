"""Panels as RDF, in Turtle or JSON-LD, to the same raw results as a table.

    [] a cpr:Panel ; cpr:lot "P-07" ; cpr:stage cpr:stage-after-thaw ;
       cpr:result [ cpr:characteristic "CD73" ; cpr:valueAsPrinted "98.5" ; cpr:unitAsPrinted "%" ] .

The record is written from the model, so a triple without a place in it is refused by name: nobody adds a subclass
axiom or another lot's decision through a panel. A result's row is its ordinal number in the file, from 1.
"""

from __future__ import annotations

import json
import logging
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.plugins.stores.memory import Memory
from rdflib.term import Node

from registry.domain import Notice
from registry.errors import RegistryError, TooLarge, Unreadable
from registry.identifiers import CPR
from registry.intake.checks.patient_data import find_patient_data, refuse_patient_data
from registry.intake.encoding import decode_utf8
from registry.intake.rdf.jsonld import guarded, pairs_in
from registry.intake.rows import RawResult, shown
from registry.intake.tabular.columns import DETAILS
from registry.intake.tabular.tables import Table
from registry.vocabulary import Terms

MAX_BYTES = 2_000_000
MAX_TRIPLES = 50_000
HERE = "https://submitted.invalid/"
UNMAPPED = "urn:no-such-term:"

PANEL, RESULT = URIRef(f"{CPR}Panel"), URIRef(f"{CPR}Result")
HAS_RESULT = URIRef(f"{CPR}result")
_PANEL_PROPERTIES = {URIRef(f"{CPR}lot"): "lot", URIRef(f"{CPR}stage"): "stage", HAS_RESULT: "result"}
_CAMEL = {name: re.sub("_([a-z])", lambda m: m.group(1).upper(), name) for name in DETAILS}
_CAMEL["species"] = "speciesAsPrinted"  # cpr:species is the product's, and an address
_RESULT_PROPERTIES = {
    URIRef(f"{CPR}characteristic"): "characteristic",
    URIRef(f"{CPR}valueAsPrinted"): "value",
    URIRef(f"{CPR}unitAsPrinted"): "unit",
    **{URIRef(f"{CPR}{name}"): name for name in ("comparator", "status", "relation", "supersedes", "reason")},
    **{URIRef(f"{CPR}{camel}"): name for name, camel in _CAMEL.items()},
}
_RELATIONS = {URIRef(f"{CPR}{name.capitalize()}"): name for name in ("replicate", "retest", "correction")}
_PEOPLE = re.compile(r"https?://(?:xmlns\.com/foaf/|schema\.org/|www\.w3\.org/2006/vcard/|hl7\.org/fhir/)")
_PERSONAL = re.compile(
    r"(?:name|nick|fn|mbox|phone|telephone|email|address|(?:given|family|first|last|additional)_?-?name|sur_?name|birth.*)",
    re.IGNORECASE,
)
# An ill-typed literal is ours to refuse; rdflib would print a traceback about it beside the answer.
logging.getLogger("rdflib.term").setLevel(logging.CRITICAL)


def read_rdf(data: bytes, file: str, terms: Terms, *, is_json: bool, base: str | None) -> Table:
    """The raw results of a Turtle or JSON-LD file. Nothing is fetched, and patients' data are looked for first.

    Raises ``Unreadable`` naming every triple that has no place, ``TooLarge``, or ``PatientData``.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(file, f"at most {MAX_BYTES:,} bytes of RDF", f"{len(data):,} bytes")
    text = decode_utf8(data, file)
    if is_json:
        document = guarded(text, file)
        refuse_patient_data(find_patient_data(_answers(pairs_in(document))), file)
        graph = _parse(json.dumps(document), "json-ld", file)
    else:
        refuse_patient_data(find_patient_data(_comments(text)), file)
        graph = _parse(text, "turtle", file)
    refuse_patient_data(_people(graph), file)
    return _Panels(graph, file, terms, base).read()


class _Bounded(Memory):
    """rdflib's memory store that stops at its limit, while it is being filled."""

    count = 0

    def add(self, triple: Any, context: Any, quoted: bool = False) -> None:
        self.count += 1
        if self.count > MAX_TRIPLES:
            raise _too_large("The file", f"at most {MAX_TRIPLES:,} triples", "more")
        super().add(triple, context, quoted)


def _parse(text: str, form: str, file: str) -> Graph:
    graph = Graph(store=_Bounded())
    extra: dict[str, Any] = {"context": {"@vocab": UNMAPPED}} if form == "json-ld" else {}
    try:
        graph.parse(data=text, format=form, publicID=HERE, **extra)
    except RegistryError:
        raise
    except RecursionError:
        raise _unreadable(file, "nodes nested less deeply", "nesting without end") from None
    except Exception as error:  # rdflib's parsers raise whatever their code ran into; all of it means "not RDF"
        why = str(error).partition(" at ^ in")[0]  # what follows there quotes the file
        raise _unreadable(file, form, f"{type(error).__name__}: {shown(why)}") from None
    return graph


class _Panels:
    """The panels of one graph. Collects every misfit before it refuses any."""

    def __init__(self, graph: Graph, file: str, terms: Terms, base: str | None) -> None:
        self._graph = graph
        self._file = file
        self._terms = terms
        self._base = base
        self._misfits: list[str] = []
        self._panels = list(dict.fromkeys(graph.subjects(RDF.type, PANEL)))
        self._of_panel = {panel: list(graph.objects(panel, HAS_RESULT)) for panel in self._panels}

    def read(self) -> Table:
        results = [result for results in self._of_panel.values() for result in results]
        self._check_places(set(self._panels), set(results))
        self._misfits += [
            f"{self._name(r)} stands in two panels" for r in dict.fromkeys(results) if results.count(r) > 1
        ]
        raws: list[RawResult] = []
        notices: list[Notice] = []
        for panel, of_panel in self._of_panel.items():
            texts = self._said(panel, _PANEL_PROPERTIES, several=HAS_RESULT)
            lot = self._lot(texts.get("lot", ""))
            for result in of_panel:
                raws.append(self._raw(len(raws) + 1, lot, texts.get("stage", ""), result))
            if not of_panel:
                notices.append(Notice(shown(lot) or None, self._file, None, "no-result", "A panel holds no result."))
        self._refuse_misfits()
        if not raws:
            raise _unreadable(self._file, "a cpr:Panel with a cpr:result", "no result")
        return Table(tuple(raws), (), tuple(notices))

    def _check_places(self, panels: set[Node], results: set[Node]) -> None:
        for triple in self._graph:
            subject, predicate, value = triple
            in_panel, in_result = subject in panels, subject in results
            kind = PANEL if in_panel else RESULT
            admitted = _PANEL_PROPERTIES if in_panel else _RESULT_PROPERTIES
            fits = value == kind if predicate == RDF.type else predicate in admitted
            if in_panel == in_result or not fits:
                self._misfits.append(f"{' '.join(map(self._name, triple))} has no place in a panel")

    def _said(self, subject: Node, properties: Mapping[URIRef, str], several: URIRef | None = None) -> dict[str, str]:
        texts: dict[str, str] = {}
        for predicate, name in properties.items():
            values = [] if predicate == several else list(self._graph.objects(subject, predicate))
            if len(values) > 1:
                self._misfits.append(f"{self._name(subject)} has {len(values)} values of {self._name(predicate)}")
            elif values:
                texts[name] = self._text(values[0], predicate)
        return texts

    def _text(self, value: Node, predicate: URIRef) -> str:
        """A plain string, or the address of a term. A number loses its printed form in RDF, so it must be quoted."""
        strict = predicate in {URIRef(f"{CPR}valueAsPrinted"), URIRef(f"{CPR}lot")}
        types = {XSD.string, None} | (set() if strict else {XSD.integer, XSD.date, XSD.dateTime})
        if isinstance(value, Literal) and value.datatype in types and not value.language:
            return str(value).strip()
        if isinstance(value, URIRef) and predicate != URIRef(f"{CPR}valueAsPrinted"):
            return _RELATIONS.get(value, str(value))
        self._misfits.append(
            f"{self._name(predicate)} {self._name(value)} is not a plain string: put it in quotation marks, untyped"
        )
        return ""

    def _lot(self, iri: str) -> str:
        """``P-07``, or the identifier in ``<base>lot/P-07``."""
        if not re.match(r"(?:https?|urn|file):", iri):
            return iri
        prefix, separator, name = iri.rpartition("/lot/")
        if not separator or (self._base is not None and f"{prefix}/" != self._base):
            self._misfits.append(f"<{iri}> is no lot of this registry")
            return ""
        return unquote(name)

    def _raw(self, number: int, lot: str, stage: str, result: Node) -> RawResult:
        texts = self._said(result, _RESULT_PROPERTIES)
        subject, value, unit = (texts.pop(name, "") for name in ("characteristic", "value", "unit"))
        others = {name: text for name, text in {**texts, "stage": stage}.items() if text}
        if "relation" in others:
            others["relation"] = others["relation"].removeprefix("cpr:").casefold()
        return RawResult(number, lot, subject, value, unit, others=others)

    def _refuse_misfits(self) -> None:
        if not self._misfits:
            return
        raise Unreadable(
            f"{self._file} says what a panel cannot say: {self._misfits[0]}.",
            expected="cpr:Panel with cpr:lot, cpr:stage, cpr:result; cpr:Result with cpr:characteristic, "
            "cpr:valueAsPrinted, cpr:unitAsPrinted and the optional columns of a table",
            found=f"{len(self._misfits)} such {'statement' if len(self._misfits) == 1 else 'statements'}",
            where=self._file,
            todo="Remove these statements and submit the panel alone.",
            details=self._misfits[:50],
        )

    def _name(self, node: Node) -> str:
        if isinstance(node, BNode):
            return "a node without a name"
        if isinstance(node, Literal):
            with warnings.catch_warnings():  # an ill-typed literal is ours to refuse, and rdflib would say so beside it
                warnings.simplefilter("ignore")
                return shown(node.n3())
        iri = str(node)
        for long, short in ((str(RDF), "rdf:"), (str(RDFS), "rdfs:"), (HERE, ""), (UNMAPPED, "the unknown key ")):
            if iri.startswith(long):
                return shown(short + unquote(iri[len(long) :]))
        return shown(self._terms.curie(iri))


def _people(graph: Graph) -> dict[str, int]:
    """Properties that ask for a person's data, as a table's columns would, and those of vocabularies about people."""
    columns: dict[str, int] = {}
    for _, predicate, value in graph:
        local = unquote(re.split(r"[#/:]", str(predicate))[-1])
        personal = _PEOPLE.match(str(predicate)) and _PERSONAL.fullmatch(local)
        if personal and str(value).strip():
            columns[local] = columns.get(local, 0) + 1
        for name, count in find_patient_data(_answers([(local, str(value))])).items():
            columns[name] = columns.get(name, 0) + count
    return columns


def _answers(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The pairs themselves, and ``name: answer`` written inside an answer."""
    for name, answer in pairs:
        yield name, answer
        inner, mark, rest = answer.partition(":")
        if mark:
            yield inner, rest


def _comments(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        for comment in line.split("#")[1:]:
            name, mark, answer = comment.partition(":")
            if mark:
                yield name, answer


def _unreadable(file: str, expected: str, found: str) -> Unreadable:
    return Unreadable(
        f"{file} cannot be read as a panel.",
        expected=expected,
        found=found,
        where=file,
        todo="Check the file against the example in docs/.",
    )


def _too_large(file: str, expected: str, found: str) -> TooLarge:
    return TooLarge(f"{file} is larger than a panel.", expected=expected, found=found, todo="Split the file.")
