"""What bears on each criterion of one lot, derived from its results: never a guess, never an average.

    derive(specification, "P-07", results, terms)   one or more Evidence for every criterion, in the criteria's order

Here the stage is chosen and results become intervals in the criterion's unit. What cannot be told is evidence that
decides nothing, with a note: the criterion is then undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import Criterion, Evidence, Result, Specification
from registry.judgement.evidence.cocktails import Bound, bounds, members, tightened
from registry.judgement.evidence.counting import counted
from registry.judgement.evidence.dose import by_dose
from registry.judgement.evidence.nodes import in_unit, missing, noted, of_result, refutes, undecided
from registry.judgement.evidence.provenance import by_method, obtained, without_interim
from registry.judgement.evidence.retests import Relations, by
from registry.vocabulary import Terms

__all__ = ["bears", "derive"]


def derive(
    specification: Specification,
    lot: str,
    results: Sequence[Result],
    terms: Terms,
    *,
    stage: str | None = None,
    accepted: frozenset[str] = frozenset(),
    at: datetime | None = None,
    origins: Mapping[str, Sequence[Result]] | None = None,
    containers: int | None = None,
    only: str | None = None,
) -> tuple[Evidence, ...]:
    """The evidence of one lot for every criterion: at least one each, missing when nothing bears on it.

    ``stage`` (an IRI) names the stage for criteria that name none. ``accepted`` are the IRIs of retests and
    corrections which the quality unit has accepted. ``at`` is when it is judged: without it no result is fresh.
    ``origins`` are the results of what the lot is recorded to derive from, by lot: what a criterion may be inherited
    from. ``containers`` is how many the lot's own record says. Results of other lots and co-expression gates bear on
    nothing. ``only`` is the id of the one criterion that is asked for.
    """
    about = About(
        lot=lot,
        relations=_relations(lot, results, accepted),
        terms=terms,
        stage=stage,
        at=at,
        origins={name: _relations(name, its, accepted) for name, its in (origins or {}).items()},
        criteria=specification.criteria,
        containers=containers,
    )
    asked = [criterion for criterion in specification.criteria if only is None or criterion.id == only]
    return tuple(node for criterion in asked for node in _of_criterion(criterion, about))


def _relations(lot: str, results: Sequence[Result], accepted: frozenset[str]) -> Relations:
    mine = [result for result in results if result.gate is None and result.lot.casefold() == lot.casefold()]
    return Relations(mine, accepted)


@dataclass(frozen=True, slots=True)
class About:
    """One lot, and what is known of it when its criteria are judged."""

    lot: str
    relations: Relations
    terms: Terms
    stage: str | None
    at: datetime | None
    origins: Mapping[str, Relations]
    criteria: tuple[Criterion, ...]
    containers: int | None


def _of_criterion(criterion: Criterion, about: About) -> list[Evidence]:
    lot, terms = about.lot, about.terms
    relevant = [result for result in about.relations.standing if bears(result, criterion, terms)]
    tested = [result for result in relevant if not about.relations.is_untested(result)]
    wanted = criterion.stage or about.stage
    chosen = [result for result in tested if wanted is None or result.stage == wanted]
    if not chosen and criterion.inherited_from is not None:
        return _inherited(criterion, about, tested)
    if not tested:
        return [missing(criterion, lot, "recorded as not tested", relevant)] if relevant else [missing(criterion, lot)]
    if not chosen and wanted is not None:
        elsewhere = _stages((result.stage for result in tested), terms)
        bad = [result for result in tested if refutes(criterion, result, terms)]
        if criterion.due == "after release" and bad:
            where = _stages((result.stage for result in bad), terms)
            note = f"a bad result {where}: nobody can tell that it says nothing of {_stages([wanted], terms)}"
            return [undecided(criterion, lot, bad, note, terms)]
        return [missing(criterion, lot, f"no result at the stage {_stages([wanted], terms)}; there is one {elsewhere}")]
    stages = {result.stage for result in chosen}
    if len(stages) > 1:
        note = f"results at several stages ({_stages(stages, terms)}), and the specification names none"
        return [undecided(criterion, lot, tested, note, terms)]
    return _at_stage(criterion, about, chosen, about.relations)


def _inherited(criterion: Criterion, about: About, own: Sequence[Result]) -> list[Evidence]:
    """What was shown at an earlier stage, on this lot or on every lot that it is recorded to derive from.

    Without a recorded derivation, or a result there, nothing is inherited and nobody can tell: undetermined.
    """
    terms, stage = about.terms, criterion.inherited_from
    earlier = [result for result in own if result.stage == stage]
    where = _stages([stage], terms)
    if earlier:
        shown = _at_stage(criterion, about, earlier, about.relations)
        return [noted(node, f"shown at the stage {where}") for node in shown]
    if not about.origins:
        note = f"not tested at this stage, and no lot is recorded from which it could be inherited ({where})"
        return [undecided(criterion, about.lot, (), note, terms)]
    nodes: list[Evidence] = []
    for origin, relations in about.origins.items():
        results = [result for result in relations.standing if bears(result, criterion, terms) and result.stage == stage]
        results = [result for result in results if not relations.is_untested(result)]
        if results:
            nodes += [noted(node, f"inherited from {origin}, {where}")
                      for node in _at_stage(criterion, about, results, relations)]  # fmt: skip
        else:
            note = f"nothing to inherit: {origin} has no result at the stage {where}"
            nodes.append(undecided(criterion, about.lot, (), note, terms))
    return nodes


def bears(result: Result, criterion: Criterion, terms: Terms) -> bool:
    """Whether a result says anything of the criterion, wholly or in part, at whatever stage and by whatever method."""
    asked = members(criterion, terms)
    if asked is not None:
        return frozenset(result.members) == asked
    return any(_is_evidence(marker, criterion, terms, whole=False) for marker in _measured(result))


def _measured(result: Result) -> tuple[str, ...]:
    return result.members or (result.characteristic,)


def _is_evidence(marker: str, criterion: Criterion, terms: Terms, *, whole: bool) -> bool:
    """Whether a marker is evidence for the criterion's; ``whole``: not only in part, as HLA-DP is for MHC II."""
    known = terms.characteristics.get(marker)
    if marker == criterion.characteristic or (known is not None and criterion.characteristic in known.evidence_for):
        return True
    return not whole and known is not None and criterion.characteristic in known.in_part_for


