"""People: one person, one name for ever, one role; wrong passwords are slow, and every change is an entry."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.accounts import ROLES, Account, Accounts, asked_from, passwords
from registry.audit import audit
from registry.errors import Conflict, NotSignedIn, Refused, Throttled, Unknown, WrongUsage
from registry.ledger import Ledger, establish

GOOD = "four quiet words here"


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    made = establish(tmp_path / "data", base="https://registry.example/", actor="local:test")
    clock.now = made.now()
    made.clock = clock
    yield made
    made.close()


@pytest.fixture
def accounts(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    # The real cost, some hundred times, would only measure argon2.
    monkeypatch.setattr(passwords, "_HASHER", passwords.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODY", passwords._HASHER.hash("nobody's password"))
    made = Accounts(ledger)
    made.people.create("admin", "administrator", by="local:test", password=GOOD, must_change=False)
    return made


def changes(ledger: Ledger) -> list[tuple[str, str, object, object]]:
    return [
        (entry.kind, entry.actor, entry.details["event"], entry.details["account"])
        for entry in ledger.entries()
        if entry.kind in ("account", "token", "sign-in")
    ]


def test_the_first_password_is_made_once_and_must_be_changed(accounts: Accounts, ledger: Ledger) -> None:
    account, password = accounts.people.create("q.unit", "quality unit", by="admin", printed_name="Quinn Unit")
    assert account == Account("q.unit", "Quinn Unit", "quality unit", must_change=True)
    assert re.fullmatch("[A-Za-z0-9_-]{20}", password)
    assert accounts.people.verify("Q.Unit", password) == account
    changed = accounts.people.change_password("q.unit", password, GOOD)
    assert changed == Account("q.unit", "Quinn Unit", "quality unit", must_change=False)
    assert accounts.people.verify("q.unit", GOOD) == changed
    with pytest.raises(NotSignedIn):
        accounts.people.verify("q.unit", password)
    assert changes(ledger)[1:] == [
        ("account", "admin", "created", "q.unit"),
        ("account", "q.unit", "password changed", "q.unit"),
    ]
    assert audit(ledger).findings == ()


def test_no_secret_stands_in_the_ledger(accounts: Accounts, ledger: Ledger) -> None:
    _account, password = accounts.people.create("lab.one", "submitter", by="admin")
    _token, secret = accounts.tokens.create("lab.one", by="admin")
    session = accounts.sessions.start(accounts.people.get("lab.one"))
    kept = "".join(str(row) for name in ("entries", "accounts", "tokens", "sessions") for row in ledger.rows(name))
    assert [value for value in (GOOD, password, secret, session.secret) if value in kept] == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_can_be_given(accounts: Accounts, role: str) -> None:
    accounts.people.create("some.one", role, by="admin", password=GOOD)
    assert accounts.people.get("SOME.ONE").role == role


@pytest.mark.parametrize("name", ["", "a", "a b", "-a", "é.unit", "local:root", "a" * 65, "a\nb", "a/b"])
def test_what_cannot_be_a_name_is_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(WrongUsage):
        accounts.people.create(name, "analyst", by="admin", password=GOOD)
    with pytest.raises(NotSignedIn):
        accounts.people.verify(name, GOOD)


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaaaaaaaa", "some.one is it", "SOME.ONE 1234"])
def test_a_poor_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(WrongUsage):
        accounts.people.create("some.one", "analyst", by="admin", password=password)
    with pytest.raises(Unknown):
        accounts.people.get("some.one")


def test_a_password_is_the_same_however_it_is_typed(accounts: Accounts) -> None:
    accounts.people.create("some.one", "analyst", by="admin", password="fünf stille Wörter")
    assert accounts.people.verify("some.one", "fu\u0308nf stille Wo\u0308rter").name == "some.one"
    with pytest.raises(NotSignedIn):
        accounts.people.verify("some.one", "half a pair \ud83d")


def test_there_is_no_other_role(accounts: Accounts) -> None:
    with pytest.raises(WrongUsage) as refusal:
        accounts.people.create("some.one", "root", by="admin", password=GOOD)
    assert refusal.value.expected == ", ".join(ROLES)


def test_a_name_is_never_used_again(accounts: Accounts, ledger: Ledger) -> None:
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    accounts.people.disable("LAB.ONE", by="admin", reason="left")
    size = ledger.size()
    with pytest.raises(Conflict):
        accounts.people.create("Lab.One", "analyst", by="admin", password=GOOD)
    with pytest.raises(Conflict):
        accounts.people.disable("lab.one", by="admin", reason="again")
    assert ledger.size() == size
    assert [(one.name, one.disabled) for one in accounts.people.all()] == [("admin", False), ("lab.one", True)]


def test_a_disabled_account_has_no_way_in(accounts: Accounts) -> None:
    account, _password = accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    _token, secret = accounts.tokens.create("lab.one", by="admin")
    session = accounts.sessions.start(account)
    accounts.people.disable("lab.one", by="admin", reason="left")
    for way_in in (
        lambda: accounts.people.verify("lab.one", GOOD),
        lambda: accounts.tokens.verify(secret),
        lambda: accounts.sessions.find(session.secret),
    ):
        with pytest.raises(NotSignedIn):
            way_in()
    for change in (
        lambda: accounts.tokens.create("lab.one", by="admin"),
        lambda: accounts.people.reset_password("lab.one", by="admin"),
    ):
        with pytest.raises(Refused):
            change()


def test_the_last_administrator_stays(accounts: Accounts) -> None:
    with pytest.raises(Refused):
        accounts.people.disable("admin", by="admin", reason="left")
    accounts.people.create("admin2", "administrator", by="admin", password=GOOD)
    accounts.people.disable("admin", by="admin2", reason="left")
    with pytest.raises(Refused):
        accounts.people.disable("admin2", by="admin2", reason="left")


# Wrong passwords


def test_a_wrong_name_and_a_wrong_password_are_refused_alike(accounts: Accounts) -> None:
    said = []
    for name, password in (("admin", "wrong"), ("nobody", GOOD), ("admin", ""), ("no such name!", GOOD)):
        with pytest.raises(NotSignedIn) as refusal:
            accounts.people.verify(name, password)
        said.append(str(refusal.value))
    assert len(set(said)) == 1


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_after_five_wrong_ones_each_waits_twice_as_long(accounts: Accounts, clock: Clock, name: str) -> None:
    waits = []
    for attempt in range(8):
        if attempt >= 5:
            with pytest.raises(Throttled) as refusal:
                accounts.people.verify(name, GOOD)
            waits.append(refusal.value.retry_after)
            clock.pass_by(seconds=waits[-1] - 0.1)
            with pytest.raises(Throttled):
                accounts.people.verify(name, GOOD)
            clock.pass_by(seconds=0.2)
        with pytest.raises(NotSignedIn) as wrong:
            accounts.people.verify(name, "wrong")
        assert type(wrong.value) is NotSignedIn
    assert waits == [30, 60, 120]


def test_the_right_password_wipes_the_slate(accounts: Accounts, clock: Clock) -> None:
    for _round in range(3):
        for _attempt in range(4):
            with pytest.raises(NotSignedIn):
                accounts.people.verify("admin", "wrong")
        assert accounts.people.verify("admin", GOOD).name == "admin"
    for _attempt in range(5):
        with pytest.raises(NotSignedIn):
            accounts.people.verify("admin", "wrong")
    clock.pass_by(minutes=15, seconds=1)
    assert accounts.people.verify("admin", GOOD).name == "admin"


@pytest.mark.parametrize("address", ["", "192.0.2.7"])
def test_a_reset_lets_a_locked_out_person_in(accounts: Accounts, address: str) -> None:
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    for _attempt in range(5):
        with pytest.raises(NotSignedIn), asked_from(address):
            accounts.people.verify("lab.one", "wrong")
    password = accounts.people.reset_password("lab.one", by="admin")
    with asked_from(address):
        assert accounts.people.verify("lab.one", password).must_change


def test_a_lock_out_is_logged_and_entered_once_and_strangers_fill_nothing(
    accounts: Accounts, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    before = changes(ledger)
    with caplog.at_level(logging.WARNING, logger="registry.accounts"):
        for name in ("admin", "nobody"):
            for _attempt in range(7):
                with pytest.raises(NotSignedIn):
                    accounts.people.verify(name, "wrong")
    assert changes(ledger)[len(before) :] == [("sign-in", "registry", "locked out", "admin")]
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 5 + ["ERROR"] + ["WARNING"] * 5


@pytest.mark.parametrize(
    ("there", "here"),
    [("192.0.2.7", "192.0.2.8"), ("192.0.2.7", ""), ("", "192.0.2.7"), ("2001:db8:1::7", "2001:db8:2::7")],
)
def test_nobody_is_shut_out_from_elsewhere(accounts: Accounts, there: str, here: str) -> None:
    """Wrong passwords from one address make that address wait; the owner signs in from another, and on the machine."""
    for _attempt in range(5):
        with pytest.raises(NotSignedIn), asked_from(there):
            accounts.people.verify("admin", "wrong")
    with asked_from(here):
        assert accounts.people.verify("admin", GOOD).name == "admin"
    with pytest.raises(Throttled), asked_from(there):
        accounts.people.verify("admin", GOOD)


@pytest.mark.parametrize(
    ("there", "here"),
    [("192.0.2.7", "192.0.2.7"), ("192.0.2.7", "::ffff:192.0.2.7"), ("2001:db8:1::7", "2001:db8:1::8"),
     ("fe80::1%eth0", "fe80::2%eth1"), ("a unix socket", "a unix socket")],
)  # fmt: skip
def test_what_is_one_address(accounts: Accounts, there: str, here: str) -> None:
    """An IPv6 network of one customer, and IPv4 written as IPv6, count as one address."""
    for _attempt in range(5):
        with pytest.raises(NotSignedIn), asked_from(there):
            accounts.people.verify("admin", "wrong")
    with pytest.raises(Throttled), asked_from(here):
        accounts.people.verify("admin", GOOD)


def test_a_hundred_from_everywhere_make_everybody_wait(accounts: Accounts, ledger: Ledger, clock: Clock) -> None:
    """NIST SP 800-63B allows no more; the lock-outs are entered, and the right password then wipes only its own."""
    before = len(changes(ledger))
    for number in range(100):
        with pytest.raises(NotSignedIn) as wrong, asked_from(f"192.0.2.{number // 4}"):
            accounts.people.verify("admin", "wrong")
        assert type(wrong.value) is NotSignedIn
    assert changes(ledger)[before:] == [("sign-in", "registry", "locked out", "admin")]
    with pytest.raises(Throttled) as refusal, asked_from("198.51.100.1"):
        accounts.people.verify("admin", GOOD)
    assert refusal.value.retry_after == 30
    clock.pass_by(seconds=31)
    with asked_from("198.51.100.1"):
        assert [accounts.people.verify("admin", GOOD).name for _time in range(3)] == ["admin"] * 3


def test_the_right_password_forgives_only_its_own_address(accounts: Accounts) -> None:
    """Whoever guesses from elsewhere is not let off because the owner signed in."""
    for _attempt in range(5):
        with pytest.raises(NotSignedIn), asked_from("192.0.2.7"):
            accounts.people.verify("admin", "wrong")
    with asked_from("192.0.2.8"):
        accounts.people.verify("admin", GOOD)
    with pytest.raises(Throttled), asked_from("192.0.2.7"):
        accounts.people.verify("admin", GOOD)


def test_guessing_in_parallel_is_no_way_round(accounts: Accounts) -> None:
    outcomes: list[type] = []

    def guess() -> None:
        try:
            accounts.people.verify("admin", "wrong")
        except NotSignedIn as refusal:
            outcomes.append(type(refusal))

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count(NotSignedIn), outcomes.count(Throttled)) == (5, 7)


# Tokens and sessions


def test_a_token_acts_in_its_accounts_role_until_it_ends(accounts: Accounts, ledger: Ledger, clock: Clock) -> None:
    account, _password = accounts.people.create("Lab.One", "submitter", by="admin", password=GOOD, must_change=False)
    until = clock.now + timedelta(days=1)
    token, secret = accounts.tokens.create("lab.one", by="admin", label="LIMS", expires=until)
    assert re.fullmatch("[A-Za-z0-9_-]{32,}", secret)
    assert (token.account, token.label, token.expires_at, token.revoked_at) == ("Lab.One", "LIMS", until, None)
    assert accounts.tokens.verify(secret) == account
    clock.pass_by(days=1)
    with pytest.raises(NotSignedIn):
        accounts.tokens.verify(secret)
    assert accounts.tokens.all("LAB.ONE") == [token]
    assert audit(ledger).findings == ()


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
        accounts.tokens.create("nobody", by="admin")
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
