"""The words at the top of a lot's page: what may be injected is said in one way, everything else in another."""

from __future__ import annotations

from typing import Any

import pytest

from web.chips import Chip
from web.lots.lot_text import Reason, either, group_of, lot_text, reasons

CRITERIA = [
    {"id": "cd73", "characteristic": "CD73", "group": None},
    {"id": "cd34", "characteristic": "CD34", "group": "blood"},
    {"id": "cd45", "characteristic": "CD45", "group": "blood"},
]


def lot(*, may: bool = True, state: str = "released", codes: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    """A lot's answer as data."""
    why = [{"code": code, "message": code, "todo": ""} for code in codes]
    answer = {"may_be_injected": may, "state": state, "reasons": why, "condition": None}
    plain: dict[str, Any] = {"held": (), "due": (), "criteria": CRITERIA, "decisions": [], "specification": None}
    return {"lot": "H-1", "at": "2026-12-01T12:00:00+00:00", "verdict": "pass", **plain, "answer": answer, **more}


@pytest.mark.parametrize(
    ("may", "label_says", "title", "running"),
    [
        (True, (), "H-1: may be injected", "May be injected"),
        (True, ("The label differs.",), "H-1: do not use yet", "Do not use yet"),
        (False, ("The label differs.",), "H-1: must not be injected", "Must not be injected"),
        (False, (), "H-1: must not be injected", "Must not be injected"),
    ],
)
def test_title_and_running_head_say_the_answer(
    may: bool, label_says: tuple[str, ...], title: str, running: str
) -> None:
    """A label that differs takes the green away, and never gives any."""
    text = lot_text(lot(may=may), (), label_says=label_says)
    assert (text.title, text.running, text.differs) == (title, running, may and bool(label_says))


def test_the_past_is_never_an_answer() -> None:
    """What was released then is told with what is so now."""
    text = lot_text(lot(), (), now=lot(may=False, state="on hold"))
    assert (text.title, text.running) == ("H-1: as it was", "was released at 2026-12-01 12:00 +00:00; NOW: on hold")


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (lot(may=False, state="on hold", verdict="fail"), "On hold, and its evidence fails."),
        (lot(may=False, state="on hold", codes=("hold", "worsened")), "On hold, and its evidence does not pass."),
        (lot(may=False, state="on hold", codes=("hold",)), "On hold."),
        (lot(may=False, state="recalled", verdict="fail"), "Recalled."),
    ],
)
def test_a_hold_does_not_hide_that_the_evidence_is_no_better(given: dict[str, Any], state: str) -> None:
    """Whoever lifts it reads that first."""
    assert lot_text(given, ()).state == state


def test_what_changes_several_reasons_is_said_once_after_the_last_of_them() -> None:
    """With the number of them; reasons that lie apart are counted apart."""
    given = [{"message": message, "todo": todo} for message, todo in (("a", "x"), ("b", "x"), ("c", ""), ("d", "x"))]
    assert reasons(given) == (Reason("a", "", 1), Reason("b", "x", 2), Reason("c", "", 1), Reason("d", "x", 1))


def test_a_pass_says_what_is_still_due() -> None:
    """And only a pass."""
    assert lot_text(lot(due=("cd73",)), ()).evidence == Chip("pass", "pass, still due: CD73")
    assert lot_text(lot(due=("cd73",), verdict="fail"), ()).evidence == Chip("fail")
    assert lot_text(lot(verdict=None), ()).evidence == Chip("incomplete")


def test_either_or_names_stand_in_the_order_of_the_specification() -> None:
    """Whatever the order they are asked in."""
    assert either(lot(), ("cd45", "cd34")) == group_of(lot(), CRITERIA[2]) == "CD34 or CD45"
    assert group_of(lot(), CRITERIA[0]) == ""


def test_the_page_shows_the_newest_records_and_says_when_there_are_more() -> None:
    """Eight, the newest first."""
    text = lot_text(lot(), range(10))
    assert (list(text.lines), text.entries, text.further_lines) == ([9, 8, 7, 6, 5, 4, 3, 2], 10, True)
    assert not lot_text(lot(), range(8)).further_lines
