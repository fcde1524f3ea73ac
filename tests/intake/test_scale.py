"""A number of cells carries its power of ten once, and a mark before three digits is read only where it is sure."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import vocabulary
from registry.domain import Interval
from registry.intake.values import Misprint, plain, read
from registry.intake.values.decimal_mark import decimal_comma
from registry.vocabulary import Unit

TERMS = vocabulary.load()
CELLS = TERMS.characteristic("viable cell number")
DENSITY = TERMS.characteristic("viable cell density")
CD73 = TERMS.characteristic("CD73")
SINGLE, MILLIONS = TERMS.unit("cells", CELLS), TERMS.unit("10^6 cells", CELLS)
PERCENT = TERMS.unit("%", CD73)
WAYS = ("{n} x 10^6", "{n}E6", "{n}e+06", "{n}×10⁶", "{n}*10**6")


def counted(printed: str, unit: Unit) -> Decimal:
    """The number of cells that was read."""
    interval = read(printed, CELLS, unit).interval
    assert interval is not None
    assert interval.low is not None
    assert interval.low == interval.high
    return interval.low * unit.factor


def refused(printed: str, unit: Unit | None, comma: bool = False) -> str:
    with pytest.raises(Misprint) as caught:
        read(printed, CD73 if unit == PERCENT else CELLS, unit, comma=comma)
    assert caught.value.column == "value"
    return caught.value.message


@pytest.mark.parametrize(
    ("printed", "unit"), [("2 x 10^6", SINGLE), ("2E6", SINGLE), ("2×10⁶", SINGLE), ("2", MILLIONS), ("2E0", MILLIONS)]
)
def test_one_power_of_ten_is_read(printed: str, unit: Unit) -> None:
    """In the value or in the unit: two million cells."""
    assert counted(printed, unit) == 2_000_000


@pytest.mark.parametrize("printed", ["2 x 10^6", "2E6", "2×10⁶", "< 2E6"])
def test_two_powers_of_ten_are_refused_with_both_readings(printed: str) -> None:
    """A million times too many passes every lower limit there is."""
    assert refused(printed, MILLIONS) == (
        f"'{printed.removeprefix('< ')}' and the unit 10^6 cells both carry a power of ten: it can be read as 2000000 "
        "cells or as 2000000000000 cells. Print 2 with the unit 10^6 cells, or 2000000 with the unit cells, if that is "
        "what was counted."
    )


@given(
    number=st.integers(1, 999),
    power=st.integers(-30, 30).filter(bool),
    way=st.sampled_from(("{n}E{p}", "{n} x 10^{p}")),
)
def test_no_power_of_ten_is_ever_read_beside_another(number: int, power: int, way: str) -> None:
    """Whatever the number and its power: in a unit of millions it is refused."""
    refused(way.format(n=number, p=power), MILLIONS)


@given(number=st.integers(1, 999_999), way=st.sampled_from(WAYS))
def test_the_ways_to_print_a_power_agree(number: int, way: str) -> None:
    """The number with its power in cells is the number alone in millions of cells."""
    assert counted(way.format(n=number), SINGLE) == counted(str(number), MILLIONS) == number * 10**6


@pytest.mark.parametrize(
    ("printed", "unit", "message"),
    [
        ("2000000000000", SINGLE, "viable cell number cannot be 2000000000000 cells: look at the value, and at its "
         "unit. It is more than a trillion (10^12)."),
        ("2000000", MILLIONS, "viable cell number cannot be 2000000 10^6 cells: look at the value, and at its unit. "
         "2000000000000 cells is more than a trillion (10^12)."),
    ],
)  # fmt: skip
def test_more_cells_than_there_are_is_a_slip_of_the_unit(printed: str, unit: Unit, message: str) -> None:
    """A million million cells are the most that are believed; as many in a millilitre, too."""
    assert refused(printed, unit) == message
    assert counted("1000000", MILLIONS) == counted("1E12", SINGLE) == 10**12
    with pytest.raises(Misprint):
        read("2000000", DENSITY, TERMS.unit("10^6 cells/mL", DENSITY))


@pytest.mark.parametrize(
    ("printed", "unit", "both", "write"),
    [
        ("25.000", PERCENT, "25 or as 25000", "25,0 or 25000"),
        ("1.250", SINGLE, "1.25 or as 1250", "1,25 or 1250"),
        ("97.125", PERCENT, "97.125 or as 97125", "97,1250 or 97125"),
        ("98,500", PERCENT, "98.5 or as 98500", "98,5 or 98500"),
    ],
)
def test_three_digits_after_a_mark_may_be_thousands_where_decimals_have_commas(
    printed: str, unit: Unit, both: str, write: str
) -> None:
    """Both readings are named, and how each is written without doubt."""
    assert refused(printed, unit, comma=True) == (
        f"'{printed}' can be read as {both}: this table marks decimals with commas, and the mark may be one for "
        f"thousands. Print {write}."
    )


@pytest.mark.parametrize(
    ("printed", "value"),
    [("0,010", "0.010"), ("0,125", "0.125"), ("0.125", "0.125"), ("97,1250", "97.125"), ("98.5", "98.5")],
)
def test_what_cannot_be_thousands_is_read_where_decimals_have_commas(printed: str, value: str) -> None:
    """No thousands begin with a zero, and none have two or four digits after their mark."""
    number = Decimal(value)
    assert read(printed, CD73, PERCENT, comma=True).interval == Interval(number, number)


def test_a_power_of_ten_shows_that_a_mark_is_no_thousands() -> None:
    """A counter writes 1.070E+06 wherever its table comes from."""
    assert read("1.070E+06", CELLS, SINGLE, comma=True).interval == Interval(Decimal(1070000), Decimal(1070000))


@pytest.mark.parametrize(
    ("values", "semicolons", "shown"),
    [
        (("98,5", "25.000"), False, True),
        (("< 0,5 %",), False, True),
        (("1,07e6",), False, True),
        (("1.234,5",), False, True),
        (("98,500", "0,010", "46,XX", "46, XY", "negative", "1,234,567"), False, False),
        (("25.000",), False, False),
        (("25.000",), True, True),
        (("25.000", "98.5"), True, False),
        (("0,010", "98.5"), True, True),
    ],
)
def test_a_table_shows_how_it_marks_decimals(values: tuple[str, ...], semicolons: bool, shown: bool) -> None:
    """By a number that can be read in one way only; semicolons speak for commas unless its numbers have points."""
    assert decimal_comma(values, semicolons) is shown


@given(st.decimals(min_value=1, max_value=999, places=3))
def test_what_a_refusal_says_to_print_is_read(number: Decimal) -> None:
    """With the decimals as it writes them, the value is what it was; and never a thousand times as much."""
    said = refused(f"{number:.3f}", SINGLE, comma=True)
    first = said.rpartition("Print ")[2].partition(" or ")[0]
    assert read(first, CELLS, SINGLE, comma=True).interval == Interval(number, number), plain(number)
