"""Identifiers of others, each by the rules of its scheme: what is read, in one way of writing, and what is refused."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import WrongUsage
from registry.exchange.schemes import din, gs1
from registry.exchange.schemes.every_scheme import SCHEMES, read, readings
from registry.exchange.schemes.reading import AT_MOST

TODAY = date(2026, 12, 1)
GTIN = "09506000134352"
H_03 = f"(01){GTIN}(10)H-03"
SEC = "DE000001W000016428175A000000000020261201"
VECTORS = (
    "G123498654321H", "G123417654321A", "A9999171234569", "A999914123458J", "W0000164281751", "A999916000065A",
    "W125607123456K", "C000306001458N", "P000206019063X", "9000116123456E", "5032116593212Q", "A999926000088*",
    "A9999260000050",
)  # fmt: skip
VALUES = st.text(string.ascii_letters + string.digits + "!\"%&'*+,-./:;<=>?_", min_size=1, max_size=20)
FIRST = string.ascii_uppercase.replace("O", "") + string.digits[1:]
NUMBERS = st.tuples(st.sampled_from(FIRST), st.integers(0, 10**12 - 1)).map(lambda parts: f"{parts[0]}{parts[1]:012}")
GTINS = (
    st.integers(0, 10**13 - 1)
    .map("{:013}".format)
    .map(lambda digits: next(digits + last for last in string.digits if gs1.check_digit_holds(digits + last)))
)


@pytest.mark.parametrize(
    ("scheme", "text", "expected"),
    [
        ("gtin", "9506000134352", GTIN),
        ("gtin", f"(01){GTIN}", GTIN),
        ("gs1", H_03, H_03),
        ("gs1", f"]d201{GTIN}1726120110H-03", H_03),
        ("gs1", f"]C101{GTIN}10H-03\x1d21S1", f"{H_03}(21)S1"),
        ("gs1", f"01{GTIN}10H-03<GS>21S1", f"{H_03}(21)S1"),
        ("gs1", f"https://id.gs1.org/01/{GTIN}/10/H-03?17=261201", H_03),
        ("gs1", "https://maker.example/a/01/9506000134352/21/S%2F1", f"(01){GTIN}(21)S/1"),
        ("din", "=W00001642817500", "W000016428175"),
        ("din", "]C0=W00001642817500", "W000016428175"),
        ("din", "W0000 16 428175 00 1", "W000016428175"),
        ("din", "w0000164281751", "W000016428175"),
        ("sec", f"SEC: {SEC[:21]} {SEC[21:]}", SEC),
        ("chain-of-identity", "JN-77 a", "JN-77 a"),
        ("house", "]d124/0117", "24/0117"),
    ],
)
def test_an_identifier_has_one_way_of_writing(scheme: str, text: str, expected: str) -> None:
    """Scanned, typed or as printed."""
    assert read(scheme, text, TODAY).text == expected


@pytest.mark.parametrize(
    ("scheme", "text", "message"),
    [
        ("gtin", "9506000134353", "The check digit of this product number (GTIN) is wrong."),
        ("gtin", "950600013435", "The check digit of this product number (GTIN) is wrong."),
        ("gtin", "95060", "This is no product number (GTIN)."),
        ("gs1", "(10)H-03", "This GS1 code names no product."),
        ("gs1", f"(01){GTIN}", "This GS1 code names a product, and no lot."),
        ("gs1", "(01)09506000134353(10)H-03", "The check digit of this product number (GTIN) is wrong."),
        ("gs1", f"{H_03}(10)H-04", "This GS1 code says (10) twice, and differently."),
        ("gs1", f"(01){GTIN}(10)H 03", "This GS1 code's (10) cannot be one."),
        ("gs1", f"(01){GTIN}(10)", "This GS1 code cannot be read."),
        ("gs1", f"(01){GTIN}(10){21 * 'A'}", "This GS1 code's (10) cannot be one."),
        ("gs1", f"]d201{GTIN[:9]}", "This GS1 code ends within (01)."),
        ("gs1", f"]d201{GTIN}10H-03\x1dZZZ", "This GS1 code cannot be read to its end."),
        ("gs1", f"https://[/01/{GTIN}/10", "This GS1 Digital Link cannot be read."),
        ("gs1", f"https://id.gs1.org/01/{GTIN}/10", "This GS1 Digital Link cannot be read."),
        ("din", "W0000164281752", "The check character of this donation identification number is wrong."),
        ("din", "W000016428175", "This donation identification number was typed without its check character."),
        ("din", "O0000164281751", "This is no donation identification number of ISBT 128."),
        ("sec", SEC[:-1], "This is no Single European Code."),
        ("sec", f"{SEC[:-8]}20261301", "This Single European Code ends in no date."),
        ("house", "https://maker.example/7", "This cannot be an identifier."),
        ("house", "µ-7", "This cannot be an identifier."),
        ("house", "x" * 65, "This cannot be an identifier."),
        ("house", "x" * (AT_MOST + 1), "This is too long to be an identifier."),
        ("join", "1", "There is no such scheme."),
    ],
)
def test_what_a_scheme_refuses_is_no_identifier(scheme: str, text: str, message: str) -> None:
    """A wrong check, a missing part, a sign too many."""
    with pytest.raises(WrongUsage) as refused:
        read(scheme, text, TODAY)
    assert refused.value.message == message


@pytest.mark.parametrize("typed", VECTORS)
def test_the_check_character_is_that_of_the_published_numbers(typed: str) -> None:
    """ISO/IEC 7064 MOD 37-2."""
    assert din.check_character(typed[:13]) == typed[13]


@given(NUMBERS, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_sign_of_a_donation_number_is_always_noticed(number: str, at: int, by: int) -> None:
    """So are two neighbours that changed places, below."""
    wrong = str((int(number[at]) + by) % 10) if number[at].isdigit() else ("B" if number[at] == "A" else "A")
    assert din.check_character(number[:at] + wrong + number[at + 1 :]) != din.check_character(number)


@given(NUMBERS, st.integers(1, 11))
def test_two_neighbours_that_changed_places_are_noticed(number: str, at: int) -> None:
    """Unless they are the same sign."""
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert (din.check_character(swapped) == din.check_character(number)) is (swapped == number)


@given(GTINS, st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_product_number_is_always_noticed(number: str, at: int, by: int) -> None:
    """General Specifications 7.9.1."""
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert (gs1.check_digit_holds(number), gs1.check_digit_holds(wrong)) == (True, False)


@given(GTINS, VALUES, VALUES)
def test_a_code_says_the_same_printed_scanned_and_as_a_link(gtin: str, lot: str, serial: str) -> None:
    """What it says is what went in."""
    printed = f"(01){gtin}(10){lot}(21){serial}"
    scanned = gs1.read_code(f"]d201{gtin}10{lot}\x1d21{serial}", TODAY)
    quoted = [each.replace("%", "%25").replace("/", "%2F").replace("?", "%3F") for each in (lot, serial)]
    link = gs1.read_code(f"https://id.gs1.org/01/{gtin}/10/{quoted[0]}/21/{quoted[1]}", TODAY)
    keys = (printed, f"(01){gtin}(10){lot}", f"(01){gtin}(21){serial}")
    assert (scanned.text, scanned.keys, scanned) == (printed, keys, link)
    assert gs1.read_code(printed, TODAY) == scanned


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    """Nothing else is raised, whatever is typed or scanned; and what is read reads as itself again."""
    try:
        several = readings(text, TODAY)
    except WrongUsage:
        return
    for reading in several:
        if reading.keys and reading.scheme != din.SCHEME:
            assert SCHEMES[reading.scheme].read(reading.text, TODAY).text == reading.text


@pytest.mark.parametrize(
    ("text", "schemes"),
    [
        (H_03, ["gs1"]),
        (f"01{GTIN}10H-03", ["gs1"]),
        ("=W00001642817500", ["din"]),
        ("W0000164281751", ["din", "chain-of-identity", "house"]),
        (SEC, ["sec", "chain-of-identity", "house"]),
        (f"SEC: {SEC}", ["sec"]),
        ("H-03", ["chain-of-identity", "house"]),
        ("https://registry.example/lots/01/", []),
    ],
)
def test_a_text_may_be_of_several_schemes_unless_it_says_of_which(text: str, schemes: list[str]) -> None:
    """A prefix, separators, parentheses or an address say it."""
    assert [reading.scheme for reading in readings(text, TODAY)] == schemes
