"""Every page in a real browser: nothing serious for axe-core, light and dark; nothing wider than a small phone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from registry.services import Registry
from tests.browser.looking import AXE, RECORD, faults, findings, visit, watched
from tests.browser.place import PHONE, Place, context
from web import create_app
from web.upkeep import addresses

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LOOK = (
    "/lots",
    "/lots?state=released&sort=-until",
    "/lots?q=H-0",
    "/lots?q=nothing-of-the-kind",
    "/lots/H-01",
    "/lots/H-03",
    "/lots/H-09",
    "/lots/none",
)
TERMS = ("/terms", "/terms?q=stem", "/terms?q=nothing-of-the-kind", "/terms/CL:0000134", "/terms/DOID:1100")
PAPER = ("/paper/H-01", "/certificates/html/H-09", "/verify")
DECIDE = (
    "/review",
    "/review?sort=since&verdict=fail",
    "/evidence/H-05",
    "/release/H-02",
    "/release/H-03",
    "/accept/H-03",
    "/withdraw/H-03",
)
DESCRIBE = ("/products", "/products/hESC-M-ovary", "/approve/hESC-M-ovary", "/register/lot")
TRENDS = ("/trends/hESC-M-ovary", "/trends/hESC-M-ovary?criterion=viability", "/trend-rules/hESC-M-ovary")
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
QUESTIONS = ("/questions", "/questions/recall", "/questions/recall?bank=none", "/questions/saved")
STUDIED = ("/studies", "/studies/NCT03877471")
CLAIMED = (
    "/claims", "/claims?lot=H-01", "/claims/msc-angiogenesis", "/publications",
    "/publications/10.1016/j.jogoh.2025.103031",
)  # fmt: skip
GIVEN = ("/given/H-01", "/trace", "/trace/H-01", "/findings", "/outcomes", "/relation")
PAGES = {
    "clinician": (
        "/",
        *LOOK,
        "/scan",
        "/history/H-08",
        RECORD,
        *PAPER,
        *TERMS,
        "/patterns",
        "/password",
        "/words",
        "/guides/clinic",
        "/nowhere",
        *STUDIED,
        *CLAIMED,
        *GIVEN,
        "/administer/H-01",
        "/containers/H-01",
    ),
    "quality-unit": (
        "/",
        *DECIDE,
        *DESCRIBE,
        *DRAFT,
        "/register/product",
        *TRENDS,
        "/explore",
        "/questions",
        "/supply/H-02",
        "/carry/CL:0000134",
        "/second-factor",
        "/trail-review/H-05",
        *GIVEN,
    ),
    "submitter": (
        "/",
        "/submit",
        "/submit/grid?lot=H-05",
        "/identifiers/lot/H-03",
        "/identifiers/product/hESC-M-ovary",
        "/submissions",
        "/retest/H-05",
        "/tokens",
        "/mappings",
        "/evidence/H-05",
        TRENDS[0],
    ),
    "analyst": ("/", *EXPLORE, *SPECIFIED, *ASK, *QUESTIONS, "/products/hESC-M-ovary", TRENDS[1]),
    "inspector": (
        "/",
        "/ledger",
        "/ledger?kind=decision",
        "/ledger?sort=position",
        "/ledger/3",
        "/ledger?lot=none",
        "/integrity",
        "/settings",
        "/evidence/H-09",
    ),
    "administrator": (
        "/",
        "/accounts",
        "/accounts/clinic.haas",
        "/sessions",
        "/webhooks",
        "/restored",
        "/second-factor",
    ),
}
REFUSED = {"/lots/none": 404, "/nowhere": 404, ASK[2]: 400, QUESTIONS[2]: 404}
"""Pages of a refusal; all others are answered with 200."""
NO_PAGES = {
    **dict.fromkeys(
        (
            "/lots.<any(json,html,csv):suffix>",
            "/review.<any(json,html,csv):suffix>",
            "/ledger.<any(json,html,csv):suffix>",
            "/submissions.<any(json,html,csv):suffix>",
            "/terms.<any(json,html):suffix>",
            "/products.<any(json,html,csv):suffix>",
            "/specifications.<any(json,html,csv):suffix>",
            "/questions.<any(json,jsonld,ttl,html):suffix>",
            "/drafts.<any(json,html):suffix>",
            "/mappings.<any(json,html):suffix>",
            "/specifications/<name>/<version>/difference.<any(json,html):suffix>",
            "/studies.<any(json,html):suffix>",
            "/claims.<any(json,html):suffix>",
            "/publications.<any(json,html):suffix>",
            "/study/<path:study>",
            "/lot/<path:lot>",
            "/verdict/<path:lot>",
            "/product/<path:product>",
            "/specification/<name>/<path:version>",
            "/record/<path:digest>",
            "/file/<path:digest>",
            "/panel/<path:panel>",
            "/submission/<path:identity>",
            "/administration/<path:key>",
            "/outcome/<path:key>",
            f"/<any({addresses.KINDS}):kind>/<path:subject>/<stamp>",
            "/claim/<path:claim>",
            "/publication/<path:doi>",
            "/findings.<any(json,html,csv):suffix>",
            "/outcomes.<any(json,jsonld,ttl,html,csv):suffix>",
            "/relation.<any(json,html):suffix>",
        ),
        "the same page at a second address, or data",
    ),
    **dict.fromkeys(
        (
            "/explore/lots.<any(json,csv):form>",
            "/copies/<path:lot>",
            "/crates/<any('ro-crate', eln):form>/<path:lot>",
            "/files/<path:digest>",
            "/labels/<any(pdf,png):form>/<path:lot>",
            "/submissions/<path:digest>/errors.<any(csv,xlsx):form>",
            "/specifications/<name>/<version>/template.<any(csv,xlsx):form>",
            "/specifications/<name>/<version>/table.<any(csv,xlsx,yaml):form>",
            "/guides/images/<name>",
            "/questions/<name>.rq",
            "/questions/<name>.<any(csv,json):form>",
            "/query.<any(csv,json,ttl):form>",
            "/outcomes/dictionary.csv",
            "/outcomes/table.<any(csv,parquet):form>",
        ),
        "a file to save or print",
    ),
    **dict.fromkeys(
        (
            "/live/<path:lot>",
            "/query/completion.json",
            "/feed.atom",
            "/sparql",
            "/.well-known/void",
            "/dcat",
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/v1/openapi.json",
            "/static/<path:filename>",
            "/.well-known/did.json",
            "/lots/<path:lot>.vc.json",
            "/lots/<path:lot>.fhir.json",
            "/ledger/checkpoint",
            "/ledger/proof/<int:position>",
            "/status/revocation",
            "/status/suspension",
        ),
        "for programs",
    ),
    "/approve": "leads on to a page at once",
    "/hold": "leads on to a page at once",
    **dict.fromkeys(
        ("/sign-in", "/mappings/<path:name>", "/mappings/drafts/<int:position>"),
        "looked at below, where what it shows is made first",
    ),
    **dict.fromkeys(
        (
            "/questions/saved/new",
            "/questions/saved/<question>",
            "/questions/saved/<question>/<int:version>",
            "/questions/saved.<any(json,html,csv):suffix>",
        ),
        "test_made_pages saves one, and looks at its pages",
    ),
    **dict.fromkeys(
        ("/administrations/<key>", "/outcomes/<key>"),
        "nothing is given of the named lots; test_trial_story looks at the page of one",
    ),
}
"""Addresses that answer GET without being a page, each with the reason."""


BROKEN_WORDS = r"""(all) => all.flatMap((one) => [...one.firstChild.data.matchAll(/\S+/g)].filter((word) => {
  const range = document.createRange();
  range.setStart(one.firstChild, word.index);
  range.setEnd(one.firstChild, word.index + word[0].length);
  return range.getClientRects().length > 1;
}).map((word) => word[0]))"""


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


GERMAN = {
    "clinician": ("/", "/scan", "/lots/H-01", "/lots/H-03", "/lots/none", "/given/H-01"),
    "quality-unit": ("/", "/review", "/release/H-02", "/trends/hESC-M-ovary", "/drafts"),
    "submitter": ("/submit", "/submissions", "/mappings"),
    "inspector": ("/ledger", "/integrity"),
    "administrator": ("/accounts", "/settings"),
}
"""A few pages of each person: the others are made of the same pieces."""


@pytest.mark.parametrize("role", GERMAN)
def test_nothing_serious_is_wrong_with_a_page_in_german(place: Place, browser: Browser, role: str) -> None:
    """Its words are longer: nothing is wider than a small phone, and axe-core finds nothing serious."""
    person = context(browser, language="de-DE")
    page = person.new_page()
    page.goto(f"{place.address}sign-in?next=/")
    name, password = place.sign_ins[role]
    page.get_by_label("Kontoname").fill(name)
    page.get_by_label("Passwort").fill(password)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_load_state()
    wrong: dict[str, object] = {}
    for path in GERMAN[role]:
        status = visit(place, page, path)
        if status != REFUSED.get(path, 200) or page.locator("html").get_attribute("lang") != "de":
            wrong[path] = status
        elif bad := faults(page):
            wrong[path] = bad
    person.close()
    assert wrong == {}


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


@pytest.mark.parametrize(
    ("path", "region", "row", "said"),
    [
        ("lots/H-03", "Criteria", "sterility", ["", "Asked for", "Observed", "Where"]),
        ("evidence/H-05", "Criteria", "sterility", ["", "Asked for", "Observed"]),
        ("lots?q=Nguyen", "9 lots for “Nguyen”", "Nguyen-2020-P1-1st", ["", "Product", "Evidence"]),
    ],
)
def test_what_a_decision_rests_on_is_in_sight_on_a_phone(
    place: Place, browser: Browser, path: str, region: str, row: str, said: list[str]
) -> None:
    """Each value stands beneath its row's name, no verdict breaks within a word, and the menu holds every room."""
    one = context(browser, size=PHONE)
    page = one.new_page()
    place.sign_in(page, "quality-unit")
    page.goto(f"{place.address}{path}")
    table = page.get_by_role("region", name=region)
    cells = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=row)).get_by_role("cell")
    assert cells.evaluate_all("(cells) => cells.map((cell) => cell.dataset.said ?? '')") == said
    aside = "(one) => one.scrollWidth - one.clientWidth"
    assert [table.evaluate(aside), page.get_by_role("navigation", name="Main").evaluate(aside)] == [0, 0]
    assert table.locator(".chip > span").evaluate_all(BROKEN_WORDS) == []
    one.close()
