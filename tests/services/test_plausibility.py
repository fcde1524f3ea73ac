"""What the dates, or what is on record, contradict is said when it is checked and recorded, and stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.conftest import House

DAY = timedelta(days=1)


def rows(lot: str, duration: str = "", tested_at: str = "", stage: str = "") -> bytes:
    header = "lot,characteristic,value,unit,duration,tested_at,stage\n"
    return f"{header}{lot},sterility,no growth,,{duration},{tested_at},{stage}\n".encode()


@pytest.mark.parametrize(
    ("days", "duration", "stage", "is_impossible"),
    [
        (1, "14 d", "", True),
        (1, "336 h", "final product", True),
        (12, "14 d", "", True),
        (14, "14 d", "", False),
        (1, "14", "", False),
        (1, "", "", False),
        (1, "14 d", "in process", False),
    ],
)
def test_a_culture_cannot_have_run_longer_than_the_lot_exists(
    house: House, days: int, duration: str, stage: str, is_impossible: bool
) -> None:
    """By when it was reported; a test of an earlier stage may have begun before, and no duration claims nothing."""
    made = (house.now() - days * DAY).date()
    house.lot("P-1", manufactured_on=made)
    data = rows("P-1", duration, stage=stage)
    codes = ["not-readable"] * (duration == "14") + ["cannot-be"] * is_impossible
    warned = [one.code for one in house.registry.submissions.preview("c.csv", data).warnings]
    receipt = house.registry.submissions.submit("c.csv", data, house.account("lab.one"))
    assert (warned, [one.code for one in receipt.warnings]) == (codes, codes)
    answer = house.registry.lots.get("P-1")
    assert len(answer.doubts) == int(is_impossible)
    notes = house.registry.releases.check("P-1", house.account("q.one")).notes
    assert [one for one in notes if one in answer.doubts] == list(answer.doubts)


def test_the_sentence_says_what_since_when_and_what_to_do(house: House) -> None:
    """It goes on to be said after the time has passed: the result was reported before it could be known."""
    made = house.now().date()
    house.lot("P-1", manufactured_on=made)
    house.registry.submissions.submit("c.csv", rows("P-1", "14 d"), house.account("lab.one"))
    house.pass_time(20 * DAY)
    at = house.registry.lots.get("P-1").panels[0].at
    assert house.registry.lots.get("P-1").doubts == (
        f"sterility no growth is said to have run 14 d, and was reported at {at:%Y-%m-%d %H:%M} +00:00; P-1 was "
        f"manufactured on {made}, so that cannot be known before {made + 14 * DAY} 00:00 +00:00. Correct the duration, "
        "or look whether it is this lot's result.",
    )
    house.registry.submissions.withdraw(
        house.registry.lots.get("P-1").panels[0].panel,
        reason="Typed wrongly.",
        name="lab.one",
        password="seven grey herons fly",
    )
    assert house.registry.lots.get("P-1").doubts == ()


def test_a_test_of_tomorrow_is_contradicted(house: House) -> None:
    """And one without a zone says no time."""
    house.lot("P-1")
    later = house.now() + DAY
    said = house.registry.submissions.preview("c.csv", rows("P-1", tested_at=later.isoformat())).warnings
    assert [(one.lot, one.row, one.code) for one in said] == [("P-1", 2, "cannot-be")]
    naive = later.replace(tzinfo=None).isoformat()
    assert house.registry.submissions.preview("c.csv", rows("P-1", tested_at=naive)).warnings == ()


def test_a_day_without_a_time_is_held_to_the_dates_too(house: House) -> None:
    """A day that has not begun anywhere, and one before the lot was made; an earlier stage may be older."""
    today = house.now().date()
    house.lot("P-1", manufactured_on=today - 3 * DAY)
    said = {
        (today + 3 * DAY, ""): ["cannot-be"],
        (today, ""): [],
        (today - 3 * DAY, ""): [],
        (today - 9 * DAY, ""): ["cannot-be"],
        (today - 9 * DAY, "in process"): [],
    }
    for (day, stage), codes in said.items():
        data = rows("P-1", tested_at=day.isoformat(), stage=stage)
        assert [one.code for one in house.registry.submissions.preview("c.csv", data).warnings] == codes, day


def test_a_second_figure_without_a_relation_is_said(house: House) -> None:
    """Beside one on record neither decides; a retest, a replicate and another stage are no second figure."""
    house.lot("P-1")
    house.submit("P-1")
    header = "lot,characteristic,value,unit,stage,relation,supersedes,reason\n"
    first = house.registry.lots.get("P-1").panels[0].results[0].iri
    rows = {
        "P-1,CD73,97,%,,,,\n": ["second-result"],
        f"P-1,CD73,97,%,,retest,{first},D-12\n": [],
        "P-1,CD73,97,%,,replicate,,\n": [],
        "P-1,CD73,97,%,after thaw,,,\n": [],
        "P-1,viability,97,%,,,,\n": [],
    }
    said = {row: house.registry.submissions.preview("b.csv", (header + row).encode()).warnings for row in rows}
    assert {row: [one.code for one in warnings] for row, warnings in said.items()} == rows
    (message,) = [one.message for one in said["P-1,CD73,97,%,,,,\n"]]
    assert message == (
        "CD73 of P-1 is on record already, 98.5 % (panel.csv), and nothing says how 97 % stands to it: neither decides "
        "then. If it was measured again, or written down wrongly, send it as a retest or a correction, with the reason."
    )
