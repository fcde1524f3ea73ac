"""What keeps a browser, and the person in front of it, safe."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.web.conftest import HTML, Site, csrf_of
from web.security import POLICY, file_name
from web.upkeep.health import REFUSED

PAGES = (
    "/",
    "/lots?q=H",
    "/lots?q=<script>",
    "/lots/H-03",
    "/lots/H-04",
    "/lots/H-05",
    "/lots/A%2F1%20%237",
    "/lots/AU-1",
    "/lots/B-2",
    "/lots/nothing",
    "/history/H-05",
    "/submit",
    "/release/H-03",
    "/release/H-04",
    "/accept/H-04",
    "/withdraw/H-03",
    "/products",
    "/products/POI-M",
    "/approve/POI-M",
    "/specifications",
    "/specifications/isct-2006/1",
    "/query?query=ASK+{}",
    "/query?query=nonsense",
    "/tokens",
    "/password",
    "/second-factor",
    "/review",
    "/evidence/H-04",
    "/evidence/A%2F1%20%237",
    "/trends/POI-M",
    "/explore",
    "/explore?state=released&disease=DOID:5426",
    "/explore?product=<script>",
    "/ledger",
    "/ledger?actor=<script>&lot=H-03",
    "/integrity",
    "/register/lot",
    "/register/product?indications=<script>",
    "/submissions",
    "/retest/H-04",
    "/patterns",
)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, TestResponse]:
    """Every page as the quality unit sees it, and those of nobody and of the administrator."""
    browser = site.signed_in("quality")
    found = {path: browser.get(path, headers=HTML) for path in PAGES}
    found["/sign-in"] = site.client().get("/sign-in?next=/lots", headers=HTML)
    admin = site.signed_in("admin")
    found |= {path: admin.get(path, headers=HTML) for path in ("/accounts", "/settings", "/sessions")}
    return found


def test_no_page_holds_a_style_or_a_script_of_its_own(pages: dict[str, TestResponse]) -> None:
    """The policy forbids both; a script is a file of ours, and every page is read, signed and sent without it."""
    ours = re.compile(r'<script src="/static/[a-z]+\.js\?v=[0-9a-f]{12}" defer></script>')
    unsafe = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    bare = {path: ours.sub("", page.text) for path, page in pages.items()}
    assert {path: unsafe.findall(text) for path, text in bare.items() if unsafe.search(text)} == {}


def test_every_page_has_one_heading_landmarks_and_labels(pages: dict[str, TestResponse]) -> None:
    """One h1, one main, a skip link, a language, a title; every visible field has its label; every id is unique."""
    for path, page in pages.items():
        text = page.text
        assert (path, text.count("<h1"), text.count("<main")) == (path, 1, 1)
        assert '<html lang="en">' in text
        assert 'href="#main"' in text
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert (path, sorted(ids)) == (path, sorted(set(ids)))
        fields = re.findall(r"<(?:input|textarea|select)\b[^>]*>", text)
        seen = [
            one for one in fields if 'type="hidden"' not in one and " hidden" not in one and 'type="radio"' not in one
        ]
        labels = set(re.findall(r'<label for="([^"]+)"', text))
        bare = [
            one for one in seen if "aria-label=" not in one and not labels & set(re.findall(r'\sid="([^"]+)"', one))
        ]
        assert (path, bare) == (path, [])
        tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
        assert (path, [one for one in tables if "<caption" not in one or 'scope="col"' not in one]) == (path, [])


def test_headers_stand_on_every_answer(site: Site, pages: dict[str, TestResponse]) -> None:
    """Pages, data, refusals and files alike."""
    client = site.client()
    answers = [
        *pages.values(),
        client.get("/lots/H-03", headers={"Accept": "application/json"}),
        client.get("/nowhere"),
        client.get("/healthz"),
        client.get(f"/files/{site.good}", headers=site.bearer("clinic")),
        client.get("/static/base.css", buffered=True),
    ]
    for answer in answers:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    assert {answer.headers["Cache-Control"] for answer in answers[:-1]} == {"no-store"}
    styled = client.get(re.findall(r'href="(/static/base.css[^"]*)"', pages["/sign-in"].text)[0], buffered=True)
    assert styled.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_the_policy_allows_our_own_scripts_and_nothing_from_elsewhere() -> None:
    """No unsafe-inline, no unsafe-eval, no other origin."""
    assert POLICY == (
        "default-src 'none'; object-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("", {}, 403),
        ("wrong", {}, 403),
        ("right", {}, 201),
        ("right", {"Origin": "http://localhost"}, 201),
        ("right", {"Origin": "https://evil.example"}, 403),
        ("right", {"Origin": "null"}, 403),
        ("right", {"Sec-Fetch-Site": "same-origin"}, 201),
        ("right", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("right", {"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_form_is_believed_only_from_its_own_page(
    site: Site, token: str, headers: dict[str, str], status: int
) -> None:
    """A session's POST needs the session's token and this site's origin, both."""
    browser = site.signed_in("analyst")
    right = csrf_of(browser.get("/tokens", headers=HTML).text)
    data = {"label": "a program", "scope": "ask", "days": "30", "csrf": right if token == "right" else token}
    assert browser.post("/tokens", headers={**HTML, **headers}, data=data).status_code == status


