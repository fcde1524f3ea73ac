"""Each sentence is said of the one situation that it describes, and of the one beside it another is said."""

from __future__ import annotations

import re

import pytest

from registry.errors import Unknown
from tests.lots import TERMS
from tests.web.conftest import HTML, Site


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("osteoarthritis", "This is no term's id: osteoarthritis."),
        ("DOID:99999999", "The ontologies loaded here have no DOID:99999999."),
    ],
)
def test_a_name_is_not_told_to_be_missing_from_the_ontologies(typed: str, message: str) -> None:
    """Only an id that is not there is; whoever typed a name is told that an id is asked for."""
    with pytest.raises(Unknown) as refused:
        TERMS.term(typed)
    assert refused.value.message == message


def test_a_lot_before_its_registration_is_not_told_to_be_missing(site: Site) -> None:
    """It was registered later, and says since when; no lot is told to be spelled like itself."""
    before = "2020-01-01T00:00:00Z"
    later = site.client().get(f"/lots/P-OLD.json?at={before}", headers=site.bearer("clinic")).get_json()
    assert later["error"]["message"] == "There is no lot P-OLD in this registry."
    lot = site.add_lot("P-OLD")
    answer = site.client().get(f"/lots/{lot}.json?at={before}", headers=site.bearer("clinic"))
    error = answer.get_json()["error"]
    assert (answer.status_code, error["code"]) == (404, "lot-registered-later")
    assert error["message"].startswith("The lot P-OLD was registered only later: at 2020-01-01 00:00 +00:00 ")
    assert re.fullmatch(r"a time from \d{4}-\d\d-\d\d \d\d:\d\d \+00:00 on", error["expected"])
    page = site.client().get(f"/lots/{lot}?at={before}", headers=site.bearer("clinic", Accept="text/html")).text
    assert 'id="near"' not in page


def test_choices_are_taken_back_only_where_some_were_made(site: Site) -> None:
    """A page of no lots without a choice says that none is registered."""
    browser = site.signed_in("analyst")
    page = browser.get(
        "/explore?product=POI-M&verdict=pass&state=recalled&since=1999-01&until=1999-02", headers=HTML
    ).text
    assert ("Take one of the choices back." in page, "No lot is registered yet" in page) == (True, False)
    page = browser.get("/explore", headers=HTML).text
    assert ("Take one of the choices back." in page, "No lot is registered yet" in page) == (False, False)
