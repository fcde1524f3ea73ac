"""The second factor: enrolled by its owner, given once, required of roles, taken away by another."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from registry.accounts import Account, Accounts, code_given_by
from registry.accounts.one_time_code import code_at
from registry.audit import audit
from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Throttled, WrongUsage
from registry.ledger import Ledger
from registry.ledger.tables import second_factors
from registry.services.accounts.second_factor import SecondFactorService
from tests.accounts.conftest import GOOD, Clock, changes


@pytest.fixture
def signer(accounts: Accounts) -> Account:
    accounts.people.create("q.two", "quality unit", by="admin", password=GOOD, must_change=False)
    return accounts.people.create("q.one", "quality unit", by="admin", password=GOOD, must_change=False)[0]


@pytest.fixture
def secret(accounts: Accounts, ledger: Ledger, signer: Account) -> str:
    """The secret of q.one's authenticator, enrolled with the code of the step before."""
    enrolment = accounts.second_factors.begin(signer)
    accounts.second_factors.enrol(signer, enrolment.sealed, code_at(enrolment.secret, ledger.clock()))
    return enrolment.secret


def sign(accounts: Accounts, code: str) -> Account:
    with code_given_by(lambda: code):
        return accounts.people.verify_to_sign("q.one", GOOD)


def test_without_one_a_signature_is_by_password_alone_until_a_role_must_have_one(
    accounts: Accounts, signer: Account
) -> None:
    assert sign(accounts, "") == signer
    accounts.second_factors.require(["quality unit"], by="admin", reason="Draft Annex 11.")
    with pytest.raises(NotAllowed, match=r"signs with a second factor, and q\.one has none"):
        sign(accounts, "")
    assert accounts.people.verify("q.one", GOOD) == signer  # signing in and submitting are not signing
    with pytest.raises(Conflict):
        accounts.second_factors.require(["quality unit"], by="admin", reason="Again.")
    accounts.second_factors.require([], by="admin", reason="Nobody has a device yet.")
    assert sign(accounts, "") == signer


def test_a_code_counts_once(accounts: Accounts, clock: Clock, signer: Account, secret: str) -> None:
    """Not again, not an older one than the last, and not the one that enrolled."""
    enrolled_with = code_at(secret, clock.now)
    with pytest.raises(NotSignedIn, match="wrong, or was used before"):
        sign(accounts, enrolled_with)
    clock.pass_by(seconds=60)
    assert sign(accounts, code_at(secret, clock.now)) == replace(signer, second_factor="one-time code")
    for used in (code_at(secret, clock.now), code_at(secret, clock.now - timedelta(seconds=30))):
        with pytest.raises(NotSignedIn):
            sign(accounts, used)


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_that_is_half_a_minute_off_is_taken(
    accounts: Accounts, clock: Clock, secret: str, seconds: int, taken: bool
) -> None:
    clock.pass_by(minutes=10)
    ahead = Clock()
    ahead.now = clock.now
    ahead.pass_by(seconds=seconds)
    if taken:
        assert sign(accounts, code_at(secret, ahead.now)).second_factor == "one-time code"
    else:
        with pytest.raises(NotSignedIn):
            sign(accounts, code_at(secret, ahead.now))


def test_no_code_is_asked_for_and_counts_as_no_attempt(accounts: Accounts, clock: Clock, secret: str) -> None:
    clock.pass_by(minutes=1)
    for _attempt in range(9):
        with pytest.raises(NotSignedIn, match="signs with a one-time code beside the password"):
            sign(accounts, " ")
    assert sign(accounts, code_at(secret, clock.now)).second_factor == "one-time code"


def test_wrong_codes_wait_from_every_address_and_leave_one_entry(
    accounts: Accounts, ledger: Ledger, clock: Clock, secret: str
) -> None:
    clock.pass_by(minutes=1)
    for _attempt in range(5):
        with pytest.raises(NotSignedIn, match="wrong"):
            sign(accounts, "not one")
    with pytest.raises(Throttled, match="Too many wrong one-time codes for this name: try again in 30 seconds"):
        sign(accounts, code_at(secret, clock.now))
    assert changes(ledger)[-1] == ("sign-in", "registry", "locked out", "q.one")
    clock.pass_by(seconds=31)
    assert sign(accounts, code_at(secret, clock.now)).second_factor == "one-time code"


def test_another_authenticator_asks_for_the_one_it_replaces(
    accounts: Accounts, clock: Clock, signer: Account, secret: str
) -> None:
    """Whoever knows the password alone puts no device of their own in its place."""
    clock.pass_by(minutes=1)
    with pytest.raises(NotSignedIn):
        accounts.second_factors.begin(signer)
    with code_given_by(lambda: code_at(secret, clock.now)):
        other = accounts.second_factors.begin(signer)
    accounts.second_factors.enrol(signer, other.sealed, code_at(other.secret, clock.now))
    clock.pass_by(minutes=1)
    with pytest.raises(NotSignedIn):
        sign(accounts, code_at(secret, clock.now))
    assert sign(accounts, code_at(other.secret, clock.now)).second_factor == "one-time code"


