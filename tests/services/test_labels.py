"""What a scanned label says: which lot, which expiry, and what is no label's content."""

from __future__ import annotations

from datetime import date

import pytest

from registry.identifiers import leads_nowhere
from registry.services.lots.scanned_label import GS, Scan, read_label

GTIN = "09506000134352"
TODAY = date(2026, 11, 22)
BASES = ("https://registry.example/", "http://127.0.0.1:8101/")


def coded(expires: str = "", *, bare: bool = False, others: tuple[str, ...] = ()) -> Scan:
    """H-01 as a code of GS1 names it, which no label of this registry does."""
    return Scan("H-01", expires, bare=bare, foreign=True, product=GTIN, others=others)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://registry.example/lots/H-01", Scan("H-01")),
        ("HTTPS://REGISTRY.EXAMPLE/LOTS/H-01", Scan("H-01")),
        ("http://registry.example/lots/H-01?done=hold", Scan("H-01")),
        ("https://registry.example/lot/H-01", Scan("H-01")),
        ("https://registry.example/lots/A%2F1%20%237", Scan("A/1 #7")),
        ("http://127.0.0.1:8101/lots/H-01", Scan("H-01")),
        ("http://127.0.0.1:8102/lots/H-01", Scan("H-01", elsewhere=True, foreign=True)),
        ("https://other.example/lot/H-01", Scan("H-01", elsewhere=True, foreign=True)),
        ("https://id.gs1.org/01/09506000134352/10/H-01", coded()),
        ("https://id.gs1.org/01/09506000134352/10/H-01?17=270522", coded("2027-05-22")),
        ("(01)09506000134352(10)H-01", coded()),
        ("(01)09506000134352(17)270522(10)H-01", coded("2027-05-22")),
        ("]d201095060001343521727052210H-01", coded("2027-05-22")),
        (f"010950600013435210H-01{GS}17270522", coded("2027-05-22")),
        (f"]C1010950600013435210H-01{GS}7003270522", coded("2027-05-22")),
        (f"]C1010950600013435210H-01{GS}70032705221430", coded("2027-05-22 14:30")),
        ("010950600013435210H-01", coded(bare=True)),
        ("01095060001343521727052210H-01", coded("2027-05-22", bare=True)),
        ("01095060001343521126052217270522" + "10H-01", coded("2027-05-22", bare=True)),
        ("010950600013435210H-01␝17270522", coded("2027-05-22")),
        ("010950600013435210H-01<GS>700327052214", coded("2027-05-22 14:00")),
        ("https://id.gs1.org/01/09506000134352/10/H-01/?exp=2027-05-22", coded("2027-05-22")),
        ("(01)09506000134352(17)270522(7003)2705231200(10)H-01", coded("2027-05-22, 2027-05-23 12:00")),
        ("(01)09506000134352(15)270522(10)H-01", coded(others=("best before 2027-05-22",))),
        ("(01)09506000134352(16)270522(10)H-01", coded(others=("sell by 2027-05-22",))),
        ("(10)H-01", Scan("H-01", foreign=True)),
        ("0109506000134352310300050010H-01", coded(bare=True)),
        ("]d20109506000134352410950600013435210H-01", coded()),
        ("(01)09506000134352(10)H 01", Scan("H 01", foreign=True, product=GTIN)),
        ("https://registry.example/lots/H-01/", Scan("H-01")),
        ("https://registry.example/lots/H-01?17=270522", Scan("H-01", "2027-05-22")),
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
        "http://[",
        "https://[x/lots/H-01",
        "010950600013435310H-01",
        "01095060001343521727052210",
        "010950600013435210" + "A" * 21,
        "(01)09506000134352(17)270522",
        "https://registry.example/products/POI-M",
        "https://registry.example/lots/",
    ],
    ids=[
        "an id",
        "a word",
        "no host",
        "half a host",
        "check digit",
        "no lot",
        "too long",
        "no lot, printed",
        "no lot's page",
        "no name",
    ],
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
    assert read_label(f"(01)09506000134352(17){printed}(10)H-01", BASES, TODAY) == coded(expires)


@pytest.mark.parametrize(("year", "expires"), [(2076, "2126-01-01"), (2099, "2126-01-01"), (2075, "2026-01-01")])
def test_the_century_turns(year: int, expires: str) -> None:
    """A year of 50 or more behind is one of the next century."""
    assert read_label("(17)260101(10)H-01", BASES, date(year, 6, 1)) == Scan("H-01", expires, foreign=True)


@pytest.mark.parametrize(
    ("base", "nowhere"),
    [
        ("https://registry.example/", True),
        ("https://cells.example.org/", True),
        ("https://lab.test/", True),
        ("https://cells.hospital.org/", False),
        ("http://127.0.0.1:8101/", False),
        ("https://registry.example.hospital.org/", False),
    ],
)
def test_a_base_that_stands_for_no_machine_is_known(base: str, nowhere: bool) -> None:
    """By RFC 2606 and 6761: a label never holds an address under it."""
    assert leads_nowhere(base) is nowhere
