"""The published specifications: each is what its table says, and each table what its source prints."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import pytest

from registry import specifications
from registry.domain import Criterion, Specification
from registry.specifications import table
from registry.specifications.limits import limit_text
from registry.specifications.table.names import Naming
from tests.conftest import ROOT
from tests.lots import TERMS

PUBLISHED = [one for one in specifications.shipped() if one.published]
TABLES = {path.name.removesuffix(".csv"): path for path in sorted((ROOT / "shapes" / "tables").glob("*.csv"))}
NOT_EXPRESSED = ROOT / "docs" / "reference" / "specifications-not-expressed.md"

# What a source calls a test, and the characteristics of the criteria that say it.
CALLED = {
    "BSA ELISA": ("residual bovine serum albumin",),
    "ASC viability (NucleoCounter NC100)": ("viability",),
    "BacT/ALERT aerobic/anaerobic": ("sterility",),
    "CD14 OR CD11b": ("CD14", "CD11b"),
    "CD79a OR CD19": ("CD79a", "CD19"),
    "Gram stain": ("gram stain",),
    "STR": ("STR identity",),
    "donor NAT (HIV, HBV, HCV)": ("donor nucleic acid test",),
    "donor serology (HIV1/2, HCV, HBsAg, anti-HBc, syphilis, HTLV I/II)": ("donor serology",),
    "endotoxin (LAL, method D)": ("endotoxin",),
    "endotoxin USP<85>": ("endotoxin",),
    "endotoxin gel clot": ("endotoxin",),
    "identity markers": ("CD73", "CD90", "CD105", "CD29", "CD34", "CD45", "CD79a", "CD14", "HLA-DR"),
    "microorganisms BacT/ALERT": ("sterility",),
    "mycoplasma (luminescence)": ("mycoplasma",),
    "mycoplasma NAT": ("mycoplasma",),
    "mycoplasma PCR": ("mycoplasma",),
    "mycoplasma PCR ELISA": ("mycoplasma",),
    "negative cocktail CD11b+CD19+CD34+CD45+HLA-DR": ("negative cocktail of the BD human MSC analysis kit",),
    "potency: inhibition of PHA-induced hPBMC proliferation": ("inhibition of proliferation",),
    "sterility 14 day Bactec/BacT/ALERT": ("sterility",),
    "sterility BacT/ALERT + Gram": ("sterility",),
    "sterility USP<71>": ("sterility",),
    "viability (flow)": ("viability",),
    "viability (trypan blue)": ("viability",),
    "viability before distribution": ("viability",),
    "viability trypan blue": ("viability",),
}
# A limit in words, and the outcomes that meet it.
WORDS = {
    "absent": {"not detected", "normal karyotype", "46,XX", "46,XY"},
    "confirmed": {"demonstrated"},
    "equals": {"46,XY", "normal karyotype", "46,XX"},
    "match": {"match"},
    "must comply": {"not detected"},
    "negative": {"not detected", "negative"},
    "negative/negative": {"not detected"},
    "no growth": {"not detected"},
    "no or weak": {"not detected", "weak"},
    "normal": {"normal karyotype", "46,XX", "46,XY"},
    "not detectable": {"not detected"},
    "not detected": {"not detected"},
    "positive": {"positive"},
    "present": {"demonstrated"},
}
LIMITS = {"180-220": "180 to 220", "8-48": "above 8 to below 48", "75e6": "75000000", "150e6": "150000000"}
STANDINGS = {
    "release": "gating",
    "post-release": "gating",
    "reference": "reference",
    "informative": "informative",
    "inherited": "gating",
    "as worded in the caption": "gating",
    "reported as a limit for 3 donors": "informative",
}


def test_at_least_thirty_five_are_shipped() -> None:
    assert (len(specifications.shipped()), len(PUBLISHED)) == (37, 32)


def test_each_is_compiled_from_its_table() -> None:
    """``specification compile shapes/tables/ID.csv`` writes exactly what is shipped; a table's form is the one form."""
    assert {one.id for one in PUBLISHED} == set(TABLES)
    for one in PUBLISHED:
        data = TABLES[one.id].read_bytes()
        compiled = table.read(f"{one.id}.csv", data, TERMS)
        shipped = (files("shapes") / "specifications" / one.id / "1.ttl").read_bytes()
        assert (specifications.turtle(compiled), table.write(one, "csv", TERMS)) == (shipped, data), one.id


