"""The same judgement as ``conformance`` by comparing exact decimals: written independently, and never instead of it.

It must agree with SHACL at every release, and it is the oracle of the property tests. It shares no code with the
compiler or with the SHACL path: from the words of the design alone, a criterion passes when the whole interval
satisfies the limit, fails when none of it does, is undetermined in between, and is missing without a result.
"""

from __future__ import annotations

from collections.abc import Sequence

from registry.domain import Criterion, CriterionOutcome, Evidence, Interval, Specification


def judge(specification: Specification, evidence: Sequence[Evidence]) -> dict[tuple[str, str], list[CriterionOutcome]]:
    """The verdict of each evidence, in order, by (lot, criterion id)."""
    criteria = {criterion.id: criterion for criterion in specification.criteria}
    answers: dict[tuple[str, str], list[CriterionOutcome]] = {}
    for node in evidence:
        answers.setdefault((node.lot, node.criterion), []).append(compare(criteria[node.criterion], node))
    return answers


def compare(criterion: Criterion, evidence: Evidence) -> CriterionOutcome:
    """One evidence against one criterion."""
    if not evidence.present:
        return "missing"
    outcome = _value(criterion, evidence)
    return "undetermined" if outcome == "pass" and not _obtained_as_asked(criterion, evidence) else outcome


def _value(criterion: Criterion, evidence: Evidence) -> CriterionOutcome:
    if criterion.operator == "one of":
        if evidence.outcome is None:
            return "undetermined"
        return "pass" if evidence.outcome in criterion.outcomes else "fail"
    if evidence.interval is None:
        return "undetermined"
    return _place(evidence.interval, accepted(criterion), same_unit=evidence.unit == criterion.unit)


def _obtained_as_asked(criterion: Criterion, evidence: Evidence) -> bool:
    """Whether what is known of method, duration and age is what the criterion asks for; unknown is not."""
    if criterion.method is not None and evidence.method != criterion.method:
        return False
    if criterion.duration is not None and (evidence.duration is None or evidence.duration < criterion.duration):
        return False
    if criterion.window is not None and (evidence.age is None or not 0 <= evidence.age <= criterion.window):
        return False
    return _counted_as_asked(criterion, evidence)


def _counted_as_asked(criterion: Criterion, evidence: Evidence) -> bool:
    """Whether the percentage is of the cells asked for, of enough of them, and bounded with enough confidence."""
    if criterion.population is not None and evidence.population != criterion.population:
        return False
    if criterion.confidence is not None and (evidence.confidence is None or evidence.confidence < criterion.confidence):
        return False
    return criterion.least_events is None or (evidence.events is not None and evidence.events >= criterion.least_events)


def accepted(criterion: Criterion) -> Interval:
    """Every value that a numeric criterion accepts: ``>= 95`` is [95, ∞), ``< 2`` is (-∞, 2)."""
    match criterion.operator:
        case ">=":
            return Interval(criterion.low, None)
        case ">":
            return Interval(criterion.low, None, low_open=True)
        case "<=":
            return Interval(None, criterion.high)
        case "<":
            return Interval(None, criterion.high, high_open=True)
        case _:
            return Interval(criterion.low, criterion.high, criterion.low_open, criterion.high_open)


def _place(measured: Interval, limits: Interval, *, same_unit: bool) -> CriterionOutcome:
    if measured.intersect(limits).is_empty:
        return "fail"
    return "pass" if same_unit and measured.within(limits) else "undetermined"
