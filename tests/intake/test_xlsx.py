"""Workbooks: what a cell showed is what is read, and what nobody could see is refused by name."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from registry import intake
from registry.domain import Intake
from registry.errors import RegistryError, TooLarge, Unreadable, UnsupportedKind
from tests.intake.books import HEADER, altered, book, books
from tests.intake.inputs import TERMS, places, read_values

GOOD = ("P-07", "CD73", 98.5, "%")


def read(data: bytes, name: str = "panel.xlsx") -> Intake:
    return intake.read(name, data, TERMS)


def refusal(data: bytes, name: str = "panel.xlsx") -> RegistryError:
    with pytest.raises(RegistryError) as caught:
        read(data, name)
    return caught.value


@pytest.mark.parametrize(
    ("held", "printed"),
    [
        ((0.955, "0.0%"), "95.5%"),
        ((0.955, "0.00%"), "95.50%"),
        ((0.28500000000000003, "0.0%"), "28.5%"),
        ((98.5, "General"), "98.5"),
        ((98.5, "0.00"), "98.50"),
        ((98, "0.0"), "98.0"),
        ((95.5, '0.0" %"'), "95.5 %"),
        ((0.5, '"<"0.0'), "<0.5"),
        (("98,5", "@"), "98,5"),
        (("<0.5", "General"), "<0.5"),
        (("not tested", "General"), "not tested"),
    ],
)
def test_a_cell_is_read_as_it_was_shown(held: tuple[Any, str], printed: str) -> None:
    """The number format is part of what the laboratory printed."""
    said = read(book(("P-07", "CD73", held, "%")))
    assert (read_values(said), said.errors, said.notices) == ([("P-07", "CD73", printed, 2)], (), ())


def test_a_value_that_its_format_rounds_is_read_as_held_and_said_so() -> None:
    """94.96 shown as 95.0 does not show 95."""
    said = read(book(("P-07", "CD73", (94.96, "0.0"), "%")))
    assert read_values(said) == [("P-07", "CD73", "94.96", 2)]
    message = "Cell C2 shows 95.0 and holds 94.96: what it holds was read."
    assert [(notice.code, notice.row, notice.message) for notice in said.notices] == [("shown-rounded", 2, message)]


@pytest.mark.parametrize(
    "held",
    [
        (1500, "0.0,"),
        (98.5, "[<1]0.0;0"),
        (98.5, "# ?/?"),
        (98.5, ";;;"),
        (98.5, "[$€-407] 0.0"),
        (0, '0.0;-0.0;"n.d."'),
    ],
    ids=lambda held: held[1],
)
def test_a_format_that_may_show_something_else_is_refused(held: tuple[Any, str]) -> None:
    """Scaling, conditions, fractions, hiding, currencies and words in place of a number: nobody knows what was seen."""
    said = read(book(("P-07", "CD73", held, "%"), ("P-08", "CD73", 97, "%")))
    assert (places(said), read_values(said)) == ([("P-07", 2, "value")], [("P-08", "CD73", "97", 3)])
    assert said.errors[0].message.startswith(f"Cell C2 cannot be read: its number format '{held[1]}' may show another")


def test_a_formula_is_not_evaluated_whatever_was_last_computed() -> None:
    """With a stored result or without one, the row is an error that says to paste values; other rows are read."""
    stored = book(("P-07", "CD73", 98.5, "%"), ("P-08", "CD73", 97, "%"))
    stored = altered(
        stored, xl__worksheets__sheet1_xml=lambda page: page.replace(b"<v>98.5</v>", b"<f>B9*2</f><v>98.5</v>")
    )
    for data in (stored, book(("P-07", "CD73", "=B9*2", "%"), ("P-08", "CD73", 97, "%"))):
        said = read(data)
        assert (places(said), read_values(said)) == ([("P-07", 2, "value")], [("P-08", "CD73", "97", 3)])
        assert said.errors[0].message == (
            "Cell C2 cannot be read: it holds a formula. Formulas are not evaluated, and what was last computed may be "
            "out of date: copy the cells and paste them as values."
        )


def test_dates_stay_dates_and_a_value_made_a_date_is_refused() -> None:
    """A spreadsheet turns 1-2 into a day; tested_at is printed as ISO 8601."""
    row = ("P-07", "CD73", 98.5, "%", (datetime(2026, 11, 3, 16, 56), "yyyy-mm-dd hh:mm"))
    said = read(book(row, ("P-08", "CD73", (datetime(2026, 2, 1), "d-mmm"), "%", ""), header=(*HEADER, "tested at")))
    assert said.results[0].details == (("tested_at", "2026-11-03T16:56"),)
    assert [(error.lot, error.column, error.found) for error in said.errors] == [("P-08", "value", "2026-02-01")]


def test_errors_and_truths_of_a_spreadsheet_are_no_values() -> None:
    """#DIV/0! and TRUE are refused like the same words in a CSV."""
    data = book(("P-07", "CD73", "#DIV/0!", "%"), ("P-08", "CD73", True, "%"))
    assert [(error.lot, error.found) for error in read(data).errors] == [("P-07", "#DIV/0!"), ("P-08", "TRUE")]


