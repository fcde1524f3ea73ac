"""What keeps a browser, and the person in front of it, safe."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, sign_in
from web import create_app
from web.security import POLICY, file_name, safe_next

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
)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, TestResponse]:
    """Every page as the quality unit sees it, and those of nobody and of the administrator."""
    browser = site.signed_in("quality")
    found = {path: browser.get(path, headers=HTML) for path in PAGES}
    found["/sign-in"] = site.client().get("/sign-in?next=/lots", headers=HTML)
    found["/accounts"] = site.signed_in("admin").get("/accounts", headers=HTML)
    return found


def test_no_page_holds_a_style_or_a_script(pages: dict[str, TestResponse]) -> None:
    """The policy forbids both; a page that needs neither works for everybody."""
    unsafe = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    assert {path: unsafe.findall(page.text) for path, page in pages.items() if unsafe.search(page.text)} == {}


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
        seen = [one for one in fields if 'type="hidden"' not in one and " hidden" not in one and 'type="radio"' not in one]
        labels = set(re.findall(r'<label for="([^"]+)"', text))
        bare = [one for one in seen if "aria-label=" not in one and not labels & set(re.findall(r'\sid="([^"]+)"', one))]
        assert (path, bare) == (path, [])
        tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
        assert (path, [one for one in tables if "<caption>" not in one or 'scope="col"' not in one]) == (path, [])


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


def test_the_policy_allows_no_script_and_nothing_from_elsewhere() -> None:
    """No unsafe-inline, no unsafe-eval, no other origin."""
    assert POLICY == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    )


def test_the_cookie_of_a_session_is_out_of_reach(site: Site) -> None:
    """HttpOnly and SameSite=Lax always, Secure where the site is reached over TLS."""
    plain, tls = site.client(), create_app(site.registry, secure_cookies=True).test_client()
    for client, secure in ((plain, False), (tls, True)):
        sign_in(client, "clinic", PASSWORD)
        cookie = client.get_cookie("session")
        if secure:  # the test client speaks http, so a Secure cookie is not sent back
            answer = tls.get("/sign-in", headers=HTML)
            assert "; Secure; HttpOnly" in answer.headers["Set-Cookie"]
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        else:
            assert cookie is not None
            assert (cookie.http_only, cookie.same_site, cookie.secure) == (True, "Lax", False)


def test_a_wrong_password_keeps_the_name_and_says_nothing_more(site: Site) -> None:
    """The same words for a wrong name and a wrong password; the password is never written back."""
    answers = [sign_in(site.client(), name, "not the password") for name in ("inspector", "nobody-at-all")]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].text.count('value="inspector"') == 1
    assert "not the password" not in answers[0].text
    messages = [re.findall(r'<h2 id="refusal-title">([^<]+)', answer.text) for answer in answers]
    assert messages[0] == messages[1]


def test_signing_in_is_slowed_down(site: Site) -> None:
    """After five wrong passwords for one name the sixth waits, and the answer says how long."""
    site.registry.create_account("often.wrong", "inspector", "Dr Often Wrong", by="admin")
    answers = [sign_in(site.client(), "often.wrong", "not the password") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 401, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 30


def test_another_site_cannot_sign_a_browser_in(site: Site) -> None:
    """The sign-in form comes back with its cookie and from this site, or not at all."""
    form = {"name": "clinic", "password": PASSWORD}
    assert site.client().post("/sign-in", headers=HTML, data=form).status_code == 403
    browser = site.client()
    token = csrf_of(browser.get("/sign-in", headers=HTML).text)
    wrong = {**HTML, "Origin": "https://evil.example"}
    assert browser.post("/sign-in", headers=wrong, data={**form, "csrf": token}).status_code == 403
    assert browser.post("/sign-in", headers=HTML, data={**form, "csrf": "é"}).status_code == 403


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
    data = {"label": "a program", "csrf": right if token == "right" else token}
    assert browser.post("/tokens", headers={**HTML, **headers}, data=data).status_code == status


def test_a_bearer_request_needs_no_form_token(site: Site) -> None:
    """A program has no cookie that another site could use."""
    answer = site.client().post("/sparql", headers=site.bearer("analyst"), data={"query": "ASK {}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Basic YWRtaW46YWRtaW4=", "bearer  "])
def test_credentials_that_are_not_read_are_401(site: Site, header: str) -> None:
    """A wrong token is not rescued by a good session."""
    browser = site.signed_in("clinic")
    answer = browser.get("/lots/H-03", headers={"Authorization": header, "Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="cell product registry"'


def test_signing_out_ends_the_session_on_the_server(site: Site) -> None:
    """A cookie kept from before signing out opens nothing."""
    browser = site.signed_in("clinic")
    cookie = browser.get_cookie("session")
    assert cookie is not None
    page = browser.get("/", headers=HTML).text
    assert browser.post("/sign-out", headers=HTML, data={"csrf": csrf_of(page)}).headers["Location"] == "/sign-in"
    thief = site.client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/lots/H-03", headers=HTML).status_code == 303


def test_a_one_time_password_opens_only_the_page_that_replaces_it(site: Site) -> None:
    """Until a password of one's own is chosen, every other page leads there; after it, signing in anew works."""
    once = site.registry.create_account("newcomer", "clinician", "Dr New", by="admin")
    browser = site.client()
    assert sign_in(browser, "newcomer", once).headers["Location"] == "/password"
    assert browser.get("/lots/H-03", headers=HTML).headers["Location"] == "/password"
    assert browser.get("/lots/H-03", headers={"Accept": "application/json"}).status_code == 403
    token = csrf_of(browser.get("/password", headers=HTML).text)
    form = {"csrf": token, "old": once, "new": PASSWORD, "again": PASSWORD + "!"}
    assert browser.post("/password", headers=HTML, data=form).status_code == 400
    changed = browser.post("/password", headers=HTML, data={**form, "again": PASSWORD})
    assert changed.status_code == 303
    assert site.signed_in("newcomer").get("/lots/H-03", headers=HTML).status_code == 200


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/lots/A%2F1%20%237", "/lots/A%2F1%20%237"),
        ("/query?query=ASK+%7B%7D", "/query?query=ASK+%7B%7D"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\tevil", "/"),
        ("https://evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("//[", "/"),
    ],
)
def test_after_signing_in_one_stays_on_this_site(site: Site, wanted: str, leads_to: str) -> None:
    """``next`` is a path of this site, else it is forgotten."""
    assert sign_in(site.client(), "clinic", PASSWORD, wanted).headers["Location"] == leads_to


