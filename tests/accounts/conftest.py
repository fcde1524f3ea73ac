"""A ledger with a clock that the test sets, and the people in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.accounts import Accounts
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
def accounts(ledger: Ledger) -> Accounts:
    made = Accounts(ledger)
    made.people.create("admin", "administrator", by="local:test", password=GOOD, must_change=False)
    return made


def changes(ledger: Ledger) -> list[tuple[str, str, object, object]]:
    return [
        (entry.kind, entry.actor, entry.details["event"], entry.details["account"])
        for entry in ledger.entries()
        if entry.kind in ("account", "token", "sign-in")
    ]
