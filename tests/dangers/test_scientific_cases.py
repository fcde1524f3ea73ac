"""Tables whose every number is right and whose meaning is not: of what, of how many, how many of which quantity."""

from __future__ import annotations

import pytest

from registry import intake, specifications
from registry.domain import LotVerdict
from registry.judgement import judge
from tests.lots import TERMS

SIX = (("CD73", "98"), ("CD90", "99"), ("CD105", "97"), ("CD45", "0.3"), ("CD34", "0.4"), ("HLA-DR", "0.4"))


def judged(table: str, specification: str, version: str | None = None) -> dict[str, LotVerdict]:
    """Each lot of a table, by SHACL and by the comparison."""
    taken = intake.read("cases.csv", table.encode(), TERMS)
    assert taken.errors == ()
    lots = dict.fromkeys(one.lot for one in taken.results)
    by_lot = {lot: [one for one in taken.results if one.lot == lot] for lot in lots}
    spec = specifications.load(specification, version)
    return {one.lot: one for one in judge.judge_lots(spec, by_lot, TERMS, compare=True)}


def verdict_of(lot: LotVerdict, criterion: str) -> str:
    return next(one.verdict for one in lot.criteria if one.id == criterion)


def test_percentages_of_chosen_cells_show_no_identity() -> None:
    """S-1 is a percentage of CD73+ cells, of CD45- cells, of dead cells: not one of the six is known."""
    parents = ("CD73+ cells", "CD73+ cells", "CD73+ cells", "CD45- cells", "CD45+ cells", "dead cells")
    rows = "".join(f"S-1,{name},{value},%,{of}\n" for (name, value), of in zip(SIX, parents, strict=True))
    rows += "".join(f"S-2,{name},{value},%,live singlets\n" for name, value in SIX)
    lots = judged("lot,characteristic,value,unit,parent_population\n" + rows, "msc-identity")
    assert (lots["S-1"].verdict, lots["S-2"].verdict) == ("incomplete", "pass")
    assert {one.verdict for one in lots["S-1"].criteria} == {"undetermined"}


def test_a_unit_says_of_which_cells_as_the_column_does() -> None:
    """S-3: CD73 % of dead cells, the rest of the living."""
    units = ("dead cells", "live singlets", "viable cells", "live cells", "live cells", "live cells")
    rows = "".join(f"S-3,{name},{value},% of {of}\n" for (name, value), of in zip(SIX, units, strict=True))
    lot = judged("lot,characteristic,value,unit\n" + rows, "msc-identity")["S-3"]
    assert lot.verdict == "incomplete"
    assert [one.id for one in lot.criteria if one.verdict != "pass"] == ["cd73"]


@pytest.mark.parametrize(
    ("value", "events", "verdict"),
    [("0", "200", "undetermined"), ("0", "50000", "pass"), ("0.02", "50000", "pass"), ("0", "", "undetermined"),
     ("0.1", "50000", "fail"), ("0.2", "", "fail")],
)  # fmt: skip
def test_rare_cells_are_shown_absent_by_counting_enough_of_them(value: str, events: str, verdict: str) -> None:
    """S-4 to S-7: none of 200 shows less than 1.49 %, and the limit is 0.1 %."""
    table = f"lot,characteristic,value,unit,events\nS-4,OCT4,{value},%,{events}\n"
    lot = judged(table, "hesc-msc-ovarian-illustrative", "2")["S-4"]
    assert verdict_of(lot, "oct4") == verdict
    assert verdict_of(judged(table, "hesc-msc-ovarian-illustrative", "1")["S-4"], "oct4") == verdict.replace(
        "undetermined", "pass"
    )


# --- how many, of which quantity

NUMBER = "viable cell number"


def of_number(*rows: str) -> tuple[str, str]:
    """(verdict, note) of the lot's viable cells, at least 20 million: ``cells/vial 2.4e7`` and what is beside it."""
    lot = judged("lot,characteristic,value,unit\n" + "".join(f"S-23,{row}\n" for row in rows),
                 "hesc-msc-ovarian-illustrative", "1")["S-23"]  # fmt: skip
    return next((one.verdict, one.note) for one in lot.criteria if one.id == "viable-cell-number")


@pytest.mark.parametrize(
    ("unit", "verdict"),
    [
        ("cells", "pass"),
        ("10^6 cells", "pass"),
        ("cells/vial", "undetermined"),
        ("cells per bag", "undetermined"),
        ("cells/dose", "undetermined"),
        ("cells/kg", "undetermined"),
        ("cells/ovary", "undetermined"),
        ("10^6 cells/vial", "undetermined"),
    ],
)
def test_cells_of_another_quantity_are_not_cells_of_the_lot(unit: str, verdict: str) -> None:
    """S-23 to S-25: 24 million in a vial, a dose, a lot."""
    value = "24" if unit.startswith("10") else "24000000"
    assert of_number(f"{NUMBER},{value},{unit}")[0] == verdict


def test_what_is_lacking_is_said() -> None:
    note = of_number(f"{NUMBER},24000000,cells/vial")[1]
    assert note.endswith("not converted: no number of containers at this stage")


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ((f"{NUMBER},2000000,cells/vial", "number of vials,10,containers"), "pass"),
        ((f"{NUMBER},2,10^6 cells/vial", "number of vials,10,vials"), "pass"),
        ((f"{NUMBER},1999999,cells/vial", "number of vials,10,containers"), "fail"),
        ((f"{NUMBER},24000000,cells/vial", "number of vials,0,containers"), "undetermined"),
        ((f"{NUMBER},24000000,cells/vial", "doses,3,doses"), "undetermined"),
        ((f"{NUMBER},10000000,cells/dose", "doses,2,doses"), "pass"),
        ((f"{NUMBER},9999999,cells/dose", "doses,2,doses"), "fail"),
        ((f"{NUMBER},10000000,cells/ovary", "number of sites,2,ovaries"), "undetermined"),
        ((f"{NUMBER},10000000,cells/ovary", "number of sites,2,ovaries", "doses,1,doses"), "pass"),
        ((f"{NUMBER},200000,cells/kg", "recipient weight,100,kg", "doses,1,doses"), "pass"),
        ((f"{NUMBER},200000,cells/kg", "recipient weight,99.9,kg", "doses,1,doses"), "fail"),
        ((f"{NUMBER},200000,cells/kg", "doses,1,doses"), "undetermined"),
    ],
)
def test_they_are_converted_by_what_is_recorded_and_by_nothing_else(rows: tuple[str, ...], verdict: str) -> None:
    assert of_number(*rows)[0] == verdict


@pytest.mark.parametrize(
    ("name", "unit", "verdict"),
    [
        ("viable cells per dose", "cells", "pass"),
        ("viable cells per dose", "cells/dose", "pass"),
        ("viable cells per dose", "10^6 cells/dose", "pass"),
        ("viable cells per dose", "cells/ovary", "undetermined"),
    ],
)
def test_a_characteristic_that_names_its_quantity_says_the_same_as_the_unit(name: str, unit: str, verdict: str) -> None:
    """At least 75 million viable cells a dose (CONCERT-HF)."""
    value = "80" if unit.startswith("10") else "80000000"
    table = f"lot,characteristic,value,unit,stage\nS-24,{name},{value},{unit},before injection\n"
    lot = judged(table, "s08-concert-hf-bone-marrow")["S-24"]
    assert {one.verdict for one in lot.criteria if one.characteristic == name} == {verdict}
