"""The file of rows to mend: only the refused lots' rows, as they were, and what is wrong; mended, it is read."""

from __future__ import annotations

import csv
import io

import pytest

from registry import intake, workbook
from registry.domain import Intake
from registry.errors import Unknown, WrongUsage
from registry.intake.tabular.strays import KEPT_WHOLE
from tests.intake.books import HEADER, book, books
from tests.intake.inputs import TERMS, lines, read_values

MIXED = (
    "lot;characteristic;value;unit;Operator;relation;supersedes;reason\n"
    "P-1;CD73;98,5;%;Li;;;\n"
    "P-2;CD73;0,97;;Li;;;\n"
    "P-3;CD90;97;%;Li;;;\n"
    "p-2;CD90;99;%;Li;;;\n"
    "P-3;CD90;98;%;Li;retest;row 4;dropped\n"
    "P-3;CD45;101;%;Li;;;\n"
)


def mended(name: str, data: bytes, form: str = "csv") -> tuple[Intake, bytes]:
    said = intake.read(name, data, TERMS)
    return said, intake.to_mend([(name, data)], said.errors, TERMS, form)


def typed(rows: list[list[str]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows(rows)
    return stream.getvalue().encode()


def test_only_the_refused_lots_rows_stand_in_the_original_columns() -> None:
    """Columns that are not read too; a named row is named by its new number; the case of a lot does not hide a row."""
    _, data = mended("panel.csv", MIXED.encode())
    header, *rows = lines(data)
    assert header == [
        "lot", "characteristic", "value", "unit", "Operator", "relation", "supersedes", "reason", "problem",
    ]  # fmt: skip
    assert [row[:-1] for row in rows] == [
        ["P-2", "CD73", "0,97", "", "Li", "", "", ""],
        ["P-3", "CD90", "97", "%", "Li", "", "", ""],
        ["p-2", "CD90", "99", "%", "Li", "", "", ""],
        ["P-3", "CD90", "98", "%", "Li", "retest", "row 3", "dropped"],
        ["P-3", "CD45", "101", "%", "Li", "", "", ""],
    ]
    assert [row[-1].partition(":")[0] for row in rows] == ["value", "", "lot", "", "value"]
    assert rows[4][-1] == "value: CD45 cannot be 101: look at the value, and at its unit."


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_mended_file_is_read_and_its_problem_column_is_not(form: str) -> None:
    """Fixing the cells is all that is needed."""
    _, data = mended("panel.csv", MIXED.encode(), form)
    if form == "csv":
        rows = lines(data)
    else:
        (sheet,) = workbook.read(data, "errors.xlsx").sheets
        rows = [[row.cells[at].text if at in row.cells else "" for at in range(9)] for row in sheet.rows]
    rows[1][2:4], rows[3][0], rows[5][2] = ["97", "%"], "P-2", "0.4"
    again = workbook.write([("rows", rows)]) if form == "xlsx" else typed(rows)
    said = intake.read(f"errors.{form}", again, TERMS)
    assert (said.errors, [(notice.code, notice.message) for notice in said.notices]) == (
        (),
        [("unknown-column", f"The column 'Operator' is not known and was not read.{KEPT_WHOLE}")],
    )
    assert read_values(said) == [
        ("P-2", "CD73", "97", 2),
        ("P-3", "CD90", "97", 3),
        ("P-2", "CD90", "99", 4),
        ("P-3", "CD90", "98", 5),
        ("P-3", "CD45", "0.4", 6),
    ]
    with pytest.raises(Unknown):
        intake.to_mend([(f"errors.{form}", again)], said.errors, TERMS, "csv")


def test_a_file_that_is_still_wrong_gets_one_problem_column_again() -> None:
    """Not a second one beside it."""
    _, data = mended("panel.csv", MIXED.encode())
    _, again = mended("errors.csv", data)
    assert lines(again)[0] == lines(data)[0]
    assert [row[:-1] for row in lines(again)[1:]] == [row[:-1] for row in lines(data)[1:]]


def test_a_wide_tables_rows_stay_wide() -> None:
    """The bad cell is named by its header."""
    _, data = mended("wide.csv", b"lot,CD73 (%),CD45 (%)\nP-1,98,0.2\nP-2,98,n.d.\n")
    header, row = lines(data)
    assert (header, row[:3], row[3].partition(":")[0]) == (
        ["lot", "CD73 (%)", "CD45 (%)", "problem"],
        ["P-2", "98", "n.d."],
        "CD45 (%)",
    )


def test_a_column_that_is_wrong_is_said_once_a_lot() -> None:
    """A misspelt header belongs to the first row of each lot."""
    _, data = mended(
        "p.csv", b"lot,characteristic,value,unit,comparater\nP-1,CD73,98,%,\nP-1,CD90,98,%,<\nP-2,CD73,9,%,\n"
    )
    assert [row[-1].partition(":")[0] for row in lines(data)[1:]] == ["comparater", "", "comparater"]


def test_a_row_without_a_lot_keeps_every_row() -> None:
    """Nobody can tell whose it is, so no lot was taken in."""
    _, data = mended("p.csv", b"lot,characteristic,value,unit\nP-1,CD73,98,%\n,CD90,98,%\n")
    assert [row[:2] for row in lines(data)[1:]] == [["P-1", "CD73"], ["", "CD90"]]


def test_in_a_workbook_the_bad_cells_are_marked() -> None:
    """Each sheet stays a sheet; the value and its problem are filled with colour; everything is text."""
    from openpyxl import load_workbook

    pages = {"Day 1": [HEADER, ("P-1", "CD73", 98, "%")], "Day 2": [HEADER, ("P-2", "CD73", (0.97, "0.00"), None)]}
    _, data = mended("panel.xlsx", books(pages), "xlsx")
    made = load_workbook(io.BytesIO(data))
    assert made.sheetnames == ["Day 2"]
    cells = list(made["Day 2"].rows)[1]
    assert [cell.value for cell in cells][:4] == ["P-2", "CD73", "0.97", None]
    assert [cell.coordinate for cell in cells if cell.fill.start_color.rgb == "FFFFC7CE"] == ["C2", "E2"]
    assert {cell.number_format for cell in cells} == {"@"}


def test_tables_of_different_columns_need_a_workbook() -> None:
    """One CSV has one header."""
    pages = {"A": [HEADER, ("P-1", "CD73", 101, "%")], "B": [("lot", "CD90 (%)"), ("P-2", 101)]}
    with pytest.raises(WrongUsage):
        mended("panel.xlsx", books(pages))
    _, data = mended("panel.xlsx", books(pages), "xlsx")
    assert [sheet.name for sheet in workbook.read(data, "e.xlsx").sheets] == ["A", "B"]


def test_a_formula_is_written_as_what_was_last_computed_and_never_as_a_formula() -> None:
    """A lab's own text that begins with = stays text."""
    _, data = mended("panel.xlsx", book(("P-1", "=1+1", 101, "%"), ("P-1", "CD90", "=A1", "%")), "xlsx")
    (sheet,) = workbook.read(data, "e.xlsx").sheets
    assert all(not cell.fault for row in sheet.rows for cell in row.cells.values())


def test_json_and_rdf_are_mended_as_a_long_table() -> None:
    """With the columns that were used."""
    text = b'{"panels":[{"lot":"P-1","stage":"after thaw","results":[{"characteristic":"CD73","value":0.97}]}]}'
    _, data = mended("panel.json", text)
    assert [row[:5] for row in lines(data)] == [
        ["lot", "characteristic", "value", "unit", "stage"],
        ["P-1", "CD73", "0.97", "", "after thaw"],
    ]


def test_only_the_refused_lots_rows_are_to_mend_where_the_lot_is_headed_by_another_word() -> None:
    """The heading stays as it was."""
    _, data = mended("panel.csv", b"Lot No.,CD73 (%)\nP-1,98\nP-2,101\n")
    assert [row[:2] for row in lines(data)] == [["Lot No.", "CD73 (%)"], ["P-2", "101"]]


@pytest.mark.parametrize(("sent", "written"), [(";", ";"), (",", ","), ("\t", ",")])
def test_semicolons_stay_semicolons(sent: str, written: str) -> None:
    """The program that parts columns so opens them so."""
    table = f"lot{sent}CD73 (%)\nP-1{sent}101\n"
    _, data = mended("panel.csv", table.encode())
    assert data.decode("utf-8-sig").partition("\r\n")[0] == written.join(["lot", "CD73 (%)", "problem"])
