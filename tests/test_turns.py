"""What takes long is done a few at a time, and everybody comes in turn."""

from __future__ import annotations

import threading

import pytest

from registry.errors import Unavailable
from registry.turns import Line, Turns, asked_as, asked_by


class Asking(threading.Thread):
    """Somebody who takes a turn, says so, and holds it until told to let go."""

    def __init__(self, turns: Turns, name: str, order: list[str]) -> None:
        super().__init__(daemon=True)
        self.turns, self.asking, self.order = turns, name, order
        self.came, self.go, self.refused = threading.Event(), threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        try:
            with asked_by(self.asking), self.turns.taken("a file to be read"):
                self.order.append(self.asking)
                self.came.set()
                self.go.wait(10)
        except Unavailable:
            self.refused.set()


def waiting(turns: Turns, count: int) -> None:
    while len(turns._queue) != count:
        threading.Event().wait(0.005)


def test_whoever_has_nothing_running_comes_before_those_who_sent_forty() -> None:
    turns, order = Turns(running=1, waiting=10, share=3), list[str]()
    first = Asking(turns, "lab", order)
    assert first.came.wait(5)
    more = [Asking(turns, "lab", order) for _ in range(2)]
    waiting(turns, 2)
    clinic = Asking(turns, "clinic", order)
    waiting(turns, 3)
    turns._running = 2
    clinic_first = threading.Event()
    with turns._condition:
        turns._condition.notify_all()
    assert clinic.came.wait(5)
    clinic_first.set()
    for asking in (first, clinic, *more):
        asking.go.set()
    for asking in (first, clinic, *more):
        asking.join(5)
    assert order == ["lab", "clinic", "lab", "lab"]


def test_more_than_ones_share_waiting_is_told_to_come_back_and_another_is_not() -> None:
    turns, order = Turns(running=1, waiting=3, share=1), list[str]()
    first = Asking(turns, "lab", order)
    assert first.came.wait(5)
    second = Asking(turns, "lab", order)
    waiting(turns, 1)
    third = Asking(turns, "lab", order)
    assert third.refused.wait(5)
    other = Asking(turns, "clinic", order)
    waiting(turns, 2)
    for asking in (first, second, other):
        asking.go.set()
        asking.join(5)
    assert sorted(order) == ["clinic", "lab", "lab"]


def test_a_turn_that_does_not_come_is_refused_and_leaves_nothing_behind() -> None:
    turns = Turns(running=1, waiting=3, share=3, patience=0.02)
    with turns.taken("a file"):
        with pytest.raises(Unavailable) as refusal, turns.taken("a file"):
            pass
        assert (refusal.value.retry_after, turns._queue) == (5, [])
    with turns.taken("a file"):
        pass


def test_an_account_is_named_within_the_address_it_asks_from() -> None:
    turns = Turns(running=1, waiting=1, share=1)
    with asked_by("192.0.2.7"):
        asked_as("mary")
        with turns.taken("a file"):
            assert turns._now == {"mary": 1}
    assert turns._now == {}


def taken(line: Line[str]) -> list[str]:
    """Every task that has a thread to go to, in the order in which they get one."""
    names = []
    while line:
        names.append(line.take()[1])
    return names


def test_who_holds_least_threads_goes_first_and_nobody_holds_them_all() -> None:
    """Forty requests of a laboratory came before the clinic's one, and forty of strangers."""
    line = Line[str](each=3, strangers=2)
    for number in range(40):
        line.append("lab", f"lab {number}", known=True)
        line.append("10.0.0.1", f"stranger {number}", known=False)
    line.append("clinic", "clinic 0", known=True)
    assert (len(line), taken(line)) == (
        81, ["lab 0", "clinic 0", "stranger 0", "lab 1", "stranger 1", "lab 2"],
    )  # fmt: skip
    assert (len(line), bool(line)) == (75, False)
    line.append("clinic", "clinic 1", known=True)
    assert taken(line) == ["clinic 1"]


def test_a_thread_that_is_let_go_is_taken_by_the_next() -> None:
    """Of the same asker or another; an account that is called as an address is neither."""
    line = Line[str](each=1, strangers=1)
    for whose, known in (("lab", True), ("lab", True), ("10.0.0.1", False), ("10.0.0.2", False), ("lab", False)):
        line.append(whose, f"{whose} {known}", known=known)
    (first, task), (second, other) = line.take(), line.take()
    assert (task, other, bool(line)) == ("lab True", "10.0.0.1 False", False)
    line.ended(second)
    assert line.take()[1] == "10.0.0.2 False"
    line.ended(first)
    assert (line.take()[1], bool(line), len(line)) == ("lab True", False, 1)


def test_who_was_refused_three_times_waits_until_it_goes_on() -> None:
    """Before that it is served as anybody, and the others are all the time."""
    line = Line[str](each=9, strangers=9)
    for number in range(4):
        line.append("lab", f"lab {number}", known=True)
    for expected in ("lab 0", "lab 1", "lab 2"):
        asker, task = line.take()
        assert task == expected
        line.ended(asker, refused=True)
    assert (bool(line), len(line)) == (False, 1)
    line.append("clinic", "clinic 0", known=True)
    line.append("lab", "a stranger called lab", known=False)
    assert taken(line) == ["clinic 0", "a stranger called lab"]
    assert line.go_on()
    assert taken(line) == ["lab 3"]
    assert not line.go_on()


def test_what_is_answered_counts_as_no_refusal() -> None:
    line = Line[str](each=9, strangers=9)
    for number in range(5):
        line.append("lab", f"lab {number}", known=True)
        line.ended(line.take()[0])
    assert not line.go_on()
