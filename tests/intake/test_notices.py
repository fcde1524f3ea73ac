"""Several files, and what looks odd without being wrong."""

from __future__ import annotations

import pytest

from registry import intake
from tests.intake.inputs import table


def test_merge_leaves_conflicts_between_files_to_the_evidence() -> None:
    """Several files are one body of evidence; a lot spelled in two ways is an error in both."""
    one = table("P-1,CD73,98,%", "P-2,CD73,98,%", name="one.csv")
    two = table("P-1,CD73,50,%", "p-2,CD90,98,%", name="two.csv")
    both = intake.merge([one, two])
    assert (both.file, len(both.results)) == ("one.csv, two.csv", 4)
    assert [(error.lot, error.file) for error in both.errors] == [("P-2", "one.csv"), ("p-2", "two.csv")]


def test_equal_panels_across_files_are_a_warning() -> None:
    """Three figures or more, all equal, under two lots."""

    def rows(lot: str) -> list[str]:
        return [f"{lot},{name},{value},%" for name, value in (("CD73", 98), ("CD90", 97), ("CD45", 1))]

    both = intake.merge([table(*rows("P-1"), name="one.csv"), table(*rows("P-2"), name="two.csv")])
    assert [(n.lot, n.file, n.code) for n in both.notices] == [("P-2", "two.csv", "identical-panels")]


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (["P-1,CD45,99,%", "P-1,CD90,0.3,%"], ["swapped-markers"]),
        (["P-1,HLA-DR,>95,%", "P-1,CD90,<2,%"], ["swapped-markers"]),
        (["P-1,CD45,3,%", "P-1,CD90,40,%"], []),
        (["P-1,CD73,0.98,%", "P-1,CD45,0.01,%"], ["all-below-one"]),
        (["P-1,CD34,0.0,%", "P-1,CD45,0,%"], []),
        (["P-1,CD73,98,%", "P-1,CD45,0.01,%"], []),
        (["P-1,CD73,98,%", "P-2,CD73,98,%"], []),
    ],
)
def test_warnings(rows: list[str], codes: list[str]) -> None:
    """Swapped labels and fractions are suspected, never corrected."""
    said = table(*rows)
    assert ([notice.code for notice in said.notices], said.errors) == (codes, ())


@pytest.mark.parametrize(
    ("column", "text", "message"),
    [
        *(
            (
                "tested_at",
                text,
                f"tested_at '{text}' is no date: it shows no freshness. Write year, month, day, time and zone, as "
                "2026-11-21 14:05 +01:00.",
            )
            for text in ("gestern", "2026-02-30", "11/12/2026", "soon", "21.11.2026")
        ),
        *(("tested_at", text, "") for text in ("2026-11-21", "2026-11-21 14:05 +01:00", "2026-11-21T14:05Z", "")),
        *(
            (
                "duration",
                text,
                f"duration '{text}' is no time with its unit: it does not show how long the test ran. Write 14 d, or "
                "336 h.",
            )
            for text in ("zwei", "14", "bald")
        ),
        *(("duration", text, "") for text in ("14 d", "336 h", "7 days")),
        ("events", "viele", "events 'viele' is no number of events. Write digits alone, as 50000."),
        *(("events", text, "") for text in ("50000", "50 000")),
    ],
)
def test_a_text_that_its_column_cannot_use_is_said(column: str, text: str, message: str) -> None:
    """Kept as printed, never an error: published files carry odd dates."""
    said = table(f"P-1,CD73,98,%,{text}", header=f"lot,characteristic,value,unit,{column}")
    assert (said.errors, [notice.message for notice in said.notices]) == ((), [message] if message else [])


def test_the_same_text_in_many_rows_is_said_once_a_lot() -> None:
    """At its first row, with how many more there are."""
    rows = [
        f"{lot},{name},98.{place},%,soon"
        for lot in ("P-1", "P-2")
        for place, name in enumerate(("CD73", "CD90", "CD105"))
    ]
    said = table(*rows[:5], header="lot,characteristic,value,unit,tested_at")
    assert [(one.lot, one.row, one.message.partition("+01:00. ")[2]) for one in said.notices] == [
        ("P-1", 2, "So do 2 more rows of this lot."),
        ("P-2", 5, "So does one more row."),
    ]


def test_percent_of_parent_names_its_parent() -> None:
    """The unit does not; the column does."""
    header = "lot,characteristic,value,unit,parent_population"
    assert [notice.message for notice in table("P-1,CD44,98,% of parent,", header=header).notices] == [
        "The unit '% of parent' does not say of which cells: name them in the column parent_population."
    ]
    assert table("P-1,CD44,98,% of parent,CD45-", header=header).notices == ()
    assert table("P-1,CD44,98,%,", header=header).notices == ()


def test_a_judgement_is_refused_of_every_test_alike() -> None:
    """'Pass' says what somebody concluded, and not what was seen."""
    said = table("P-1,adipogenesis,Pass,", "P-2,adipogenesis,demonstrated,", "P-3,sterility,Pass,", "P-4,STR,complies,")
    assert [(result.lot, result.printed) for result in said.results] == [("P-2", "demonstrated")]
    assert [(error.lot, error.column) for error in said.errors] == [
        ("P-1", "value"),
        ("P-3", "value"),
        ("P-4", "value"),
    ]
