"""The administrator's page: what was done is said, a one-time password is shown once, and reloading does nothing."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from registry.errors import NotAllowed, NotSignedIn
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, sign_in


def change(browser: FlaskClient, name: str, act: str, reason: str = "For the test") -> TestResponse:
    form = {"csrf": csrf_of(browser.get("/accounts", headers=HTML).text), "do": act, "reason": reason, "sure": name}
    return browser.post(f"/accounts/{name}", headers=HTML, data=form)


def shown(answer: TestResponse) -> str:
    found = re.search(r'<code class="whole">([^<]+)</code>', answer.text)
    assert found is not None, answer.text
    return found[1]


def test_a_forgotten_password_is_reset(site: Site) -> None:
    """Shown once; with it only the page that replaces it opens."""
    once = site.registry.accounts.create(
        "nurse.night", "clinician", "Nurse Night", by=account_of(site.registry, "admin")
    )
    site.registry.accounts.change_password("nurse.night", once, PASSWORD)
    browser = site.signed_in("admin")
    answer = change(browser, "nurse.night", "reset", "Forgotten at night")
    assert answer.status_code == 200
    assert "The password of nurse.night was reset." in answer.text
    assert shown(answer) not in browser.get("/accounts", headers=HTML).text
    assert sign_in(site.client(), "nurse.night", PASSWORD).status_code == 401
    assert sign_in(site.client(), "nurse.night", shown(answer)).headers["Location"] == "/password"


def test_disabling_and_enabling_say_so(site: Site) -> None:
    """Disabling leads to an address that can be loaded again; enabling shows a one-time password."""
    site.registry.accounts.create("nurse.day", "clinician", "Nurse Day", by=account_of(site.registry, "admin"))
    browser = site.signed_in("admin")
    gone = change(browser, "nurse.day", "disable", "Left")
    assert (gone.status_code, gone.headers["Location"]) == (303, "/accounts?disabled=nurse.day")
    assert "nurse.day is disabled." in browser.get(gone.headers["Location"], headers=HTML).text
    assert "clinic is disabled." not in browser.get("/accounts?disabled=clinic", headers=HTML).text
    back = change(browser, "nurse.day", "enable", "Came back")
    assert "nurse.day is enabled again." in back.text
    assert sign_in(site.client(), "nurse.day", shown(back)).status_code == 303


def test_what_cannot_be_done_to_an_account_is_refused(site: Site) -> None:
    """One's own password is changed, not reset; without a reason, or without its name ticked, nothing is done."""
    browser = site.signed_in("admin")
    assert [change(browser, "admin", "reset").status_code, change(browser, "clinic", "promote").status_code] == [
        400,
        400,
    ]
    assert change(browser, "clinic", "reset", " ").status_code == 400
    form = {"csrf": csrf_of(browser.get("/accounts/clinic", headers=HTML).text), "do": "disable", "reason": "Left"}
    for sure in ({}, {"sure": "analyst"}):
        assert browser.post("/accounts/clinic", headers=HTML, data={**form, **sure}).status_code == 400
    assert browser.get("/accounts/nobody", headers=HTML).status_code == 404
    assert sign_in(site.client(), "clinic", PASSWORD).status_code == 303


def test_nothing_is_signed_with_a_one_time_password(site: Site) -> None:
    """Whoever handed it out knows it too."""
    once = site.registry.accounts.create("q.new", "quality unit", "Dr Q New", by=account_of(site.registry, "admin"))
    site.registry.accounts.change_password("q.new", once, PASSWORD)
    site.submit(site.add_lot("S-1"))
    once = site.registry.accounts.reset_password("q.new", by=account_of(site.registry, "admin"), reason="Forgotten")
    with pytest.raises(NotAllowed):
        site.registry.releases.sign("S-1", "release", name="q.new", password=once, meaning="I release it.")
    assert [one.kind for one in site.registry.lots.get("S-1").decisions] == []


def test_an_administrator_ends_a_token_and_reads_no_value_of_one(site: Site) -> None:
    """Those of the account alone, each with what it is for; its owner made it, and either ends it."""
    value = site.registry.accounts.create_token("lab.one", "the sequencer", by=account_of(site.registry, "lab.one"))
    (token,) = [one for one in site.registry.accounts.tokens("lab.one") if one.label == "the sequencer"]
    browser = site.signed_in("admin")
    page = browser.get("/accounts/lab.one", headers=HTML).text
    assert (page.count("the sequencer"), value in page, value[-4:] in page) == (2, False, False)
    form = {"csrf": csrf_of(page), "do": "revoke", "token": token.id}
    assert browser.post("/accounts/clinic", headers=HTML, data=form).status_code == 400
    done = browser.post("/accounts/lab.one", headers=HTML, data=form)
    assert (done.status_code, done.headers["Location"]) == (303, f"/accounts/lab.one?revoked={token.id}")
    assert "The token the sequencer is revoked." in browser.get(done.headers["Location"], headers=HTML).text
    with pytest.raises(NotSignedIn):
        site.registry.accounts.account_of_token(value)
    assert browser.post("/accounts/lab.one", headers=HTML, data=form).status_code == 409


def test_an_inspector_reads_who_has_which_role_and_changes_nothing(site: Site) -> None:
    """Each account with its role and state; no form but the one to sign out, and no way to an account's page."""
    browser = site.signed_in("inspector")
    page = browser.get("/accounts", headers=HTML).text
    names = re.findall(r'role="rowheader">([^<]+)<', page)
    assert names == [one.name for one in site.registry.accounts.all()]
    assert re.findall(r'action="([^"]+)"', page) == ["/sign-out"]
    assert 'href="/accounts/' not in page
