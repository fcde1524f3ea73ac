"""Every constraint bites: taken away, some witness is judged otherwise.

For specifications, the witnesses are evidence; for records, the examples and small damages done to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD
from rdflib.term import Node

from registry import specifications
from registry.domain import Criterion, Evidence, Interval, Specification
from registry.errors import Corrupt
from registry.judgement import shacl
from registry.judgement.shacl import compiled, criteria, engine, record_form
from registry.specifications import canonical
from tests.lots import LOT
from tests.shapes.test_records import ACCEPTED, REFUSED, kind_of, ntriples

Triple = tuple[Node, Node, Node]
NOT_CONSTRAINTS = {RDF.type, SH.path, SH.message, SH.severity, SH.name, SH.description, SH.order}


def shipped() -> list[tuple[Specification, Criterion]]:
    """Every shipped criterion; of the published ones, which repeat each other, one of each make; one with a window."""
    found = [(s, c) for s in specifications.shipped() if not s.published for c in s.criteria]
    makes = {}
    for spec in specifications.shipped():
        for one in spec.criteria if spec.published else ():
            asked = (one.method is None, one.duration is None, one.window is None, one.standing, one.unit)
            makes.setdefault((one.operator, one.low_open, one.high_open, len(one.outcomes), *asked), (spec, one))
    spec, viability = next((s, c) for s, c in found if c.id == "viability")
    timed = replace(viability, window=Decimal(2), duration=Decimal(1), method="flow")
    counted = replace(viability, population="urn:population:live", confidence=Decimal("0.95"), least_events=200)
    return [*found, *makes.values(), (spec, timed), (spec, counted)]


SHIPPED = shipped()


# --- specifications


def witnesses(criterion: Criterion) -> Iterator[Evidence]:
    """Evidence of every sort: absent, undecided, at, around and beyond each limit, in another unit, in other words."""
    yield Evidence(LOT, criterion.id, present=False)
    base = Evidence(
        LOT, criterion.id, present=True, unit=criterion.unit, method=criterion.method, duration=criterion.duration,
        age=criterion.window, population=criterion.population, confidence=criterion.confidence,
        events=criterion.least_events,
    )  # fmt: skip
    yield base
    yield from otherwise_obtained(criterion, base)
    for outcome in (*criterion.outcomes, "urn:outcome:other"):
        yield replace(base, outcome=outcome)
    for limit in (criterion.low, criterion.high):
        if limit is None:
            continue
        below, above = limit - 1, limit + 1
        for low, high, low_open, high_open in (
            (below, below, False, False), (limit, limit, False, False), (above, above, False, False),
            (below, above, False, False), (below, above, True, True), (below, limit, False, True),
            (limit, above, True, False), (below, limit, False, False), (limit, above, False, False),
        ):  # fmt: skip
            yield replace(base, interval=Interval(low, high, low_open, high_open))
        for value in (below, above):
            yield replace(base, interval=Interval(value, value), unit="urn:other-unit")
    if criterion.high is not None:
        yield replace(base, interval=Interval(None, criterion.high - 1))
    if criterion.low is not None and criterion.high is not None:
        yield replace(base, interval=Interval(criterion.low + 1, None))


def otherwise_obtained(criterion: Criterion, base: Evidence) -> Iterator[Evidence]:
    """The right value, by another method or none, after too short a time or an unknown one, too old or not yet."""
    value = criterion.low + 1 if criterion.low is not None else (criterion.high or Decimal(0)) - 1
    if criterion.operator == "one of":
        right = replace(base, outcome=criterion.outcomes[0])
    else:
        right = replace(base, interval=Interval(value, value))
    hours: list[dict[str, Decimal | str | int | None]] = [
        {"population": "urn:population:other"},
        {"population": None},
        {"confidence": None},
        {"events": None},
        {"confidence": Decimal("0.1")},
        {"events": 0},
        {"method": "by eye"},
        {"method": None},
        {"duration": None},
        {"age": None},
    ]
    hours += [{"duration": criterion.duration - 1}] if criterion.duration is not None else []
    hours += [{"age": criterion.window + 1}, {"age": Decimal(-1)}] if criterion.window is not None else []
    for changed in hours:
        yield replace(right, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(("spec", "criterion"), SHIPPED, ids=lambda x: x.id)
def test_a_criterion_that_no_longer_targets_its_evidence_judges_nothing(
    spec: Specification, criterion: Criterion
) -> None:
    spec = specifications.build(
        replace(spec, criteria=(replace(criterion, group=None, standing="gating", due="before release"),), omissions=())
    )
    target = f"<{criterion.iri}> <{SH.targetClass}> <{criterion.iri}> .\n".encode()
    assert target in spec.ntriples
    with pytest.raises(Corrupt):
        shacl.judge(
            replace(spec, ntriples=spec.ntriples.replace(target, b"")), [Evidence(LOT, criterion.id, present=True)]
        )


@pytest.mark.parametrize(("spec", "criterion"), SHIPPED, ids=lambda x: x.id)
def test_every_constraint_of_every_shipped_criterion_bites(
    spec: Specification, criterion: Criterion, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = replace(criterion, group=None, standing="gating", due="before release")
    alone = specifications.build(replace(spec, criteria=(one,), omissions=()))
    evidence = list(witnesses(criterion))
    right = shacl.judge(alone, evidence)
    graph = Graph().parse(data=alone.ntriples, format="nt")
    shapes = set(graph.subjects(RDF.type, SH.PropertyShape))
    constraints = sorted((t for t in graph if t[0] in shapes and t[1] not in NOT_CONSTRAINTS), key=str)
    assert len(constraints) >= 3
    # The controls refuse most of these runs outright; here the witnesses themselves must see the difference.
    monkeypatch.setattr(criteria, "_controls", lambda _: ([], []))
    for constraint in constraints:
        mutant = replace(alone, ntriples=canonical(t for t in graph if t != constraint))
        assert shacl.judge(mutant, evidence) != right, constraint


# --- records

OTHER = {
    SH.datatype: Literal("x", datatype=XSD.anyURI),
    SH["in"]: URIRef("urn:other"),
    SH.nodeKind: Literal("a text"),
    SH.pattern: Literal("!?"),
    SH.minInclusive: Literal("-7", datatype=XSD.integer),
    SH.minLength: Literal(""),
}
RECORD_KINDS = [kind for kind in shacl.kinds() if kind != "specification"]


def examples(kind: str) -> list[Graph]:
    chosen = [e for e in (*ACCEPTED, *REFUSED) if kind_of(e) == kind]
    return [Graph().parse(data=ntriples(e), format="nt") for e in chosen]


def damages(shapes: Graph, constraint: Triple, accepted: list[Graph]) -> Iterator[Graph]:
    """Records that the constraint should be the one to refuse: its property left out, doubled, or of another sort."""
    shape, component, limit = constraint
    path = shapes.value(shape, SH.path)
    for graph in accepted:
        for subject in sorted({s for s, p, _ in graph if p == path or component == SH.closed}):
            for change in _changes(component, limit, list(graph.objects(subject, path))):
                damaged = Graph() + graph
                if component == SH.closed:
                    damaged.add((subject, URIRef("urn:a-property-of-nobody"), Literal("pass")))
                elif path is not None:
                    damaged.remove((subject, path, None))
                    for value in change:
                        damaged.add((subject, path, value))
                yield damaged


def _changes(component: Node, limit: Node, values: list[Node]) -> Iterator[list[Node]]:
    if component == SH.closed:
        yield values
    elif component in (SH.minCount, SH.hasValue):
        yield []
        yield from ([value for value in values if value != one] for one in values)
    elif component == SH.maxCount:
        yield [*values, _another(values[0])]
    elif component == SH.maxLength:
        yield [Literal("x" * (int(str(limit)) + 1))]
    elif component in OTHER:
        yield [OTHER[component]]
        yield [*values, OTHER[component]]


def _another(value: Node) -> Node:
    if isinstance(value, Literal) and value.datatype is not None:
        text = {XSD.boolean: "false", XSD.date: "2026-01-01", XSD.dateTime: "2026-01-01T00:00:00Z"}
        return Literal(text.get(value.datatype, "77"), datatype=value.datatype)
    return Literal(f"{value} too") if isinstance(value, Literal) else URIRef(f"{value}x")


Refused = Callable[[Iterable[Triple], Graph], Sequence[object]]


def by_reference(shapes: Iterable[Triple], data: Graph) -> Sequence[object]:
    """What the shapes alone refuse, without the controls that would refuse most mutants outright: by pySHACL."""
    return _by_reference(frozenset(shapes), frozenset(data))


@lru_cache(maxsize=10_000)
def _by_reference(shapes: frozenset[Triple], data: frozenset[Triple]) -> Sequence[object]:
    """Kept: many constraints are of one shape, and the same records are held against it for each."""
    return engine.violations(engine.report(engine.filled(data), tuple(shapes)))


def by_compiled(shapes: Iterable[Triple], data: Graph) -> Sequence[object]:
    """The same by the compiled engine; a shapes graph that it does not take judges nothing as it should."""
    try:
        made = compiled.compiled(_lines(frozenset(shapes)).encode(), "turtle")
    except Corrupt as error:
        return [str(error)]
    results = made.validate_text(_lines(frozenset(data)), "turtle").results
    return sorted(str((one.focus_node, one.component, one.path, one.value)) for one in results)


@lru_cache(maxsize=10_000)
def _lines(triples: frozenset[Triple]) -> str:
    return "".join(f"{' '.join(term.n3() for term in triple)} .\n" for triple in triples)


def constraints_of(shapes: Graph) -> list[Triple]:
    """Every constraint, except the messages, and the links that only hold a shape together."""
    structure = {SH.property, SH.targetClass, SH.inversePath, RDF.first, RDF.rest}
    return sorted((t for t in shapes if t[1] not in NOT_CONSTRAINTS | structure), key=str)


def rooted(shapes: Graph, part: Node) -> tuple[Triple, ...]:
    """The targeted shapes that a part belongs to, whole: the others have no say in what the part refuses."""
    roots = {s for p in (SH.targetClass, SH.targetObjectsOf) for s in shapes.subjects(p)}
    kept: set[Triple] = set()
    for root in roots:
        reached, waiting = {root}, [root]
        while waiting:
            for found in set(shapes.objects(waiting.pop())) - reached:
                reached.add(found)
                waiting.append(found)
        if part in reached:
            kept |= {triple for triple in shapes if triple[0] in reached}
    return tuple(kept)


SAMPLE = RECORD_KINDS[::6]
"""Kinds whose mutants pySHACL judges too: it takes fifty times as long."""


@pytest.mark.parametrize("kind", RECORD_KINDS)
def test_every_constraint_of_every_record_shape_bites(kind: str) -> None:
    assert toothless(kind, by_compiled if compiled.available() else by_reference) == []


@pytest.mark.parametrize("kind", SAMPLE)
def test_every_constraint_of_some_record_shapes_bites_by_the_reference(kind: str) -> None:
    assert toothless(kind, by_reference) == []


def toothless(kind: str, refused: Refused) -> list[tuple[str, ...]]:
    """The constraints of a kind without which nothing is judged otherwise."""
    shapes = Graph()
    for triple in record_form.shapes_of(kind):
        shapes.add(triple)
    everything = examples(kind)
    accepted = [graph for graph in everything if not refused(shapes, graph)]
    without_use = []
    for constraint in constraints_of(shapes):
        whole = rooted(shapes, constraint[0])
        mutant = tuple(triple for triple in whole if triple != constraint)
        witnesses = (*damages(shapes, constraint, accepted), *reversed(everything))
        if not any(refused(whole, witness) != refused(mutant, witness) for witness in witnesses):
            without_use.append(tuple(str(term).rpartition("#")[2] for term in constraint))
    return without_use
