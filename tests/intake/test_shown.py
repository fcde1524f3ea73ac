"""How a workbook's cell is shown is part of what it says: raised, struck out, hidden by its format, commented on."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, IconSetRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from registry import intake
from registry.domain import Intake
from registry.errors import Unreadable
from tests.intake.books import HEADER, altered, book, books
from tests.intake.inputs import TERMS, places, read_values

ROW = ("P-07", "CD73", 98.5, "%")
OTHER = ("P-08", "CD73", 97, "%")


def read(data: bytes) -> Intake:
    return intake.read("panel.xlsx", data, TERMS)


def changed(change: Callable[[Any], object]) -> Intake:
    """Two lots; what is changed is on the first one's row."""
    return read(book(ROW, OTHER, change=lambda made: change(made["QC"])))


def rich(*runs: tuple[str, dict[str, Any]]) -> CellRichText:
    return CellRichText(*(TextBlock(InlineFont(**font), text) if font else text for text, font in runs))


def value(cell: Any) -> Callable[[Any], object]:
    return lambda page: page.__setitem__("C2", cell)


def font(**said: Any) -> Callable[[Any], object]:
    return lambda page: setattr(page["C2"], "font", Font(**said))


def styled(**said: Any) -> Callable[[Any], object]:
    return lambda page: [setattr(page["C2"], name, look) for name, look in said.items()]


def painted(colour: str) -> Callable[[Any], object]:
    return styled(fill=PatternFill("solid", start_color=colour))


def rule(**said: Any) -> Callable[[Any], object]:
    made = CellIsRule(operator="greaterThan", formula=["50"], **{k: v for k, v in said.items() if k != "number"})
    if "number" in said:
        made.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=said["number"]))
    return lambda page: page.conditional_formatting.add("C2:C2", made)


@pytest.mark.parametrize(
    "change",
    [
        value(rich(("9", {}), ("9", {"vertAlign": "superscript"}))),
        value(rich(("9", {}), ("9", {"vertAlign": "subscript"}))),
        value(rich(("9", {}), ("8", {"strike": True}), ("7", {}))),
        font(strike=True),
        font(vertAlign="superscript"),
        font(color="FFFFFFFF"),
        rule(number='"fail"'),
        rule(number=";;;"),
        rule(font=Font(strike=True)),
        lambda page: page.conditional_formatting.add("C2", IconSetRule("3Arrows", "num", [0, 50, 90], showValue=False)),
        value(rich(("9", {}), ("8", {"color": "FFFFFFFF"}))),
        font(color="FFFEFDFC"),
        font(size=1),
        lambda page: (font(color="FFC00000")(page), painted("FFC00000")(page)),
        styled(border=Border(diagonal=Side(style="thin"), diagonalUp=True)),
        styled(border=Border(diagonal=Side(style="medium"), diagonalDown=True)),
        styled(alignment=Alignment(horizontal="fill")),
        styled(number_format="[White]0.0"),
        styled(style="Bad"),
        rule(font=Font(color="FF000000"), fill=PatternFill("solid", bgColor="FF000000")),
    ],
    ids=[
        "raised", "lowered", "part struck", "struck", "raised cell", "white", "rule fail", "rule hides", "rule strikes",
        "icons alone", "part white", "nearly white", "without size", "red on red", "crossed out", "crossed downwards",
        "repeated", "white by its format", "called bad", "rule blackens",
    ],
)  # fmt: skip
def test_what_is_shown_otherwise_is_refused_with_its_cell(change: Callable[[Any], object]) -> None:
    """The other lot is read."""
    said = changed(change)
    assert (places(said), read_values(said)) == ([("P-07", 2, "value")], [("P-08", "CD73", "97", 3)])
    assert "C2" in said.errors[0].message