def test_a_wide_sheet_is_read_as_a_wide_table() -> None:
    """A percent cell under a percent header is not multiplied twice."""
    said = read(book(("P-07", (0.985, "0.0%"), 0.4), ("P-08", 97, None), header=("lot", "CD73 (%)", "CD45 (%)")))
    assert read_values(said) == [
        ("P-07", "CD73", "98.5%", 2),
        ("P-07", "CD45", "0.4", 2),
        ("P-08", "CD73", "97", 3),
    ]


def test_several_sheets_are_one_file_and_each_result_names_its_sheet() -> None:
    """Long and wide sheets together; empty ones and bare headers are passed over."""
    said = read(
        books({"Day 1": [HEADER, GOOD], "Notes": [], "Day 2": [("lot", "CD90 (%)"), ("P-07", 99)], "Day 3": [HEADER]})
    )
    assert [(r.label, r.source.file, r.source.row, r.source.column) for r in said.results] == [
        ("CD73", "panel.xlsx#Day 1", 2, "value"),
        ("CD90", "panel.xlsx#Day 2", 2, "CD90 (%)"),
    ]
    assert (said.file, said.errors) == ("panel.xlsx", ())


def test_one_question_answered_on_two_sheets_is_a_row_error() -> None:
    """Sheets are one file, so neither answer counts and both places are named."""
    said = read(books({"A": [HEADER, GOOD], "B": [HEADER, ("P-07", "CD73", 97, "%")]}))
    assert (said.results, [error.message.partition(" both")[0] for error in said.errors]) == (
        (),
        ["Row 2 of panel.xlsx#A and row 2 of panel.xlsx#B"],
    )


def test_a_row_is_counted_as_the_spreadsheet_shows_it() -> None:
    """Blank rows are rows, above the header too."""
    said = read(books({"QC": [(), HEADER, (), GOOD, ("P-08", "CD73", "101", "%")]}))
    assert (read_values(said), places(said)) == ([("P-07", "CD73", "98.5", 4)], [("P-08", 5, "value")])


def test_a_hidden_row_is_an_error_of_its_lot() -> None:
    """A filter hides rows: what was not seen was not checked."""
    data = book(
        GOOD, ("P-08", "CD73", 97, "%"), change=lambda made: setattr(made["QC"].row_dimensions[3], "hidden", True)
    )
    said = read(data)
    assert (read_values(said), places(said)) == ([("P-07", "CD73", "98.5", 2)], [("P-08", 3, None)])


