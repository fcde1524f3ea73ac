"""Tokens on their page: made for what a program needs and with an end, listed with their last use, revoked."""

from __future__ import annotations

import re

from tests.people import account_of
from tests.web.conftest import HTML, Site, csrf_of, panel


def test_one_is_made_for_what_is_ticked_used_and_revoked(site: Site) -> None:
    """A token that may read looks a lot up and submits nothing; its row says when it was last used."""
    browser = site.signed_in("lab.one")
    page = browser.get("/tokens", headers=HTML).text
    assert re.findall(r'name="scope" value="(\w+)"( checked)?', page) == [
        ("read", " checked"), ("ask", ""), ("submit", ""),
    ]  # fmt: skip
    form = {"csrf": csrf_of(page), "label": "a screen", "scope": "read", "days": "7"}
    made = browser.post("/tokens", headers=HTML, data=form)
    (value,) = re.findall(r"cpr_[\w-]{43}", made.text)
    assert (made.status_code, '<td role="cell" data-said="Last used">never</td>' in made.text) == (201, True)
    program = {"Authorization": f"Bearer {value}", "Accept": "application/json"}
    assert site.client().get("/lots/H-03", headers=program).status_code == 200
    sent = site.client().post("/api/v1/panels", data=panel("H-03"), headers={**program, "Content-Type": "text/csv"})
    assert (sent.status_code, sent.get_json()["error"]["message"]) == (403, "This token may not submit results.")
    (token,) = [token for token in site.registry.accounts.tokens("lab.one") if token.label == "a screen"]
    assert (token.scopes, token.used_at is None, (token.expires_at - token.created_at).days) == (("read",), False, 7)
    gone = browser.post(f"/tokens/{token.id}", headers=HTML, data={"csrf": form["csrf"]})
    assert "The token a screen is revoked." in browser.get(gone.headers["Location"], headers=HTML).text
    assert site.client().get("/lots/H-03", headers=program).status_code == 401


def test_nothing_ticked_no_days_and_another_roles_scope_are_refused(site: Site) -> None:
    browser = site.signed_in("lab.one")
    form = {"csrf": csrf_of(browser.get("/tokens", headers=HTML).text), "label": "x", "scope": "read", "days": "30"}
    for wrong, message in (
        ({"scope": []}, "Nothing is ticked that the token may."),
        ({"scope": "everything"}, "There is no such scope."),
        ({"scope": "inspect"}, "The role submitter may do nothing of this scope."),
        ({"days": "367"}, "A token ends within a year and a day."),
        ({"days": "0"}, "A token ends within a year and a day."),
        ({"days": "²"}, "How long it is good is no number of days."),
    ):
        answer = browser.post("/tokens", headers=HTML, data={**form, **wrong})
        assert (answer.status_code, message in answer.text) == (400, True), message


def test_the_administrator_sees_what_each_may_and_when_it_was_used(site: Site) -> None:
    site.registry.accounts.create_token("lab.one", "the robot", by=account_of(site.registry, "lab.one"), days=30)
    page = site.signed_in("admin").get("/accounts/lab.one", headers=HTML).text
    (row,) = [row for row in page.split("<tr") if ">the robot</th>" in row]
    for cell in ('It may">read, ask, submit', 'Last used">never'):
        assert f'data-said="{cell}</td>' in row


def test_a_second_sign_in_ends_the_first_and_the_form_says_so(site: Site) -> None:
    first = site.signed_in("clinic")
    assert "Whoever signs in is signed out everywhere else." in site.client().get("/sign-in", headers=HTML).text
    site.cookies.clear()
    second = site.signed_in("clinic")
    assert first.get("/lots/H-03", headers=HTML).headers["Location"] == "/sign-in?next=/lots/H-03"
    assert second.get("/lots/H-03", headers=HTML).status_code == 200


def test_a_changed_password_ends_sessions_and_tokens(site: Site) -> None:
    """On the page, by its owner: what acted for the account acts no more."""
    registry = site.registry
    once = registry.accounts.create("mover", "clinician", "Dr Mover", by=account_of(registry, "admin"))
    registry.accounts.change_password("mover", once, "a few odd words here")
    value = registry.accounts.create_token("mover", "ward", by=account_of(registry, "mover"))
    browser = site.signed_in("mover")
    page = browser.get("/password", headers=HTML).text
    assert "Your sessions and tokens end with the old one." in page
    new = "four other quiet words"
    form = {"csrf": csrf_of(page), "old": "a few odd words here", "new": new, "again": new}
    assert browser.post("/password", headers=HTML, data=form).status_code == 303
    program = {"Authorization": f"Bearer {value}", "Accept": "application/json"}
    assert site.client().get("/lots/H-03", headers=program).status_code == 401
