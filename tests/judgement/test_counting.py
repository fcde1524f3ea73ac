"""Of what a percentage is, and of how many: the same number shows a criterion, or nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from registry import specifications
from registry.domain import Result, Specification
from registry.identifiers import CPR
from registry.judgement import judge
from registry.judgement.evidence.counting import events
from registry.vocabulary.populations import named_by_markers, of_unit, population
from tests.lots import LOT, TERMS, cocktail, panel, result

IDENTITY = specifications.load("msc-identity")
LIVE, SINGLETS = f"{CPR}population-live-cells", f"{CPR}population-live-singlets"


def asking(**asked: object) -> Specification:
    """CD34 at most 2 %, asked for more beside it."""
    cd34 = next(one for one in IDENTITY.criteria if one.id == "cd34")
    return specifications.build(replace(IDENTITY, criteria=(replace(cd34, **asked),)))  # type: ignore[arg-type]


def of_cd34(spec: Specification, *results: Result) -> tuple[str, str]:
    """(verdict, note): SHACL and the comparison agree on it."""
    (verdict,) = judge.judge_lots(spec, {LOT: results}, TERMS, compare=True)
    return next((one.verdict, one.note) for one in verdict.criteria if one.id == "cd34")


def cd34(printed: str, unit: str = "%", **details: str) -> Result:
    return result("CD34", printed, unit=unit, details=tuple(details.items()))


# --- of what


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("", "pass"),
        ("cells", "pass"),
        ("parent", "pass"),
        ("live singlets", "pass"),
        ("Viable cells", "pass"),
        ("Singlets/Live", "pass"),
        ("live > singlets", "pass"),
        ("7-AAD-", "pass"),
        ("LIVE/DEAD-", "pass"),
        ("dead cells", "undetermined"),
        ("Singlets/Dead", "undetermined"),
        ("non-viable cells", "undetermined"),
        ("all events", "undetermined"),
        ("singlets", "undetermined"),
        ("all cells", "undetermined"),
        ("CD73+ cells", "undetermined"),
        ("CD45-/Live", "undetermined"),
        ("CD73+ live singlets", "undetermined"),
        ("Lymphocytes", "undetermined"),
        ("?", "undetermined"),
    ],
)
def test_a_percentage_shows_a_marker_only_of_the_lots_live_cells(told: str, verdict: str) -> None:
    """Where nobody says of what it is, and nobody asks, it is taken for that."""
    assert of_cd34(IDENTITY, cd34("0.4", parent_population=told))[0] == verdict


@pytest.mark.parametrize(("told", "verdict"), [("live singlets", "fail"), ("dead cells", "undetermined")])
def test_a_figure_of_other_cells_fails_nothing_either(told: str, verdict: str) -> None:
    assert of_cd34(IDENTITY, cd34("40", parent_population=told))[0] == verdict


@pytest.mark.parametrize(
    ("unit", "verdict"),
    [
        ("% of live cells", "pass"),
        ("% of the live singlets", "pass"),
        ("percent of viable cells", "pass"),
        ("% of parent", "pass"),
        ("% of dead cells", "undetermined"),
        ("% of CD73+ cells", "undetermined"),
        ("% of all events", "undetermined"),
    ],
)
def test_a_unit_and_the_column_say_the_same_thing(unit: str, verdict: str) -> None:
    assert of_cd34(IDENTITY, cd34("0.4", unit))[0] == verdict


def test_a_unit_and_a_column_that_differ_decide_nothing() -> None:
    verdict, note = of_cd34(IDENTITY, cd34("0.4", "% of dead cells", parent_population="live singlets"))
    assert verdict == "undetermined"
    assert note == "two populations are named that it is a percentage of: live singlets and dead cells"
    assert of_cd34(IDENTITY, cd34("0.4", "% of live cells", parent_population="Viable cells"))[0] == "pass"


def test_the_reason_names_the_population() -> None:
    note = of_cd34(IDENTITY, cd34("0.4", parent_population="CD73+ cells"))[1]
    assert note == "a percentage of CD73+ cells: it says nothing of the lot's live cells"


def test_a_cocktail_of_other_cells_bounds_no_member() -> None:
    spec = specifications.load("isct-2006-immunophenotype")
    figure = replace(cocktail("CD34|CD45|HLA-DR", "0.9"), details=(("parent_population", "dead cells"),))
    assert of_cd34(spec, figure)[0] == "undetermined"
    assert of_cd34(spec, replace(figure, details=(("parent_population", "live"),)))[0] == "pass"


@pytest.mark.parametrize(
    ("asked", "told", "verdict"),
    [
        (LIVE, "", "undetermined"),
        (LIVE, "cells", "undetermined"),
        (LIVE, "live cells", "pass"),
        (LIVE, "live singlets", "pass"),
        (LIVE, "singlets", "undetermined"),
        (SINGLETS, "live cells", "undetermined"),
        (SINGLETS, "Live/Singlets", "pass"),
        (f"{CPR}population-all-events", "all events", "pass"),
        (f"{CPR}population-all-events", "live cells", "undetermined"),
    ],
)
def test_a_specification_can_ask_for_a_population(asked: str, told: str, verdict: str) -> None:
    """Then it has to be told; live singlets are live cells, and live cells need not be single."""
    assert of_cd34(asking(population=asked), cd34("0.4", parent_population=told))[0] == verdict


def test_a_figure_that_misses_the_limit_fails_though_nobody_says_of_what_it_is() -> None:
    assert of_cd34(asking(population=LIVE), cd34("40"))[0] == "fail"


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ("", "pass"),
        ("all cells", "pass"),
        ("singlets", "pass"),
        ("live cells", "undetermined"),
        ("CD73+", "undetermined"),
    ],
)
def test_viability_is_a_percentage_of_all_cells(told: str, verdict: str) -> None:
    """Of the living all are alive."""
    spec = specifications.load("hesc-msc-ovarian-illustrative", "1")
    alive = result("viability", "98", details=(("parent_population", told),))
    (judged,) = judge.judge_lots(spec, {LOT: [alive]}, TERMS, compare=True)
    assert next(one.verdict for one in judged.criteria if one.id == "viability") == verdict


@pytest.mark.parametrize("printed", ["CD73+ cells", "CD45-", "CD45−/CD34−", "Lin neg", "CD34dim"])
def test_markers_name_a_population(printed: str) -> None:
    assert named_by_markers(printed)
    assert population(printed) is None


@pytest.mark.parametrize("printed", ["live singlets", "non-viable cells", "tube 3"])
def test_other_names_are_no_markers(printed: str) -> None:
    assert not named_by_markers(printed)


def test_a_unit_says_of_what_only_when_it_says_more_than_percent() -> None:
    units = ("%", "% of parent", "% of cells", "% positive", "% of live cells", "EU/mL", "% von lebende Zellen")
    assert [of_unit(unit) for unit in units] == ["", "", "", "", "live cells", "", "lebende Zellen"]


# --- of how many

CONFIDENT = {"high": Decimal("0.1"), "operator": "<", "confidence": Decimal("0.95")}


@pytest.mark.parametrize(
    ("printed", "counted", "verdict"),
    [
        ("0", "200", "undetermined"),
        ("0", "2994", "undetermined"),
        ("0", "2995", "pass"),
        ("0", "50000", "pass"),
        ("0.02", "50000", "pass"),
        ("0.06", "50000", "pass"),
        ("0.08", "50000", "undetermined"),
        ("0.09", "50000", "undetermined"),
        ("0.1", "50000", "fail"),
        ("0.2", "200", "fail"),
        ("<0.05", "50000", "pass"),
        ("<0.05", "5000", "undetermined"),
        ("0", "", "undetermined"),
        ("0", "many", "undetermined"),
        ("0", "0", "undetermined"),
        ("0", "50,000", "undetermined"),
        ("0", "50.000", "undetermined"),
        ("0", "50 000", "pass"),
        ("0", "50 00", "undetermined"),
        ("0", "5E4", "pass"),
        (">0.05", "50000", "undetermined"),
    ],
)
def test_counted_events_bound_a_percentage(printed: str, counted: str, verdict: str) -> None:
    """One-sided, on the side of the limit: what misses the limit as measured still fails."""
    assert of_cd34(asking(**CONFIDENT), cd34(printed, events=counted))[0] == verdict


def test_the_reason_says_what_the_events_show() -> None:
    note = of_cd34(asking(**CONFIDENT), cd34("0", events="200"))[1]
    assert note == "0 % of 200 events with 95 % confidence is at most 1.486704 %"
    untold = of_cd34(asking(**CONFIDENT), cd34("0"))[1]
    assert untold == "the number of events that it is a percentage of is asked for, and not told"


def test_positives_are_rounded_against_the_lot() -> None:
    """0.0001 % of 50 000 events is no whole event, and counts as one: 1 of 50 000 shows less than 0.0095 %."""
    spec = asking(operator="<=", high=Decimal("0.0094"), confidence=Decimal("0.95"))
    assert of_cd34(spec, cd34("0", events="50000"))[0] == "pass"
    assert of_cd34(spec, cd34("0.0001", events="50000"))[0] == "undetermined"


@pytest.mark.parametrize(("counted", "verdict"), [("400", "undetermined"), ("10000", "pass")])
def test_a_lower_limit_is_shown_by_the_lower_bound(counted: str, verdict: str) -> None:
    cd73 = replace(next(one for one in IDENTITY.criteria if one.id == "cd73"), id="cd34", confidence=Decimal("0.95"))
    spec = specifications.build(replace(IDENTITY, criteria=(cd73,)))
    assert of_cd34(spec, result("CD73", "96.5", details=(("events", counted),)))[0] == verdict
    assert of_cd34(spec, result("CD73", "94.9", details=(("events", counted),)))[0] == "fail"


def test_both_limits_of_a_range_are_shown_with_confidence() -> None:
    spec = asking(operator="range", low=Decimal(1), high=Decimal(3), confidence=Decimal("0.95"))
    assert of_cd34(spec, cd34("2", events="10000"))[0] == "pass"
    assert of_cd34(spec, cd34("1.1", events="10000"))[0] == "undetermined"
    assert of_cd34(spec, cd34("2.9", events="10000"))[0] == "undetermined"


@pytest.mark.parametrize(("counted", "verdict"), [("9999", "undetermined"), ("10000", "pass"), ("", "undetermined")])
def test_a_criterion_can_ask_for_a_least_number_of_events(counted: str, verdict: str) -> None:
    assert of_cd34(asking(least_events=10000), cd34("0.4", events=counted))[0] == verdict


def test_a_cocktail_counts_no_member() -> None:
    figure = replace(cocktail("CD34|CD45|HLA-DR", "0"), details=(("events", "50000"),))
    assert of_cd34(asking(**CONFIDENT), figure)[0] == "undetermined"


def test_an_instruments_events_are_those_of_the_parent() -> None:
    """Its ``events`` are the positive ones, and the percentage is of the parent's."""
    assert events(cd34("0.4", events="40", parent_events="10000")) == 10000
    assert of_cd34(asking(least_events=10000), cd34("0.4", events="40", parent_events="10000"))[0] == "pass"


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"confidence": Decimal("1")}, "the confidence is 1; expected a number from 0.5 to 0.999999, such as 0.95"),
        (
            {"confidence": Decimal("0.4999")},
            "the confidence is 0.4999; expected a number from 0.5 to 0.999999, such as 0.95",
        ),
        ({"least_events": 0}, "the least number of events is 0; expected 1 or more"),
        ({"population": "live cells"}, "the population is 'live cells'; expected an absolute IRI"),
        ({"unit": f"{CPR}cells", "least_events": 5}, "it asks for events, and its limit is not in percent"),
    ],
)
def test_what_cannot_be_asked_is_a_problem(asked: dict[str, object], problem: str) -> None:
    cd34 = next(one for one in IDENTITY.criteria if one.id == "cd34")
    changed = replace(cd34, **asked)  # type: ignore[arg-type]
    assert specifications.problems(replace(IDENTITY, criteria=(changed,))) == (f"cd34: {problem}",)


def test_what_is_asked_for_is_said() -> None:
    asked = asking(population=SINGLETS, least_events=10000, confidence=Decimal("0.95"))
    (verdict,) = judge.judge_lots(asked, {LOT: panel()}, TERMS)
    expected = "<= 2 % of live singlets, of at least 10000 events, with 95 % confidence"
    assert [one.expected for one in verdict.criteria] == [expected]
