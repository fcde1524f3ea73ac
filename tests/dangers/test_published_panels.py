"""Every published lot gets the verdict that was worked out by hand: figures as printed, through intake and SHACL.

The figures stand in ``registry/demo/published``, each product with its citation; the verdicts, worked out by hand from
the ISCT's limits and from the specification that a source was released by, in ``tests/examples/published``.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from importlib import resources
from pathlib import Path

import pytest

from registry import intake, specifications
from registry.demo.published import LINE
from registry.domain import Intake, LotVerdict, Specification
from registry.judgement import judge
from tests.lots import TERMS

IMMUNO = specifications.load("isct-2006-immunophenotype")
FULL = specifications.load("isct-2006")
EXPECTED = Path(__file__).parent.parent / "examples" / "published"
PUBLISHED = resources.files("registry.demo") / "published"
SOURCES = ("Milczarek-2018", "Whitehouse-2017", "Pers-2016", "Chullikana-2015", "Honmou-2011", "Karantalis-2014",
           "Nguyen-2020")  # fmt: skip


def rows_of(name: str) -> list[dict[str, str]]:
    with (EXPECTED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected(column: str) -> dict[str, str]:
    """Lot → the verdict worked out by hand, where there is one."""
    return {row["lot"]: row[column] for row in rows_of("verdicts.csv") if row[column]}


def aggregates() -> dict[str, bytes]:
    """What two sources print of all of their lots at once, as tables."""
    by_source: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of("aggregates.csv"):
        by_source[row["source"]].append(row)
    tables = {}
    for source, rows in by_source.items():
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(("lot", "characteristic", "value", "unit"))
        writer.writerows((source, row["characteristic"], row["value"], row["unit"]) for row in rows)
        tables[source] = text.getvalue().encode()
    return tables


@pytest.fixture(scope="module")
def read() -> dict[str, Intake]:
    """What intake reads from each source's table."""
    tables = {source: (PUBLISHED / f"{source}.csv").read_bytes() for source in SOURCES} | aggregates()
    return {source: intake.read(f"{source}.csv", data, TERMS) for source, data in tables.items()}


def verdicts(read: dict[str, Intake], spec: Specification) -> dict[str, str]:
    """Lot → verdict, of the seven sources that print single lots; what is printed once of their line is no lot."""
    return {
        lot: verdict.verdict
        for source in SOURCES
        for lot, verdict in judged(read[source], spec).items()
        if not lot.endswith(LINE)
    }


def judged(said: Intake, spec: Specification) -> dict[str, LotVerdict]:
    lots: defaultdict[str, list[object]] = defaultdict(list)
    for result in said.results:
        lots[result.lot].append(result)
    in_error = {error.lot for error in said.errors if error.lot}
    found = judge.judge_lots(spec, lots, TERMS, errors_by_lot=in_error, compare=True)  # type: ignore[arg-type]
    return {one.lot: one for one in found}


def test_every_published_lot_has_the_verdict_worked_out_by_hand(read: dict[str, Intake]) -> None:
    """54 lots of seven sources."""
    answers = verdicts(read, IMMUNO)
    assert (len(answers), answers) == (54, expected("isct-2006-immunophenotype"))


def test_no_published_lot_shows_all_of_isct(read: dict[str, Intake]) -> None:
    """Adherence and trilineage are printed for no lot of them."""
    assert verdicts(read, FULL) == expected("isct-2006")


def test_an_aggregate_over_lots_is_refused_row_by_row(read: dict[str, Intake]) -> None:
    """``98.4 ± 0.3`` is no result of a lot: every row of both sources is an error, and no lot passes or fails."""
    for source in ("Gao-2013", "Mendonca-2014"):
        said = read[source]
        assert said.results == ()
        assert {error.found.count("±") for error in said.errors} == {1}
        assert {verdict.verdict for verdict in judged(said, IMMUNO).values()} == {"incomplete"}


def test_the_reasons_of_a_published_failure_are_named(read: dict[str, Intake]) -> None:
    """Patient 1 of Whitehouse 2017: CD90 94, CD45 3 and CD34 3."""
    verdict = judged(read["Whitehouse-2017"], IMMUNO)["Whitehouse-2017-01"]
    failed = [(one.id, one.observed, one.expected) for one in verdict.criteria if one.verdict == "fail"]
    assert failed == [("cd90", "94 %", ">= 95 %"), ("cd45", "3 %", "<= 2 %"), ("cd34", "3 %", "<= 2 %")]


def test_one_cocktail_bounds_five_markers(read: dict[str, Intake]) -> None:
    """P1-1st of the Vietnamese infants: one figure, 0.9, for CD11b, CD19, CD34, CD45 and HLA-DR."""
    verdict = judged(read["Nguyen-2020"], IMMUNO)["Nguyen-2020-P1-1st"]
    bounded = [one.id for one in verdict.criteria if one.observed == "cocktail 0.9 %" and one.verdict == "pass"]
    assert bounded == ["cd45", "cd34", "mhc-ii", "cd11b", "cd19"]


def test_co_expression_gates_bear_on_no_single_marker(read: dict[str, Intake]) -> None:
    """Karantalis 2014 prints CD45-/CD105+ alone: kept, and nothing is shown by it."""
    said = read["Karantalis-2014"]
    assert (len(said.results), said.errors) == (11, ())
    assert {one.verdict for verdict in judged(said, IMMUNO).values() for one in verdict.criteria} == {"missing"}


def test_a_karyotype_with_a_variant_is_kept_in_its_own_words(read: dict[str, Intake]) -> None:
    kept = [result for result in read["Nguyen-2020"].results if result.label == "karyotype"]
    assert [result.reading.text for result in kept] == ["46, XY, 16qh+"]


OWN = {
    "Whitehouse-2017": "c12-whitehouse-2017-bone-marrow",
    "Pers-2016": "c25-pers-2016-adipose",
    "Chullikana-2015": "c44-chullikana-2015-bone-marrow",
}
"""The specification of their own by which a source's lots were released, as CIDMap transcribes it."""


def test_by_its_own_specification_each_lot_is_judged_as_worked_out(read: dict[str, Intake]) -> None:
    """24 lots: the same figures that fail ISCT pass the limits they were released by, and 90 is not > 90."""
    answers = {
        lot: verdict.verdict
        for source, own in OWN.items()
        for lot, verdict in judged(read[source], specifications.load(own)).items()
    }
    assert (len(answers), answers) == (24, expected("own specification"))
