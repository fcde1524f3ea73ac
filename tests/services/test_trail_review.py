"""The review of a lot's audit trail: listed, signed by somebody independent, required before a release."""

from __future__ import annotations

import pytest

from registry.errors import Conflict, GateRefused, NotAllowed, WrongUsage
from registry.services.accounts import LocalOperator
from registry.services.releases.trail_review import TrailReviews
from tests.services.conftest import SECRET, House

ASK = {"required": True, "reason": "Our SOP 21.", "name": "q.two", "password": SECRET}
NOT_YET = "The audit trail of L-1 was not reviewed: another member of the quality unit reviews it."


def review(house: House, by: str = "q.two", seen: int | None = None) -> int:
    return house.registry.releases.trail.sign("L-1", name=by, password=SECRET, seen=seen).position


def missing(house: House, by: str = "q.one") -> tuple[str, ...]:
    return house.registry.releases.check("L-1", house.account(by)).missing


def test_a_release_waits_for_a_review_where_the_product_asks_for_one(house: House) -> None:
    """By another than who submitted and than who releases; the certificate names it, and the audit finds nothing."""
    trail = house.registry.releases.trail
    house.lot("L-1")
    with pytest.raises(WrongUsage, match="has no data yet"):
        review(house)
    house.submit("L-1", by="lab.one")
    assert missing(house) == ()
    trail.require("POI-M", **ASK)  # type: ignore[arg-type]
    assert missing(house) == (NOT_YET,)
    with pytest.raises(GateRefused):
        house.decide("L-1", "release")
    house.decide("L-1", "hold")  # what stops a lot waits for nobody
    house.decide("L-1", "hold lifted")
    review(house)
    assert missing(house, "q.two") == (
        "q.two reviewed the audit trail of L-1: another member of the quality unit releases it.",
    )
    house.decide("L-1", "release")
    assert house.registry.lots.get("L-1").answer.may_be_injected
    page = house.registry.printing.certificate("L-1", form="html", by=LocalOperator("test")).data.decode()
    assert "audit trail review" in page.casefold()
    assert "Q.Two" in page
    assert house.registry.upkeep.audit().findings == ()


def test_what_changed_is_listed_and_a_review_of_before_counts_no_more(house: House) -> None:
    """A value entered again beside the first is a change; so is a panel withdrawn. Values stand as printed."""
    house.lot("L-1")
    house.submit("L-1", by="lab.one")
    house.registry.releases.trail.require("POI-M", **ASK)  # type: ignore[arg-type]
    assert house.registry.releases.trail.show("L-1").changes == ()
    shown = house.registry.releases.trail.show("L-1").seen
    review(house, seen=shown)
    (panel,) = house.registry.lots.get("L-1").panels
    house.registry.submissions.withdraw(panel.panel, reason="The tubes were swapped.", name="q.one", password=SECRET)
    withdrawn = house.registry.releases.trail.show("L-1")
    (change,) = withdrawn.changes
    assert (change.actor, change.what, change.reason) == (
        "q.one",
        f"panel {panel.panel} withdrawn",
        "The tubes were swapped.",
    )
    assert "CD73 98.5 %" in change.before
    assert [each.current for each in withdrawn.reviews] == [False]
    with pytest.raises(Conflict, match="changed since they were shown"):
        review(house, seen=shown)
    assert (
        f"The data of L-1 changed (entry {withdrawn.seen}) after its trail was reviewed: review it again."
        in missing(house, "q.two")
    )
    with pytest.raises(NotAllowed, match=r"q\.one entered data of L-1"):
        review(house, by="q.one")


def test_who_entered_the_data_reviews_nothing_and_a_submitter_never_does(house: House) -> None:
    house.lot("L-1")
    house.submit("L-1", by="q.two")
    with pytest.raises(NotAllowed, match="somebody else reviews what became of them"):
        review(house)
    with pytest.raises(NotAllowed, match="may not review an audit trail"):
        review(house, by="lab.one")


def test_the_setting_is_a_signed_for_entry_and_ends_by_another(house: House) -> None:
    trail, ledger = house.registry.releases.trail, house.registry.ledger
    trail.require("POI-M", **ASK)  # type: ignore[arg-type]
    newest = ledger.entry(ledger.size())
    assert (newest.kind, newest.actor, newest.details["summary"]) == (
        "setting",
        "q.two",
        "Review of the audit trail required for POI-M, set by q.two: Our SOP 21.",
    )
    with pytest.raises(Conflict):
        trail.require("poi-m", **ASK)  # type: ignore[arg-type]
    trail.require("POI-M", required=False, reason="Reviewed on paper.", name="q.one", password=SECRET)
    assert trail.required("POI-M") is False


def test_the_audit_finds_a_release_without_the_review_that_was_due(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who may write the database, or a fault of the gate, is no way round it."""
    house.lot("L-1")
    house.submit("L-1", by="lab.one")
    house.registry.releases.trail.require("POI-M", **ASK)  # type: ignore[arg-type]
    monkeypatch.setattr(TrailReviews, "missing", lambda *_given: [])
    house.decide("L-1", "release")
    findings = house.registry.upkeep.audit().findings
    assert [(each.check, each.found) for each in findings] == [("authority", NOT_YET), ("projection", "the above")]
