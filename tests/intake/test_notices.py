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
