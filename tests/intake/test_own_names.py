"""A laboratory's own names in plain tables: looked up in its mapping where the ontology knows none, and only there."""

from __future__ import annotations

import pytest

from registry import intake, workbook
from registry.domain import Intake, OpenName
from registry.domain.name_mapping import Mapping
from registry.errors import WrongUsage
from registry.intake.names.mapping_table import read_mapping
from tests.intake.inputs import TERMS

KINDS = "kind,name,lot,stage,characteristic,parent,unit,value\n"


def mapping(*lines: str) -> Mapping:
    return read_mapping("ours.csv", (KINDS + "\n".join(lines)).encode(), TERMS)


def read(text: str, *lines: str, name: str = "panel.csv") -> Intake:
    return intake.read(name, text.encode(), TERMS, mapping=mapping(*lines) if lines else None)


PE = "column,CD73 PE,,,CD73,,%,"
LONG = "lot,characteristic,value,unit\nP-1,CD73 PE,98.5,%\nP-1,CD90,99.1,%\n"
WIDE = "lot,CD73 PE,CD90 (APC),CD105 (%)\nP-1,98.5,99.1,97\n"


def test_a_name_that_nobody_knows_is_refused_and_named() -> None:
    """Without a mapping: of a long table where it stands, of a wide one its header."""
    assert [(error.row, error.column, error.found) for error in read(LONG).errors] == [(2, "characteristic", "CD73 PE")]
    assert read(LONG).open_names == (OpenName("column", "CD73 PE", 2, "%"),)
    assert read(WIDE).open_names == (OpenName("column", "CD73 PE", 2), OpenName("column", "CD90 (APC)", 2))


def test_the_mapping_says_what_it_stands_for() -> None:
    """The value keeps its place in the file; the result says by which mapping it was read, the others that by none."""
    for text, column in ((LONG, "value"), (WIDE, "CD73 PE")):
        said = read(text, PE, "column,CD90 (APC),,,CD90,,%,")
        assert (said.errors, said.open_names) == ((), ())
        first = said.results[0]
        assert (first.label, first.printed, first.source.row, first.source.column) == ("CD73", "98.5", 2, column)
        assert [name for name, _ in first.details] == ["mapping"]
        assert said.results[-1].details == ()


def test_a_header_like_no_marker_is_read_once_it_is_mapped() -> None:
    """Unmapped it is a warning, as any column of a laboratory's own; it is listed among the open names."""
    text = "lot,CD90 (%),Marker A\nP-1,99,98.5\n"
    assert [notice.code for notice in read(text).notices] == ["unknown-column"]
    assert read(text).open_names == (OpenName("column", "Marker A", 1),)
    said = read(text, "column,Marker A,,,CD73,,%,")
    assert [(one.label, one.printed) for one in said.results] == [("CD90", "99"), ("CD73", "98.5")]


@pytest.mark.parametrize("name", ["CD73", "cd 73", "NT5E"])
def test_a_known_name_is_never_turned_into_another(name: str) -> None:
    """Whatever a mapping says."""
    said = read(LONG.replace("CD73 PE", name), f"column,{name},,,CD45,,%,")
    assert [one.label for one in said.results] == ["CD73", "CD90"]
    assert all(one.details == () for one in said.results)


@pytest.mark.parametrize("name", ["CD45-", "CD45neg"])
def test_a_negative_fraction_is_never_mapped(name: str) -> None:
    """It would be converted in silence."""
    said = read(LONG.replace("CD73 PE", name), f"column,{name},,,CD45,,%,")
    assert ([one.label for one in said.results], [error.found for error in said.errors]) == (["CD90"], [name])
    assert said.open_names == ()


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        (LONG.replace("98.5,%", "98.5,cells/mL"), 2, "unit"),
        ("lot,CD73 PE (cells/mL)\nP-1,98.5\n", 2, "CD73 PE (cells/mL)"),
    ],
)
def test_a_unit_in_the_file_that_is_not_the_mappings_is_an_error(text: str, row: int, column: str) -> None:
    """One of the two is wrong, and nobody can tell which."""
    said = read(text, PE, "column,CD73 PE (cells/mL),,,CD73,,%,")
    assert [(error.lot, error.row, error.column, error.expected, error.found) for error in said.errors] == [
        ("P-1", row, column, "%", "cells/mL")
    ]


def test_a_name_that_says_several_things_may_be_told_which() -> None:
    """CD79 is CD79a or CD79b: a laboratory knows which of its clones it is."""
    said = read("lot,characteristic,value,unit\nP-1,CD79,0.4,%\n", "column,CD79,,,CD79a,,%,")
    assert [one.label for one in said.results] == ["CD79a"]


def test_a_mapping_for_an_instrument_says_nothing_of_a_table() -> None:
    """Its names are that instrument's."""
    said = read(LONG, PE, "setting,instrument,,,,,,Vi-CELL BLU")
    assert [(error.row, error.found) for error in said.errors] == [(2, "CD73 PE")]


