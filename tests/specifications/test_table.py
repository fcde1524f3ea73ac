"""The table language: what is written is read back to the same graph, and every wrong cell is named with its place."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from registry import specifications as specification
from registry import workbook
from registry.domain import Specification
from registry.errors import RegistryError, TooLarge, Unreadable, UnsupportedKind, WrongUsage
from registry.specifications import table
from tests.lots import TERMS
from tests.specifications.strategies import EXAMPLES, specifications

FORMS = ("csv", "yaml", "xlsx")

TABLE = """\
specification,ours
version,1
title,"Ours, for example"
source,a document that can be read

id,characteristic,operator,limit,unit,standing,method,duration
cd73,CD73,>=,95,%,gating,,
dose,viable cells per dose,range,above 75e6 to 150e6,cells,gating,,
sterility,sterility,one of,no growth,,gating,BacT/ALERT,14 d
"""


KEPT_FROM_FORMULA = re.compile(r"\"'+[=+\-@\\＝＋－＠]")
"""In N-Triples: an apostrophe before a sign that begins a formula, or before an escaped one."""


def misread(text: str) -> list[tuple[int | None, str | None, str, str]]:
    """(row, column, expected, found) of every wrong cell."""
    with pytest.raises(table.Misread) as refusal:
        table.read("ours.csv", text.encode(), TERMS)
    return [(one.row, one.column, one.expected, one.found) for one in refusal.value.errors]


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(specifications(), st.sampled_from(FORMS))
def test_table_to_graph_to_table_is_the_identity(made: Specification, form: str) -> None:
    """Whatever the specification: its table compiles to its graph, and the graph's table is the same table.

    But for a text that begins as one does that was kept from being a formula: its apostrophe is taken away.
    """
    assume(not KEPT_FROM_FORMULA.search(made.ntriples.decode()))
    if form == "xlsx" and not all(sign.isprintable() or sign == "\n" for sign in made.ntriples.decode()):
        form = "yaml"
    written = table.write(made, form, TERMS)
    compiled = table.read(f"made.{form}", written, TERMS)
    assert compiled == made
    assert specification.read(specification.turtle(compiled)) == made
    if form != "xlsx":
        assert table.write(specification.read(compiled.ntriples), form, TERMS) == written


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shipped", specification.shipped(), ids=lambda one: one.id)
def test_every_shipped_specification_is_a_table(shipped: Specification, form: str) -> None:
    assert table.read(f"it.{form}", table.write(shipped, form, TERMS), TERMS) == shipped


def test_a_table_as_a_quality_unit_writes_it() -> None:
    made = table.read("ours.csv", TABLE.encode(), TERMS)
    dose, sterility = made.criteria[1:]
    assert [(one.id, one.operator, str(one.low), str(one.high), one.low_open) for one in made.criteria] == [
        ("cd73", ">=", "95", "None", False),
        ("dose", "range", "7.5E+7", "1.50E+8", True),
        ("sterility", "one of", "None", "None", False),
    ]
    assert (dose.message, dose.high_open) == (
        "viable cells per dose must be more than 75000000 and at most 150000000 cells.", False)  # fmt: skip
    assert (sterility.method, str(sterility.duration), sterility.message) == (
        "BacT/ALERT", "336.0000", "sterility must be: not detected.")  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheets_own_delimiter_is_read(delimiter: str) -> None:
    text = TABLE.replace('"Ours, for example"', "Ours").replace(",", delimiter)
    assert table.read("ours.csv", ("\ufeff" + text).encode(), TERMS).title == "Ours"


@pytest.mark.parametrize(
    ("limit", "canonical"),
    [("8 < PDT < 48", "above 8 to below 48"), ("8 <= x < 48", "8 to below 48"), ("180-220", "180 to 220"),
     ("180 – 220", "180 to 220"), ("-1.50 to 2e1", "-1.5 to 20")],
)  # fmt: skip
def test_a_range_may_be_written_in_several_ways(limit: str, canonical: str) -> None:
    text = TABLE.replace("above 75e6 to 150e6", limit)
    assert specification.limits.limit_text(table.read("ours.csv", text.encode(), TERMS).criteria[1]) == canonical


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("CD73,>=", "CD79,>=", [(7, "characteristic", "CD79a or CD79b", "CD79")]),
        ("CD73,>=", "CD45-,>=", [(7, "characteristic", "CD45, in percent positive", "CD45-")]),
        ("CD73,>=", "CD73,about", [(7, "operator", ">=, >, <=, <, range, one of", "about")]),
        (",95,%", ',"95,5",%', [(7, "limit", "a number", "95,5")]),
        (",95,%", ",95,furlongs", [(7, "unit", "%", "furlongs")]),
        ("no growth", "sparkling", [(9, "limit", "detected | not detected", "sparkling")]),
        ("14 d", "14", [(9, "duration", "a number with its unit, such as 14 d or 2 h", "14")]),
        ("14 d", "100 min", [(9, "duration", "a number with its unit, such as 14 d or 2 h", "100 min")]),
        ("%,gating", "%,optional", [(7, "standing", "gating, reference, informative", "optional")]),
        ("cd73,CD73", ",CD73", [(7, "id", "the criterion's id", "")]),
        ("version,1\n", "", [(None, "version", "version", "")]),
        ("version,1\n", "version,1\nversion,2\n", [(3, "version", "one", "2")]),
        ("version,1", "versoin,1", [(2, None, "version", "versoin")]),
        ("standing,method", "standing,mehtod", [(6, "mehtod", "method", "mehtod"),
                                                (9, None, "a cell under a named column", "BacT/ALERT")]),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_with_its_place(
    old: str, new: str, wrong: list[tuple[int | None, str | None, str, str]]
) -> None:
    assert old in TABLE
    assert misread(TABLE.replace(old, new, 1)) == wrong


def test_every_wrong_cell_is_listed_at_once() -> None:
    text = TABLE.replace("CD73,>=", "CD999,>=").replace("cells,gating", "furlongs,gating").replace("14 d", "long")
    wrong = [(row, column) for row, column, _, _ in misread(text)]
    assert wrong == [(7, "characteristic"), (8, "unit"), (9, "duration")]


def test_what_contradicts_itself_is_not_compiled() -> None:
    with pytest.raises(WrongUsage) as refusal:
        table.read("ours.csv", TABLE.replace("above 75e6 to 150e6", "150e6 to 75e6").encode(), TERMS)
    assert refusal.value.details == ("dose: no value lies between 1.50E+8 and 7.5E+7",)


def test_rounding_keeps_the_decimals_of_the_limit() -> None:
    """95.0 is not 95: with the rule, 94.96 meets the one after rounding and 94.6 only the other."""
    text = TABLE.replace("source,a", "rounding,round to limit\nsource,a")
    for printed, decimals in (("95", 0), ("95.0", 1), ("95.00", 2)):
        made = table.read("ours.csv", text.replace(",95,", f",{printed},").encode(), TERMS)
        assert made.criteria[0].decimals == decimals
        assert table.read("ours.csv", table.write(made, "csv", TERMS), TERMS) == made


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("ours.csv", b"\xff\xfe", Unreadable),
        ("ours.csv", b"", Unreadable),
        ("ours.csv", b"specification,x\n", Unreadable),
        ("ours.csv", b"," * 1_000_001, TooLarge),
        ("ours.csv", b"\n" * 5_000, TooLarge),
        ("ours.yaml", b"a: &x [1]\nb: *x\n", Unreadable),
        ("ours.yaml", b"[" * 100_000, Unreadable),
        ("ours.yaml", b"a: {b: {c: {d: {e: 1}}}}", Unreadable),
        ("ours.yaml", b"a: [1", Unreadable),
        ("ours.yaml", b"just words", Unreadable),
        ("ours.yaml", b" " * 300_001, TooLarge),
        ("ours.xlsx", b"PK\x03\x04", Unreadable),
        ("ours.ods", b"PK\x03\x04", UnsupportedKind),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(name: str, data: bytes, error: type[RegistryError]) -> None:
    with pytest.raises(error):
        table.read(name, data, TERMS)


def test_a_workbook_of_two_sheets_or_with_a_percent_format_is_refused() -> None:
    rows = [line.split(",") for line in TABLE.replace('"Ours, for example"', "Ours").splitlines()]
    assert table.read("ours.xlsx", workbook.write([("specification", rows)]), TERMS).title == "Ours"
    with pytest.raises(Unreadable) as refusal:
        table.read("ours.xlsx", workbook.write([("specification", rows), ("notes", [["more"]])]), TERMS)
    assert (refusal.value.message, refusal.value.found, refusal.value.todo) == (
        "A specification is read from a workbook with one sheet.",
        "2 sheets that hold something: specification, notes",
        "Leave the sheet with the specification and delete the others, or save that sheet alone as CSV.",
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(["csv", "yaml", "xlsx"]), st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_random_bytes_make_a_reader_fail_other_than_by_its_own_error(form: str, data: bytes) -> None:
    with pytest.raises(RegistryError):
        table.read(f"ours.{form}", data, TERMS)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_no_damage_to_a_good_table_makes_it_fail_other_than_by_its_own_error(data: st.DataObject) -> None:
    """One cut, doubled or exchanged piece: read as something, or refused as itself."""
    form = data.draw(st.sampled_from(FORMS))
    good = table.write(specification.load("s08-concert-hf-bone-marrow"), form, TERMS)
    # A share of the length, not an offset: a workbook's length differs from second to second.
    start = int(data.draw(st.floats(0, 0.999)) * len(good))
    piece = data.draw(st.binary(max_size=8))
    damaged = good[:start] + piece + good[start + data.draw(st.integers(0, 20)) :]
    try:
        table.read(f"ours.{form}", damaged, TERMS)
    except RegistryError:
        return
