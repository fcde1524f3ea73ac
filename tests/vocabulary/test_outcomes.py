"""What is seen of recipients has its own names, units and factors, and never mixes with what is measured on lots."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry import vocabulary
from registry.errors import Unknown, WrongUsage

TERMS = vocabulary.load()
OF_RECIPIENTS = TERMS.of_recipients


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("FSH", "follicle stimulating hormone"),
        ("LH", "luteinising hormone"),
        ("E2", "oestradiol"),
        ("estradiol", "oestradiol"),
        ("AMH", "anti-Müllerian hormone"),
        ("AFC", "antral follicle count"),
        ("MII", "MII oocytes"),
        ("2PN", "2PN zygotes"),
        ("livebirth", "live birth"),
        ("AE", "adverse event"),
    ],
)
def test_an_outcome_is_known_by_its_names(name: str, symbol: str) -> None:
    """As clinics print them."""
    assert OF_RECIPIENTS.characteristic(name).symbol == symbol


@pytest.mark.parametrize("name", ["LH", "AMH", "AFC", "live birth", "adverse event"])
def test_an_outcome_is_no_characteristic_of_a_lot(name: str) -> None:
    """A panel's reader does not know it."""
    with pytest.raises(Unknown):
        TERMS.characteristic(name)


@pytest.mark.parametrize("name", ["CD73", "viability", "sterility"])
def test_a_characteristic_of_a_lot_is_no_outcome(name: str) -> None:
    """A reader of outcomes does not know it."""
    with pytest.raises(Unknown):
        OF_RECIPIENTS.characteristic(name)


@pytest.mark.parametrize(
    ("name", "value", "unit", "to", "expected"),
    [
        ("FSH", "25", "mIU/mL", "IU/L", "25"),
        ("LH", "7.5", "IU/L", "mIU/mL", "7.5"),
        ("oestradiol", "100", "pg/mL", "pmol/L", "367.1"),
        ("AMH", "1.2", "ng/mL", "pmol/L", "8.568"),
    ],
)
def test_a_hormone_converts_by_its_own_factor(name: str, value: str, unit: str, to: str, expected: str) -> None:
    """A picogram of oestradiol is another number of picomoles than one of AMH."""
    hormone = OF_RECIPIENTS.characteristic(name)
    there, back = (OF_RECIPIENTS.unit(printed, hormone).iri for printed in (unit, to))
    assert OF_RECIPIENTS.convert(Decimal(value), there, back) == Decimal(expected)


@pytest.mark.parametrize("name", ["FSH", "LH"])
def test_an_international_unit_in_a_milliliter_is_a_thousandfold(name: str) -> None:
    """NCT03877471 prints FSH > 25 IU/mL."""
    with pytest.raises(WrongUsage, match="IU/mL"):
        OF_RECIPIENTS.unit("IU/mL", OF_RECIPIENTS.characteristic(name))


def test_pmol_of_two_hormones_do_not_convert() -> None:
    """A unit belongs to its substance."""
    oestradiol, amh = (OF_RECIPIENTS.characteristic(name) for name in ("E2", "AMH"))
    units = [OF_RECIPIENTS.unit("pmol/L", each).iri for each in (oestradiol, amh)]
    assert OF_RECIPIENTS.convert(Decimal(1), *units) is None
