"""Lots judged against a specification: evidence derived, held against SHACL in batches, and combined.

judge_lots(specification, {"P-07": results}, terms)            as ``check`` does
judge_lots(specification, {"P-07": results}, terms, compare=True)   as a release does
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType

from registry.domain import CriterionOutcome, Evidence, LotVerdict, Result, Specification
from registry.errors import Corrupt
from registry.judgement import combination, evidence, independent, shacl
from registry.vocabulary import Terms

Outcomes = dict[tuple[str, str], list[CriterionOutcome]]


def judge_lots(
    specification: Specification,
    results_by_lot: Mapping[str, Sequence[Result]],
    terms: Terms,
    *,
    stage: str | None = None,
    accepted: frozenset[str] = frozenset(),
    errors_by_lot: Collection[str] = (),
    compare: bool = False,
    at: datetime | None = None,
    origins_by_lot: Mapping[str, Mapping[str, Sequence[Result]]] | None = None,
    containers_by_lot: Mapping[str, int | None] = MappingProxyType({}),
) -> list[LotVerdict]:
    """The verdict of every lot, in the mapping's order.

    ``stage`` is an IRI. ``accepted`` are the IRIs of the retests and corrections that the quality unit has accepted.
    ``errors_by_lot`` are the lots with a row in error (a mapping's keys will do): never a pass, and judged even where
    nothing of them could be read. ``at`` is when they are judged, and ``origins_by_lot`` the results of what each is
    recorded to derive from; ``containers_by_lot`` how many containers each was recorded with, where it was. With
    ``compare``, as at a release, all three judges must agree on every evidence: the compiled engine, pySHACL and the
    plain comparison. Raises Corrupt when they do not, or when a SHACL run judged nothing.
    """
    in_error = {lot.casefold() for lot in errors_by_lot}
    derived = {
        lot: evidence.derive(
            specification,
            lot,
            results,
            terms,
            stage=stage,
            accepted=accepted,
            at=at,
            origins=(origins_by_lot or {}).get(lot),
            containers=containers_by_lot.get(lot),
        )
        for lot, results in _asked_of(results_by_lot, errors_by_lot).items()
    }
    outcomes: Outcomes = {}
    for batch in _batches(list(derived.values())):
        outcomes |= shacl.judge(specification, batch)
    if compare:
        every = [item for each in derived.values() for item in each]
        reference = shacl.judge(specification, every, by_reference=True)
        require_agreement(specification, "pySHACL", reference, outcomes)
        require_agreement(specification, "the plain comparison", independent.judge(specification, every), outcomes)
    return [
        combination.combine(specification, lot, each, outcomes, terms, has_row_errors=lot.casefold() in in_error)
        for lot, each in derived.items()
    ]


def _asked_of(
    results_by_lot: Mapping[str, Sequence[Result]], errors_by_lot: Collection[str]
) -> dict[str, Sequence[Result]]:
    """The lots to judge, those of which nothing could be read last; names are compared without regard to case."""
    known = {lot.casefold() for lot in results_by_lot}
    return {**results_by_lot, **{lot: () for lot in errors_by_lot if lot.casefold() not in known}}


def if_fresh(specification: Specification, verdict: LotVerdict, terms: Terms) -> LotVerdict:
    """What would be said at a time when every result whose time is known is fresh."""
    if all(criterion.window is None for criterion in specification.criteria):
        return verdict
    derived = [replace(each, age=Decimal(0)) if each.age is not None else each for each in _evidence(verdict)]
    outcomes = independent.judge(specification, derived)
    return combination.combine(specification, verdict.lot, derived, outcomes, terms)


def _evidence(verdict: LotVerdict) -> list[Evidence]:
    """What a verdict rests on, under the name of its lot: lots without any result share theirs."""
    return [replace(each, lot=verdict.lot) for item in verdict.criteria for each in item.evidence]


def _batches(lots: Sequence[Sequence[Evidence]]) -> Iterator[list[Evidence]]:
    """Whole lots together, up to about a batch: a call costs as much as two lots do."""
    batch: list[Evidence] = []
    for each in lots:
        if batch and len(batch) + len(each) > shacl.batch_size():
            yield batch
            batch = []
        batch.extend(each)
    if batch:
        yield batch


def require_agreement(specification: Specification, judge: str, compared: Outcomes, outcomes: Outcomes) -> None:
    """Raise Corrupt unless SHACL (``outcomes``) and another judge say the same of every piece of evidence."""
    different = [key for key in compared if compared[key] != outcomes.get(key)]
    if different or compared.keys() != outcomes.keys():
        raise Corrupt(
            f"{shacl.engine_name()} and {judge} do not agree: nothing may be released on either.",
            expected="the same verdict from both",
            where=specification.iri,
            todo="Report this with the files: it is a fault of the registry.",
            details=[f"lot {lot}, {criterion}: {shacl.engine_name()} {outcomes.get((lot, criterion))}, "
                     f"{judge} {compared[lot, criterion]}" for lot, criterion in different],
        )  # fmt: skip
