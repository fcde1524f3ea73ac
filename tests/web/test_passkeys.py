"""Passkeys over HTTP: enrolled on the page, asked for by a script of ours, given with a signature and a sign-in."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from registry.ledger.tables import passkeys
from tests.accounts.authenticator import Authenticator
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden
from tests.web.test_release import sign

SCRIPT = "/static/passkey.js"


@pytest.fixture(scope="module")
def device(site: Site) -> Iterator[Authenticator]:
    """An authenticator with a passkey that the quality unit's member enrolled on the page."""
    quality, made = site.signed_in("quality"), Authenticator()
    page = quality.get("/second-factor", headers=HTML).text
    assert "They work at https://registry.example, and at no other address." in page
    form = {"csrf": csrf_of(page), "do": "begin", "label": "key on the ring", "password": PASSWORD}
    shown = quality.post("/passkeys", headers=HTML, data=form)
    assert (shown.status_code, SCRIPT in shown.text) == (200, True)
    question = html.unescape(shown.text.split('data-create="')[1].split('"')[0])
    form = {"csrf": csrf_of(shown.text), "do": "enrol", "label": hidden(shown.text, "label")}
    enrolled = quality.post("/passkeys", headers=HTML, data={**form, "passkey": made.make(question)})
    assert (enrolled.status_code, enrolled.headers["Location"]) == (303, "/second-factor?done=passkey-enrol")
    yield made
    with site.registry.ledger.writing() as connection:  # other tests of this site sign by password alone
        connection.execute(delete(passkeys))


def question(site: Site) -> str:
    """What the script of a signature's form is given."""
    client, headers = site.script("quality")
    answer = client.post("/passkeys/question", headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.text


def test_a_signature_takes_the_passkeys_answer_and_every_page_names_the_factor(
    site: Site, quality: FlaskClient, device: Authenticator
) -> None:
    lot = site.add_lot("PK-01")
    site.submit(lot)
    page = quality.get(f"/release/{lot}", headers=HTML).text
    assert ('data-question="/passkeys/question"' in page, SCRIPT in page) == (True, True)
    assert 'name="code"' not in page
    refused = sign(quality, lot, "release")
    assert (refused.status_code, "quality signs with a passkey beside the password." in refused.text) == (401, True)
    answer = device.answer(question(site))
    signed = sign(quality, lot, "release", passkey=answer)
    assert signed.status_code == 303
    (decision,) = site.registry.lots.get(lot).decisions
    assert site.registry.ledger.entry(decision.position).details["second_factor"] == "passkey"
    assert "with password and passkey" in quality.get(f"/lots/{lot}", headers=HTML).text
    again = sign(quality, lot, "hold", reason="A freezer's alarm.", passkey=answer)
    assert (again.status_code, "answers no question that stands" in again.text) == (401, True)
    assert answer not in html.unescape(again.text)


def test_a_sign_in_by_passkey_opens_a_session_with_the_cookie_that_asked(site: Site, device: Authenticator) -> None:
    browser, other = site.client(), site.client()
    tokens = [csrf_of(each.get("/sign-in", headers=HTML).text) for each in (browser, other)]

    def answer() -> dict[str, str]:
        asked = browser.post("/sign-in/question", headers={"X-CSRF-Token": tokens[0]})
        assert json.loads(asked.text)["allowCredentials"] == []
        return {"passkey": device.answer(asked.text), "next": "/lots/H-03"}

    refused = other.post("/sign-in", headers=HTML, data={"csrf": tokens[1], **answer()})
    assert (refused.status_code, "answers no question that stands" in refused.text) == (401, True)
    entered = browser.post("/sign-in", headers=HTML, data={"csrf": tokens[0], **answer()})
    assert (entered.status_code, entered.headers["Location"]) == (303, "/lots/H-03")
    assert "Dr Quality" in browser.get("/lots/H-03", headers=HTML).text


def test_nothing_is_asked_for_another_site(site: Site) -> None:
    """A question needs the form's own token and this site's origin (CSRF), signed in or not."""
    client, headers = site.script("clinic")
    token = csrf_of(site.client().get("/sign-in", headers=HTML).text)
    stranger = site.client()
    for answer in (
        client.post("/passkeys/question", headers={"Accept": "application/json"}),
        client.post("/passkeys/question", headers={**headers, "Origin": "https://evil.example"}),
        client.post("/passkeys", headers=HTML, data={"do": "begin", "label": "x", "password": PASSWORD}),
        stranger.post("/sign-in/question", headers={"X-CSRF-Token": token}),
        stranger.post("/sign-in/question"),
    ):
        assert answer.status_code == 403


def test_whoever_has_none_is_asked_for_none(site: Site) -> None:
    client, headers = site.script("clinic")
    refused = client.post("/passkeys/question", headers=headers)
    assert (refused.status_code, refused.get_json()["error"]["message"]) == (
        409, "clinic has no passkey for registry.example.",
    )  # fmt: skip
    assert SCRIPT not in client.get("/lots/H-03", headers=HTML).text


def test_a_wrong_password_and_a_missing_answer_enrol_nothing(site: Site) -> None:
    browser = site.signed_in("clinic")
    csrf = csrf_of(browser.get("/second-factor", headers=HTML).text)
    wrong = {"do": "begin", "label": "phone", "password": "not the password"}
    empty = {"do": "enrol", "label": "phone", "passkey": ""}
    unasked = {"do": "enrol", "label": "phone", "passkey": "{}"}
    found = [browser.post("/passkeys", headers=HTML, data={"csrf": csrf, **form}) for form in (wrong, empty, unasked)]
    assert [answer.status_code for answer in found] == [401, 400, 401]
    assert 'value="phone"' in found[0].text
    assert site.registry.accounts.second_factor.of("clinic") == ()


def test_the_administrator_says_where_they_work_and_an_ip_address_is_refused(site: Site) -> None:
    admin = site.signed_in("admin")
    form = {"csrf": csrf_of(admin.get("/second-factor", headers=HTML).text), "do": "address", "reason": "Our name."}
    number = admin.post("/passkeys", headers=HTML, data={**form, "address": "https://192.0.2.7"})
    assert (number.status_code, "Passkeys cannot work at this address." in number.text) == (400, True)
    quality = site.signed_in("quality")
    csrf = csrf_of(quality.get("/second-factor", headers=HTML).text)
    named = {**form, "address": "https://registry.example"}
    assert quality.post("/passkeys", headers=HTML, data={**named, "csrf": csrf}).status_code == 403
    answer = admin.post("/passkeys", headers=HTML, data=named)
    assert answer.headers["Location"] == "/second-factor?done=passkey-address"