@pytest.mark.parametrize(
    "change",
    [
        value(rich(("98", {"b": True}), (".5", {"i": True}))),
        value(rich(("98.5", {"vertAlign": "baseline"}))),
        font(bold=True, strike=False, color="FFFF0000"),
        lambda page: (
            font(color="FFFFFFFF")(page),
            setattr(page["C2"], "fill", PatternFill("solid", start_color="FF000000")),
        ),
        styled(border=Border(left=Side(style="thin"), top=Side(style="thin"))),
        styled(style="Good"),
        rule(font=Font(color="FFFF0000")),
        rule(fill=PatternFill("solid", end_color="FFFFC7CE")),
    ],
    ids=["bold", "baseline", "red", "white on black", "framed", "called good", "rule reddens", "rule fills"],
)
def test_what_changes_no_sign_is_read(change: Callable[[Any], object]) -> None:
    """Colours and weights say nothing of the value."""
    said = changed(change)
    assert (said.errors, read_values(said)) == ((), [("P-07", "CD73", "98.5", 2), ("P-08", "CD73", "97", 3)])


def test_a_footnote_mark_does_not_make_another_marker() -> None:
    """CD3 with a raised 4 is not CD34."""
    header = ("lot", rich(("CD3", {}), ("4", {"vertAlign": "superscript"}), (" (%)", {})))
    with pytest.raises(Unreadable) as refusal:
        read(book(("P-07", 0.4), header=header))
    assert "Cell B1" in refusal.value.message


def test_a_text_that_its_format_hides_or_adds_to_is_refused() -> None:
    """``;;;`` hides text too, and a text section may add a word."""
    for form in (";;;", '0;0;0;@" void"', '@" (n.d.)"'):
        said = read(book(("P-07", "CD73", ("98.5", form), "%"), OTHER))
        assert places(said) == [("P-07", 2, "value")], form
    assert read(book(("P-07", "CD73", ("98.5", "0;0;0;@"), "%"))).errors == ()


def test_zeros_that_the_sheet_does_not_show_are_refused() -> None:
    """An empty place is no zero."""
    rows = (("P-07", "CD45", 0, "%"), ("P-08", "CD45", 0.1, "%"))
    said = read(book(*rows, change=lambda made: setattr(made["QC"].sheet_view, "showZeros", False)))
    assert (places(said), [result.lot for result in said.results]) == ([("P-07", 2, "value")], ["P-08"])


@pytest.mark.parametrize(("held", "form", "lot"), [(21, "0000", "0021"), (21, "General", "21"), (7, "000", "007")])
def test_an_identifier_is_read_as_it_is_shown(held: int, form: str, lot: str) -> None:
    """Zeros that a format shows are part of a lot's name."""
    assert [result.lot for result in read(book(((held, form), "CD73", 98, "%"))).results] == [lot]


@pytest.mark.parametrize(
    ("held", "form"),
    [
        (12345678901234567, "0"),
        (1234567890123456, "General"),
        (datetime(2026, 2, 1), "d-mmm"),
        (21000, "#,##0"),
        (21.4, "0"),
    ],
    ids=["17 digits", "16 digits", "a date", "grouped", "rounded"],
)
def test_what_is_shown_otherwise_is_no_identifier(held: Any, form: str) -> None:
    """Nobody can tell under which name the lot is known."""
    said = read(book(((held, form), "CD73", 98, "%")))
    assert (said.results, [(error.column, error.row) for error in said.errors]) == ((), [("lot", 2)])
    assert "A2" in said.errors[0].message


def test_fifteen_digits_are_an_identifier() -> None:
    """A spreadsheet keeps them."""
    assert [r.lot for r in read(book(((123456789012345, "0"), "CD73", 98, "%"))).results] == ["123456789012345"]


@pytest.mark.parametrize("words", ["VOID - tube clogged", "OOS", "ungültig", "annulé", "no válido", "作废"])
def test_a_comment_that_speaks_against_a_result_keeps_its_lot_from_passing(words: str) -> None:
    """At the value, at the lot, or beside them; the other lot is read."""
    for cell in ("C2", "A2", "D2", "F2"):
        said = changed(lambda page, cell=cell: setattr(page[cell], "comment", Comment(words, "qc")))
        assert ("P-07", 2) in [(error.lot, error.row) for error in said.errors], cell
        assert [result.lot for result in said.results] == ["P-08"]


