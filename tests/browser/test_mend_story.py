"""A table of twenty names as nobody prints them, from the drop to the receipt, by who reads only the screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import faults, words
from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

NAMES = """lot,characteristic,value,unit
W-31,CD 73,98.5,%
W-31,CD90(Thy1),99.1,%
W-31,SH2,97.4,%
W-31,CD45 (LCA),0.3,%
W-31,CD34 class III,0.4,%
W-31,"HLA DR, DP, DQ",1.2,%
W-31,CD11b/c,1.2,%
W-31,SH3/SH4,99,%
W-31,Stro-1,12,%
W-31,W8B2,3,%
W-31,CD45dim,0.1,%
W-31,lin-,0.1,%
W-31,CD 45RA,0.1,%
W-31,CD271 (LNGFR),4,%
W-31,CD105 ab,97,%
W-31,CD73⁺,98,%
W-31,CD45⁻,0.1,%
W-31,CD49d,44,%
W-31,MSCA-1,4,%
W-31,Sca-1,4,%
"""
FILE = {"name": "names.csv", "mimeType": "text/csv", "buffer": NAMES.encode()}
ROWS = ("Leave row 9 out", "Leave row 17 out", "Leave row 18 out", "Leave row 20 out")
MOST = 34
"""Clicks and fields of both people: at three seconds each, and 15 of the machine's, they take less than two minutes."""


class Two:
    """A laboratory and a quality unit, whose clicks and fields are counted together."""

    def __init__(self, laboratory: Page, quality: Page) -> None:
        self.laboratory, self.quality, self.done = laboratory, quality, 0

    def click(self, what: Locator) -> None:
        """One click, or a tick."""
        self.done += 1
        what.click()

    def type(self, into: Locator, text: str) -> None:
        """One field."""
        self.done += 1
        into.fill(text)


@pytest.fixture
def two(place: Place, browser: Browser) -> Iterator[Two]:
    """Each at the first screen."""
    people = context(browser), context(browser)
    two = Two(people[0].new_page(), people[1].new_page())
    place.sign_in(two.laboratory, "submitter")
    place.sign_in(two.quality, "quality-unit")
    yield two
    for person in people:
        person.close()


def drop_and_leave_out(two: Two) -> None:
    """The file, the four rows that are told twice or turned round, and the check without them."""
    page = two.laboratory
    two.click(page.get_by_role("navigation", name="Main").get_by_role("link", name="Submit"))
    two.done += 1
    page.get_by_label("File: choose it, or drop it here").set_input_files(FILE)  # type: ignore[arg-type]
    page.locator("#preview .causes").wait_for()
    for row in ROWS:
        two.click(page.get_by_label(row, exact=True))


def check_without_them(page: Page, two: Two) -> None:
    """And wait for the table that is left."""
    two.click(page.get_by_role("button", name="Check without the rows ticked, keep nothing"))
    page.get_by_role("heading", name="Checked: names mended.csv").wait_for()


def test_twenty_odd_names_are_on_record_within_two_minutes_of_clicks(place: Place, two: Two) -> None:
    """The lot is registered beside, each cause has its tick, what the names mean is signed once, and nothing is typed
    twice.
    """
    page, quality = two.laboratory, two.quality
    drop_and_leave_out(two)
    assert words(page, "#summary") == "1 lot: 1 not recorded. 8 things to mend."
    with page.context.expect_page() as opened:
        two.click(page.get_by_role("link", name="Register W-31"))
    two.done += 1
    opened.value.get_by_label("Product").select_option("hESC-M-ovary")
    two.click(opened.value.get_by_role("button", name="Register it"))
    opened.value.wait_for_url("**/lots/W-31?done=registered")
    opened.value.close()
    two.type(page.get_by_label("Characteristic of CD34 class III"), "CD34")
    for name in ("lin-", "CD105 ab", "Sca-1"):
        two.done += 1
        page.get_by_label(f"What {name} is").select_option("not to be read")
    check_without_them(page, two)
    assert words(page, "#summary") == "1 lot: 1 not recorded. 3 things to mend."
    assert page.get_by_label("What Sca-1 is").input_value() == "ignore"
    two.click(page.get_by_role("button", name="Check with these"))
    page.locator("#preview .outcome").wait_for()
    assert faults(page) == []
    assert words(page, "#preview .outcome tbody td:last-child") == (
        "Have the names approved, beneath; then submit the file."
    )
    two.type(page.get_by_label("Name of the mapping"), "names")
    two.click(page.get_by_role("button", name="Ask the quality unit to approve it"))
    page.wait_for_url("**/mappings/drafts/*")
    approve(place, quality, two)
    drop_and_leave_out(two)
    check_without_them(page, two)
    assert words(page, "#summary") == "1 lot: 1 incomplete."
    two.click(page.locator("#preview").get_by_role("button", name="Submit exactly this file"))
    page.locator("main .done").wait_for()
    assert words(page, "main .done").startswith("Recorded. Receipt")
    assert two.done <= MOST


def approve(place: Place, quality: Page, two: Two) -> None:
    """From the quality unit's first page: what waits for a second person, read and signed."""
    quality.goto(place.address)
    waiting = quality.locator("section.work tbody tr", has=quality.get_by_role("rowheader", name="names", exact=True))
    two.click(waiting.get_by_role("link", name="Read it, and approve it"))
    name, password = place.sign_ins["quality-unit"]
    two.type(quality.get_by_label("Your account name"), name)
    two.type(quality.get_by_label("Your password"), password)
    two.click(quality.get_by_role("button", name="Sign the approval"))
    quality.wait_for_url("**/mappings/names")
