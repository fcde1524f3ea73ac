"""A value is measured again: sent by the laboratory, found, accepted and released by the quality unit."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden, panel


@pytest.fixture(scope="module")
def lab(site: Site) -> FlaskClient:
    """A browser in which the laboratory has signed in."""
    return site.signed_in("lab.one")


def failing(site: Site, lot: str) -> str:
    """A lot whose CD105 fails; answers the address of that result."""
    site.submit(site.add_lot(lot), panel(lot, CD105='"93,1"'))
    return next(one.iri or "" for one in site.registry.lots.get(lot).panels[0].results if one.label == "CD105")


def waits(site: Site, lot: str) -> int:
    """How many retests of the lot the queue says wait."""
    lots = site.client().get("/review.json", headers=site.bearer("quality")).get_json()["lots"]
    return next(one["lacking"]["unaccepted"] for one in lots if one["lot"] == lot)


def said(page: str) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_quality_unit_finds_a_retest_accepts_it_and_releases(
    site: Site, lab: FlaskClient, quality: FlaskClient
) -> None:
    """The lot, the decision, the evidence and the queue lead to it; it shows both values; then nothing waits."""
    first = failing(site, "T-01")
    form = {"what": first, "relation": "retest", "value": "97.1", "unit": "%", "reason": "D-12"}
    page = lab.get("/retest/T-01", headers=HTML).text
    assert lab.post("/retest/T-01", headers=HTML, data={**form, "csrf": csrf_of(page)}).status_code == 201
    again = site.registry.lots.get("T-01").panels[1].results[0].iri
    answer = site.client().get("/lots/T-01", headers=site.bearer("clinic")).get_json()
    assert (answer["verdict"], answer["unaccepted"], waits(site, "T-01")) == ("fail", [again], 1)
    for path in ("/lots/T-01", "/release/T-01", "/evidence/T-01", "/review"):
        assert 'href="/accept/T-01"' in quality.get(path, headers=HTML).text, path

    page = quality.get("/accept/T-01", headers=HTML).text
    assert hidden(page, "what") == again
    assert re.findall(r"<strong>(CD105.*?)</strong>", page) == ["CD105: 93,1 % → 97.1 %"]
    accepted = {"csrf": csrf_of(page), "what": again, "reason": "D-12 is closed.", "name": "quality"}
    assert quality.post("/accept/T-01", headers=HTML, data={**accepted, "password": PASSWORD}).status_code == 303
    answer = site.client().get("/lots/T-01", headers=site.bearer("clinic")).get_json()
    assert (answer["verdict"], answer["unaccepted"], waits(site, "T-01")) == ("pass", [], 0)
    for path in ("/lots/T-01", "/release/T-01", "/evidence/T-01", "/review"):
        assert 'href="/accept/T-01"' not in quality.get(path, headers=HTML).text, path
    assert "Nothing of this lot waits to be accepted." in quality.get("/accept/T-01", headers=HTML).text
    site.sign("T-01", "release")
    assert site.registry.lots.get("T-01").answer.may_be_injected


def test_a_retest_of_a_withdrawn_result_does_not_wait(site: Site) -> None:
    """Nor does a withdrawn retest: to accept either would change nothing."""
    first = failing(site, "T-02")
    rows = f"lot,characteristic,value,unit,relation,supersedes,reason\nT-02,CD105,97.1,%,retest,{first},D-12\n"
    site.submit("T-02", rows.encode(), "retest T-02.csv")
    lot = site.registry.lots.get("T-02")
    assert len(lot.unaccepted) == 1
    words = {"reason": "Another lot's sample.", "name": "quality", "password": PASSWORD}
    site.registry.submissions.withdraw(lot.panels[0].panel, **words)
    assert site.registry.lots.get("T-02").unaccepted == ()


def typed(browser: FlaskClient, lot: str, first: str, **fields: str) -> dict[str, str]:
    """The form of a retest as a browser would send it."""
    page = browser.get(f"/retest/{lot}", query_string={"what": first}, headers=HTML).text
    return {"csrf": csrf_of(page), "what": first, "relation": "retest", "unit": "%", "reason": "D-12", **fields}


def test_a_retest_is_checked_before_it_is_recorded(site: Site, lab: FlaskClient) -> None:
    """The check keeps nothing and shows both values and the verdict; what was checked is what is recorded, whole."""
    first = failing(site, "T-03")
    size = site.registry.size()
    said_of_it = {"value": "97,4", "method": "flow cytometry", "tested_at": "2026-11-20T09:00", "analyst": "LN",
                  "zone": "Europe/Berlin"}  # fmt: skip
    form = typed(lab, "T-03", first, **said_of_it)
    checked = lab.post("/retest/T-03", headers=HTML, data={**form, "do": "check"})
    assert (checked.status_code, site.registry.size()) == (200, size)
    assert "CD105: 93,1 % → 97,4 %" in said(checked.text)
    form |= {"checked": hidden(checked.text, "checked"), "do": "submit"}
    changed = lab.post("/retest/T-03", headers=HTML, data={**form, "value": "99"})
    assert (changed.status_code, site.registry.size()) == (409, size)
    assert lab.post("/retest/T-03", headers=HTML, data=form).status_code == 201
    (new,) = site.registry.lots.get("T-03").panels[1].results
    assert (new.printed, new.unit, new.details) == (
        "97,4",
        "%",
        {"method": "flow cytometry", "tested_at": "2026-11-20T09:00:00+01:00", "analyst": "LN"},
    )


def test_a_refused_retest_keeps_what_was_typed_and_names_its_fields(site: Site, lab: FlaskClient) -> None:
    """Each field that is wrong says so beneath it; nothing speaks of rows, and nothing is recorded."""
    first = failing(site, "T-04")
    form = typed(lab, "T-04", first, value="970", method="flow cytometry", do="submit")
    refused = lab.post("/retest/T-04", headers=HTML, data=form)
    assert (refused.status_code, len(site.registry.lots.get("T-04").panels)) == (422, 1)
    assert re.findall(r'<span class="fault" id="(\w+)-fault">(.*?)</span>', refused.text) == [
        ("value", "CD105 cannot be 970: look at the value, and at its unit.")
    ]
    assert [f'name="{name}" value="{value}"' in refused.text for name, value in
            (("value", "970"), ("method", "flow cytometry"), ("unit", "%"))] == [True, True, True]  # fmt: skip
    assert "row in error" not in said(refused.text)
    empty = lab.post("/retest/T-04", headers=HTML, data={**form, "value": " "})
    assert re.findall(r'id="(\w+)-fault">(.*?)</span>', empty.text) == [("value", "New value is empty.")]


def test_the_form_takes_over_how_the_first_result_was_obtained(site: Site, lab: FlaskClient) -> None:
    """Unit, method and duration are filled in to be looked at; when and by whom it was tested again are not."""
    rows = b"lot,characteristic,value,unit,method,duration,tested_at\n"
    site.submit(site.add_lot("T-05"), rows + b"T-05,sterility,growth,,BacT/ALERT,14 d,2026-01-01T09:00Z\n", "s.csv")
    first = site.registry.lots.get("T-05").panels[0].results[0].iri or ""
    page = lab.get("/retest/T-05", query_string={"what": first}, headers=HTML).text
    assert re.findall(r'<input id="(\w+)" name="\w+"(?: type="datetime-local")? value="([^"]*)"', page) == [
        ("value", ""),
        ("unit", ""),
        ("method", "BacT/ALERT"),
        ("duration", "14 d"),
        ("tested_at", ""),
        ("zone", "UTC"),
        ("instrument", ""),
        ("analyst", ""),
    ]
