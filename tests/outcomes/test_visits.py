"""A visit is planned, due, done, late or missed: on either side of each boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.outcomes.visits import Seen, Visit, visit_of, visits

GIVEN = date(2026, 12, 1)


def day(number: int) -> date:
    """So many days after it was given."""
    return GIVEN + timedelta(days=number)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (0, "planned"),
        (10, "planned"),
        (11, "due"),
        (14, "due"),
        (17, "due"),
        (18, "late"),
        (24, "late"),
        (25, "missed"),
    ],
)
def test_a_visit_at_which_nothing_was_seen(today: int, state: str) -> None:
    """Due three days before its day, late three days after it, missed when the next one's days begin."""
    assert visits(GIVEN, 14, (), day(today))[0] == Visit(1, day(14), state)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seen", "number", "state"),
    [(11, 1, "done"), (14, 1, "done"), (17, 1, "done"), (18, 1, "late"), (24, 1, "late"), (25, 2, "done")],
)
def test_a_day_belongs_to_one_visit(seen: int, number: int, state: str) -> None:
    """In time or late; from the next one's days on it is the next one's."""
    every = visits(GIVEN, 14, [Seen(day(seen))], day(60))
    assert every[number - 1] == Visit(number, day(14 * number), state, day(seen))  # type: ignore[arg-type]


@pytest.mark.parametrize(("seen", "number"), [(0, 0), (10, 0), (11, 1), (24, 1), (25, 2), (38, 2), (39, 3)])
def test_the_number_of_a_days_visit(seen: int, number: int) -> None:
    """Before the first one's days begin it is none's."""
    assert visit_of(GIVEN, day(seen), 14) == number


def test_a_visit_of_a_stated_number_is_done_without_a_day() -> None:
    """And what was seen before anything was given is no visit of the schedule."""
    every = visits(GIVEN, 14, [Seen(visit=1), Seen(day(-5), 0)], day(14))
    assert every == (Visit(1, day(14), "done"), Visit(2, day(28), "planned"))


def test_of_several_days_the_first_counts() -> None:
    """A visit that was done stays done when something is added later."""
    assert visits(GIVEN, 14, [Seen(day(20)), Seen(day(13))], day(20))[0] == Visit(1, day(14), "done", day(13))


def test_visits_below_a_day_apart_are_refused() -> None:
    """And daily ones leave no room on either side."""
    with pytest.raises(ValueError, match="every 0 days"):
        visits(GIVEN, 0, (), day(1))
    assert [visit.state for visit in visits(GIVEN, 1, (), day(2))] == ["missed", "due", "planned"]


@given(every=st.integers(1, 60), offset=st.integers(0, 1000), tolerance=st.integers(0, 40))
def test_every_day_belongs_to_the_visit_whose_days_have_begun(every: int, offset: int, tolerance: int) -> None:
    """No day belongs to two, and none after the first visit's days to none."""
    number = visit_of(GIVEN, day(offset), every, tolerance)
    assert number <= visit_of(GIVEN, day(offset + 1), every, tolerance) <= number + 1
    listed = visits(GIVEN, every, (), day(offset), tolerance)
    assert [visit.number for visit in listed] == list(range(1, number + 2))
    assert listed[-1].state == "planned"
