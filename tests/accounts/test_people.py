"""People: one person, one name for ever, one printed name, one role; every change is an entry."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from registry.accounts import ROLES, Account, Accounts
from registry.accounts.common_passwords import why_guessed
from registry.audit import audit
from registry.errors import Conflict, NotSignedIn, Refused, Unknown, WrongUsage
from registry.ledger import Ledger
from tests.accounts.conftest import GOOD, changes
from tests.conftest import ROOT


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
    _token, secret = accounts.tokens.create("lab.one", by="lab.one")
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


POOR = """short|aaaaaaaaaaaaaaaa|some.one is it|SOME.ONE 1234|password1234|P@ssw0rd2026!|passwordpassword|123456789012
abcdefghijkl|qwertyuiop12|1qaz2wsx3edc|abc1abc1abc1|welcome-2026|administrator1|Cell-Registry 26|letmein letmein!
987654321098|Changeme!2026|clinic nurse 1|correct horse battery staple|mustang12345|butterfly123|Ashley-123456"""


@pytest.mark.parametrize("password", [*POOR.replace("\n", "|").split("|"), "x" * 257])
def test_a_poor_password_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(WrongUsage):
        accounts.people.create("some.one", "analyst", by="admin", password=password)
    with pytest.raises(Unknown):
        accounts.people.get("some.one")


@pytest.mark.parametrize("password", [GOOD, "seven grey herons fly", "a password of mine, long", "Tr4ub&dor-kestrel"])
def test_a_password_of_ones_own_is_taken(password: str) -> None:
    """A common word within others is no common password: length is the rule."""
    assert why_guessed(password, "some.one") == ""


def test_a_guessed_password_is_refused_with_the_reason(accounts: Accounts) -> None:
    with pytest.raises(WrongUsage) as refusal:
        accounts.people.create("some.one", "analyst", by="admin", password="password1234")
    assert refusal.value.found == "it is a common password, or one with digits or signs about it"


def test_a_password_is_the_same_however_it_is_typed(accounts: Accounts) -> None:
    accounts.people.create("some.one", "analyst", by="admin", password="fünf stille Wörter")
    assert accounts.people.verify("some.one", "fu\u0308nf stille Wo\u0308rter").name == "some.one"
    with pytest.raises(NotSignedIn):
        accounts.people.verify("some.one", "half a pair \ud83d")


def test_a_wrong_name_costs_what_a_wrong_password_costs() -> None:
    """Nobody's hash has the parameters and the lengths of everybody's, as a command of its own process has them."""
    script = (
        "from argon2 import extract_parameters as cost; from registry.accounts import passwords; "
        "print(*(cost(one) for one in (passwords._NOBODY, passwords.hashed('four quiet words here', 'some.one'))))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    cost = (
        "Parameters(type=<Type.ID: 2>, version=19, salt_len=16, hash_len=32, time_cost=4, memory_cost=19456, "
        "parallelism=1)"
    )
    assert done.stdout == f"{cost} {cost}\n"


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


@pytest.mark.parametrize("printed", ["Dr A. Smith", "dr a smith", "DR. A.  SMITH", "\uff24r A. Smith", "a.smith"])
def test_two_people_do_not_sign_alike(accounts: Accounts, ledger: Ledger, printed: str) -> None:
    """A printed name in use is refused, however it is spaced and dotted, and so is another account's own name."""
    accounts.people.create("a.smith", "quality unit", by="admin", printed_name="Dr A. Smith", password=GOOD)
    size = ledger.size()
    with pytest.raises(Conflict) as refusal:
        accounts.people.create("anna.smith", "quality unit", by="admin", printed_name=printed, password=GOOD)
    assert refusal.value.as_dict() == {
        "kind": "Conflict", "code": "conflict",
        "message": "Another account signs with this printed name.", "where": "printed_name",
        "expected": "a printed name that is one person's alone", "found": "Dr A. Smith, of a.smith",
        "todo": "Add what tells the two apart, such as a middle name, a department or the role.",
    }  # fmt: skip
    assert ledger.size() == size


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ian Lee", "lan Lee"), ("O. Berg", "0. Berg"), ("Nils Ohl", "Ni1s 0h1"),
        ("HOPE", "\u041d\u041e\u0420\u0415"), ("Nina", "\u039d\u0399\u039d\u0391"),
    ],
)  # fmt: skip
def test_two_people_do_not_sign_with_names_that_look_alike(accounts: Accounts, first: str, second: str) -> None:
    """Figures for letters, and a whole name in letters of another script that are printed alike."""
    accounts.people.create("one", "quality unit", by="admin", printed_name=first, password=GOOD)
    with pytest.raises(Conflict) as refusal:
        accounts.people.create("two", "quality unit", by="admin", printed_name=second, password=GOOD)
    assert refusal.value.found == f"{first}, of one"


