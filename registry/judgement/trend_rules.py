"""When a value is out of trend although it passes: Westgard's and Nelson's rules, to the letter and in exact numbers.

    broken([98, 97, 98, 97, 98, 97, 98, 97, 98, 97, 98, 91], ("1-3s", "2-2s"))[-1]      ("1-3s",)

The centre and the standard deviation s are those of the values themselves, sample deviation with n - 1, as a control
chart draws them. Nothing is rounded: with d the distance from the mean, ``beyond 3 s`` is d squared > 9 s squared, in
whole numbers. A value that is not exact (``<0.5``, nothing) stands at no distance: it breaks every run, and no rule is
broken at it. Of fewer than ``FEWEST`` exact values nothing is said. A rule that is broken changes no verdict.

Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control in clinical chemistry.
Clin Chem 1981;27:493-501. Nelson LS. The Shewhart control chart: tests for special causes. J Qual Technol
1984;16:237-239, doi:10.1080/00224065.1984.11978921.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

FEWEST, LONGEST = 10, 15
"""Exact values below which no rule is asked, for a mean and an s of fewer say little; and the longest run of a rule."""
Distances = Sequence[int | None]
"""How far each value is from the mean, in order, in a unit so small that it is a whole number; None for one that is not
exact. The last is the one asked about."""


@dataclass(frozen=True, slots=True)
class Variance:
    """The square of s in the same unit, as a sum of squares and what it is divided by."""

    squares: int
    by: int


Broken = Callable[[Distances, Variance], bool]
"""Whether the last value breaks a rule, given the distances up to it and the variance."""


@dataclass(frozen=True, slots=True)
class TrendRule:
    """One rule: its name, whose it is, and the sentence that it says of a value."""

    id: str
    author: str
    sentence: str
    is_broken: Broken


def _tail(distances: Distances, count: int) -> list[int] | None:
    """The last so many distances; None where there are fewer, or one of them is not known."""
    tail = [distance for distance in distances[-count:] if distance is not None]
    return tail if len(tail) == count else None


def _beyond(distance: int, variance: Variance, deviations: int) -> bool:
    return distance * distance * variance.by > deviations * deviations * variance.squares


def _one_side(tail: Iterable[int]) -> bool:
    """All above the mean, or all below it; one that is the mean is on neither side."""
    sides = {(distance > 0) - (distance < 0) for distance in tail}
    return sides in ({1}, {-1})


def _all_beyond(count: int, deviations: int) -> Broken:
    """So many in a row on one side, each beyond so many s."""

    def is_broken(distances: Distances, variance: Variance) -> bool:
        tail = _tail(distances, count)
        return tail is not None and _one_side(tail) and all(_beyond(each, variance, deviations) for each in tail)

    return is_broken


def _side(count: int) -> Broken:
    """So many in a row on one side of the mean."""

    def is_broken(distances: Distances, _variance: Variance) -> bool:
        tail = _tail(distances, count)
        return tail is not None and _one_side(tail)

    return is_broken


def _most_beyond(least: int, count: int, deviations: int) -> Broken:
    """At least so many of so many on one side and beyond so many s, the last of them one."""

    def is_broken(distances: Distances, variance: Variance) -> bool:
        tail = _tail(distances, count)
        if tail is None:
            return False
        far = [distance for distance in tail if _beyond(distance, variance, deviations)]
        same = [distance for distance in far if _one_side((distance, tail[-1]))]
        return tail[-1] in far and len(same) >= least

    return is_broken


def _opposite(distances: Distances, variance: Variance) -> bool:
    """One beyond 2 s, and the next beyond 2 s on the other side."""
    tail = _tail(distances, 2)
    return tail is not None and tail[0] * tail[1] < 0 and all(_beyond(each, variance, 2) for each in tail)


def _drift(distances: Distances, _variance: Variance) -> bool:
    """Six in a row, each above the one before, or each below it."""
    tail = _tail(distances, 6)
    steps = [] if tail is None else [after - before for before, after in pairwise(tail)]
    return bool(steps) and _one_side(steps)


def _alternation(distances: Distances, _variance: Variance) -> bool:
    """Fourteen in a row, up and down by turns."""
    tail = _tail(distances, 14)
    steps = [] if tail is None else [after - before for before, after in pairwise(tail)]
    return bool(steps) and all(step * following < 0 for step, following in pairwise(steps))


def _within(distances: Distances, variance: Variance) -> bool:
    """Fifteen in a row within 1 s, on either side."""
    tail = _tail(distances, 15)
    return tail is not None and all(distance * distance * variance.by < variance.squares for distance in tail)


def _outside(distances: Distances, variance: Variance) -> bool:
    """Eight in a row beyond 1 s, on both sides."""
    tail = _tail(distances, 8)
    return tail is not None and not _one_side(tail) and all(_beyond(each, variance, 1) for each in tail)


_WESTGARD = (
    ("1-3s", "beyond 3 s", _all_beyond(1, 3)),
    ("2-2s", "two in a row beyond 2 s on one side", _all_beyond(2, 2)),
    ("R-4s", "beyond 2 s, and the one before it beyond 2 s on the other side", _opposite),
    ("4-1s", "four in a row beyond 1 s on one side", _all_beyond(4, 1)),
    ("10-x", "ten in a row on one side of the mean", _side(10)),
    ("1-2s", "beyond 2 s", _all_beyond(1, 2)),
)
_NELSON = (
    ("nelson-1", "beyond 3 s", _all_beyond(1, 3)),
    ("nelson-2", "nine in a row on one side of the mean", _side(9)),
    ("nelson-3", "six in a row, each higher or each lower than the one before", _drift),
    ("nelson-4", "fourteen in a row, up and down by turns", _alternation),
    ("nelson-5", "two of three in a row beyond 2 s on one side", _most_beyond(2, 3, 2)),
    ("nelson-6", "four of five in a row beyond 1 s on one side", _most_beyond(4, 5, 1)),
    ("nelson-7", "fifteen in a row within 1 s", _within),
    ("nelson-8", "eight in a row beyond 1 s, on both sides", _outside),
)
RULES = {
    id: TrendRule(id, author, sentence, is_broken)
    for author, rules in (("Westgard", _WESTGARD), ("Nelson", _NELSON))
    for id, sentence, is_broken in rules
}
"""Every rule, by name, in the order of its author."""
USUAL = ("1-3s", "2-2s", "R-4s", "4-1s", "10-x")
"""Those of a product that has chosen none: Westgard's, without his warning at 2 s, which one in twenty breaks."""


