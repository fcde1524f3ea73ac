"""A specification's criteria as SHACL: the one place where a criterion becomes shapes.

A criterion is held against evidence nodes (see ``shapes/README.md``). ``CD73 >= 95 %`` becomes

    :cd73 a sh:NodeShape ; sh:targetClass :cd73 ;
        sh:property :cd73-present, :cd73-not-refuted, :cd73-not-refuted-open, :cd73-shown, :cd73-shown-unit .
    :cd73-present          sh:path cpr:present ; sh:hasValue true .        violated: missing
    :cd73-not-refuted      sh:path cpr:atMost  ; sh:minInclusive 95.0 .    violated: fail
    :cd73-not-refuted-open sh:path cpr:below   ; sh:minExclusive 95.0 .    violated: fail
    :cd73-shown            sh:path cpr:atLeast ; sh:minInclusive 95.0 ; sh:minCount 1 .  violated: undetermined
    :cd73-shown-unit       sh:path cpr:unit    ; sh:hasValue obo:UO_0000187 .            violated: undetermined

No blank nodes: every shape and list cell is named, so the graph has one canonical form and one digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, XSD
from rdflib.term import Node

from registry.domain import Criterion, Specification
from registry.namespaces import escaped
from registry.specifications.form import require_sound
from registry.specifications.vocabulary import CPR, STANDINGS, criterion_iri, decimal_text, specification_iri

Triple = tuple[URIRef, URIRef, Node]


def build(draft: Specification) -> Specification:
    """The same specification with its IRIs, canonical N-Triples and digest computed.

    Raises WrongUsage listing everything by which the draft contradicts itself (``check.problems``).
    """
    criteria = tuple(
        replace(criterion, iri=criterion_iri(draft.id, draft.version, criterion.id),
                outcomes=tuple(sorted(set(criterion.outcomes))))
        for criterion in draft.criteria
    )  # fmt: skip
    named = replace(draft, iri=specification_iri(draft.id, draft.version), criteria=criteria)
    require_sound(named)
    ntriples = canonical(triples(named))
    return replace(named, ntriples=ntriples, digest="sha256:" + sha256(ntriples).hexdigest())


def triples(specification: Specification) -> Iterator[Triple]:
    """The specification as a SHACL graph, in reading order."""
    node = URIRef(specification.iri)
    yield node, RDF.type, CPR.Specification
    yield node, DCTERMS.identifier, Literal(specification.id)
    yield node, CPR.version, Literal(specification.version)
    yield node, DCTERMS.title, Literal(specification.title)
    yield node, DCTERMS.description, Literal(specification.description)
    yield node, DCTERMS.source, Literal(specification.source)
    yield node, DCTERMS.isVersionOf, URIRef(specification_iri(specification.id))
    yield node, CPR.draftedBy, Literal(specification.drafted_by)
    yield from _header(node, specification)
    for criterion in specification.criteria:
        yield node, CPR.criterion, URIRef(criterion.iri)
    for characteristic, justification in specification.omissions:
        yield from _omission(node, characteristic, justification)
    for order, criterion in enumerate(specification.criteria, start=1):
        yield from _criterion(specification, criterion, order)


def _header(node: URIRef, specification: Specification) -> Iterator[Triple]:
    """What a specification need not say."""
    for name, stated in ((CPR.illustrative, specification.illustrative), (CPR.published, specification.published)):
        if stated:
            yield node, name, _true()
    for name, iri in ((CPR.cellType, specification.cell_type), (CPR.species, specification.species)):
        if iri is not None:
            yield node, name, URIRef(iri)
    if specification.scope:
        yield node, CPR.scope, Literal(specification.scope)
    if specification.rounding != "none":
        yield node, CPR.rounding, Literal(specification.rounding)


def _omission(node: URIRef, characteristic: str, justification: str) -> Iterator[Triple]:
    omission = URIRef(f"{node}#omits-{sha256(characteristic.encode()).hexdigest()[:16]}")
    yield node, CPR.omission, omission
    yield omission, RDF.type, CPR.Omission
    yield omission, CPR.characteristic, URIRef(characteristic)
    yield omission, CPR.justification, Literal(justification)


def _criterion(specification: Specification, criterion: Criterion, order: int) -> Iterator[Triple]:
    node = URIRef(criterion.iri)
    yield node, RDF.type, SH.NodeShape
    yield node, RDF.type, CPR.Criterion
    yield node, DCTERMS.identifier, Literal(criterion.id)
    yield node, DCTERMS.isVersionOf, URIRef(criterion_iri(specification.id, None, criterion.id))
    yield node, CPR.order, Literal(str(order), datatype=XSD.integer)
    yield node, RDFS.label, Literal(criterion.label)
    yield node, SH.name, Literal(criterion.name)
    yield node, SH.description, Literal(criterion.description)
    yield node, SH.message, Literal(criterion.message)
    if criterion.source:
        yield node, DCTERMS.source, Literal(criterion.source)
    yield node, CPR.characteristic, URIRef(criterion.characteristic)
    yield from _limits(node, criterion)
    standing, severity = STANDINGS[criterion.standing]
    yield node, CPR.standing, URIRef(standing)
    yield node, SH.severity, URIRef(severity)
    yield node, SH.targetClass, node
    for suffix, path, constraints, message in property_shapes(criterion):
        shape = URIRef(f"{node}-{suffix}")
        yield node, SH.property, shape
        yield shape, RDF.type, SH.PropertyShape
        yield shape, SH.path, path
        for name, value in constraints:
            yield shape, name, value
        yield shape, SH.message, Literal(message)
        yield shape, SH.severity, URIRef(severity)
    if criterion.operator == "one of":
        yield from _list(node, criterion.outcomes)


def _limits(node: URIRef, criterion: Criterion) -> Iterator[Triple]:
    yield node, CPR.operator, Literal(criterion.operator)
    for name, limit in ((CPR.lowLimit, criterion.low), (CPR.highLimit, criterion.high)):
        if limit is not None:
            yield node, name, _decimal(limit)
    for name, is_open in ((CPR.lowLimitOpen, criterion.low_open), (CPR.highLimitOpen, criterion.high_open)):
        if is_open:
            yield node, name, _true()
    for outcome in criterion.outcomes:
        yield node, CPR.acceptedOutcome, URIRef(outcome)
    iris = ((CPR.unit, criterion.unit), (CPR.stage, criterion.stage), (CPR.inheritedFrom, criterion.inherited_from))
    for name, iri in iris:
        if iri is not None:
            yield node, name, URIRef(iri)
    yield from _conditions(node, criterion)


def _conditions(node: URIRef, criterion: Criterion) -> Iterator[Triple]:
    """What is asked for beside the value, and what is said about it."""
    texts = ((CPR.group, criterion.group), (CPR.method, criterion.method), (CPR.justification, criterion.justification),
             (CPR.note, criterion.note), (CPR.supportsClaim, criterion.claim))  # fmt: skip
    for name, text in texts:
        if text is not None:
            yield node, name, Literal(text)
    for name, hours in ((CPR.leastHours, criterion.duration), (CPR.greatestAgeHours, criterion.window)):
        if hours is not None:
            yield node, name, _decimal(hours)
    if criterion.due != "before release":
        yield node, CPR.due, Literal(criterion.due)
    if criterion.decimals is not None:
        yield node, CPR.decimals, _integer(criterion.decimals)
    if criterion.population is not None:
        yield node, CPR.population, URIRef(criterion.population)
    if criterion.confidence is not None:
        yield node, CPR.confidence, _decimal(criterion.confidence)
    if criterion.least_events is not None:
        yield node, CPR.leastEvents, _integer(criterion.least_events)


Shape = tuple[str, URIRef, tuple[tuple[URIRef, Node], ...], str]


def property_shapes(criterion: Criterion) -> Iterator[Shape]:
    """(suffix, path, constraints, message) of each property shape of a criterion."""
    refuted = f"{criterion.label}: the result does not meet the acceptance limit. {criterion.message}"
    unshown = f"{criterion.label}: the result does not show that the acceptance limit is met. {criterion.message}"
    yield "present", CPR.present, ((SH.hasValue, _true()),), f"{criterion.label}: no current result."
    if criterion.operator == "one of":
        accepted = (SH["in"], URIRef(f"{criterion.iri}-accepted-1"))
        yield "not-refuted", CPR.outcome, (accepted,), refuted
        yield "shown", CPR.outcome, ((SH.minCount, _integer(1)),), unshown
    sides = _sides(criterion)
    for side, limit, is_open in sides:
        suffix = f"-{side}" if len(sides) > 1 else ""
        yield from _not_refuted(side, suffix, limit, is_open, refuted)
        yield from _shown(side, suffix, limit, is_open, unshown)
    if criterion.unit is not None:
        other = f"{criterion.label}: the result is not in the unit of the acceptance limit, nor convertible to it."
        yield "shown-unit", CPR.unit, ((SH.hasValue, URIRef(criterion.unit)),), other
    yield from _obtained(criterion)


def _obtained(criterion: Criterion) -> Iterator[Shape]:
    """How a result that shows the criterion was obtained: by which method, for how long, how long ago."""
    once = (SH.minCount, _integer(1))
    if criterion.method is not None:
        other = f"{criterion.label}: the result was not obtained by the method asked for ({criterion.method})."
        yield "shown-method", CPR.methodUsed, ((SH.hasValue, Literal(criterion.method)),), other
    if criterion.duration is not None:
        short = f"{criterion.label}: the test did not run for the {decimal_text(criterion.duration)} hours asked for."
        yield "shown-duration", CPR.durationHours, ((SH.minInclusive, _decimal(criterion.duration)), once), short
    if criterion.window is not None:
        old = f"{criterion.label}: the result is older than {decimal_text(criterion.window)} hours, or nobody can tell."
        within = ((SH.minInclusive, _decimal(Decimal(0))), (SH.maxInclusive, _decimal(criterion.window)), once)
        yield "shown-age", CPR.ageHours, within, old
    yield from _counted(criterion)


def _counted(criterion: Criterion) -> Iterator[Shape]:
    """Of what and of how many a percentage is that shows the criterion."""
    once = (SH.minCount, _integer(1))
    if criterion.population is not None:
        other = f"{criterion.label}: the percentage is not of the population asked for, or does not say of which it is."
        yield "shown-population", CPR.populationUsed, ((SH.hasValue, URIRef(criterion.population)),), other
    if criterion.confidence is not None:
        sure = decimal_text(criterion.confidence)
        unsure = f"{criterion.label}: the counted events do not show it with a confidence of {sure}."
        yield "shown-confidence", CPR.confidenceUsed, ((SH.minInclusive, _decimal(criterion.confidence)), once), unsure
    if criterion.least_events is not None:
        few = f"{criterion.label}: fewer than {criterion.least_events} events were counted, or nobody can tell."
        yield (
            "shown-events",
            CPR.eventsCounted,
            ((SH.minInclusive, _decimal(Decimal(criterion.least_events))), once),
            few,
        )


def _sides(criterion: Criterion) -> tuple[tuple[str, Decimal, bool], ...]:
    """(low or high, limit, whether the limit itself is excluded) for each limit of a numeric criterion."""
    both = (("low", criterion.low, criterion.low_is_excluded), ("high", criterion.high, criterion.high_is_excluded))
    return tuple((side, limit, is_open) for side, limit, is_open in both if limit is not None)


_INCLUSIVE = {"low": SH.minInclusive, "high": SH.maxInclusive}
_EXCLUSIVE = {"low": SH.minExclusive, "high": SH.maxExclusive}


def _not_refuted(side: str, suffix: str, limit: Decimal, is_open: bool, message: str) -> Iterator[Shape]:
    """Violated when no value of the result meets the limit: not even its far end does."""
    far, far_open = (CPR.atMost, CPR.below) if side == "low" else (CPR.atLeast, CPR.above)
    bound = (_EXCLUSIVE if is_open else _INCLUSIVE)[side]
    yield f"not-refuted{suffix}", far, ((bound, _decimal(limit)),), message
    if not is_open:
        yield f"not-refuted{suffix}-open", far_open, ((_EXCLUSIVE[side], _decimal(limit)),), message


def _shown(side: str, suffix: str, limit: Decimal, is_open: bool, message: str) -> Iterator[Shape]:
    """Violated unless every value of the result meets the limit: its near end is there and does."""
    near, near_closed = (CPR.atLeast, CPR.low) if side == "low" else (CPR.atMost, CPR.high)
    yield f"shown{suffix}", near, ((_INCLUSIVE[side], _decimal(limit)), (SH.minCount, _integer(1))), message
    if is_open:
        yield f"shown{suffix}-closed", near_closed, ((_EXCLUSIVE[side], _decimal(limit)),), message


def _list(node: URIRef, outcomes: Iterable[str]) -> Iterator[Triple]:
    cells = [(URIRef(f"{node}-accepted-{place}"), outcome) for place, outcome in enumerate(outcomes, start=1)]
    for (cell, outcome), rest in zip(cells, [cell for cell, _ in cells[1:]] + [RDF.nil], strict=True):
        yield cell, RDF.type, RDF.List
        yield cell, RDF.first, URIRef(outcome)
        yield cell, RDF.rest, rest


def _decimal(value: Decimal) -> Literal:
    return Literal(decimal_text(value), datatype=XSD.decimal)


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _true() -> Literal:
    return Literal("true", datatype=XSD.boolean)


def canonical(graph: Iterable[tuple[Node, Node, Node]]) -> bytes:
    """Sorted canonical N-Triples (RDFC-1.0 section 5: the canonical form), for a graph without blank nodes."""
    lines = sorted({" ".join((term(s), term(p), term(o), ".\n")) for s, p, o in graph})
    return "".join(lines).encode("utf-8")


def term(node: Node) -> str:
    """One term as canonical N-Triples."""
    if isinstance(node, URIRef):
        return f"<{node}>"
    if not isinstance(node, Literal):
        raise TypeError(f"a blank node has no canonical name: {node!r}")
    text = f'"{escaped(str(node))}"'
    if node.language:
        return f"{text}@{node.language}"
    if node.datatype is None or node.datatype == XSD.string:
        return text
    return f"{text}^^<{node.datatype}>"