@given(st.text())
def test_no_text_leads_to_another_site(text: str) -> None:
    """Whatever is asked for, the answer begins with one slash and holds nothing a browser would read as a host."""
    path = safe_next(text)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert not set(path) & set("\\\t\r\n ")


def test_where_one_was_going_is_kept_exactly(site: Site) -> None:
    """A lot with a slash and a hash in its name, and a query, survive the sign-in form."""
    answer = site.client().get("/lots/A%2F1%20%237?at=2026-11-21T14:05:00Z", headers=HTML)
    page = site.client().get(answer.headers["Location"], headers=HTML).text
    assert 'name="next" value="/lots/A%2F1%20%237?at=2026-11-21T14:05:00Z"' in page


def test_hostile_names_are_shown_as_text(site: Site, pages: dict[str, TestResponse]) -> None:
    """Notes, reasons, file names and search words come back as letters, never as elements."""
    assert pages["/lots/H-03"].text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 1
    assert "A retest &lt;script&gt;alert(1)&lt;/script&gt;" in pages["/lots/H-05"].text
    assert "Nothing found for “&lt;script&gt;”" in pages["/lots?q=<script>"].text


def test_a_submitted_file_is_saved_never_shown(site: Site) -> None:
    """Byte for byte, as an attachment of no particular kind, under a name that cannot leave its folder."""
    answer = site.client().get(f"/files/{site.good}", headers=site.bearer("inspector"))
    name, data = site.registry.file(site.good)
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
    assert [line.split()[0] for line in lines if not line.startswith("#")] == sorted(site.registry.metrics())
