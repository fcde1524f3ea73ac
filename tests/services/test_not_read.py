"""What stood in a file and was judged by nothing is told to whoever sends it, and kept for whoever signs."""

from __future__ import annotations

from registry.domain import NotRead
from registry.records.panel import MOST_NOT_READ, not_read_of
from tests.services.conftest import MARKERS, House

WHY = "Its heading is not known."


def table(lot: str, **also: str) -> bytes:
    """A panel that passes, with a column that nobody knows and a comment at one result."""
    heads = ["lot", "characteristic", "value", "unit", *also, "note"]
    rows = [[lot, marker, value, "%", *also.values(), "stained twice" if marker == "CD73" else ""]
            for marker, value in MARKERS.items()]  # fmt: skip
    return "\n".join(",".join(row) for row in [heads, *rows]).encode()


def test_the_receipt_and_the_preview_tell_what_was_not_read(house: House) -> None:
    """The same things in both, and again when the file is sent again; a file that is read whole tells nothing."""
    house.lot("P-01")
    data = table("P-01", freezer="left shelf")
    seen = house.registry.submissions.preview("panel.csv", data)
    receipt = house.registry.submissions.submit("panel.csv", data, house.account("lab.one"))
    again = house.registry.submissions.submit("panel.csv", data, house.account("lab.one"))
    unread = (NotRead("panel.csv", 1, "freezer", "", WHY),)
    assert (seen.not_read, receipt.not_read, again.not_read, again.repeated) == (unread, unread, unread, True)
    assert receipt.as_dict()["not_read"] == [unread[0].as_dict()]
    house.lot("P-02")
    assert house.submit("P-02").not_read == ()


def test_the_lot_keeps_it_beside_its_panel(house: House) -> None:
    """In the ledger's entry, so that whoever signs later, and any copy of the registry, is told the same."""
    house.lot("P-01")
    house.registry.submissions.submit("panel.csv", table("P-01", freezer="left"), house.account("lab.one"))
    (panel,) = house.registry.lots.get("P-01").panels
    assert [(item.column, item.why) for item in panel.not_read] == [("freezer", WHY)]
    assert [result.details["note"] for result in panel.results if "note" in result.details] == ["stained twice"]
    entry = house.registry.ledger.entry(panel.position)
    assert entry.details["not_read"] == [item.as_dict() for item in panel.not_read]
    assert house.registry.upkeep.audit().ok


def test_a_panel_keeps_what_is_its_lots_or_the_whole_files() -> None:
    """Another lot's is not; of very many the last one says how many more there are."""
    own, other, every = (NotRead("panel.csv", 2, None, "x", WHY, lot=lot) for lot in ("P-01", "P-02", None))
    assert not_read_of([own, other, every], "p-01") == [own.as_dict(), every.as_dict()]
    many = [NotRead("panel.csv", row, None, "x", WHY) for row in range(MOST_NOT_READ + 3)]
    kept = not_read_of(many, "P-01")
    assert len(kept) == MOST_NOT_READ + 1
    assert kept[-1]["why"] == "3 more places of this file were not read: look into the file itself."
    assert len(not_read_of(many[:MOST_NOT_READ], "P-01")) == MOST_NOT_READ
