"""Every page in a real browser: nothing serious for axe-core, light and dark; nothing wider than a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.registry import Registry
from tests.browser.place import DESK, PHONE, Place, context
from web import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RECORD = "/records/…"
"""The page of some record: the first that the history of a lot leads to."""
LOOK = ("/lots?q=H-0", "/lots?q=nothing-of-the-kind", "/lots/H-01", "/lots/H-03", "/lots/H-09", "/lots/none")
TERMS = ("/terms", "/terms?q=stem", "/terms?q=nothing-of-the-kind", "/terms/CL:0000134", "/terms/DOID:1100")
PAPER = ("/paper/H-01", "/certificates/html/H-09")
DECIDE = ("/review", "/evidence/H-05", "/release/H-02", "/release/H-03", "/accept/H-03", "/withdraw/H-03")
DESCRIBE = ("/products", "/products/hESC-M-ovary", "/approve/hESC-M-ovary", "/register/lot")
TRENDS = ("/trends/hESC-M-ovary", "/trends/hESC-M-ovary?criterion=viability")
EXPLORE = ("/explore", "/explore?state=released", "/explore?since=2031-01")
SPECIFIED = (
    "/specifications",
    "/specifications?q=umbilical",
    "/specifications/msc-identity",
    "/specifications/msc-identity/1",
    "/specifications/hesc-msc-ovarian-illustrative/1/difference?from=msc-identity@1",
)
DRAFT = (
    "/drafts",
    "/drafts/new?from=msc-identity@1",
    "/approve/hESC-M-ovary?specification=hesc-msc-ovarian-illustrative@1",
)
ASK = ("/query", "/query?query=SELECT+*+{+?s+?p+1+}", "/query?query=SELECT+*+{+?s+?p+}", "/query/editor")
QUESTIONS = ("/questions", "/questions/recall", "/questions/recall?bank=none")
PAGES = {
    "clinician": ("/", *LOOK, "/history/H-08", RECORD, *PAPER, *TERMS, "/patterns", "/password", "/nowhere"),
    "quality-unit": (
        "/",
        *DECIDE,
        *DESCRIBE,
        *DRAFT,
        "/register/product?disease=ovary",
        *TRENDS,
        "/explore",
        "/questions",
    ),
    "submitter": ("/", "/submit", "/submissions", "/retest/H-05", "/tokens", "/evidence/H-05", "/trends/hESC-M-ovary"),
    "analyst": ("/", *EXPLORE, *SPECIFIED, *ASK, *QUESTIONS, "/products/hESC-M-ovary", TRENDS[1]),
    "inspector": (
        "/",
        "/ledger",
        "/ledger?kind=decision",
        "/ledger?lot=none",
        "/integrity",
        "/settings",
        "/evidence/H-09",
    ),
    "administrator": ("/", "/accounts", "/sessions"),
}
REFUSED = {"/lots/none": 404, "/nowhere": 404, ASK[2]: 400, QUESTIONS[2]: 404}
"""Pages of a refusal; all others are answered with 200."""
SHOWN_BY_SCRIPT = {"/query/editor": ".yasqe_queryButton"}
NO_PAGES = {
    **dict.fromkeys(
        (
            "/lots.<any(json,html):suffix>",
            "/review.<any(json,html):suffix>",
            "/ledger.<any(json,html):suffix>",
            "/terms.<any(json,html):suffix>",
            "/products.<any(json,html):suffix>",
            "/specifications.<any(json,html):suffix>",
            "/questions.<any(json,html):suffix>",
            "/drafts.<any(json,html):suffix>",
            "/specifications/<name>/<version>/difference.<any(json,html):suffix>",
        ),
        "the same page at a second address, or data",
    ),
    **dict.fromkeys(
        (
            "/explore/lots.<any(json,csv):form>",
            "/copies/<path:lot>",
            "/files/<path:digest>",
            "/labels/<any(pdf,png):form>/<path:lot>",
            "/submissions/<path:digest>/errors.<any(csv,xlsx):form>",
            "/specifications/<name>/<version>/template.<any(csv,xlsx):form>",
            "/specifications/<name>/<version>/table.<any(csv,xlsx,yaml):form>",
            "/questions/<name>.rq",
        ),
        "a file to save or print",
    ),
    **dict.fromkeys(
        (
            "/live/<path:lot>",
            "/query/completion.json",
            "/sparql",
            "/.well-known/void",
            "/dcat",
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/v1/openapi.json",
            "/static/<path:filename>",
        ),
        "for programs",
    ),
    "/approve": "leads on to a page at once",
    "/sign-in": "looked at below, by nobody in particular",
}
"""Addresses that answer GET without being a page, each with the reason."""
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


def watched(page: Page) -> list[str]:
    """Scripts that fail, and whatever the content security policy stops, as they happen."""
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    return broken


def test_every_page_that_there_is_is_looked_at(tmp_path: Path) -> None:
    """A route that answers GET stands in PAGES, or with its reason in NO_PAGES; nothing stands in both."""
    registry, _once = Registry.create(tmp_path / "data")
    app = create_app(registry)
    registry.close()
    address = app.url_map.bind("localhost")
    looked = {
        address.match(path.partition("?")[0], return_rule=True)[0].rule
        for path in {path for paths in PAGES.values() for path in paths} - {"/nowhere"}
    }
    answering = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert (answering - looked - set(NO_PAGES), set(NO_PAGES) - answering, looked & set(NO_PAGES)) == (
        set(),
        set(),
        set(),
    )


@pytest.mark.parametrize("role", PAGES)
def test_nothing_serious_is_wrong_with_any_page(place: Place, browser: Browser, role: str) -> None:
    """Of any person: axe-core, both colour schemes, 320 px, and 200 % of a desk's width; and no script fails."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, role)
    found: dict[str, object] = {}
    for path in PAGES[role]:
        status = visit(place, page, path)
        if status != REFUSED.get(path, 200):
            found[path] = status
        elif bad := faults(page):
            found[path] = bad
    one.close()
    assert (found, broken) == ({}, [])


