"""Tables of text: how they are decoded, cut into cells, and which columns they may have."""

from __future__ import annotations

from decimal import Decimal

import pytest

from registry import intake
from registry.domain import Interval
from registry.errors import TooLarge, Unreadable, UnsupportedKind
from registry.intake.tabular.columns import distance, nearly
from tests.intake.inputs import HEADER, TERMS, places, read_values, table

PANEL = "lot;characteristic;value;unit;note\r\nP-07;CD73;98,5;%;µ-Slide Ä\r\n"


@pytest.mark.parametrize(
    "encoded",
    [
        PANEL.encode(),
        b"\xef\xbb\xbf" + PANEL.encode(),
        PANEL.encode("utf-16"),
        b"\xfe\xff" + PANEL.encode("utf-16-be"),
        PANEL.encode("cp1252"),
        PANEL.replace("\r\n", "\r").encode(),
        ("sep=;\r\n" + PANEL).encode(),
        PANEL.replace(";", "\t").encode(),
        PANEL.replace(",", ".").replace(";", ",").encode(),
    ],
    ids=["utf-8", "utf-8 bom", "utf-16 le", "utf-16 be", "cp1252", "cr", "sep", "tab", "comma"],
)
def test_one_panel_in_every_encoding_and_delimiter(encoded: bytes) -> None:
    """The same panel reads alike however a spreadsheet or instrument saved it."""
    (result,) = intake.read("panel.csv", encoded, TERMS).results
    assert result.reading.interval == Interval(Decimal("98.5"), Decimal("98.5"))
    assert (result.source.row, result.details) == (2, (("note", "µ-Slide Ä"),))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"lot\x00",
        b"\xff\xfe\x00",
        b"l\x81t",
        b"\xff\xfel\x00o",
        HEADER.encode(),
        b"lot,stage\nP,x\n",
        b"lot\nP\n",
    ],
)
def test_what_is_no_table_is_unreadable(data: bytes) -> None:
    """Nothing, NUL, half a character, no result: refused as a whole."""
    with pytest.raises(Unreadable):
        intake.read("panel.csv", data, TERMS)


@pytest.mark.parametrize("name", ["panel.xls", "panel", "panel.csv.gz", ""])
def test_kinds_that_are_not_read_are_named(name: str) -> None:
    """A kind of file that nobody reads is refused, with the kinds that are."""
    with pytest.raises(UnsupportedKind) as caught:
        intake.read(name, b"lot", TERMS)
    assert caught.value.expected == ".csv, .tsv, .tab, .txt, .xlsx, .ttl, .jsonld, .json, .wsp, .xml, .fcs"


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (intake.MAX_BYTES + 1),
        (HEADER + "\n" + "\n" * 100_001).encode(),
        (",".join(["lot"] + [f"c{i}" for i in range(500)]) + "\n").encode(),
        (HEADER + "\nP,CD73," + "9" * 10_001 + ",%").encode(),
        (HEADER + '\nP,CD73,"' + "9" * 200_000 + '",%').encode(),
    ],
    ids=["bytes", "rows", "columns", "cell", "endless cell"],
)
def test_limits(data: bytes) -> None:
    """More bytes, rows, columns or letters in a cell than any panel has."""
    with pytest.raises(TooLarge):
        intake.read("panel.csv", data, TERMS)


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    """The header is row 1, a blank row is a row, and so is a quoted cell of two lines."""
    said = table('P-1,CD73,98,%,"a', 'b"', "", ",,,,", "P-2,CD73,97,%,", header=f"{HEADER},note")
    assert read_values(said) == [("P-1", "CD73", "98", 2), ("P-2", "CD73", "97", 5)]


def test_the_file_is_named_without_its_folder() -> None:
    """A path says something about somebody's machine, and nothing about the result."""
    assert table("P-1,CD73,98,%", name="C:\\lab\\in/panel.csv").results[0].source.file == "panel.csv"


def test_headers_match_whatever_their_case_and_spaces() -> None:
    """``Tested at`` is ``tested_at``."""
    (result,) = table("P-1,CD73,98,%,noon", header=" LOT , Characteristic,VALUE,Unit,Tested at").results
    assert result.details == (("tested_at", "noon"),)


@pytest.mark.parametrize("name", ["Lot No.", "Lot number", "LOT#", "lot id", "Batch", "batch no", "Charge"])
def test_a_lot_may_be_headed_by_another_word(name: str) -> None:
    """In long tables and wide ones; a few whole words, and no other."""
    long, wide = table("P-1,CD73,98,%", header=HEADER.replace("lot", name)), table("P-1,98", header=f"{name},CD73 (%)")
    assert [(one.lot, one.label, one.printed) for said in (long, wide) for one in said.results] == [
        ("P-1", "CD73", "98"),
        ("P-1", "CD73", "98"),
    ]
    assert (long.errors, wide.errors, long.notices, wide.notices) == ((), (), (), ())


def test_beside_a_lot_column_a_batch_is_another_column() -> None:
    """It is not read; and of two such words without a lot column nobody knows which is meant."""
    said = table("P-1,CD73,98,%,B-9", header=f"{HEADER},Batch")
    assert ([one.lot for one in said.results], [one.code for one in said.notices]) == (["P-1"], ["unknown-column"])
    with pytest.raises(Unreadable):
        table("P-1,98,B-9", header="Charge,CD73 (%),Batch")


