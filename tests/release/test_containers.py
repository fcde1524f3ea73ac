"""Containers add up at every moment, and one is given once, whatever is done with them and in whatever order."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain import CONTAINER_STATES, ContainerMove, ContainerState
from registry.release.containers import Stock

MOVES = st.lists(st.tuples(st.lists(st.integers(-1, 9), max_size=4), st.sampled_from(CONTAINER_STATES)), max_size=40)


def moved(made: int, asked: list[tuple[list[int], ContainerState]]) -> tuple[Stock, list[ContainerMove]]:
    """What is left after everything that is not refused, and the moves that were not."""
    stock, taken = Stock(made), []
    for numbers, state in asked:
        if not stock.refused(numbers, state):
            stock = stock.after(numbers, state)
            taken.append(ContainerMove("P-07", tuple(numbers), state, "For the test."))
    return stock, taken


@given(made=st.integers(0, 8), asked=MOVES)
def test_made_is_always_what_is_in_all_states_together(
    made: int, asked: list[tuple[list[int], ContainerState]]
) -> None:
    """At every moment, and no state ever holds a number below nothing."""
    stock = Stock(made)
    for numbers, state in asked:
        if not stock.refused(numbers, state):
            stock = stock.after(numbers, state)
        counts = [count for count in stock.balance().values() if count is not None]
        assert sum(counts) == made
        assert min(counts) >= 0
        assert len(counts) == len(CONTAINER_STATES)


@given(made=st.integers(0, 8), asked=MOVES)
def test_a_container_is_given_once_and_never_comes_back(
    made: int, asked: list[tuple[list[int], ContainerState]]
) -> None:
    """Nor does one that was destroyed: no cell is given twice, none is lost."""
    stock, taken = moved(made, asked)
    for final in ("administered", "destroyed"):
        numbers = [number for move in taken if move.state == final for number in move.numbers]
        assert len(numbers) == len(set(numbers))
        assert all(stock.state(number) == final for number in numbers)
    cells = Decimal(5_000_000)
    places = [stock.state(number) for number in range(1, made + 1)]
    assert sum(places.count(state) * cells for state in CONTAINER_STATES) == made * cells


@given(made=st.integers(0, 8), asked=MOVES)
def test_the_moves_alone_tell_where_everything_is(made: int, asked: list[tuple[list[int], ContainerState]]) -> None:
    """What is read back from the ledger is what was there."""
    stock, taken = moved(made, asked)
    assert Stock.of(made, taken) == stock


@given(made=st.integers(0, 8), asked=MOVES, count=st.integers(1, 9))
def test_whoever_counts_is_given_numbers_that_are_in_stock(
    made: int, asked: list[tuple[list[int], ContainerState]], count: int
) -> None:
    """The lowest, each once, and no more than there are."""
    stock, _taken = moved(made, asked)
    numbers = stock.first(count)
    assert len(numbers) == min(count, stock.balance()["in stock"] or 0)
    assert not numbers or stock.refused(numbers, "administered") == ()


@pytest.mark.parametrize(
    ("numbers", "state", "against"),
    [
        ((), "reserved", ("No container is named.",)),
        ((13,), "reserved", ("There is no container 13: the lot has 12, numbered from 1.",)),
        ((0,), "reserved", ("There is no container 0: the lot has 12, numbered from 1.",)),
        ((4, 4), "reserved", ("Container 4 is named twice.",)),
        ((1,), "administered", ("Container 1 was administered already: a container is given once.",)),
        ((1,), "in stock", ("Container 1 was administered and cannot be put back in stock.",)),
        ((2,), "retained", ("Container 2 was destroyed and cannot be retained.",)),
        ((3,), "administered", ("Container 3 is returned and cannot be administered.",)),
        ((3,), "returned", ("Container 3 is returned already.",)),
        ((3,), "in stock", ()),
        ((4, 5), "administered", ()),
        (
            (1, 2, 14),
            "reserved",
            (
                "Container 1 was administered and cannot be reserved.",
                "Container 2 was destroyed and cannot be reserved.",
                "There is no container 14: the lot has 12, numbered from 1.",
            ),
        ),
    ],
)
def test_everything_that_stands_against_a_move_is_said_at_once(
    numbers: tuple[int, ...], state: ContainerState, against: tuple[str, ...]
) -> None:
    """Container 1 was administered, 2 destroyed, 3 returned; the other nine are in stock."""
    stock = Stock(12, {1: "administered", 2: "destroyed", 3: "returned"})
    assert stock.refused(numbers, state) == against


def test_what_happened_is_recorded_unless_it_cannot_have_happened() -> None:
    """A container that the books call destroyed may have been given; one that was given before, or is none, not."""
    stock = Stock(12, {1: "administered", 2: "destroyed", 3: "returned"})
    assert stock.impossible((2, 3, 4)) == ()
    assert stock.impossible((1, 13, 5, 5)) == (
        "Container 5 is named twice.",
        "Container 1 was administered already: a container is given once.",
        "There is no container 13: the lot has 12, numbered from 1.",
    )


def test_of_a_lot_that_says_no_number_nothing_is_said_to_be_in_stock() -> None:
    """Nothing is guessed: what moved is counted, the rest is unknown."""
    stock = Stock(None).after((7,), "reserved")
    assert stock.balance() == {
        "in stock": None, "reserved": 1, "administered": 0, "returned": 0, "destroyed": 0, "retained": 0,
    }  # fmt: skip
    assert stock.refused((8,), "administered") == ()
