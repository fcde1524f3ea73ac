"""What submitting a file would change, said before anything is kept."""

from __future__ import annotations

from registry.services import StateChange
from tests.services.conftest import MARKERS, SECRET, House

HEADER = "lot,characteristic,value,unit\n"
PANEL = HEADER + "".join(f"P-1,{name},{value},%\n" for name, value in MARKERS.items())


def foreseen(house: House, text: str) -> tuple[StateChange, ...]:
    return house.registry.submissions.preview("more.csv", text.encode()).standings


def test_a_result_that_contradicts_the_evidence_ends_a_release(house: House) -> None:
    """The state foreseen is the one that the lot then has, and the receipt tells what was before."""
    house.lot("P-1")
    house.submit("P-1")
    house.decide("P-1", "release")
    text = f"{HEADER}P-1,CD73,12,%\n"
    (seen,) = foreseen(house, text)
    assert (seen.now, seen.then, house.state("P-1")) == ("released", "suspended", "released")
    receipt = house.registry.submissions.submit("more.csv", text.encode(), house.account("lab.one"))
    assert house.registry.submissions.state_changes(receipt) == (seen,)
    assert (house.state("P-1"), foreseen(house, f"{HEADER}P-1,CD90,99,%\n")[0].then) == ("suspended", "suspended")


def test_a_result_that_no_criterion_asks_for_leaves_a_release(house: House) -> None:
    """It stands before and after."""
    house.lot("P-1")
    house.submit("P-1")
    house.decide("P-1", "release")
    assert foreseen(house, f"{HEADER}P-1,CD166,99,%\n") == (StateChange("P-1", "released", "released"),)


def test_a_stop_is_told_and_stays(house: House) -> None:
    """On hold, rejected, recalled: more results change nothing of it."""
    house.lot("P-1")
    house.decide("P-1", "hold")
    assert foreseen(house, PANEL) == (StateChange("P-1", "on hold", "on hold"),)


def test_a_lot_with_a_row_in_error_is_not_recorded_and_keeps_its_state(house: House) -> None:
    """Only lots that would be recorded are told of."""
    house.lot("P-1")
    house.lot("P-2")
    assert [one.lot for one in foreseen(house, f"{PANEL}P-2,CD73,101,%\n")] == ["P-1"]


def test_a_file_on_record_is_known_again_and_judged_once(house: House) -> None:
    """Its results do not stand beside themselves: nothing becomes undetermined."""
    house.lot("P-1")
    receipt = house.registry.submissions.submit("panel.csv", PANEL.encode(), house.account("lab.one"))
    again = house.registry.submissions.preview("panel.csv", PANEL.encode())
    assert (again.repeated, again.standings, again.warnings) == (receipt.receipt, (), ())
    assert [lot.verdict for lot in again.lots] == ["pass"]


def test_what_was_read_is_said_with_its_place(house: House) -> None:
    """Of every result, whether a criterion asks for it or not."""
    house.lot("P-1")
    (read,) = house.registry.submissions.preview("wide.csv", b"lot,CD166 (%),stage\nP-1,99,after thaw\n").results
    assert (read.lot, read.characteristic, read.value, read.unit, read.stage, read.row, read.column) == (
        *("P-1", "CD166", "99", "%", "after thaw", 2, "CD166 (%)"),
    )


def test_what_was_read_is_said_as_it_was_understood(house: House) -> None:
    """In the base unit, every value it could be; how it was obtained stands beside it as printed."""
    house.lot("P-1")
    header = "lot,characteristic,value,unit,method,tested_at,duration,parent_population\n"
    values = {
        "viable cell number,2,10^6 cells": "2000000 cells",
        "total cell number,>1.5,10^6 cells": "above 1500000 cells",
        "CD45,<0.5,%": "from 0 to below 0.5 %",
        "CD73,≥95,%": "from 95 to 100 %",
        "CD90,not tested,": "not tested",
        "sterility,no growth,": "not detected",
        'karyotype,"46, XY, 16qh+",': "46, XY, 16qh+",
    }
    rows = "".join(f"P-1,{row},PCR,2026-11-21 14:05 +01:00,14 d,CD45-\n" for row in values)
    said = house.registry.submissions.preview("a.csv", (header + rows).encode()).results
    assert [one.read for one in said] == list(values.values())
    assert {(one.method, one.tested_at, one.duration, one.parent_population) for one in said} == {
        ("PCR", "2026-11-21 14:05 +01:00", "14 d", "CD45-")
    }


def test_a_file_that_was_withdrawn_says_so_when_it_is_sent_again(house: House) -> None:
    """The same receipt, and why its panel does not count: by whom it was withdrawn, when, because of what."""
    house.lot("P-1")
    first = house.registry.submissions.submit("panel.csv", PANEL.encode(), house.account("lab.one"))
    panel = first.recorded[0].panel
    house.registry.submissions.withdraw(panel, reason="Another lot's tube.", name="lab.one", password=SECRET)
    at = house.registry.lots.get("P-1").panels[0].withdrawn.at  # type: ignore[union-attr]
    said = (
        f"This file was recorded as panel {panel} of P-1, which lab.one withdrew at {at:%Y-%m-%d %H:%M} +00:00, "
        "because: Another lot's tube. It does not count, and the same file sent again does not bring it back. If its "
        "results stand after all, send it with a change, such as a note that says why, or send what is right as a "
        "correction."
    )
    again = house.registry.submissions.submit("panel.csv", PANEL.encode(), house.account("lab.one"))
    checked = house.registry.submissions.preview("panel.csv", PANEL.encode())
    assert (again.receipt, again.recorded, again.repeated) == (first.receipt, first.recorded, True)
    assert [(one.lot, one.code, one.message) for one in again.warnings] == [("P-1", "withdrawn", said)]
    assert (checked.repeated, checked.warnings) == (first.receipt, again.warnings)
