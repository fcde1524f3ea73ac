"""Every published lot gets the verdict that was worked out by hand: figures as printed, through intake and SHACL."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path

import pytest

from registry import intake, specifications
from registry.domain import Intake, LotVerdict, Specification
from registry.judgement import judge
from tests.lots import TERMS

IMMUNO = specifications.load("isct-2006-immunophenotype")
FULL = specifications.load("isct-2006")
NOT_CHARACTERISTICS = {"dose", "CFU"}
LONG = ("lot", "characteristic", "value", "unit")
# What the source's note says of figures that are not percentages.
UNITS = {"endotoxin": "EU/mL"}
KIT = "negative cocktail (CD11b,CD19,CD34,CD45,HLA-DR)"


def rows_of(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / "facts" / "panels" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(rows: list[dict[str, str]]) -> bytes:
    """A long table as a laboratory would hand it in: names, figures and words as the source prints them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(LONG)
    for row in rows:
        is_number = any(character.isdigit() for character in row["value_as_printed"]) and row["marker"] != "karyotype"
        unit = UNITS.get(row["marker"], "%") if is_number else ""
        name = "|".join(KIT.partition("(")[2].rstrip(")").split(",")) if row["marker"] == KIT else row["marker"]
        lot = row["lot"].replace("=", " ").replace("(", "").replace(")", "")
        writer.writerow((lot, name, row["value_as_printed"], unit))
    return text.getvalue().encode()


@pytest.fixture(scope="module")
def read(shared: Path) -> dict[str, Intake]:
    """What intake reads from each source's table."""
    by_source: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(shared, "panels.csv"):
        if row["marker"] not in NOT_CHARACTERISTICS:
            by_source[row["source_id"]].append(row)
    return {source: intake.read(f"{source}.csv", table(rows), TERMS) for source, rows in by_source.items()}


def judged(said: Intake, spec: Specification) -> dict[str, LotVerdict]:
    lots: defaultdict[str, list[object]] = defaultdict(list)
    for result in said.results:
        lots[result.lot].append(result)
    in_error = {error.lot for error in said.errors if error.lot}
    found = judge.judge_lots(spec, lots, TERMS, errors_by_lot=in_error, compare=True)  # type: ignore[arg-type]
    return {one.lot: one for one in found}


def test_every_published_lot_has_the_verdict_worked_out_by_hand(read: dict[str, Intake], shared: Path) -> None:
    """54 lots of seven sources; the two aggregates are no lots, and none of their rows is read."""
    expected = {
        (row["source_id"], row["lot"]): row["isct2006_immunophenotype"]
        for row in rows_of(shared, "verdicts.csv")
        if row["isct2006_immunophenotype"] != "not_a_lot"
    }
    found = {
        (source, lot): verdict.verdict
        for source, said in read.items()
        if not source.endswith("-AGG")
        for lot, verdict in judged(said, IMMUNO).items()
        if lot != "ALL one cell line"
    }
    assert found == expected


def test_no_published_lot_shows_all_of_isct(read: dict[str, Intake], shared: Path) -> None:
    """Adherence and trilineage are printed for no lot of them."""
    expected = {
        (row["source_id"], row["lot"]): row["isct2006_with_adherence_and_trilineage"].partition(" ")[0]
        for row in rows_of(shared, "verdicts.csv")
        if row["isct2006_immunophenotype"] != "not_a_lot"
    }
    found = {
        (source, lot): verdict.verdict
        for source, said in read.items()
        if not source.endswith("-AGG")
        for lot, verdict in judged(said, FULL).items()
        if lot != "ALL one cell line"
    }
    assert found == expected


def test_an_aggregate_over_lots_is_refused_row_by_row(read: dict[str, Intake]) -> None:
    """``98.4 ± 0.3`` is no result of a lot: every row of both sources is an error, and no lot passes or fails."""
    for source in ("CID46-GaoL2013-AGG", "CID63-Mendonca2014-AGG"):
        said = read[source]
        assert said.results == ()
        assert {error.found.count("±") for error in said.errors} == {1}
        assert {verdict.verdict for verdict in judged(said, IMMUNO).values()} == {"incomplete"}


def test_the_reasons_of_a_published_failure_are_named(read: dict[str, Intake]) -> None:
    """Patient 1 of Whitehouse 2017: CD90 94, CD45 3 and CD34 3."""
    verdict = judged(read["CID12-Whitehouse2017"], IMMUNO)["patient 1"]
    failed = [(one.id, one.observed, one.expected) for one in verdict.criteria if one.verdict == "fail"]
    assert failed == [("cd90", "94 %", ">= 95 %"), ("cd45", "3 %", "<= 2 %"), ("cd34", "3 %", "<= 2 %")]


def test_one_cocktail_bounds_five_markers(read: dict[str, Intake]) -> None:
    """P1-1st of the Vietnamese infants: one figure, 0.9, for CD11b, CD19, CD34, CD45 and HLA-DR."""
    verdict = judged(read["JTM2020-BPD-T2"], IMMUNO)["P1-1st"]
    bounded = [one.id for one in verdict.criteria if one.observed == "cocktail 0.9 %" and one.verdict == "pass"]
    assert bounded == ["cd45", "cd34", "mhc-ii", "cd11b", "cd19"]


def test_co_expression_gates_bear_on_no_single_marker(read: dict[str, Intake]) -> None:
    """Karantalis 2014 prints CD45-/CD105+ alone: kept, and nothing is shown by it."""
    said = read["CID55-Karantalis2014"]
    assert (len(said.results), said.errors) == (11, ())
    assert {one.verdict for verdict in judged(said, IMMUNO).values() for one in verdict.criteria} == {"missing"}


def test_a_karyotype_with_a_variant_is_kept_in_its_own_words(read: dict[str, Intake]) -> None:
    kept = [result for result in read["JTM2020-BPD-T2"].results if result.label == "karyotype"]
    assert [result.reading.text for result in kept] == ["46, XY, 16qh+"]


OWN = {
    "CID12-Whitehouse2017": "c12-whitehouse-2017-bone-marrow",
    "CID25-Pers2016": "c25-pers-2016-adipose",
    "CID44-Chullikana2015": "c44-chullikana-2015-bone-marrow",
}
"""The specification of their own by which a source's lots were released, as CIDMap transcribes it."""


def test_by_its_own_specification_each_lot_is_judged_as_worked_out(read: dict[str, Intake], shared: Path) -> None:
    """24 lots: the same figures that fail ISCT pass the limits they were released by, and 90 is not > 90."""
    expected = {
        (row["source_id"], row["lot"]): row["own_spec_verdict"]
        for row in rows_of(shared, "verdicts.csv")
        if row["own_spec_verdict"]
    }
    found = {
        (source, lot): verdict.verdict
        for source, own in OWN.items()
        for lot, verdict in judged(read[source], specifications.load(own)).items()
    }
    assert (len(found), found) == (24, expected)