@pytest.mark.parametrize(
    ("change", "message", "found"),
    [
        (lambda b: b["QC"].merge_cells("C2:C3"), "The sheet 'QC' has merged cells.", "C2:C3"),
        (
            lambda b: setattr(b["QC"].column_dimensions["C"], "hidden", True),
            "The sheet 'QC' has hidden columns that hold something.",
            "C",
        ),
        (
            lambda b: (b.create_sheet("Old").append(HEADER), setattr(b["Old"], "sheet_state", "hidden")),
            "The sheet 'Old' is hidden and holds something.",
            "the whole sheet",
        ),
    ],
    ids=["merged", "column", "sheet"],
)
def test_what_nobody_sees_refuses_the_file(change: Any, message: str, found: str) -> None:
    """Each named with its place."""
    error = refusal(book(GOOD, ("", "CD90", 99, "%"), change=change))
    assert (type(error), error.message, error.found) == (Unreadable, message, found)


def test_a_lot_that_stands_once_in_merged_cells_is_read_in_each_row() -> None:
    """It is what the sheet shows; of any other column nobody knows for which row the value was meant."""
    said = read(book(GOOD, ("", "CD90", 99, "%"), change=lambda b: b["QC"].merge_cells("A2:A3")))
    assert (read_values(said), said.errors) == ([("P-07", "CD73", "98.5", 2), ("P-07", "CD90", "99", 3)], ())


def test_merged_cells_and_hidden_columns_that_hold_nothing_are_welcome() -> None:
    """They hide nothing."""

    def change(made: Any) -> None:
        made["QC"].merge_cells("H2:H3")
        made["QC"].column_dimensions["J"].hidden = True
        made.create_sheet("Old").sheet_state = "hidden"

    assert read_values(read(book(GOOD, change=change))) == [("P-07", "CD73", "98.5", 2)]


def test_a_zip_bomb_is_refused_from_its_directory() -> None:
    """Some hundred kB that would unpack to 208 MB; nothing of it is unpacked."""
    bomb = altered(book(GOOD), xl__media__big_bin=bytes(208_000_000))
    error = refusal(bomb)
    assert (type(error), len(bomb) < 500_000) == (TooLarge, True)
    assert error.expected == "at most 40,000,000 bytes in 1,000 parts"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("<worksheet><sheetData>" + "<row/>" * 200_001 + "</sheetData></worksheet>", "at most 200,000 rows"),
        ("<worksheet><a>" + "<b/>" * 2_500_000 + "</a></worksheet>", "at most 2,500,000 elements of XML"),
    ],
    ids=["rows", "elements"],
)
def test_millions_of_empty_rows_are_refused_by_their_number(part: str, expected: str) -> None:
    """A workbook of 22 kB kept a processor busy for two seconds; forty of them kept a clinic waiting."""
    crowded = altered(book(GOOD), xl__worksheets__sheet1_xml=part.encode())
    error = refusal(crowded)
    assert (type(error), error.expected, len(crowded) < 40_000) == (TooLarge, expected, True)


def test_entities_are_refused_where_they_are_declared() -> None:
    """A billion laughs, in UTF-8 or in UTF-16."""
    laughs = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><worksheet><c>&c;</c></worksheet>'
    for encoded in (laughs.encode(), laughs.encode("utf-16")):
        error = refusal(altered(book(GOOD), xl__worksheets__sheet1_xml=encoded))
        assert (type(error), error.found) == (Unreadable, "<!DOCTYPE")


