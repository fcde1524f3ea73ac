"""SHACL and a plain comparison of decimals, written independently, say the same of every criterion."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry import specifications
from registry.domain import Criterion, CriterionOutcome, Due, Evidence, Interval, Operator, Specification
from registry.judgement import independent, shacl
from tests.specifications.strategies import EXAMPLES

IDENTITY = specifications.load("msc-identity")
PERCENT = IDENTITY.criteria[0].unit
OUTCOMES = tuple(f"urn:outcome:{word}" for word in ("normal", "abnormal", "unclear"))
METHODS = ("flow", "trypan blue", "Bactec | BacT/ALERT")
HOURS = st.none() | st.sampled_from([Decimal(text) for text in ("0.5", "2", "2.0", "168", "336", "336.0001")])
POPULATIONS = st.none() | st.sampled_from(["urn:population:live", "urn:population:all"])
CONFIDENCES = st.none() | st.sampled_from([Decimal(text) for text in ("0.9", "0.95", "0.950", "0.99")])
EVENTS = st.none() | st.sampled_from([1, 199, 200, 201, 50_000])

# Few values, so that limits and bounds often meet, and some with many digits.
NUMBERS = st.one_of(
    st.sampled_from([Decimal(text) for text in ("-1", "0", "1.9", "2", "2.0", "2.1", "94.9", "95", "95.00", "100")]),
    st.decimals(-3, 103, allow_nan=False, allow_infinity=False, places=3),
    st.decimals(1, 3, allow_nan=False, allow_infinity=False, places=30),
)


@st.composite
def criteria(draw: st.DrawFn, place: int) -> Criterion:
    operator: Operator = draw(st.sampled_from(get_args(Operator)))
    base = replace(IDENTITY.criteria[0], id=f"c{place}", operator=operator, low=None, high=None, unit=PERCENT)
    if draw(st.integers(0, 2)) == 0:
        base = replace(
            base, method=draw(st.sampled_from([None, *METHODS])), duration=draw(HOURS), window=draw(HOURS),
            due="before release" if place == 0 else draw(st.sampled_from(get_args(Due))),
        )  # fmt: skip
    if operator != "one of" and draw(st.integers(0, 2)) == 0:
        base = replace(
            base, population=draw(POPULATIONS), confidence=draw(CONFIDENCES), least_events=draw(EVENTS),
        )  # fmt: skip
    if operator == "one of":
        accepted = draw(st.sets(st.sampled_from(OUTCOMES), min_size=1))
        return replace(base, unit=None, outcomes=tuple(accepted))
    if operator in (">=", ">"):
        return replace(base, low=draw(NUMBERS))
    if operator in ("<=", "<"):
        return replace(base, high=draw(NUMBERS))
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    opens = st.booleans() if low < high else st.just(False)
    return replace(base, low=low, high=high, low_open=draw(opens), high_open=draw(opens))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    low_open, high_open = (draw(st.booleans()), draw(st.booleans())) if low < high else (False, False)
    ends = draw(st.sampled_from(["both", "low", "high", "neither", "point"]))
    if ends == "point":
        return Interval(low, low)
    return Interval(
        low if ends in ("both", "low") else None,
        high if ends in ("both", "high") else None,
        low_open and ends in ("both", "low"),
        high_open and ends in ("both", "high"),
    )


@st.composite
def evidence(draw: st.DrawFn, criterion: str) -> Evidence:
    kind = draw(st.sampled_from(["number", "number", "number", "word", "nothing", "undecided", "other unit"]))
    lot = draw(st.sampled_from(["P-01", "P 02/a#1"]))
    if kind == "nothing":
        return Evidence(lot, criterion, present=False)
    found = Evidence(
        lot, criterion, present=True, method=draw(st.sampled_from([None, *METHODS])), duration=draw(HOURS),
        age=draw(HOURS | st.just(Decimal("-0.5"))), population=draw(POPULATIONS), confidence=draw(CONFIDENCES),
        events=draw(EVENTS),
    )  # fmt: skip
    if kind == "undecided":
        return found
    if kind == "word":
        return replace(found, outcome=draw(st.sampled_from(OUTCOMES)))
    return replace(found, interval=draw(intervals()), unit=PERCENT if kind == "number" else "urn:other-unit")


@st.composite
def cases(draw: st.DrawFn) -> tuple[Specification, list[Evidence]]:
    count = draw(st.integers(1, 4))
    spec = specifications.build(replace(IDENTITY, criteria=tuple(draw(criteria(place)) for place in range(count))))
    found = [one for place in range(count) for one in draw(st.lists(evidence(f"c{place}"), min_size=1, max_size=4))]
    return spec, found


@settings(max_examples=EXAMPLES // 4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_shacl_and_the_comparison_agree(case: tuple[Specification, list[Evidence]]) -> None:
    """Whatever the specification and the evidence. The long run, a million pairs, is ``benchmarks/judges.py``."""
    spec, found = case
    assert shacl.judge(spec, found) == independent.judge(spec, found)


@settings(max_examples=EXAMPLES, deadline=None)
@given(criteria(0), intervals())
def test_a_verdict_says_what_every_value_of_the_interval_says(criterion: Criterion, measured: Interval) -> None:
    """A third reading, by sampling: pass only if all of its values meet the limit, fail only if none does."""
    if criterion.operator == "one of":
        return
    criterion = replace(
        criterion, method=None, duration=None, window=None, population=None, confidence=None, least_events=None
    )
    verdict = independent.compare(criterion, Evidence("P-01", "c0", True, measured, unit=PERCENT))
    values = [Decimal(text) for text in ("-1e6", "-1", "0", "1.9", "2", "2.1", "94.9", "95", "95.0001", "100", "1e6")]
    values += [v for v in (measured.low, measured.high, criterion.low, criterion.high) if v is not None]
    inside = [v for v in values if not measured.intersect(Interval(v, v)).is_empty]
    met = {_meets(criterion, value) for value in inside}
    assert verdict != "pass" or met <= {True}
    assert verdict != "fail" or met <= {False}


def _meets(criterion: Criterion, value: Decimal) -> bool:
    low_open = criterion.operator == ">" or criterion.low_open
    high_open = criterion.operator == "<" or criterion.high_open
    above = criterion.low is None or value > criterion.low or (value == criterion.low and not low_open)
    below = criterion.high is None or value < criterion.high or (value == criterion.high and not high_open)
    return above and below


@pytest.mark.parametrize(
    ("limit", "measured", "verdict"),
    [
        ((">=", "95", None), ("95", "95", ""), "pass"),
        ((">=", "95", None), ("94.9", "94.9", ""), "fail"),
        ((">=", "95", None), ("0", "95", "high"), "fail"),
        ((">=", "95", None), ("0", "95", ""), "undetermined"),
        ((">", "95", None), ("95", "95", ""), "fail"),
        ((">", "95", None), ("95", "100", "low"), "pass"),
        ((">", "95", None), ("95", "100", ""), "undetermined"),
        (("<=", None, "2"), ("2", "2", ""), "pass"),
        (("<=", None, "2"), ("2", "100", "low"), "fail"),
        (("<=", None, "2"), ("0", "2.5", ""), "undetermined"),
        (("<", None, "2"), ("0", "2", "high"), "pass"),
        (("<", None, "2"), ("2", "2", ""), "fail"),
        (("range", "180", "220"), ("180", "220", ""), "pass"),
        (("range", "180", "220"), ("170", "179.9", ""), "fail"),
        (("range", "180", "220"), ("170", "190", ""), "undetermined"),
    ],
)
def test_both_say_at_the_boundary(
    limit: tuple[Operator, str | None, str | None], measured: tuple[str, str, str], verdict: CriterionOutcome
) -> None:
    """Limits included or excluded, bounds included or excluded: compared unrounded."""
    low, high = (Decimal(text) if text else None for text in limit[1:])
    criterion = replace(IDENTITY.criteria[0], id="c0", operator=limit[0], low=low, high=high)
    spec = specifications.build(replace(IDENTITY, criteria=(criterion,)))
    interval = Interval(Decimal(measured[0]), Decimal(measured[1]), measured[2] == "low", measured[2] == "high")
    found = [Evidence("P-01", "c0", True, interval, unit=PERCENT)]
    expected = {("P-01", "c0"): [verdict]}
    assert (shacl.judge(spec, found), independent.judge(spec, found)) == (expected, expected)


@pytest.mark.parametrize(
    ("asked", "told", "verdict"),
    [
        ({"window": Decimal(2)}, {"age": Decimal(2)}, "pass"),
        ({"window": Decimal(2)}, {"age": Decimal("2.0001")}, "undetermined"),
        ({"window": Decimal(2)}, {"age": Decimal(0)}, "pass"),
        ({"window": Decimal(2)}, {"age": Decimal("-0.0001")}, "undetermined"),
        ({"window": Decimal(2)}, {}, "undetermined"),
        ({"duration": Decimal(336)}, {"duration": Decimal(336)}, "pass"),
        ({"duration": Decimal(336)}, {"duration": Decimal("335.9999")}, "undetermined"),
        ({"duration": Decimal(336)}, {}, "undetermined"),
        ({"method": "flow"}, {"method": "flow"}, "pass"),
        ({"method": "flow"}, {"method": "trypan blue"}, "undetermined"),
        ({"method": "flow"}, {}, "undetermined"),
        ({"population": "urn:live"}, {"population": "urn:live"}, "pass"),
        ({"population": "urn:live"}, {"population": "urn:dead"}, "undetermined"),
        ({"population": "urn:live"}, {}, "undetermined"),
        ({"confidence": Decimal("0.95")}, {"confidence": Decimal("0.95")}, "pass"),
        ({"confidence": Decimal("0.95")}, {"confidence": Decimal("0.9499")}, "undetermined"),
        ({"confidence": Decimal("0.95")}, {}, "undetermined"),
        ({"least_events": 200}, {"events": 200}, "pass"),
        ({"least_events": 200}, {"events": 199}, "undetermined"),
        ({"least_events": 200}, {}, "undetermined"),
    ],
)
def test_both_say_at_the_boundary_of_what_is_asked_beside_the_value(
    asked: dict[str, object], told: dict[str, object], verdict: CriterionOutcome
) -> None:
    """Exactly what is asked for is enough; a little less is not, and neither is what nobody tells."""
    criterion = replace(IDENTITY.criteria[0], id="c0", **asked)  # type: ignore[arg-type]
    spec = specifications.build(replace(IDENTITY, criteria=(criterion,)))
    shown = Evidence("P-01", "c0", True, Interval(Decimal(95), Decimal(95)), unit=PERCENT)
    items = [replace(shown, **told)]  # type: ignore[arg-type]
    expected = {("P-01", "c0"): [verdict]}
    assert (shacl.judge(spec, items), independent.judge(spec, items)) == (expected, expected)
