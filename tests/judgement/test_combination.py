"""From criteria to the lot: gating, reference and informative standing, either/or groups, rows in error."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import specifications
from registry.domain import CriterionOutcome, Evidence, GroupVerdict, Specification, Standing
from registry.judgement import combination
from tests.lots import LOT, TERMS, judged, panel, result

IDENTITY = specifications.load("msc-identity")
IMMUNO = specifications.load("isct-2006-immunophenotype")
OUTCOMES: tuple[CriterionOutcome, ...] = ("pass", "fail", "undetermined", "missing")


def combined(spec: Specification, outcomes: dict[str, str], **how: bool) -> tuple[str, tuple[str, ...]]:
    evidence = [Evidence(LOT, criterion.id, present=True) for criterion in spec.criteria]
    given_ones = {(LOT, c.id): [outcomes.get(c.id, "pass")] for c in spec.criteria}
    found = combination.combine(spec, LOT, evidence, given_ones, TERMS, **how)  # type: ignore[arg-type]
    return found.verdict, found.held


def standing(spec: Specification, **standings: Standing) -> Specification:
    changed = (replace(c, standing=standings.get(c.id, "gating")) for c in spec.criteria)
    return specifications.build(replace(spec, criteria=tuple(changed)))


@pytest.mark.parametrize(
    ("outcomes", "lot"),
    [
        ({}, "pass"),
        ({"cd73": "fail"}, "fail"),
        ({"cd73": "undetermined"}, "incomplete"),
        ({"cd73": "missing"}, "incomplete"),
        ({"cd73": "missing", "cd34": "fail"}, "fail"),
    ],
)
def test_a_lot_passes_only_when_every_gating_criterion_passes(outcomes: dict[str, str], lot: str) -> None:
    assert combined(IDENTITY, outcomes) == (lot, ())


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([c.id for c in IMMUNO.criteria]), st.sampled_from(OUTCOMES)), st.booleans())
def test_a_lot_never_passes_with_a_gating_criterion_not_shown(outcomes: dict[str, str], in_error: bool) -> None:
    lot, _ = combined(IMMUNO, outcomes, has_row_errors=in_error)
    alone = [c.id for c in IMMUNO.criteria if c.group is None]
    either = [("cd14", "cd11b"), ("cd79a", "cd19")]
    shown = all(outcomes.get(c, "pass") == "pass" for c in alone) and all(
        "pass" in {outcomes.get(m, "pass") for m in pair} and "fail" not in {outcomes.get(m, "pass") for m in pair}
        for pair in either
    )
    assert (lot == "pass") == (shown and not in_error)


@pytest.mark.parametrize("outcome", ["fail", "undetermined", "missing"])
def test_an_informative_criterion_changes_nothing(outcome: str) -> None:
    assert combined(standing(IDENTITY, **{"mhc-ii": "informative"}), {"mhc-ii": outcome}) == ("pass", ())


@pytest.mark.parametrize("outcome", ["fail", "undetermined", "missing"])
def test_a_reference_criterion_not_shown_is_held(outcome: str) -> None:
    assert combined(standing(IDENTITY, **{"mhc-ii": "reference"}), {"mhc-ii": outcome}) == ("pass", ("mhc-ii",))


@pytest.mark.parametrize(
    ("cd14", "cd11b", "group"),
    [
        ("pass", "missing", "pass"),
        ("missing", "pass", "pass"),
        ("pass", "undetermined", "pass"),
        ("pass", "fail", "fail"),
        ("missing", "fail", "fail"),
        ("missing", "missing", "missing"),
        ("missing", "undetermined", "undetermined"),
    ],
)
def test_either_or(cd14: CriterionOutcome, cd11b: CriterionOutcome, group: CriterionOutcome) -> None:
    """Any member failing fails the group, else any member passing passes it."""
    evidence = [Evidence(LOT, criterion.id, present=True) for criterion in IMMUNO.criteria]
    outcomes: dict[tuple[str, str], list[CriterionOutcome]] = {(LOT, c.id): ["pass"] for c in IMMUNO.criteria}
    outcomes |= {(LOT, "cd14"): [cd14], (LOT, "cd11b"): [cd11b]}
    found = combination.combine(IMMUNO, LOT, evidence, outcomes, TERMS)
    assert found.groups == (
        GroupVerdict("cd14-or-cd11b", ("cd14", "cd11b"), group),
        GroupVerdict("cd79a-or-cd19", ("cd79a", "cd19"), "pass"),
    )
    assert found.verdict == ("pass" if group == "pass" else "fail" if group == "fail" else "incomplete")


def test_an_either_or_does_not_pass_over_a_contradiction() -> None:
    """A second, unrelated CD14 must not turn a failing group into a passing one."""
    both = [*panel(CD11b="0.2", CD19="0.1"), result("CD14", "5", row=20)]
    assert judged(IMMUNO, both).groups[0].verdict == "fail"
    assert judged(IMMUNO, [*both, result("CD14", "0.1", row=21)]).groups[0].verdict == "undetermined"


def test_a_row_in_error_is_never_a_pass() -> None:
    assert combined(IDENTITY, {}, has_row_errors=True) == ("incomplete", ())
    assert combined(IDENTITY, {"cd34": "fail"}, has_row_errors=True) == ("fail", ())


def test_nothing_is_assumed_of_a_criterion_without_evidence_or_verdict() -> None:
    with pytest.raises(KeyError):
        combination.combine(IDENTITY, LOT, [], {(LOT, c.id): [] for c in IDENTITY.criteria}, TERMS)
    with pytest.raises(KeyError):
        combination.combine(IDENTITY, LOT, [Evidence(LOT, "cd73", present=True)], {}, TERMS)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ">= 95 %"),
        ({"operator": ">"}, "> 95 %"),
        ({"operator": "range", "high": Decimal("99.5")}, ">= 95 and <= 99.5 %"),
        ({"operator": "range", "high": Decimal(99), "low_open": True, "high_open": True}, "> 95 and < 99 %"),
        ({"low": Decimal("2E+6"), "unit": TERMS.unit("cells", TERMS.characteristic("viable cell number")).iri},
         ">= 2000000 cells"),
    ],
)  # fmt: skip
def test_a_limit_reads_as_laboratories_write_it(change: dict[str, object], expected: str) -> None:
    assert combination.expected_text(replace(IDENTITY.criteria[0], **change), TERMS) == expected  # type: ignore[arg-type]


def test_accepted_words_are_read_out() -> None:
    karyotype = specifications.load("hesc-msc-ovarian-illustrative", "1").criteria[-1]
    assert combination.expected_text(karyotype, TERMS) == "46,XX or 46,XY or normal karyotype"


def test_a_lot_as_data() -> None:
    """The shape of ``check --format json``; group, note, groups and held stand only where there are any."""
    spec = standing(IMMUNO, **{"mhc-ii": "reference"})
    found = combination.as_dict(judged(spec, panel(HLA_DR="15", CD14="0.2", CD105="not evaluable", CD19="<5")))
    criteria = found.pop("criteria")
    assert found == {
        "lot": "P-07",
        "verdict": "incomplete",
        "groups": [
            {"id": "cd14-or-cd11b", "members": ["cd14", "cd11b"], "verdict": "pass"},
            {"id": "cd79a-or-cd19", "members": ["cd79a", "cd19"], "verdict": "undetermined"},
        ],
        "held": ["mhc-ii"],
    }
    assert isinstance(criteria, list)
    assert [criteria[place] for place in (0, 2, 7)] == [
        {"id": "cd73", "characteristic": "CD73", "standing": "gating", "verdict": "pass", "expected": ">= 95 %",
         "observed": "98.5 %", "source": {"file": "panel.csv", "row": 2, "column": "value"}},
        {"id": "cd105", "characteristic": "CD105", "standing": "gating", "verdict": "undetermined",
         "expected": ">= 95 %", "observed": "not evaluable",
         "source": {"file": "panel.csv", "row": 4, "column": "value"},
         "note": "recorded as not evaluable: nothing is shown by it"},
        {"id": "cd11b", "characteristic": "CD11b", "standing": "gating", "verdict": "missing", "expected": "<= 2 %",
         "observed": None, "source": None, "group": "cd14-or-cd11b"},
    ]  # fmt: skip
