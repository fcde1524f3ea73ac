"""From the first screen after signing in to what one came for, click by click."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import words
from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page


LOT = "H-13"
"""A lot that lacks nothing, and that no other story decides on."""
SLOWEST = 10.0
"""Seconds that no story takes on a machine that does much else; what each takes stands in its guide."""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A person's own browser."""
    own = context(browser)
    yield own.new_page()
    own.close()


class Hand:
    """A person at the first screen: every click is counted, typing is not; the clock runs from the first screen on."""

    def __init__(self, place: Place, page: Page, role: str) -> None:
        self.page, self.clicks = page, 0
        self._sign_in = place.sign_ins[role]
        place.sign_in(page, role)
        self._began = monotonic()

    @property
    def seconds(self) -> float:
        """Since the first screen, or since ``again``."""
        return monotonic() - self._began

    def again(self, address: str) -> None:
        """Back to the first screen, with nothing counted."""
        self.page.goto(address)
        self.clicks, self._began = 0, monotonic()

    def click(self, what: Locator) -> None:
        """Click, and wait for what it leads to."""
        self.clicks += 1
        what.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, text: str) -> None:
        """Type into a field of the page."""
        self.page.get_by_label(label, exact=True).locator("visible=true").first.fill(text)

    def sign(self, prefix: str, reason: str = "") -> None:
        """Name and password into the form whose fields' ids begin so, with its reason, and Enter."""
        name, password = self._sign_in
        if reason:
            self.page.locator(f"#{prefix}reason").fill(reason)
        self.page.locator(f"#{prefix}name").fill(name)
        self.page.locator(f"#{prefix}password").fill(password)
        self.page.locator(f"#{prefix}password").press("Enter")


def test_the_clinic_has_its_answer_without_a_click(place: Place, page: Page) -> None:
    """The box has the focus: a lot's name and Enter, and the page says whether it may be injected."""
    hand = Hand(place, page, "clinician")
    page.keyboard.type("H-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lots/H-01")
    assert (words(page, ".answer .word"), hand.clicks, hand.seconds < SLOWEST) == ("MAY BE INJECTED", 0, True)


def test_the_laboratory_sees_at_once_which_of_its_lots_fail_and_has_one_click_to_the_retest(
    place: Place, page: Page
) -> None:
    """Why stands on the first screen; a click leads to the form."""
    hand = Hand(place, page, "submitter")
    row = page.locator("section.work:has(#short) tbody tr", has=page.get_by_role("link", name="H-03", exact=True))
    assert "Fails: CD105 93.1 %." in row.inner_text().replace("\u00a0", " ")
    assert (hand.clicks, hand.seconds < SLOWEST) == (0, True)
    hand.click(row.get_by_role("link", name="Retest a result"))
    assert (page.url.endswith("/retest/H-03"), hand.clicks) == (True, 1)


def test_a_lot_is_signed_after_one_click_and_on_hold_after_one_more(place: Place, page: Page) -> None:
    """What lacks nothing stands first, with its button; then the signature, and Enter. For a hold its name and Put on
    hold, then the signature, for which the hold is chosen already.
    """
    hand = Hand(place, page, "quality-unit")
    rows = page.locator("section.work:has(#decide) tbody tr")
    assert "lacks nothing" in rows.first.inner_text()
    row = page.locator("section.work:has(#decide) tbody tr", has=page.get_by_role("link", name=LOT, exact=True))
    hand.click(row.get_by_role("link", name="Decide and sign"))
    assert "Exactly at the limit" in page.locator("section:has(> #criteria)").inner_text()
    hand.sign("")
    page.wait_for_url(f"**/lots/{LOT}?done=release")
    assert (hand.clicks, hand.seconds < SLOWEST) == (1, True)
    hand.again(place.address)
    hand.fill("Lot, product or disease", LOT)
    hand.click(page.get_by_role("button", name="Put on hold"))
    assert page.locator("input[value=hold]").is_checked()
    hand.sign("other-", "A tank's alarm is being looked into.")
    page.wait_for_url(f"**/lots/{LOT}?done=*")
    assert words(page, ".answer").startswith("MUST NOT BE INJECTED On hold.")
    assert (hand.clicks, hand.seconds < SLOWEST) == (1, True)


def test_a_question_is_answered_after_one_click(place: Place, page: Page) -> None:
    """Those that are asked often stand on the analyst's first page; the answer is what opens."""
    hand = Hand(place, page, "analyst")
    row = page.locator("section.work:has(#asked) tbody tr").first
    title = " ".join(row.get_by_role("rowheader").inner_text().split())
    hand.click(row.get_by_role("link", name="Ask it"))
    page.get_by_role("heading", name="Answer").wait_for()
    assert (words(page, "h1"), hand.clicks, hand.seconds < SLOWEST) == (title, 1, True)
