"""For which arms a lot suffices: whole containers, never one cell more than there is, and nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import Arm, Interval
from registry.release import Holding, arm_supply

LOW, MEDIUM, HIGH = (Arm(name, name, dose, ("right", "left")) for name, dose in (
    ("low", 2_000_000), ("medium", 5_000_000), ("high", 10_000_000)))  # fmt: skip


def exactly(number: int | str) -> Interval:
    """One number."""
    return Interval(Decimal(number), Decimal(number))


@pytest.mark.parametrize(
    ("arm", "cells", "containers", "supply", "recipients", "each"),
    [
        (LOW, 4_000_000, 12, "suffices", 12, 1),
        (LOW, 3_999_999, 12, "suffices", 6, 2),
        (HIGH, 24_000_000, 12, "suffices", 12, 1),
        (HIGH, 2_000_000, 12, "suffices", 1, 10),
        (HIGH, 2_000_000, 9, "does not suffice", 0, 10),
        (MEDIUM, 10_000_000, 1, "suffices", 1, 1),
        (MEDIUM, 0, 12, "does not suffice", 0, None),
    ],
)
def test_a_recipient_needs_whole_containers(
    arm: Arm, cells: int, containers: int, supply: str, recipients: int, each: int | None
) -> None:
    """Both ovaries of one recipient; what is left in a container serves nobody else."""
    answer = arm_supply(arm, Holding(containers, exactly(cells)))
    assert (answer.supply, answer.recipients, answer.containers_each) == (supply, recipients, each)


def test_what_is_not_known_is_never_guessed() -> None:
    """Neither how many containers nor how many cells; a figure on both sides of the need decides nothing."""
    assert arm_supply(LOW, Holding(None, exactly(24_000_000))).supply == "not known"
    unknown = arm_supply(LOW, Holding(12, None, why="It is not known the viability before use."))
    assert (unknown.supply, unknown.recipients) == ("not known", None)
    assert unknown.why == "It is not known the viability before use."
    between = arm_supply(HIGH, Holding(1, Interval(Decimal(10_000_000), Decimal(30_000_000))))
    assert (between.supply, between.recipients) == ("not known", None)
    assert arm_supply(LOW, Holding(0, None)).supply == "does not suffice"
    assert arm_supply(HIGH, Holding(1, Interval(None, None))).supply == "not known"


def test_a_bound_that_is_excluded_is_not_reached() -> None:
    """Fewer than 20 million are not 20 million; more than 20 million are."""
    assert (
        arm_supply(HIGH, Holding(1, Interval(None, Decimal(20_000_000), high_open=True))).supply == "does not suffice"
    )
    assert arm_supply(HIGH, Holding(1, Interval(Decimal(20_000_000), None, low_open=True))).supply == "suffices"


def test_a_concentration_that_is_asked_for_is_held_to() -> None:
    """And gives the volume at each site: 0.04, 0.10 and 0.20 mL at 50 million a millilitre."""
    arms = [replace(arm, concentration=50_000_000) for arm in (LOW, MEDIUM, HIGH)]
    enough = Holding(12, exactly(24_000_000), exactly(50_000_000))
    assert [arm_supply(arm, enough).millilitres for arm in arms] == [Decimal("0.04"), Decimal("0.1"), Decimal("0.2")]
    assert arm_supply(arms[0], enough).supply == "suffices"
    assert arm_supply(arms[0], replace(enough, concentration=None)).supply == "not known"
    assert arm_supply(arms[0], replace(enough, concentration=exactly(49_999_999))).supply == "does not suffice"
    spread = Interval(Decimal(40_000_000), Decimal(60_000_000))
    assert arm_supply(arms[0], replace(enough, concentration=spread)).supply == "not known"
    assert arm_supply(LOW, enough).millilitres == Decimal("0.04")
    assert arm_supply(LOW, replace(enough, concentration=None)).millilitres is None


doses = st.integers(1_000, 10**10)
sites = st.integers(1, 4).map(lambda count: tuple(f"site {place}" for place in range(count)))
arms = st.builds(Arm, st.just("arm"), st.just("Arm"), doses, sites)
cells = st.decimals(1, 10**9, places=3)


@given(arms, st.integers(1, 500), cells)
def test_no_cell_is_given_twice_and_none_is_missing(arm: Arm, containers: int, each: Decimal) -> None:
    """Every recipient gets the whole dose at every site, out of containers of their own, and no more would fit."""
    answer = arm_supply(arm, Holding(containers, Interval(each, each)))
    needed = answer.containers_each
    assert needed is not None
    assert answer.recipients is not None
    assert needed * Fraction(each) >= arm.dose_per_site * len(arm.sites) > (needed - 1) * Fraction(each)
    assert answer.recipients * needed <= containers < (answer.recipients + 1) * needed
    assert answer.supply == ("suffices" if answer.recipients else "does not suffice")


@given(arms, st.integers(1, 500), cells, cells, cells)
def test_between_bounds_nothing_is_promised_that_a_value_within_would_not_keep(
    arm: Arm, containers: int, one: Decimal, other: Decimal, third: Decimal
) -> None:
    """Whatever the true figure is, it serves at least those that were promised, and what was ruled out stays so."""
    low, true, high = sorted((one, other, third))
    promised = arm_supply(arm, Holding(containers, Interval(low, high)))
    kept = arm_supply(arm, Holding(containers, Interval(true, true)))
    if promised.supply == "suffices":
        assert (kept.recipients or 0) >= (promised.recipients or 0) > 0
    if promised.supply == "does not suffice":
        assert kept.supply == "does not suffice"


@given(arms, st.integers(1, 500), cells)
def test_more_containers_never_serve_fewer(arm: Arm, containers: int, each: Decimal) -> None:
    """Nor does a smaller dose."""
    held = Holding(containers, Interval(each, each))
    served = arm_supply(arm, held).recipients or 0
    assert (arm_supply(arm, replace(held, containers=containers + 1)).recipients or 0) >= served
    if arm.dose_per_site > 1:
        assert (arm_supply(replace(arm, dose_per_site=arm.dose_per_site - 1), held).recipients or 0) >= served
