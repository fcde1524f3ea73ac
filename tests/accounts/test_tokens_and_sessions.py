"""Tokens are made by whom they act for; sessions end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from registry.accounts import Accounts
from registry.audit import audit
from registry.errors import Conflict, NotAllowed, NotSignedIn, Unknown, WrongUsage
from registry.ledger import Ledger
from tests.accounts.conftest import GOOD, Clock, changes


def test_a_token_acts_in_its_accounts_role_until_it_ends(accounts: Accounts, ledger: Ledger, clock: Clock) -> None:
    account, _password = accounts.people.create("Lab.One", "submitter", by="admin", password=GOOD, must_change=False)
    until = clock.now + timedelta(days=1)
    token, secret = accounts.tokens.create("lab.one", by="lab.one", label="LIMS", expires=until)
    assert re.fullmatch("[A-Za-z0-9_-]{32,}", secret)
    assert (token.account, token.label, token.expires_at, token.revoked_at) == ("Lab.One", "LIMS", until, None)
    assert accounts.tokens.verify(secret) == account
    clock.pass_by(days=1)
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)
    assert accounts.tokens.all("LAB.ONE") == [token]
    assert audit(ledger).findings == ()


def test_nobody_makes_a_token_for_another(accounts: Accounts, ledger: Ledger) -> None:
    """Not even the administrator, who may end it: what a token does counts as its owner's doing."""
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    size = ledger.size()
    with pytest.raises(NotAllowed) as refusal:
        accounts.tokens.create("lab.one", by="admin")
    assert refusal.value.as_dict() == {
        "kind": "NotAllowed", "code": "not-allowed",
        "message": "A token is made by whom it acts for, and by nobody else.",
        "expected": "lab.one", "found": "admin", "todo": "Sign in as that account and make it there.",
    }  # fmt: skip
    assert (ledger.size(), accounts.tokens.all()) == (size, [])
    token, _secret = accounts.tokens.create("Lab.One", by="lab.one")
    accounts.tokens.revoke(token.id, by="admin")


def test_a_revoked_token_is_no_token(accounts: Accounts, ledger: Ledger) -> None:
    token, secret = accounts.tokens.create("admin", by="admin")
    accounts.tokens.revoke(token.id, by="admin")
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)
    with pytest.raises(Conflict):
        accounts.tokens.revoke(token.id, by="admin")
    with pytest.raises(Unknown):
        accounts.tokens.revoke("none", by="admin")
    assert [event for kind, _actor, event, _name in changes(ledger) if kind == "token"] == ["created", "revoked"]
    assert audit(ledger).findings == ()


@pytest.mark.parametrize("secret", ["", "cpr_", "x" * 47, "cpr_" + "é" * 43, "' OR 1=1 --", "x" * 10_000])
def test_what_is_no_token_is_not_accepted(accounts: Accounts, secret: str) -> None:
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)


def test_a_token_is_for_an_account_and_a_time_to_come(accounts: Accounts, clock: Clock) -> None:
    with pytest.raises(Unknown):
        accounts.tokens.create("nobody", by="nobody")
    for arguments in ({"expires": clock.now - timedelta(seconds=1)}, {"label": "a\nb"}, {"label": "x" * 201}):
        with pytest.raises(WrongUsage):
            accounts.tokens.create("admin", by="admin", **arguments)


def test_a_session_ends_when_idle_when_old_and_when_signed_out(accounts: Accounts, clock: Clock) -> None:
    account = accounts.people.get("admin")
    session = accounts.sessions.start(account)
    assert accounts.sessions.find(session.secret) == session
    for _request in range(24):
        clock.pass_by(minutes=29)
        assert accounts.sessions.find(session.secret).csrf == session.csrf
    clock.pass_by(minutes=24)
    with pytest.raises(NotSignedIn):
        accounts.sessions.find(session.secret)
    idle = accounts.sessions.start(account)
    clock.pass_by(minutes=30)
    with pytest.raises(NotSignedIn):
        accounts.sessions.find(idle.secret)
    left = accounts.sessions.start(account)
    accounts.sessions.end(left.secret)
    for secret in (left.secret, "", "half \ud83d"):
        with pytest.raises(NotSignedIn):
            accounts.sessions.find(secret)


def test_a_new_password_ends_every_session(accounts: Accounts) -> None:
    session = accounts.sessions.start(accounts.people.get("admin"))
    accounts.people.change_password("admin", GOOD, "four other quiet words")
    with pytest.raises(NotSignedIn):
        accounts.sessions.find(session.secret)


def test_sessions_that_ended_are_cleared_away(accounts: Accounts, ledger: Ledger, clock: Clock) -> None:
    for _day in range(3):
        accounts.sessions.start(accounts.people.get("admin"))
        clock.pass_by(hours=13)
    accounts.sessions.start(accounts.people.get("admin"))
    assert sum(1 for _ in ledger.rows("sessions")) == 1
