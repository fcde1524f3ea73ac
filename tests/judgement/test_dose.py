"""EU/mL against EU/kg: with the volume and the weight of the same lot and stage, exactly; else undetermined."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import specifications
from registry.domain import Result, Specification
from registry.judgement import independent, shacl
from registry.judgement.shacl import criteria
from tests.lots import LOT, TERMS, derive, judged, result

IDENTITY = specifications.load("msc-identity")
ENDOTOXIN = TERMS.characteristic("endotoxin")
LACKS = "EU/mL cannot be converted to the unit of the limit; not converted: "


def limit(high: str, unit: str) -> Specification:
    criterion = replace(
        IDENTITY.criteria[3], id="endotoxin", label="endotoxin", characteristic=ENDOTOXIN.iri, high=Decimal(high),
        unit=TERMS.unit(unit, ENDOTOXIN).iri,
    )  # fmt: skip
    return specifications.build(replace(IDENTITY, criteria=(criterion,)))


PER_KG = limit("5", "EU/kg")


def dose(volume: str | None, weight: str | None, endotoxin: str = "17.5", unit: str = "EU/mL") -> list[Result]:
    found = [result("endotoxin", endotoxin, unit=unit)]
    found += [result("volume", volume, unit="mL", row=3)] if volume else []
    return found + ([result("recipient weight", weight, unit="kg", row=4)] if weight else [])


@pytest.mark.parametrize(
    ("volume", "weight", "endotoxin", "verdict"),
    [
        ("20", "70", "17.5", "pass"),
        ("20", "70", "17.51", "fail"),
        ("20", "70", "<17.5", "pass"),
        ("<20", "70", "17.5", "undetermined"),
        ("20", ">70", "17.5", "undetermined"),
        ("20", "≥70", "<17.5", "undetermined"),
        ("10", "3", "1.5", "pass"),
        ("10", "3", "1.6", "fail"),
    ],
)
def test_with_volume_and_weight_it_is_compared(volume: str, weight: str, endotoxin: str, verdict: str) -> None:
    """17.5 EU/mL × 20 mL ÷ 70 kg is 5 EU/kg exactly, and the plain comparison says what SHACL says."""
    assert judged(PER_KG, dose(volume, weight, endotoxin)).criteria[0].verdict == verdict


@pytest.mark.parametrize(
    ("results", "note"),
    [
        (dose(None, None), "no volume at this stage and no recipient weight at this stage"),
        (dose("20", None), "no recipient weight at this stage"),
        (dose(None, "70"), "no volume at this stage"),
        (dose("0", "70"), "no certain volume"),
        (dose(">20", "70"), "no certain volume"),
        ([*dose("20", "70"), result("volume", "21", unit="mL", row=5)], "more than one volume"),
        ([*dose("20", None), result("recipient weight", "70", unit="kg", stage="urn:other")],
         "no recipient weight at this stage"),
        ([*dose(None, "70"), result("fill volume", "20", unit="mL")], "no volume at this stage"),
    ],
)  # fmt: skip
def test_without_either_nobody_can_tell(results: list[Result], note: str) -> None:
    """What lacks is named; one container's fill is not what a recipient is given."""
    found = judged(PER_KG, results).criteria[0]
    assert (found.verdict, found.note) == ("undetermined", LACKS + note)


def test_what_it_was_converted_with_is_said() -> None:
    """Volume and weight are sources of the evidence."""
    (found,) = derive(PER_KG, dose("20", "70"), "endotoxin")
    assert (found.observed, found.note) == ("17.5 EU/mL", "converted with 20 mL for 70 kg")
    assert [source.row for source in found.sources] == [2, 3, 4]
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (Decimal(5), Decimal(5))


def test_the_reverse_is_converted_too() -> None:
    """5 EU/kg × 70 kg ÷ 20 mL is 17.5 EU/mL."""
    assert judged(limit("17.5", "EU/mL"), dose("20", "70", "5", "EU/kg")).criteria[0].verdict == "pass"
    assert judged(limit("17.4", "EU/mL"), dose("20", "70", "5", "EU/kg")).criteria[0].verdict == "fail"


AMOUNT = st.decimals("0.001", "1000", places=3)


@settings(max_examples=200, deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT)
def test_the_interval_holds_the_true_quotient(endotoxin: Decimal, volume: Decimal, weight: Decimal) -> None:
    """A quotient that does not end lies between the bounds, which differ in the seventeenth digit after the point."""
    (found,) = derive(PER_KG, dose(str(volume), str(weight), str(endotoxin)), "endotoxin")
    assert found.interval is not None
    low, high = found.interval.low, found.interval.high
    assert low is not None
    assert high is not None
    true = Fraction(endotoxin) * Fraction(volume) / Fraction(weight)
    assert Fraction(low) <= true <= Fraction(high)
    assert Fraction(high) - Fraction(low) <= Fraction(1, 10**17)
    assert (low == high) is (true * 10**17 == int(true * 10**17))


