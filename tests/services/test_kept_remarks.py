"""Remarks that are kept say what they would say if they were made anew, whatever was entered in between."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from registry.ledger import Ledger
from registry.services import Registry
from registry.services.lot_index import Kept, points
from registry.services.lot_index import remarks as kept_remarks
from registry.services.lot_index.remarks import KeptRemarks, Remarks
from tests.services.conftest import SECRET, House

LOTS = [f"L-{number:02}" for number in range(1, 13)]
VALUES = ("98.1", "98.2", "98.3", "95", "91", "<99")
STEPS = st.one_of(
    st.tuples(st.just("submit"), st.sampled_from(LOTS), st.sampled_from(VALUES)),
    st.tuples(st.just("register"), st.just(""), st.just("")),
    st.tuples(st.just("withdraw"), st.sampled_from(LOTS), st.just("")),
    st.tuples(st.just("hold"), st.sampled_from(LOTS), st.just("")),
    st.tuples(st.just("rules"), st.just(""), st.sampled_from(("1-3s", "1-2s", "nelson-2"))),
)


def anew(registry: Registry) -> dict[str, Remarks]:
    """What is said of every lot by whoever has kept nothing."""
    index = registry.lot_index
    return KeptRemarks(registry.ledger, registry.reader, index.rules).on(asked(registry))


def asked(registry: Registry) -> list[tuple[str, str | None]]:
    """Every lot with its product."""
    return [(line.lot, "POI-M") for line in registry.lot_index.recent(200)]


def done(house: House, step: tuple[str, str, str], number: int) -> None:
    """Enter one thing; what may not be is refused and changes nothing."""
    what, lot, value = step
    if what == "submit":
        house.submit(lot, name=f"again {number}.csv", CD73=value)
    elif what == "register":
        house.lot(f"N-{number}")
    elif what == "withdraw":
        panel = house.submit(lot, name=f"wrong {number}.csv", CD73=f"70.{number}").recorded[0].panel
        house.registry.submissions.withdraw(panel, name="q.one", password=SECRET, reason="It is another lot's.")
    elif what == "hold" and house.state(lot) != "on hold":
        house.decide(lot, "hold")
    elif what == "rules" and house.registry.lot_index.rules.of("POI-M") != (value,):
        house.registry.lot_index.rules.choose("POI-M", (value,), reason="For the test.", name="q.one", password=SECRET)


@settings(
    max_examples=3, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=6, max_size=8))
def test_what_is_kept_is_what_would_be_made_anew_after_every_entry(
    house: House, steps: list[tuple[str, str, str]]
) -> None:
    """And another process that has the folder open sees the same."""
    for lot in LOTS:
        if house.registry.lots.registered(lot) is None:
            house.lot(lot)
            house.submit(lot, name=f"{lot}.csv", CD73="98.2")
    other = Registry.open(house.registry.directory)
    assert other.lot_index.remarks(asked(other)) == anew(house.registry)
    for step in steps:
        done(house, step, house.registry.size())
        expected = house.registry.lot_index.remarks(asked(house.registry))
        assert expected == anew(house.registry)
        assert other.lot_index.remarks(asked(other)) == expected
        assert house.registry.lot_index.remarks(asked(house.registry)) == expected
    other.close()


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Of which product the values were read, each time that they were."""
    read = list[str]()

    def noted(ledger: Ledger, product: str, criterion: str, limit: int) -> list[Kept]:
        read.append(product)
        return points(ledger, product, criterion, limit)

    monkeypatch.setattr(kept_remarks, "points", noted)
    return read


def test_values_are_read_again_when_something_was_judged_and_a_minute_later(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For evidence may have grown old meanwhile, which nobody enters."""
    house.lot("L-01")
    house.submit("L-01")
    read = counted(monkeypatch)
    for _again in range(3):
        house.registry.lot_index.remarks([("L-01", "POI-M")])
    assert read == ["POI-M"]
    house.lot("L-02")
    house.registry.lot_index.remarks([("L-01", "POI-M")])
    assert read == ["POI-M"] * 2
    house.pass_time(timedelta(seconds=59))
    house.registry.lot_index.remarks([("L-01", "POI-M")])
    assert read == ["POI-M"] * 2
    house.pass_time(timedelta(seconds=1))
    house.registry.lot_index.remarks([("L-01", "POI-M")])
    assert read == ["POI-M"] * 3


def test_the_product_that_was_asked_for_longest_ago_is_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """There are as many as may be kept, and one more."""
    monkeypatch.setattr(kept_remarks, "MOST", 2)
    read, kept = counted(monkeypatch), house.registry.lot_index
    for product in ("A", "B", "A", "C", "A", "B"):
        kept.remarks([("L-01", product)])
    assert read == ["A", "B", "C", "B"]
