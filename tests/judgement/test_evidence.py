"""What bears on a criterion: stages, cocktails, conflicts, replicates, retests, states and units."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry import specifications
from registry.domain import Criterion, Evidence, Interval, Source, Specification
from tests.lots import LOT, TERMS, cocktail, derive, judged, panel, result, stated, verdicts

IDENTITY = specifications.load("msc-identity")
IMMUNO = specifications.load("isct-2006-immunophenotype")
PERCENT = "http://purl.obolibrary.org/obo/UO_0000187"
FREEZING, THAW = TERMS.stage("at freezing"), TERMS.stage("after thaw")
RETEST = {"relation": "retest", "supersedes": "2", "reason": "lysis was incomplete", "iri": "urn:retest"}


def point(value: str) -> Interval:
    return Interval(Decimal(value), Decimal(value))


def test_a_result_is_one_evidence_in_the_criterions_unit() -> None:
    assert derive(IDENTITY, [result("CD73", "98.5")], "cd73") == [
        Evidence(LOT, "cd73", True, point("98.5"), None, PERCENT, "98.5 %", "", (Source("panel.csv", 2, "value"),))
    ]


def test_without_a_result_the_criterion_is_missing() -> None:
    assert derive(IDENTITY, [], "cd73") == [Evidence(LOT, "cd73", present=False)]


def test_a_result_of_another_lot_bears_on_nothing() -> None:
    assert derive(IDENTITY, [result("CD73", "98.5", lot="P-08")], "cd73") == [Evidence(LOT, "cd73", present=False)]


@pytest.mark.parametrize(
    ("printed", "observed", "verdict"),
    [
        (">95", ">95 %", "pass"),
        (">90", ">90 %", "undetermined"),
        ("<95", "<95 %", "fail"),
        ("95", "95 %", "pass"),
        ("94.99", "94.99 %", "fail"),
        ("98,5", "98,5 %", "pass"),
        ("96.5%", "96.5 %", "pass"),
    ],
)
def test_a_limit_printed_as_a_result_is_every_value_it_could_be(printed: str, observed: str, verdict: str) -> None:
    found = judged(IDENTITY, [result("CD73", printed)]).criteria[0]
    assert (found.observed, found.verdict) == (observed, verdict)


@pytest.mark.parametrize(
    ("printed", "verdict"), [("<2", "pass"), ("<5", "undetermined"), (">2", "fail"), ("2", "pass")]
)
def test_the_same_for_a_negative_marker(printed: str, verdict: str) -> None:
    assert verdicts(IDENTITY, [result("CD34", printed)])["cd34"] == verdict


# --- states, words, units


def test_not_evaluable_is_not_a_pass_and_not_missing() -> None:
    found = judged(IDENTITY, [stated("CD73", "not evaluable")]).criteria[0]
    assert (found.verdict, found.observed, found.note) == (
        "undetermined", "not evaluable", "recorded as not evaluable: nothing is shown by it",
    )  # fmt: skip


def test_not_tested_is_missing_and_says_so() -> None:
    found = judged(IDENTITY, [stated("CD73", "not tested")]).criteria[0]
    assert (found.verdict, found.observed, found.note) == ("missing", "not tested", "recorded as not tested")


def test_not_tested_yields_to_a_result() -> None:
    assert verdicts(IDENTITY, [stated("CD73", "not tested"), result("CD73", "98", row=3)])["cd73"] == "pass"


def test_a_word_neither_shows_nor_refutes_a_number() -> None:
    found = judged(IDENTITY, [result("CD34", "negative", unit="")]).criteria[4]
    assert (found.verdict, found.observed, found.note) == (
        "undetermined", "negative", "a word neither shows nor refutes a numeric limit",
    )  # fmt: skip


def numeric(characteristic: str, limit: str, unit: str) -> Specification:
    base = IDENTITY.criteria[3]
    known = TERMS.characteristic(characteristic)
    criterion = replace(base, id="one", label=characteristic, characteristic=known.iri,
                        high=Decimal(limit), unit=TERMS.unit(unit, known).iri)  # fmt: skip
    return specifications.build(replace(IDENTITY, criteria=(criterion,)))


def test_an_admitted_unit_is_converted_exactly() -> None:
    spec = numeric("viable cell number", "2000000", "cells")
    (found,) = derive(spec, [result("viable cell number", "1.07", unit="10^6 cells")], "one")
    assert (found.interval, found.observed) == (point("1070000"), "1.07 10^6 cells")


def test_a_unit_that_does_not_convert_decides_nothing() -> None:
    spec = numeric("endotoxin", "0.5", "EU/mL")
    found = judged(spec, [result("endotoxin", "0.1", unit="EU/kg")]).criteria[0]
    assert (found.verdict, found.observed, found.note) == (
        "undetermined",
        "0.1 EU/kg",
        "EU/kg cannot be converted to the unit of the limit; "
        "not converted: no volume at this stage and no recipient weight at this stage",
    )  # fmt: skip


def test_a_finding_in_words_shows_nothing() -> None:
    spec = specifications.load("hesc-msc-ovarian-illustrative", "1")
    found = judged(spec, [result("karyotype", "46, XY, 16qh+", unit="")]).criteria[-1]
    assert (found.verdict, found.observed) == ("undetermined", "46, XY, 16qh+")


# --- stages


def test_the_only_stage_present_is_judged() -> None:
    assert verdicts(IDENTITY, [result("CD73", "98", stage=FREEZING)])["cd73"] == "pass"


def test_with_several_stages_nothing_is_shown_until_one_is_named() -> None:
    both = [result("CD73", "98", stage=FREEZING), result("CD73", "94", row=3, stage=THAW)]
    found = judged(IDENTITY, both).criteria[0]
    assert (found.verdict, found.note) == (
        "undetermined", "results at several stages (after thaw, at freezing), and the specification names none",
    )  # fmt: skip
    assert [verdicts(IDENTITY, both, stage=s)["cd73"] for s in (FREEZING, THAW)] == ["pass", "fail"]


def test_results_without_a_stage_are_a_stage_of_their_own() -> None:
    both = [result("CD73", "98"), result("CD73", "98", row=3, stage=THAW)]
    assert verdicts(IDENTITY, both)["cd73"] == "undetermined"
    assert verdicts(IDENTITY, both, stage=THAW)["cd73"] == "pass"


def test_a_result_at_another_stage_than_the_named_one_is_missing_with_a_note() -> None:
    found = judged(IDENTITY, [result("CD73", "98", stage=FREEZING)], stage=THAW).criteria[0]
    assert (found.verdict, found.note) == (
        "missing", "no result at the stage after thaw; there is one at freezing",
    )  # fmt: skip


def test_a_criterion_that_names_its_stage_is_not_moved() -> None:
    criterion = replace(IDENTITY.criteria[0], stage=FREEZING)
    spec = specifications.build(replace(IDENTITY, criteria=(criterion,)))
    both = [result("CD73", "98", stage=FREEZING), result("CD73", "90", row=3, stage=THAW)]
    assert verdicts(spec, both, stage=THAW) == {"cd73": "pass"}


# --- several results


def test_unrelated_results_are_a_conflict() -> None:
    found = judged(IDENTITY, [result("CD73", "98"), result("CD73", "90", file="b.csv")]).criteria[0]
    assert (found.verdict, found.observed, found.evidence[0].conflict) == ("undetermined", "98 %, 90 %", True)


def test_of_replicates_the_worst_counts() -> None:
    rows = [result("CD73", "98"), result("CD73", "94.9", row=3, relation="replicate")]
    found = judged(IDENTITY, rows).criteria[0]
    assert (found.verdict, found.observed, found.source) == ("fail", "94.9 %", Source("panel.csv", 3, "value"))


def test_a_retest_of_a_failed_result_counts_only_once_accepted() -> None:
    rows = [result("CD73", "90", iri="urn:first"), result("CD73", "98", row=3, **RETEST)]
    before = judged(IDENTITY, rows).criteria[0]
    assert (before.verdict, before.observed, before.note) == (
        "fail", "90 %", "a retest or correction of it counts only once the quality unit has accepted it",
    )  # fmt: skip
    after = judged(IDENTITY, rows, accepted=frozenset({"urn:retest"})).criteria[0]
    assert (after.verdict, after.observed) == ("pass", "98 %")


def test_a_retest_may_make_a_passed_result_worse_at_once() -> None:
    assert verdicts(IDENTITY, [result("CD73", "98"), result("CD73", "90", row=3, **RETEST)])["cd73"] == "fail"


def test_a_retest_without_a_reason_or_of_nothing_is_an_unrelated_result() -> None:
    for wrong in ({"reason": None}, {"supersedes": "9"}):
        rows = [result("CD73", "90"), result("CD73", "98", row=3, **(RETEST | wrong))]
        assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:retest"}))["cd73"] == "undetermined"


def test_results_that_supersede_each_other_in_a_ring_all_stand() -> None:
    rows = [
        result("CD73", "90", relation="retest", supersedes="3", reason="x", iri="urn:a"),
        result("CD73", "98", row=3, relation="retest", supersedes="2", reason="x", iri="urn:b"),
    ]
    assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:a", "urn:b"}))["cd73"] == "undetermined"


def test_accepting_a_later_retest_does_not_accept_an_earlier_one() -> None:
    rows = [
        result("CD73", "90", iri="urn:a"),
        result("CD73", "91", row=3, **(RETEST | {"iri": "urn:b"})),
        result("CD73", "98", row=4, **(RETEST | {"iri": "urn:c", "supersedes": "3"})),
    ]
    assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:c"}))["cd73"] == "fail"
    assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:b", "urn:c"}))["cd73"] == "pass"


def test_a_correction_to_not_tested_does_not_leave_the_old_pass_standing() -> None:
    wrong = stated("CD73", "not tested", row=3, relation="correction", supersedes="2", reason="other tube", iri="urn:c")
    rows = [result("CD73", "98"), wrong]
    assert verdicts(IDENTITY, rows)["cd73"] == "undetermined"
    assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:c"}))["cd73"] == "missing"


def test_a_correction_of_the_characteristic_leaves_the_first_one_undecided() -> None:
    moved = result("CD34", "0.3", row=3, relation="correction", supersedes="2", reason="wrong tube", iri="urn:c")
    rows = [result("CD45", "0.3"), moved]
    found = verdicts(IDENTITY, rows)
    assert (found["cd45"], found["cd34"]) == ("undetermined", "pass")
    found = verdicts(IDENTITY, rows, accepted=frozenset({"urn:c"}))
    assert (found["cd45"], found["cd34"]) == ("missing", "pass")


# --- MHC II and HLA-DR


def test_hla_dr_is_evidence_for_mhc_ii_and_of_both_every_one_must_satisfy_it() -> None:
    assert verdicts(IDENTITY, [result("HLA-DR", "0.5")])["mhc-ii"] == "pass"
    assert verdicts(IDENTITY, [result("MHC II", "0.5"), result("HLA-DR", "15", row=3)])["mhc-ii"] == "fail"
    assert verdicts(IDENTITY, [result("MHC II", "0.5"), result("HLA-DR", "1.5", row=3)])["mhc-ii"] == "pass"


# --- cocktails and gates

KIT = "CD34|CD11b|CD19|CD45|HLA-DR"


def test_a_cocktail_within_the_limit_shows_every_member() -> None:
    found = judged(IMMUNO, [*panel(CD45=None, CD34=None, HLA_DR=None), cocktail(KIT, "0.9", row=9)])
    shown = {v.id: (v.verdict, v.observed) for v in found.criteria if v.id not in {"cd73", "cd90", "cd105"}}
    assert found.verdict == "pass"
    assert shown == {
        **dict.fromkeys(["cd45", "cd34", "mhc-ii", "cd11b", "cd19"], ("pass", "cocktail 0.9 %")),
        **dict.fromkeys(["cd14", "cd79a"], ("missing", None)),
    }


def test_a_cocktail_over_the_limit_neither_shows_nor_refutes() -> None:
    assert verdicts(IDENTITY, [cocktail(KIT, "2.5")]) == {
        "cd73": "missing", "cd90": "missing", "cd105": "missing",
        "cd45": "undetermined", "cd34": "undetermined", "mhc-ii": "undetermined",
    }  # fmt: skip


def test_a_cocktail_is_intersected_with_the_members_own_result() -> None:
    (found,) = derive(IDENTITY, [result("CD34", "<5"), cocktail(KIT, "0.9", row=3)], "cd34")
    assert (found.interval, found.observed) == (Interval(Decimal(0), Decimal("0.9")), "<5 % (cocktail 0.9 %)")
    assert verdicts(IDENTITY, [result("CD34", "0.4"), cocktail(KIT, "2.5", row=3)])["cd34"] == "pass"


def test_a_cocktail_that_contradicts_its_member_decides_nothing() -> None:
    found = judged(IDENTITY, [result("CD34", "3.1"), cocktail(KIT, "0.9", row=3)]).criteria[4]
    assert (found.verdict, found.note) == ("undetermined", "the cocktail contradicts the marker's own result")


def test_of_an_open_retest_of_a_cocktail_the_wider_one_counts() -> None:
    rows = [cocktail(KIT, "2.5"), cocktail(KIT, "0.9", row=3, **RETEST)]
    assert verdicts(IDENTITY, rows)["cd34"] == "undetermined"
    assert verdicts(IDENTITY, rows, accepted=frozenset({"urn:retest"}))["cd34"] == "pass"


def test_a_cocktail_does_not_mend_a_member_that_was_not_evaluable() -> None:
    rows = [stated("CD34", "not evaluable"), cocktail(KIT, "0.9", row=3)]
    assert verdicts(IDENTITY, rows)["cd34"] == "undetermined"


def test_two_unrelated_cocktails_are_a_conflict() -> None:
    assert verdicts(IDENTITY, [cocktail(KIT, "0.9"), cocktail(KIT, "0.7", row=3)])["cd34"] == "undetermined"


def test_a_co_expression_gate_bears_on_no_single_marker() -> None:
    gate = replace(result("CD105", "96"), gate="CD45-/CD105+")
    assert verdicts(IDENTITY, [gate])["cd105"] == "missing"


def test_evidence_names_what_it_is_derived_from() -> None:
    (found,) = derive(IDENTITY, [result("CD34", "<5", iri="urn:a"), cocktail(KIT, "0.9", row=3, iri="urn:b")], "cd34")
    assert found.derived_from == ("urn:a", "urn:b")
    assert found.sources == (Source("panel.csv", 2, "value"), Source("panel.csv", 3, "value"))


def test_a_criterion_of_words_is_shown_by_its_outcomes_alone() -> None:
    criterion: Criterion = specifications.load("hesc-msc-ovarian-illustrative", "1").criteria[-4]
    spec = specifications.build(replace(IDENTITY, criteria=(criterion,)))
    assert criterion.id == "sterility"
    assert [verdicts(spec, [result("sterility", word, unit="")]) for word in ("no growth", "positive")] == [
        {"sterility": "pass"}, {"sterility": "fail"},
    ]  # fmt: skip
