"""What stood in a file and was not read is seen before a file is sent, after it, and before a lot is signed."""

from __future__ import annotations

import pytest

from tests.services.test_not_read import table
from tests.web.conftest import HTML, Site, csrf_of

SHOWN = ("<strong>panel.csv, row 1, column freezer</strong>", "Its heading is not known.")


def sent(site: Site, lot: str, do: str) -> str:
    """The page that answers a file with a column that nobody knows."""
    browser = site.signed_in("lab.one")
    form = {
        "csrf": csrf_of(browser.get("/submit", headers=HTML).text),
        "pasted": table(lot, freezer="left").decode(),
        "do": do,
    }
    return browser.post("/submit", headers=HTML, data=form, content_type="multipart/form-data").text


def test_the_check_of_a_file_shows_it(site: Site) -> None:
    """Before anything is kept."""
    page = sent(site, site.add_lot("NR-1"), "check")
    box = page.partition("Not read, and judged by nothing</h2>")[2].partition("</section>")[0]
    assert "column freezer</strong>" in box
    assert SHOWN[1] in box


@pytest.mark.parametrize("page", ["release", "evidence"])
def test_whoever_signs_sees_it_with_the_comments(site: Site, page: str) -> None:
    """On the page of the decision and on that of the evidence; nothing is told of a file that is read whole."""
    lot, whole = site.add_lot(f"NR-{page}"), site.add_lot(f"NR-{page}-whole")
    site.submit(lot, table(lot, freezer="left"))
    site.submit(whole, table(whole))
    text = site.signed_in("quality").get(f"/{page}/{lot}", headers=HTML).text
    assert all(words in text for words in SHOWN)
    assert "stained twice" in text.partition("Comments at the results</h2>")[2].partition("</section>")[0]
    assert "Not read, and judged" not in site.signed_in("quality").get(f"/{page}/{whole}", headers=HTML).text
