"""Evidence judged by SHACL: which property shapes of a criterion refuse it gives the verdict.

    -present refused       missing        nothing current bears on the criterion
    -not-refuted refused   fail           no value of the result meets the limit
    -shown refused         undetermined   some values do, or nobody can tell
    none refused           pass           every value meets the limit

Beside every batch run three controls for each criterion, as in a laboratory: one without a result, one that misses
the limit, one that tells nothing; and where method, duration, age, population or counts are asked for, one that tells
none of them. A run in which any of them comes out otherwise has judged nothing, and is an error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SH, XSD
from rdflib.term import Node

from registry.domain import Criterion, CriterionOutcome, Evidence, Interval, Specification
from registry.errors import Corrupt
from registry.identifiers import CPR
from registry.judgement.shacl.engine import Triples, filled, parsed, report

BATCH = 300
"""Evidence nodes a call, 20 to 50 lots: the cost of a call no longer shows (``benchmarks/gate.py``)."""

Outcomes = dict[tuple[str, str], list[CriterionOutcome]]

_EVIDENCE = "urn:x-cell-registry:evidence:"
_TRUE = Literal("true", datatype=XSD.boolean)


def judge(specification: Specification, evidence: Sequence[Evidence]) -> Outcomes:
    """The verdict of each evidence, in order, by (lot, criterion id). Raises Corrupt when a run judged nothing.

    Ask with whole lots: a lot's evidence may be judged in two calls, each of which is checked by its controls.
    """
    answers: Outcomes = {}
    for start in range(0, len(evidence), BATCH):
        batch = evidence[start : start + BATCH]
        for one, outcome in zip(batch, _judged(specification, batch), strict=True):
            answers.setdefault((one.lot, one.criterion), []).append(outcome)
    return answers


def report_turtle(specification: Specification, evidence: Sequence[Evidence]) -> str:
    """The W3C validation report of this evidence, with the evidence itself, as Turtle."""
    nodes = [URIRef(_EVIDENCE + name) for name in _names(evidence)]
    data = filled(_graph(specification, evidence, nodes))
    answer = report(data, parsed(specification.ntriples)) + data
    for prefix, namespace in (("cpr", CPR), ("sh", str(SH)), ("", f"{specification.iri}#")):
        answer.bind(prefix, namespace)
    return answer.serialize(format="turtle")


def _judged(specification: Specification, evidence: Sequence[Evidence]) -> list[CriterionOutcome]:
    shapes = parsed(specification.ntriples)
    used = [criterion for criterion in specification.criteria if criterion.id in {one.criterion for one in evidence}]
    _require_shapes(used, shapes)
    expected, controls = _controls(used)
    every = [*evidence, *controls]
    nodes = [URIRef(f"{_EVIDENCE}{place}") for place in range(len(every))]
    data = filled(_graph(specification, every, nodes))
    refused = _refused(report(data, shapes), nodes)
    by_id = {criterion.id: criterion for criterion in specification.criteria}
    outcomes = [_outcome(by_id[one.criterion], refused[node]) for one, node in zip(every, nodes, strict=True)]
    for control, right, outcome in zip(controls, expected, outcomes[len(evidence) :], strict=True):
        if outcome != right:
            raise Corrupt(f"The SHACL run did not judge {control.criterion}: a control came out wrong.", expected=right,
                          found=outcome, where=specification.iri, todo="Nothing was judged.")  # fmt: skip
    return outcomes[: len(evidence)]


def _controls(criteria: Sequence[Criterion]) -> tuple[list[CriterionOutcome], list[Evidence]]:
    """What must come out of each control, and the controls."""
    expected: list[CriterionOutcome] = []
    controls: list[Evidence] = []
    for criterion in criteria:
        expected += ["missing", "fail", "undetermined"]
        nothing = Evidence("control", criterion.id, present=False)
        controls += [nothing, _missing_the_limit(criterion), replace(nothing, present=True)]
        if asks_beside(criterion):
            expected.append("undetermined")
            controls.append(_meeting_the_limit(criterion))
    return expected, controls


def asks_beside(criterion: Criterion) -> bool:
    """Whether a criterion asks for more than its value: how it was obtained, of what, of how many."""
    beside = (criterion.method, criterion.duration, criterion.window, criterion.population, criterion.confidence,
              criterion.least_events)  # fmt: skip
    return any(asked is not None for asked in beside)


def _missing_the_limit(criterion: Criterion) -> Evidence:
    if criterion.operator == "one of":
        return Evidence("control", criterion.id, present=True, outcome="urn:x-cell-registry:no-such-outcome")
    value = criterion.low - 1 if criterion.low is not None else (criterion.high or Decimal(0)) + 1
    return Evidence("control", criterion.id, present=True, interval=Interval(value, value), unit=criterion.unit)


def _meeting_the_limit(criterion: Criterion) -> Evidence:
    """The right value, of which nobody knows how it was obtained."""
    met = Evidence("control", criterion.id, present=True, unit=criterion.unit)
    if criterion.operator == "one of":
        return replace(met, outcome=criterion.outcomes[0])
    low, high = criterion.low, criterion.high
    with localcontext() as context:
        context.prec = 200
        if low is not None and high is not None:
            value = (low + high) / 2
        else:
            value = low + 1 if low is not None else (high or Decimal(0)) - 1
    return replace(met, interval=Interval(value, value))


def _outcome(criterion: Criterion, shapes: set[str]) -> CriterionOutcome:
    suffixes = {shape.removeprefix(f"{criterion.iri}-") for shape in shapes}
    if "present" in suffixes:
        return "missing"
    if any(suffix.startswith("not-refuted") for suffix in suffixes):
        return "fail"
    return "undetermined" if suffixes else "pass"


def _refused(answer: Graph, nodes: Sequence[URIRef]) -> dict[Node, set[str]]:
    """The shapes that refused each node. A report about a node that nobody asked about is an error."""
    found: dict[Node, set[str]] = {node: set() for node in nodes}
    for result in answer.objects(None, SH.result):
        focus = answer.value(result, SH.focusNode)
        if focus not in found:
            raise Corrupt("The SHACL report speaks of a node that was not judged.", found=str(focus),
                          todo="Nothing was judged.")  # fmt: skip
        found[focus].add(str(answer.value(result, SH.sourceShape)))
    return found


def _require_shapes(criteria: Sequence[Criterion], shapes: Triples) -> None:
    held = set(shapes)
    for criterion in criteria:
        node = URIRef(criterion.iri)
        if not {(node, RDF.type, SH.NodeShape), (node, SH.targetClass, node)} <= held:
            raise Corrupt(f"The specification's graph holds no shape for {criterion.id}.", expected="a sh:NodeShape",
                          found="none", where=criterion.iri, todo="Compile the specification again.")  # fmt: skip


def _names(evidence: Sequence[Evidence]) -> Iterator[str]:
    count: defaultdict[tuple[str, str], int] = defaultdict(int)
    for one in evidence:
        count[one.lot, one.criterion] += 1
        yield f"{quote(one.lot, safe='')}:{one.criterion}:{count[one.lot, one.criterion]}"


def _graph(
    specification: Specification, evidence: Sequence[Evidence], nodes: Sequence[URIRef]
) -> Iterator[tuple[Node, Node, Node]]:
    by_id = {criterion.id: criterion for criterion in specification.criteria}
    for one, node in zip(evidence, nodes, strict=True):
        yield from triples(by_id[one.criterion], one, node)


def triples(criterion: Criterion, evidence: Evidence, node: URIRef) -> Iterator[tuple[Node, Node, Node]]:
    """One evidence node: typed by the criterion it bears on, flat, without bounds where it has none."""
    yield node, RDF.type, URIRef(CPR + "Evidence")
    yield node, RDF.type, URIRef(criterion.iri)
    yield node, RDFS.label, Literal(evidence.lot)
    yield node, URIRef(CPR + "characteristic"), URIRef(criterion.characteristic)
    if not evidence.present:
        return
    yield node, URIRef(CPR + "present"), _TRUE
    if evidence.unit is not None:
        yield node, URIRef(CPR + "unit"), URIRef(evidence.unit)
    if evidence.outcome is not None:
        yield node, URIRef(CPR + "outcome"), URIRef(evidence.outcome)
    if evidence.method is not None:
        yield node, URIRef(CPR + "methodUsed"), Literal(evidence.method)
    if evidence.population is not None:
        yield node, URIRef(CPR + "populationUsed"), URIRef(evidence.population)
    if evidence.events is not None:
        yield node, URIRef(CPR + "eventsCounted"), Literal(str(evidence.events), datatype=XSD.decimal)
    decimals = (
        ("durationHours", evidence.duration),
        ("ageHours", evidence.age),
        ("confidenceUsed", evidence.confidence),
    )
    for name, number in decimals:
        if number is not None:
            yield node, URIRef(CPR + name), Literal(format(number, "f"), datatype=XSD.decimal)
    if evidence.interval is not None:
        for name, value in _bounds(evidence.interval):
            yield node, URIRef(CPR + name), Literal(format(value, "f"), datatype=XSD.decimal)


def _bounds(interval: Interval) -> Iterator[tuple[str, Decimal]]:
    """``[0, 0.5)`` has atLeast 0, low 0, atMost 0.5, below 0.5; an unbounded end has nothing."""
    if interval.low is not None:
        yield "atLeast", interval.low
        yield ("above" if interval.low_open else "low"), interval.low
    if interval.high is not None:
        yield "atMost", interval.high
        yield ("below" if interval.high_open else "high"), interval.high
