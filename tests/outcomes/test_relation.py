"""One characteristic against one outcome: who is shown which groups, and what a model is not asked for."""

from __future__ import annotations

import random
import sys
from decimal import Decimal

import pytest

from registry.domain import Interval
from registry.outcomes import models
from registry.outcomes.relation import Point, _group, bands, by_lot, cannot_show


def at(number: float) -> Interval:
    """An exact number."""
    return Interval(Decimal(str(number)), Decimal(str(number)))


def recipients(of_lots: int, of_each: int, slope: float = 0.5) -> list[Point]:
    """Made-up recipients: the outcome is the characteristic times a slope, with a lot's and a recipient's own noise."""
    chance = random.Random(7)  # noqa: S311 - made-up numbers, no secret
    every = []
    for lot in range(of_lots):
        x, own = 70 + 3 * lot, chance.gauss(0, 0.3)
        for _ in range(of_each):
            y = round(slope * x + own + chance.gauss(0, 0.5), 3)
            every.append(Point(f"L-{lot:02}", at(x), at(y), days=10 + lot, dose=4_000_000))
    return every


def test_each_lot_is_a_group_with_its_bounds() -> None:
    """What was below a limit keeps its span."""
    low = Interval(Decimal(0), Decimal("0.5"), high_open=True)
    (group, other) = by_lot([Point("A", at(90), low), Point("A", at(90), at(3)), Point("B", at(80), at(2))])
    assert (group.name, group.recipients, group.low, group.y_low, group.y_high) == ("A", 2, 90, 0, 3)
    assert (other.name, other.recipients) == ("B", 1)


def test_a_part_has_its_exact_interval() -> None:
    """Two of three."""
    (group,) = by_lot([Point("A", at(90), happened=happened) for happened in (True, True, False)])
    assert (group.happened, group.part_low, group.part_high) == (2, Decimal("0.0942"), Decimal("0.9916"))


@pytest.mark.parametrize(
    ("number", "sizes"), [(7, []), (8, [8]), (15, [15]), (16, [8, 8]), (24, [8, 8, 8]), (28, [9, 9, 10])]
)
def test_a_band_has_eight_recipients_or_more(number: int, sizes: list[int]) -> None:
    """And no lot's name."""
    groups = bands([Point(f"L-{place}", at(place), at(place)) for place in range(number)])
    assert [group.recipients for group in groups] == sizes
    assert {group.name for group in groups} <= {""}


@pytest.mark.parametrize(("happened", "shown"), [(0, 0), (1, None), (7, None), (8, 8), (12, 12), (13, None), (20, 20)])
def test_a_band_tells_no_part_that_leads_to_fewer_than_eight(happened: int, shown: int | None) -> None:
    """Neither who had it nor who had not."""
    (group,) = (
        bands([Point("L", at(90), happened=place < happened) for place in range(15)]) if happened < 8 else (None,)
    )
    points = [Point("L", at(90), happened=place < happened) for place in range(20)]
    assert _group("", points, suppressed=True).happened == shown
    assert group is None or group.happened in (0, None)


def test_a_slope_is_found_with_lots_as_random_effect() -> None:
    """Made of a slope of a half."""
    fit = models.slope(recipients(8, 4))
    assert fit.why_not == ""
    assert fit.low is not None and fit.high is not None and fit.low < 0.5 < fit.high  # noqa: PT018
    assert fit.estimate == pytest.approx(0.5, abs=0.05)


def test_numbers_between_bounds_are_counted() -> None:
    """They stand as their middle."""
    points = recipients(8, 4)
    first = points[0]
    wide = Point(first.lot, Interval(Decimal(69), Decimal(71)), first.y, dose=first.dose)
    assert models.slope([wide, *points[1:]]).between_bounds == 1


@pytest.mark.parametrize(("lots", "each"), [(2, 10), (7, 1), (0, 0)])
def test_nothing_is_fitted_to_too_few(lots: int, each: int) -> None:
    """Below eight recipients or three lots."""
    assert models.slope(recipients(lots, each)).why_not == "Nothing is fitted to fewer than 8 recipients or 3 lots."


def test_nothing_is_fitted_to_one_value() -> None:
    """There is nothing to compare."""
    same = [Point(f"L-{place % 4}", at(90), at(place)) for place in range(12)]
    assert models.slope(same).why_not == "Every lot has the same value, so that nothing can be compared."


def test_a_hazard_is_clustered_by_lot() -> None:
    """What happens sooner with more of it has a hazard ratio above one."""
    chance = random.Random(5)  # noqa: S311 - made-up numbers, no secret
    points = []
    for place in range(40):
        x = 70 + place % 10
        days = max(1, int(chance.expovariate(0.02 * 1.2 ** (x - 70))))
        points.append(Point(f"L-{place % 10}", at(x), happened=days < 90, days=min(days, 90)))
    fit = models.hazard(points)
    assert fit.why_not == ""
    assert fit.estimate is not None and fit.estimate > 1  # noqa: PT018


def test_what_never_happened_has_no_hazard() -> None:
    """Nor any number."""
    points = [Point(f"L-{place % 4}", at(70 + place), happened=False, days=90) for place in range(12)]
    assert models.hazard(points).why_not == "It never happened, so that there is no time to compare."


@pytest.mark.parametrize("library", ["statsmodels.formula.api", "lifelines"])
def test_without_the_extra_it_is_said_instead_of_a_number(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page shows the points all the same."""
    monkeypatch.setitem(sys.modules, library, None)
    points = [Point(f"L-{p % 4}", at(70 + p), at(p), happened=p % 2 == 0, days=p + 1) for p in range(12)]
    fit = models.slope(points) if library.startswith("stats") else models.hazard(points)
    assert fit.why_not.startswith("The extra outcomes is not installed here")
    assert fit.estimate is None


def test_what_such_numbers_cannot_show_is_said() -> None:
    """With the number of recipients, lots and pairs."""
    sentences = cannot_show(28, 9, 40)
    assert sentences[0].startswith("28 recipients of 9 lots")
    assert "about 2 of them would look related by chance alone" in sentences[1]
    assert sentences[-1] == "No relation shown is not the same as no relation."
