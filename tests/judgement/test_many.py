"""Many lots judged from what is kept of them: what the gate says of each, whatever is on record of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

import pytest

from registry import specifications
from registry.domain import Criterion, Result, Specification
from registry.errors import Corrupt
from registry.judgement import independent, judge
from registry.judgement.kept_results import KeptResults, kept, result_of, shared
from registry.judgement.many import Kept, ManyLots
from tests.lots import SIX, TERMS, cocktail, result, stated

AT = datetime(2026, 6, 1, tzinfo=UTC)
BY_NAME = {name: specifications.load(name) for name in ("msc-identity", "isct-2006", "hesc-msc-ovarian-illustrative")}
DOSED = ("c17-chahal-2019-bone-marrow", "c01-matas-2018-umbilical")
STAGES = (None, None, *TERMS.stages)
OTHERS = (("viability", "82", "%"), ("viability", "69", "%"), ("endotoxin", "0.4", "EU/mL"), ("CD14", "1.9", "%"))
DETAILS = (
    (), (("method", "flow"),), (("tested_at", "2026-05-31T00:00:00+00:00"), ("events", "900")),
    (("parent_population", "live cells"), ("events", "10000")), (("events", "none"),),
)  # fmt: skip
LOTS = 2000


def asking(against: Specification, **more: object) -> Specification:
    """The same specification, each criterion asking for something beside the number."""
    criteria: list[Criterion] = [replace(criterion, **more) for criterion in against.criteria]  # type: ignore[arg-type]
    return specifications.build(replace(against, criteria=tuple(criteria)))


def drawn(draw: Random, lot: str) -> list[Result]:
    """A lot's results: most of the six, at, beside and far from their limits; details, retests, cocktails, others."""
    rows: list[Result] = []
    details = draw.choice(DETAILS)
    for name, value in SIX.items():
        if draw.random() < 0.9:
            printed = draw.choice((value, value, value, "95", "94.9", "2", "2.1", "<0.5", ">95"))
            stage = draw.choice(STAGES) if draw.random() < 0.2 else None
            rows.append(result(name, printed, row=len(rows) + 2, details=details, stage=stage))
    if rows and draw.random() < 0.2:
        relation, target = draw.choice(("retest", "correction", "replicate")), draw.choice(rows)
        again = replace(
            target, source=replace(target.source, row=40), relation=relation, reason="repeated", iri=f"urn:{lot}",
            reading=draw.choice(rows).reading, supersedes=f"row {target.source.row}",
        )  # fmt: skip
        rows.append(again)
    if draw.random() < 0.2:
        rows.append(cocktail("CD34|CD45|HLA-DR", draw.choice(("0.9", "2.5")), row=50))
    if draw.random() < 0.1:
        rows.append(stated("CD34", draw.choice(("not evaluable", "not tested")), row=60))
    if draw.random() < 0.3:
        name, value, unit = draw.choice(OTHERS)
        rows.append(result(name, value, unit=unit, row=70))
    return [replace(each, lot=lot) for each in rows]


@pytest.mark.parametrize("against", [
    *BY_NAME.values(), *(specifications.load(name) for name in DOSED),
    asking(BY_NAME["msc-identity"], window=Decimal(48), method="flow"),
    asking(BY_NAME["msc-identity"], confidence=Decimal("0.95"), least_events=1000),
    asking(BY_NAME["isct-2006"], inherited_from=next(iter(TERMS.stages))),
], ids=lambda each: f"{each.id} {each.digest[-4:]}")  # fmt: skip
def test_two_thousand_random_lots_are_judged_as_at_the_gate(against: Specification) -> None:
    """Of each specification its share: the verdict, and the outcome of every criterion, by SHACL and from columns."""
    draw = Random(against.id)  # noqa: S311 - the same lots every time
    names = [f"L-{place}" for place in range(LOTS // 8)]
    results = {lot: drawn(draw, lot) for lot in names}
    accepted = frozenset(f"urn:{lot}" for lot in names if draw.random() < 0.5)
    origins = {lot: names[:2] if draw.random() < 0.3 else [] for lot in names}
    containers = {lot: draw.choice((None, 12)) for lot in names}
    rows = {lot: Kept(lot, kept(lot, results[lot], accepted), containers[lot], tuple(origins[lot])) for lot in names}
    many = ManyLots(against, TERMS, AT, rows.get)
    expected = judge.judge_lots(
        against, results, TERMS, accepted=accepted, at=AT, containers_by_lot=containers,
        origins_by_lot={lot: {name: results[name] for name in its} for lot, its in origins.items()},
    )  # fmt: skip
    for verdict in expected:
        cases = many.cases(rows[verdict.lot])
        criteria = tuple((item.id, item.verdict) for item in verdict.criteria)
        assert (many.combined(cases).verdict, many.combined(cases).criteria) == (verdict.verdict, criteria)
        many.require_shacl(cases)


def test_what_several_lots_show_alike_is_one_case() -> None:
    many = ManyLots(BY_NAME["msc-identity"], TERMS, AT, {}.get)
    panels = [Kept(lot, kept(lot, [replace(result("CD73", "98.5"), lot=lot)], frozenset())) for lot in ("A", "B")]
    assert many.cases(panels[0]) == many.cases(panels[1])


def test_a_kept_result_says_what_judgement_reads_of_it_and_no_more() -> None:
    full = result("CD73", "<0.50", details=(("analyst", "Bo"), ("method", "flow"), ("events", "900")), stage="urn:s")
    (text,) = kept("P-07", [full], frozenset()).texts
    again, accepted = result_of(text, "P-07")
    wanted = replace(full, printed="", source=replace(full.source, file="", row=None, column=None),
                     details=(("method", "flow"), ("events", "900")))  # fmt: skip
    assert (again, accepted) == (wanted, False)
    assert "events" not in shared(text)
    assert kept("P-08", [full], frozenset()) == KeptResults()


def test_cases_on_which_shacl_and_the_comparison_differ_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(independent, "compare", lambda _criterion, _evidence: "pass")
    many = ManyLots(BY_NAME["msc-identity"], TERMS, AT, {}.get)
    with pytest.raises(Corrupt, match="do not agree"):
        many.require_shacl(many.cases(Kept("A", KeptResults())))
