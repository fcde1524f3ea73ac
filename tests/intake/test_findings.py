"""Findings in words: a positive one is never lost, a running test is a state, a karyotype is read or kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import intake
from registry.domain import Reading
from registry.identifiers import CPR
from registry.intake.names.mapping_table import read_mapping
from registry.intake.values.karyotypes import read_karyotype
from tests.intake.inputs import HEADER, TERMS, table

KINDS = "kind,name,lot,stage,characteristic,parent,unit,value\n"


def outcome(row: str) -> str | None:
    """The outcome that one row is read as; None when it is refused or is none."""
    results = table(row).results
    read = results[0].reading.outcome if results else None
    return read.removeprefix(CPR) if read else None


@pytest.mark.parametrize(
    "value",
    [
        "Staphylococcus epidermidis", "E. coli", "growth in 1 of 2 bottles", "growth", "1/2 bottles positive",
        "positive",
        "Growth of Cutibacterium acnes after 9 d", "gram-positive cocci", "2 colonies", "Candida albicans", "Hefe",
        "Paenibacillus sp.", "contaminated", "fail",
    ],
)  # fmt: skip
def test_a_positive_finding_is_detected(value: str) -> None:
    """Whatever it is called (Ph. Eur. 2.6.1, 2.6.27)."""
    assert outcome(f"P-1,sterility,{value},") == "Detected"


@pytest.mark.parametrize(
    "value", ["no Staphylococcus", "not sterile?", "growth in 0 of 2 bottles", "pass", "complies", "ok", "clear"]
)
def test_what_is_not_certain_is_refused(value: str) -> None:
    """It is neither detected nor not detected."""
    assert (table(f"P-1,sterility,{value},").results, len(table(f"P-1,sterility,{value},").errors)) == ((), 1)


@pytest.mark.parametrize(
    "value", ["pending", "inconclusive", "in progress", "ausstehend", "en cours", "pendiente", "待定"]
)
def test_a_test_that_is_still_running_is_a_state(value: str) -> None:
    """It is kept, and shows nothing."""
    (result,) = table(f"P-1,sterility,{value},").results
    assert (result.reading, result.printed) == (Reading(state="not evaluable"), f"{value} (not evaluable)")


@pytest.mark.parametrize(
    ("value", "read"), [("5000", "Detected"), (">0", "Detected"), ("1", "Detected"), ("<10", None), ("0", None)]
)
def test_a_count_of_organisms(value: str, read: str | None) -> None:
    """Any is detected; none shows nothing without the method's limit."""
    assert outcome(f"P-1,mycoplasma,{value},CFU/mL") == read


@pytest.mark.parametrize(("limit", "read"), [("10", "NotDetected"), ("1", None), ("100", None)])
def test_none_below_an_approved_limit_is_not_detected(limit: str, read: str | None) -> None:
    """<10 CFU/mL by a method that finds 10 (Ph. Eur. 2.6.7); not by one that finds 100, nor 10 by one that finds 1."""
    lines = f"{KINDS}detection limit,any method,,,mycoplasma,,CFU/mL,{limit}\n"
    mapping = read_mapping("ours.csv", lines.encode(), TERMS)
    (result,) = intake.read("a.csv", f"{HEADER}\nP-1,mycoplasma,<10,CFU/mL".encode(), TERMS, mapping=mapping).results
    assert result.reading.outcome == (CPR + read if read else None)


LIMITS = (
    "kind,name,lot,stage,characteristic,parent,unit,value\ndetection limit,flow,,,CD45,,%,0.1\n"
    "quantification limit,flow,,,CD45,,%,0.5\n"
)


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [("n.d.", "0", "0.1"), ("< LOD", "0", "0.1"), ("BLQ", "0", "0.5"), ("<LLOQ", "0", "0.5"), ("detected, < LOQ",
    "0.1", "0.5"),
     ("Detected but < LLOQ", "0.1", "0.5"), ("> LOQ", "0.5", "100"), ("not detected", "0", "0.1"), ("-", "0", "0.1")],
)  # fmt: skip
def test_an_approved_limit_makes_an_interval_of_a_word(value: str, low: str, high: str) -> None:
    """Of the method that the row names; of another it is refused as it was, sign and all."""
    mapping = read_mapping("ours.csv", LIMITS.encode(), TERMS)
    rows = f'{HEADER},method\nP-1,CD45,"{value}",%,flow\nP-2,CD45,"{value}",%,ELISA\n'
    said = intake.read("a.csv", rows.encode(), TERMS, mapping=mapping)
    interval = said.results[0].reading.interval
    assert interval is not None
    assert (str(interval.low), str(interval.high)) == (low, high)
    assert [(error.lot, error.found) for error in said.errors] == [("P-2", value)]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("46,XX[20]", "Karyotype46XX"), ("46,XY", "Karyotype46XY"), ("46, XX [20]", "Karyotype46XX"),
        ("46,XX[30]/46,XX,del(5)(q13)[2]", "KaryotypeAbnormal"), ("47,XX,+12[2]/46,XX[18]", "KaryotypeAbnormal"),
        ("46,XX,dup(20)(q11.21q11.21)", "KaryotypeAbnormal"), ("45,X", "KaryotypeAbnormal"),
        ("46,XY,t(9;22)(q34;q11.2)[20]", "KaryotypeAbnormal"),
        ("47,XXY,+mar[5]/46,XY[15]", "KaryotypeAbnormal"), ("46,XX,inv(9)(p12q13)", None), ("46,XY,16qh+", None),
        ("46,XX,del(5)(q13)[1]/46,XX[19]", None), ("45,XX,-7[2]/46,XX[18]", None), ("45,XX,-7[3]/46,XX[17]",
        "KaryotypeAbnormal"),
        ("46,XX[10]/46,XY[10]", None), ("arr(X,1-22)x2", None), ("46,XX//46,XY", None), ("normal diploid", None),
        ("92,XXXX", "KaryotypeAbnormal"),
    ],
)  # fmt: skip
def test_karyotypes(printed: str, read: str | None) -> None:
    """Normal, abnormal, or kept in its own words (ISCN 2020, 2024)."""
    reading = read_karyotype(printed)
    assert (reading.outcome.removeprefix(CPR) if reading and reading.outcome else None) == read


