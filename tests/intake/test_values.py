"""A printed value is one reading, or it is refused and the refusal says what to print."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import vocabulary
from registry.domain import Interval, Reading, with_unit
from registry.intake.values import Misprint, NoUnit, read, unit_inside
from registry.vocabulary import Characteristic, Unit
from tests.intake.report import interval

TERMS = vocabulary.load()
CD73 = TERMS.characteristic("CD73")
ENDOTOXIN = TERMS.characteristic("endotoxin")
CELLS = TERMS.characteristic("viable cell number")
STERILITY = TERMS.characteristic("sterility")
MYCOPLASMA = TERMS.characteristic("mycoplasma")
KARYOTYPE = TERMS.characteristic("karyotype")
UNBOUNDED = next(c for c in TERMS.characteristics.values() if c.range == Interval(None, None))


def unit_of(characteristic: Characteristic) -> Unit | None:
    if characteristic == CELLS:
        return TERMS.unit("cells", characteristic)
    return TERMS.units[characteristic.units[0]] if characteristic.units else None


def meant(printed: str, characteristic: Characteristic = CD73, comparator: str = "") -> str:
    """The reading in one line."""
    reading = read(printed, characteristic, unit_of(characteristic), comparator)
    if reading.interval:
        return interval(reading.interval)
    return reading.state or reading.text or TERMS.label(reading.outcome or "")


def refused(printed: str, characteristic: Characteristic = CD73, comparator: str = "") -> Misprint:
    with pytest.raises(Misprint) as caught:
        read(printed, characteristic, unit_of(characteristic), comparator)
    return caught.value


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        ("98.5", "[98.5, 98.5]"),
        ("98,5", "[98.5, 98.5]"),
        ("96.5%", "[96.5, 96.5]"),
        ("96.5 %", "[96.5, 96.5]"),
        ("100", "[100, 100]"),
        ("0.0", "[0.0, 0.0]"),
        ("98.500", "[98.500, 98.500]"),
        ("<0.5", "[0, 0.5)"),
        ("< 0,05", "[0, 0.05)"),
        ("≤2", "[0, 2]"),
        ("≥ 99", "[99, 100]"),
        (">95", "(95, 100]"),
        ("> 95% +", "(95, 100]"),
        ("98.4 % positive", "[98.4, 98.4]"),
        ("=98.5", "[98.5, 98.5]"),
        (">=100", "[100, 100]"),
        ("<=0", "[0, 0]"),
        ("negative", "negative"),
        ("Pos", "positive"),
        ("not evaluable", "not evaluable"),
        ("Not Tested", "not tested"),
        ("not analyzed", "not tested"),
    ],
)
def test_percent_as_printed(printed: str, reading: str) -> None:
    """Each printed form of a percentage has one meaning, and a limit ends where percentages end."""
    assert meant(printed) == reading


@pytest.mark.parametrize(
    ("printed", "reading"),
    [
        ("1.07E+06", "[1070000, 1070000]"),
        ("1,07e6", "[1070000, 1070000]"),
        ("274\u00a0000", "[274000, 274000]"),
        ("1\u202f274\u202f000", "[1274000, 1274000]"),
        ("274 000", "[274000, 274000]"),
        ("0.2×10⁷", "[2000000, 2000000]"),
        ("2.1 x 10^6", "[2100000, 2100000]"),
        ("2.1×10**6 cells", "[2100000, 2100000]"),
        ("10⁶", "[1000000, 1000000]"),
        ("> 2E6", "(2000000, ∞)"),
        ("<8", "[0, 8)"),
    ],
)
def test_counts_as_printed(printed: str, reading: str) -> None:
    """Powers of ten and spaces for thousands are read when nothing of them is lost."""
    assert meant(printed, CELLS) == reading


@pytest.mark.parametrize(
    ("printed", "characteristic", "reading"),
    [
        ("no growth", STERILITY, "not detected"),
        ("sterile", STERILITY, "not detected"),
        ("not detectable (<5 CFU/mL)", STERILITY, "not detected"),
        ("not detectable (<10 CFU/ml)", MYCOPLASMA, "not detected"),
        ("not detectable (<25 CFU/ml)", MYCOPLASMA, "[0, 25)"),
        ("<10 CFU/mL", MYCOPLASMA, "[0, 10)"),
        ("46,XX", KARYOTYPE, "46,XX"),
        ("46, XY, 16qh+", KARYOTYPE, "46, XY, 16qh+"),
    ],
)
def test_words_as_printed(printed: str, characteristic: Characteristic, reading: str) -> None:
    """A word is one of the characteristic's outcomes; a karyotype written out is kept as a finding."""
    assert meant(printed, characteristic) == reading


