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
