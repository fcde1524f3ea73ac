"""From the verdict of each evidence to the verdict of a lot (design: words).

A lot fails when any gating criterion fails; is incomplete when none fails and any gating one is undetermined or
missing; and passes only when every gating criterion passes. Reference criteria that are not shown are held.
Informative criteria change nothing. A criterion that is due after release keeps a lot from passing only once it fails
or contradicts itself. In an either/or group any member failing fails it, else any member passing
passes it, unless another member's results contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from registry.domain import (
    Criterion,
    CriterionOutcome,
    CriterionVerdict,
    Evidence,
    GroupVerdict,
    LotOutcome,
    LotVerdict,
    Specification,
)
from registry.vocabulary import Terms
from registry.vocabulary.durations import printed

_WORST_FIRST: tuple[CriterionOutcome, ...] = ("fail", "undetermined", "missing", "pass")

Outcomes = Mapping[tuple[str, str], Sequence[CriterionOutcome]]


def combine(
    specification: Specification,
    lot: str,
    evidence: Sequence[Evidence],
    outcomes: Outcomes,
    terms: Terms,
    *,
    has_row_errors: bool = False,
) -> LotVerdict:
    """One lot's verdict from its evidence and the verdict of each. With a row in error it is never a pass.

    Raises KeyError when a criterion has no evidence, or evidence has no verdict: nothing is assumed.
    """
    verdicts = tuple(
        _criterion(criterion, [node for node in evidence if node.criterion == criterion.id],
                   outcomes[lot, criterion.id], terms)
        for criterion in specification.criteria
    )  # fmt: skip
    groups = _groups(verdicts)
    due = tuple(item.id for item in verdicts if item.due)
    outcome = _lot(_standing([item for item in verdicts if not item.due], groups, "gating"))
    if has_row_errors and outcome == "pass":
        outcome = "incomplete"
    return LotVerdict(lot, outcome, verdicts, groups, _held(verdicts, groups), due)


def _criterion(
    criterion: Criterion, evidence: Sequence[Evidence], outcomes: Sequence[CriterionOutcome], terms: Terms
) -> CriterionVerdict:
    pairs = list(zip(evidence, outcomes, strict=True))
    if not pairs:
        raise KeyError(criterion.id)
    worst, outcome = min(pairs, key=lambda pair: _WORST_FIRST.index(pair[1]))
    return CriterionVerdict(
        id=criterion.id,
        characteristic=criterion.label,
        standing=criterion.standing,
        verdict=outcome,
        expected=expected_text(criterion, terms),
        observed=worst.observed or None,
        source=worst.sources[0] if worst.sources else None,
        group=criterion.group,
        note=worst.note,
        message=criterion.message,
        evidence=tuple(evidence),
        due=_is_due(criterion, pairs),
        iri=criterion.iri,
    )


def _is_due(criterion: Criterion, pairs: Sequence[tuple[Evidence, CriterionOutcome]]) -> bool:
    """Whether a result that is due after release is not there yet, or only as an interim reading that is in order."""
    if criterion.due != "after release" or criterion.group is not None:
        return False
    return all(outcome == "missing" or _is_interim(criterion, node, outcome) for node, outcome in pairs)


def _is_interim(criterion: Criterion, evidence: Evidence, outcome: CriterionOutcome) -> bool:
    asked, ran = criterion.duration, evidence.duration
    in_order = evidence.outcome in criterion.outcomes and not evidence.conflict and evidence.method == criterion.method
    return outcome == "undetermined" and in_order and asked is not None and ran is not None and ran < asked


def _groups(verdicts: Sequence[CriterionVerdict]) -> tuple[GroupVerdict, ...]:
    names = dict.fromkeys(verdict.group for verdict in verdicts if verdict.group is not None)
    groups = []
    for name in names:
        members = [verdict for verdict in verdicts if verdict.group == name]
        groups.append(GroupVerdict(name, tuple(member.id for member in members), _either_or(members)))
    return tuple(groups)


def _either_or(members: Sequence[CriterionVerdict]) -> CriterionOutcome:
    outcomes = {member.verdict for member in members}
    if "fail" in outcomes:
        return "fail"
    if any(node.conflict for member in members for node in member.evidence):
        return "undetermined"
    if "pass" in outcomes:
        return "pass"
    return "undetermined" if "undetermined" in outcomes else "missing"


def _standing(
    verdicts: Sequence[CriterionVerdict], groups: Sequence[GroupVerdict], standing: str
) -> list[CriterionOutcome]:
    """The verdicts that count for a standing: of each criterion outside a group, and of each group."""
    of = {verdict.id: verdict.standing for verdict in verdicts}
    alone = [verdict.verdict for verdict in verdicts if verdict.group is None and verdict.standing == standing]
    return alone + [group.verdict for group in groups if of[group.members[0]] == standing]


def _lot(gating: Sequence[CriterionOutcome]) -> LotOutcome:
    if "fail" in gating:
        return "fail"
    return "pass" if gating and all(outcome == "pass" for outcome in gating) else "incomplete"


def _held(verdicts: Sequence[CriterionVerdict], groups: Sequence[GroupVerdict]) -> tuple[str, ...]:
    """The ids of the reference criteria that are not shown; of an either/or that is not, those of its members."""
    shown = {group.id for group in groups if group.verdict == "pass"}
    return tuple(
        verdict.id
        for verdict in verdicts
        if verdict.standing == "reference"
        and not verdict.due
        and (verdict.verdict != "pass" if verdict.group is None else verdict.group not in shown)
    )


def expected_text(criterion: Criterion, terms: Terms) -> str:
    """The limit as laboratories write it: ``>= 95 %``, ``> 2 and <= 5 EU/mL``, ``not detected, by PCR, for 14 d``."""
    of = f" of {terms.label(criterion.population)}" if criterion.population is not None else ""
    return ", ".join((_limit_text(criterion, terms) + of, *_how(criterion)))


def _how(criterion: Criterion) -> Iterator[str]:
    """What is asked for beside the value."""
    if criterion.decimals is not None:
        yield f"rounded to {criterion.decimals} decimals"
    if criterion.method is not None:
        yield "by " + " or ".join(method.strip() for method in criterion.method.split("|"))
    if criterion.duration is not None:
        yield f"for {printed(criterion.duration)}"
    if criterion.window is not None:
        yield f"not older than {printed(criterion.window)}"
    if criterion.least_events is not None:
        yield f"of at least {criterion.least_events} events"
    if criterion.confidence is not None:
        yield f"with {_plain(criterion.confidence * 100).rstrip('0').rstrip('.')} % confidence"
    if criterion.due != "before release":
        yield f"due {criterion.due}"


def _limit_text(criterion: Criterion, terms: Terms) -> str:
    if criterion.operator == "one of":
        labels = {o.iri: o.label for c in terms.characteristics.values() for o in c.outcomes}
        return " or ".join(labels.get(outcome, outcome) for outcome in criterion.outcomes)
    unit = criterion.unit or ""
    unit = terms.units[unit].label if unit in terms.units else unit
    parts = []
    if criterion.low is not None:
        parts.append(f"{'>' if criterion.low_is_excluded else '>='} {_plain(criterion.low)}")
    if criterion.high is not None:
        parts.append(f"{'<' if criterion.high_is_excluded else '<='} {_plain(criterion.high)}")
    return f"{' and '.join(parts)} {unit}"


def _plain(value: Decimal) -> str:
    """A limit without exponent: 2000000, not 2E+6."""
    return format(value, "f")


def criterion_as_dict(verdict: CriterionVerdict) -> dict[str, object]:
    """One criterion as ``check --format json`` shows it (design section 6)."""
    source = verdict.source
    answer: dict[str, object] = {
        "id": verdict.id,
        "characteristic": verdict.characteristic,
        "standing": verdict.standing,
        "verdict": verdict.verdict,
        "expected": verdict.expected,
        "observed": verdict.observed,
        "source": None if source is None else {"file": source.file, "row": source.row, "column": source.column},
    }
    answer |= {"group": verdict.group} if verdict.group else {}
    answer |= {"note": verdict.note} if verdict.note else {}
    answer |= {"due": True} if verdict.due else {}
    return answer


def as_dict(verdict: LotVerdict) -> dict[str, object]:
    """One lot as ``check --format json`` shows it; ``groups``, ``held`` and ``due`` only where there are any."""
    answer: dict[str, object] = {
        "lot": verdict.lot,
        "verdict": verdict.verdict,
        "criteria": [criterion_as_dict(criterion) for criterion in verdict.criteria],
    }
    if verdict.groups:
        answer["groups"] = [
            {"id": group.id, "members": list(group.members), "verdict": group.verdict} for group in verdict.groups
        ]
    if verdict.held:
        answer["held"] = list(verdict.held)
    if verdict.due:
        answer["due"] = list(verdict.due)
    return answer
