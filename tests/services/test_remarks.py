"""What is said beside a verdict, and changes none: out of trend by the rules that a product chose, at a limit."""

from __future__ import annotations

import pytest

from registry.errors import Conflict, NotSignedIn, WrongUsage
from registry.judgement.trend_rules import USUAL
from tests.services.conftest import SECRET, House

WHY = {"reason": "Our process is young.", "name": "q.one", "password": SECRET}
CD73 = ("98.1", "98.3", "98.2", "98.4", "98.2", "98.3", "98.1", "98.2", "98.3", "98.2", "98.1", "98.3", "95")
"""Twelve lots in a narrow band, and one that is exactly at its limit."""


@pytest.fixture
def series(house: House) -> House:
    """Thirteen lots of one product."""
    for number, value in enumerate(CD73, 1):
        house.lot(f"L-{number:02}")
        house.submit(f"L-{number:02}", name=f"{number}.csv", CD73=value)
    return house


def remarks(house: House, lot: str) -> tuple[list[tuple[str, tuple[str, ...]]], tuple[str, ...]]:
    """(criterion, the rules that it breaks), and the criteria at their limit."""
    known = house.registry.lot_index.remarks([(lot, "POI-M")])[lot]
    return [(each.criterion, each.rules) for each in known.out_of_trend], known.at_limit


def test_a_lot_that_passes_is_called_out_of_trend_and_at_its_limit(series: House) -> None:
    """And the lot passes all the same; its neighbours are in trend."""
    series.registry.lot_index.rules.choose("POI-M", ("1-3s",), **WHY)
    assert remarks(series, "L-13") == ([("cd73", ("1-3s",))], ("cd73",))
    assert remarks(series, "L-12") == ([], ())
    assert series.registry.lots.get("L-13").verdict == "pass"
    before = series.registry.lot_index.remarks([("L-13", "POI-M")])["L-13"].before["cd73"]
    assert before == tuple(reversed(CD73[:-1]))


def test_the_chart_says_of_each_lot_what_the_queue_says(series: House) -> None:
    """The same rules over the same lots, and the limits that each was judged by."""
    series.registry.lot_index.rules.choose("POI-M", ("1-3s",), **WHY)
    trend = series.registry.lot_index.trend("POI-M", "cd73")
    assert trend is not None
    assert [(point.lot, point.rules, point.at_limit) for point in trend.points if point.rules or point.at_limit] == [
        ("L-13", ("1-3s",), True)
    ]
    assert {(str(point.limit_low), point.limit_high) for point in trend.points} == {("95", None)}
    assert (str(trend.range_low), str(trend.range_high), trend.rules) == ("0", "100", ("1-3s",))


def test_a_product_chooses_its_rules_with_a_signature_and_a_reason(series: House) -> None:
    """From then on; none is a choice too; what is so already, unknown or without a reason is refused."""
    rules = series.registry.lot_index.rules
    assert rules.of("POI-M") == USUAL
    receipt = rules.choose("POI-M", ("nelson-3", "1-2s"), **WHY)
    assert rules.of("poi-m") == ("1-2s", "nelson-3")
    entry = series.registry.ledger.entry(receipt.position)
    assert (entry.kind, entry.actor, entry.details["reason"]) == ("setting", "q.one", "Our process is young.")
    assert remarks(series, "L-13")[0] == [("cd73", ("1-2s",))]
    rules.choose("POI-M", (), **WHY)
    assert (rules.of("POI-M"), remarks(series, "L-13")) == ((), ([], ("cd73",)))
    size = series.registry.size()
    for wrong, chosen, more in (
        (Conflict, (), {}),
        (WrongUsage, ("1-9s",), {}),
        (WrongUsage, ("1-3s",), {"reason": " "}),
        (NotSignedIn, ("1-3s",), {"password": "wrong words these"}),
    ):
        with pytest.raises(wrong):
            rules.choose("POI-M", chosen, **{**WHY, **more})
    assert series.registry.size() == size
