"""Inputs that went wrong once, each an example of a kind: what is judged of every lot, and which cells are refused.

The files stand beside the checkout and are read where they are there; each kind has an example of our own below.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from registry import intake, specifications, vocabulary
from registry.domain import Intake, Specification
from registry.errors import RegistryError
from registry.judgement import judge
from tests.conftest import ROOT

CASES = ROOT.parent / "shared" / "cases"
MSC, OVARIAN = "msc-identity", "hesc-msc-ovarian-illustrative@1"


@dataclass(frozen=True)
class Right:
    """The right answer: lots by verdict, refused (row, column), and words of the refusal of a whole file."""

    lots: dict[str, str] = field(default_factory=dict)
    errors: tuple[tuple[int | None, str | None], ...] = ()
    refused: str = ""
    criteria: dict[str, str] = field(default_factory=dict)


def one(verdict: str, *errors: tuple[int | None, str | None]) -> Right:
    return Right({"H-21": verdict}, errors)


def values(*rows: int) -> tuple[tuple[int, str], ...]:
    return tuple((row, "value") for row in rows)


ANSWERS: dict[str, Right] = {
    "tables/c03-verdict-columns.csv": one(
        "incomplete",
        *((2, column) for column in ("Result valid?", "Pass/Fail", "Repeat value", "deviation", "note")),
    ),
    "tables/e28-comment-lines.csv": one("pass"),
    "tables/e29-de-headers.csv": one("pass"),
    "tables/e30-units-row.csv": one("pass"),
    "tables/j01-flowjo-table.csv": Right(refused="write lot in its first cell"),
    "tables/r04.ttl": Right(refused="what a panel cannot say"),
    "tables/s01-senaite-export.csv": one(
        "incomplete",
        *((2, column) for column in ("review_state", "Result Status", "Retested")),
        *((row, column) for row in (4, 7) for column in ("review_state", "Result Status")),
    ),
    "tables/s03-lod.csv": one("incomplete", *values(2, 3, 5, 6, 7)),
    "tables/t02-two-level-header.csv": one("pass"),
    "tables/t03-criteria-beside.csv": one("pass"),
    "tables/t11-mean-sd-rows.csv": Right(
        {"H-21": "pass", "H-22": "pass", "Mean": "incomplete", "SD": "incomplete"}, ((4, "lot"), (5, "lot"))
    ),
    "tables/t12-isotype-rows.csv": Right(
        {"H-21": "pass", **dict.fromkeys(("H-21 isotype", "Unstained", "FMO", "Acceptance limit"), "incomplete")},
        ((3, "lot"), (4, "lot"), (5, "lot"), (6, "lot")),
    ),
    "tables/t13-merged-lot.csv": Right({"H-21": "incomplete", "H-22": "incomplete"}, ((3, "lot"),)),
    "tables/t14-header-percent-first.csv": one("pass"),
    "tables/t15-header-positive.csv": one("pass"),
    "tables/t16-hidden-second.csv": one(
        "incomplete", *((2, column) for column in ("FITC-CD45", "Anti-CD34", "Repeat CD105"))
    ),
    "tables/t19-units.csv": Right({f"U-{n}": "incomplete" for n in range(1, 21)}, ((6, "unit"), (7, "unit"))),
    "workbooks/x03-comment.xlsx": one("incomplete", (4, "note")),
    "workbooks/x08-cond-numfmt.xlsx": one("incomplete", (2, "value")),
    "workbooks/x10-date-lot.xlsx": Right({}, ((2, "lot"),)),
    "workbooks/x11-lot-zeros.xlsx": Right({"0021": "pass"}),
    "workbooks/x12-lot-long.xlsx": Right({}, ((2, "lot"),)),
    "workbooks/x16-title-rows.xlsx": one("pass"),
    "workbooks/x25-sup-wrong-pass.xlsx": one("incomplete", (2, "value")),
    "workbooks/x29-partial-strike3.xlsx": one("incomplete", (5, "value")),
    "workbooks/x30-all-struck.xlsx": Right({}, ((2, "lot"),)),
    "workbooks/x31-sup-power.xlsx": Right(
        {f"H-{n}": "incomplete" for n in range(21, 26)}, (*values(2, 3, 4), (5, "unit"), (6, "value"))
    ),
    "workbooks/x32-sup-header.xlsx": Right(refused="Cell E1"),
    "scientific/denominators.csv": Right({"S-1": "incomplete", "S-2": "pass", "S-3": "incomplete"}),
    "scientific/karyotypes.csv": Right(criteria={
        "S-8": "pass", "S-9": "fail", "S-10": "fail", "S-11": "fail", "S-12": "pass", "S-13": "undetermined",
        "S-14": "pass",
    }),
    "scientific/positives.csv": Right(errors=values(9), criteria={
        "S-15": "fail", "S-16": "fail", "S-17": "undetermined", "S-18": "undetermined", "S-19": "fail",
        "S-20": "undetermined", "S-21": "undetermined",
    }),
    "scientific/quantities.csv": Right(criteria={
        "S-23": "undetermined", "S-24": "undetermined", "S-25": "pass", "S-26": "pass", "S-28": "pass",
    }),
    "scientific/rare-events.csv": Right(criteria={
        "S-4": "undetermined", "S-5": "pass", "S-6": "pass", "S-7": "undetermined",
    }),
    "scientific/unknown-markers.csv": Right({"S-29": "pass"}),
}  # fmt: skip
AGAINST = {
    "scientific/rare-events.csv": "hesc-msc-ovarian-illustrative@2",
    **{f"scientific/{name}.csv": OVARIAN for name in ("karyotypes", "positives", "quantities")},
}


@cache
def specification(name: str) -> Specification:
    identifier, _, version = name.partition("@")
    return specifications.load(identifier, version or None)


def judged(name: str, data: bytes, against: str) -> tuple[Intake, dict[str, str], dict[str, str]]:
    """What is read, the verdict of each lot, and of the only criterion of each that has a result."""
    terms = vocabulary.load()
    read = intake.read(name, data, terms)
    by_lot: dict[str, list[object]] = {}
    for result in read.results:
        by_lot.setdefault(result.lot, []).append(result)
    everywhere = any(error.lot is None for error in read.errors)
    wrong = {error.lot for error in read.errors if error.lot} | (set(by_lot) if everywhere else set())
    lots = judge.judge_lots(specification(against), by_lot, terms, errors_by_lot=sorted(wrong))  # type: ignore[arg-type]
    criteria = {lot.lot: item.verdict for lot in lots for item in lot.criteria if item.observed is not None}
    return read, {lot.lot: lot.verdict for lot in lots}, criteria


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_case(name: str) -> None:
    """The right answer, and nothing beside it on standard error."""
    path = CASES / name
    if not path.is_file():
        pytest.skip("the cases stand beside the checkout, and are not there")
    right, against = ANSWERS[name], AGAINST.get(name, MSC)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if right.refused:
            with pytest.raises(RegistryError) as refusal:
                intake.read(path.name, path.read_bytes(), vocabulary.load())
            assert right.refused in " ".join((refusal.value.message, *refusal.value.details))
            return
        read, lots, criteria = judged(path.name, path.read_bytes(), against)
    assert sorted((error.row or 0, error.column) for error in read.errors) == sorted(right.errors, key=str)
    assert {lot: verdict for lot, verdict in lots.items() if not right.criteria} == right.lots
    assert {lot: verdict for lot, verdict in criteria.items() if right.criteria} == right.criteria


def test_every_case_has_its_answer() -> None:
    """Names stand with the room that reads them."""
    if not CASES.is_dir():
        pytest.skip("the cases stand beside the checkout, and are not there")
    files = {
        str(path.relative_to(CASES))
        for room in ("tables", "workbooks", "scientific")
        for path in (CASES / room).iterdir()
    }
    assert files - set(ANSWERS) == {"tables/t07-names.csv"}


GOOD = (("CD73", "98.5"), ("CD90", "99.1"), ("CD105", "97.4"), ("CD45", "0.3"), ("CD34", "0.4"), ("HLA-DR", "1.2"))


def long(columns: str = "", cells: str = "", lot: str = "P-07") -> bytes:
    """The six markers of a lot that passes; more columns, and what stands in them in the second row."""
    empty = "," * columns.count(",")
    rows = [f"{lot},{name},{value},%{cells if number == 1 else empty}" for number, (name, value) in enumerate(GOOD)]
    return "\n".join((f"lot,characteristic,value,unit{columns}", *rows)).encode()


def wide(above: str = "", columns: str = "", cells: str = "", header: str = "{} (%)", below: str = "") -> bytes:
    """The same as a wide table."""
    names = ",".join(header.format(name) for name, _ in GOOD)
    return f"{above}lot,{names}{columns}\nP-07,{','.join(value for _, value in GOOD)}{cells}\n{below}".encode()


def verdict(data: bytes, lot: str = "P-07") -> str:
    return judged("panel.csv", data, MSC)[1].get(lot, "none")


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Result valid?", "no"), ("Gültig", "nein"), ("Valide", "non"), ("Válido", "no"), ("有效", "否"),
        ("Pass/Fail", "FAIL"), ("Pass/Fail", "?"), ("Bewertung", "nicht bestanden"), ("Statut",
        "rejeté"), ("Estado", "anulado"),
        ("判定", "不合格"), ("review_state", "retracted"), ("Workflow state", "entered-in-error"), ("Flag", "H"),
        ("Deviation", "DEV-12"), ("Abweichung", "ja"), ("OOS", "yes"), ("void", "x"), ("Retested", "yes"),
        ("Repeat value", "70"), ("2nd result", "70"), ("Wiederholung", "70"), ("FITC-CD45", "35"),
        ("Anti-CD34", "22"),
        ("CD105 second operator", "60"), ("remark by QA", "OOS"), ("Colour", "VOID"), ("site", "rejected"),
        ("Usable", "no"), ("Include", "N"), ("Use?", "false"), ("QC", "nein"), ("Reportable", "non"),
        ("Within limits", "0"),
        ("Excluded", "x"), ("Withdrawn", "1"), ("Ausgeschlossen", "ja"), ("Problem", "tube clogged"),
        ("Problem", "yes"),
        ("QC", "NOK"), ("note 2", "❌"), ("note 2", "contaminated"), ("note 2", "not reportable"),
        ("note 2", "to be repeated"),
        ("note 2", "Probe verwechselt"), ("note 2", "zu wiederholen"), ("note 2", "à refaire"),
        ("note 2", "non exploitable"),
        ("note 2", "no concluyente"), ("note 2", "需复测"), ("note 2", "污染"), ("note 2", "on hold"),
        ("note 2", "replaced by run 7"),
    ],
)  # fmt: skip
def test_what_stands_beside_a_result_and_speaks_against_it_keeps_the_lot_from_passing(column: str, cell: str) -> None:
    """Whatever it is headed, in long tables and wide ones; the refusal names column and row."""
    for data, row in ((long(f",{column}", f",{cell}"), 3), (wide(columns=f",{column}", cells=f",{cell}"), 2)):
        read, lots, _ = judged("panel.csv", data, MSC)
        assert lots == {"P-07": "incomplete"}
        assert [(error.lot, error.row) for error in read.errors] in ([("P-07", row)], [("P-07", 1)])


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("Result valid?", "yes"), ("Gültig", "ja"), ("Pass/Fail", "PASS"), ("Bewertung", "bestanden"), ("判定", "合格"),
        ("Deviation", "none"), ("OOS", "no"), ("review_state", "verified"), ("Acceptance criteria", "≥95%"),
        ("Sample colour", "blue"), ("Retested", ""), ("FITC-CD45", ""), ("Released by", "QA"),
        ("Use?", "yes"), ("QC", "ok"), ("QA", "AB"), ("Gating", "dead cells and doublets excluded"),
        ("Seen", "no contamination"),
    ],
)  # fmt: skip
def test_what_is_understood_or_says_nothing_costs_no_lot(column: str, cell: str) -> None:
    """It is told as not read."""
    read, lots, _ = judged("panel.csv", long(f",{column}", f",{cell}"), MSC)
    assert (lots, read.errors, [item.column for item in read.not_read]) == ({"P-07": "pass"}, (), [column])


@pytest.mark.parametrize(
    "data",
    [
        wide(header="% {}"), wide(header="{} %"), wide(header="{} positive (%)"), wide(header="{}+ cells (%)"),
        wide(header="{} % positive"), wide(header="{} pos. (%)"),
        wide("Certificate of analysis\nexported 2026-11-03\n"), wide("# exported by LIMS 4.2\n"),
        wide(header="{}", above="").replace(b"\nP-07", b"\n,%,%,%,%,%,%\nP-07"),
        wide(header="{}", above=",Positive (≥95%),,,Negative (≤2%),,\n"),
        b"Marker,Unit,P-07\n" + "".join(f"{name},%,{value}\n" for name, value in GOOD).encode(),
        b"Lot:,P-07\n\nTest,Criteria,Result\n" + "".join(f"{name},any,{value}%\n" for name, value in GOOD).encode(),
    ],
)  # fmt: skip
def test_tables_that_laboratories_send_are_read(data: bytes) -> None:
    """Percent before or after the name, titles, remarks, units, names over columns, lots beside each other."""
    read, lots, _ = judged("panel.csv", data, MSC)
    assert (read.errors, lots) == ((), {"P-07": "pass"})


@pytest.mark.parametrize(
    "data",
    [
        wide("Certificate of analysis - VOID\n"), wide("# DRAFT\n"), wide(below="all results void,,,,,,\n"),
        wide(header="{} (%)", above=",Isotype control,,,,,\n"), wide(header="{} (%)", above=",dead cells,,,,,\n"),
        wide("Repeat of,CD45,35\n"),
    ],
)  # fmt: skip
def test_what_stands_around_a_table_and_speaks_against_it_keeps_every_lot_from_passing(data: bytes) -> None:
    """Titles, remarks, footnotes, names over columns that nobody understands."""
    assert verdict(data) == "incomplete"


@pytest.mark.parametrize(
    "lot",
    [
        "Mean",
        "SD",
        "n",
        "Acceptance limit",
        "FMO",
        "P-07 isotype",
        "Blank",
        "Kontrolle",
        "平均值",
        "Referenz",
        "RSD",
        "UCL",
        "IgG1",
        "single stain CD73",
        "CompBeads",
        "n/a",
        "Sample",
        "Std 1",
    ],
)
def test_rows_that_are_no_lot_are_refused_as_such(lot: str) -> None:
    """One refusal a row; the lots beside them are judged."""
    rows = f"{lot},98,98,98,0.1,0.1,0.1\n"
    read, lots, _ = judged("panel.csv", wide(below=rows), MSC)
    assert ([(error.row, error.column) for error in read.errors], lots["P-07"]) == ([(3, "lot")], "pass")


def test_two_powers_of_ten_under_a_ucum_unit_are_kept_and_show_nothing() -> None:
    """No millilitre holds 5·10^12 cells, so which of the two is meant nobody guesses; the row is no error."""
    table = b"lot,characteristic,value,unit\nP-07,viable cell number,5E6,10*6\nP-08,viable cell number,24,10*6\n"
    read, _, criteria = judged("panel.csv", table, OVARIAN)
    assert (read.errors, [result.reading.state for result in read.results]) == ((), ["not evaluable", None])
    assert criteria == {"P-07": "undetermined", "P-08": "pass"}
    assert [notice.message for notice in read.notices if notice.lot == "P-07"] == [
        "'5E6 (not evaluable)' and the unit 10*6 both carry a power of ten: which is meant nobody can tell, so it "
        "shows nothing. Print a power of ten in the value or in the unit, not in both."
    ]


def test_a_lot_that_stands_once_for_several_rows_of_a_csv_is_one_refusal() -> None:
    """It offers the mend."""
    data = long().replace(b"\nP-07,CD90", b"\n,CD90").replace(b"\nP-07,CD105", b"\n,CD105")
    read, _, _ = judged("panel.csv", data, MSC)
    assert [error.message for error in read.errors] == [
        "Rows 3, 4 name no lot, so nobody can tell whose they are: repeat the lot's identifier in each row."
    ]


def test_what_a_mapping_sets_aside_by_name_costs_no_lot() -> None:
    """In long tables and wide ones; it is told as not read."""
    from registry.intake.names.mapping_table import read_mapping

    terms = vocabulary.load()
    table = b"kind,name,lot,stage,characteristic,parent,unit,value\nignore,FITC-CD45,,,,,,\nignore,Pass/Fail,,,,,,\n"
    mapping = read_mapping("ours.csv", table, terms)
    for data in (long(",FITC-CD45,Pass/Fail", ",35,FAIL"), wide(columns=",FITC-CD45,Pass/Fail", cells=",35,FAIL")):
        read = intake.read("panel.csv", data, terms, mapping=mapping)
        assert (read.errors, {item.column for item in read.not_read}) == ((), {"FITC-CD45", "Pass/Fail"})


def test_cases_are_where_they_are_said_to_be() -> None:
    """The path is beside the checkout."""
    assert Path(CASES).name == "cases"
