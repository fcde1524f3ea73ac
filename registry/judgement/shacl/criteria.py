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
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from functools import lru_cache
from urllib.parse import quote

from rdflib import Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from registry.domain import Criterion, CriterionOutcome, Evidence, Interval, Specification
from registry.errors import Corrupt
from registry.identifiers import CPR
from registry.judgement.shacl import compiled
from registry.judgement.shacl.compiled import is_held
from registry.judgement.shacl.engine import filled, parsed, report
from registry.namespaces import RDF, RDFS, SHACL, XSD
from registry.vocabulary.ntriples import Text, line

BATCH = 300
"""Evidence nodes a call, 20 to 50 lots: the cost of a call no longer shows (``benchmarks/gate.py``)."""

COMPILED_BATCH = 20_000
"""The same of the compiled engine: what a batch holds in memory, not what a call costs."""

Fact = tuple[str, str, "str | Decimal | bool"]
"""Subject, property, and an IRI, a ``Text``, an exact number or a truth."""
Outcomes = dict[tuple[str, str], list[CriterionOutcome]]

_EVIDENCE = "urn:x-cell-registry:evidence:"
_NODE_SHAPE, _TARGET_CLASS = SHACL + "NodeShape", SHACL + "targetClass"
RDF_TYPE = RDF + "type"


def batch_size() -> int:
    """How much evidence is judged at once."""
    return COMPILED_BATCH if compiled.available() else BATCH


def judge(specification: Specification, evidence: Sequence[Evidence], *, by_reference: bool = False) -> Outcomes:
    """The verdict of each evidence, in order, by (lot, criterion id). Raises Corrupt when a run judged nothing.

    The compiled engine judges where it is installed, and where every number is one that it holds exactly;
    ``by_reference`` asks pySHACL. Ask with whole lots: a lot's evidence may be judged in several calls, each of which
    is checked by its controls.
    """
    limited = {criterion.id for criterion in specification.criteria if not all(map(is_held, _limits(criterion)))}
    asked = compiled.available() and not by_reference
    fast = [asked and item.criterion not in limited and all(map(is_held, numbers(item))) for item in evidence]
    outcomes: dict[int, CriterionOutcome] = {}
    for by_compiled, size in ((True, COMPILED_BATCH), (False, BATCH)):
        places = [place for place, of_compiled in enumerate(fast) if of_compiled is by_compiled]
        for start in range(0, len(places), size):
            batch = places[start : start + size]
            judged = _judged(specification, [evidence[place] for place in batch], fast=by_compiled)
            outcomes |= zip(batch, judged, strict=True)
    answers: Outcomes = {}
    for place, item in enumerate(evidence):
        answers.setdefault((item.lot, item.criterion), []).append(outcomes[place])
    return answers


def _limits(criterion: Criterion) -> tuple[Decimal | int | None, ...]:
    beside = (criterion.duration, criterion.window, criterion.confidence, criterion.least_events)
    return (criterion.low, criterion.high, *beside)


def numbers(evidence: Evidence) -> tuple[Decimal | int | None, ...]:
    """Every number that is compared of a piece of evidence."""
    interval = evidence.interval or Interval(None, None)
    return (interval.low, interval.high, evidence.duration, evidence.age, evidence.confidence, evidence.events)


def report_turtle(specification: Specification, evidence: Sequence[Evidence]) -> str:
    """The W3C validation report of this evidence, with the evidence itself, as Turtle."""
    nodes = [_EVIDENCE + name for name in _names(evidence)]
    data = filled(map(_terms, _facts_of(specification, evidence, nodes)))
    answer = report(data, parsed(specification.ntriples)) + data
    for prefix, namespace in (("cpr", CPR), ("sh", str(SH)), ("", f"{specification.iri}#")):
        answer.bind(prefix, namespace)
    return answer.serialize(format="turtle")


def _judged(specification: Specification, evidence: Sequence[Evidence], *, fast: bool) -> list[CriterionOutcome]:
    named = {node.criterion for node in evidence}
    used = [criterion for criterion in specification.criteria if criterion.id in named]
    _require_shapes(used, specification.ntriples)
    expected, controls = _controls(used)
    every = [*evidence, *controls]
    nodes = [f"{_EVIDENCE}{place}" for place in range(len(every))]
    refused = _refused(_refusals(specification, every, nodes, fast=fast), nodes)
    by_id = {criterion.id: criterion for criterion in specification.criteria}
    outcomes = [_outcome(by_id[item.criterion], refused[node]) for item, node in zip(every, nodes, strict=True)]
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


