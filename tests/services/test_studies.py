"""A study is added once, by whoever may, whole: what nobody published is named, a person never."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from registry.domain import Arm, Captured, Study
from registry.errors import Conflict, NotAllowed, NotWellFormed, PatientData, Unknown, WrongUsage
from registry.exchange.study_file import read
from registry.services import ProductDraft
from registry.services.accounts import LocalOperator
from registry.services.studies.refusals import NAMED
from tests.services.conftest import House

BOTH = ("UBERON:0002118", "UBERON:0002119")
SEED = read("study.toml", files("registry.demo").joinpath("study.toml").read_bytes())
SMALL = Study("S-1", "A study", arms=(Arm("low", "Low", 2_000_000, BOTH),))


def add(house: House, study: Study = SEED, by: str = "q.one") -> None:
    """Add a study."""
    house.registry.studies.add(study, house.account(by))


def test_the_seed_study_is_kept_whole(house: House) -> None:
    """Every field with its source or under unknown; the total of one recipient beside the dose at each site."""
    add(house)
    answer = house.registry.studies.get("nct03877471").as_dict()
    low = answer["arms"][0]
    assert (low["id"], low["dose_per_site"], low["total"]) == (
        "low", {"value": 2_000_000, "unit": "viable cells"}, {"value": 4_000_000, "unit": "viable cells"},
    )  # fmt: skip
    assert low["sites"] == [
        {"id": "UBERON:0002118", "label": "right ovary"}, {"id": "UBERON:0002119", "label": "left ovary"},
    ]  # fmt: skip
    assert answer["conditions"] == [{"id": "DOID:5426", "label": "primary ovarian insufficiency"}]
    assert answer["cell_type"] == {"id": "CL:0000134", "label": "mesenchymal stem cell"}
    assert answer["enrolment"] == {"value": 28, "type": "estimated"}
    assert answer["schedule"] == {"every": "2 weeks", "days": 14, "sources": ["ctv.veeva", "medpath"]}
    assert [each["value"] for each in answer["start"]] == ["2019-04-03", "2019-04-01"]
    assert answer["conflicts"] == ["start", "FSH unit", "condition term"]
    assert {"sites", "volume", "needle"} <= set(answer["unknown"])
    assert answer["publications"] == [{"doi": "10.1016/j.jogoh.2025.103031", "title": "", "year": 2025}]
    assert answer["identifiers"][0] == {"scheme": "sponsor", "value": "IOZ ChineseAS POI-2"}


def test_every_field_of_the_seed_study_has_its_source_or_is_unknown(house: House) -> None:
    """A field with a value says where it was read, by its captures or its sources; no field is silently blank."""
    add(house)
    answer = house.registry.studies.get("NCT03877471").as_dict()
    without = []
    for name in ("title", *NAMED):
        value = answer["enrolment"]["value"] if name == "enrolment" else answer[name]
        captures = value if name in ("start", "end") else ()
        read = answer["sources"].get(name) or [each["source"] for each in captures]
        if name not in answer["unknown"] and not (value and read):
            without.append(name)
    assert without == []
    assert set(answer["captured"]) == {
        "FSH unit", "condition term", "dose as printed", "intervention type", "route", "participants",
    }  # fmt: skip
    assert {"sites", "volume", "needle", "viability", "passage", "lot numbers", "cell line", "hormone units",
            "outcome time frames", "results"} <= set(answer["unknown"])  # fmt: skip


def test_a_field_that_is_blank_is_named_as_unknown(house: House) -> None:
    """Never left blank: phase, sponsor, schedule and the others of the public record."""
    add(house, SMALL)
    unknown = house.registry.studies.get("S-1").unknown
    assert {"acronym", "phase", "status", "enrolment", "start", "end", "conditions", "cell_type", "sponsor", "sites",
            "schedule", "outcomes", "eligibility", "publications", "identifiers"} == set(unknown)  # fmt: skip


def test_what_was_added_is_what_is_described(house: House) -> None:
    """Through record and ledger; an index made anew finds it again."""
    add(house)
    house.registry.upkeep.rebuild()
    described = house.registry.studies.described("NCT03877471")
    assert described.captured == SEED.captured
    assert described.sources == {field: tuple(sorted(read_in)) for field, read_in in SEED.sources.items()}
    assert (described.start, described.outcomes, described.eligibility) == (SEED.start, SEED.outcomes, SEED.eligibility)
    assert described.arm("LOW") == replace(described.arms[0])
    assert house.registry.upkeep.audit().findings == ()


def test_its_products_and_lots_are_counted_and_their_states_shown(house: House) -> None:
    """A product names its study; the state of each lot is the one that every list says."""
    add(house)
    draft = ProductDraft("POI-S", "Cells", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606", study="nct03877471")
    house.registry.products.register(draft, house.account("q.one"))
    house.lot("S-01", product="POI-S")
    house.lot("L-01")
    answer = house.registry.studies.get("NCT03877471")
    assert (answer.products, answer.lots, answer.administrations) == (("POI-S",), 1, 0)
    assert [(line.lot, line.state) for line in house.registry.studies.lots("NCT03877471")] == [("S-01", "not released")]


def test_only_accounts_that_may_add_one(house: House) -> None:
    """Not whoever may write the folder, nor a clinician."""
    with pytest.raises(NotAllowed):
        house.registry.studies.add(SMALL, LocalOperator())
    with pytest.raises(NotAllowed):
        add(house, SMALL, by="clinic.one")
    assert house.registry.studies.all() == []


def test_a_study_is_added_once(house: House) -> None:
    """Without regard to case."""
    add(house, SMALL)
    with pytest.raises(Conflict):
        add(house, replace(SMALL, id="s-1"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": "no id"}, WrongUsage),
        ({"title": " "}, WrongUsage),
        ({"title": "x" * 1001}, NotWellFormed),
        ({"conditions": ("CL:0000134",)}, WrongUsage),
        ({"conditions": ("DOID:0",)}, Unknown),
        ({"cell_type": "DOID:5426"}, WrongUsage),
        ({"start": (Captured("in spring", "a mirror"),)}, WrongUsage),
        ({"start": (Captured("2019-04", ""),)}, WrongUsage),
        ({"schedule_days": 0}, WrongUsage),
        ({"arms": (Arm("low", "Low", 21, BOTH),)}, WrongUsage),
        ({"arms": (Arm("low", "Low", 2_000_000, ("UBERON:0002118", "UBERON:0002118")),)}, WrongUsage),
        ({"arms": (Arm("low", "Low", 2_000_000, ()),)}, WrongUsage),
        ({"arms": (Arm("low", "Low", 2_000_000, ("UBERON:9999999",)),)}, WrongUsage),
        ({"arms": (Arm("low", "Low", 2_000_000, ("DOID:5426",)),)}, WrongUsage),
        ({"arms": (Arm("a", "A", 2_000_000, BOTH), Arm("A", "B", 5_000_000, BOTH))}, WrongUsage),
        ({"eligibility": ("Ask ada@example.org.",)}, PatientData),
        ({"note": "Phone: 010 5555 0100"}, PatientData),
        ({"places": ("A hospital, +86 10 5555 0100",)}, PatientData),
        ({"note": "Patient name: Ada Example"}, PatientData),
    ],
)
def test_what_is_no_study_is_refused(house: House, changes: dict[str, Any], error: type[Exception]) -> None:
    """A wrong term, a dose that lost its power, a site twice, a contact."""
    with pytest.raises(error):
        add(house, replace(SMALL, **changes))
    assert house.registry.studies.all() == []


def test_as_rdf_it_is_a_trial_with_totals_that_its_record_does_not_hold(house: House) -> None:
    """schema.org and the NCI Thesaurus name what it is; the total is derived."""
    add(house, SMALL)
    turtle = house.registry.upkeep.rdf("study", "S-1", "text/turtle").decode()
    assert "schema:MedicalTrial" in turtle
    assert "obo:NCIT_C71104" in turtle
    assert "cpr:cellsPerRecipient 4000000" in turtle
    assert b"cellsPerRecipient" not in house.registry.record(house.registry.studies.get("S-1").record)


PANEL = "lot,characteristic,value,unit,stage\n"


def supplied(house: House, rows: str, containers: int | None = 12) -> dict[str, tuple[str, int | None]]:
    """What a lot of the study's product with these results does for each arm."""
    add(house)
    draft = ProductDraft("POI-S", "Cells", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606", study="NCT03877471")
    house.registry.products.register(draft, house.account("q.one"))
    house.lot("S-01", product="POI-S", containers=containers)
    if rows:
        house.registry.submissions.submit("panel.csv", (PANEL + rows).encode(), house.account("lab.one"))
    arms = house.registry.lots.get("S-01").as_dict()["arms"]
    assert [(arm["dose_per_site"], arm["total"]) for arm in arms] == [
        (2_000_000, 4_000_000), (5_000_000, 10_000_000), (10_000_000, 20_000_000),
    ]  # fmt: skip
    return {arm["arm"]: (arm["supply"], arm["recipients"]) for arm in arms}


NOT_KNOWN = {"low": ("not known", None), "medium": ("not known", None), "high": ("not known", None)}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("S-01,viable cell number,2.4E+07,cells/vial,after thaw\n",
         {"low": ("suffices", 12), "medium": ("suffices", 12), "high": ("suffices", 12)}),
        ("S-01,total cell number,5E+06,cells/vial,at freezing\nS-01,viability,80,%,after thaw\n",
         {"low": ("suffices", 12), "medium": ("suffices", 4), "high": ("suffices", 2)}),
        ("S-01,total cell number,5E+06,cells/vial,at freezing\nS-01,viability,95,%,at freezing\n"
         "S-01,viability,60,%,before infusion\nS-01,viability,80,%,after thaw\n",
         {"low": ("suffices", 6), "medium": ("suffices", 3), "high": ("suffices", 1)}),
        ("S-01,total cell number,5E+06,cells/vial,at freezing\nS-01,viability,95,%,at freezing\n", NOT_KNOWN),
        ("S-01,viable cell number,2.4E+07,cells,after thaw\nS-01,viability,90,%,after thaw\n", NOT_KNOWN),
        ("S-01,total cell number,>5E+06,cells/vial,at freezing\nS-01,viability,80,%,after thaw\n",
         {"low": ("suffices", 12), "medium": ("suffices", 4), "high": ("suffices", 2)}),
        ("", NOT_KNOWN),
    ],
)  # fmt: skip
def test_a_lot_says_which_arms_it_serves(house: House, rows: str, expected: dict[str, Any]) -> None:
    """By the last viability before use; a count of nobody knows what, or a viability before freezing, shows nothing."""
    assert supplied(house, rows) == expected


def test_without_a_number_of_containers_nothing_is_known(house: House) -> None:
    """However many cells there are in each."""
    assert supplied(house, "S-01,viable cell number,2.4E+07,cells/vial,after thaw\n", containers=None) == NOT_KNOWN


def test_a_lot_of_a_product_without_study_serves_no_arm(house: House) -> None:
    """Nor one whose study nobody has added."""
    house.lot("L-01")
    assert house.registry.lots.get("L-01").arms == ()
