"""A forgotten password, and somebody who comes back: a one-time password, and the ledger says by whom and why."""

from __future__ import annotations

import pytest

from registry.accounts import Accounts
from registry.accounts.entry_text import said
from registry.audit import audit
from registry.errors import Conflict, NotAllowed, NotSignedIn, WrongUsage
from registry.ledger import Ledger
from tests.accounts.conftest import GOOD


def lines(ledger: Ledger) -> list[str]:
    return [said(entry) for entry in ledger.entries() if entry.kind in ("account", "token")]


@pytest.fixture
def nurse(accounts: Accounts) -> Accounts:
    accounts.people.create("nurse.night", "clinician", by="admin", password=GOOD, must_change=False)
    return accounts


def test_a_reset_ends_the_old_password_sessions_and_tokens(nurse: Accounts, ledger: Ledger) -> None:
    """The new one must be changed; each ending is an entry, and the audit finds nothing."""
    token, value = nurse.tokens.create("nurse.night", by="nurse.night", label="ward")
    session = nurse.sessions.start(nurse.people.get("nurse.night"))
    once = nurse.people.reset_password("nurse.night", by="admin", reason="Forgotten")
    for way_in in (
        lambda: nurse.people.verify("nurse.night", GOOD),
        lambda: nurse.tokens.verify(value),
        lambda: nurse.sessions.find(session.secret),
    ):
        with pytest.raises(NotSignedIn):
            way_in()
    assert nurse.people.verify("nurse.night", once).must_change
    assert lines(ledger)[-2:] == [
        "nurse.night (clinician): password reset by admin to a one-time password: Forgotten",
        f"Token {token.id} of nurse.night revoked by admin: password reset: Forgotten",
    ]
    assert audit(ledger).findings == ()


def test_nothing_is_signed_with_a_one_time_password(nurse: Accounts) -> None:
    """Whoever handed it out knows it; the refusal says how to change it, and with one's own password it goes on."""
    once = nurse.people.reset_password("nurse.night", by="admin", reason="Forgotten")
    refusals = []
    for verify in (nurse.people.verify_to_sign, nurse.people.verify_to_act):
        with pytest.raises(NotAllowed) as refusal:
            verify("nurse.night", once)
        refusals.append(refusal.value.as_dict())
    alike = {
        "kind": "NotAllowed", "code": "one-time-password", "expected": "a password that only its owner knows",
        "found": "the one-time password of nurse.night",
        "todo": "Sign in with it, and choose a password of your own.",
        "action": "choose-password",
    }  # fmt: skip
    assert refusals == [
        {**alike, "message": "Nothing is signed with a one-time password."},
        {**alike, "message": "Nothing is done with a one-time password but to choose one's own."},
    ]
    nurse.people.change_password("nurse.night", once, "another four quiet words")
    assert nurse.people.verify_to_sign("nurse.night", "another four quiet words").name == "nurse.night"


def test_a_disabled_account_is_enabled_again(nurse: Accounts, ledger: Ledger) -> None:
    """With a one-time password; a token from before does not come back with it."""
    _token, value = nurse.tokens.create("nurse.night", by="nurse.night")
    nurse.people.disable("nurse.night", by="admin", reason="Left the clinic")
    once = nurse.people.enable("nurse.night", by="admin", reason="Came back")
    account = nurse.people.verify("nurse.night", once)
    assert (account.disabled, account.must_change, account.role) == (False, True, "clinician")
    with pytest.raises(NotSignedIn):
        nurse.tokens.verify(value)
    assert lines(ledger)[-3:-1] == [
        "nurse.night (clinician) disabled by admin: Left the clinic",
        "nurse.night (clinician) enabled again by admin, with a one-time password: Came back",
    ]
    assert audit(ledger).findings == ()


def test_who_is_in_use_is_not_enabled(nurse: Accounts) -> None:
    with pytest.raises(Conflict):
        nurse.people.enable("nurse.night", by="admin", reason="Again")


def test_a_printed_name_given_on_meanwhile_is_not_taken_back(nurse: Accounts) -> None:
    """Two people in office do not sign alike."""
    nurse.people.create("a.smith", "quality unit", by="admin", printed_name="Dr Smith", password=GOOD)
    nurse.people.disable("a.smith", by="admin", reason="Left")
    nurse.people.create("b.smith", "quality unit", by="admin", printed_name="Dr Smith", password=GOOD)
    with pytest.raises(Conflict):
        nurse.people.enable("a.smith", by="admin", reason="Came back")


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 501])
def test_each_needs_a_reason(nurse: Accounts, ledger: Ledger, reason: str) -> None:
    size = ledger.size()
    for change in (nurse.people.reset_password, nurse.people.disable, nurse.people.enable):
        with pytest.raises(WrongUsage):
            change("nurse.night", by="admin", reason=reason)
    assert ledger.size() == size
