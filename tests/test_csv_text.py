"""No table that leaves the registry carries a formula, and what comes back is what was sent."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.csv_text import FORMULA, as_written, csv_text, inert, inert_csv
from registry.intake.tabular.grid import rows_of
from tests.conftest import ROOT

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''=1", "-0.5", "+CD90", "@SUM(A1)", "\t=1", "＝1", "-", "'", "'-5", "-5"]
)


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ('=HYPERLINK("http://x.example")', '\'=HYPERLINK("http://x.example")'),
        ("+CD90", "'+CD90"), ("-", "'-"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"), ("＝1+1", "'＝1+1"),
        ("-0.5", "-0.5"), ("+1e7", "+1e7"), ("98.5", "98.5"), ("<0.5", "<0.5"), ("'=1", "'=1"), ("", ""),
    ],
)  # fmt: skip
def test_a_formula_becomes_text_and_a_number_stays_one(cell: str, written: str) -> None:
    assert inert(cell) == written


@given(st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=1, max_size=5))
def test_no_cell_of_any_table_begins_a_formula(rows: list[list[str]]) -> None:
    written = list(csv.reader(io.StringIO(csv_text(rows), newline="")))
    assert [cell for row in written for cell in row if cell.startswith(FORMULA) and not re.fullmatch(
        r"[+-]?[0-9]+(?:[.,][0-9]+)*(?:[eE][+-]?[0-9]+)?", cell)] == []  # fmt: skip
    assert inert_csv(csv_text(rows).encode()) == csv_text(rows).encode()


@given(CELLS.filter(lambda cell: not (cell.startswith("'") and inert(cell[1:]) == cell)))
def test_a_cell_is_read_back_as_it_was(cell: str) -> None:
    assert as_written(inert(cell)) == cell


def test_a_mended_table_is_read_as_it_was_sent() -> None:
    rows = rows_of(csv_text([["lot", "value"], ["=P-07", "-0.5"]]), "mended.csv")
    assert [row.cells for row in rows] == [("lot", "value"), ("=P-07", "-0.5")]


def test_nothing_else_writes_csv() -> None:
    writers = {
        str(path.relative_to(ROOT))
        for top in ("registry", "web")
        for path in Path(ROOT, top).rglob("*.py")
        if "csv.writer" in path.read_text(encoding="utf-8") or "DictWriter" in path.read_text(encoding="utf-8")
    }
    # The second keeps a file of the registry's own, which nobody opens.
    assert writers == {"registry/csv_text.py", "registry/intake/outcomes/read.py"}