@pytest.mark.parametrize(
    ("first", "second"), [("Ian Lee", "Lan Lee"), ("Mu\u0308ller", "Muller"), ("\u674e\u5a1c", "\u674e\u5a1c Li Na")]
)
def test_names_that_differ_to_the_eye_are_two(accounts: Accounts, first: str, second: str) -> None:
    """A capital L is no capital I, an umlaut is seen, and Chinese beside Latin letters confuses nobody."""
    accounts.people.create("one", "quality unit", by="admin", printed_name=first, password=GOOD)
    accounts.people.create("two", "quality unit", by="admin", printed_name=second, password=GOOD)
    assert [one.printed_name for one in accounts.people.all() if one.name in {"one", "two"}] == [first, second]


@pytest.mark.parametrize("printed", ["M\u0430ria", "\u041c\u0430ri\u0430 Berg", "Maria \u0411\u0435\u0440\u0433"])
def test_a_printed_name_is_in_one_script(accounts: Accounts, printed: str) -> None:
    """Latin with a Cyrillic letter within is refused, whoever else signs; nothing is entered."""
    with pytest.raises(WrongUsage) as refusal:
        accounts.people.create("maria", "quality unit", by="admin", printed_name=printed, password=GOOD)
    assert refusal.value.as_dict() == {
        "kind": "WrongUsage", "code": "wrong-usage",
        "message": "This name mixes scripts whose letters look alike.", "where": "printed_name",
        "expected": "a printed name in one script", "found": f"{printed} in Cyrillic and Latin",
        "todo": "Type the name again on one keyboard: one of its letters only looks like another.",
    }  # fmt: skip
    assert "maria" not in {one.name for one in accounts.people.all()}


def test_a_printed_name_is_free_again_when_its_account_is_disabled(accounts: Accounts) -> None:
    """Somebody who comes back, or changes their role, signs with their own name; others with a name that differs."""
    accounts.people.create("a.smith", "submitter", by="admin", printed_name="Dr A. Smith", password=GOOD)
    accounts.people.create("anna.smith", "analyst", by="admin", printed_name="Dr Anna Smith", password=GOOD)
    accounts.people.create("li", "analyst", by="admin", printed_name="\u674e\u5a1c", password=GOOD)
    accounts.people.create("wang", "analyst", by="admin", printed_name="\u738b\u82b3", password=GOOD)
    accounts.people.disable("a.smith", by="admin", reason="other duties")
    account, _password = accounts.people.create("a.smith2", "quality unit", by="admin", printed_name="Dr A. Smith")
    assert account.printed_name == "Dr A. Smith"


def test_a_disabled_account_has_no_way_in(accounts: Accounts) -> None:
    account, _password = accounts.people.create("lab.one", "submitter", by="admin", password=GOOD)
    _token, secret = accounts.tokens.create("lab.one", by="lab.one")
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
        lambda: accounts.tokens.create("lab.one", by="lab.one"),
        lambda: accounts.people.reset_password("lab.one", by="admin", reason="forgotten"),
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
