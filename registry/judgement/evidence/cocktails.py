"""What one figure for several markers says of each: [0, figure]. Derived evidence, not a second result.

A cocktail of CD34|CD11b|CD19|CD45|HLA-DR at 0.9 % shows that no more than 0.9 % carry any one of them. At 2.5 % it
neither shows nor refutes "at most 2 %" for a member. It is intersected with a member's own result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from registry.domain import Criterion, Evidence, Interval, Result
from registry.judgement.evidence.counting import of_other_cells
from registry.judgement.evidence.nodes import converted, observed, undecided
from registry.judgement.evidence.relations import Relations, by
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Bound:
    """What one cocktail says of each of its members, in the criterion's unit."""

    interval: Interval
    observed: str
    note: str
    result: Result


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a lot's cocktails say of one criterion; ``undecided`` are those that give no figure."""

    bounds: tuple[Bound, ...]
    conflicts: tuple[Evidence, ...]
    undecided: tuple[Evidence, ...]


def members(criterion: Criterion, terms: Terms) -> frozenset[str] | None:
    """The markers of the cocktail that a criterion asks one figure for; None for a criterion of one characteristic."""
    return next((cocktail.members for cocktail in terms.cocktails if cocktail.iri == criterion.characteristic), None)


def bounds(criterion: Criterion, lot: str, results: Sequence[Result], relations: Relations, terms: Terms) -> Bounds:
    """The bound that each different cocktail sets; of replicates and open retests, the widest one."""
    narrowest: list[Bound] = []
    conflicts: list[Evidence] = []
    open_ones: list[Evidence] = []
    for group in by(lambda result: frozenset(result.members), results):
        each = [_bound(criterion, result, relations, terms) for result in group]
        figures = [bound for bound in each if bound is not None]
        if relations.conflict(group):
            note = "several cocktail results that no relation connects"
            conflicts.append(undecided(criterion, lot, group, note, terms, conflict=True))
        elif len(figures) < len(group) or any(relations.is_contested(result) for result in group):
            note = "the cocktail gives no figure that bounds its members"
            open_ones.append(undecided(criterion, lot, group, note, terms))
        else:
            narrowest.append(max(figures, key=_width))
    return Bounds(tuple(narrowest), tuple(conflicts), tuple(open_ones))


def _width(bound: Bound) -> tuple[Decimal, bool]:
    high = bound.interval.high
    return (Decimal("Infinity") if high is None else high, not bound.interval.high_open)


def _bound(criterion: Criterion, result: Result, relations: Relations, terms: Terms) -> Bound | None:
    if result.reading.interval is None or criterion.operator == "one of":
        return None
    interval = converted(result.reading.interval, result.unit, criterion.unit, terms)
    if interval is None or interval.high is None or of_other_cells(criterion, result, terms):
        return None
    member = Interval(_least(criterion, terms), interval.high, False, interval.high_open)
    return Bound(member, observed(result, terms), relations.note(result), result)


def _least(criterion: Criterion, terms: Terms) -> Decimal | None:
    """The least value the characteristic can have: 0, which is 0 in every unit, or unknown."""
    known = terms.characteristics.get(criterion.characteristic)
    return Decimal(0) if known is not None and known.range is not None and known.range.low == 0 else None


def tightened(evidence: Evidence, known_bounds: Sequence[Bound]) -> Evidence:
    """A member's own evidence held together with its cocktails; contradicting each other they decide nothing."""
    interval = evidence.interval
    if interval is None:
        return evidence
    used: list[Bound] = []
    for bound in known_bounds:
        narrower = interval.intersect(bound.interval)
        if narrower != interval:
            interval, used = narrower, [*used, bound]
    if not used:
        return evidence
    together = replace(
        evidence,
        observed=f"{evidence.observed} ({', '.join(bound.observed for bound in used)})",
        sources=(*evidence.sources, *(bound.result.source for bound in used)),
        derived_from=(*evidence.derived_from, *(b.result.iri for b in used if b.result.iri is not None)),
    )
    if interval.is_empty:
        note = "; ".join(text for text in (evidence.note, "the cocktail contradicts the marker's own result") if text)
        return replace(together, interval=None, unit=None, note=note, conflict=True)
    return replace(together, interval=interval)