@pytest.mark.parametrize(
    ("data", "name", "found"),
    [
        (altered(book(GOOD), xl__vbaProject_bin=b"x"), "panel.xlsx", "xl/vbaProject.bin"),
        (altered(book(GOOD), xl__embeddings__oleObject1_bin=b"x"), "panel.xlsx", "xl/embeddings/oleObject1.bin"),
        (book(GOOD), "panel.xlsm", ".xlsm"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "panel.xlsx", "an old Excel workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "panel.xlsx", "an encrypted workbook"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "panel.xls", ".xls"),
    ],
    ids=["macro", "object", "xlsm", "xls by content", "encrypted", "xls by name"],
)
def test_other_kinds_of_workbook_are_refused_in_a_sentence(data: bytes, name: str, found: str) -> None:
    """Macros, objects, old and locked ones: each with what to do."""
    error = refusal(data, name)
    assert (type(error), error.found, bool(error.todo)) == (UnsupportedKind, found, True)


def test_a_link_to_another_file_is_not_followed() -> None:
    """A formula over another workbook is a formula, and a missing target is nobody's business."""
    said = read(
        book(("P-07", "CD73", "='https://elsewhere.invalid/[x.xlsx]Sheet1'!A1", "%"), ("P-08", "CD73", 97, "%"))
    )
    assert (places(said), read_values(said)) == ([("P-07", 2, "value")], [("P-08", "CD73", "97", 3)])


@pytest.mark.parametrize("where", ["cell", "comment", "header", "hidden sheet"])
def test_a_patients_name_is_found_wherever_it_stands(where: str) -> None:
    """The bytes of a file are kept, so everything in them is looked at first."""

    def change(made: Any) -> None:
        if where == "cell":
            made["QC"]["F1"], made["QC"]["F2"] = "Patient name", "Jo Doe"
        elif where == "comment":
            made["QC"]["A2"].comment = Comment("Patient name: Jo Doe", "lab")
        elif where == "header":
            made["QC"].oddHeader.left.text = "Patient name: Jo Doe"
        else:
            made.create_sheet("Old").append(["Patient name: Jo Doe"])
            made["Old"].sheet_state = "hidden"

    error = refusal(book(GOOD, change=change))
    assert (type(error).__name__, "Jo" in str(error)) == ("PatientData", False)


def test_a_sheet_that_is_no_panel_table_refuses_the_file() -> None:
    """What it says would be lost in silence."""
    error = refusal(books({"QC": [HEADER, GOOD], "Legend": [("what", "means"), ("*", "out of range")]}))
    assert (type(error), error.where) == (Unreadable, "panel.xlsx#Legend, row 1")


def test_a_cell_far_out_costs_nothing() -> None:
    """A column 16,384 with something in it is refused; an empty styled one is no cell."""
    far = book(GOOD, change=lambda made: made["QC"].cell(2, 16_384, "x"))
    assert type(refusal(far)) is TooLarge
    styled = book(GOOD, change=lambda made: setattr(made["QC"].cell(1_048_576, 16_384), "number_format", "0.0%"))
    assert read_values(read(styled)) == [("P-07", "CD73", "98.5", 2)]


WHOLE = book(GOOD, ("P-08", "CD45", (0.004, "0.0%"), "%"))
PARTS = [name for name in zipfile.ZipFile(io.BytesIO(WHOLE)).namelist() if name.endswith((".xml", ".rels"))]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(WHOLE)))
def test_no_bytes_make_the_reader_fail_other_than_by_its_own_error(junk: bytes, at: int) -> None:
    """Random bytes, and a workbook with some in the middle."""
    for data in (junk, b"PK\x03\x04" + junk, WHOLE[:at] + junk + WHOLE[at + len(junk) :]):
        try:
            read(data)
        except RegistryError:
            continue


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PARTS), st.data())
def test_no_damaged_part_makes_the_reader_fail_other_than_by_its_own_error(part: str, data: st.DataObject) -> None:
    """XML in which some characters are changed: indexes, references, numbers, names."""
    old = zipfile.ZipFile(io.BytesIO(WHOLE)).read(part)
    at = data.draw(st.integers(0, len(old) - 1))
    put = data.draw(st.sampled_from([b"-1", b"99999999999", b"", b"A", b'"', b"<", b"1e999", b"nan", b"\xff", b"&x;"]))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as before, zipfile.ZipFile(stream, "w") as after:
        for name in before.namelist():
            after.writestr(name, old[:at] + put + old[at + 1 :] if name == part else before.read(name))
    try:
        read(stream.getvalue())
    except RegistryError:
        return