def _stages(stages: Iterable[str | None], terms: Terms) -> str:
    return ", ".join(sorted("without a stage" if s is None else terms.stages.get(s, s) for s in set(stages)))


def _at_stage(criterion: Criterion, about: About, results: Sequence[Result], relations: Relations) -> list[Evidence]:
    """What the results of one stage show: by the criterion's method alone, and not past growth by another one.

    Growth by a method that another criterion asks for is that criterion's.
    """
    lot, terms = about.lot, about.terms
    chosen = [result for result in results if by_method(criterion, result, terms)]
    if not chosen:
        note = f"obtained by another method than {criterion.method}, or by one that is not stated"
        return [undecided(criterion, lot, results, note, terms)]
    shown = _by_its_method(criterion, about, chosen, relations)
    if criterion.operator == "one of":
        asked = [other for other in about.criteria if other.characteristic == criterion.characteristic]
        others = [result for result in results if not any(by_method(other, result, terms) for other in asked)]
        if bad := [result for result in others if refutes(criterion, result, terms)]:
            note = f"a bad result by another method than {criterion.method} contradicts it"
            return [*shown, undecided(criterion, lot, bad, note, terms, conflict=True)]
    return shown


def _by_its_method(
    criterion: Criterion, about: About, results: Sequence[Result], relations: Relations
) -> list[Evidence]:
    """What evidence for the criterion shows; what is evidence in part has to satisfy it too, and shows nothing."""
    terms, alone = about.terms, members(criterion, about.terms) is not None
    is_whole = [alone or any(_is_evidence(marker, criterion, terms, whole=True) for marker in _measured(result))
                for result in results]  # fmt: skip
    whole = [result for result, holds in zip(results, is_whole, strict=True) if holds]
    parts = [result for result, holds in zip(results, is_whole, strict=True) if not holds]
    shown = _shown_by(criterion, about, whole, relations) if whole else []
    if not parts:
        return shown
    shown += _shown_by(criterion, about, parts, relations)
    if not whole:
        note = f"{', '.join(dict.fromkeys(result.label for result in parts))} alone does not show {criterion.label}"
        shown.append(undecided(criterion, about.lot, parts, note, terms))
    return shown


def _shown_by(criterion: Criterion, about: About, results: Sequence[Result], relations: Relations) -> list[Evidence]:
    lot, terms = about.lot, about.terms
    chosen = without_interim(criterion, results)
    alone = members(criterion, terms) is not None
    own = chosen if alone else [result for result in chosen if not result.members]
    nodes: list[Evidence] = []
    for group in by(lambda result: result.characteristic, own):
        nodes += _of_group(criterion, about, group, relations)
    if alone or _asks_how(criterion):
        return nodes or [undecided(criterion, lot, chosen, "a cocktail does not say how a member was measured", terms)]
    bounded = bounds(criterion, lot, [result for result in chosen if result.members], relations, terms)
    if nodes:
        return [*(tightened(node, bounded.bounds) for node in nodes), *bounded.conflicts]
    return [*_alone(criterion, lot, bounded.bounds), *bounded.conflicts, *bounded.undecided]


def _asks_how(criterion: Criterion) -> bool:
    beside = (criterion.method, criterion.duration, criterion.window, criterion.population, criterion.confidence,
              criterion.least_events)  # fmt: skip
    return any(asked is not None for asked in beside)


def _of_group(criterion: Criterion, about: About, group: Sequence[Result], relations: Relations) -> list[Evidence]:
    """The evidence of current results of one characteristic at one stage: each is judged, and the worst counts."""
    lot, terms = about.lot, about.terms
    if relations.conflict(group):
        note = "several results that no relation connects: say which is a replicate, retest or correction of which"
        return [undecided(criterion, lot, group, note, terms, conflict=True)]
    nodes = []
    containers = about.containers if relations is about.relations else None  # an origin's are its own
    for result in group:
        node = of_result(criterion, lot, result, relations.note(result), terms)
        node = by_dose(node, criterion, result, relations.standing, terms, containers)
        node = counted(node, criterion, result, in_unit(criterion, result, terms))
        nodes.append(obtained(criterion, node, result, about.at))
    contested = [result for result in group if relations.is_contested(result)]
    if contested:
        note = "a correction that the quality unit has not accepted yet says that this was something else"
        nodes.append(undecided(criterion, lot, contested, note, terms))
    return nodes


def _alone(criterion: Criterion, lot: str, known_bounds: Sequence[Bound]) -> list[Evidence]:
    """What cocktails alone say of a member: at most the smallest of their figures."""
    if not known_bounds:
        return []
    interval = known_bounds[0].interval
    for bound in known_bounds[1:]:
        interval = interval.intersect(bound.interval)
    return [
        Evidence(
            lot,
            criterion.id,
            present=True,
            interval=interval,
            unit=criterion.unit,
            observed=", ".join(bound.observed for bound in known_bounds),
            note="; ".join(bound.note for bound in known_bounds if bound.note),
            sources=tuple(bound.result.source for bound in known_bounds),
            derived_from=tuple(bound.result.iri for bound in known_bounds if bound.result.iri is not None),
        )
    ]
