"""A scanned label in the box of the first page: it opens our lot, and a label that says otherwise is heard."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest

from registry.services import LotDraft
from tests.people import account_of
from tests.web.conftest import HTML, Site

GTIN = "0109506000134352"
DO_NOT = "Do not use it by this code: type the lot's identifier from the label, or ask its manufacturer."
NO_PRODUCT = (
    "The product number of this code is on record for no product of this registry. Expected: 09506000134352 on record "
    f"for one product. Found: none. {DO_NOT}"
)
BARE = (
    "This GS1 code names no product. Expected: (01) and a product number, then (10) and the lot or (21) and the serial "
    "number. Found: (10)H-03. A lot number alone is another maker's too: scan the code with the product number, or "
    "type the lot's identifier from the label."
)
ELSEWHERE = "This code is the label of another registry: its lot H-03 is another lot. Compare the label."


def answered(page: str) -> tuple[str, list[str]]:
    """The kind of the page's answer, and what it says of the label, each line a sentence."""
    (found,) = re.findall(r'<div id="answer".*?(<section class="answer [^"]+".*?</section>)', page, re.DOTALL)
    kind = re.findall(r'class="answer ([^"]+)"', found)[0]
    return kind, [html.unescape(one) for one in re.findall(r"<p>([^<]+)</p>", found)] if kind == "differs" else []


@pytest.mark.parametrize(
    "text", ["http://localhost/lots/H-03", "HTTP://LOCALHOST/LOTS/H-03", "http://localhost/lots/H-03/", "\x00H-03\x04"]
)
def test_a_scanned_label_leads_to_its_lot(site: Site, text: str) -> None:
    """The address of the page as it is served, in capitals, closed with a slash; and what readers put around a code."""
    answer = site.signed_in("clinic").get("/lots", query_string={"q": text}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lots/H-03")


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        (f"{GTIN}10H-03", NO_PRODUCT),
        (f"({GTIN[:2]}){GTIN[2:]}(10)H-03", NO_PRODUCT),
        (f"https://id.gs1.org/01/{GTIN[2:]}/10/H-03", NO_PRODUCT),
        ("(10)H-03", BARE),
    ],
)
def test_a_code_of_another_maker_opens_no_lot(site: Site, text: str, warning: str) -> None:
    """A lot's number alone may be another product's: nothing is opened and nothing listed, and the page says why."""
    browser = site.signed_in("clinic")
    answer = browser.get("/lots", query_string={"q": text}, headers=HTML)
    headings = re.findall(r'<h2 id="refusal-title">(.*?)</h2>', answer.text)
    assert (answer.status_code, headings) == (200, [warning.partition(". ")[0] + "."])
    assert "/lots/H-03" not in answer.text
    data = browser.get("/lots.json", query_string={"q": text}).get_json()
    label = {"lot": None, "expires": None, "elsewhere": False, "warning": warning}
    assert (data["label"], data["lots"], data["alike"]) == (label, [], [])


def test_the_page_of_a_label_that_cannot_be_read_is_not_green(site: Site) -> None:
    """An address is easily cut off: what was scanned is compared, or there is no answer by it."""
    browser = site.signed_in("clinic")
    said = {text: answered(browser.get(f"/lots/H-03?label={text}", headers=HTML).text) for text in ("(10)H-03", "x")}
    assert said == {
        "(10)H-03": ("differs", [BARE]),
        "x": ("differs", ["What was scanned, x, cannot be read as a label."]),
    }


def test_a_stopped_lot_stays_stopped_whatever_its_label_says(site: Site) -> None:
    """H-05 is on hold: the red answer stands, and the label's difference above it."""
    page = site.signed_in("clinic").get("/lots/H-05?label=(10)H-03", headers=HTML).text
    assert answered(page)[0] == "must-not"
    assert [html.unescape(warning) for warning in WARNING.findall(page)] == [BARE]


WARNING = re.compile(r'<p class="refusal" role="alert"><strong>(.*?)</strong></p>')


@pytest.mark.parametrize("host", ["other.example", "localhost:9"])
def test_a_lot_of_another_host_is_listed_and_not_opened(site: Site, host: str) -> None:
    """Another registry's H-03 is another lot: whoever asked compares the label."""
    found = site.signed_in("clinic").get("/lots.json", query_string={"q": f"https://{host}/lots/H-03"}).get_json()
    assert ([one["lot"] for one in found["lots"]], [one["lot"] for one in found["alike"]]) == ([], ["H-03"])
    answer = site.signed_in("clinic").get("/lots", query_string={"q": f"https://{host}/lots/H-03"}, headers=HTML)
    assert answer.status_code == 200
    assert [html.unescape(one) for one in WARNING.findall(answer.text)] == [ELSEWHERE]
    opened = re.findall(r'<a href="(/lots/H-03[^"]*)">H-03</a>', answer.text)
    assert ("may be injected</span>" in answer.text, len(opened)) == (False, 1)
    page = site.signed_in("clinic").get(html.unescape(opened[0]), headers=HTML)
    assert answered(page.text) == ("differs", [ELSEWHERE])


