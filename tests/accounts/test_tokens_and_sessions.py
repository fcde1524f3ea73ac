"""Tokens are made by whom they act for; sessions end."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from registry.accounts import Accounts, Permission, may, require
from registry.accounts.permissions import SCOPES, within
from registry.audit import audit
from registry.errors import Conflict, NotAllowed, NotSignedIn, Unknown, WrongUsage
from registry.ledger import Ledger
from registry.ledger.tables import token_rights, tokens
from tests.accounts.conftest import GOOD, Clock, changes


def test_a_token_acts_in_its_accounts_role_until_it_ends(accounts: Accounts, ledger: Ledger, clock: Clock) -> None:
    account, _password = accounts.people.create("Lab.One", "submitter", by="admin", password=GOOD, must_change=False)
    until = clock.now + timedelta(days=1)
    token, secret = accounts.tokens.create("lab.one", by="lab.one", label="LIMS", lasts=timedelta(days=1))
    assert re.fullmatch("[A-Za-z0-9_-]{32,}", secret)
    assert (token.account, token.label, token.expires_at, token.revoked_at) == ("Lab.One", "LIMS", until, None)
    assert replace(accounts.tokens.verify(secret), limited_to=None) == account
    clock.pass_by(days=1)
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)
    assert accounts.tokens.all("LAB.ONE") == [replace(token, used_at=until - timedelta(days=1))]
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
    spans = [{"lasts": span} for span in (timedelta(0), timedelta(days=-1), timedelta(days=366, seconds=1))]
    scopes = [{"scopes": [each]} for each in ("submit", "all", "")]
    for arguments in (*spans, {"label": "a\nb"}, {"label": "x" * 201}, *scopes):
        with pytest.raises(WrongUsage):
            accounts.tokens.create("admin", by="admin", **arguments)


def test_a_token_does_what_its_scopes_and_its_accounts_role_both_allow(accounts: Accounts) -> None:
    """Reading alone submits nothing; a role's usual scopes are those that it may use; nobody's manages accounts."""
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD, must_change=False)
    token, secret = accounts.tokens.create("lab.one", by="lab.one", scopes=["read", "read"])
    reader = accounts.tokens.verify(secret)
    assert (token.scopes, may(reader, Permission.READ), may(reader, Permission.SUBMIT)) == (("read",), True, False)
    assert not may(reader, Permission.READ_LEDGER)  # of no submitter, whatever the token says
    with pytest.raises(NotAllowed) as refusal:
        require(reader, Permission.SUBMIT)
    assert refusal.value.as_dict() == {
        "kind": "NotAllowed", "code": "token-scope", "message": "This token may not submit results.",
        "expected": "submit", "found": "a token of other scopes", "todo": "Make a token with that scope.",
    }  # fmt: skip
    usual, _secret = accounts.tokens.create("lab.one", by="lab.one")
    assert usual.scopes == ("read", "ask", "submit")
    managing, secret = accounts.tokens.create("admin", by="admin")
    assert managing.scopes == ("read",)
    with pytest.raises(NotAllowed, match=r"This token may not manage accounts"):
        require(accounts.tokens.verify(secret), Permission.MANAGE_ACCOUNTS)


def test_every_permission_is_in_a_scope_or_no_tokens_business() -> None:
    """A new permission is put into a scope, or named here."""
    assert {permission for permission in Permission if permission.value not in within(SCOPES)} == {
        Permission.CHANGE_PASSWORD, Permission.CREATE_TOKEN, Permission.MANAGE_ACCOUNTS,
        Permission.RECOVER_SECOND_FACTOR, Permission.RESET_ADMINISTRATOR, Permission.CONFIRM_RESTORED,
        Permission.CONFIRM_CLOCK, Permission.LOAD_ONTOLOGY, Permission.KEEP, Permission.SAVE_QUESTION,
        Permission.MANAGE_WEBHOOKS,
    }  # fmt: skip


def test_a_tokens_last_use_is_noted_once_in_ten_minutes(accounts: Accounts, clock: Clock) -> None:
    token, secret = accounts.tokens.create("admin", by="admin")
    assert (token.used_at, token.expires_at) == (None, clock.now + timedelta(days=90))
    for minutes, noted in ((1, 1), (9, 1), (1, 11)):
        clock.pass_by(minutes=minutes)
        accounts.tokens.verify(secret)
        (listed,) = accounts.tokens.all("admin")
        assert listed.used_at == token.created_at + timedelta(minutes=noted)


def test_a_token_of_before_there_were_scopes_may_what_any_token_may_for_a_year_and_a_day(
    accounts: Accounts, ledger: Ledger, clock: Clock
) -> None:
    """Its row says neither an end nor a scope: an earlier version made it."""
    _token, secret = accounts.tokens.create("admin", by="admin")
    with ledger.writing() as connection:
        connection.execute(delete(token_rights))
        connection.execute(update(tokens).values(expires=None))
    assert accounts.tokens.verify(secret).limited_to == within(SCOPES)
    clock.pass_by(days=366)
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)


def test_the_audit_finds_a_token_whose_scopes_were_widened(accounts: Accounts, ledger: Ledger) -> None:
    accounts.tokens.create("admin", by="admin")
    assert audit(ledger).findings == ()
    with ledger.writing() as connection:
        connection.execute(update(token_rights).values(scopes="read sign"))
    (finding,) = audit(ledger).findings
    assert finding.message.startswith("The scopes of the token ")


def test_another_sign_in_ends_the_session_before_and_nobody_elses(accounts: Accounts) -> None:
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD, must_change=False)
    other = accounts.sessions.start(accounts.people.get("lab.one"))
    first = accounts.sessions.start(accounts.people.get("admin"))
    second = accounts.sessions.start(accounts.people.get("admin"))
    with pytest.raises(NotSignedIn):
        accounts.sessions.find(first.secret)
    assert [accounts.sessions.find(each.secret) for each in (second, other)] == [second, other]


def test_every_sign_in_is_in_the_log_by_its_account_and_without_its_secret(
    accounts: Accounts, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "registry.accounts.sessions"):
        session = accounts.sessions.start(accounts.people.get("admin"))
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [("INFO", "admin signed in")]
    assert session.secret not in caplog.text


def test_a_new_password_ends_every_token_with_an_entry_for_each(accounts: Accounts, ledger: Ledger) -> None:
    """Whoever changes it because somebody knew it leaves nothing behind that acts for them."""
    token, secret = accounts.tokens.create("admin", by="admin", label="sequencer")
    accounts.people.change_password("admin", GOOD, "four other quiet words")
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)
    assert ledger.entry(ledger.size()).details["summary"] == (
        f"Token {token.id} of admin revoked by admin: password changed"
    )
    assert audit(ledger).findings == ()


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
