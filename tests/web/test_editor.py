"""The SPARQL editor in a real browser: it asks this site alone, under the strict policy, and names what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.conftest import PASSWORD, Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser

UNNAMED = """() => [...document.querySelectorAll("textarea, input, select, button")]
  .filter((one) => one.offsetParent !== null && one.type !== "hidden")
  .filter((one) => !one.textContent.trim() && !one.labels?.length && !one.closest("[aria-hidden=true]")
    && !one.ariaLabel && !one.title && !one.placeholder)
  .map((one) => one.outerHTML.slice(0, 120))"""
OTHERS = """() => [...document.querySelectorAll("[role=tablist]")].flatMap((list) =>
  [...list.querySelectorAll("a, button")].filter((one) => one.getAttribute("role") !== "tab")
  .map((one) => one.outerHTML))"""


def test_the_editor_asks_completes_and_stays_on_this_site(site: Site, address: str, browser: Browser) -> None:
    """A query's rows are shown; a question of the library is filled in; no request leaves for anywhere else."""
    page = browser.new_context().new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/sign-in?next=/query/editor")
    page.fill("[name=name]", "analyst")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.click(".yasqe_queryButton")
    page.wait_for_selector(".yasr table tbody tr")
    lots = page.locator(".yasr table tbody tr td:nth-child(2)").all_inner_texts()
    assert [lot.strip() for lot in lots] == ["A/1 #7", "AU-1", "B-2", "H-03", "H-04", "H-05"]
    with page.expect_response("**/questions/trend-with-passage.rq"):
        page.select_option("#questions", "trend-with-passage")
    page.wait_for_timeout(200)
    shown = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    assert shown.strip() == site.registry.queries.question_text("trend-with-passage").strip()
    assert page.evaluate(UNNAMED) == []
    assert page.evaluate(OTHERS) == []
    assert [url for url in asked if not url.startswith(address)] == []
    assert faults == []
    page.context.close()


WITHIN = "document.activeElement.matches('.CodeMirror textarea')"


def test_tab_moves_on_from_the_editor_either_way(address: str, browser: Browser) -> None:
    """Nobody who has a keyboard alone is held in it, and no key changes the text (WCAG 2.1.2)."""
    page = browser.new_context().new_page()
    page.goto(f"{address}/sign-in?next=/query/editor")
    page.fill("[name=name]", "analyst")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_selector(".yasqe .CodeMirror")
    page.focus("#questions")
    reached = next((number for number in range(20) if page.keyboard.press("Tab") or page.evaluate(WITHIN)), None)
    assert reached is not None
    before = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    page.keyboard.press("Tab")
    assert page.evaluate(WITHIN) is False
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(WITHIN) is True
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(WITHIN) is False
    assert page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()") == before
    page.context.close()
