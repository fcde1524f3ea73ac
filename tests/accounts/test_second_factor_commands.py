"""``account second-factor``: what is printed, asked for, and refused at a command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.accounts import Accounts, one_time_code
from registry.cli import cli
from registry.errors import NotAllowed, NotSignedIn, WrongUsage
from registry.services import Registry
from tests.accounts.conftest import GOOD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    registry, _once = Registry.create(tmp_path / "data")
    people = Accounts(registry.ledger).people
    people.create("manager", "administrator", by="test", password=GOOD, must_change=False)
    for name in ("q.one", "q.two"):
        people.create(name, "quality unit", by="test", password=GOOD, must_change=False)
    registry.close()
    (tmp_path / "password").write_text(GOOD + "\n")
    return tmp_path


def run(folder: Path, *arguments: str, by: str, typed: str = "") -> Result:
    given = ("--data", str(folder / "data"), "--as", by, "--password-file", str(folder / "password"))
    return CliRunner().invoke(cli, ["account", "second-factor", *arguments, *given], input=typed)


def test_enrolled_required_shown_and_taken_away(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The secret goes to standard output alone; a code is read from standard input; one is due for the next step."""
    monkeypatch.setattr(one_time_code, "new_secret", lambda: SECRET)
    code = one_time_code.code_at(SECRET, datetime.now(UTC))
    enrolled = run(folder, "enrol", by="q.one", typed=f"{code}\n")
    assert (enrolled.exception, enrolled.stdout.splitlines()) == (
        None,
        [
            f"secret: {SECRET}",
            f"address: otpauth://totp/Cell%20registry%20registry.example:q.one?secret={SECRET}"
            "&issuer=Cell%20registry%20registry.example",
            "q.one signs with a one-time code beside the password from now on.",
        ],
    )
    assert SECRET not in enrolled.stderr
    required = run(folder, "require", "quality-unit", "--reason", "Annex 11.", by="manager")
    assert required.stdout == "A second factor is required of: quality unit.\n"
    shown = CliRunner().invoke(cli, ["account", "second-factor", "show", "--data", str(folder / "data")])
    assert shown.stdout == (
        "required of: quality unit\npasskeys work at: https://registry.example\nq.one: one-time code\n"
    )
    lost = ("recover", "q.two", "--reason", "Lost.")
    without = run(folder, *lost, by="q.one")
    assert isinstance(without.exception, NotSignedIn)
    assert (without.exception.todo, without.exception.action) == ("Type the code that it shows.", "give-code")
    later = one_time_code.code_at(SECRET, datetime.now(UTC) + timedelta(seconds=30))
    nothing = run(folder, *lost, "--code", later, by="q.one")
    assert str(nothing.exception).startswith("q.two has no second factor.")


def test_no_code_enrols_nothing(folder: Path) -> None:
    refused = run(folder, "enrol", by="q.one")
    assert isinstance(refused.exception, NotSignedIn)
    shown = CliRunner().invoke(cli, ["account", "second-factor", "show", "--data", str(folder / "data")])
    assert shown.stdout == "required of: no role\npasskeys work at: https://registry.example\n"


def test_the_administrator_says_where_passkeys_work(folder: Path) -> None:
    """A name over TLS; an IP address is refused with what would do, and a member of the quality unit with who may."""
    why = ("--reason", "The house's name.")
    number = run(folder, "address", "https://192.0.2.7", *why, by="manager")
    assert isinstance(number.exception, WrongUsage)
    assert number.exception.found == "https://192.0.2.7: an IP address, or no name of a machine"
    assert isinstance(run(folder, "address", "https://cells.example", *why, by="q.one").exception, NotAllowed)
    named = run(folder, "address", "https://cells.example/", *why, by="manager")
    assert named.stdout == "Passkeys work at https://cells.example.\n"
