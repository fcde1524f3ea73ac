"""Passkeys: enrolled by their owner, answering once for a signature or a sign-in, and nothing else passing for them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from registry.accounts import Account, Accounts, code_given_by
from registry.accounts.one_time_code import code_at
from registry.accounts.passkeys import Passkeys
from registry.accounts.passkeys.relying_party import relying_party
from registry.audit import audit
from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Throttled, WrongUsage
from registry.ledger import Ledger
from registry.ledger.tables import passkeys
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.conftest import GOOD, Clock


@pytest.fixture
def signer(accounts: Accounts) -> Account:
    accounts.people.create("q.two", "quality unit", by="admin", password=GOOD, must_change=False)
    return accounts.people.create("q.one", "quality unit", by="admin", password=GOOD, must_change=False)[0]


@pytest.fixture
def keys(accounts: Accounts) -> Passkeys:
    return accounts.second_factors.passkeys


@pytest.fixture
def device(keys: Passkeys, signer: Account) -> Authenticator:
    """An authenticator with a passkey of q.one."""
    return enrolled(keys, signer)


def enrolled(keys: Passkeys, account: Account, **parts: object) -> Authenticator:
    """An authenticator with a passkey of this account."""
    device = Authenticator(**parts)  # type: ignore[arg-type]
    keys.enrol(account, device.make(keys.begin(account)), "key on the ring")
    return device


def sign(accounts: Accounts, answer: str, code: str = "") -> Account:
    with code_given_by(lambda: code, lambda: answer):
        return accounts.people.verify_to_sign("q.one", GOOD)


def test_a_signature_takes_the_answer_of_an_enrolled_passkey_and_names_it(
    accounts: Accounts, ledger: Ledger, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    assert sign(accounts, device.answer(keys.question(signer))) == replace(signer, second_factor="passkey")
    (entry,) = [entry for entry in ledger.entries() if entry.details.get("event") == "passkey enrolled"]
    assert (entry.actor, entry.details["label"], entry.details["party"], entry.details["summary"]) == (
        "q.one", "key on the ring", "registry.example", "q.one (quality unit): passkey enrolled by q.one",
    )  # fmt: skip
    with pytest.raises(NotSignedIn, match=r"q\.one signs with a passkey beside the password"):
        sign(accounts, "")
    assert audit(ledger).findings == ()


def test_a_passkey_is_what_a_required_second_factor_is(accounts: Accounts, keys: Passkeys, signer: Account) -> None:
    accounts.second_factors.require(["quality unit"], by="admin", reason="Draft Annex 11.")
    with pytest.raises(NotAllowed, match="has none"):
        sign(accounts, "")
    device = enrolled(keys, signer)
    assert sign(accounts, device.answer(keys.question(signer))).second_factor == "passkey"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"origin": "https://registry.example.evil"}, "Unexpected client data origin"),
        ({"origin": "http://registry.example"}, "Unexpected client data origin"),
        ({"flags": PRESENT}, "User verification is required"),
        ({"flags": 0}, "User was not present"),
    ],
)
def test_another_address_and_an_unverified_user_are_refused(
    accounts: Accounts, keys: Passkeys, signer: Account, device: Authenticator, changed: dict[str, object], problem: str
) -> None:
    """At a signature and at an enrolment: a page elsewhere gets an answer that is good for nothing here."""
    bad = replace(device, **changed)  # type: ignore[arg-type]
    with pytest.raises(NotSignedIn, match=r"The passkey's answer does not hold\.") as refusal:
        sign(accounts, bad.answer(keys.question(signer)))
    assert problem in refusal.value.found
    other = Authenticator(**changed)  # type: ignore[arg-type]
    with pytest.raises(NotSignedIn):
        keys.enrol(signer, other.make(keys.begin(signer)), "another")
    assert len(keys.all("q.one")) == 1


def test_an_answer_of_another_party_or_another_key_is_refused(
    accounts: Accounts, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    """Made for another RP ID, and signed by a key that only claims the id of the enrolled one."""
    question = json.loads(keys.question(signer))
    with pytest.raises(NotSignedIn) as refusal:
        sign(accounts, device.answer(json.dumps({**question, "rpId": "evil.example"})))
    assert refusal.value.found == "Unexpected RP ID hash"
    thief = Authenticator(id=device.id, handle=device.handle, count=99)
    with pytest.raises(NotSignedIn) as refusal:
        sign(accounts, thief.answer(keys.question(signer)))
    assert refusal.value.found == "Could not verify authentication signature"


def test_a_question_is_answered_once_by_its_newest_asking_and_within_two_minutes(
    accounts: Accounts, clock: Clock, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    question = keys.question(signer)
    answer = device.answer(question)
    assert sign(accounts, answer).second_factor == "passkey"
    for again in (answer, device.answer(question)):
        with pytest.raises(NotSignedIn, match="answers no question that stands"):
            sign(accounts, again)
    older, _newer = keys.question(signer), keys.question(signer)
    with pytest.raises(NotSignedIn, match="does not hold"):
        sign(accounts, device.answer(older))
    late = device.answer(keys.question(signer))
    clock.pass_by(seconds=120)
    with pytest.raises(NotSignedIn) as refusal:
        sign(accounts, late)
    assert (refusal.value.expected, refusal.value.found) == ("an answer within 2 minutes, given once", "too late")


def test_a_wrong_answer_uses_its_question_up(
    accounts: Accounts, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    right = device.answer(keys.question(signer))
    with pytest.raises(NotSignedIn):
        sign(accounts, "{}")
    with pytest.raises(NotSignedIn, match="answers no question that stands"):
        sign(accounts, right)


def test_what_was_asked_for_one_purpose_or_person_serves_no_other(
    accounts: Accounts, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    """Another's passkey, the question of a sign-in, and that of an enrolment."""
    other = enrolled(keys, accounts.people.get("q.two"))
    with pytest.raises(NotSignedIn, match=r"This passkey is not of q\.one"):
        sign(accounts, other.answer(keys.question(signer)))
    for_sign_in = device.answer(keys.question_to_sign_in("cookie"))
    keys.question(signer)
    with pytest.raises(NotSignedIn, match="does not hold"):
        sign(accounts, for_sign_in)
    to_enrol = json.loads(keys.begin(signer))
    keys.question(signer)
    with pytest.raises(NotSignedIn, match="does not hold"):
        sign(accounts, device.answer(json.dumps({"challenge": to_enrol["challenge"], "rpId": "registry.example"})))


