"""HLA-DR, HLA-DP and HLA-DQ are one complex: each that is given must be absent, and HLA-DR has to be given."""

from __future__ import annotations

import pytest

from registry import specifications
from registry.domain import Result
from registry.judgement import judge
from tests.lots import LOT, TERMS, cocktail, panel, result, stated

IDENTITY = specifications.load("msc-identity")


def of_mhc(*results: Result) -> tuple[str, str]:
    """(verdict, note), SHACL and the comparison agreeing."""
    (lot,) = judge.judge_lots(IDENTITY, {LOT: results}, TERMS, compare=True)
    return next((one.verdict, one.note) for one in lot.criteria if one.id == "mhc-ii")


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"HLA-DR": "1"}, "pass"),
        ({"MHC II": "1"}, "pass"),
        ({"HLA-DR": "1", "HLA-DP": "1", "HLA-DQ": "2"}, "pass"),
        ({"HLA-DR": "1", "HLA-DP": "2.1"}, "fail"),
        ({"HLA-DR": "1", "HLA-DQ": "<5"}, "undetermined"),
        ({"HLA-DR": "3", "HLA-DP": "1"}, "fail"),
        ({"HLA-DP": "1"}, "undetermined"),
        ({"HLA-DP": "0", "HLA-DQ": "0"}, "undetermined"),
        ({"HLA-DQ": "2.1"}, "fail"),
        ({"HLA-DR,DP,DQ": "1"}, "pass"),
        ({}, "missing"),
    ],
)
def test_each_given_must_satisfy_the_limit_and_hla_dr_shows_it(given: dict[str, str], verdict: str) -> None:
    results = [result(name, value, row=row) for row, (name, value) in enumerate(given.items(), start=2)]
    assert of_mhc(*results)[0] == verdict


def test_the_reason_names_what_alone_shows_nothing() -> None:
    assert of_mhc(result("HLA-DP", "1"))[1] == "HLA-DP alone does not show MHC II / HLA-DR"


@pytest.mark.parametrize(
    ("names", "figure", "verdict"),
    [
        ("HLA-DP|HLA-DQ|HLA-DR", "1", "pass"),
        ("HLA-DP|HLA-DQ|HLA-DR", "3", "undetermined"),
        ("HLA-DP|HLA-DQ", "1", "undetermined"),
    ],
)
def test_one_figure_for_all_of_them(names: str, figure: str, verdict: str) -> None:
    assert of_mhc(cocktail(names, figure))[0] == verdict


def test_one_figure_without_hla_dr_bounds_hla_dr_nowhere() -> None:
    """DR 1.5 beside DP|DQ 0.5 is no contradiction."""
    assert of_mhc(result("HLA-DR", "1.5"), cocktail("HLA-DP|HLA-DQ", "0.5", row=3))[0] == "pass"


def test_what_was_not_tested_costs_nothing_and_what_could_not_be_read_does() -> None:
    assert of_mhc(result("HLA-DR", "1"), stated("HLA-DP", "not tested", row=3))[0] == "pass"
    assert of_mhc(result("HLA-DR", "1"), stated("HLA-DP", "not evaluable", row=3))[0] == "undetermined"


def test_a_panel_of_the_six_passes_as_it_did() -> None:
    (lot,) = judge.judge_lots(IDENTITY, {LOT: panel()}, TERMS, compare=True)
    assert lot.verdict == "pass"
