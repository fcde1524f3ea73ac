"""A table of outcomes is read by the reader of panels, and nobody's code is left of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from registry import vocabulary
from registry.domain import Interval, Reading
from registry.domain.outcome import detail
from registry.errors import PatientData, RegistryError, Unreadable, UnsupportedKind
from registry.identifiers import CPR
from registry.intake.outcomes import Given, OutcomeTable, read
from registry.intake.outcomes.sheet import sheet_of
from registry.intake.values import Misprint
from tests.intake.books import book

TERMS = vocabulary.load()
TODAY = date(2027, 3, 1)
GIVEN = {
    "R-0042": Given("A-0000000000000042", date(2026, 12, 1)),
    "R-0043": Given("A-0000000000000043", date(2027, 1, 4)),
}
HEADER = "recipient,date,characteristic,value,unit"


def of_code(code: str, _day: date | None) -> Given:
    """What was given to a recipient."""
    if code not in GIVEN:
        raise Misprint("Nothing was given to this recipient.", expected="a code", found="", column="recipient")
    return GIVEN[code]


def of_key(key: str) -> Given:
    """What was given under a key."""
    return next(each for each in GIVEN.values() if each.key == key)


def identify(digest: str, key: str, day: date | None, visit: int | None) -> tuple[str, str]:
    """A name that says what it is made of."""
    name = f"{digest[7:11]}.{key[-2:]}.{day}.{visit}"
    return name, f"https://registry.example/outcome/{name}"


def said(text: str, file: str = "visit.csv") -> OutcomeTable:
    """What a table says."""
    sheet = sheet_of(file, text.encode())
    return read(file, sheet, TERMS, of_code=of_code, of_key=of_key, today=TODAY, identify=identify)


def test_a_day_of_a_recipient_is_an_outcome_under_the_key() -> None:
    """Intervals, words and states are those of panels."""
    table = said(
        f"{HEADER},assay\nR-0042,2026-12-15,FSH,<38,mIU/mL,Elecsys\nR-0042,2026-12-15,menses,yes,,\n"
        "R-0042,2026-12-15,AMH,not tested,ng/mL,\nR-0043,2027-01-18,AFC,5,count,\n"
    )
    assert table.errors == ()
    first, second = table.outcomes
    assert (first.administration, first.day, first.visit) == ("A-0000000000000042", date(2026, 12, 15), None)
    assert [result.reading for result in first.results] == [
        Reading(interval=Interval(Decimal(0), Decimal(38), high_open=True)),
        Reading(outcome=CPR + "Happened"),
        Reading(state="not tested"),
    ]
    assert (first.results[0].unit, detail(first.results[0], "assay")) == (CPR + "FSH-mIU-per-mL", "Elecsys")
    assert (second.administration, len(second.results)) == ("A-0000000000000043", 1)


def test_no_code_is_left() -> None:
    """Neither in what is kept, nor in a result, nor in an error; a row whose code nobody knows is left out."""
    table = said(f"{HEADER}\nR-0042,2026-12-15,FSH,38,IU/L\nR-9999,2026-12-15,FSH,38,IU/L\n")
    assert table.kept == (
        b"row,administration,date,characteristic,value,unit\n2,A-0000000000000042,2026-12-15,FSH,38,IU/L\n"
    )
    everything = repr((table.outcomes, table.errors))
    assert "R-0042" not in everything
    assert "R-9999" not in everything
    assert [(error.row, error.column, error.found) for error in table.errors] == [(3, "recipient", "")]


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        ("R-0042,2026-12-15,FSH,25,IU/mL", "unit", "print it in IU/L or mIU/mL"),
        ("R-0042,2026-12-15,FSH,25,", "value", "has no unit"),
        ("R-0042,2026-12-15,FSH,-1,IU/L", "value", ""),
        ("R-0042,2026-12-15,AFC,5.5,count", "value", "whole number"),
        ("R-0042,2026-12-15,viability,95,%", "characteristic", "no outcome measure"),
        ("R-0042,15.12.2026,FSH,25,IU/L", "date", "no day that can be read in one way"),
        ("R-0042,2027-03-02,FSH,25,IU/L", "date", "still to come"),
        ("R-0042,2026-11-30,FSH,25,IU/L", "date", "visit 0"),
        ("R-0042,,FSH,25,IU/L", "date", "no day and no visit"),
        (",2026-12-15,FSH,25,IU/L", "recipient", "one of the two"),
        ("R-0042,2026-12-15,live birth,perhaps,", "value", ""),
        ("R-0042,2026-12-15,AMH,98.4 ± 0.3,ng/mL", "value", ""),
    ],
)
def test_a_row_that_cannot_be_read_is_an_error(row: str, column: str, part: str) -> None:
    """And nothing of that recipient is taken."""
    table = said(f"{HEADER}\n{row}\n")
    assert table.outcomes == ()
    assert [(error.row, error.column) for error in table.errors] == [(2, column)]
    assert part in table.errors[0].message


def test_a_thousandfold_follitropin_is_refused_as_the_study_prints_it() -> None:
    """NCT03877471: FSH > 25 IU/mL."""
    (error,) = said(f"{HEADER}\nR-0042,2026-12-15,FSH,>25,IU/mL\n").errors
    assert (error.expected, error.found) == ("IU/L or mIU/mL", "IU/mL")


EVENT = f"{HEADER},serious,grade,causality,started,ended"


def test_an_adverse_event_says_how_grave_it_was() -> None:
    """Seriousness, grade and causality."""
    table = said(f"{EVENT}\nR-0042,2026-12-15,adverse event,pelvic pain,,no,2,possible,2026-12-14,2026-12-15\n")
    (outcome,) = table.outcomes
    assert outcome.results[0].reading == Reading(text="pelvic pain")
    assert dict(outcome.results[0].details) == {
        "causality": "possible", "ended": "2026-12-15", "grade": "2", "serious": "no", "started": "2026-12-14",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (",,,,", "serious"),
        ("no,,possible,,", "grade"),
        ("no,0,possible,,", "grade"),
        ("no,6,possible,,", "grade"),
        ("no,5,possible,,", "serious"),
        ("no,2,,,", "causality"),
        ("no,2,maybe,,", "causality"),
        ("no,2,possible,2026-12-15,2026-12-14", "ended"),
    ],
)
def test_an_adverse_event_that_nobody_judged_is_an_error(cells: str, column: str) -> None:
    """It is no small event."""
    (error,) = said(f"{EVENT}\nR-0042,2026-12-15,adverse event,pelvic pain,,{cells}\n").errors
    assert error.column == column


def test_a_hormone_has_no_grade() -> None:
    """What is said of an adverse event is said of nothing else."""
    (error,) = said(f"{EVENT}\nR-0042,2026-12-15,FSH,38,IU/L,no,2,possible,,\n").errors
    assert error.column == "serious"


def test_two_unrelated_results_of_one_day_are_an_error() -> None:
    """Of two ovaries, or by two assays, they answer two questions; a correction says which it corrects."""
    (error,) = said(f"{HEADER}\nR-0042,2026-12-15,FSH,38,IU/L\nR-0042,2026-12-15,FSH,40,IU/L\n").errors
    assert error.message.startswith("Rows 2 and 3 both give follicle stimulating hormone of one day")
    sites = f"{HEADER},site\nR-0042,2026-12-15,ovarian volume,4,mL,left\nR-0042,2026-12-15,ovarian volume,5,mL,right\n"
    assert said(sites).errors == ()
    related = f"{HEADER},relation,supersedes,reason\nR-0042,2026-12-15,FSH,38,IU/L,,,\n"
    table = said(related + "R-0042,2026-12-15,FSH,40,IU/L,correction,row 2,Read from the wrong line.\n")
    assert table.errors == ()
    first, second = table.outcomes[0].results
    assert second.supersedes == f"https://registry.example/outcome/{table.outcomes[0].id}#r1"
    other = said(related + "R-0043,2027-01-18,FSH,40,IU/L,correction,row 2,Read from the wrong line.\n")
    assert [(error.row, error.column) for error in other.errors] == [(3, "supersedes")]
    assert first.supersedes is None


def test_a_recipient_with_a_row_in_error_is_not_recorded_and_the_others_are() -> None:
    """The administration is the unit of acceptance."""
    table = said(
        f"{HEADER}\nR-0042,2026-12-15,FSH,38,IU/L\nR-0042,2026-12-15,LH,x,IU/L\nR-0043,2027-01-18,FSH,9,IU/L\n"
    )
    assert [outcome.administration for outcome in table.outcomes] == ["A-0000000000000043"]


@pytest.mark.parametrize(
    "header",
    ["recipient,date,characteristic,value", "date,characteristic,value,unit", "recipient,characteristic,value,unit",
     "recipient,date,characteristic,value,unit,comparater", "recipient,date,characteristic,value,unit,OOS"],
)  # fmt: skip
def test_another_table_is_refused_whole(header: str) -> None:
    """A column that is not understood is set aside by nobody."""
    with pytest.raises(Unreadable):
        said(f"{header}\nR-0042,2026-12-15,FSH,38,IU/L,x\n")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEADER},patient name\nR-0042,2026-12-15,FSH,38,IU/L,Ada\n",
        f"{HEADER},note\nR-0042,2026-12-15,FSH,38,IU/L,born 10.12.1985\n",
    ],
)  # fmt: skip
def test_a_person_is_refused_whole(text: str) -> None:
    """Nothing of the file is kept."""
    with pytest.raises(PatientData):
        said(text)


def test_a_note_that_repeats_the_code_is_an_error() -> None:
    """It would stand in the record."""
    (error,) = said(f"{HEADER},note\nR-0042,2026-12-15,FSH,38,IU/L,r-0042 was fasting\n").errors
    assert (error.column, error.found) == ("note", "")


NAMES = tuple(HEADER.split(","))
SEEN = ("R-0042", (datetime(2026, 12, 15), "yyyy-mm-dd"), "FSH", 38.5, "IU/L")


def sheet(*rows: Sequence[Any], change: Callable[[Any], object] | None = None) -> OutcomeTable:
    """What a workbook of these rows says."""
    data = book(*rows, header=NAMES, change=change)
    sheet = sheet_of("visit.xlsx", data)
    return read("visit.xlsx", sheet, TERMS, of_code=of_code, of_key=of_key, today=TODAY, identify=identify)


def test_a_workbook_says_what_the_same_table_as_text_says() -> None:
    """A date is a date however it is shown, and a number is read as shown."""
    dated = (SEEN[0], (datetime(2026, 12, 15), "dd.mm.yyyy"), *SEEN[2:])
    text = said(f"{HEADER}\nR-0042,2026-12-15,FSH,38.5,IU/L\n")
    for row in (SEEN, dated):
        table = sheet(row)
        assert table.errors == ()
        assert [result.reading for result in table.outcomes[0].results] == [text.outcomes[0].results[0].reading]
        assert (table.outcomes[0].day, table.kept) == (date(2026, 12, 15), text.kept)


@pytest.mark.parametrize("cell", [(38.46, "0.0"), "=38+1"])
def test_a_cell_that_shows_other_than_it_holds_refuses_what_its_recipient_was_given(cell: Any) -> None:
    """Nothing is rounded and nothing is computed; the other recipient's rows stand."""
    table = sheet((*SEEN[:3], cell, "IU/L"), ("R-0043", "2027-01-18", "AFC", 5, "count"))
    assert [(error.lot, error.row) for error in table.errors] == [("A-0000000000000042", 2)]
    assert [each.administration for each in table.outcomes] == ["A-0000000000000043"]


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.create_sheet("old").append(["R-0042"]),
        lambda made: made.active.merge_cells("A2:A3"),
        lambda made: setattr(made["QC"]["D2"], "comment", Comment("haemolytic", "lab")),
        lambda made: setattr(made["QC"].column_dimensions["D"], "hidden", True),
    ],
    ids=["a second sheet", "merged cells", "a comment", "a hidden column"],
)
def test_what_stands_beside_the_cells_of_a_workbook_is_not_passed_over(change: Callable[[Any], object]) -> None:
    """It is refused as a whole, and says why."""
    with pytest.raises(Unreadable):
        sheet(SEEN, change=change)


def test_what_is_no_table_is_refused() -> None:
    """By its name, or by its bytes."""
    with pytest.raises(UnsupportedKind):
        said("x", "visit.pdf")
    with pytest.raises(Unreadable):
        said("x", "visit.xlsx")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=12), st.text(max_size=12))
def test_whatever_stands_in_a_row_nothing_but_a_refusal_comes_of_it(value: str, unit: str, day: str) -> None:
    """A row is read, an error, or the file is refused."""
    quoted = ",".join('"' + text.replace('"', '""') + '"' for text in ("R-0042", day, "FSH", value, unit))
    try:
        table = said(f"{HEADER}\n{quoted}\n")
    except RegistryError:
        return
    assert len(table.outcomes) + len(table.errors) >= 1
