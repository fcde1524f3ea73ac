"""Retests, replicates, corrections, species and copied figures, from the file to the lot's page."""

from __future__ import annotations

import pytest

from registry.errors import Unreadable
from registry.services import SubmissionReceipt
from tests.services.conftest import SECRET, House

HEADER = "lot,characteristic,value,unit,stage,relation,supersedes,reason,species,duration,method,passage\n"
OTHERS = "".join(
    f"P-1,{name},{value},%\n"
    for name, value in (("CD90", "99"), ("CD105", "97"), ("CD45", "0.3"), ("CD34", "0.4"), ("HLA-DR", "1.1"))
)


def send(house: House, rows: str, name: str = "panel.csv") -> SubmissionReceipt:
    return house.registry.submissions.submit(name, (HEADER + rows).encode(), house.account("lab.one"))


def printed(house: House, lot: str = "P-1") -> list[tuple[str, str | None, str | None]]:
    """Value, relation and reason of every CD73 result that the lot's answer shows."""
    panels = house.registry.lots.get(lot).panels
    return [(r.printed, r.relation, r.reason) for panel in panels for r in panel.results if r.label == "CD73"]


def test_a_retest_may_name_a_row_of_its_own_file(house: House) -> None:
    """Both figures are on record with the reason; the worse one counts until the quality unit accepts the retest."""
    house.lot("P-1")
    receipt = send(house, f"P-1,CD73,88,%\n{OTHERS}P-1,CD73,97,%,,retest,row 2,the tube was dropped\n")
    assert (receipt.errors, [line.verdict for line in receipt.recorded]) == ((), ["fail"])
    assert printed(house) == [("88", None, None), ("97", "retest", "the tube was dropped")]
    (panel,) = house.registry.lots.get("P-1").panels
    retest = panel.results[-1]
    assert retest.supersedes == panel.results[0].iri
    house.registry.releases.accept(
        "P-1", retest.iri or "", reason="The tube was dropped.", name="q.one", password=SECRET
    )
    answer = house.registry.lots.get("P-1")
    assert (answer.verdict, printed(house)) == ("pass", [("88", None, None), ("97", "retest", "the tube was dropped")])


def test_a_retest_may_name_a_row_of_an_earlier_file_its_panel_or_its_address(house: House) -> None:
    """A bare row number never reaches into another file, even one of the same name."""
    house.lot("P-1")
    first = send(house, f"P-1,CD73,88,%\n{OTHERS}")
    panel, address = first.recorded[0].panel, house.registry.lots.get("P-1").panels[0].results[0].iri
    for count, name in enumerate(("panel.csv row 2", "panel.csv#2", panel, address)):
        receipt = send(house, f"P-1,CD73,9{count},%,,retest,{name},again {count}\n", f"again-{count}.csv")
        assert (receipt.errors, len(receipt.recorded)) == ((), 1), name
        assert house.registry.lots.get("P-1").panels[-1].results[0].supersedes == address
    refused = send(house, "P-1,CD73,97,%,,retest,row 2,again\n")
    assert [(error.column, error.found) for error in refused.errors] == [("supersedes", "row 2")]


def test_a_retest_that_names_nothing_on_record_is_refused_with_the_choices(house: House) -> None:
    """The first result's address is printed, so that it can be copied."""
    house.lot("P-1")
    send(house, f"P-1,CD73,88,%\n{OTHERS}")
    (error,) = send(house, "P-1,CD73,97,%,,retest,0123456789abcdef,again\n", "b.csv").errors
    address = house.registry.lots.get("P-1").panels[0].results[0].iri
    assert error.expected == f"the result, panel or row that it supersedes: {address} (88)"


def test_replicates_are_all_kept_and_the_worst_counts(house: House) -> None:
    """Never an average."""
    house.lot("P-1")
    receipt = send(house, f"P-1,CD73,97,%,,replicate\nP-1,CD73,94,%,,replicate\n{OTHERS}")
    assert [line.verdict for line in receipt.recorded] == ["fail"]
    assert printed(house) == [("97", "replicate", None), ("94", "replicate", None)]