def test_each_says_what_it_is_and_where_it_is_from() -> None:
    for one in PUBLISHED:
        assert (TERMS.curie(one.cell_type or ""), TERMS.curie(one.species or "")) == ("CL:0000134", "NCBITaxon:9606")
        assert one.drafted_by == "the project"
        assert one.scope.startswith("Published limits, shown as their source prints them")


@pytest.fixture(scope="module")
def rows(shared: Path) -> list[dict[str, str]]:
    with (shared / "facts" / "specs.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["spec_id"][0] in "SC"]


def not_expressed() -> set[tuple[str, str, str]]:
    """(specification, stage, test) of every row that the page lists."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in NOT_EXPRESSED.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| [SC][0-9]{2} \|", line)
    ]
    return {(spec, stage, test) for spec, stage, test, why in cells if why}


def of_row(row: dict[str, str]) -> Specification:
    found = [one for one in PUBLISHED if one.id.startswith(row["spec_id"].lower() + "-")]
    part = "frozen" if row["stage"] == "frozen product" else "infusion"
    return next(one for one in found if len(found) == 1 or one.id.endswith(part))


def test_every_published_row_is_expressed_or_listed(rows: list[dict[str, str]]) -> None:
    """Each of the 31 specifications, row by row: its characteristic, operator, limit, unit and standing."""
    left_out = not_expressed()
    listed = {(row["spec_id"], row["stage"], row["test"]) for row in rows} & left_out
    assert listed == left_out
    wrong = [
        (row["spec_id"], row["test"], row["operator"], row["limit"])
        for row in rows
        if (row["spec_id"], row["stage"], row["test"]) not in left_out and not expressed(row)
    ]
    assert wrong == []


def expressed(row: dict[str, str]) -> bool:
    symbols = CALLED.get(row["test"]) or (TERMS.label(TERMS.characteristic(row["test"]).iri),)
    criteria = of_row(row).criteria
    return all(any(says(one, row) for one in criteria if one.label == symbol) for symbol in symbols)


def says(criterion: Criterion, row: dict[str, str]) -> bool:
    if criterion.standing != STANDINGS[row["standing"]]:
        return False
    if row["standing"] == "inherited":
        return criterion.inherited_from is not None
    if row["operator"] in WORDS:
        known = TERMS.characteristics[criterion.characteristic]
        return {Naming(TERMS).outcome_text(one, known) for one in criterion.outcomes} <= WORDS[row["operator"]]
    unit = TERMS.label(criterion.unit) if criterion.unit else ""
    limit = LIMITS.get(row["limit"], row["limit"])
    same_unit = unit == row["unit"].replace("million cells", "10^6 cells").replace("hours", "h")
    return (criterion.operator, limit_text(criterion), same_unit) == (row["operator"], limit, True)


def test_nothing_is_asked_that_no_row_asks(rows: list[dict[str, str]]) -> None:
    """As many criteria as rows say, either/or counting both of its markers."""
    asked: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        if (row["spec_id"], row["stage"], row["test"]) not in not_expressed():
            asked[of_row(row).id] += len(CALLED.get(row["test"], ("",)))
    assert {one.id: len(one.criteria) for one in PUBLISHED} == dict(asked)


def test_a_duration_and_what_is_due_later_are_as_printed() -> None:
    timed = {
        one.id: (criterion.duration, criterion.due)
        for one in PUBLISHED
        for criterion in one.criteria
        if criterion.duration is not None
    }
    assert {name: (str(hours), due) for name, (hours, due) in timed.items()} == {
        "s06-quality-system-umbilical": ("168", "before release"),
        "s08-concert-hf-bone-marrow": ("336", "after release"),
    }
