"""What is recorded of a cell line bears on every lot that derives from it."""

from __future__ import annotations

from registry.services.lot_index.facets import selection
from registry.services.lots.cell_line import line_of
from tests.services.conftest import House

KARYOTYPE = b'lot,characteristic,value,unit\nH-90,karyotype,"46,XY[20]",\nH-91,karyotype,"46,XX[20]",\n'


def test_a_lot_of_the_other_sex_than_its_line_is_not_released(house: House) -> None:
    """Through the bank between them; a lot of the line's sex is."""
    house.lot("LINE-F", product=None, expires_at=None, kind="cell line", line=line_of("embryonic stem cell", "female"))
    house.lot("MCB-F", product=None, expires_at=None, kind="cell bank", derived_from=("LINE-F",))
    for lot in ("H-90", "H-91"):
        house.lot(lot, derived_from=("MCB-F",))
        house.submit(lot)
    house.registry.submissions.submit("g.csv", KARYOTYPE, house.account("lab.one"))
    said = {
        lot: list(house.registry.releases.check(lot, house.account("q.one"), "I release.").missing)
        for lot in ("H-90", "H-91")
    }
    assert said == {"H-91": [], "H-90": [
        "karyotype 46,XY[20] (g.csv) is not of LINE-F, which is recorded as female: look whether the sample or the "
        "culture was mixed up. If it was written down wrongly, withdraw the panel."
    ]}  # fmt: skip


def test_a_released_lot_is_suspended_by_a_karyotype_of_the_other_sex(house: House) -> None:
    """On its page, in lists and previews alike; the lot of the line's sex stays released, and a withdrawal needs a new
    word of the quality unit.
    """
    house.lot("LINE-F", product=None, expires_at=None, kind="cell line", line=line_of("embryonic stem cell", "female"))
    registry, lab = house.registry, house.account("lab.one")
    for lot in ("H-90", "H-91"):
        house.lot(lot, derived_from=("LINE-F",))
        house.submit(lot)
        house.decide(lot, "release")
    preview = registry.submissions.preview("g.csv", KARYOTYPE)
    assert {change.lot: change.then for change in preview.standings} == {"H-90": "suspended", "H-91": "released"}
    registry.submissions.submit("g.csv", KARYOTYPE, lab)
    answers = {lot: registry.lots.get(lot).answer for lot in ("H-90", "H-91")}
    assert {lot: (answer.state, answer.may_be_injected) for lot, answer in answers.items()} == {
        "H-90": ("suspended", False), "H-91": ("released", True),
    }  # fmt: skip
    assert [reason.code for reason in answers["H-90"].reasons] == ["suspended", "other cells"]
    lines = registry.lot_index.page(registry.lot_index.counting(selection({})).wanted(), 10)
    assert {line.lot: line.state for line in lines if line.lot in answers} == {"H-90": "suspended", "H-91": "released"}