def test_what_a_panel_says_beside_the_value_reaches_the_lots_page(house: House) -> None:
    """Stage, unit, method, passage, species and duration as printed; a gate and a cocktail as what they are."""
    house.lot("P-1")
    receipt = send(
        house,
        "P-1,sterility,no growth,,after thaw,,,,human,14 days,BacT/ALERT,5\n"
        "P-1,CD45-/CD105+,96,%,after thaw,,,,Homo sapiens\n"
        "P-1,CD34|CD11b|CD19|CD45|HLA-DR,0.9,%,after thaw\n"
        "P-1,CD90,not evaluable,%,after thaw\n",
    )
    assert receipt.errors == ()
    (panel,) = house.registry.lots.get("P-1").panels
    assert panel.stage == "after thaw"
    assert [(one.label, one.printed, one.unit, one.details) for one in panel.results] == [
        (
            "sterility",
            "no growth",
            "",
            {"method": "BacT/ALERT", "passage": "5", "duration": "14 days", "species": "human"},
        ),
        ("CD45-/CD105+", "96", "%", {"species": "Homo sapiens"}),
        ("CD34|CD11b|CD19|CD45|HLA-DR", "0.9", "%", {}),
        ("CD90", "not evaluable", "%", {}),
    ]
    verdicts = {one.id: (one.verdict, one.observed) for one in house.registry.lots.get("P-1").criteria}
    assert verdicts["cd105"] == ("missing", None)
    assert verdicts["cd90"] == ("undetermined", "not evaluable")
    assert verdicts["cd34"] == ("pass", "cocktail 0.9 %")


def test_a_panel_that_names_another_species_is_refused(house: House) -> None:
    """The species belongs to the product."""
    house.lot("P-1")
    receipt = send(house, "P-1,CD73,97,%,,,,,mouse\n")
    assert (receipt.recorded, [(error.column, error.found, error.expected) for error in receipt.errors]) == (
        (),
        [("species", "mouse", "human or NCBITaxon:9606")],
    )


def test_the_same_figures_under_another_lot_on_record_are_warned_about(house: House) -> None:
    """Across files and days; 98.5 and 98.50 are the same figure; a warning keeps nothing back."""
    house.lot("P-1")
    house.lot("P-2")
    send(house, f"P-1,CD73,98.5,%\n{OTHERS}")
    rows = f"P-1,CD73,98.50,%\n{OTHERS}".replace("P-1", "P-2")
    preview = house.registry.submissions.preview("b.csv", (HEADER + rows).encode())
    receipt = send(house, rows, "b.csv")
    message = "Lot 'P-2' has the same figures throughout as P-1 on record: were they copied, or is it the wrong lot?"
    assert [(one.lot, one.row, one.code, one.message) for one in receipt.warnings] == [
        ("P-2", 2, "identical-panels", message)
    ]
    assert preview.warnings == receipt.warnings
    assert [line.verdict for line in receipt.recorded] == ["pass"]
    assert house.registry.upkeep.audit().ok


def test_an_rdf_file_names_lots_by_this_registrys_addresses_alone(house: House) -> None:
    """Another registry's lot of the same number is another lot."""
    house.lot("P-1")
    panel = """@prefix cpr: <https://w3id.org/cell-product-registry/ns#> .
        [] a cpr:Panel ; cpr:lot <%s> ; cpr:result [ a cpr:Result ; cpr:characteristic "CD73" ;
        cpr:valueAsPrinted "98.5" ; cpr:unitAsPrinted "%%" ] ."""
    here = house.registry.submissions.submit(
        "a.ttl", (panel % f"{house.registry.base}lot/P-1").encode(), house.account("lab.one")
    )
    assert [line.lot for line in here.recorded] == ["P-1"]
    there = panel % "https://elsewhere.example/lot/P-1"
    with pytest.raises(Unreadable) as caught:
        house.registry.submissions.submit("b.ttl", there.encode(), house.account("lab.one"))
    assert caught.value.message.endswith("is no lot of this registry.")
