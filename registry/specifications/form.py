"""Whether a specification contradicts itself, before it becomes shapes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import get_args

from registry.domain import Criterion, Due, Interval, Rounding, Specification
from registry.errors import WrongUsage
from registry.identifiers import OBO

PERCENT = OBO + "UO_0000187"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CLAIM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,63}")
_IRI = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_SHAPE_SUFFIX = re.compile(
    r"-(present|not-refuted|shown|accepted-[0-9]+)(-low|-high)?(-open|-closed|-unit|-method|-duration|-age|-population|-confidence|-events)?$|^omits-"
)
_SIDES = {">=": (True, False), ">": (True, False), "<=": (False, True), "<": (False, True), "range": (True, True),
          "one of": (False, False)}  # fmt: skip


def problems(specification: Specification) -> tuple[str, ...]:
    """Everything by which a specification contradicts itself or leaves something unsaid, as sentences."""
    return (
        *_of_the_whole(specification),
        *(f"{c.id or '(no id)'}: {problem}" for c in specification.criteria for problem in _of_criterion(c)),
        *_of_groups(specification),
    )


def require_sound(specification: Specification) -> None:
    """Raise WrongUsage listing every problem, if there is any."""
    faults = problems(specification)
    if faults:
        raise WrongUsage(
            f"The specification {specification.id or '(no id)'} contradicts itself or leaves something unsaid.",
            expected="criteria that each name one characteristic, one limit and their source",
            todo="Correct what is listed and compile again.",
            details=faults,
        )


def _of_the_whole(specification: Specification) -> Iterator[str]:
    for word, value in (("id", specification.id), ("version", specification.version)):
        if not _NAME.fullmatch(value):
            yield f"the {word} is {value!r}; expected lower-case letters and digits joined by single hyphens"
    for word in ("title", "description", "source", "drafted_by"):
        if not getattr(specification, word).strip():
            yield f"the {word.replace('_', ' ')} is empty"
    if not any(c.standing == "gating" and c.due == "before release" for c in specification.criteria):
        yield "no criterion is gating: every lot would pass"
    yield from _of_header(specification)
    for identifier, count in Counter(criterion.id for criterion in specification.criteria).items():
        if count > 1:
            yield f"the criterion id {identifier} is used {count} times"
    left_out = {characteristic for characteristic, _ in specification.omissions}
    for characteristic, justification in specification.omissions:
        if not _IRI.fullmatch(characteristic) or not justification.strip():
            yield f"the omission of {characteristic!r} needs a characteristic's IRI and a justification in words"
    for criterion in specification.criteria:
        if criterion.characteristic in left_out:
            yield f"{criterion.id}: its characteristic is also listed as left out"


def _of_header(specification: Specification) -> Iterator[str]:
    for word, iri in (("cell type", specification.cell_type), ("species", specification.species)):
        if iri is not None and not _IRI.fullmatch(iri):
            yield f"the {word} is {iri!r}; expected an absolute IRI"
    if specification.rounding not in get_args(Rounding):
        yield f"the rounding rule is {specification.rounding!r}; expected {' or '.join(get_args(Rounding))}"
    for criterion in specification.criteria:
        rounded = specification.rounding == "round to limit" and criterion.operator != "one of"
        if rounded != (criterion.decimals is not None):
            yield f"{criterion.id}: decimals to round to belong to the numeric limits of a specification that rounds"
        elif criterion.decimals is not None and not _is_printed_with(criterion, criterion.decimals):
            yield f"{criterion.id}: its limit cannot be printed with {criterion.decimals} decimals"


def _is_printed_with(criterion: Criterion, decimals: int) -> bool:
    limits = [limit for limit in (criterion.low, criterion.high) if limit is not None and limit.is_finite()]
    return 0 <= decimals <= 28 and all(-int(limit.normalize().as_tuple().exponent) <= decimals for limit in limits)


def _of_criterion(criterion: Criterion) -> Iterator[str]:
    if not _NAME.fullmatch(criterion.id) or _SHAPE_SUFFIX.search(criterion.id):
        yield "the id must be lower-case letters and digits joined by single hyphens, and not end as a shape's name"
    for word in ("label", "name", "description", "message"):
        if not getattr(criterion, word).strip():
            yield f"the {word} is empty"
    for word in ("group", "method", "justification", "note"):
        value = getattr(criterion, word)
        if value is not None and not value.strip():
            yield f"the {word} is empty; leave it out instead"
    terms = (("characteristic", criterion.characteristic), ("unit", criterion.unit), ("stage", criterion.stage),
             ("stage it is inherited from", criterion.inherited_from))  # fmt: skip
    for word, iri in (*terms, *(("accepted outcome", outcome) for outcome in criterion.outcomes)):
        if iri is not None and not _IRI.fullmatch(iri):
            yield f"the {word} is {iri!r}; expected an absolute IRI"
    for word, hours in (("duration", criterion.duration), ("window", criterion.window)):
        if hours is not None and not (hours.is_finite() and hours > 0):
            yield f"the {word} is {hours} hours; expected a time longer than nothing"
    if criterion.claim is not None and not _CLAIM.fullmatch(criterion.claim):
        yield f"the claim is {criterion.claim!r}; expected the identifier of a claim: letters, digits or . _ -"
    if criterion.due not in get_args(Due):
        yield f"it is due {criterion.due!r}; expected {' or '.join(get_args(Due))}"
    yield from _of_limits(criterion)
    yield from _of_counting(criterion)


def _of_counting(criterion: Criterion) -> Iterator[str]:
    """What only a percentage can be asked: of which cells, of how many, with what confidence."""
    asked = {"population": criterion.population, "confidence": criterion.confidence, "events": criterion.least_events}
    for word, value in asked.items():
        if value is not None and criterion.unit != PERCENT:
            yield f"it asks for {word}, and its limit is not in percent"
    if criterion.population is not None and not _IRI.fullmatch(criterion.population):
        yield f"the population is {criterion.population!r}; expected an absolute IRI"
    if criterion.confidence is not None and not (
        criterion.confidence.is_finite() and Decimal("0.5") <= criterion.confidence <= Decimal("0.999999")
    ):
        yield f"the confidence is {criterion.confidence}; expected a number from 0.5 to 0.999999, such as 0.95"
    if criterion.least_events is not None and criterion.least_events < 1:
        yield f"the least number of events is {criterion.least_events}; expected 1 or more"


def _of_limits(criterion: Criterion) -> Iterator[str]:
    if criterion.operator not in _SIDES:
        yield f"the operator is {criterion.operator!r}; expected one of {', '.join(_SIDES)}"
        return
    for word, wanted, limit in zip(("low", "high"), _SIDES[criterion.operator], (criterion.low, criterion.high),
                                   strict=True):  # fmt: skip
        if wanted != (limit is not None):
            yield f"the operator {criterion.operator} {'needs a' if wanted else 'takes no'} {word} limit"
        elif limit is not None and not limit.is_finite():
            yield f"the {word} limit is {limit}, which is no number"
    if criterion.operator != "range" and (criterion.low_open or criterion.high_open):
        yield f"the operator {criterion.operator} says itself whether its limit is included"
    admitted = Interval(criterion.low, criterion.high, criterion.low_open, criterion.high_open)
    if criterion.operator == "range" and admitted.is_empty:
        yield f"no value lies between {criterion.low} and {criterion.high}"
    if (criterion.operator == "one of") != bool(criterion.outcomes):
        yield "accepted outcomes belong to the operator 'one of', and it needs at least one"
    if (criterion.operator == "one of") == (criterion.unit is not None):
        yield "a numeric limit needs its unit, and outcomes have none"


def _of_groups(specification: Specification) -> Iterator[str]:
    groups: defaultdict[str, list[Criterion]] = defaultdict(list)
    for criterion in specification.criteria:
        if criterion.group is not None:
            groups[criterion.group].append(criterion)
    ids = {criterion.id for criterion in specification.criteria}
    for group, members in groups.items():
        if not _NAME.fullmatch(group) or group in ids:
            yield f"the group id {group!r} must be lower-case words joined by hyphens, and no criterion's id"
        if len(members) < 2:
            yield f"the group {group} has one member: an either/or needs two"
        if len({member.standing for member in members}) > 1:
            yield f"the group {group} mixes standings: all of its members gate, or none does"
        if any(member.due != "before release" for member in members):
            yield f"the group {group} is due after release: only a criterion of its own can be"
