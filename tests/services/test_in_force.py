"""A release keeps to the specification that it names; what the one in force asks beyond it is said beside it."""

from __future__ import annotations

from registry.services.lots.evidence_view import InForce
from tests.services.conftest import House
from tests.services.test_drafting import TABLE, approve, draft

STRICTER = TABLE.replace("cd105,CD105,>=,95", "cd105,CD105,>=,98") + "viability,viability,>=,70,%\n"


def test_a_released_lot_that_does_not_pass_what_is_in_force_says_so(house: House) -> None:
    """It may be injected as before; a lot that passes both, and one that nobody released, have no news."""
    house.lot("H-01")
    house.lot("H-02")
    house.submit("H-01")
    house.submit("H-02", name="other.csv", CD105="97.5")
    house.decide("H-01", "release")
    assert house.registry.lots.get("H-01").in_force is None
    draft(house, STRICTER)
    approve(house)
    digest = house.registry.reader.facts("H-01").approval.digest  # type: ignore[union-attr]
    before = house.now()
    lot = house.registry.lots.get("H-01")
    assert lot.in_force == InForce(
        "ours", "1", digest, "fail", ("CD105",), ("viability",),
        "The specification in force now is ours version 1; against it this lot fails CD105 and does not show "
        "viability. It was released under msc-identity version 1.",
    )  # fmt: skip
    assert (lot.answer.state, lot.verdict, house.registry.lots.get("H-02").in_force) == ("released", "pass", None)
    house.decide("H-01", "hold")
    assert house.registry.lots.get("H-01").in_force is None
    assert house.registry.lots.get("H-01", at=before).in_force is None


def test_a_stricter_version_that_the_lot_passes_is_no_news(house: House) -> None:
    """Only what the lot lacks is said, not that something changed."""
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    draft(house, TABLE.replace("cd105,CD105,>=,95", "cd105,CD105,>=,96"))
    approve(house)
    assert house.registry.lots.get("H-01").in_force is None
