"""Exact intervals of small counts, and which counts are shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from registry.outcomes.intervals import exact
from registry.outcomes.suppression import shown, shown_part


@pytest.mark.parametrize(
    ("happened", "of", "low", "high"),
    [
        (0, 3, "0", "0.7076"),
        (2, 10, "0.0252", "0.5561"),
        (4, 9, "0.1369", "0.7880"),
        (28, 28, "0.8765", "1"),
        (0, 0, "0", "1"),
    ],
)
def test_an_interval_is_that_of_clopper_and_pearson(happened: int, of: int, low: str, high: str) -> None:
    """Rounded away from the part."""
    assert exact(happened, of) == (Decimal(low), Decimal(high))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_interval_is_never_narrower_than_the_beta_distribution_says(data: st.DataObject) -> None:
    """Nor wider than two ten-thousandths."""
    of = data.draw(st.integers(1, 60))
    happened = data.draw(st.integers(0, of))
    low, high = map(float, exact(happened, of))
    below = 0.0 if happened == 0 else beta.ppf(0.025, happened, of - happened + 1)
    above = 1.0 if happened == of else beta.ppf(0.975, happened + 1, of - happened)
    assert low <= below + 1e-9
    assert high >= above - 1e-9
    assert below - low < 2e-4
    assert high - above < 2e-4


@pytest.mark.parametrize(("happened", "of"), [(-1, 3), (4, 3)])
def test_what_is_no_count_is_refused(happened: int, of: int) -> None:
    """More of it than there are."""
    with pytest.raises(ValueError, match=f"{happened} of {of}"):
        exact(happened, of)


@pytest.mark.parametrize(("count", "visible"), [(0, True), (1, False), (7, False), (8, True), (28, True)])
def test_a_count_under_eight_is_not_shown(count: int, visible: bool) -> None:
    """None at all leads to nobody."""
    assert shown(count) is visible


@pytest.mark.parametrize(
    ("happened", "of", "visible"),
    [(0, 7, False), (0, 8, True), (8, 8, True), (7, 20, False), (13, 20, False), (12, 20, True), (8, 16, True)],
)
def test_a_part_is_not_shown_when_what_is_left_of_it_is_under_eight(happened: int, of: int, visible: bool) -> None:
    """It could be had by subtraction."""
    assert shown_part(happened, of) is visible