def test_any_other_comment_is_kept_with_its_result() -> None:
    """With the cell's address, beside the note."""
    said = changed(lambda page: setattr(page["C2"], "comment", Comment("second operator", "qc")))
    assert [(result.lot, result.details) for result in said.results] == [
        ("P-07", (("note", "C2: second operator"),)), ("P-08", ())]  # fmt: skip


def test_a_comment_where_no_result_stands_bears_on_every_lot() -> None:
    """A word of invalidity anywhere on the sheet; anything else is told."""
    said = changed(lambda page: setattr(page["H9"], "comment", Comment("all of these are void", "qc")))
    assert [error.lot for error in said.errors] == [None]
    told = changed(lambda page: setattr(page["H9"], "comment", Comment("exported at noon", "qc")))
    assert (told.errors, [item.printed for item in told.not_read]) == ((), ["H9: exported at noon"])


def test_a_thread_of_comments_counts_as_its_last_word_does() -> None:
    """Threads stand in a part of their own, and every answer in them counts."""
    thread = (
        b'<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        b'<threadedComment ref="C2" id="{1}"><text>looks low</text></threadedComment>'
        b'<threadedComment ref="C2" id="{2}" parentId="{1}"><text>rejected by QA</text></threadedComment>'
        b"</ThreadedComments>"
    )
    relation = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="t1" '
        b'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" '
        b'Target="../threadedComments/threadedComment1.xml"/></Relationships>'
    )
    data = altered(book(ROW, OTHER), **{"xl/threadedComments/threadedComment1.xml": thread,
                                        "xl/worksheets/_rels/sheet1.xml.rels": relation})  # fmt: skip
    said = read(data)
    assert (places(said), [result.lot for result in said.results]) == ([("P-07", 2, "note")], ["P-08"])


def test_a_sheet_named_void_and_a_page_headed_draft_keep_every_lot_from_passing() -> None:
    """What stands on the printed page is said of all of it."""
    named = read(books({"VOID": [HEADER, ROW]}))
    headed = read(book(ROW, change=lambda made: setattr(made["QC"].oddHeader.center, "text", "DRAFT")))
    assert [error.lot for error in (*named.errors, *headed.errors)] == [None, None]


def test_rows_without_height_are_hidden() -> None:
    """However they were made so."""
    for height in (b"0", b"0.75", b"1.5"):
        low = b'<row r="2" ht="' + height + b'"'
        data = altered(
            book(ROW, OTHER), xl__worksheets__sheet1_xml=lambda page, low=low: page.replace(b'<row r="2"', low)
        )
        said = read(data)
        assert ([error.row for error in said.errors], [result.lot for result in said.results]) == ([2], ["P-08"])


def test_one_file_saved_by_three_programs_is_read_alike() -> None:
    """Texts in their cells (streamed) or shared (Excel, LibreOffice), and fonts that say what they are not."""
    data = book(ROW, ((21, "0000"), "CD45", (0.004, "0.0%"), "%"))
    plain = altered(data, xl__styles_xml=lambda styles: styles.replace(b"<font><name", b'<font><strike val="0"/><name'))
    assert read(data).results == read(_with_shared_texts(data)).results == read(plain).results
    assert len(read(data).results) == 2
    struck = altered(data, xl__styles_xml=lambda styles: styles.replace(b"<font><name", b"<font><strike/><name"))
    with pytest.raises(Unreadable):
        read(struck)


def _with_shared_texts(data: bytes) -> bytes:
    """The workbook with the texts of its cells in a part of their own, as Excel keeps them."""
    texts: list[bytes] = []

    def shared(match: re.Match[bytes]) -> bytes:
        texts.append(match.group(1))
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        page = archive.read("xl/worksheets/sheet1.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    page = re.sub(rb't="inlineStr"><is>(.*?)</is>', shared, page)
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    entry = b'<Relationship Type="%s" Target="/xl/sharedStrings.xml" Id="shared"/></Relationships>' % kind
    return altered(data, **{
        "xl/worksheets/sheet1.xml": page,
        "xl/_rels/workbook.xml.rels": relations.replace(b"</Relationships>", entry),
        "xl/sharedStrings.xml": b"<sst>" + b"".join(b"<si>%s</si>" % text for text in texts) + b"</sst>",
    })  # fmt: skip