def test_an_unknown_column_is_a_warning() -> None:
    """It is named and not read; the results stand."""
    said = table("P-1,CD73,98,%,blue", header=f"{HEADER},Sample colour")
    assert (said.errors, [notice.code for notice in said.notices]) == ((), ["unknown-column"])


@pytest.mark.parametrize("name", ["comparater", "stge", "retlation", "lots", "nite", "uint", "statsu", "superseeds"])
def test_a_nearly_known_column_is_an_error_of_every_lot(name: str) -> None:
    """A comparator that went unread would turn <5 into 5."""
    said = table("P-1,CD73,98,%,x", "P-2,CD73,98,%,", header=f"{HEADER},{name}")
    assert places(said) == [("P-1", 1, name), ("P-2", 1, name)]


def test_letters_are_counted_with_swaps() -> None:
    """A swap of neighbours is one slip; short names tolerate one letter only."""
    assert (distance("uint", "unit"), distance("date", "note"), distance("", "lot")) == (1, 2, 3)
    assert (nearly("date"), nearly("Comment"), nearly("statuss"), nearly("lot")) == (None, None, "status", None)


@pytest.mark.parametrize("header", [f"{HEADER},lot", f"{HEADER},LOT", "lot,CD73 (%),CD73 (%)"])
def test_a_column_that_stands_twice_makes_a_file_unreadable(header: str) -> None:
    """Which of them is meant?"""
    with pytest.raises(Unreadable):
        table("P-1,CD73,98,%,P-2", header=header)


def test_cells_beyond_the_header_are_an_error_even_when_empty() -> None:
    """``98,5`` without quotation marks is two cells: 98 is never read."""
    said = table("P-1,CD73,98,5,%", "P-2,CD73,98,%,", "P-3,CD73,98")
    assert places(said) == [("P-1", 2, None), ("P-2", 3, None), ("P-3", 4, "value")]


def test_a_stray_cell_without_a_header_is_an_error() -> None:
    """A trailing comma in every row is harmless; something under no name is not."""
    said = table("P-1,CD73,98,%,", "P-2,CD73,98,%,5", header=f"{HEADER},")
    assert (read_values(said), places(said)) == ([("P-1", "CD73", "98", 2)], [("P-2", 3, None)])


def test_a_formula_stays_text() -> None:
    """``=cmd|…`` in a note is kept as printed; as a value it is refused."""
    said = table("P-1,CD73,98,%,=cmd|' /C calc'!A0", "P-2,CD73,=1+1,%,", header=f"{HEADER},note")
    assert said.results[0].details == (("note", "=cmd|' /C calc'!A0"),)
    assert places(said) == [("P-2", 3, "value")]


@pytest.mark.parametrize("lot", ["P\x07", "é1", "-1", "x" * 65, "P-1.json", "P-1.HTML", "", "P\x1b[31m"])
def test_a_lot_without_a_usable_identifier_is_an_error(lot: str) -> None:
    """The rule stands in the refusal, and control characters do not reach the report."""
    (error,) = table(f"{lot},CD73,98,%").errors
    assert (error.column, error.row, error.found.isprintable()) == ("lot", 2, True)


@pytest.mark.parametrize("lot", ["P-1", "patient 1", "24/05 A", "L#7_b.c", "x" * 64, "7"])
def test_usable_identifiers(lot: str) -> None:
    """Pseudonymous names, slashes and spaces are welcome."""
    assert [result.lot for result in table(f"{lot},CD73,98,%").results] == [lot]


def test_two_spellings_of_one_lot_are_errors_of_both() -> None:
    """Also when one of the two stands in a row that is in error itself."""
    said = table("P-07,CD73,98,%", "p-07,CD90,n.d.,%")
    assert places(said) == [("P-07", 2, "lot"), ("p-07", 3, "value"), ("p-07", 3, "lot")]


def test_unregistered_lots_are_named_once() -> None:
    """A registry knows a lot before its first panel; ``check`` asks for no registration."""
    rows = f"{HEADER}\nP-1,CD73,98,%\nP-2,CD73,98,%\nP-2,CD90,98,%\n".encode()
    said = intake.read("panel.csv", rows, TERMS, registered={"P-1"}.__contains__)
    assert places(said) == [("P-2", 3, "lot")]


@pytest.mark.parametrize(
    "header",
    [
        "lot;Marker;Result;unit",
        "Charge;Merkmal;Wert;Einheit",
        "Numéro de lot;Caractéristique;Résultat;Unité",
        "Lote;Característica;Resultado;Unidad",
        "批号;检测项目;结果;单位",
    ],
)
def test_other_words_for_the_columns_are_read(header: str) -> None:
    """In the languages that laboratories write, where each word stands for one column."""
    said = table("P-1;CD73;98;%", header=header)
    assert (read_values(said), said.errors) == ([("P-1", "CD73", "98", 2)], ())


@pytest.mark.parametrize("header", ["lot;Marker;Test;Result;unit", "lot;Marker;Result;Ergebnis;unit"])
def test_two_words_for_one_column_are_not_chosen_between(header: str) -> None:
    """Which of them is meant?"""
    with pytest.raises(Unreadable):
        table("P-1;CD73;98;%;%", header=header)
