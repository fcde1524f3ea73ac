"""What others call a lot or product: recorded, withdrawn, and never the way to another maker's lot."""

from __future__ import annotations

import pytest

from registry.errors import Conflict, Refused, RegistryError, Unknown, WrongUsage
from registry.services import ProductDraft
from tests.services.conftest import House

GTIN, OTHER = "09506000134352", "04006381333931"
DIN, SEC = "W0000164281751", "DE000001W000016428175A000000000020261201"
DO_NOT = "Do not use it by this code: type the lot's identifier from the label, or ask its manufacturer."


@pytest.fixture
def called(house: House) -> House:
    """H-03 and H-04 of POI-M, whose product number is on record; X-1 of another product, which has another."""
    draft = ProductDraft("POI-X", "Another", "CL:0000134", "CLO:0037280", "allogeneic", "NCBITaxon:9606", ())
    house.registry.products.register(draft, house.account("lab.one"))
    house.lot("H-03")
    house.lot("H-04")
    house.lot("X-1", product="POI-X")
    record(house, "gtin", GTIN, product="POI-M")
    record(house, "gtin", OTHER, product="POI-X")
    return house


def record(house: House, scheme: str, text: str, by: str = "lab.one", **target: str) -> int:
    return house.registry.identifiers.record(scheme, text, actor=house.account(by), **target).position


def named(house: House, text: str) -> str | None:
    """The lot that a text names."""
    lot = house.registry.identifiers.named_by(text)
    return lot.lot if lot is not None else None


def refused(house: House, text: str) -> tuple[str, str]:
    """Why a text opens no lot, and what it found."""
    with pytest.raises(RegistryError) as error:
        house.registry.identifiers.named_by(text)
    return error.value.message, error.value.found


@pytest.mark.parametrize(
    ("scheme", "recorded", "texts"),
    [
        (
            "gs1",
            f"(01){GTIN}(10)24-A",
            (f"]d201{GTIN}1728120110 24-A".replace("10 24", "1024"), f"01{GTIN}1024-A", f"(01){GTIN}(10)24-A(21)7",
             f"https://id.gs1.org/01/{GTIN}/10/24-A"),
        ),
        ("din", DIN, ("=W00001642817500", "W0000 16 428175 00 1", "w0000164281751")),
        ("sec", SEC, (SEC, f"SEC: {SEC[:21]} {SEC[21:]}", f"]d1{SEC}")),
        ("chain-of-identity", "JN-77", ("JN-77", "]C0JN-77")),
        ("house", "24/0117", ("24/0117", " 24/0117 ")),
    ],
)  # fmt: skip
def test_a_recorded_identifier_opens_its_lot_typed_and_scanned(
    called: House, scheme: str, recorded: str, texts: tuple[str, ...]
) -> None:
    """In every way in which it is written, and its lot alone."""
    record(called, scheme, recorded, lot="h-03")
    assert [named(called, text) for text in texts] == ["H-03"] * len(texts)


def test_a_code_with_the_products_number_opens_the_lot_of_its_own_number(called: House) -> None:
    """The house prints its own lot numbers: the product's number is all that has to be recorded."""
    assert named(called, f"(01){GTIN}(10)H-03") == "H-03"
    assert named(called, f"(01){OTHER}(10)X-1") == "X-1"


@pytest.mark.parametrize(
    ("text", "message", "there"),
    [
        (
            f"(01){OTHER}(10)H-03",
            "This code is not the lot H-03's: its product number is on record for another product.",
            f"{OTHER}, which is on record for POI-X",
        ),
        (
            "(01)04012345678901(10)H-03",
            "The product number of this code is on record for no product of this registry.",
            "none",
        ),
        (
            f"(01){GTIN}(10)N-1",
            "This GS1 lot or serial number is on record for no lot of this registry.",
            f"(01){GTIN}(10)N-1",
        ),
        (f"(01){GTIN}", "This GS1 code names a product, and no lot.", f"(01){GTIN}"),
        ("=W00001642817500", "This ISBT 128 donation number is on record for no lot of this registry.", DIN[:13]),
        (f"SEC: {SEC}", "This Single European Code is on record for no lot of this registry.", SEC),
        ("(10)H-03", "This GS1 code names no product.", "(10)H-03"),
    ],
)
def test_a_code_that_is_not_this_lots_opens_nothing(called: House, text: str, message: str, there: str) -> None:
    """Another maker numbers its lots alike: the product's number decides."""
    assert refused(called, text) == (message, there)


def test_what_is_on_record_for_two_lots_opens_neither(called: House) -> None:
    """All lots of one donation have its number; and a lot is registered later by what another is called."""
    for lot in ("H-03", "H-04"):
        record(called, "din", DIN, lot=lot)
    message = "This identifier names more than one lot."
    assert refused(called, DIN) == (message, "H-03, H-04 (ISBT 128 donation number)")
    record(called, "house", "N-1", lot="H-03")
    called.lot("N-1")
    assert refused(called, "N-1") == (message, "H-03, N-1 (A house's own number)")
    record(called, "chain-of-identity", "J-7", lot="H-03")
    record(called, "house", "J-7", lot="H-04")
    assert refused(called, "J-7") == (message, "H-03, H-04 (Chain of Identity, A house's own number)")


