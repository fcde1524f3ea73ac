"""Rows and what stands beside a value: relation, status, unit, stage."""

from __future__ import annotations

import pytest

from registry.domain import RowError
from tests.intake.inputs import HEADER, TERMS, places, read_values, table

RELATED = f"{HEADER},relation,supersedes,reason,stage"


def test_unrelated_duplicates_are_an_error_that_names_both_rows() -> None:
    """Neither counts: which one is right is not for a reader to say. Another stage is another question."""
    said = table("P-1,CD73,98,%,,,,thaw", "P-1,NT5E,50,%,,,,thaw", "P-1,CD73,97,%,,,,harvest", header=RELATED)
    assert (read_values(said), places(said)) == ([("P-1", "CD73", "97", 4)], [("P-1", 3, "value")])
    assert said.errors[0].message == (
        "Rows 2 and 3 both give CD73 of lot 'P-1' at one stage: remove one, or print in relation whether it is a "
        "replicate, retest or correction."
    )


def test_results_that_say_how_they_are_related_stand_together() -> None:
    """Replicates, and a retest beside what it supersedes."""
    said = table(
        *("P-1,CD73,98,%,replicate,,,", "P-1,CD73,97,%,Replicate,,,"),
        *("P-1,CD90,91,%,,,,", "P-1,CD90,96,%,retest,row 4,clogged fluidics,"),
        header=RELATED,
    )
    assert said.errors == ()
    assert [result.relation for result in said.results] == ["replicate", "replicate", None, "retest"]


@pytest.mark.parametrize(
    ("columns", "column"),
    [
        ("retest,,late", "supersedes"),
        ("retest,row 2,", "reason"),
        ("correction,maybe,slip", "supersedes"),
        ("retest,row 9,late", "supersedes"),
        ("retest,row 3,late", "supersedes"),
        ("again,row 2,late", "relation"),
        (",row 2,late", "relation"),
        ("replicate,row 2,late", "relation"),
    ],
)
def test_a_retest_names_what_it_supersedes_and_why(columns: str, column: str) -> None:
    """Else it would be testing until it fits."""
    said = table("P-1,CD73,91,%,,,,", f"P-1,CD73,98,%,{columns},", header=RELATED)
    assert places(said) == [("P-1", 3, column)]


@pytest.mark.parametrize(
    "supersedes", ["https://registry.example/panel/0123456789abcdef#r1", "0123456789abcdef", "old.csv row 3", "row 2"]
)
def test_ways_to_name_a_superseded_result(supersedes: str) -> None:
    """By its address, by its panel, by its row in this file or another."""
    said = table("P-1,CD90,91,%,,,,", f"P-1,CD73,98,%,retest,{supersedes},clogged,", header=RELATED)
    assert (said.errors, said.results[1].supersedes) == ((), supersedes)


@pytest.mark.parametrize(
    ("value", "status", "state"),
    [
        ("", "not evaluable", "not evaluable"),
        ("96.5", "not evaluable", "not evaluable"),
        ("", "Not tested", "not tested"),
        ("98", "OK", None),
        ("not evaluable", "", "not evaluable"),
    ],
)
def test_the_status_column(value: str, status: str, state: str | None) -> None:
    """A number beside "not evaluable" is not evaluable."""
    (result,) = table(f"P-1,CD73,{value},%,{status}", header=f"{HEADER},status").results
    assert result.reading.state == state


@pytest.mark.parametrize(
    ("value", "status"), [("98", "Warning: Foreign object detected"), ("98", "not tested"), ("98", "pass"), ("", "ok")]
)
def test_a_flag_in_the_status_column_is_never_a_clean_result(value: str, status: str) -> None:
    """An instrument's warning, a contradiction, a verdict of somebody else's, nothing."""
    said = table(f"P-1,CD73,{value},%,{status}", header=f"{HEADER},status")
    assert (said.results, len(said.errors)) == ((), 1)


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        ("P-1,CD105,0.97,", "value", "a unit: %"),
        ("P-1,CD105,0.97,-", "value", "a unit: %"),
        ("P-1,endotoxin,0.5,CFU/mL", "unit", "EU/mL or IU/mL or EU/kg or EU"),
        ("P-1,sterility,negative,%", "unit", "no unit: the result is a word"),
        ("P-1,endotoxin,2.0 EU,EU/mL", "value", "a number in EU/mL"),
        ("P-1,CD73,98,%,elsewhere", "stage", ", ".join(TERMS.stages.values())),
    ],
)
def test_units_and_stages_are_part_of_a_result(row: str, column: str, expected: str) -> None:
    """Missing, wrong or contradicting: named with what is admitted."""
    (error,) = table(row, header=f"{HEADER},stage").errors
    assert (error.column, set(error.expected.split(" or "))) == (column, set(expected.split(" or ")))


def test_a_row_tells_everything_that_is_wrong_with_it() -> None:
    """One submission, one list: not one slip at a time."""
    said = table(".x,CD79,98,%,nowhere", header=f"{HEADER},stage")
    assert [error.column for error in said.errors] == ["lot", "characteristic", "stage"]


def test_an_error_has_the_exact_shape_of_check() -> None:
    """Lot, file, row, column, expected, found, message."""
    assert table("P-1,CD105,0.97,").errors == (
        RowError(
            "P-1",
            "panel.csv",
            2,
            "value",
            "a unit: %",
            "0.97",
            "CD105 has no unit: print % in the unit column. "
            "It is never guessed whether 0.97 is a percentage or a fraction.",
        ),
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "P-1,sterility,no growth,14 d",
            "'14 d' is how long the test ran, and no unit of sterility: print it in the column duration.",
        ),
    ],
)
def test_what_is_no_unit_is_sent_to_its_own_column(row: str, message: str) -> None:
    """Nothing that was printed is to be dropped."""
    assert [(error.column, error.message) for error in table(row).errors] == [("unit", message)]


@pytest.mark.parametrize("unit", ["% of live cells", "% of CD45-", "percent of dead cells"])
def test_a_percentage_of_something_is_read_and_kept_as_printed(unit: str) -> None:
    """Of what it is, is judged: it is neither dropped nor moved."""
    (result,) = table(f"P-1,CD44,98,{unit}").results
    assert (result.unit, result.unit_printed) == ("http://purl.obolibrary.org/obo/UO_0000187", unit)


def test_a_unit_and_a_column_that_name_two_populations_are_refused() -> None:
    """One of the two is wrong."""
    said = table("P-1,CD44,98,% of live cells,dead cells", "P-2,CD44,98,% of live cells,Live Cells",
                 header="lot,characteristic,value,unit,parent_population")  # fmt: skip
    assert ([result.lot for result in said.results], [error.column for error in said.errors]) == (
        ["P-2"],
        ["parent_population"],
    )