@given(st.text(alphabet="46,XY[]/+-del()tinvqp0123456789;. ", max_size=40))
def test_a_karyotype_is_normal_only_when_every_clone_is(printed: str) -> None:
    """Whatever else stands there is abnormal or not understood."""
    reading = read_karyotype(printed)
    if reading is not None and reading.outcome != f"{CPR}KaryotypeAbnormal":
        compact = "".join(printed.split()).rstrip(".")
        assert {clone.partition("[")[0] for clone in compact.split("/")} in ({"46,XX"}, {"46,XY"})


@pytest.mark.parametrize(
    ("printed", "label"),
    [("SH2", "CD105"), ("SH3", "CD73"), ("SH4", "CD73"), ("SH3/SH4", "CD73"), ("CD90(Thy1)",
    "CD90"), ("CD45 (LCA)", "CD45"),
     ("% CD73", "CD73"), ("CD90 positive", "CD90"), ("CD45+ cells", "CD45"), ("HLA DR, DP, DQ", "MHC II / HLA-DR"),
     ("TRA-1-81", "TRA-1-81")],
)  # fmt: skip
def test_names_of_mesenchymal_tradition(printed: str, label: str) -> None:
    """They lead to the antigen, never to a hormone."""
    assert [result.label for result in table(f'P-1,"{printed}",97,%').results] == [label]


@pytest.mark.parametrize("printed", ["CD45dim", "CD45 low", "CD11b/c", "CD34 bright"])
def test_what_bears_on_no_single_marker_is_a_gate(printed: str) -> None:
    """Part of the cells with a marker, or with either of two."""
    assert [result.gate for result in table(f"P-1,{printed},0.1,%").results] == [printed]


@pytest.mark.parametrize("printed", ["lin-", "secretome index", "Oil Red O area"])
def test_a_name_near_to_nothing_known_is_kept_as_printed(printed: str) -> None:
    """It is shown to whoever signs, judged by nothing, and never costs a lot; a positive finding under it does."""
    said = table(f"P-1,CD73,98,%\nP-1,{printed},7,%")
    assert (said.errors, [item.printed for item in said.not_read]) == ((), [f"{printed} 7 %"])
    for value in ("growth", "E. coli", "positive", "FAIL", "void"):
        assert [error.row for error in table(f"P-1,CD73,98,%\nP-1,{printed},{value},").errors] == [3]


@pytest.mark.parametrize("printed", ["FITC-CD45", "CD105 ab", "CD34 class III", "CD999", "viabilty", "FMO CD45"])
def test_a_name_near_to_a_known_one_is_refused(printed: str) -> None:
    """Nothing is guessed of it."""
    assert [error.column for error in table(f"P-1,{printed},7,%").errors] == ["characteristic"]


@pytest.mark.parametrize(
    ("characteristic", "value", "unit", "read"),
    [("CD73", "985", "‰", "98.5"), ("CD73", "0.985", "fraction", "98.5"), ("CD73", "0.985", "1", "98.500"),
     ("endotoxin", "200", "mEU/mL", "0.2"), ("endotoxin", "0.2", "[EU]/mL", "0.2"), ("VCD", "1.2", "10*6/mL", "1.2"),
     ("TVC", '"24,000,000"', "cells", "24000000"), ("TVC", '"24.000.000"', "cells", "24000000")],
)  # fmt: skip
def test_units_written_in_another_way(characteristic: str, value: str, unit: str, read: str) -> None:
    """UCUM codes, thousandths and fractions, said so; thousands in two groups or more."""
    (result,) = table(f"P-1,{characteristic},{value},{unit}").results
    assert result.reading.interval is not None
    assert result.reading.interval.low is not None
    assert float(result.reading.interval.low) == float(read)


@pytest.mark.parametrize(
    ("characteristic", "unit"), [("VCD", "10e6 cells/mL"), ("VCD", "M/mL"), ("CD73", ""), ("VCD", "1")]
)
def test_units_that_can_be_read_in_two_ways_are_refused(characteristic: str, unit: str) -> None:
    """With both readings, or for want of one."""
    assert len(table(f"P-1,{characteristic},1.2,{unit}").errors) == 1
