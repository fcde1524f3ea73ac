"""Templates: filled in they are read without error, for every shipped specification; unfilled every row is refused."""

from __future__ import annotations

import csv
import io

import pytest

from registry import intake, specifications, workbook
from registry.domain import Criterion
from registry.errors import WrongUsage
from registry.intake.tabular.template import table, template
from registry.judgement import judge
from tests.intake.inputs import TERMS

SHIPPED = specifications.shipped()


def filled(rows: list[list[str]], values: dict[str, str]) -> list[list[str]]:
    at = {name: place for place, name in enumerate(rows[0])}
    for row in rows[1:]:
        row[at["lot"]], row[at["value"]] = "P-07", values[row[at["characteristic"]]]
    return rows


def passing(criterion: Criterion) -> str:
    """A value that shows the criterion."""
    if criterion.operator == "one of":
        return TERMS.label(criterion.outcomes[0])
    bounds = [bound for bound in (criterion.low, criterion.high) if bound is not None]
    if len(bounds) == 2:
        return f"{(bounds[0] + bounds[1]) / 2:f}"
    if criterion.operator == ">":
        return f"{bounds[0] + (100 - bounds[0]) / 2 if bounds[0] < 100 else bounds[0] * 2:f}"
    return f"{bounds[0] / 2 if criterion.operator == '<' else bounds[0]:f}"


def test_the_identity_template_asks_for_the_six_markers() -> None:
    """One row a criterion, its unit filled in, its value empty."""
    assert table(specifications.load("msc-identity"), TERMS) == [
        ["lot", "characteristic", "value", "unit"],
        *(["", name, "", "%"] for name in ("CD73", "CD90", "CD105", "CD45", "CD34", "MHC II / HLA-DR")),
    ]


def test_stage_method_and_duration_stand_where_they_are_asked_for() -> None:
    """CONCERT-HF's bone marrow product: of two admitted methods neither is claimed."""
    header, *rows = table(specifications.load("s08-concert-hf-bone-marrow"), TERMS)
    assert header == ["lot", "stage", "characteristic", "value", "unit", "method", "duration"]
    said = {row[2]: row for row in rows}
    assert said["sterility"][3:] == ["", "", "", "14 d"]
    assert said["viability"][5] == "trypan blue"
    assert len({tuple(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: one.id)
def test_filled_in_it_is_read_and_judged(one: specifications.Specification) -> None:
    """Every row becomes a result that bears on its criterion."""
    values = {row[2 if "stage" in table(one, TERMS)[0] else 1]: "" for row in table(one, TERMS)[1:]}
    names = {_name: passing(criterion) for criterion in one.criteria for _name in [_of(criterion)]}
    rows = filled(table(one, TERMS), values | names)
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    for name, data in (("t.csv", stream.getvalue().encode()), ("t.xlsx", workbook.write([("t", rows)]))):
        said = intake.read(name, data, TERMS)
        assert (said.errors, len(said.results)) == ((), len(rows) - 1)
    (verdict,) = judge.judge_lots(one, {"P-07": said.results}, TERMS)
    assert [item.id for item in verdict.criteria if item.verdict == "missing"] == []


def _of(criterion: Criterion) -> str:
    from registry.intake.tabular.template import _name

    return _name(criterion, TERMS)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_unfilled_every_row_is_refused(form: str) -> None:
    """Lot and value are named, row by row."""
    said = intake.read(f"t.{form}", template(specifications.load("msc-identity"), TERMS, form), TERMS)
    assert (said.results, [(error.row, error.column) for error in said.errors]) == (
        (),
        [(row, column) for row in range(2, 8) for column in ("lot", "value")],
    )


def test_there_are_two_forms() -> None:
    """Another is refused with them."""
    with pytest.raises(WrongUsage) as caught:
        template(specifications.load("msc-identity"), TERMS, "ods")
    assert caught.value.expected == "csv or xlsx"