def test_a_counter_that_did_not_go_up_is_refused_and_an_entry(
    accounts: Accounts, ledger: Ledger, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    """A copy of the authenticator answers with a count that was given before. One that never counts is taken."""
    device.count = 40
    assert sign(accounts, device.answer(keys.question(signer))).second_factor == "passkey"
    for count in (40, 3, -1):
        copied = replace(device, count=count)
        with pytest.raises(NotSignedIn, match="answered out of order: it may have been copied"):
            sign(accounts, copied.answer(keys.question(signer)))
    assert ledger.entry(ledger.size()).details["summary"] == (
        "A passkey of q.one answered with 0, and had counted to 41 before"
    )
    still = enrolled(keys, accounts.people.get("q.two"))
    for _signature in range(2):
        still.count = -1
        with code_given_by(lambda: "", lambda: still.answer(keys.question(accounts.people.get("q.two")))):
            assert accounts.people.verify_to_sign("q.two", GOOD).second_factor == "passkey"
    assert audit(ledger).findings == ()


def test_signing_in_takes_whose_passkey_it_is_with_the_cookie_that_asked(
    accounts: Accounts, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    assert keys.sign_in(device.answer(keys.question_to_sign_in("cookie")), "cookie") == signer
    with pytest.raises(NotSignedIn, match="answers no question that stands"):
        keys.sign_in(device.answer(keys.question_to_sign_in("cookie")), "another cookie")
    unknown = Authenticator(handle=device.handle)
    device_of_another = replace(device, handle="AAAA")
    for stranger in (unknown, device_of_another):
        with pytest.raises(NotSignedIn, match="Nobody here signs in with this passkey"):
            keys.sign_in(stranger.answer(keys.question_to_sign_in("cookie")), "cookie")
    accounts.people.disable("q.one", by="admin", reason="Left.")
    with pytest.raises(NotSignedIn, match="Nobody here signs in with this passkey"):
        keys.sign_in(device.answer(keys.question_to_sign_in("cookie")), "cookie")


def test_questions_to_sign_in_that_nobody_answers_make_their_address_wait(
    keys: Passkeys, device: Authenticator
) -> None:
    """Those that are answered rightly are not counted."""
    from registry.accounts import asked_from

    with asked_from("192.0.2.7"):
        for _visit in range(50):
            keys.sign_in(device.answer(keys.question_to_sign_in("cookie")), "cookie")
        for _try in range(40):
            keys.question_to_sign_in("cookie")
        with pytest.raises(Throttled):
            keys.question_to_sign_in("cookie")
    with asked_from("192.0.2.8"):
        keys.question_to_sign_in("cookie")


def test_another_passkey_asks_for_what_is_enrolled_already(
    accounts: Accounts, clock: Clock, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    """A password alone enrols nothing beside a factor, neither a passkey nor an authenticator of codes."""
    with pytest.raises(NotSignedIn):
        accounts.second_factors.prove_own(signer)
    with pytest.raises(NotSignedIn):
        accounts.second_factors.begin(signer)
    with code_given_by(lambda: "", lambda: device.answer(keys.question(signer))):
        enrolment = accounts.second_factors.begin(signer)
    accounts.second_factors.enrol(signer, enrolment.sealed, code_at(enrolment.secret, clock.now))
    assert accounts.second_factors.of("q.one") == ("one-time code", "passkey")
    clock.pass_by(minutes=1)
    assert sign(accounts, "", code_at(enrolment.secret, clock.now)).second_factor == "one-time code"
    assert sign(accounts, device.answer(keys.question(signer))).second_factor == "passkey"


def test_a_passkey_is_enrolled_once_with_a_name(keys: Passkeys, signer: Account, device: Authenticator) -> None:
    with pytest.raises(Conflict, match="enrolled already"):
        keys.enrol(signer, Authenticator(id=device.id).make(keys.begin(signer)), "the same")
    for label in (" ", "x" * 61, "a\nb"):
        with pytest.raises(WrongUsage):
            keys.enrol(signer, Authenticator().make(keys.begin(signer)), label)
    (listed,) = json.loads(keys.begin(signer))["excludeCredentials"]
    assert listed["id"] == keys.all("q.one")[0].id


def test_every_passkey_of_a_lost_device_is_taken_away_by_another(
    accounts: Accounts, ledger: Ledger, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    enrolled(keys, signer)
    with pytest.raises(NotAllowed, match="Nobody takes away a second factor of their own"):
        accounts.second_factors.recover(signer, by=signer, reason="Lost.")
    accounts.second_factors.recover(signer, by=accounts.people.get("q.two"), reason="Stolen with the bag.")
    assert (keys.all("q.one"), sign(accounts, "")) == ((), signer)
    assert ledger.entry(ledger.size()).details["summary"] == (
        "q.one (quality unit): second factor taken away by q.two: Stolen with the bag."
    )
    assert audit(ledger).findings == ()


@pytest.mark.parametrize(
    ("address", "origin", "party"),
    [
        ("https://cells.example/", "https://cells.example", "cells.example"),
        ("https://Cells.Example:443", "https://cells.example", "cells.example"),
        ("https://cells.example:8443/registry/", "https://cells.example:8443", "cells.example"),
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
    ],
)
def test_passkeys_work_at_a_name_over_tls_and_at_localhost(address: str, origin: str, party: str) -> None:
    found = relying_party(address)
    assert (found.origin, found.id) == (origin, party)


@pytest.mark.parametrize(
    "address",
    ["http://cells.example", "https://192.0.2.7", "https://[2001:db8::1]", "http://127.0.0.1:8000", "https://0x7f.1",
     "https://", "cells.example", "https://a@cells.example", "https://cells.example:port", "ftp://localhost",
     "https://cells_.example", "https://cells.example/?a=b", "https://cells..example", "https://2130706433"],
)  # fmt: skip
def test_where_webauthn_cannot_work_is_said_so(address: str) -> None:
    with pytest.raises(WrongUsage, match="Passkeys cannot work at this address"):
        relying_party(address)


def test_an_administrator_sets_where_they_work_and_takes_nobodys_factor_away_with_it(
    accounts: Accounts, ledger: Ledger, keys: Passkeys, signer: Account, device: Authenticator
) -> None:
    """A passkey for another name is no way in, and its owner signs with nothing less for it."""
    assert keys.party().origin == "https://registry.example"
    question = keys.question(signer)
    keys.set_address("https://cells.example", by="admin", reason="A new name.")
    assert keys.party().origin == "https://cells.example"
    with pytest.raises(Refused, match=r"This passkey was enrolled at registry\.example"):
        sign(accounts, device.answer(question))
    with pytest.raises(Conflict, match=r"q\.one has no passkey for cells\.example"):
        keys.question(signer)
    with pytest.raises(NotSignedIn):
        sign(accounts, "")
    with pytest.raises(Conflict):
        keys.set_address("https://cells.example/", by="admin", reason="Again.")
    assert ledger.entry(ledger.size()).details["summary"] == (
        "Passkeys work at https://cells.example from now on, set by admin: A new name."
    )


def test_the_audit_finds_a_passkey_put_in_place_changed_or_taken_away_without_an_entry(
    ledger: Ledger, device: Authenticator
) -> None:
    for column in ("account", "label", "party", "public_key"):
        with ledger.writing() as connection:
            kept = connection.execute(passkeys.select()).one()._mapping
            connection.execute(update(passkeys).values({column: "admin"}))
        assert [finding.check for finding in audit(ledger).findings] == ["passkey"], column
        with ledger.writing() as connection:
            connection.execute(update(passkeys).values(**kept))
    with ledger.writing() as connection:
        connection.execute(delete(passkeys))
    (finding,) = audit(ledger).findings
    assert finding.message.endswith("does not stand on both sides.")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_answer_but_the_whole_one_is_taken(
    keys: Passkeys, signer: Account, device: Authenticator, data: st.DataObject
) -> None:
    """One character changed of what an authenticator answered, or any text: refused in words, without a traceback."""
    answer = device.answer(keys.question(signer))
    fields = json.loads(answer)
    part = data.draw(st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "id", "whole"]))
    if part == "whole":
        sent = data.draw(st.text() | st.sampled_from(["[]", "null", '{"id": 1}', '{"response": [], "id": "AA"}']))
    else:
        holder = fields if part == "id" else fields["response"]
        place = data.draw(st.integers(0, 9_999)) % (len(holder[part]) - 1)  # a signature's length varies
        other = "A" if holder[part][place] != "A" else "B"
        holder[part] = holder[part][:place] + other + holder[part][place + 1 :]
        sent = json.dumps(fields)
    with pytest.raises(NotSignedIn):
        keys.prove(signer, sent)
