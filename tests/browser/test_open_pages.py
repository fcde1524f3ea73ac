"""What a page that stays open says when nobody answers it, when its time is over, and when it was looked away from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from pypdfium2 import PdfDocument

from tests.browser.looking import words
from tests.browser.place import Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

LIVE = "**/live/**"
WAYS: dict[str, Callable[[Route], None]] = {
    "hangs": lambda asked: None,
    "fails": lambda asked: asked.abort(),
    "breaks": lambda asked: asked.fulfill(status=503),
}
"""How a request for the answer comes to nothing."""
PATIENT = 20_000
"""Milliseconds: longer than an open page waits for an answer."""


@pytest.fixture
def clinic(place: Place, browser: Browser) -> Iterator[Page]:
    """A clinician who has the page of a released lot open, with a clock that the test may set."""
    page = context(browser).new_page()
    page.clock.install()
    place.sign_in(page, "clinician", "/lots/H-01")
    assert words(page, ".answer .word") == "MAY BE INJECTED"
    yield page
    page.context.close()


def wait_for(page: Page, selector: str) -> None:
    """Until it is seen: the page's clock is made to run ahead, and the registry answers in its own time."""
    for _step in range(PATIENT // 500):
        if page.locator(selector).is_visible():
            return
        page.clock.run_for(500)
        page.wait_for_timeout(20)
    page.locator(selector).wait_for(timeout=PATIENT)


@pytest.mark.parametrize("how", WAYS)
def test_without_an_answer_the_page_says_unknown_until_there_is_one(clinic: Page, how: str) -> None:
    """A request that hangs is given up; the "may" and its countdown are gone, and come back with the answer."""
    clinic.route(LIVE, WAYS[how])
    wait_for(clinic, ".answer.unknown")
    assert (
        words(clinic, ".answer") == "UNKNOWN Look the lot up again before use. The registry does not answer this page."
    )
    assert clinic.title() == "Unknown: look the lot up again before use"
    assert words(clinic, "#live-said").startswith("The registry cannot be reached")
    assert clinic.locator("[data-until]").count() == 0
    clinic.unroute(LIVE)
    wait_for(clinic, ".answer.may")
    assert clinic.title().startswith("H-01: may be injected")
    assert clinic.locator("#live-said").is_hidden()


def test_signed_out_the_page_says_unknown_and_leads_to_signing_in(clinic: Page) -> None:
    """A session that ended elsewhere: the link leads to the form and back to this lot."""
    clinic.context.clear_cookies()
    wait_for(clinic, ".answer.unknown")
    assert words(clinic, ".answer") == "UNKNOWN Look the lot up again before use. You are signed out."
    assert clinic.locator("#live-said a").get_attribute("href") == "/sign-in?next=/lots/H-01"


def test_when_its_time_is_over_it_must_not_be_injected_until_the_registry_answers(clinic: Page) -> None:
    """Nobody answers, so the page's own clock decides; then the registry's does, which is right."""
    clinic.route(LIVE, lambda one: one.abort())
    clinic.clock.fast_forward(375 * 86_400_000)
    wait_for(clinic, ".answer.must-not")
    assert words(clinic, ".answer") == "MUST NOT BE INJECTED This time is over."
    clinic.unroute(LIVE)
    wait_for(clinic, ".answer.may")


def test_after_a_change_what_stands_below_is_marked_as_older(clinic: Page) -> None:
    """The answer is new, the rest is not; and good news has no frame of alarm."""

    def changed(one: Route) -> None:
        one.fulfill(json={**one.fetch().json(), "mark": "another"})

    clinic.route(LIVE, changed)
    wait_for(clinic, "#older")
    assert words(clinic, "#older").endswith("is older than this answer. Load the page again.")
    assert clinic.locator("#older a").get_attribute("href") == "/lots/H-01"
    assert clinic.locator("[data-older]:not(.older)").count() == 0
    assert clinic.locator("#live-said").get_attribute("class") == "live-said good"


def test_what_changed_only_below_is_marked_as_older(clinic: Page) -> None:
    """A bank's answer stays as it is when a lot made of it is recalled: the page says that its picture is older."""

    def changed(one: Route) -> None:
        one.fulfill(json={**one.fetch().json(), "below": "another"})

    clinic.wait_for_timeout(100)
    assert clinic.locator("#older").is_hidden()
    clinic.route(LIVE, changed)
    wait_for(clinic, "#older")
    assert words(clinic, ".answer .word") == "MAY BE INJECTED"
    assert clinic.locator("#live-said").is_hidden()


def test_every_printed_page_says_of_which_lot_and_what_the_answer_was(clinic: Page) -> None:
    """A second sheet without its first might be of any lot; what it says follows the answer while the page is open."""

    def heads() -> list[str]:
        return [one.get_textpage().get_text_range().splitlines()[0] for one in PdfDocument(clinic.pdf(format="A4"))]

    before = heads()
    assert len(before) > 1
    assert [one.partition(" · ")[0] for one in before] == ["H-01: May be injected"] * len(before)
    clinic.route(LIVE, lambda one: one.abort())
    wait_for(clinic, ".answer.unknown")
    assert {one.partition(" · ")[0] for one in heads()} == {"H-01: Unknown"}


def test_a_list_that_is_old_says_so(clinic: Page, place: Place) -> None:
    """After half a minute no "may be injected" stands in it, and it offers to be loaded again; a new one does not."""
    clinic.goto(f"{place.address}lots?q=H-0")
    said = clinic.locator(".old-list").first
    assert said.is_hidden()
    assert clinic.locator(".lots .chip.may").count() > 0
    stopped = clinic.locator(".lots .chip.must-not").count()
    clinic.clock.fast_forward("00:31")
    said.wait_for(timeout=PATIENT)
    assert clinic.locator(".lots .chip.may").count() == 0
    assert clinic.locator(".lots .chip.must-not").count() == stopped
    assert clinic.get_by_text("older than 30 s, load again").count() > 0
    said.get_by_role("link", name="load it again").click()
    clinic.wait_for_load_state()
    assert clinic.url == f"{place.address}lots?q=H-0"
    assert clinic.locator(".old-list").first.is_hidden()
