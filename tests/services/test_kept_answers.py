"""An answer is kept as long as it is true: never older than the ledger, nor than the clock where time changes it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from registry.services import LotAnswer
from tests.services.conftest import House


def same(answer: LotAnswer, other: LotAnswer) -> bool:
    """Everything but the moment at which it was answered."""
    return replace(answer, at=other.at) == other


def held_against_a_new_one(house: House, lot: str) -> str:
    """The kept answer of each role is what is answered anew; and its tag."""
    for viewer in map(house.account, ("clinic.one", "lab.one")):
        kept = house.registry.lots.kept(lot, viewer)
        assert same(kept.answer, house.registry.lots.get(lot, viewer=viewer))
    return kept.tag


def test_it_is_made_once_while_nothing_is_entered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.lot("P-01")
    house.submit("P-01")
    made = house.registry.lots.kept("P-01")
    monkeypatch.setattr(house.registry.lots, "get", lambda *_arguments, **_named: pytest.fail("it was made again"))
    again = house.registry.lots.kept("p-01")
    assert (again.tag, same(again.answer, made.answer), again.answer.at >= made.answer.at) == (made.tag, True, True)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_entered_it_is_what_is_answered_anew(house: House, seed: int) -> None:
    """Entries at random about three lots, one made of another, and time that passes, each by a few days."""
    draw = random.Random(seed)  # noqa: S311 - not for secrets
    house.lot("P-01")
    house.lot("P-02", derived_from=("P-01",))
    house.lot("P-03", expires_at=house.now() + timedelta(days=9))
    lots = ("P-01", "P-02", "P-03")

    def enter() -> None:
        lot = draw.choice(lots)
        match draw.choice(("submit", "submit", "release", "hold", "child", "time")):
            case "submit":
                house.submit(lot, name=f"{draw.random()}.csv", CD34=draw.choice(("0.3", "0.4", "2.6")))
            case "release" if house.registry.lots.get(lot).verdict == "pass" and house.state(lot) == "not released":
                house.decide(lot, "release")
            case "hold" if house.state(lot) == "released":
                house.decide(lot, "hold")
            case "child":
                house.lot(f"C-{draw.randrange(10**9)}", derived_from=(lot,))
            case "time":
                house.pass_time(timedelta(days=draw.choice((1, 4)), seconds=draw.randrange(60)))

    for _step in range(12):
        before = {lot: held_against_a_new_one(house, lot) for lot in lots}
        answers = {lot: house.registry.lots.get(lot) for lot in lots}
        enter()
        for lot in lots:
            after = held_against_a_new_one(house, lot)
            answered = house.registry.lots.get(lot)
            unchanged = same(replace(answers[lot], ledger_size=answered.ledger_size), answered)
            assert (after == before[lot]) is unchanged


def test_it_ends_with_the_lot(house: House) -> None:
    """To the second: at its expiry a released lot is expired, though nothing was entered."""
    expires = house.now() + timedelta(seconds=30)
    house.lot("P-01", expires_at=expires)
    house.submit("P-01")
    house.decide("P-01", "release")
    assert house.registry.lots.kept("P-01").answer.answer.state == "released"
    house.registry.ledger.clock = lambda: expires - timedelta(microseconds=1)
    assert house.registry.lots.kept("P-01").answer.answer.state == "released"
    house.registry.ledger.clock = lambda: expires
    assert house.registry.lots.kept("P-01").answer.answer.state == "expired"
