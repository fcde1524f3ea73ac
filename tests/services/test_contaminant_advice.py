"""What a lot's markers point to: a limit of a lot is not what a cell lacks, and the stricter limit holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from registry import specifications
from registry.domain import Result, Specification
from registry.ontology_releases.slices import slices
from registry.services.answers import ContaminantAdvice
from registry.services.lots import contaminant_advice
from tests.lots import TERMS, result

CELLS = slices.packaged("cl")
IDENTITY = specifications.load("msc-identity")
OCT4 = TERMS.characteristic("OCT4")


def advice(results: Sequence[Result], against: Specification | None = None) -> list[ContaminantAdvice]:
    """The advice on the results of one stage."""
    measured = contaminant_advice._measured(TERMS, results, against)
    return contaminant_advice._advice(TERMS, CELLS, measured, None)


def stricter(operator: str, limit: str) -> Specification:
    """A specification that asks for less OCT4 than 2 %."""
    asked = replace(
        IDENTITY.criteria[3], id="oct4", label="OCT4", characteristic=OCT4.iri, high=Decimal(limit), operator=operator,
    )  # fmt: skip
    return specifications.build(replace(IDENTITY, criteria=(*IDENTITY.criteria, asked)))


@pytest.mark.parametrize(
    ("operator", "limit", "printed", "kinds"),
    [
        ("<", "0.1", "0.1", ["suspected"]),
        ("<=", "0.1", "0.1", []),
        ("<", "0.1", "0.09", []),
        ("<=", "0.1", "0.11", ["suspected"]),
        ("<", "0.1", "<0.1", []),
        ("<=", "5", "2.1", ["suspected"]),
        ("<=", "5", "2", []),
    ],
)
def test_the_stricter_limit_says_when_a_marker_is_there(
    operator: str, limit: str, printed: str, kinds: list[str]
) -> None:
    """OCT4 of exactly 0.1 % is not below 0.1 %; a laxer limit than 2 % changes nothing."""
    told = advice([result("OCT4", printed)], stricter(operator, limit))
    assert [each.kind for each in told] == kinds


def test_more_cells_with_one_marker_than_with_another_make_a_cell_suspected() -> None:
    """CD31 and CD34 on 5 % with CD45 on 2 % at most: some carry them without CD45, and the sentence says no more."""
    (told,) = advice([result("CD31", "5"), result("CD34", "6", row=3), result("CD45", "2", row=4)])
    assert (told.kind, [cell.label for cell in told.points_to]) == ("suspected", ["endothelial cell"])
    assert told.sentence == (
        "endothelial cell suspected: more cells of the panel carry CD34 6 %, CD31 5 % than CD45 2 %, so that some "
        "carry it without."
    )


@pytest.mark.parametrize(("cd31", "kind"), [("0.5", "undecided"), ("1", "undecided"), ("1.1", "suspected")])
def test_two_percent_of_a_lot_is_not_what_a_cell_lacks(cd31: str, kind: str) -> None:
    """Where no more cells carry CD31 than may carry CD45, the same cells may carry both."""
    asked = [
        replace(IDENTITY.criteria[3], id=name.lower(), label=name, characteristic=TERMS.characteristic(name).iri,
                high=Decimal("0.1"))
        for name in ("CD31", "CD34")
    ]  # fmt: skip
    spec = specifications.build(replace(IDENTITY, criteria=(*IDENTITY.criteria[:3], IDENTITY.criteria[3], *asked)))
    told = advice([result("CD31", cd31), result("CD34", "1.5", row=3), result("CD45", "1", row=4)], spec)
    endothelial = [each for each in told if "endothelial cell" in {cell.label for cell in each.points_to}]
    assert endothelial[0].kind == kind
    assert kind == "suspected" or "suspected" not in {each.kind for each in told}
    if kind == "undecided":
        assert endothelial[0].would_decide == ("CD45",)
        assert "may carry what such a cell lacks (CD45 1 %)" in endothelial[0].sentence


def test_a_panel_within_its_limits_points_to_nothing() -> None:
    """Nothing is there, so that nothing lacks anything either."""
    within = [result(name, "1", row=row) for row, name in enumerate(("CD31", "CD34", "CD45", "CD14"), 2)]
    assert advice(within) == []
