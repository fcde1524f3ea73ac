"""Wide tables: one row a lot, one column a characteristic."""

from __future__ import annotations

import pytest

from tests.intake.inputs import HEADER, places, table, wide


def test_wide_tables() -> None:
    """A column a characteristic, its unit in the header; an empty cell is no result."""
    said = wide("lot,CD73 (%),CD45 [%],sterility,stage", "P-1,98.5,<0.5,no growth,thaw", "P-2,97,,,")
    assert [(r.lot, r.label, r.printed, r.source.column) for r in said.results] == [
        ("P-1", "CD73", "98.5", "CD73 (%)"),
        ("P-1", "CD45", "<0.5", "CD45 [%]"),
        ("P-1", "sterility", "no growth", "sterility"),
        ("P-2", "CD73", "97", "CD73 (%)"),
    ]
    assert said.errors == ()


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("CD999 (%)", "CD999"),
        ("CD999", "CD999"),
        ("viabilty", "viabilty"),
        ("CD45- (%)", "CD45-"),
        ("CD45neg", "CD45neg"),
        ("CD90", "97"),
        ("CD90 (EU/mL)", "EU/mL"),
        ("CD90 (APC)", "APC"),
        ("CD34+CD45 (%)", "CD34+CD45"),
        ("comparator", "comparator"),
    ],
)
def test_a_wide_column_that_cannot_be_read_is_an_error_of_each_lot(header: str, found: str) -> None:
    """No lot passes over a result that went unread."""
    said = wide(f"lot,CD73 (%),{header}", "P-1,98.5,97", "P-2,98.5,97")
    assert [(error.lot, error.column, error.found) for error in said.errors] == [
        ("P-1", header, found),
        ("P-2", header, found),
    ]


def test_a_wide_column_near_to_nothing_known_is_kept_as_printed() -> None:
    """It is shown to whoever signs, and judged by nothing: an extra marker never costs a lot."""
    said = wide("lot,CD73 (%),Sample (mL)", "P-1,98.5,97")
    assert ([result.label for result in said.results], said.errors) == (["CD73"], ())
    assert [(item.lot, item.row, item.column, item.printed) for item in said.not_read] == [
        ("P-1", 2, "Sample (mL)", "Sample 97 mL")
    ]


def test_a_wide_column_with_brackets_of_its_own() -> None:
    """``viable cells (%)`` is a printed name of viability, and its unit."""
    said = wide("lot,viable cells (%),negative cocktail (CD34|CD45) (%)", "P-1,91,0.4")
    assert [(result.label, result.printed) for result in said.results] == [("viability", "91"), ("CD34|CD45", "0.4")]


def test_a_lot_without_any_result_is_told() -> None:
    """It would vanish from the report in silence."""
    said = wide("lot,CD73 (%)", "P-1,98", "P-2,")
    assert [(notice.lot, notice.code) for notice in said.notices] == [("P-2", "no-result")]


def test_results_beside_the_value_column_are_an_error() -> None:
    """A long table with a column ``CD90 (%)`` would lose it."""
    said = table("P-1,CD73,98,%,99", header=f"{HEADER},CD90 (%)")
    assert places(said) == [("P-1", 1, "CD90 (%)")]
