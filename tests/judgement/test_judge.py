"""Many lots at once: in order, in batches, with rows in error, and never on a run that judged nothing."""

from __future__ import annotations

import pyshacl
import pytest
from rdflib import Graph
from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Literal

from registry import specifications
from registry.domain import Evidence
from registry.errors import Corrupt
from registry.judgement import independent, judge, shacl
from tests.lots import LOT, TERMS, panel, result

IDENTITY = specifications.load("msc-identity")


def test_lots_come_back_in_order_whatever_the_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    panels = {f"P-{n:02}": panel(CD34="2.1") if n % 3 == 0 else panel() for n in range(20)}
    lots = {lot: [result(r.label.rpartition(" ")[2], r.printed, row=r.source.row or 0, lot=lot) for r in rows]
            for lot, rows in panels.items()}  # fmt: skip
    expected = [(f"P-{n:02}", "fail" if n % 3 == 0 else "pass") for n in range(20)]
    for batch in (300, 7):
        monkeypatch.setattr(shacl, "BATCH", batch)
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
    assert refusal.value.details[0] == "lot P-07, cd73: SHACL ['missing'], comparison ['pass']"


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
        shacl.judge(IDENTITY, [Evidence(LOT, "cd73", present=True)])
    assert refusal.value.message == message


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