def test_a_bearer_request_needs_no_form_token(site: Site) -> None:
    """A program has no cookie that another site could use."""
    answer = site.client().post("/sparql", headers=site.bearer("analyst"), data={"query": "ASK {}"})
    assert answer.status_code == 200


def test_hostile_names_are_shown_as_text(site: Site, pages: dict[str, TestResponse]) -> None:
    """Notes, reasons, file names and search words come back as letters, never as elements."""
    assert pages["/lots/H-03"].text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1
    assert "A retest &lt;script&gt;alert(1)&lt;/script&gt;" in pages["/lots/H-05"].text
    assert "Nothing found for “&lt;script&gt;”" in pages["/lots?q=<script>"].text


@pytest.mark.parametrize("sign", ["\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_sign_that_turns_the_direction_of_reading_is_shown_as_its_code(site: Site, sign: str) -> None:
    """A laboratory wrote it into a note: the lot's page shows its number, and what a program reads holds the sign."""
    lot = site.add_lot(f"T-{ord(sign):x}")
    site.submit(lot, f"lot,characteristic,value,unit,note\n{lot},CD73,98,%,see{sign}etouq\n".encode())
    client = site.signed_in("quality")
    page, data = client.get(f"/lots/{lot}", headers=HTML).text, client.get(f"/lots/{lot}.json").json
    assert (f"seeU+{ord(sign):04X}etouq" in page, sign in page) == (True, False)
    assert f"see{sign}etouq" in json.dumps(data, ensure_ascii=False)


def test_a_submitted_file_is_saved_never_shown(site: Site) -> None:
    """Byte for byte, as an attachment of no particular kind, under a name that cannot leave its folder."""
    answer = site.client().get(f"/files/{site.good}", headers=site.bearer("inspector"))
    name, data = site.registry.submissions.file(site.good)
    assert (name, answer.data, answer.mimetype) == ("<script> H-03.csv", data, "application/octet-stream")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="_script_ H-03.csv"'


@given(st.text(max_size=300))
def test_no_file_name_can_leave_its_folder(name: str) -> None:
    """Whatever a laboratory calls its file, the name to save under is short, printable and of one piece."""
    safe = file_name(name)
    assert 1 <= len(safe) <= 120
    assert safe.isprintable()
    assert not set(safe) & set('/\\:*?"<>|')
    assert not safe.startswith(".")


def test_the_recipient_is_shown_to_those_who_inject_and_to_no_other(site: Site) -> None:
    """An autologous lot names its one recipient's code to the clinic, the quality unit and the inspector."""
    shown = {
        name: site.client().get("/lots/AU-1.json", headers=site.bearer(name)).get_json()["answer"]["recipient"]
        for name in site.tokens
    }
    assert shown == {
        "lab.one": None,
        "quality": "R-0042",
        "clinic": "R-0042",
        "analyst": None,
        "inspector": "R-0042",
        "admin": None,
    }


def test_the_open_addresses_say_nothing_about_lots_or_people(site: Site) -> None:
    """Health and figures are for machines: no lot, no account."""
    client = site.client()
    assert (client.get("/healthz").text, client.get("/readyz").get_json()) == ("ok\n", {"ready": True, "problems": []})
    lines = client.get("/metrics").text.splitlines()
    told = sorted({**site.registry.upkeep.metrics(), **site.registry.webhooks.metrics()})
    assert [line.split()[0] for line in lines if not line.startswith("#")] == [*told, REFUSED]
