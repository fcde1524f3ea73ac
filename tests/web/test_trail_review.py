"""The review of an audit trail in a browser: what changed is shown, and what was shown is what is signed."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden


def test_it_is_shown_signed_and_answered_as_data(site: Site, quality: FlaskClient) -> None:
    """A page of before is refused; the inspector reads it all as JSON."""
    lot = site.add_lot("T-01")
    site.submit(lot)
    page = quality.get(f"/trail-review/{lot}", headers=HTML).text
    assert "Nothing changed since the data were entered." in page
    form = {"csrf": csrf_of(page), "do": "sign", "seen": hidden(page, "seen"), "name": "quality", "password": PASSWORD,
            "meaning": "I have reviewed it."}  # fmt: skip
    old = quality.post(f"/trail-review/{lot}", headers=HTML, data={**form, "seen": "1"})
    assert old.status_code == 409
    signed = quality.post(f"/trail-review/{lot}", headers=HTML, data=form)
    assert (signed.status_code, signed.headers["Location"]) == (303, f"/trail-review/{lot}")
    assert "I have reviewed it." in quality.get(f"/trail-review/{lot}", headers=HTML).text
    trail = site.client().get(f"/trail-review/{lot}.json", headers=site.bearer("inspector")).get_json()
    (review,) = trail["reviews"]
    assert (trail["changes"], trail["required"], trail["entered_by"]) == ([], False, ["lab.one"])
    assert (review["signed_by"], review["meaning"], review["current"]) == ("quality", "I have reviewed it.", True)


def test_the_quality_unit_sets_that_a_products_lots_need_one(site: Site, quality: FlaskClient) -> None:
    lot = site.add_lot("T-02")
    site.submit(lot)
    page = quality.get(f"/trail-review/{lot}", headers=HTML).text
    form = {"csrf": csrf_of(page), "do": "require", "reason": "Our SOP 21.", "name": "quality", "password": PASSWORD}
    assert quality.post(f"/trail-review/{lot}", headers=HTML, data=form).status_code == 303
    missing = quality.get(f"/release/{lot}.json").get_json()["missing"]
    assert missing == [f"The audit trail of {lot} was not reviewed: another member of the quality unit reviews it."]


def test_the_queue_and_the_lots_page_name_a_review_that_is_due_until_it_is_signed(
    site: Site, quality: FlaskClient
) -> None:
    """For the quality unit, the lot's submitter and the inspector; a clinic is told nothing of it."""
    lot, sentence = site.add_lot("T-03"), "The audit trail of T-03 was not reviewed:"
    site.submit(lot)
    if not site.registry.releases.trail.required("POI-M"):
        site.registry.releases.trail.require(
            "POI-M", required=True, reason="Our SOP 21.", name="quality", password=PASSWORD
        )

    def card() -> str:
        rows = quality.get("/review", headers=HTML).text.split('<tr role="row">')
        return next(each for each in rows if f">{lot}</a>" in each)

    def waiting() -> dict[str, object]:
        lots = site.client().get("/review.json", headers=site.bearer("quality")).get_json()["lots"]
        return next(line["lacking"] for line in lots if line["lot"] == lot)

    assert "A review of its audit trail is due" in card()
    assert str(waiting()["trail"]).startswith(sentence)
    ask = site.client().get
    pages = {name: ask(f"/lots/{lot}", headers={**site.bearer(name), **HTML}).text for name in site.tokens}
    assert {name for name, page in pages.items() if sentence in page} == {"lab.one", "quality", "inspector"}
    site.registry.releases.trail.sign(lot, name="quality", password=PASSWORD)
    assert ("audit trail is due" in card(), waiting()["trail"]) == (False, "")
    assert "audit trail is due" not in quality.get(f"/lots/{lot}", headers=HTML).text
