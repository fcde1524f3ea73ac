"""Visits by a study's schedule: planned, due, done, late or missed, on either side of each boundary.

Every 14 days with three days on either side, of something given on day 0:

    day 11 to 17    the first visit is due; seen then, it is done
    day 18 to 24    it is late; seen then, it is done late
    from day 25     it is missed, if nothing was seen: the second visit's days have begun

A study that says how often and not how far a visit may be from its day leaves that to ``TOLERANCE``, which is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

TOLERANCE = 3
"""Days on either side of a visit's day that still count as that day. No study published here states its own."""

VisitState = Literal["planned", "due", "done", "late", "missed"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One time that something was seen: on a day, or at a visit of a stated number."""

    day: date | None = None
    visit: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: its number from 1, its day, what became of it, and when it was; late with ``on`` was done too late."""

    number: int
    due: date
    state: VisitState
    on: date | None = None


def visit_of(given: date, day: date, every: int, tolerance: int = TOLERANCE) -> int:
    """The number of the visit that a day belongs to; 0 before the first one's days begin."""
    return max(0, ((day - given).days + _within(every, tolerance)) // every)


def visits(given: date, every: int, seen: Iterable[Seen], today: date, tolerance: int = TOLERANCE) -> tuple[Visit, ...]:
    """Every visit whose days have begun by ``today``, those that something was seen at, and the next one.

    ``every`` is days between two visits. Raises ValueError when it is below 1.
    """
    if every < 1:
        raise ValueError(f"visits every {every} days")
    tolerance = _within(every, tolerance)
    days: dict[int, list[date | None]] = {}
    for each in seen:
        number = each.visit if each.visit is not None else visit_of(given, each.day or given, every, tolerance)
        days.setdefault(number, []).append(each.day)
    begun = visit_of(given, today, every, tolerance)
    last = max([begun, *days])
    return tuple(
        _visit(number, given + timedelta(days=every * number), every, days.get(number), today, tolerance)
        for number in range(1, last + 2)
    )


def _visit(
    number: int, due: date, every: int, seen: Sequence[date | None] | None, today: date, tolerance: int
) -> Visit:
    last_day = due + timedelta(days=tolerance)
    if seen:
        on = min((day for day in seen if day is not None), default=None)
        return Visit(number, due, "late" if on is not None and on > last_day else "done", on)
    if today < due - timedelta(days=tolerance):
        return Visit(number, due, "planned")
    if today <= last_day:
        return Visit(number, due, "due")
    return Visit(number, due, "late" if today < due + timedelta(days=every - tolerance) else "missed")


def _within(every: int, tolerance: int) -> int:
    """At most half of what lies between two visits: a day belongs to one of them."""
    return min(tolerance, (every - 1) // 2)
