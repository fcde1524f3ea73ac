"""Signing in: who gets in, what happens to those who do not, and where one is afterwards."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden, sign_in
from web import create_app
from web.security import safe_next


def test_the_cookie_of_a_session_is_out_of_reach(site: Site) -> None:
    """HttpOnly and SameSite=Lax always, Secure where the site is reached over TLS."""
    plain, tls = site.client(), create_app(site.registry, secure_cookies=True).test_client()
    for client, secure in ((plain, False), (tls, True)):
        sign_in(client, "clinic", PASSWORD)
        cookie = client.get_cookie("session")
        if secure:  # the test client speaks http, so a Secure cookie is not sent back
            answer = tls.get("/sign-in", headers=HTML)
            assert answer.headers["Set-Cookie"].startswith("__Host-sign-in=")
            assert "; Secure; HttpOnly" in answer.headers["Set-Cookie"]
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
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
    site.registry.accounts.create("often.wrong", "inspector", "Dr Often Wrong", by=account_of(site.registry, "admin"))
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
    gone = browser.post("/sign-out", headers=HTML, data={"csrf": csrf_of(page)}).headers
    assert (gone["Location"], gone["Clear-Site-Data"]) == ("/sign-in", '"cache", "storage"')
    thief = site.client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/lots/H-03", headers=HTML).status_code == 303


def test_whose_session_has_ended_is_told_so_and_comes_back_to_the_page(site: Site) -> None:
    """Who was never signed in, and who signed out, is told nothing of a session; who is signed in neither."""
    said = "Your session has ended: sign in, and you are back on the page that you asked for."
    browser = site.signed_in("clinic")
    assert said not in browser.get("/sign-in?next=/lots/H-03", headers=HTML).text
    site.registry.accounts.end_sessions("clinic", by=account_of(site.registry, "admin"))
    answer = browser.get("/lots/H-03", headers=HTML)
    page = browser.get(answer.headers["Location"], headers=HTML).text
    assert (said in page, hidden(page, "next")) == (True, "/lots/H-03")
    assert sign_in(browser, "clinic", PASSWORD, "/lots/H-03").headers["Location"] == "/lots/H-03"
    browser.post("/sign-out", headers=HTML, data={"csrf": csrf_of(browser.get("/", headers=HTML).text)})
    for nobody in (browser, site.client()):
        assert "session has ended" not in nobody.get("/sign-in?next=/lots/H-03", headers=HTML).text


def test_a_one_time_password_opens_only_the_page_that_replaces_it(site: Site) -> None:
    """Until a password of one's own is chosen, every other page leads there; after it, signing in anew works."""
    once = site.registry.accounts.create("newcomer", "clinician", "Dr New", by=account_of(site.registry, "admin"))
    browser = site.client()
    assert sign_in(browser, "newcomer", once).headers["Location"] == "/password"
    assert browser.get("/lots/H-03", headers=HTML).headers["Location"] == "/password"
    assert browser.get("/lots/H-03", headers={"Accept": "application/json"}).status_code == 403
    token = csrf_of(browser.get("/password", headers=HTML).text)
    form = {"csrf": token, "old": once, "new": PASSWORD, "again": PASSWORD + "!"}
    assert browser.post("/password", headers=HTML, data=form).status_code == 400
    changed = browser.post("/password", headers=HTML, data={**form, "again": PASSWORD})
    assert (changed.status_code, changed.headers["Location"]) == (303, "/sign-in?changed=1")
    assert "Your password was changed: sign in with the new one." in browser.get("/sign-in?changed=1").text
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


def test_nothing_typed_is_lost_when_a_session_has_ended(site: Site) -> None:
    """The form is kept over signing in, without password or the old secret, and goes on to where it was going."""
    typed = {"csrf": "old", "do": "check", "pasted": "lot,characteristic,value,unit\nH-03,CD73,<98>,%", "password": "x"}
    client = site.client()
    page = client.post("/submit", headers=HTML, data=typed)
    assert page.status_code == 401
    kept = html.unescape(hidden(page.text, "kept"))
    assert json.loads(kept) == {"path": "/submit", "fields": [["do", "check"], ["pasted", typed["pasted"]]]}
    form = {"csrf": csrf_of(page.text), "name": "lab.one", "kept": kept}
    wrong = client.post("/sign-in", headers=HTML, data={**form, "password": "not it"})
    assert (wrong.status_code, html.unescape(hidden(wrong.text, "kept"))) == (401, kept)
    again = client.post("/sign-in", headers=HTML, data={**form, "password": PASSWORD})
    assert (again.status_code, html.unescape(hidden(again.text, "pasted"))) == (200, typed["pasted"])
    sent = {"csrf": csrf_of(again.text), "do": "check", "pasted": hidden(again.text, "pasted")}
    assert client.post("/submit", headers=HTML, data=sent).status_code == 200


@pytest.mark.parametrize("kept", ["", "nonsense", "[]", '{"path": "//evil.example", "fields": []}', '{"path": "/x"}'])
def test_what_is_kept_leads_nowhere_but_here(site: Site, kept: str) -> None:
    """A forged kept form is not offered; one that another site sends is not kept at all."""
    client = site.client()
    page = client.get("/sign-in", headers=HTML).text
    form = {"csrf": csrf_of(page), "name": "lab.one", "password": PASSWORD, "next": "/lots", "kept": kept}
    answer = client.post("/sign-in", headers=HTML, data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/lots")
    foreign = {**HTML, "Sec-Fetch-Site": "cross-site"}
    assert site.client().post("/submit", headers=foreign, data={"pasted": "x"}).status_code == 303
