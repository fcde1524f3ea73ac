"""Results typed in a grid: the same rows as a file, with the unit and stage of each column's criterion."""

from __future__ import annotations

import re

from tests.web.conftest import HTML, Site, csrf_of, hidden


def sent(site: Site, **typed: str) -> tuple[int, str]:
    """The status and the page that answers a check of these fields."""
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/submit/grid", headers=HTML).text), "product": "POI-M", "do": "check", **typed}
    answer = browser.post(
        "/submit/grid", headers=HTML, data={key.replace("_", "-"): value for key, value in form.items()}
    )
    return answer.status_code, answer.text


def test_the_grid_of_a_lot_has_a_column_for_each_criterion_of_its_product(site: Site) -> None:
    """With its unit, and the lot in the first row."""
    lot = site.add_lot("G-01")
    page = site.signed_in("lab.one").get(f"/submit/grid?lot={lot}", headers=HTML).text
    assert re.findall(r'<th scope="col">([^<]+)<br>', page)[:3] == ["CD73", "CD90", "CD105"]
    assert 'name="lot-0" value="G-01"' in page


def test_what_was_typed_is_checked_and_submitted_as_the_file_that_it_makes(site: Site) -> None:
    """One line a filled cell; the lot's results are on record as they were typed."""
    lot = site.add_lot("G-02")
    status, page = sent(site, lot_0=lot, cell_0_0="98,5", cell_0_1="≥ 99")
    assert status == 200
    browser = site.signed_in("lab.one")
    form = {key: hidden(page, key) for key in ("name", "kept", "checked")}
    done = browser.post(
        "/submit",
        headers=HTML,
        data={**form, "do": "submit", "csrf": csrf_of(browser.get("/submit", headers=HTML).text)},
    )
    assert done.status_code == 201
    (recorded,) = site.registry.lots.get(lot).panels
    assert [(result.label, result.printed) for result in recorded.results] == [("CD73", "98,5"), ("CD90", "≥ 99")]


def test_what_is_wrong_is_marked_in_its_cell_and_nothing_typed_is_lost(site: Site) -> None:
    """A value that cannot be at its cell, a lot that nobody registered at the lot."""
    lot = site.add_lot("G-03")
    _status, page = sent(site, lot_0=lot, cell_0_0="101", lot_1="G-NONE", cell_1_0="98")
    wrong = re.findall(r'<input name="([\w-]+)" value="([^"]*)"[^>]* aria-invalid="true"', page)
    assert wrong == [("cell-0-0", "101"), ("lot-1", "G-NONE")]
    assert 'name="cell-1-0" value="98"' in page


def test_results_without_a_lot_and_an_empty_grid_are_refused(site: Site) -> None:
    """Each with what to do, and what was typed stays."""
    status, page = sent(site, cell_0_0="98")
    assert (status, "Row 1 holds results and names no lot." in page, 'name="cell-0-0" value="98"' in page) == (
        400,
        True,
        True,
    )
    assert sent(site, lot_0="G-01")[0] == 400


def test_a_product_without_an_approved_specification_has_no_grid(site: Site) -> None:
    """Its columns are the criteria, and nobody approved any."""
    page = site.signed_in("lab.one").get("/submit/grid?product=NONE", headers=HTML)
    assert page.status_code == 404
