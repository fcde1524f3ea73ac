"""The second factor in a browser: its secret is shown once, and a signature's form asks for its code."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete

from registry.accounts.one_time_code import code_at
from registry.ledger.tables import second_factors
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, hidden
from tests.web.test_release import sign


@pytest.fixture
def secret(site: Site, quality: FlaskClient) -> Iterator[str]:
    """The secret of an authenticator that the quality unit's member enrolled on the page."""
    page = quality.get("/second-factor", headers=HTML).text
    form = {"csrf": csrf_of(page), "do": "begin", "password": PASSWORD}
    answer = quality.post("/second-factor", headers=HTML, data=form)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    shown = re.search(r"<code class=\"whole\">([A-Z2-7]{32})</code>", answer.text)
    assert shown is not None
    assert 'src="data:image/svg+xml' in answer.text
    code = code_at(shown[1], datetime.now(UTC) - timedelta(seconds=30))
    form = {"csrf": csrf_of(answer.text), "do": "enrol", "sealed": hidden(answer.text, "sealed"), "code": code}
    enrolled = quality.post("/second-factor", headers=HTML, data=form)
    assert (enrolled.status_code, enrolled.headers["Location"]) == (303, "/second-factor?done=enrol")
    yield shown[1]
    with site.registry.ledger.writing() as connection:  # other tests of this site sign by password alone
        connection.execute(delete(second_factors))


def test_a_signature_asks_for_the_code_and_its_details_name_the_factor(
    site: Site, quality: FlaskClient, secret: str
) -> None:
    lot = site.add_lot("F-01")
    site.submit(lot)
    assert 'autocomplete="one-time-code"' in quality.get(f"/release/{lot}", headers=HTML).text
    refused = sign(quality, lot, "release")
    assert refused.status_code == 401
    assert "quality signs with a one-time code beside the password." in html.unescape(refused.text)
    signed = sign(quality, lot, "release", code=code_at(secret, datetime.now(UTC)))
    assert signed.status_code == 303
    (decision,) = site.registry.lots.get(lot).decisions
    assert decision.second_factor == "one-time code"
    assert site.registry.ledger.entry(decision.position).details["second_factor"] == "one-time code"
    assert "with password and one-time code" in quality.get(f"/lots/{lot}", headers=HTML).text
    again = sign(quality, lot, "hold", reason="A freezer's alarm.", code=code_at(secret, datetime.now(UTC)))
    assert (again.status_code, site.registry.lots.get(lot).answer.may_be_injected) == (401, True)


def test_a_form_without_its_token_changes_nothing(site: Site, quality: FlaskClient) -> None:
    """Neither an enrolment nor a choice of roles comes from another site (CSRF)."""
    for form in ({"do": "begin", "password": PASSWORD}, {"do": "require", "role": "quality unit", "reason": "x"}):
        assert quality.post("/second-factor", headers=HTML, data=form).status_code == 403


def test_who_may_require_one_and_take_one_away(site: Site) -> None:
    """The administrator requires it, and takes none away; the quality unit the other way round."""
    admin, quality = site.signed_in("admin"), site.signed_in("quality")
    forms = {
        "require": {"do": "require", "role": "clinician", "reason": "Draft Annex 11."},
        "recover": {"do": "recover", "whose": "clinic", "reason": "Lost.", "password": PASSWORD},
    }

    def answers(act: str) -> dict[str, int]:
        found = {}
        for name, browser in (("admin", admin), ("quality", quality)):
            csrf = csrf_of(browser.get("/second-factor", headers=HTML).text)
            form = {"csrf": csrf, "name": name, **forms[act]}
            found[name] = browser.post("/second-factor", headers=HTML, data=form).status_code
        return found

    assert answers("require") == {"admin": 303, "quality": 403}
    assert site.registry.accounts.second_factor.required() == ("clinician",)
    assert answers("recover") == {"admin": 403, "quality": 409}  # clinic has none
    site.registry.accounts.second_factor.require([], reason="For the tests.", by=account_of(site.registry, "admin"))
