"""What a file's answer says first: the verdict of each lot, then what is wrong, each cause once."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.web.conftest import HTML, Site, csrf_of, panel
from web.submissions.causes import causes, of_names
from web.submissions.lot_results import failure


def error(row: int | None, message: str, **more: str) -> dict[str, object]:
    """A row error as data."""
    empty: dict[str, object] = {
        "lot": None,
        "column": "value",
        "found": "",
        "expected": "",
        "code": "",
        "file": "a.csv",
    }
    return {**empty, "row": row, "message": message, **more}


def test_thirty_rows_of_one_name_are_one_cause_with_its_rows() -> None:
    """As a range; another name is another cause, and where each stands is told beside its name."""
    errors = [
        error(row, f"No characteristic is called '{name}'.", lot=f"H-{row}", column=f"{name} (%)", found=name)
        for row in (*range(2, 32), 40)
        for name in ("CD73 PE", "CD90 APC")
    ]
    told = causes(errors, {"": {2: ["H-2", "98"]}}, ["CD73 PE (%)"])
    assert [(each.places, each.rows, len(each.lots), each.left_out, each.mapped) for each in told] == [
        ("2–31, 40", 31, 30, 1, True),
        ("2–31, 40", 31, 30, 1, False),
    ]
    assert told[0].sent == "H-2 | 98"
    assert of_names(errors, ["CD73 PE (%)"]) == {"CD73 PE (%)": "2–31, 40"}


def test_cells_that_cannot_be_read_for_one_reason_are_one_cause() -> None:
    """Whatever their addresses are; another reason is another cause."""
    errors = [error(row, f"Cell C{row} cannot be read: it is struck out.", found=str(row)) for row in (2, 4)]
    errors += [error(5, "Cells C5, C6 and 3 more cannot be read: it is hidden.")]
    assert [(each.places, each.message) for each in causes(errors, {}, [])] == [
        ("2, 4", "Cell C2 cannot be read: it is struck out."),
        ("5", "Cells C5, C6 and 3 more cannot be read: it is hidden."),
    ]


def test_lots_that_nobody_registered_are_one_cause() -> None:
    """Each with its own sentence, all of them with one cure."""
    errors = [
        error(row, f"The lot H-{row} is not registered.", lot=f"H-{row}", code="lot-not-registered") for row in (3, 2)
    ]
    (told,) = causes(errors, {}, [])
    assert (told.register, told.lots, told.printed) == (True, ("H-2", "H-3"), "")


SHORT = {
    "characteristic": "CD73",
    "observed": "88 %",
    "expected": ">= 95 %",
    "unit": "%",
    "low": True,
    "at_least": False,
}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"by": Decimal(7)}, "CD73: 88 %, asked for ≥ 95 %: 7 percentage points too low"),
        ({"by": Decimal(5), "observed": "<90 %", "at_least": True}, "CD73: <90 %, asked for ≥ 95 %: at least 5 "
         "percentage points too low"),
        ({"by": Decimal("0.50"), "unit": "EU/mL", "low": False}, "CD73: 88 %, asked for ≥ 95 %: 0.5 EU/mL too high"),
        ({"by": Decimal(0)}, "CD73: 88 %, asked for ≥ 95 %: exactly at the limit, which is not enough"),
        ({"by": None}, "CD73: 88 %, asked for ≥ 95 %"),
    ],
)  # fmt: skip
def test_a_failure_says_by_how_much(more: dict[str, object], sentence: str) -> None:
    """In the unit of the criterion; at least, where a censored figure may be further away."""
    assert failure({**SHORT, **more}).replace("\u00a0", " ") == sentence


def page_of(site: Site, text: str, do: str) -> str:
    """What the form answers to pasted rows."""
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/submit", headers=HTML).text), "do": do, "pasted": text}
    return str(browser.post("/submit", headers=HTML, data=form, content_type="multipart/form-data").text)


def test_the_verdict_comes_before_what_is_to_be_mended_and_everything_else_is_folded(site: Site) -> None:
    """In a check: the sentence, the lots, the causes, then every row in error in a fold."""
    good, bad = site.add_lot("C-01"), site.add_lot("C-02")
    page = page_of(site, (panel(good, CD73="88") + panel(bad, CD90="101").partition(b"\n")[2]).decode(), "check")
    places = [
        page.index(text) for text in ('id="summary"', 'class="outcome"', 'id="to-mend"', "<summary>Every row in error")
    ]
    assert places == sorted(places)
    assert "2 lots: 1 fail, 1 not recorded. 1 thing to mend." in page
    assert "7 percentage points too low" in page


def test_the_receipt_says_which_criterion_failed_by_how_much_and_what_to_do_next(site: Site) -> None:
    """A failure leads to its retest, what is missing to the grid."""
    lot = site.add_lot("C-03")
    page = page_of(site, panel(lot, without="CD90", CD73="88").decode(), "submit")
    assert "7 percentage points too low" in page
    assert "No result yet: CD90" in page
    assert f'<a href="/retest/{lot}">Retest or correct {lot}</a>' in page
    assert f'<a href="/submit/grid?lot={lot}">Type what is missing of {lot}</a>' in page


def test_a_row_of_means_is_told_as_wrong_and_is_not_counted_as_a_lot(site: Site) -> None:
    """Nor is a control."""
    lot = site.add_lot("C-04")
    page = page_of(site, f"lot,CD73 (%)\n{lot},98\nMean,98\nUnstained,0.1\n", "check")
    sentence = re.search(r'id="summary"[^>]*>([^<]*)', page)
    assert sentence is not None
    assert sentence[1].startswith("1 lot: ")
    assert "&#39;Mean&#39; is no lot" in page
