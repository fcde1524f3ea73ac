"""Shapes and states: green is for what may be injected, and every doubt is against it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry.release import Condition
from registry.services.answers import LotLine
from registry.services.lot_index.remarks import OutOfTrend, Remarks
from registry.services.releases.queue import Lacking
from web.chips import MAY, MUST_NOT, Chip, of_line, of_state, shape_of
from web.releases.decision_page import page
from web.releases.queue_row import condition_stand, waiting_chips
from web.vocabulary import STATES, VERDICTS

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
NOTHING = Lacking((), (), (), no_expiry=False, otherwise=())
STOPPED = Lacking((), (), (), no_expiry=False, otherwise=("Its bank is on hold.",))


def test_the_tick_is_for_what_passes_or_is_released_alone() -> None:
    """A word that nobody gave a shape is undecided, never a tick."""
    assert {word for word in (*STATES, *VERDICTS, MAY, MUST_NOT, "due", "") if shape_of(word) == "tick"} == {
        "pass",
        "released",
        MAY,
    }
    assert shape_of("a word of tomorrow") == "diamond"


@pytest.mark.parametrize("state", STATES)
def test_one_state_may_be_injected_and_the_lots_own_answer_comes_before_it(state: str) -> None:
    """A released lot whose answer is no is not shown as one that may."""
    assert of_state(state) == Chip(MAY if state == "released" else MUST_NOT, state)
    assert of_state(state, may_be_injected=False) == Chip(MUST_NOT, state)


def test_a_lot_that_is_only_like_the_label_is_not_green() -> None:
    """Nor does a condition that is open go unsaid."""
    line = {"may_be_injected": True, "state": "released", "condition": None}
    assert of_line(line) == Chip(MAY, "may be injected")
    assert of_line({**line, "condition": {"due": ["sterility"]}}) == Chip(MAY, "may be injected on condition")
    assert of_line(line, is_alike=True) == Chip("undetermined", "compare the label first")
    assert of_line({**line, "may_be_injected": False, "state": "on hold"}, is_alike=True) == Chip(MUST_NOT, "on hold")


def line(**more: object) -> LotLine:
    """A lot of the queue."""
    values = {"state": "not released", "may_be_injected": False, "verdict": "pass", "until": None, "panels": 1, **more}
    return LotLine("H-1", "product lot", "P", "Product", sentence="", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lot", "lack", "chips"),
    [
        (line(), NOTHING, [Chip("pass", "lacks nothing")]),
        (line(), Lacking((), (), ("s",), no_expiry=False, otherwise=()), [Chip("missing", "waits")]),
        (line(), Lacking((), (), (), no_expiry=True, otherwise=()), [Chip(MUST_NOT, "no expiry")]),
        (line(verdict="fail"), Lacking(("a",), (), (), no_expiry=True, otherwise=()), [Chip("fail")]),
        (line(verdict=None), STOPPED, [Chip("missing", "no specification")]),
        (line(state="suspended"), NOTHING, [Chip("pass", "lacks nothing"), Chip("suspended")]),
    ],
)  # fmt: skip
def test_a_waiting_lot_says_first_what_it_lacks(lot: LotLine, lack: Lacking, chips: list[Chip]) -> None:
    """And then whether a release of it no longer stands."""
    assert list(waiting_chips(lot, lack)) == chips


def test_a_lot_that_lacks_nothing_and_is_out_of_trend_says_both() -> None:
    """Computed and said: whoever signs sees it beside the tick."""
    beyond = OutOfTrend("cd73", "95 %", ("1-3s",), ("beyond 3 s (Westgard 1-3s)",))
    chips = [Chip("pass", "lacks nothing"), Chip("undetermined", "out of trend")]
    assert list(waiting_chips(line(), NOTHING, Remarks("H-1", (beyond,)))) == chips
    assert list(waiting_chips(line(), NOTHING, Remarks("H-1", at_limit=("cd73",)))) == chips[:1]


@pytest.mark.parametrize(
    ("verdict", "due", "late", "met", "stand"),
    [
        ("fail", ("s",), False, False, "fails"),
        ("incomplete", ("s",), True, False, "overdue"),
        ("incomplete", ("s",), False, False, "waits"),
        ("pass", (), False, True, "complete"),
        ("incomplete", (), False, False, "undecided"),
    ],
)
def test_a_conditional_release_fails_before_it_is_late_and_is_late_before_it_waits(
    verdict: str, due: tuple[str, ...], late: bool, met: bool, stand: str
) -> None:
    """Late at the minute itself."""
    until = NOW + timedelta(hours=-1 if late else 1)
    condition = Condition(complete_by=until, due=due, met=met)
    assert condition_stand(line(verdict=verdict, condition=condition), NOW) == stand
    at_the_minute = Condition(complete_by=NOW, due=("s",), met=False)
    assert condition_stand(line(condition=at_the_minute), NOW) == "overdue"


def test_the_page_of_a_decision_knows_whose_results_count_and_which_form_was_refused() -> None:
    """What was withdrawn is read apart; a doubt that stands above is not said twice."""
    panel = {"actor": "lab.one", "withdrawn": None, "record": "sha256:1"}
    gone = {**panel, "actor": "lab.two", "withdrawn": {"reason": "r"}, "record": "sha256:2"}
    lot = {
        "panels": [panel, gone, panel],
        "decisions": [{"kind": "conditional release", "at": "t"}],
        "answer": {"condition": {"due": []}, "may_be_injected": False},
        "doubts": ["d"],
        "specification": {"digest": "a"},
    }
    check = {"kind": "release", "notes": ["d", "n"], "specification": {"digest": "b"}, "further": [
        {"kind": "hold", "refused": ""}, {"kind": "hold lifted", "refused": "It is not on hold."},
    ]}  # fmt: skip
    made = page(lot, check, "hold")
    released = {**lot, "answer": {**lot["answer"], "may_be_injected": True}}  # type: ignore[dict-item]
    asked = ((lot, ""), (lot, "hold"), (released, ""))
    assert [page(each, check, None, wanted).other_first for each, wanted in asked] == [False, True, True]
    assert (made.senders, made.notes, made.other_specification) == (("lab.one",), ("n",), True)
    assert (made.withdrawn, made.evidence) == ((gone,), ("sha256:1", "sha256:1"))
    assert ([each["kind"] for each in made.allowed], [each["kind"] for each in made.refused]) == (
        ["hold"],
        ["hold lifted"],
    )
    assert (made.failed_release, made.failed_other) == (False, True)
    assert made.completes == {"kind": "conditional release", "at": "t"}
    assert page(lot, {**check, "kind": "conditional release"}, None).completes is None
