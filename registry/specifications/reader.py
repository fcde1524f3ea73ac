"""A SHACL graph back to the specification it states: fail closed.

The criteria are read from the annotations, compiled again, and the two graphs must be equal. So a limit in an
annotation can never differ from the limit in its shape, and nothing stands in a specification that nobody reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import cast, get_args

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, XSD
from rdflib.term import Node

from registry.domain import Criterion, Due, Operator, Rounding, Specification
from registry.errors import NotWellFormed, TooLarge, Unreadable
from registry.specifications.compiler import build, canonical
from registry.specifications.vocabulary import CPR, SHACL_CORE, STANDINGS, decimal_text

MAX_BYTES = 1_000_000


def read(data: bytes) -> Specification:
    """The specification that Turtle or N-Triples bytes state.

    Raises TooLarge over 1 MB, Unreadable when the bytes are not Turtle or do not hold exactly one specification, and
    NotWellFormed, listing every difference, when the graph is not exactly what its own criteria compile to: a
    misspelt ``sh:`` term, a limit that differs from its annotation, a statement that nobody would read.
    """
    graph = _parse(data)
    _refuse_unknown_shacl(graph)
    specification = build(_specification(graph))
    given = set(canonical(graph).decode().splitlines())
    expected = set(specification.ntriples.decode().splitlines())
    if given != expected:
        raise NotWellFormed(
            f"The graph of {specification.id}@{specification.version} is not what its criteria compile to.",
            expected="exactly the statements that the compiler writes for these criteria",
            todo="Correct the criteria and compile them: shapes are not written by hand.",
            details=[*(f"not expected: {line}" for line in sorted(given - expected)),
                     *(f"left out: {line}" for line in sorted(expected - given))],
        )  # fmt: skip
    return specification


def _parse(data: bytes) -> Graph:
    if len(data) > MAX_BYTES:
        raise TooLarge("The specification is too large.", expected=f"at most {MAX_BYTES} bytes", found=str(len(data)))
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=data.decode("utf-8"), format="turtle")
    except Exception as error:  # rdflib's Turtle reader raises a dozen kinds for malformed text
        raise Unreadable("The specification is not Turtle.", expected="Turtle or N-Triples in UTF-8",
                         found=str(error).strip()[:300]) from error  # fmt: skip
    canonical_graph = Graph(bind_namespaces="none")
    for subject, predicate, value in graph:
        if isinstance(subject, BNode) or isinstance(value, BNode):
            raise NotWellFormed("The specification has a blank node.", expected="an IRI for every shape and list cell",
                                found=f"{predicate} of {subject}", todo="Compile the criteria again.")  # fmt: skip
        canonical_graph.add((subject, predicate, _canonical_literal(value)))
    return canonical_graph


def _canonical_literal(value: Node) -> Node:
    if isinstance(value, Literal) and value.datatype == XSD.decimal:
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            return value
        return Literal(decimal_text(number), datatype=XSD.decimal)
    return value


def _refuse_unknown_shacl(graph: Graph) -> None:
    shacl = str(SH)
    used = {str(node).removeprefix(shacl) for triple in graph for node in triple if str(node).startswith(shacl)}
    unknown = sorted(used - SHACL_CORE)
    if unknown:
        raise NotWellFormed(
            "The specification uses terms that SHACL does not have: they would be ignored without a word.",
            expected="the vocabulary of SHACL Core",
            found=", ".join(f"sh:{name}" for name in unknown),
            todo="Correct their spelling.",
            details=[f"sh:{name}: did you mean sh:{near[0]}?" for name in unknown
                     if (near := get_close_matches(name, SHACL_CORE, n=1))],
        )  # fmt: skip


def _specification(graph: Graph) -> Specification:
    nodes = list(graph.subjects(RDF.type, CPR.Specification))
    if len(nodes) != 1:
        raise Unreadable("The file does not hold exactly one specification.", expected="one cpr:Specification",
                         found=str(len(nodes)))  # fmt: skip
    about = _About(graph, cast(URIRef, nodes[0]))
    criteria = sorted((_criterion(graph, cast(URIRef, node)) for node in about.all(CPR.criterion)), key=lambda p: p[0])
    omissions = [_About(graph, cast(URIRef, node)) for node in about.all(CPR.omission)]
    return Specification(
        id=about.text(DCTERMS.identifier),
        version=about.text(CPR.version),
        iri=str(nodes[0]),
        title=about.text(DCTERMS.title),
        description=about.text(DCTERMS.description),
        source=about.text(DCTERMS.source),
        digest="",
        criteria=tuple(criterion for _, criterion in criteria),
        ntriples=b"",
        illustrative=about.optional(CPR.illustrative) == "true",
        drafted_by=about.text(CPR.draftedBy),
        omissions=tuple(sorted((o.text(CPR.characteristic), o.text(CPR.justification)) for o in omissions)),
        cell_type=about.optional(CPR.cellType),
        species=about.optional(CPR.species),
        scope=about.optional(CPR.scope) or "",
        rounding=cast(Rounding, about.one_of(CPR.rounding, get_args(Rounding), "none")),
        published=about.optional(CPR.published) == "true",
    )


def _criterion(graph: Graph, node: URIRef) -> tuple[int, Criterion]:
    about = _About(graph, node)
    standings = {iri: standing for standing, (iri, _) in STANDINGS.items()}
    order, low, high = about.text(CPR.order), about.optional(CPR.lowLimit), about.optional(CPR.highLimit)
    return int(order) if order.isdigit() else 0, Criterion(
        id=about.text(DCTERMS.identifier),
        iri=str(node),
        characteristic=about.text(CPR.characteristic),
        label=about.text(RDFS.label),
        operator=cast(Operator, about.one_of(CPR.operator, get_args(Operator))),
        standing=standings[about.one_of(CPR.standing, standings)],
        name=about.text(SH.name),
        description=about.text(SH.description),
        message=about.text(SH.message),
        source=about.optional(DCTERMS.source) or "",
        low=about.number(CPR.lowLimit, low),
        high=about.number(CPR.highLimit, high),
        low_open=about.optional(CPR.lowLimitOpen) == "true",
        high_open=about.optional(CPR.highLimitOpen) == "true",
        outcomes=tuple(sorted(str(outcome) for outcome in about.all(CPR.acceptedOutcome))),
        unit=about.optional(CPR.unit),
        stage=about.optional(CPR.stage),
        group=about.optional(CPR.group),
        method=about.optional(CPR.method),
        justification=about.optional(CPR.justification),
        duration=about.number(CPR.leastHours, about.optional(CPR.leastHours)),
        window=about.number(CPR.greatestAgeHours, about.optional(CPR.greatestAgeHours)),
        due=cast(Due, about.one_of(CPR.due, get_args(Due), "before release")),
        inherited_from=about.optional(CPR.inheritedFrom),
        note=about.optional(CPR.note),
        decimals=about.count(CPR.decimals),
        population=about.optional(CPR.population),
        confidence=about.number(CPR.confidence, about.optional(CPR.confidence)),
        least_events=about.count(CPR.leastEvents),
        claim=about.optional(CPR.supportsClaim),
    )


class _About:
    """What a graph says about one node, each property at most once."""

    def __init__(self, graph: Graph, node: URIRef) -> None:
        self._graph = graph
        self._node = node

    def all(self, name: URIRef) -> list[Node]:
        return list(self._graph.objects(self._node, name))

    def optional(self, name: URIRef) -> str | None:
        values = self.all(name)
        if len(values) > 1:
            raise self._wrong(name, "at most one", ", ".join(sorted(str(value) for value in values)))
        return str(values[0]) if values else None

    def text(self, name: URIRef) -> str:
        value = self.optional(name)
        if value is None:
            raise self._wrong(name, "one", "none")
        return value

    def one_of(self, name: URIRef, accepted: Iterable[str], otherwise: str | None = None) -> str:
        value = self.text(name) if otherwise is None else self.optional(name) or otherwise
        if value not in accepted:
            raise self._wrong(name, " or ".join(accepted), value)
        return value

    def number(self, name: URIRef, printed: str | None) -> Decimal | None:
        try:
            return None if printed is None else Decimal(printed)
        except InvalidOperation:
            raise self._wrong(name, "a decimal number", str(printed)) from None

    def count(self, name: URIRef) -> int | None:
        printed = self.optional(name)
        if printed is not None and not (printed.isascii() and printed.isdigit()):
            raise self._wrong(name, "a whole number", printed)
        return None if printed is None else int(printed)

    def _wrong(self, name: URIRef, expected: str, found: str) -> NotWellFormed:
        return NotWellFormed(f"The specification does not say {name} as it must.", expected=expected, found=found,
                             where=str(self._node), todo="Correct the criteria and compile them again.")  # fmt: skip
