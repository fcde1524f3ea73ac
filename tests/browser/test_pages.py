"""Every page in a real browser: nothing serious for axe-core, light and dark; nothing wider than a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.place import DESK, PHONE, Place, context

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
LOOK = ("/lots?q=H-0", "/lots?q=nothing-of-the-kind", "/lots/H-01", "/lots/H-03", "/lots/H-09", "/lots/none")
DECIDE = ("/review", "/evidence/H-05", "/release/H-02", "/release/H-03", "/accept/H-03", "/withdraw/H-03")
DESCRIBE = ("/products", "/products/hESC-M-ovary", "/approve/hESC-M-ovary", "/register/lot")
PAGES = {
    "clinician": ("/", *LOOK, "/history/H-08", "/patterns", "/password"),
    "quality-unit": ("/", *DECIDE, *DESCRIBE, "/register/product?disease=ovary", "/trends/hESC-M-ovary"),
    "submitter": ("/submit", "/submissions", "/retest/H-05", "/tokens"),
    "analyst": ("/explore", "/explore?state=released", "/specifications", "/specifications/msc-identity/1", "/query"),
    "inspector": ("/ledger", "/ledger?kind=decision", "/integrity", "/settings"),
    "administrator": ("/accounts", "/sessions"),
}
SERIOUS = {"serious", "critical"}
ALL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
HALF = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !one.closest(".scroll, .soft-label, pre, nav"))
    .map((one) => one.outerHTML.slice(0, 90)).slice(0, 4);
}"""


def findings(page: Page, rules: dict[str, Any]) -> list[str]:
    """What axe-core finds serious or critical."""
    found = page.evaluate("(rules) => axe.run(document, rules)", rules)
    return [
        f"{one['id']}: {node['html'][:140]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def faults(page: Page) -> list[str]:
    """What is wrong with a page: by axe-core in light, its contrasts in dark, its width on small screens."""
    page.evaluate(AXE)
    found = findings(page, ALL)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in findings(page, CONTRAST)]
    page.emulate_media(color_scheme="light")
    for size in (PHONE, HALF):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']} px: {one}" for one in page.evaluate(OVERFLOW)]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("role", PAGES)
def test_nothing_serious_is_wrong_with_any_page(place: Place, browser: Browser, role: str) -> None:
    """Of any person: axe-core, both colour schemes, 320 px, and 200 % of a desk's width; and no script fails."""
    one = context(browser)
    page = one.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    place.sign_in(page, role)
    found = {}
    for path in PAGES[role]:
        page.goto(place.address.rstrip("/") + path)
        if bad := faults(page):
            found[path] = bad
    one.close()
    assert (found, broken) == ({}, [])


def test_nothing_serious_is_wrong_with_signing_in(place: Place, browser: Browser) -> None:
    """The one page that nobody is signed in for; and the same eyes see a fault where there is one."""
    one = context(browser)
    page = one.new_page()
    page.goto(f"{place.address}sign-in")
    assert faults(page) == []
    page.evaluate("document.querySelector('main').innerHTML += '<img src=x>'")
    assert faults(page) != []
    one.close()


def test_a_list_of_lots_is_read_on_a_phone_without_moving_it_sideways(place: Place, browser: Browser) -> None:
    """Each lot is a card that holds all its values, each after its column's name; it stays a table for who hears it."""
    one = context(browser, size=PHONE)
    page = one.new_page()
    place.sign_in(page, "clinician")
    page.goto(f"{place.address}lots?q=H-0")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="H-01"))
    said = row.get_by_role("cell").evaluate_all("(cells) => cells.map((cell) => cell.dataset.said ?? '')")
    assert said == ["", "Product", "Evidence", "Until"]
    assert all(row.get_by_role("cell").nth(index).is_visible() for index in range(4))
    wide = "(list) => [list.scrollWidth - list.clientWidth, document.documentElement.scrollWidth]"
    assert page.locator(".lots-list").first.evaluate(wide) == [0, PHONE["width"]]
    page.evaluate(AXE)
    assert findings(page, ALL) == []
    one.close()
