"""What a look at a page sees: what axe-core finds serious in light and in dark, and what is too wide for a phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.place import DESK, PHONE, Place

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RECORD = "/records/…"
"""The page of some record: the first that the history of a lot leads to."""
SHOWN_BY_SCRIPT = {"/query/editor": ".yasqe_queryButton"}
SERIOUS = {"serious", "critical"}
ALL = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}
HALF = {"width": DESK["width"] // 2, "height": DESK["height"] // 2}
OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !one.closest(".scroll, .soft-label, pre, nav"))
    .map((one) => one.outerHTML.slice(0, 90)).slice(0, 4);
}"""


def words(page: Page, selector: str) -> str:
    """What is read there, with single spaces."""
    return " ".join(page.locator(selector).inner_text().split())


def findings(page: Page) -> list[str]:
    """What axe-core finds serious or critical."""
    found = page.evaluate("(rules) => axe.run(document, rules)", ALL)
    return [
        f"{one['id']}: {node['html'][:140]}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def faults(page: Page) -> list[str]:
    """What is wrong with a page: by axe-core in light and in dark, by its width on small screens."""
    page.evaluate(AXE)
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {one}" for one in findings(page) if one not in found]
    page.emulate_media(color_scheme="light")
    for size in (PHONE, HALF):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{size['width']} px: {one}" for one in page.evaluate(OVERFLOW)]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def visit(place: Place, page: Page, path: str) -> int:
    """Go there, and wait for what a script adds; answers the status."""
    if path == RECORD:
        page.goto(f"{place.address}history/H-08")
        path = page.locator('main a[href^="/records/"]').first.get_attribute("href") or ""
    answer = page.goto(place.address.rstrip("/") + path)
    while answer and answer.status == 503:  # the graph of a new server is being built, and the page says: ask again
        page.wait_for_timeout(500)
        answer = page.reload()
    if shown := SHOWN_BY_SCRIPT.get(path):
        page.wait_for_selector(shown)
    return answer.status if answer else 0


def watched(*pages: Page) -> list[str]:
    """Scripts that fail, and whatever the content security policy stops, as they happen."""
    broken: list[str] = []
    for page in pages:
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    return broken
