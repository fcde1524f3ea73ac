"""What takes long is done a few at a time, and everybody comes in turn."""

from __future__ import annotations

import threading

import pytest

from registry.errors import Unavailable
from registry.turns import Turns, asked_as, asked_by


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
