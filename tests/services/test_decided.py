"""What a decided lot shows: its criteria as the specification has them that it was decided under, for good."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.services.conftest import House
from tests.services.test_drafting import TABLE, approve, draft, loosened

STRICTER = TABLE.replace("version,1", "version,2").replace("cd73,CD73,>=,95", "cd73,CD73,>=,99")
LOOSER = loosened(TABLE.replace("version,1", "version,2"), "cd73,CD73,>=,95,%", "cd73,CD73,>=,90,%")


@pytest.fixture
def judged(house: House) -> House:
    """Lot P-01 with a panel that passes version 1 of ours and would not pass a stricter version 2."""
    draft(house)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    return house


def next_version(house: House, text: str = STRICTER) -> None:
    draft(house, text, file="ours-2.csv")
    approve(house)


def shown(house: House, lot: str = "P-01", at: datetime | None = None) -> tuple[str, bool, str | None, str]:
    """The version that a lot is judged against, whether a decision settled that, its verdict, CD73's limit."""
    found = house.registry.lots.get(lot, at)
    assert found.specification is not None
    asked = next(one.expected for one in found.criteria if one.id == "cd73")
    return found.specification.version, found.specification.pinned, found.verdict, asked


@pytest.mark.parametrize(("end", "code"), [("recall", "recalled"), ("rejection", "rejected")])
@pytest.mark.parametrize("between", [(), ("hold",), ("hold", "hold lifted")])
def test_what_was_released_and_then_ended_keeps_to_the_version_that_the_release_names(
    judged: House, end: str, code: str, between: tuple[str, ...]
) -> None:
    """A recall does not make evidence fail that passed; lists and queue say the same as the page."""
    judged.decide("P-01", "release")
    for kind in (*between, end):
        judged.decide("P-01", kind)
    next_version(judged)
    assert shown(judged) == ("1", True, "pass", ">= 95 %")
    (line,) = judged.registry.lot_index.find("P-01")
    assert (line.verdict, line.short_of) == ("pass", ())
    assert [one.code for one in judged.registry.lots.get("P-01").answer.reasons] == [code]


def test_a_lot_rejected_without_a_release_keeps_to_the_version_approved_then(judged: House) -> None:
    """A looser version that comes later does not let a rejected lot pass."""
    judged.lot("P-02")
    judged.submit("P-02", name="other.csv", CD73="93")
    judged.decide("P-02", "rejection")
    next_version(judged, LOOSER)
    assert shown(judged, "P-02") == ("1", True, "fail", ">= 95 %")
    judged.decide("P-02", "recall")
    assert shown(judged, "P-02") == ("1", True, "fail", ">= 95 %")
    (line,) = judged.registry.lot_index.find("P-02")
    assert (line.verdict, line.short_of) == ("fail", ("cd73",))


def test_until_it_is_decided_for_good_a_lot_without_a_release_is_held_against_what_is_approved_now(
    judged: House,
) -> None:
    """A hold settles nothing, and a rejection under the second version keeps to the second."""
    judged.decide("P-01", "hold")
    next_version(judged)
    assert shown(judged) == ("2", False, "fail", ">= 99 %")
    judged.decide("P-01", "rejection")
    assert shown(judged) == ("2", True, "fail", ">= 99 %")


def test_it_names_the_approval_that_was_in_force_when_it_was_decided_on(judged: House) -> None:
    """The same version approved again later, by somebody else, is not what the lot was decided under."""
    judged.decide("P-01", "release")
    before = judged.registry.lots.get("P-01").specification
    next_version(judged)
    judged.registry.specifications.approve("POI-M", "ours", "1", name="q.two", password="seven grey herons fly")
    judged.decide("P-01", "recall")
    assert judged.registry.lots.get("P-01").specification == before


def test_asked_of_an_earlier_time_it_shows_what_was_shown_then(judged: House) -> None:
    """Before its rejection the lot was held against what was approved at that moment."""
    next_version(judged)
    then = datetime.now(UTC)
    judged.decide("P-01", "rejection")
    draft(judged, LOOSER.replace("version,2", "version,3"), file="ours-3.csv")
    approve(judged)
    assert shown(judged, at=then) == ("2", False, "fail", ">= 99 %")
    assert shown(judged) == ("2", True, "fail", ">= 99 %")
