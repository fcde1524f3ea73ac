"""What the page on a file decides before it is drawn: which sentence, which place, which columns."""

from __future__ import annotations

import pytest

from web.submissions.report import MOST_SHOWN, faults, read, state_text, warned

ENDS = "With these results it no longer stands: it must not be injected until the quality unit decides again."


@pytest.mark.parametrize(
    ("now", "then", "ends", "checked", "submitted"),
    [
        ("released", "suspended", True, f"H-1 is released. {ENDS}", f"H-1 was released. {ENDS}"),
        ("released", "released", False, *["H-1 is released, and these results do not end that."] * 2),
        (
            "on hold",
            "on hold",
            False,
            *["H-1 is on hold and must not be injected. These results do not change that."] * 2,
        ),
        (
            "suspended",
            "released",
            False,
            "H-1 is suspended. With these results it is released.",
            "H-1 was suspended. With these results it is released.",
        ),
    ],
)
def test_what_results_do_to_a_lot_is_one_sentence(
    now: str, then: str, ends: bool, checked: str, submitted: str
) -> None:
    """Only the end of a release is loud, and a check says what would be, a receipt what is."""
    before, after = (state_text("H-1", now, then, is_check=is_check) for is_check in (True, False))
    assert (before.ends_release, before.sentence) == (ends, checked)
    assert (after.ends_release, after.sentence) == (ends, submitted)


def error(file: str, row: int | None, **more: str) -> dict[str, object]:
    """A row error as data."""
    empty: dict[str, object] = dict.fromkeys(("lot", "column", "found", "expected"))
    return {**empty, "file": file, "row": row, "message": f"Row {row} is wrong.", **more}


def test_errors_stand_in_the_order_of_the_file_beside_their_rows() -> None:
    """Sheet after sheet, and the file as a whole before its rows; each with the cells that were sent."""
    errors = [error("a.xlsx#two", 3), error("a.xlsx#one", 9), error("a.xlsx#two", 2), error("a.xlsx#one", None)]
    sent = {"a.xlsx#two": {2: ["H-1", "CD73"], 3: ["H-2"]}}
    assert [(fault.place, fault.sent) for fault in faults(errors, sent)] == [
        ("2, sheet two", "H-1 | CD73"),
        ("3, sheet two", "H-2"),
        ("", ""),
        ("9, sheet one", ""),
    ]
    assert [fault.place for fault in faults([error("a.csv", 4)], {"": {4: ["x"]}})] == ["4"]
    assert len(faults([error("a.csv", row) for row in range(MOST_SHOWN + 5)], {})) == MOST_SHOWN


def test_what_is_wrong_with_many_rows_in_the_same_way_is_told_once() -> None:
    """With the first three rows and lots, and how many more; another column, another value is another cause."""
    errors = [
        error("a.csv", row, lot=f"H-{row}", column=column, found=column, message="No characteristic is called so.")
        for row in range(2, 32)
        for column in ("CD73 PE", "CD90 PE")
    ]
    told = faults([*errors, error("a.csv", 40, lot="H-40", column="CD73 PE", found="x", message="Another.")], {})
    assert [(fault.place, fault.lot, fault.column) for fault in told] == [
        ("2; 3; 4 and 27 more", "H-2; H-3; H-4 and 27 more", "CD73 PE"),
        ("2; 3; 4 and 27 more", "H-2; H-3; H-4 and 27 more", "CD90 PE"),
        ("40", "H-40", "CD73 PE"),
    ]


def test_a_column_that_nothing_stands_in_is_not_shown() -> None:
    """Of the further columns those that a result has."""
    result = {"stage": "", "method": "flow", "tested_at": "", "duration": "", "parent_population": "CD45−"}
    shown = read({"results": [result]})
    assert [name for name, _label in shown.beside] == ["method", "parent_population"]
    assert (shown.is_short, shown.is_cut) == (True, False)
    assert read({"results": [result] * (MOST_SHOWN + 1)}).is_cut


def test_a_withdrawal_is_no_warning_of_a_file_that_was_sent_again() -> None:
    """There it is a refusal of its own."""
    warnings = [{"code": "withdrawn"}, {"code": "swap"}]
    assert warned({"warnings": warnings, "repeated": ""}) == warnings
    assert warned({"warnings": warnings, "repeated": "receipt"}) == [{"code": "swap"}]
