"""What a release rests on without being asked for is said to whoever signs; it stands against nothing."""

from __future__ import annotations

from registry.services import LotDraft
from tests.people import account_of
from tests.services.conftest import SECRET, House

NO_ORIGIN = "No origin is recorded: nothing above this lot can stop it."


def notes(house: House, lot: str) -> tuple[str, ...]:
    return house.registry.releases.check(lot, house.account("q.one")).notes


def test_a_lot_without_an_origin_is_released_and_the_signer_is_told(house: House) -> None:
    """Before the signature, and with its receipt; a lot of a recorded bank has nothing to say."""
    house.registry.lots.register(LotDraft("WCB-1", kind="cell bank"), account_of(house.registry, "q.two"))
    house.lot("H-01")
    house.lot("H-02", derived_from=("WCB-1",))
    house.submit("H-01")
    house.submit("H-02", CD105="97.5")
    assert (notes(house, "H-01"), notes(house, "H-02")) == ((NO_ORIGIN,), ())
    words = {"name": "q.one", "password": SECRET, "meaning": "I release it."}
    told = [house.registry.releases.sign(lot, "release", reason="", **words).notes for lot in ("H-01", "H-02")]
    assert told == [(NO_ORIGIN,), ()]
    assert house.registry.releases.sign("H-01", "hold", reason="A test.", **words).notes == ()


def test_a_bank_has_no_origin_to_name(house: House) -> None:
    """Only of a product lot is it said: a line or a donor is where a derivation begins."""
    house.registry.lots.register(LotDraft("LINE-1", kind="cell line"), account_of(house.registry, "q.two"))
    assert notes(house, "LINE-1") == ()


def test_the_signer_is_told_of_a_look_alike(house: House) -> None:
    """The lot's name is compared with the label before it is released."""
    house.lot("H-07")
    house.registry.lots.register(LotDraft("H-O7", kind="donor"), account_of(house.registry, "q.two"), ("H-07",))
    assert notes(house, "H-07") == (
        "Not to be confused with H-O7: H-O7 has the capital letter O where H-07 has the digit 0. Compare the label.",
        NO_ORIGIN,
    )


def test_the_signer_is_told_of_a_lot_with_the_same_figures(house: House) -> None:
    """What the laboratory was warned of when it sent them; a panel taken back is not asked about."""
    house.registry.lots.register(LotDraft("WCB-1", kind="cell bank"), account_of(house.registry, "q.two"))
    for lot in ("H-01", "H-02"):
        house.lot(lot, derived_from=("WCB-1",))
        house.submit(lot, name=f"{lot}.csv")
    first, second = (house.registry.lots.get(lot).panels[0].panel for lot in ("H-01", "H-02"))
    asked = "were they copied, or is it the wrong lot?"
    assert (notes(house, "H-01"), notes(house, "H-02")) == (
        (f"H-01.csv (panel {first}) has the same figures throughout as H-02: {asked}",),
        (f"H-02.csv (panel {second}) has the same figures throughout as H-01: {asked}",),
    )
    house.registry.submissions.withdraw(second, reason="Sent for the wrong lot.", name="lab.one", password=SECRET)
    assert notes(house, "H-02") == ()
