"""A lot's containers: each in one state at every moment, so that what was made is always accounted for.

    stock = Stock.of(12, moves)
    stock.refused((3,), "administered")      # ("Container 3 was administered already.",)
    stock.balance()                          # {"in stock": 9, "reserved": 2, "administered": 1, …}

Made = in stock + reserved + administered + returned + destroyed + retained (EU GMP Part IV: reconciliation). A
container is given once: what was administered, or destroyed, is in no other state again. Nothing here reads a ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from registry.domain import CONTAINER_STATES, ContainerMove, ContainerState

_AFTER: Mapping[ContainerState, frozenset[ContainerState]] = {
    "in stock": frozenset({"reserved", "administered", "returned", "destroyed", "retained"}),
    "reserved": frozenset({"in stock", "administered", "returned", "destroyed", "retained"}),
    "returned": frozenset({"in stock", "destroyed", "retained"}),
    "retained": frozenset({"in stock", "destroyed"}),
    "administered": frozenset(),
    "destroyed": frozenset(),
}
"""Which state may follow which. What came back from a clinic is looked at before it is in stock again."""


@dataclass(frozen=True, slots=True)
class Stock:
    """The containers of one lot. ``made`` is None while the lot does not say how many; ``moved`` holds those that left
    the stock, by their number, which counts from 1.
    """

    made: int | None
    moved: Mapping[int, ContainerState] = field(default_factory=dict)

    @classmethod
    def of(cls, made: int | None, moves: Iterable[ContainerMove]) -> Stock:
        """The containers after these moves, in their order."""
        stock = cls(made)
        for move in moves:
            stock = stock.after(move.numbers, move.state)
        return stock

    def state(self, number: int) -> ContainerState:
        """The state of a container; one that was never moved is in stock."""
        return self.moved.get(number, "in stock")

    def refused(self, numbers: Sequence[int], state: ContainerState) -> tuple[str, ...]:
        """Everything that stands against bringing these containers into a state, in sentences; empty when nothing."""
        if not numbers:
            return ("No container is named.",)
        against = [
            f"Container {number} is named twice." for number in sorted(set(numbers)) if numbers.count(number) > 1
        ]
        for number in sorted(set(numbers)):
            now = self.state(number)
            if number < 1 or (self.made is not None and number > self.made):
                against.append(f"There is no container {number}: the lot has {_counted(self.made)}.")
            elif state not in _AFTER[now]:
                against.append(_cannot(number, now, state))
        return tuple(against)

    def impossible(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """What cannot have been given, whoever says so: no such container, or one that was given before."""
        if not numbers:
            return ("No container is named.",)
        against = _twice(numbers)
        for number in sorted(set(numbers)):
            if not self._exists(number):
                against.append(f"There is no container {number}: the lot has {_counted(self.made)}.")
            elif self.state(number) == "administered":
                against.append(_cannot(number, "administered", "administered"))
        return tuple(against)

    def _exists(self, number: int) -> bool:
        return number >= 1 and (self.made is None or number <= self.made)

    def after(self, numbers: Iterable[int], state: ContainerState) -> Stock:
        """The same with these containers in that state."""
        moved = {**self.moved, **dict.fromkeys(numbers, state)}
        return Stock(self.made, {number: now for number, now in moved.items() if now != "in stock"})

    def balance(self) -> dict[ContainerState, int | None]:
        """How many are in each state; those in stock are None while the lot does not say how many were made."""
        counts: dict[ContainerState, int | None] = dict.fromkeys(CONTAINER_STATES, 0)
        for now in self.moved.values():
            counts[now] = (counts[now] or 0) + 1
        counts["in stock"] = None if self.made is None else self.made - len(self.moved)
        return counts

    def first(self, count: int, states: Iterable[ContainerState] = ("in stock",)) -> tuple[int, ...]:
        """The ``count`` lowest numbers in one of these states, for whoever counts and does not number; fewer if short.

        Of a lot that does not say how many were made, any further number is in stock.
        """
        wanted = frozenset(states)
        highest = self.made if self.made is not None else max(self.moved, default=0) + count
        return tuple(number for number in range(1, highest + 1) if self.state(number) in wanted)[:count]


def _twice(numbers: Sequence[int]) -> list[str]:
    return [f"Container {number} is named twice." for number in sorted(set(numbers)) if numbers.count(number) > 1]


def _counted(made: int | None) -> str:
    if made is None:
        return "containers from 1 on"
    return "one, number 1" if made == 1 else f"{made}, numbered from 1" if made else "none"


def _cannot(number: int, now: ContainerState, state: ContainerState) -> str:
    if now == state == "administered":
        return f"Container {number} was administered already: a container is given once."
    if now == state:
        return f"Container {number} is {now} already."
    final = {"administered": "was administered", "destroyed": "was destroyed"}
    return f"Container {number} {final.get(now, f'is {now}')} and cannot be {_became(state)}."


def _became(state: ContainerState) -> str:
    return "put back in stock" if state == "in stock" else state