def test_nothing_serious_is_wrong_with_what_a_form_answers(place: Place, browser: Browser) -> None:
    """A refused form, a refused signature, a file that cannot be read: none of them changes the registry."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "quality-unit", "/register/lot")
    page.get_by_label("Identifier").fill("H 99")
    page.get_by_label("Passage").fill("four")
    page.get_by_role("button", name="Register it").click()
    page.locator(".refusal").wait_for()
    found = faults(page)
    page.goto(f"{place.address}withdraw/H-03")
    page.locator("input[name=what]").first.check()
    page.get_by_label("Reason").fill("The wrong file.")
    page.get_by_label("Your account name").fill("quality.okafor")
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Sign the withdrawal").click()
    page.locator(".refusal").wait_for()
    found += faults(page)
    one.close()
    assert (found, broken) == ([], [])


def test_nothing_serious_is_wrong_with_an_audit_that_has_ended(place: Place, browser: Browser) -> None:
    """The page asks again by itself until then."""
    one = context(browser)
    page = one.new_page()
    place.sign_in(page, "inspector", "/integrity")
    page.get_by_role("button", name="Audit now").click()
    page.get_by_role("heading", name="everything is as it should be").wait_for(timeout=30_000)
    assert faults(page) == []
    one.close()


def test_nothing_serious_is_wrong_with_an_answer_in_the_editor(place: Place, browser: Browser) -> None:
    """Rows, and the refusal of a query that is none, in the registry's own words."""
    one = context(browser)
    page = one.new_page()
    broken = watched(page)
    place.sign_in(page, "analyst")
    visit(place, page, ASK[1])
    visit(place, page, ASK[3])
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr table tbody tr").first.wait_for()
    found = faults(page)
    page.goto(f"{place.address}query/editor?query=SELECT+*+{{+?s+?p+}}")
    page.locator(".yasqe_queryButton").click()
    page.locator(".yasr .errorResult p").first.wait_for()
    said = page.locator(".yasr .errorResult p").all_inner_texts()
    found += faults(page)
    one.close()
    assert (found, broken) == ([], [])
    assert said == [
        "This is not a SPARQL 1.1 query.",
        "line 1, column 18",
        "Expected: a variable, an IRI, a name with its prefix, a text, a number, a blank node or '('",
        "Found: }",
    ]


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
    assert findings(page) == []
    one.close()