@settings(max_examples=100, deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT)
def test_a_quotient_is_judged_by_the_compiled_engine_and_never_passes_what_it_should_not(
    endotoxin: Decimal, volume: Decimal, weight: Decimal
) -> None:
    """The widened interval passes only what is within the limit, and fails only what is beyond it."""
    (node,) = derive(PER_KG, dose(str(volume), str(weight), str(endotoxin)), "endotoxin")
    assert all(map(criteria.is_held, criteria.numbers(node)))
    true = Fraction(endotoxin) * Fraction(volume) / Fraction(weight)
    outcomes = {
        shacl.judge(PER_KG, [node])[LOT, "endotoxin"][0],
        independent.judge(PER_KG, [node])[LOT, "endotoxin"][0],
    }
    assert outcomes <= ({"pass", "undetermined"} if true <= 5 else {"fail", "undetermined"})
    assert len(outcomes) == 1


def cells(low: str, unit: str, characteristic: str = "viable cell number") -> Specification:
    """At least so many living cells."""
    of = TERMS.characteristic(characteristic)
    criterion = replace(
        IDENTITY.criteria[0], id="cells", label="cells", characteristic=of.iri, low=Decimal(low),
        unit=TERMS.unit(unit, of).iri,
    )  # fmt: skip
    return specifications.build(replace(IDENTITY, criteria=(criterion,)))


LOT_OF_CELLS = cells("2.4e7", "cells")


def vials(cells_per_vial: str = "2e6", containers: str | None = None, unit: str = "cells/vial") -> list[Result]:
    """A count of one vial, and how many vials there are where that is a result."""
    found = [result("viable cell number", cells_per_vial, unit=unit)]
    return found + ([result("number of vials", containers, unit="containers", row=3)] if containers else [])


@pytest.mark.parametrize(
    ("results", "recorded", "verdict"),
    [
        (vials(), 12, "pass"),
        (vials(), 11, "fail"),
        (vials(), None, "undetermined"),
        (vials(), 0, "undetermined"),
        (vials(containers="12"), None, "pass"),
        (vials(containers="12"), 12, "pass"),
        (vials(containers="12"), 13, "undetermined"),
        (vials(">2e6"), 12, "pass"),
        (vials("<2e6"), 12, "fail"),
    ],
)
def test_the_lots_own_containers_make_a_vial_the_lot(results: list[Result], recorded: int | None, verdict: str) -> None:
    """2e6 cells in each of 12 vials are 2.4e7; containers that differ from those counted decide nothing."""
    assert judged(LOT_OF_CELLS, results, containers_by_lot={LOT: recorded}).criteria[0].verdict == verdict


def test_what_the_lots_record_gave_is_said() -> None:
    """No result stands behind it, so the note names the record; where two disagree it names both."""
    (shown,) = derive(LOT_OF_CELLS, vials(), "cells", containers=12)
    assert (shown.note, [source.row for source in shown.sources]) == (
        "converted with 12 containers, as the lot was recorded",
        [2],
    )
    (unclear,) = derive(LOT_OF_CELLS, vials(containers="10"), "cells", containers=12)
    assert unclear.note.endswith("12 containers on the lot's record and 10 containers among its results")
    assert unclear.interval is None


def test_what_an_origin_shows_is_not_multiplied_by_this_lots_containers() -> None:
    """A bank's vials are the bank's."""
    stage = next(iter(TERMS.stages))
    asked = replace(LOT_OF_CELLS.criteria[0], inherited_from=stage)
    spec = specifications.build(replace(IDENTITY, criteria=(asked,)))
    bank = [replace(each, lot="MCB-1", stage=stage) for each in vials()]
    (shown,) = derive(spec, [], "cells", containers=12, origins={"MCB-1": bank})
    assert shown.interval is None
    assert "no number of containers at this stage" in shown.note


@pytest.mark.parametrize(
    ("asked", "also", "verdict"),
    [
        (LOT_OF_CELLS, [], "undetermined"),
        (LOT_OF_CELLS, [result("fill volume", "2", unit="mL", row=3)], "pass"),
        (LOT_OF_CELLS, [result("fill volume", "1.9", unit="mL", row=3)], "fail"),
        (LOT_OF_CELLS, [result("volume", "2", unit="mL", row=3)], "undetermined"),
        (cells("2e6", "cells/vial"), [result("fill volume", "2", unit="mL", row=3)], "pass"),
        (cells("2e6", "cells/dose"), [result("volume", "2", unit="mL", row=3)], "pass"),
        (cells("2e6", "cells/dose"), [result("volume", "1.9", unit="mL", row=3)], "fail"),
        (cells("2e6", "cells/dose"), [result("fill volume", "2", unit="mL", row=3)], "undetermined"),
    ],
)
def test_cells_of_a_milliliter_need_a_volume(asked: Specification, also: list[Result], verdict: str) -> None:
    """1e6 cells/mL are 2e6 in a vial filled with 2 mL, and in a dose of 2 mL; one volume is not the other."""
    results = [result("viable cell number", "1e6", unit="cells/mL"), *also]
    assert judged(asked, results, containers_by_lot={LOT: 12}).criteria[0].verdict == verdict
