"""What contaminates a lot, as far as its markers say: advice beside the verdict, which it never changes.

A marker is there when its interval lies above the limit of the negative markers, and absent when it lies at or below:
2 % (ISCT; Dominici 2006, doi 10.1080/14653240600855905), or what the lot's own specification asks for where that is
stricter. Anything else, and anything that nobody measured, is left open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from registry.domain import Result, Specification, with_unit
from registry.identifiers import OBO
from registry.judgement.contaminants import Advice, Conclusion, Findings, Open, Pattern, advise, present
from registry.judgement.evidence.relations import Relations
from registry.ontology_releases.slices.patterns import bridges
from registry.ontology_releases.slices.slices import Slice
from registry.services.answers import ContaminantAdvice, TermRef
from registry.services.lot_state import LotState
from registry.vocabulary import Terms

LIMIT = Decimal(2)
PERCENT = OBO + "UO_0000187"


@dataclass
class _Measured:
    """What one stage's results say of each marker: there, absent, and how each was printed."""

    carries: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)
    printed: dict[str, str] = field(default_factory=dict)


def contaminants(terms: Terms, cells: Slice, state: LotState) -> tuple[ContaminantAdvice, ...]:
    """What the lot's markers point to, stage by stage; empty for a lot whose panel departs from nothing."""
    stages: dict[str | None, list[Result]] = {}
    for result in Relations(state.facts.results, state.facts.accepted).standing:
        stages.setdefault(result.stage, []).append(result)
    advised: list[ContaminantAdvice] = []
    for stage, results in stages.items():
        measured = _measured(terms, results, state.specification)
        label = terms.stages.get(stage, stage) if stage else None
        advised += _advice(terms, cells, measured, label)
    return tuple(advised)


def _measured(terms: Terms, results: Iterable[Result], against: Specification | None) -> _Measured:
    measured = _Measured()
    for result in results:
        interval = result.reading.interval
        if interval is None or result.unit != PERCENT or result.gate is not None:
            continue
        for marker in result.members or (result.characteristic,):
            characteristic = terms.characteristics.get(marker)
            if characteristic is None or characteristic.kind not in {"surface marker", "intracellular marker"}:
                continue
            limit = _limit(marker, against)
            named = (marker, *characteristic.evidence_for)
            if not result.members and interval.low is not None and _above(interval.low, interval.low_open, limit):
                measured.carries |= set(named)
            elif interval.high is not None and interval.high <= limit:
                measured.lacks |= set(named)
            measured.printed |= dict.fromkeys(named, f"{characteristic.symbol} {with_unit(result.printed, '%')}")
    return measured


def _above(low: Decimal, is_open: bool, limit: Decimal) -> bool:
    return low >= limit if is_open else low > limit


def _limit(marker: str, against: Specification | None) -> Decimal:
    asked = [
        criterion.high
        for criterion in (against.criteria if against else ())
        if criterion.characteristic == marker and criterion.high is not None and criterion.operator in {"<=", "<"}
    ]
    return min([LIMIT, *asked])


def _advice(terms: Terms, cells: Slice, measured: _Measured, stage: str | None) -> list[ContaminantAdvice]:
    patterns = [pattern for pattern in (*bridges(), *cells.patterns) if pattern.points_to]
    findings = Findings(carries=frozenset(measured.carries), lacks=frozenset(measured.lacks))
    advice = advise(findings, patterns, cells.kinds, terms.is_a)
    names = {marker: measured.printed[shown] for marker, shown in _shown(measured, cells.kinds).items()}
    told = [_contradiction(terms, marker, stage, names) for marker in advice.contradictions]
    told += [_suspicion(terms, cells, conclusion, stage, names) for conclusion in advice.conclusions]
    return told + _undecided(terms, advice, stage, names)


def _shown(measured: _Measured, kinds: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """For each marker that is spoken of, the one that was measured: CD45RA shows CD45."""
    implied = {above: marker for marker in measured.carries for above in present([marker], kinds)}
    return implied | {marker: marker for marker in measured.printed}


def _points_to(terms: Terms, pattern: Pattern) -> tuple[TermRef, ...]:
    cells = [(iri, terms.any_term(iri)) for iri in pattern.points_to]
    return tuple(TermRef(terms.curie(iri), term.label if term else "") for iri, term in cells)


def _suspicion(
    terms: Terms, ontology: Slice, conclusion: Conclusion, stage: str | None, names: Mapping[str, str]
) -> ContaminantAdvice:
    cells = _points_to(terms, conclusion.pattern)
    there = ", ".join(names.get(marker, terms.label(marker)) for marker in conclusion.because)
    absent = ", ".join(names.get(marker, terms.label(marker)) for marker in conclusion.absent)
    why = f"carries {there}" if there else ""
    why += (" and " if there and absent else "") + (f"lacks {absent}" if absent else "")
    missing = [ontology.labels.get(iri, terms.curie(iri)) for iri in conclusion.pattern.functions]
    also = f" It is also defined by what no panel shows: {', '.join(missing)}." if missing else ""
    return ContaminantAdvice(
        kind="suspected",
        points_to=cells,
        sentence=f"{' or '.join(cell.label or cell.id for cell in cells)} suspected: the panel {why}.{also}",
        markers=tuple(terms.label(marker) for marker in (*conclusion.because, *conclusion.absent)),
        would_decide=(),
        source=conclusion.pattern.source or f"definition of {terms.curie(conclusion.pattern.iri)} in the Cell Ontology",
        stage=stage,
    )


def _contradiction(terms: Terms, marker: str, stage: str | None, names: Mapping[str, str]) -> ContaminantAdvice:
    label = terms.label(marker)
    return ContaminantAdvice(
        kind="contradiction",
        points_to=(),
        sentence=f"{label} is found both there and absent at one stage: nothing is concluded from this panel.",
        markers=(label,),
        would_decide=(label,),
        source="no cell both carries and lacks one marker",
        stage=stage,
    )


def _undecided(terms: Terms, advice: Advice, stage: str | None, names: Mapping[str, str]) -> list[ContaminantAdvice]:
    """For markers that are there and explained by nothing yet: what would tell which cells carry them."""
    explained = {marker for conclusion in advice.conclusions for marker in conclusion.because}
    groups: dict[tuple[str, ...], list[Open]] = {}
    for open_ in advice.undecided:
        if not set(open_.because) <= explained:
            groups.setdefault(open_.because, []).append(open_)
    advised = []
    for because, possible in groups.items():
        cells = tuple(cell for open_ in possible for cell in _points_to(terms, open_.pattern))
        deciding = tuple(dict.fromkeys(terms.label(marker) for open_ in possible for marker in open_.unmeasured))
        there = ", ".join(names.get(marker, terms.label(marker)) for marker in because)
        advised.append(
            ContaminantAdvice(
                kind="undecided",
                points_to=cells,
                sentence=(
                    f"{there}: it could be {', '.join(cell.label or cell.id for cell in cells)}. "
                    f"{', '.join(deciding)} not decided here would tell."
                ),
                markers=tuple(terms.label(marker) for marker in because),
                would_decide=deciding,
                source="; ".join(dict.fromkeys(open_.pattern.source for open_ in possible)),
                stage=stage,
            )
        )
    return advised
