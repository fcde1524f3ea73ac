"""Odd shapes of neighbouring products (N01 to N05), as far as they are not dangers of their own."""

from __future__ import annotations

import pytest

from registry.errors import WrongUsage
from tests.lots import result, verdicts
from tests.writing import one, ours


def test_a_limit_relative_to_a_reference_is_in_its_own_unit() -> None:
    """N04: POU5F1 and LIN28 below 1 % of undifferentiated cells; a percent of cells is not that."""
    name = "POU5F1 and LIN28 (qPCR)"
    n04 = ours(f"residual,{name},<,1,% of undifferentiated cells")
    assert one(n04, [result(name, "0.4", unit="% of undifferentiated cells")])[1] == "pass"
    assert one(n04, [result("OCT4", "0.4")])[1] == "missing"
    with pytest.raises(WrongUsage):
        result(name, "0.4")


def test_a_vitality_is_no_viability() -> None:
    """N02 has both, each with its limit, and beads in percent."""
    n02 = ours("vitality,vitality,>=,90,%", "viability,viability,>=,90,%", "beads,bead residues,<=,0.5,%")
    assert verdicts(n02, [result("vitality", "92"), result("bead residues", "0.1", row=3)]) == {
        "vitality": "pass", "viability": "missing", "beads": "pass"}  # fmt: skip


def test_a_match_with_the_origin_is_an_outcome() -> None:
    """N03: STR and HLA typing match their origin."""
    n03 = ours("str,STR,one of,match", "hla,HLA PCR-SBT,one of,match")
    lot = [result("STR", "match", unit=""), result("HLA PCR-SBT", "mismatch", unit="", row=3)]
    assert verdicts(n03, lot) == {"str": "pass", "hla": "fail"}