def test_a_donation_number_is_typed_with_its_check_character(called: House) -> None:
    """Without it one slip names another donation; one that nobody recorded is merely looked for."""
    assert named(called, DIN[:13]) is None
    record(called, "din", DIN, lot="H-03")
    assert refused(called, DIN[:13]) == (
        "This donation identification number was typed without its check character.",
        DIN[:13],
    )


@pytest.mark.parametrize(
    "text", ["H-03", "h-03", "H-0", "24/0117", "24/0117A", "hESC", "", "https://registry.example/lots/H-03"]
)
def test_what_is_no_identifier_of_others_is_looked_for_as_ever(called: House, text: str) -> None:
    """A lot's own identifier, a part of one, a word, another spelling of what is recorded."""
    record(called, "house", "24/0117a", lot="H-03")
    assert named(called, text) is None


@pytest.mark.parametrize(
    ("scheme", "text", "target", "error", "message"),
    [
        ("house", "24/0117", {"lot": "H-04"}, Conflict, "This identifier is on record for lot H-03 already."),
        ("house", "24/0117", {"lot": "H-03"}, Conflict, "This identifier is on record for lot H-03 already."),
        ("house", "H-04", {"lot": "H-03"}, Conflict, "This is the identifier of the lot H-04 in this registry."),
        ("gtin", GTIN, {"product": "POI-X"}, Conflict, "This identifier is on record for product POI-M already."),
        (
            "gtin",
            GTIN,
            {"lot": "H-03"},
            WrongUsage,
            "An identifier of this scheme names a product: GS1 product number (GTIN).",
        ),
        (
            "din",
            DIN,
            {"product": "POI-M"},
            WrongUsage,
            "An identifier of this scheme names a lot: ISBT 128 donation number.",
        ),
        ("din", DIN, {"lot": "NOPE"}, Unknown, "There is no lot NOPE in this registry."),
        (
            "gs1",
            f"(01){OTHER}(10)24-A",
            {"lot": "H-03"},
            Refused,
            "The product number of this code is not on record for the product of H-03.",
        ),
    ],
)
def test_an_identifier_that_would_mislead_is_not_recorded(
    called: House, scheme: str, text: str, target: dict[str, str], error: type[RegistryError], message: str
) -> None:
    """Of another lot, of the wrong thing, of another product; and nothing is entered."""
    record(called, "house", "24/0117", lot="H-03")
    size = called.registry.size()
    with pytest.raises(error) as refusal:
        record(called, scheme, text, **target)
    assert (refusal.value.message, called.registry.size()) == (message, size)


def test_a_wrong_identifier_is_withdrawn_and_stays_in_the_history(called: House) -> None:
    """Then it opens nothing, and may be recorded for the right lot; it is withdrawn once."""
    lots, wrong = called.registry.lots, record(called, "house", "24/0117", lot="H-03")
    called.registry.identifiers.withdraw(wrong, reason="It is H-04's.", actor=called.account("q.one"))
    assert (lots.get("H-03").identifiers, named(called, "24/0117")) == ((), None)
    right = record(called, "house", "24/0117", lot="H-04")
    (kept,) = lots.get("H-04").identifiers
    assert (kept.scheme, kept.text, kept.position, kept.actor) == ("house", "24/0117", right, "lab.one")
    assert named(called, "24/0117") == "H-04"
    assert [line.summary for line in lots.history("H-03")][-2:] == [
        "A house's own number 24/0117 recorded for lot H-03",
        "A house's own number 24/0117 of lot H-03 withdrawn: It is H-04's.",
    ]
    with pytest.raises(Conflict, match="This identifier is withdrawn already"):
        called.registry.identifiers.withdraw(wrong, reason="Again.", actor=called.account("q.one"))


@pytest.mark.parametrize(("position", "error"), [(1, Unknown), (10**8, Unknown)])
def test_only_an_identifier_is_withdrawn(called: House, position: int, error: type[RegistryError]) -> None:
    """Another entry, and one that there is not, is no identifier."""
    with pytest.raises(error, match="This entry records no identifier"):
        called.registry.identifiers.withdraw(position, reason="A slip.", actor=called.account("q.one"))


def test_the_audit_finds_identifiers_as_they_were_entered(called: House) -> None:
    """The index is made anew from the entries, and is the same; a product's own are its own."""
    record(called, "din", DIN, lot="H-03")
    assert called.registry.upkeep.audit().findings == ()
    assert [each.text for each in called.registry.products.get("POI-M").identifiers] == [GTIN]