def test_a_misspelt_column_is_not_mapped_either() -> None:
    """A header that nearly is a known column's stays an error."""
    said = read("lot,CD90 (%),comparater\nP-1,99,<\n", "column,comparater,,,CD73,,%,")
    assert [(error.lot, error.column) for error in said.errors] == [("P-1", "comparater")]


def test_workbooks_are_read_so_too() -> None:
    """Every sheet of them."""
    rows = [line.split(",") for line in WIDE.splitlines()]
    data = workbook.write([("Flow", [row[:2] for row in rows]), ("More", [[row[0], row[2]] for row in rows])])
    both = mapping(PE, "column,CD90 (APC),,,CD90,,%,")
    said = intake.read("panel.xlsx", data, TERMS, mapping=both)
    assert [(one.label, one.source.file) for one in said.results] == [
        ("CD73", "panel.xlsx#Flow"),
        ("CD90", "panel.xlsx#More"),
    ]


def test_json_says_what_it_means_itself() -> None:
    """A program names characteristics; its names are not looked up."""
    text = '{"panels":[{"lot":"P-1","results":[{"characteristic":"CD73 PE","value":98.5,"unit":"%"}]}]}'
    said = read(text, PE, name="panel.json")
    assert ([error.found for error in said.errors], said.open_names) == (["CD73 PE"], ())


def test_gates_beside_a_table_are_refused() -> None:
    """They would be ignored in silence."""
    with pytest.raises(WrongUsage) as refusal:
        intake.read("panel.csv", LONG.encode(), TERMS, gates=("gates.xml", b"<x/>"))
    assert (refusal.value.found, refusal.value.where) == ("gates.xml", "gates")


NOTES = "lot,CD90 (%),CD73 PE,Tube (mL)\nP-1,99,n/a,5\n"


@pytest.mark.parametrize(
    "text", [NOTES, "lot,characteristic,value,unit\nP-1,CD90,99,%\nP-1,CD73 PE,n/a,\nP-1,Tube (mL),5,\n"]
)
def test_a_name_may_be_said_not_to_be_read(text: str) -> None:
    """Nothing of it is an error or open; a notice says it, and the results that they were read by the mapping."""
    unmapped = read(text)
    assert [item.printed for item in unmapped.not_read if item.lot] == [
        "Tube 5 mL" if "Tube (mL)\nP" in text else "Tube (mL) 5"
    ]
    assert (len(unmapped.errors), [one.name for one in unmapped.open_names]) == (1, ["CD73 PE", "Tube (mL)"])
    said = read(text, "ignore,CD73 PE,,,,,,", "ignore,Tube (mL),,,,,,")
    assert (said.errors, said.open_names) == ((), ())
    assert [one.message for one in said.notices if one.code == "ignored-name"] == [
        "'CD73 PE' is not read: the mapping says so.",
        "'Tube (mL)' is not read: the mapping says so.",
    ]
    assert [(one.label, [name for name, _ in one.details]) for one in said.results] == [("CD90", ["mapping"])]


@pytest.mark.parametrize("name", ["CD73", "CD73 (%)"])
def test_a_known_name_is_read_whatever_a_mapping_says(name: str) -> None:
    """No result is left out by calling it something else."""
    said = read(f"lot,{name}\nP-1,98.5 %\n", f"ignore,{name},,,,,,")
    assert [(one.label, one.printed) for one in said.results] == [(name.removesuffix(" (%)"), "98.5 %")]


@pytest.mark.parametrize("name", ["CD45- (%)", "comparater"])
def test_nor_is_what_is_refused_left_out(name: str) -> None:
    """A negative fraction, and a header that nearly is a column of ours."""
    said = read(f"lot,CD90 (%),{name}\nP-1,99,95\n", f"ignore,{name},,,,,,")
    assert [(one.lot, one.column) for one in said.errors] == [("P-1", name)]


def test_a_table_without_a_known_column_names_its_columns() -> None:
    """It is refused lot by lot, and its names are open: so that somebody can say what they stand for."""
    text = "lot,Marker A,Marker B\nP-1,98.5,99\nP-2,97,98\n"
    said = read(text)
    assert [(one.lot, one.row, one.found) for one in said.errors] == [
        ("P-1", 1, "Marker A, Marker B"),
        ("P-2", 1, "Marker A, Marker B"),
    ]
    assert said.open_names == (OpenName("column", "Marker A", 1), OpenName("column", "Marker B", 1))
    mapped = read(text, "column,Marker A,,,CD73,,%,", "ignore,Marker B,,,,,,")
    assert (mapped.errors, [(one.lot, one.label, one.printed) for one in mapped.results]) == (
        (),
        [("P-1", "CD73", "98.5"), ("P-2", "CD73", "97")],
    )
