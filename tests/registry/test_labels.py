"""What a scanned label says: which lot, which expiry, and what is no label's content."""

from __future__ import annotations

from datetime import date

import pytest

from registry.registry.labels import GS, Scan, read_label

TODAY = date(2026, 11, 22)
BASES = ("https://registry.example/", "http://127.0.0.1:8101/")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://registry.example/lots/H-01", Scan("H-01")),
        ("HTTPS://REGISTRY.EXAMPLE/LOTS/H-01", Scan("H-01")),
        ("http://registry.example/lots/H-01?done=hold", Scan("H-01")),
        ("https://registry.example/lot/H-01", Scan("H-01")),
        ("https://registry.example/lots/A%2F1%20%237", Scan("A/1 #7")),
        ("http://127.0.0.1:8101/lots/H-01", Scan("H-01")),
        ("http://127.0.0.1:8102/lots/H-01", Scan("H-01", elsewhere=True)),
        ("https://other.example/lot/H-01", Scan("H-01", elsewhere=True)),
        ("https://id.gs1.org/01/09506000134352/10/H-01", Scan("H-01")),
        ("https://id.gs1.org/01/09506000134352/10/H-01?17=270522", Scan("H-01", "2027-05-22")),
        ("(01)09506000134352(10)H-01", Scan("H-01")),
        ("(01)09506000134352(17)270522(10)H-01", Scan("H-01", "2027-05-22")),
        ("]d201095060001343521727052210H-01", Scan("H-01", "2027-05-22")),
        (f"010950600013435210H-01{GS}17270522", Scan("H-01", "2027-05-22")),
        (f"]C1010950600013435210H-01{GS}7003270522", Scan("H-01", "2027-05-22")),
        (f"]C1010950600013435210H-01{GS}70032705221400", Scan("H-01", "2027-05-22")),
        ("010950600013435210H-01", Scan("H-01", bare=True)),
        ("01095060001343521727052210H-01", Scan("H-01", "2027-05-22", bare=True)),
        ("01095060001343521126052217270522" + "10H-01", Scan("H-01", "2027-05-22", bare=True)),
    ],
)
def test_a_label_names_a_lot_and_may_state_its_expiry(text: str, said: Scan) -> None:
    """An address under which this registry is known, GS1 in its three ways of writing; another host is elsewhere."""
    assert read_label(text, BASES, TODAY) == said


@pytest.mark.parametrize(
    "text",
    [
        "H-01",
        "Paris",
        "010950600013435310H-01",
        "01095060001343521727052210",
        "010950600013435210" + "A" * 21,
        "(01)09506000134352(17)270522",
        "https://registry.example/products/POI-M",
        "https://registry.example/lots/",
    ],
    ids=["an id", "a word", "check digit", "no lot", "too long", "no lot, printed", "no lot's page", "no name"],
)
def test_nothing_else_is_a_label(text: str) -> None:
    """A GTIN is known by its check digit; a lot in GS1 has at most 20 signs."""
    assert read_label(text, BASES, TODAY) is None


@pytest.mark.parametrize(
    ("printed", "expires"),
    [
        ("270200", "2027-02-28"),
        ("280200", "2028-02-29"),
        ("760101", "2076-01-01"),
        ("770101", "1977-01-01"),
        ("271301", "271301"),
        ("27052", "27052"),
    ],
    ids=["day 00", "day 00 in a leap year", "50 years ahead", "51 years ahead", "month 13", "five digits"],
)
def test_a_date_of_two_digit_year(printed: str, expires: str) -> None:
    """GS1 General Specifications 7.12; what is no date stays as the label has it, and is no lot's expiry."""
    assert read_label(f"(01)09506000134352(17){printed}(10)H-01", BASES, TODAY) == Scan("H-01", expires)


@pytest.mark.parametrize(("year", "expires"), [(2076, "2126-01-01"), (2099, "2126-01-01"), (2075, "2026-01-01")])
def test_the_century_turns(year: int, expires: str) -> None:
    """A year of 50 or more behind is one of the next century."""
    assert read_label("(17)260101(10)H-01", BASES, date(year, 6, 1)) == Scan("H-01", expires)
