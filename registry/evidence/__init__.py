"""What bears on each criterion of one lot, derived from its results: never a guess, never an average.

    derive(specification, "P-07", results, terms)   one or more Evidence for every criterion, in the criteria's order

Which results are current is said in ``current``, what a cocktail bounds in ``cocktails``; here the stage is chosen and
results become intervals in the criterion's unit. What cannot be told is evidence that decides nothing, with a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from registry.evidence.cocktails import Bound, bounds, tightened
from registry.evidence.current import Relations, by
from registry.evidence.nodes import missing, of_result, undecided
from registry.model import Criterion, Evidence, Result, Specification
from registry.terms import Terms

__all__ = ["derive"]


def derive(
    specification: Specification,
    lot: str,
    results: Sequence[Result],
    terms: Terms,
    *,
    stage: str | None = None,
    accepted: frozenset[str] = frozenset(),
) -> tuple[Evidence, ...]:
    """The evidence of one lot for every criterion: at least one each, missing when nothing bears on it.

    ``stage`` (an IRI) names the stage for criteria that name none. ``accepted`` are the IRIs of retests and
    corrections which the quality unit has accepted. Results of other lots and co-expression gates bear on nothing.
    """
    mine = [result for result in results if result.gate is None and result.lot.casefold() == lot.casefold()]
    relations = Relations(mine, accepted)
    return tuple(
        evidence
        for criterion in specification.criteria
        for evidence in _of_criterion(criterion, lot, relations, terms, stage)
    )


def _of_criterion(
    criterion: Criterion, lot: str, relations: Relations, terms: Terms, stage: str | None
) -> list[Evidence]:
    relevant = [result for result in relations.standing if _bears(result, criterion, terms)]
    tested = [result for result in relevant if not relations.is_untested(result)]
    if not tested:
        if not relevant:
            return [missing(criterion, lot)]
        return [missing(criterion, lot, "recorded as not tested", relevant)]
    wanted = criterion.stage or stage
    if wanted is not None:
        chosen = [result for result in tested if result.stage == wanted]
        if not chosen:
            found = _stages((result.stage for result in tested), terms)
            return [missing(criterion, lot, f"no result at the stage {_stages([wanted], terms)}; there is one {found}")]
        return _at_stage(criterion, lot, chosen, relations, terms)
    stages = {result.stage for result in tested}
    if len(stages) > 1:
        note = f"results at several stages ({_stages(stages, terms)}): name one stage to judge"
        return [undecided(criterion, lot, tested, note, terms)]
    return _at_stage(criterion, lot, tested, relations, terms)


def _bears(result: Result, criterion: Criterion, terms: Terms) -> bool:
    measured = result.members or (result.characteristic,)
    return any(
        one == criterion.characteristic
        or (one in terms.characteristics and criterion.characteristic in terms.characteristics[one].evidence_for)
        for one in measured
    )


def _stages(stages: Iterable[str | None], terms: Terms) -> str:
    return ", ".join(sorted("without a stage" if s is None else terms.stages.get(s, s) for s in set(stages)))


def _at_stage(
    criterion: Criterion, lot: str, results: Sequence[Result], relations: Relations, terms: Terms
) -> list[Evidence]:
    own = [result for result in results if not result.members]
    found = bounds(criterion, lot, [result for result in results if result.members], relations, terms)
    nodes: list[Evidence] = []
    for group in by(lambda result: result.characteristic, own):
        nodes += _of_group(criterion, lot, group, relations, terms)
    if nodes:
        return [*(tightened(node, found.bounds) for node in nodes), *found.conflicts]
    return [*_alone(criterion, lot, found.bounds), *found.conflicts, *found.undecided]


def _of_group(
    criterion: Criterion, lot: str, group: Sequence[Result], relations: Relations, terms: Terms
) -> list[Evidence]:
    """The evidence of current results of one characteristic at one stage: each is judged, and the worst counts."""
    if relations.conflict(group):
        note = "several results that no relation connects: say which is a replicate, retest or correction of which"
        return [undecided(criterion, lot, group, note, terms, conflict=True)]
    nodes = [of_result(criterion, lot, result, relations.note(result), terms) for result in group]
    contested = [result for result in group if relations.is_contested(result)]
    if contested:
        note = "a correction that the quality unit has not accepted yet says that this was something else"
        nodes.append(undecided(criterion, lot, contested, note, terms))
    return nodes


def _alone(criterion: Criterion, lot: str, found: Sequence[Bound]) -> list[Evidence]:
    """What cocktails alone say of a member: at most the smallest of their figures."""
    if not found:
        return []
    interval = found[0].interval
    for bound in found[1:]:
        interval = interval.intersect(bound.interval)
    return [
        Evidence(
            lot,
            criterion.id,
            present=True,
            interval=interval,
            unit=criterion.unit,
            observed=", ".join(bound.observed for bound in found),
            note="; ".join(bound.note for bound in found if bound.note),
            sources=tuple(bound.result.source for bound in found),
            derived_from=tuple(bound.result.iri for bound in found if bound.result.iri is not None),
        )
    ]
