"""A clock that leaps forward leaves no trace in the ledger's time until an administrator says that it is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.errors import Conflict, Refused, WrongUsage
from registry.ledger import Ledger, NewEntry, establish
from registry.ledger import ledger as module
from registry.services import Registry
from registry.services.accounts import LocalOperator
from tests.ledgers import BASE, said


def enter(ledger: Ledger, what: str) -> None:
    ledger.append([NewEntry("note", said(what))], actor="lab")


def later(ledger: Ledger, by: timedelta) -> Ledger:
    """The ledger under a clock that stands so far ahead of its newest entry."""
    ledger.clock = lambda: ledger.entry(ledger.size()).at + by
    return ledger


def test_four_hundred_days_after_the_newest_entry_is_entered_and_a_second_more_is_not(ledger: Ledger) -> None:
    later(ledger, timedelta(days=400))
    enter(ledger, "in time")
    size, newest = ledger.size(), ledger.entry(ledger.size()).at
    ledger.clock = lambda: newest + timedelta(days=400, seconds=1)
    with pytest.raises(Refused) as refusal:
        enter(ledger, "too late")
    assert (refusal.value.code, refusal.value.action, ledger.size()) == ("clock-leap", "confirm-clock", size)
    ledger.append([NewEntry("clock")], actor="admin")
    enter(ledger, "confirmed")
    assert ledger.entry(ledger.size()).at == newest + timedelta(days=400, seconds=1)


@pytest.mark.parametrize(("ahead", "entered"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_clock_set_forward_while_the_process_runs_is_refused_after_a_day(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, ahead: timedelta, entered: bool
) -> None:
    def forward() -> datetime:
        return datetime.now(UTC) + ahead

    monkeypatch.setattr(module, "_now", forward)
    ledger.clock = forward
    if entered:
        enter(ledger, "soon")
    else:
        with pytest.raises(Refused, match="leapt forward"):
            enter(ledger, "late")


def test_a_demonstration_warns_and_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    made = establish(tmp_path / "data", base=BASE, actor="local:test", details={"demonstration": True})
    enter(later(made, timedelta(days=4000)), "long after")
    assert [record.message.split(" from ")[0] for record in caplog.records] == ["the clock leapt"]
    made.close()


def test_an_administrator_confirms_a_leap_with_a_reason_and_only_a_leap(tmp_path: Path) -> None:
    registry, _password = Registry.create(tmp_path / "data")
    operator = LocalOperator()
    with pytest.raises(Conflict):
        registry.upkeep.confirm_clock("It is right.", by=operator)
    later(registry.ledger, timedelta(days=900))
    (problem,) = registry.upkeep.ready()
    assert problem == "The clock of this machine leapt forward, and nothing is entered at that time."
    with pytest.raises(WrongUsage):
        registry.upkeep.confirm_clock(" ", by=operator)
    at = registry.ledger.clock()
    registry.ledger.clock = lambda: at
    registry.upkeep.confirm_clock("The machine was in storage.", by=operator)
    entry = registry.ledger.entry(registry.size())
    assert (entry.kind, entry.actor, entry.at) == ("clock", operator.name, at)
    assert registry.upkeep.ready() == []
    registry.ledger.close()