@pytest.mark.parametrize("text", ["\x00", "\x1d", "%20"])
def test_an_empty_scan_is_no_question(site: Site, text: str) -> None:
    """What nobody sees matches nothing: the first page is shown, and no list that looks like an answer."""
    data = site.signed_in("clinic").get("/lots.json", query_string={"q": text.replace("%20", " ")}).get_json()
    assert data["query"] == ""


@pytest.fixture(scope="module")
def expiring(site: Site) -> Site:
    """The story, G-60, which expires in 2060, and its product's number."""
    expires = datetime(2060, 5, 22, 12, tzinfo=UTC)
    site.registry.lots.register(
        LotDraft("G-60", product="POI-M", expires_at=expires, synthetic=True), account_of(site.registry, "lab.one")
    )
    site.registry.identifiers.record("gtin", GTIN[2:], product="POI-M", actor=account_of(site.registry, "lab.one"))
    return site


@pytest.mark.parametrize(
    ("printed", "warnings"),
    [
        ("17600522", []),
        ("17200101", ["2020-01-01"]),
        ("17600500", ["2060-05-31"]),
        ("17601322", ["601322"]),
        ("7003600522120010\x1d", ["600522120010"]),
        ("70036005221200\x1d", []),
        ("70036005221300\x1d", ["2060-05-22 13:00"]),
    ],
)
def test_a_label_that_states_another_expiry_is_heard(expiring: Site, printed: str, warnings: list[str]) -> None:
    """In a clear sentence, to the minute where the label states one; a label that agrees says nothing of it."""
    browser, q = expiring.signed_in("clinic"), f"{GTIN}{printed}10G-60"
    page = browser.get("/lots", query_string={"q": q}, headers=HTML, follow_redirects=True)
    assert page.request.path == "/lots/G-60"
    expected = [
        f"The label says it expires {label}, the registry {'2060-05-22 12:00' if ':' in label else '2060-05-22'}: do "
        "not use it before this is cleared up."
        for label in warnings
    ]
    assert [html.unescape(one) for one in WARNING.findall(page.text)] == expected
    data = browser.get("/lots.json", query_string={"q": q}).get_json()
    assert (data["label"]["warning"], [one["lot"] for one in data["lots"]]) == (
        " ".join(expected) or None,
        ["G-60"],
    )


@pytest.mark.parametrize(
    ("query", "warnings"),
    [
        ("17=600522", []),
        ("exp=2060-05-22", []),
        ("exp=2061-05-22", ["2061-05-22"]),
        ("17=600523", ["2060-05-23"]),
    ],
)
def test_an_address_may_state_an_expiry(expiring: Site, query: str, warnings: list[str]) -> None:
    """Our own address too, with the expiry that somebody wrote after it."""
    data = expiring.signed_in("clinic").get("/lots.json", query_string={"q": f"http://localhost/lots/G-60?{query}"})
    expected = [
        f"The label says it expires {label}, the registry 2060-05-22: do not use it before this is cleared up."
        for label in warnings
    ]
    assert data.get_json()["label"]["warning"] == (" ".join(expected) or None)


@pytest.mark.parametrize(("element", "said"), [("15", "best before"), ("16", "sell by")])
def test_a_date_that_is_no_expiry_is_heard(expiring: Site, element: str, said: str) -> None:
    """Nothing in the registry can be compared with it, so somebody has to look."""
    q = f"({GTIN[:2]}){GTIN[2:]}({element})600522(10)G-60"
    data = expiring.signed_in("clinic").get("/lots.json", query_string={"q": q}).get_json()
    heard = f"The label says {said} 2060-05-22, which the registry does not know."
    assert data["label"]["warning"] == heard


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("H-03", None),
        ("http://localhost/lots/H-03", {"lot": "H-03", "expires": None, "elsewhere": False, "warning": None}),
        ("https://other.example/lots/H-03", {"lot": "H-03", "expires": None, "elsewhere": True, "warning": ELSEWHERE}),
        ("(10)H-03", {"lot": None, "expires": None, "elsewhere": False, "warning": BARE}),
    ],
)
def test_a_program_is_told_what_a_label_says(site: Site, text: str, label: dict[str, object] | None) -> None:
    """Nothing of what was merely typed, and no warning where there is no lot to compare with."""
    assert (
        site.client().get("/lots.json", query_string={"q": text}, headers=site.bearer("clinic")).get_json()["label"]
        == label
    )


def test_a_registered_lot_that_looks_like_a_label_is_found_as_it_is_spelled(site: Site) -> None:
    """Its whole identifier is typed: no other lot is read out of it."""
    site.add_lot(f"{GTIN}10H-03")
    answer = site.signed_in("clinic").get("/lots", query_string={"q": f"{GTIN}10H-03"}, headers=HTML)
    assert answer.headers["Location"] == f"/lots/{GTIN}10H-03"