def test_an_enrolment_is_ones_own_shown_by_a_code_and_done_within_a_quarter_of_an_hour(
    accounts: Accounts, clock: Clock, signer: Account
) -> None:
    enrolment = accounts.second_factors.begin(signer)
    with pytest.raises(NotSignedIn):
        accounts.second_factors.enrol(signer, enrolment.sealed, "not one")
    with pytest.raises(Refused, match="not yours"):
        accounts.second_factors.enrol(accounts.people.get("q.two"), enrolment.sealed, "000000")
    clock.pass_by(minutes=16)
    with pytest.raises(Refused, match="too long ago"):
        accounts.second_factors.enrol(signer, enrolment.sealed, code_at(enrolment.secret, clock.now))
    assert accounts.second_factors.of("q.one") == ()


def test_a_lost_one_is_taken_away_by_another_with_a_reason(
    accounts: Accounts, ledger: Ledger, signer: Account, secret: str
) -> None:
    other = accounts.people.get("q.two")
    with pytest.raises(NotAllowed, match="Nobody takes away a second factor of their own"):
        accounts.second_factors.recover(signer, by=signer, reason="Lost.")
    with pytest.raises(WrongUsage):
        accounts.second_factors.recover(signer, by=other, reason=" ")
    accounts.second_factors.recover(signer, by=other, reason="The phone fell into the bath.")
    newest = ledger.entry(ledger.size())
    assert (newest.actor, newest.details["summary"]) == (
        "q.two",
        "q.one (quality unit): second factor taken away by q.two: The phone fell into the bath.",
    )
    assert sign(accounts, "").second_factor == ""
    with pytest.raises(Conflict):
        accounts.second_factors.recover(signer, by=other, reason="Again.")


def test_no_secret_stands_in_the_database_or_the_log(
    accounts: Accounts, ledger: Ledger, clock: Clock, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What is kept is sealed with a key of mode 0600 beside the database, which no backup holds."""
    with caplog.at_level(logging.DEBUG), pytest.raises(NotSignedIn):
        sign(accounts, "wrong1")
    assert ledger.directory is not None
    key = ledger.directory / "second-factor.key"
    assert key.stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(ledger.directory / "ledger.sqlite") as connection:
        dump = "\n".join(connection.iterdump())
    assert "q.one" in dump
    for hidden in (secret, key.read_text()):
        assert hidden not in dump + caplog.text


def test_a_key_that_others_may_read_and_one_that_is_gone_sign_nothing_and_enrol_nothing(
    accounts: Accounts, ledger: Ledger, clock: Clock, signer: Account, secret: str
) -> None:
    """Whoever takes the file away and knows the password puts no authenticator of their own in place."""
    clock.pass_by(minutes=1)
    key = Path(str(ledger.directory)) / "second-factor.key"
    key.chmod(0o644)
    with pytest.raises(Refused, match="found: mode 0644"):
        sign(accounts, code_at(secret, clock.now))
    kept = key.read_bytes()
    key.unlink()
    for tried in (lambda: sign(accounts, code_at(secret, clock.now)), lambda: accounts.second_factors.begin(signer)):
        with pytest.raises(Refused, match="cannot be checked here") as refusal:
            tried()
        assert refusal.value.todo == (
            "Bring the file back from where it is kept; else another member takes the factor away."
        )
    key.write_bytes(kept)
    key.chmod(0o600)
    assert sign(accounts, code_at(secret, clock.now)).second_factor == "one-time code"


def test_where_the_key_file_is_gone_another_member_takes_the_factor_away_by_password_and_the_entry_says_so(
    accounts: Accounts, ledger: Ledger, clock: Clock, signer: Account, secret: str
) -> None:
    """A restored copy has no key file: nobody's code can be checked. While any can, the member gives their own."""
    service, two = SecondFactorService(accounts, ledger.head), accounts.people.get("q.two")
    assert (service.of("q.one"), service.of("q.two")) == (("one-time code",), ())
    other = accounts.second_factors.begin(two)
    accounts.second_factors.enrol(two, other.sealed, code_at(other.secret, clock.now))
    assert service.of("q.two") == ("one-time code",)
    act = {"reason": "The machine was lost.", "name": "q.two", "password": GOOD}
    with pytest.raises(NotSignedIn, match=r"q\.two signs with a one-time code"):
        service.recover("q.one", **act)
    (Path(str(ledger.directory)) / "second-factor.key").unlink()
    with pytest.raises(NotAllowed, match="of their own"):
        service.recover("q.two", **act)
    service.recover("q.one", **act)
    assert (accounts.second_factors.of("q.one"), service.of("q.one")) == ((), ())
    assert ledger.entry(ledger.size()).details["summary"] == (
        "q.one (quality unit): second factor taken away by q.two, whose own could not be checked: The machine was lost."
    )
    with pytest.raises(Refused, match=r"The second factor of q\.two cannot be checked here"):
        service.recover("q.one", **act)
    assert audit(ledger).findings == ()


def test_the_audit_finds_a_factor_that_was_put_in_place_without_an_entry(
    accounts: Accounts, ledger: Ledger, secret: str
) -> None:
    assert audit(ledger).findings == ()
    with ledger.writing() as connection:
        connection.execute(update(second_factors).values(secret="another"))
    (finding,) = audit(ledger).findings
    assert (finding.check, finding.message) == (
        "second factor",
        "The credential of the second factor q.one was changed without an entry.",
    )