@pytest.mark.parametrize(
    "printed",
    [
        *("", " ", "NaN", "inf", "-inf", "ERROR", "#DIV/0!", "n.d.", "ND", "-", "−", "n/a", "Not determined"),
        *("101", "101 %", "-0.1", "-0.0", ">100", "> 100 %", "<0", "<101", ">-1"),
        *("98.4 ± 0.3", "98.4 +/- 0.3", "mean 98.4", "(2.1 ± 0.1) × 107", "95-98", "95–98 %", "95 to 98"),
        *("98,500", "0,125", "1.234,5", "1,234.5", "1,234,567", "1.234.567", "98.", "9 8"),
        *("13.2 (Uncertain", "3.58E3 (Out of optimal range)", "98.5*", "~98", "ca. 98", "98.5?", "Uncertain"),
        *("95+", "98 % -", "98 % neg", "<<2", "> <2", "=1+1", "=cmd|' /C calc'!A0", "98.5 EU/mL", "٩٨", "９８"),
        *("1E+999999999", "1E-999999999", "9" * 400, "1e", "e5", "x", "98\n5", "98\x1b[31m", "\ud800"),
    ],
)
def test_never_a_clean_percentage(printed: str) -> None:
    """Empty, ambiguous, averaged, flagged, damaged or out of range: refused, never read."""
    assert refused(printed).column == "value"


@pytest.mark.parametrize(
    ("printed", "characteristic", "message"),
    [
        (
            "0.2×107",
            CELLS,
            "The superscript is lost: '0.2×107' likely means 0.2×10⁷ = 2000000. Print 0.2E7.",
        ),
        (
            "98,500",
            CD73,
            "'98,500' can be read as 98.500 or as 98500: print it with a decimal point, and without a mark for "
            "thousands.",
        ),
        (
            "98.4 % -",
            CD73,
            "'98.4 % -' is the negative fraction, so likely 1.6 % positive: print the percent positive.",
        ),
        (
            "n.d.",
            CD73,
            "'n.d.' can mean not determined or not detected. Print 'not tested' or 'not evaluable' if there is no "
            "result, or the limit of detection with < if nothing was detected.",
        ),
        ("2026-02-01", CD73, "'2026-02-01' is a date, not a result: a spreadsheet may have made one of what was typed, "
         "such as 1-2. Format the cell as text, and print what was measured."),
        ("Pass", STERILITY, "'Pass' is a judgement, not a result: print what was seen, as 'no growth' or 'not "
         "detected'."),
        ("101", CD73, "CD73 cannot be 101: look at the value, and at its unit."),
        ("not detectable", CELLS, "'not detectable' does not say below which limit: print the limit of detection with "
         "<, and its unit."),
    ],
)  # fmt: skip
def test_a_refusal_names_the_likely_meaning(printed: str, characteristic: Characteristic, message: str) -> None:
    """Whoever printed it learns what it could mean and what to print instead."""
    assert refused(printed, characteristic).message == message


def test_no_unit_is_never_guessed() -> None:
    """0.97 without a unit may be a fraction or 0.97 %: refused; 0.97 % says which."""
    with pytest.raises(NoUnit):
        read("0.97", CD73, None)
    assert unit_inside("0.97") == ""
    assert unit_inside("0.97 %") == "%"
    assert unit_inside("<2.0 EU") == "EU"


def test_a_unit_in_the_value_agrees_with_its_column() -> None:
    """2.0 EU without a denominator is not 2.0 EU/mL."""
    per_ml = TERMS.unit("EU/mL", ENDOTOXIN)
    assert read("2.0 EU/ml", ENDOTOXIN, per_ml).interval == Interval(Decimal(2), Decimal(2))
    with pytest.raises(Misprint) as caught:
        read("2.0 EU", ENDOTOXIN, per_ml)
    assert caught.value.message == (
        "The value says 'EU' and the unit column says EU/mL: make them agree, or print the number alone."
    )


def test_a_unit_that_the_characteristic_does_not_admit_is_refused() -> None:
    """A percentage in EU/mL is a slip of the column."""
    with pytest.raises(Misprint) as caught:
        read("98.5", CD73, unit_of(ENDOTOXIN))
    assert caught.value.column == "unit"


@pytest.mark.parametrize(
    ("printed", "comparator", "reading"),
    [
        ("0.5", "<", "[0, 0.5)"),
        ("<0.5", "<", "[0, 0.5)"),
        ("99", "≥", "[99, 100]"),
        ("99", "=", "[99, 99]"),
        ("<0.5", "=", "[0, 0.5)"),
        ("negative", "", "negative"),
    ],
)
def test_the_comparator_column_joins_the_value(printed: str, comparator: str, reading: str) -> None:
    """A comparator may stand in its column, in the value, or in both alike."""
    assert meant(printed, comparator=comparator) == reading


