"""Clopper-Pearson bounds: held against the tail that defines them, and against scipy's beta distribution."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.judgement.binomial import MOST, STEPS, lower, upper

SURE = Decimal("0.95")


def tail(positives: int, events: int, part: Fraction) -> Fraction:
    """P(X <= positives), in whole numbers."""
    return sum((comb(events, k) * part**k * (1 - part) ** (events - k) for k in range(positives + 1)), Fraction(0))


def test_no_positive_among_200_events_shows_less_than_1_49_percent() -> None:
    assert upper(0, 200, SURE) == Decimal("1.486704")


@pytest.mark.parametrize(
    ("positives", "events", "most"),
    [(0, 50000, "0.005992"), (10, 50000, "0.033923"), (0, 2995, "0.099975"), (0, 2994, "0.100008"), (200, 200, "100")],
)
def test_bounds_worked_out_elsewhere(positives: int, events: int, most: str) -> None:
    """The rule of three: 2995 events without a positive are the fewest that show less than 0.1 %."""
    assert upper(positives, events, SURE) == Decimal(most)


def test_the_lower_bound_is_the_mirror_of_the_upper() -> None:
    assert lower(195, 200, SURE) == 100 - upper(5, 200, SURE) == Decimal("94.815666")
    assert lower(0, 200, SURE) == 0


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 150), st.data(), st.sampled_from(["0.5", "0.9", "0.95", "0.99"]))
def test_a_bound_is_the_least_step_that_the_exact_tail_allows(events: int, data: st.DataObject, sure: str) -> None:
    """At the bound the tail is no more than the risk; two steps below it is more: never too low, hardly too high."""
    positives = data.draw(st.integers(0, events - 1))
    bound = Fraction(upper(positives, events, Decimal(sure))) / 100
    risk = 1 - Fraction(sure)
    assert tail(positives, events, bound) <= risk
    assert tail(positives, events, bound - Fraction(2, STEPS)) > risk


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 100_000), st.data())
def test_scipy_says_the_same(events: int, data: st.DataObject) -> None:
    beta = pytest.importorskip("scipy.stats", reason="scipy is not installed").beta
    positives = data.draw(st.integers(0, events - 1))
    difference = float(upper(positives, events, SURE)) - 100 * beta.ppf(0.95, positives + 1, events - positives)
    assert -1e-9 < difference < 3e-6


def test_more_events_than_are_counted_never_flatter() -> None:
    """Beyond a million the bound is that of a million with as many in a hundred, and no narrower."""
    assert upper(0, 10 * MOST, SURE) == upper(0, MOST, SURE)
    assert upper(11, 10 * MOST, SURE) == upper(2, MOST, SURE)


@pytest.mark.parametrize(("positives", "events"), [(-1, 10), (11, 10), (0, 0)])
def test_counts_that_cannot_be_are_refused(positives: int, events: int) -> None:
    with pytest.raises(ValueError, match="with confidence"):
        upper(positives, events, SURE)
