"""Wrong passwords are slow for whoever gives them, and for nobody else; a lock-out is an entry."""

from __future__ import annotations

import logging
import threading

import pytest

from registry.accounts import Accounts, asked_from
from registry.errors import NotSignedIn, Throttled
from registry.ledger import Ledger
from tests.accounts.conftest import GOOD, Clock, changes


def test_a_wrong_name_and_a_wrong_password_are_refused_alike(accounts: Accounts) -> None:
    said = []
    for name, password in (("admin", "wrong"), ("nobody", GOOD), ("admin", ""), ("no such name!", GOOD)):
        with pytest.raises(NotSignedIn) as refusal:
            accounts.people.verify(name, password)
        said.append(str(refusal.value))
    assert set(said) == {"The name or the password is wrong."}


@pytest.mark.parametrize("name", ["admin", "nobody"])
def test_after_five_wrong_ones_each_waits_twice_as_long(accounts: Accounts, clock: Clock, name: str) -> None:
    waits = []
    for attempt in range(8):
        if attempt >= 5:
            with pytest.raises(Throttled) as refusal:
                accounts.people.verify(name, GOOD)
            waits.append(refusal.value.retry_after)
            told = f"Too many wrong passwords for this name from here: try again in {waits[-1]} seconds."
            assert str(refusal.value) == told
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
    password = accounts.people.reset_password("lab.one", by="admin", reason="forgotten")
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


def test_what_nobody_is_called_is_not_logged(accounts: Accounts, caplog: pytest.LogCaptureFixture) -> None:
    """It may be a password that was typed into the field above."""
    with caplog.at_level(logging.DEBUG), pytest.raises(NotSignedIn), asked_from("192.0.2.7"):
        accounts.people.verify("correct-horse-battery", "lab.one")
    assert [record.getMessage() for record in caplog.records] == [
        "wrong credentials for a name that nobody has from 192.0.2.7: attempt 1 within 15 minutes"
    ]


def test_a_list_of_names_with_one_password_makes_its_address_wait(accounts: Accounts, clock: Clock) -> None:
    """And no other: forty wrong ones, of whatever names. A right one counts for nothing."""
    accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    with asked_from("192.0.2.7"):
        for number in range(40):
            accounts.people.verify("lab.one", GOOD)
            clock.pass_by(seconds=1)
            with pytest.raises(NotSignedIn):
                accounts.people.verify("no such name!" if number % 2 else f"name.{number}", "Winter2026!")
            clock.pass_by(seconds=1)
        with pytest.raises(Throttled, match="from here: try again in 29 seconds"):
            accounts.people.verify("lab.one", GOOD)
    for address in ("192.0.2.8", ""):
        with asked_from(address):
            assert accounts.people.verify("lab.one", GOOD).name == "lab.one"


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