@pytest.mark.parametrize(("printed", "comparator"), [("<0.5", ">"), ("≤2", "<"), ("2", "about"), ("negative", "<")])
def test_a_comparator_that_contradicts_the_value_is_refused(printed: str, comparator: str) -> None:
    """Two comparators that differ, an unknown one, or one beside a word."""
    assert refused(printed, comparator=comparator).column == "comparator"


EVERY = st.sampled_from(sorted(TERMS.characteristics.values(), key=lambda c: c.iri))
NEAR = st.text(alphabet="0123456789.,<>=≤≥ \u00a0%+-−±×x^eE*()n/dapot⁶", max_size=24)
NUMBER = st.decimals(min_value=0, max_value=100, places=2)


@given(
    printed=st.one_of(st.text(max_size=40), NEAR), characteristic=EVERY, comparator=st.sampled_from(["", "<", "≥", "?"])
)
def test_any_text_is_a_reading_or_a_misprint(printed: str, characteristic: Characteristic, comparator: str) -> None:
    """No text whatever yields anything else, and an interval never leaves the range."""
    try:
        reading = read(printed, characteristic, unit_of(characteristic), comparator)
    except Misprint:
        return
    assert [reading.interval, reading.outcome, reading.state, reading.text].count(None) == 3
    if reading.interval is not None:
        span = characteristic.range or Interval(None, None)
        assert reading.interval.within(span)
        assert not reading.interval.is_empty


def forms(number: Decimal) -> list[str]:
    """Every admitted way to print a percentage with one to two decimals."""
    plain = f"{number:.2f}".rstrip("0").rstrip(".")
    texts = {plain, plain.replace(".", ","), f"{number:E}", f"{number.scaleb(2):f}e-2", f"{number.scaleb(-1)}×10¹"}
    return [f"{before}{text}{after}" for text, before, after in product(sorted(texts), ("", " ", "="), ("", "%", " %"))]


@given(NUMBER)
def test_a_number_round_trips_whatever_way_it_is_printed(number: Decimal) -> None:
    """Every admitted way of printing a number reads as exactly that number."""
    for printed in forms(number):
        if "," not in printed or len(printed.partition(",")[2].strip(" %")) != 3:
            assert read(printed, CD73, unit_of(CD73)) == Reading(interval=Interval(number, number)), printed


@given(number=st.integers(min_value=1, max_value=10**12), space=st.sampled_from("\u00a0\u202f\u2009 "))
def test_thousands_round_trip(number: int, space: str) -> None:
    """A space of any width for thousands changes nothing."""
    value = Decimal(number)
    assert read(f"{number:,}".replace(",", space), CELLS, unit_of(CELLS)).interval == Interval(value, value)


@given(number=st.decimals(min_value=1, max_value=99, places=2), sign=st.sampled_from(["<", "≤", ">", "≥"]))
def test_comparators_give_open_and_closed_bounds(number: Decimal, sign: str) -> None:
    """``<`` and ``>`` leave the bound out, ``≤`` and ``≥`` keep it, wherever the comparator stands."""
    full = {
        "<": Interval(Decimal(0), number, high_open=True),
        "≤": Interval(Decimal(0), number),
        ">": Interval(number, Decimal(100), low_open=True),
        "≥": Interval(number, Decimal(100)),
    }[sign]
    assert read(f"{sign}{number}", CD73, unit_of(CD73)).interval == full
    assert read(f"{number}", CD73, unit_of(CD73), sign).interval == full


@given(st.decimals(min_value=-1000, max_value=1000, places=2))
def test_an_unbounded_characteristic_admits_negative_numbers(number: Decimal) -> None:
    """A logarithm or an inhibition may be below zero; a signed zero is a value that was never measured."""
    if number:
        assert read(f"{number}", UNBOUNDED, unit_of(UNBOUNDED)).interval == Interval(number, number)


@pytest.mark.parametrize(
    ("printed", "unit", "said"),
    [
        ("97,1", "%", "97,1 %"),
        ("97,1 %", "%", "97,1 %"),
        ("96.5%", "%", "96.5%"),
        ("not detectable (<10 CFU/mL)", "CFU/mL", "not detectable (<10 CFU/mL)"),
        ("negative", "%", "negative"),
        ("no growth", "", "no growth"),
        ("2.4E+07", "cells", "2.4E+07 cells"),
    ],
)
def test_a_unit_is_said_once_and_of_numbers_alone(printed: str, unit: str, said: str) -> None:
    """What a laboratory printed is never followed by a unit that it printed itself, nor a word by one."""
    assert with_unit(printed, unit) == said
