"""Many lots at once: in order, in batches, with rows in error, and never on a run that judged nothing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Literal

from registry import specifications
from registry.cli.check.check import as_json
from registry.domain import Evidence, Intake, Interval, Specification
from registry.errors import Corrupt
from registry.judgement import independent, judge, shacl
from registry.judgement.judge import Outcomes
from registry.judgement.shacl import compiled
from tests.lots import LOT, TERMS, panel, result

IDENTITY = specifications.load("msc-identity")


def test_lots_come_back_in_order_whatever_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    panels = {f"P-{n:02}": panel(CD34="2.1") if n % 3 == 0 else panel() for n in range(20)}
    lots = {lot: [result(r.label.rpartition(" ")[2], r.printed, row=r.source.row or 0, lot=lot) for r in rows]
            for lot, rows in panels.items()}  # fmt: skip
    expected = [(f"P-{n:02}", "fail" if n % 3 == 0 else "pass") for n in range(20)]
    for batch in (300, 7):
        monkeypatch.setattr(shacl, "batch_size", lambda size=batch: size)
        found = judge.judge_lots(IDENTITY, lots, TERMS, compare=True)
        assert [(one.lot, one.verdict) for one in found] == expected


def test_a_lot_of_which_nothing_could_be_read_is_judged_all_the_same() -> None:
    found = judge.judge_lots(IDENTITY, {LOT: panel()}, TERMS, errors_by_lot=["P-09", LOT.lower()])
    assert [(one.lot, one.verdict) for one in found] == [("P-07", "incomplete"), ("P-09", "incomplete")]


def test_lots_without_a_name_for_themselves_stay_apart() -> None:
    """The worst of one lot never becomes another's."""
    lots = {"A": [result("CD73", "90", lot="A")], "B": [result("CD73", "98", lot="B")]}
    assert [one.criteria[0].verdict for one in judge.judge_lots(IDENTITY, lots, TERMS)] == ["fail", "pass"]


def test_a_release_is_refused_when_the_two_judgements_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(independent, "compare", lambda criterion, evidence: "pass")
    assert judge.judge_lots(IDENTITY, {LOT: []}, TERMS)[0].verdict == "incomplete"
    with pytest.raises(Corrupt) as refusal:
        judge.judge_lots(IDENTITY, {LOT: []}, TERMS, compare=True)
    assert refusal.value.details[0] == "lot P-07, cd73: shacl (compiled) ['missing'], the plain comparison ['pass']"


# --- runs that judged nothing


