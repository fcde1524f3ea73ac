"""Random panels against random specifications: SHACL and the plain comparison say the same of every criterion."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.domain import Criterion, Interval, Reading, Result, Source, Specification
from registry.judgement import judge
from registry.vocabulary.populations import populations
from tests.lots import LOT, TERMS
from tests.specifications.strategies import EXAMPLES, specifications

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POPULATIONS = sorted(one.label for one in populations().values())
TIMES = [
    NOW - timedelta(hours=1),
    NOW - timedelta(hours=2),
    NOW - timedelta(days=8),
    NOW + timedelta(minutes=1),
    NOW.replace(tzinfo=None),
]


@st.composite
def readings(draw: st.DrawFn, criterion: Criterion) -> Reading:
    known = TERMS.characteristics[criterion.characteristic]
    if known.outcomes and draw(st.booleans()):
        return Reading(outcome=draw(st.sampled_from([one.iri for one in known.outcomes])))
    if draw(st.integers(0, 5)) == 0:
        return Reading(state=draw(st.sampled_from(["not evaluable", "not tested"])))
    near = [limit for limit in (criterion.low, criterion.high) if limit is not None] or [Decimal(1)]
    value = draw(st.sampled_from(near)) + draw(st.sampled_from([Decimal(text) for text in ("0", "0.04", "-0.04", "5")]))
    how = draw(st.sampled_from(["exact", "below", "above"]))
    if how == "exact":
        return Reading(interval=Interval(value, value))
    return Reading(
        interval=Interval(None, value, high_open=True) if how == "below" else Interval(value, None, low_open=True)
    )


@st.composite
def results(draw: st.DrawFn, criterion: Criterion, row: int) -> Result:
    known = TERMS.characteristics[criterion.characteristic]
    methods = [None, "PCR", criterion.method, *(criterion.method or "").split("|")]
    details = (
        ("method", draw(st.sampled_from(methods))),
        ("duration", draw(st.sampled_from([None, "7 d", "336 h", "14", "90 min"]))),
        ("tested_at", draw(st.sampled_from([None, *(time.isoformat() for time in TIMES)]))),
        ("events", draw(st.sampled_from([None, "0", "199", "200", "50000", "2 000", "3e6"]))),
        ("parent_population", draw(st.sampled_from([None, "cells", *POPULATIONS, "CD73+ cells", "Live/Singlets"]))),
    )
    return Result(
        lot=LOT, characteristic=known.iri, label=known.symbol, printed="as printed", reading=draw(readings(criterion)),
        source=Source("panel.csv", row), unit=draw(st.sampled_from(known.units)) if known.units else None,
        stage=draw(st.sampled_from([criterion.stage, criterion.inherited_from, None])),
        relation=draw(st.sampled_from([None, "replicate"])),
        details=tuple((name, value) for name, value in details if value),
    )  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[Specification, list[Result]]:
    made = draw(specifications())
    panel = [draw(results(one, row)) for row, one in enumerate(made.criteria * 2, start=2) if draw(st.integers(0, 3))]
    return made, panel


@settings(max_examples=EXAMPLES // 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_a_panel_is_judged_alike_by_both(case: tuple[Specification, list[Result]]) -> None:
    """``compare`` raises when one criterion comes out otherwise; and nothing unknown is ever a pass.

    The long run of what the judges say of evidence, a million pairs, is ``benchmarks/judges.py``.
    """
    made, panel = case
    (verdict,) = judge.judge_lots(made, {LOT: panel}, TERMS, compare=True, at=NOW)
    for criterion, item in zip(made.criteria, verdict.criteria, strict=True):
        if item.verdict == "pass":
            assert all(one.present for one in item.evidence)
            assert all(criterion.method in (None, one.method) for one in item.evidence)
            assert criterion.window is None or all(one.age is not None for one in item.evidence)
            assert criterion.duration is None or all(one.duration is not None for one in item.evidence)
            assert all(criterion.population in (None, one.population) for one in item.evidence)
            assert criterion.confidence is None or all(one.confidence is not None for one in item.evidence)
            assert all((one.events or 0) >= (criterion.least_events or 0) for one in item.evidence)
