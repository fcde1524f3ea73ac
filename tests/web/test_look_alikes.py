"""In the browser: a look-alike is registered by a tick, both lots' pages warn, and what is only alike is not opened."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import HTML, Site, csrf_of

REFUSED = "H-O9 is easily taken for H-09, which stands here already."
ALIKE = "Not to be confused with H-O9: H-O9 has the capital letter O where H-09 has the digit 0. Compare the label."
WARNING = re.compile(r'<p class="note look-alike">(.*?)</p>', re.DOTALL)


@pytest.fixture(scope="module")
def pair(site: Site) -> Site:
    """The story with H-09, and H-O9 registered in the browser as another."""
    site.add_lot("H-09")
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/register/lot", headers=HTML).text), "id": "H-O9", "kind": "donor"}
    refused = browser.post("/register/lot", headers=HTML, data=form)
    boxes = re.findall(r'type="checkbox" name="distinct_from" value="([^"]+)"', refused.text)
    assert (refused.status_code, REFUSED in refused.text, boxes) == (409, True, ["H-09"])
    assert ("--distinct-from" in refused.text, 'href="#distinct-1"' in refused.text) == (False, True)
    done = browser.post("/register/lot", headers=HTML, data={**form, "distinct_from": "H-09"})
    assert done.headers["Location"] == "/lots/H-O9?done=registered"
    return site


@pytest.mark.parametrize(("lot", "other"), [("H-09", "H-O9"), ("H-O9", "H-09")])
def test_each_page_names_the_other(pair: Site, lot: str, other: str) -> None:
    """Near the top of the page, before the criteria, and in its data."""
    page = pair.client().get(f"/lots/{lot}", headers=pair.bearer("clinic", Accept="text/html")).text
    (known,) = pair.client().get(f"/lots/{lot}", headers=pair.bearer("clinic")).get_json()["look_alikes"]
    said = [re.sub(r"<[^>]+>", "", one) for one in WARNING.findall(page)]
    assert said == [f"Not to be confused with {other}. {known['difference']} Compare the label, sign by sign."]
    assert known["lot"] == other


def test_a_lot_without_look_alikes_says_nothing(pair: Site) -> None:
    """H-03 is like no other."""
    page = pair.client().get("/lots/H-03", headers=pair.bearer("clinic", Accept="text/html")).text
    assert WARNING.findall(page) == []


@pytest.mark.parametrize("typed", ["H\u201309", "h 09", "H09", '"H-09"', "\uff28-09"])
def test_what_is_only_alike_is_listed_and_not_opened(pair: Site, typed: str) -> None:
    """Both lots stand under a heading of their own; the exact identifier still leads straight to its page."""
    browser = pair.signed_in("clinic")
    answer = browser.get("/lots", query_string={"q": typed}, headers=HTML)
    assert answer.status_code == 200
    assert re.findall(r'<a href="/lots/(H-[^"]+)"', answer.text) == ["H-09", "H-O9"]
    found = browser.get("/lots.json", query_string={"q": typed}).get_json()
    assert ([one["lot"] for one in found["lots"]], [one["lot"] for one in found["alike"]]) == ([], ["H-09", "H-O9"])
    exact = browser.get("/lots", query_string={"q": "h-09"}, headers=HTML)
    assert (exact.status_code, exact.headers["Location"]) == (303, "/lots/H-09")


def test_whoever_signs_reads_that_no_origin_is_recorded_and_that_there_is_a_look_alike(pair: Site) -> None:
    """On the page of the signature and in its data; and the lot's derivation says the first for everybody."""
    alike, origin = ALIKE, "No origin is recorded: nothing above this lot"
    browser = pair.signed_in("quality")
    assert browser.get("/release/H-09.json").get_json()["notes"] == [alike, f"{origin} can stop it."]
    page = browser.get("/release/H-09", headers=HTML).text
    told = re.search(r'<ul class="open-words" aria-label="To know before you sign"[^>]*>(.*?)</ul>', page)
    assert told is not None
    assert re.findall(r"<li>(.*?)</li>", told[1]) == [alike, f"{origin} can stop it."]
    derivation = re.compile(rf'<h2 id="derivation">Derivation</h2>\s*<p>{origin} can stop it.</p>')
    said = {lot: bool(derivation.search(browser.get(f"/lots/{lot}", headers=HTML).text)) for lot in ("H-09", "H-03")}
    assert said == {"H-09": True, "H-03": False}