def report(conforms: bool) -> Graph:
    graph = Graph()
    graph.add((node := BNode(), RDF.type, SH.ValidationReport))
    graph.add((node, SH.conforms, Literal(conforms)))
    return graph


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((False, ValueError("shape cannot be loaded"), "shape cannot be loaded"), "The SHACL engine gave no report."),
        ((True, Graph(), ""), "The SHACL engine gave no report."),
        ((False, report(False), ""), "The SHACL engine contradicts its own report."),
        ((True, report(True), ""), "The SHACL run did not judge cd73: a control came out wrong."),
    ],
)
def test_a_run_that_judged_nothing_is_an_error(
    answer: tuple[bool, object, str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failure object, an empty report, a contradiction, and conforming because nothing was looked at."""
    monkeypatch.setattr(pyshacl, "validate", lambda *_args, **_options: answer)
    with pytest.raises(Corrupt) as refusal:
        shacl.judge(IDENTITY, [Evidence(LOT, "cd73", present=True)], by_reference=True)
    assert refusal.value.message == message


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (set(), "The SHACL run did not judge cd73: a control came out wrong."),
        ({("urn:x:another", f"{IDENTITY.iri}#cd73-present")}, "The SHACL report speaks of a node that was not judged."),
    ],
)
def test_a_compiled_run_that_judged_nothing_is_an_error(
    refused: set[tuple[str, str]], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The compiled engine is believed no further: its controls run beside every batch."""
    monkeypatch.setattr(compiled, "refusals", lambda _shapes, _data: refused)
    with pytest.raises(Corrupt) as refusal:
        shacl.judge(IDENTITY, [Evidence(LOT, "cd73", present=True)])
    assert refusal.value.message == message


@pytest.mark.parametrize("by", ["the compiled engine", "pySHACL", "the plain comparison"])
def test_one_judge_of_three_that_differs_stops_a_release(by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever it is: nothing is signed on two against one."""
    judged = shacl.judge

    def differing(
        specification: Specification, evidence: Sequence[Evidence], *, by_reference: bool = False
    ) -> Outcomes:
        outcomes = judged(specification, evidence, by_reference=by_reference)
        wrong = by == ("pySHACL" if by_reference else "the compiled engine")
        return {key: ["pass"] for key in outcomes} if wrong else outcomes

    monkeypatch.setattr(shacl, "judge", differing)
    if by == "the plain comparison":
        monkeypatch.setattr(independent, "compare", lambda criterion, evidence: "pass")
    with pytest.raises(Corrupt, match="do not agree: nothing may be released"):
        judge.judge_lots(IDENTITY, {LOT: []}, TERMS, compare=True)


def test_without_the_compiled_engine_pyshacl_does_its_work_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slower, and the same."""
    with_it = judge.judge_lots(IDENTITY, {LOT: panel(CD34="2.1")}, TERMS)
    monkeypatch.setattr(compiled, "available", lambda: False)
    assert judge.judge_lots(IDENTITY, {LOT: panel(CD34="2.1")}, TERMS) == with_it
    assert shacl.engine_name() == "pySHACL"
    assert as_json(IDENTITY, with_it, Intake("panel.csv", ()))["engine"] == "pySHACL"
    monkeypatch.undo()
    assert "engine" not in as_json(IDENTITY, with_it, Intake("panel.csv", ()))


def test_a_number_that_the_compiled_engine_cannot_hold_is_judged_by_the_reference() -> None:
    """Its decimals end after 18 digits: a value just below a limit must not be cut to it."""
    value = Decimal("94.99999999999999999999999")
    evidence = [Evidence(LOT, "cd73", present=True, interval=Interval(value, value), unit=IDENTITY.criteria[0].unit)]
    assert shacl.judge(IDENTITY, evidence) == {(LOT, "cd73"): ["fail"]} == independent.judge(IDENTITY, evidence)


def test_a_specification_whose_graph_lacks_a_criterion_judges_nothing() -> None:
    from dataclasses import replace

    other = replace(IDENTITY, ntriples=specifications.build(replace(IDENTITY, id="other")).ntriples)
    with pytest.raises(Corrupt) as refusal:
        shacl.judge(other, [Evidence(LOT, "cd73", present=True)])
    assert refusal.value.message == "The specification's graph holds no shape for cd73."


def test_judging_leaves_no_trace_in_the_shapes() -> None:
    """pySHACL writes into its shapes graph: the second call must not see what the first one left."""
    evidence = [Evidence(LOT, criterion.id, present=False) for criterion in IDENTITY.criteria]
    first, second = shacl.judge(IDENTITY, evidence), shacl.judge(IDENTITY, evidence)
    assert first == second == {(LOT, criterion.id): ["missing"] for criterion in IDENTITY.criteria}


def test_the_shacl_report_is_a_report_of_this_evidence() -> None:
    graph = Graph().parse(data=shacl.report_turtle(IDENTITY, [Evidence("P 7/a", "cd73", present=False)]))
    found = sorted(
        (str(graph.value(result_, SH.focusNode)), str(graph.value(result_, SH.sourceShape)).rpartition("#")[2])
        for result_ in graph.objects(None, SH.result)
    )
    assert found == [
        ("urn:x-cell-registry:evidence:P%207%2Fa:cd73:1", "cd73-present"),
        ("urn:x-cell-registry:evidence:P%207%2Fa:cd73:1", "cd73-shown"),
        ("urn:x-cell-registry:evidence:P%207%2Fa:cd73:1", "cd73-shown-unit"),
    ]
