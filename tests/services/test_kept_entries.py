"""What is told of a lot and kept is what would be told anew, whatever was entered in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.services.lots import kept_entries
from registry.services.lots.kept_entries import KeptEntries, Told
from tests.services.conftest import House


def anew(house: House, lot: str) -> Told:
    """What is told by whoever has kept nothing."""
    lots = house.registry.lots
    return Told(tuple(lots.history(lot)), tuple(lots.inherited(lot)))


@pytest.fixture
def family(house: House) -> House:
    """A bank and two lots made of it."""
    house.lot("B-01", kind="cell bank", product=None)
    house.lot("P-01", derived_from=("B-01",))
    house.lot("P-02", derived_from=("B-01",))
    return house


def test_what_is_told_follows_every_entry(family: House) -> None:
    """An entry about the lot, one about its bank, and one about something else."""
    told = family.registry.lots.told
    assert told("P-01") == anew(family, "P-01")
    family.submit("P-01")
    assert [line.kind for line in told("p-01").own] == ["lot", "panel"]
    family.decide("B-01", "hold")
    assert [(decision.of, decision.kind) for decision in told("P-01").inherited] == [("B-01", "hold")]
    assert told("P-02") == anew(family, "P-02")
    family.lot("P-03")
    assert told("P-01") == anew(family, "P-01")


def counted(house: House) -> tuple[KeptEntries, list[str]]:
    """Lots are told anew each time that their name is added to the list."""
    made = list[str]()

    def tell(lot: str) -> Told:
        made.append(lot)
        return anew(house, lot)

    return KeptEntries(house.registry.ledger, tell), made


def test_it_is_told_again_after_an_entry_and_after_a_minute(family: House) -> None:
    """A signature may have stopped to hold, and nobody enters that."""
    kept, made = counted(family)
    assert kept.get("P-01") is kept.get("p-01")
    assert made == ["P-01"]
    family.lot("P-03")
    kept.get("P-01")
    family.pass_time(timedelta(seconds=59))
    kept.get("P-01")
    assert made == ["P-01"] * 2
    family.pass_time(timedelta(seconds=1))
    kept.get("P-01")
    assert made == ["P-01"] * 3


def test_as_many_lines_are_kept_as_may_be(family: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """P-01 has two lines; P-02 and P-03 have one each, and three may be kept."""
    family.submit("P-01")
    family.lot("P-03")
    monkeypatch.setattr(kept_entries, "MOST", 3)
    kept, made = counted(family)
    for lot in ("P-01", "P-02", "P-01", "P-03", "P-02", "P-01"):
        kept.get(lot)
    assert made == ["P-01", "P-02", "P-03", "P-01"]
