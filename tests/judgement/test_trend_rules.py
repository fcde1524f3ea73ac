"""Westgard's and Nelson's rules to the letter: what breaks each, beside what just does not."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.judgement.trend_rules import FEWEST, RULES, USUAL, Variance, broken


def breaks(rule: str, *tenths: int | None) -> bool:
    """Whether the last of these distances, in tenths of s, breaks the rule."""
    return RULES[rule].is_broken(tenths, Variance(100, 1))


@pytest.mark.parametrize(
    ("rule", "broken_by", "kept_by"),
    [
        ("1-3s", [(31,), (-31,), (0, 31)], [(30,), (-30,), (31, 0), (None,)]),
        ("1-2s", [(21,), (-21,)], [(20,), (21, 0)]),
        ("2-2s", [(21, 21), (-21, -31)], [(21, -21), (21, 20), (21,), (21, None, 21)]),
        ("R-4s", [(21, -21), (-21, 25)], [(21, 21), (21, -20), (21, 0, -21), (21, None)]),
        ("4-1s", [(11, 11, 11, 11), (-11, -12, -13, -14)], [(11, 11, 11), (11, 11, 11, 10), (11, -11, 11, 11)]),
        ("10-x", [(1,) * 10, (-1,) * 10], [(1,) * 9, (1,) * 9 + (0,), (1,) * 9 + (-1,), (1,) * 8 + (None, 1)]),
        ("nelson-1", [(31,), (-31,)], [(30,)]),
        ("nelson-2", [(1,) * 9, (-5,) * 9], [(1,) * 8, (1,) * 4 + (0,) + (1,) * 4]),
        ("nelson-3", [(1, 2, 3, 4, 5, 6), (6, 5, 4, 3, 2, 1)], [(1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 5), (0, 2, 1, 3, 4)]),
        ("nelson-4", [(1, -1) * 7, (5, 6) * 7], [(1, -1) * 6 + (1,), (1, -1) * 6 + (1, 1)]),
        ("nelson-5", [(21, 0, 21), (0, 21, 21), (-21, 5, -22)], [(21, 21), (21, 21, 0), (21, 0, -21), (21, 0, 20)]),
        ("nelson-6", [(11, 11, 11, 0, 11), (-11, -11, 0, -11, -11)], [(11, 11, 11, 11, 0), (11, 11, -11, -11, 11)]),
        ("nelson-7", [(9, -9, 0) * 5], [(9, -9, 0) * 4 + (9, -9), (9,) * 14 + (10,)]),
        ("nelson-8", [(11, -11) * 4], [(11,) * 8, (11, -11) * 3 + (11, 10), (11, -11) * 3 + (11,)]),
    ],
)  # fmt: skip
def test_a_rule_is_broken_by_these_and_kept_by_those(
    rule: str, broken_by: list[tuple[int | None, ...]], kept_by: list[tuple[int | None, ...]]
) -> None:
    """A value at the bound itself, a shorter run, another side, a value that is not known: none breaks it."""
    wanted = [(values, True) for values in broken_by]
    wanted += [(values, False) for values in kept_by]
    assert [(values, breaks(rule, *values)) for values, _is in wanted] == wanted


def test_the_mean_and_s_are_those_of_the_values_and_nothing_is_rounded() -> None:
    """23 of 97 and 99 by turns and a last of 93 or 94: by fractions, 3.34 s off is beyond 3 s, and 2.95 s is not."""
    turns = [Decimal(97 + 2 * (place % 2)) for place in range(23)]
    for last, is_beyond in ((Decimal(93), True), (Decimal(94), False)):
        values = [*turns, last]
        mean = Fraction(sum(values)) / 24
        variance = sum((Fraction(value) - mean) ** 2 for value in values) / 23
        assert ((mean - Fraction(last)) ** 2 > 9 * variance) is is_beyond
        assert broken(values, ("1-3s",)) == [()] * 23 + [("1-3s",) if is_beyond else ()]


def test_a_value_exactly_at_three_deviations_breaks_nothing() -> None:
    """Nine zeros, and one: the mean is 0.1, s squared 0.1, and 0.9 squared is 8.1 tenths, less than nine tenths."""
    assert broken([0] * 9 + [1], ("1-3s",)) == [()] * 10
    assert broken([0] * 10 + [1], ("1-3s",))[-1] == ("1-3s",)


def test_fewer_than_ten_exact_values_say_nothing() -> None:
    """A censored value is none of them, and nothing is said of it."""
    nine = [Decimal(98)] * 8 + [Decimal(50)]
    assert broken([*nine, None]) == [()] * 10
    assert [bool(each) for each in broken([*([Decimal(98)] * 10), None, Decimal(50)], ("1-3s",))] == [
        *([False] * 11), True,
    ]  # fmt: skip
    assert FEWEST == 10


def test_a_rule_that_there_is_none_of_is_an_error() -> None:
    """Nothing is left unasked in silence."""
    with pytest.raises(KeyError):
        broken([Decimal(1)] * 12, ("1-4s",))


@given(st.lists(st.integers(0, 1000), min_size=FEWEST, max_size=40), st.integers(1, 9), st.integers(-500, 500))
def test_another_unit_breaks_the_same_rules(values: list[int], factor: int, shift: int) -> None:
    """Percent or fractions, degrees of one scale or of another: a rule is about order and distance alone."""
    scaled = [Decimal(value * factor + shift).scaleb(-2) for value in values]
    assert broken(scaled, RULES) == broken(values, RULES)


@given(st.lists(st.integers(0, 1000), min_size=FEWEST, max_size=40))
def test_turned_upside_down_the_same_rules_are_broken(values: list[int]) -> None:
    """No rule knows up from down."""
    assert broken([-value for value in values], RULES) == broken(values, RULES)


def test_the_usual_rules_are_westgards_without_his_warning() -> None:
    """Each of them there is, and named once."""
    assert {RULES[rule].author for rule in USUAL} == {"Westgard"}
    assert "1-2s" not in USUAL