def _refusals(
    specification: Specification, evidence: Sequence[Evidence], nodes: Sequence[str], *, fast: bool
) -> Iterable[tuple[str, str]]:
    """(node, shape) of every violation, by the engine that is asked."""
    facts = _facts_of(specification, evidence, nodes)
    if fast:
        return compiled.refusals(compiled.compiled(specification.ntriples), "".join(map(line_of, facts)))
    answer = report(filled(map(_terms, facts)), parsed(specification.ntriples))
    return (
        (str(answer.value(result, SH.focusNode)), str(answer.value(result, SH.sourceShape)))
        for result in answer.objects(None, SH.result)
    )


def _refused(refusals: Iterable[tuple[str, str]], nodes: Sequence[str]) -> dict[str, set[str]]:
    """The shapes that refused each node. A report about a node that nobody asked about is an error."""
    shapes: dict[str, set[str]] = {node: set() for node in nodes}
    for focus, shape in refusals:
        if focus not in shapes:
            raise Corrupt("The SHACL report speaks of a node that was not judged.", found=focus,
                          todo="Nothing was judged.")  # fmt: skip
        shapes[focus].add(shape)
    return shapes


def _require_shapes(criteria: Sequence[Criterion], ntriples: bytes) -> None:
    held = _lines(ntriples)
    for criterion in criteria:
        node = criterion.iri
        if not {line_of((node, RDF_TYPE, _NODE_SHAPE)), line_of((node, _TARGET_CLASS, node))} <= held:
            raise Corrupt(f"The specification's graph holds no shape for {criterion.id}.", expected="a sh:NodeShape",
                          found="none", where=criterion.iri, todo="Compile the specification again.")  # fmt: skip


@lru_cache(maxsize=64)
def _lines(ntriples: bytes) -> frozenset[str]:
    return frozenset(ntriples.decode().splitlines(keepends=True))


def _names(evidence: Sequence[Evidence]) -> Iterator[str]:
    count: defaultdict[tuple[str, str], int] = defaultdict(int)
    for item in evidence:
        count[item.lot, item.criterion] += 1
        yield f"{quote(item.lot, safe='')}:{item.criterion}:{count[item.lot, item.criterion]}"


def _facts_of(specification: Specification, evidence: Sequence[Evidence], nodes: Sequence[str]) -> Iterator[Fact]:
    by_id = {criterion.id: criterion for criterion in specification.criteria}
    for item, node in zip(evidence, nodes, strict=True):
        yield from facts(by_id[item.criterion], item, node)


def line_of(fact: Fact) -> str:
    """A fact as a line of N-Triples."""
    subject, predicate, value = fact
    if isinstance(value, Decimal):
        return f'<{subject}> <{predicate}> "{value:f}"^^<{XSD}decimal> .\n'
    if isinstance(value, bool):
        return f'<{subject}> <{predicate}> "{str(value).lower()}"^^<{XSD}boolean> .\n'
    return line(subject, predicate, value)


def _terms(fact: Fact) -> tuple[Node, Node, Node]:
    """A fact as terms of rdflib."""
    subject, predicate, value = fact
    if isinstance(value, Decimal):
        term: Node = Literal(format(value, "f"), datatype=URIRef(XSD + "decimal"))
    elif isinstance(value, bool):
        term = Literal(str(value).lower(), datatype=URIRef(XSD + "boolean"))
    else:
        term = Literal(str(value)) if isinstance(value, Text) else URIRef(value)
    return URIRef(subject), URIRef(predicate), term


def facts(criterion: Criterion, evidence: Evidence, node: str) -> Iterator[Fact]:
    """One evidence node: typed by the criterion it bears on, flat, without bounds where it has none."""
    yield node, RDF_TYPE, CPR + "Evidence"
    yield node, RDF_TYPE, criterion.iri
    yield node, RDFS + "label", Text(evidence.lot)
    yield node, CPR + "characteristic", criterion.characteristic
    if not evidence.present:
        return
    yield node, CPR + "present", True
    links = (("unit", evidence.unit), ("outcome", evidence.outcome), ("populationUsed", evidence.population))
    yield from ((node, CPR + name, iri) for name, iri in links if iri is not None)
    if evidence.method is not None:
        yield node, CPR + "methodUsed", Text(evidence.method)
    events = Decimal(evidence.events) if evidence.events is not None else None
    decimals = (
        ("eventsCounted", events),
        ("durationHours", evidence.duration),
        ("ageHours", evidence.age),
        ("confidenceUsed", evidence.confidence),
    )
    yield from ((node, CPR + name, number) for name, number in decimals if number is not None)
    if evidence.interval is not None:
        yield from ((node, CPR + name, value) for name, value in _bounds(evidence.interval))


def _bounds(interval: Interval) -> Iterator[tuple[str, Decimal]]:
    """``[0, 0.5)`` has atLeast 0, low 0, atMost 0.5, below 0.5; an unbounded end has nothing."""
    if interval.low is not None:
        yield "atLeast", interval.low
        yield ("above" if interval.low_open else "low"), interval.low
    if interval.high is not None:
        yield "atMost", interval.high
        yield ("below" if interval.high_open else "high"), interval.high