def broken(values: Sequence[Decimal | int | None], rules: Iterable[str] = USUAL) -> list[tuple[str, ...]]:
    """Of each value, in order, the rules that it breaks; None is a value that is not exact.

    Raises KeyError for a rule that there is none of.
    """
    wanted = [RULES[rule] for rule in rules]
    exact = [Decimal(value) for value in values if value is not None]
    if len(exact) < FEWEST:
        return [() for _value in values]
    distances, variance = _from_the_mean(values, exact)
    return [
        tuple(rule.id for rule in wanted if rule.is_broken(distances[max(0, place - LONGEST) : place + 1], variance))
        if distances[place] is not None
        else ()
        for place in range(len(values))
    ]


def _from_the_mean(
    values: Sequence[Decimal | int | None], exact: Sequence[Decimal]
) -> tuple[list[int | None], Variance]:
    """Distances and variance in whole numbers: each value times ten to the most decimals that one has, times n."""
    places = max(-int(value.as_tuple().exponent) for value in exact)
    whole = [None if value is None else int(Decimal(value).scaleb(max(places, 0))) for value in values]
    known = [value for value in whole if value is not None]
    total, count = sum(known), len(known)
    distances = [None if value is None else value * count - total for value in whole]
    squares = sum(distance * distance for distance in distances if distance is not None)
    return distances, Variance(squares, count - 1)
