"""What contaminates a lot, as far as its markers say: advice beside the verdict, which it never changes.

A marker is there when its interval lies outside the limit of the negative markers, and within it when all of it does:
at most 2 % (ISCT; Dominici 2006, doi 10.1080/14653240600855905), or what the lot's own specification asks for where
that is stricter, such as OCT4 below 0.1 %. Anything else, and anything that nobody measured, is left open.

A limit is of a lot and not of a cell (``ontology/bridge.ttl``): that at most 2 % of the cells carry CD45 shows cells
without CD45 only where more of them carry another marker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from registry.domain import Interval, Result, Specification, with_unit
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
    """What one stage's results say of each marker: there, within its limit, and how each was printed.

    ``least`` and ``most`` are the percentages of cells that are sure to carry it, and that may.
    """

    carries: set[str] = field(default_factory=set)
    lacks: set[str] = field(default_factory=set)
    printed: dict[str, str] = field(default_factory=dict)
    least: dict[str, Decimal] = field(default_factory=dict)
    most: dict[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class _Limit:
    """At most so many percent, or less than that."""

    high: Decimal = LIMIT
    excluded: bool = False

    def is_above(self, interval: Interval) -> bool:
        """Whether all of a figure lies outside."""
        low = interval.low
        if low is None:
            return False
        return low > self.high or (low == self.high and (interval.low_open or self.excluded))

    def holds(self, interval: Interval) -> bool:
        """Whether all of a figure lies within."""
        high = interval.high
        if high is None:
            return False
        return high < self.high or (high == self.high and (interval.high_open or not self.excluded))


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
            if not result.members and limit.is_above(interval):
                measured.carries |= set(named)
                least = interval.low or Decimal(0)
                measured.least |= {name: min(least, measured.least.get(name, least)) for name in named}
            elif interval.high is not None and limit.holds(interval):
                measured.lacks |= set(named)
                most = interval.high
                measured.most |= {name: max(most, measured.most.get(name, most)) for name in named}
            measured.printed |= dict.fromkeys(named, f"{characteristic.symbol} {with_unit(result.printed, '%')}")
    return measured


def _limit(marker: str, against: Specification | None) -> _Limit:
    """The strictest that is asked of a marker: the usual one, or the lot's own specification's."""
    asked = [
        _Limit(criterion.high, criterion.high_is_excluded)
        for criterion in (against.criteria if against else ())
        if criterion.characteristic == marker
        and criterion.high is not None
        and criterion.operator in {"<=", "<"}
        and criterion.unit == PERCENT
    ]
    return min([_Limit(), *asked], key=lambda limit: (limit.high, not limit.excluded))


def _advice(terms: Terms, cells: Slice, measured: _Measured, stage: str | None) -> list[ContaminantAdvice]:
    patterns = [pattern for pattern in (*bridges(), *cells.patterns) if pattern.points_to]
    findings = Findings(carries=frozenset(measured.carries), lacks=frozenset(measured.lacks))
    shown = _shown(measured, cells.kinds)
    there = present(measured.carries, cells.kinds)
    together = [each for each in patterns if set(each.carries) <= there and _may_be_together(each, measured, shown)]
    advice = advise(findings, [each for each in patterns if each not in together], cells.kinds, terms.is_a)
    names = {marker: measured.printed[origin] for marker, origin in shown.items()}
    told = [_contradiction(terms, marker, stage, names) for marker in advice.contradictions]
    told += [_suspicion(terms, cells, conclusion, stage, names) for conclusion in advice.conclusions]
    told += [_may_be_of_others(terms, pattern, stage, names) for pattern in together if pattern.is_bridge]
    return told + _undecided(terms, advice, stage, names)


def _may_be_together(pattern: Pattern, measured: _Measured, shown: Mapping[str, str]) -> bool:
    """Of a pattern whose markers are there: whether every cell with one of them may carry what it must lack.

    Only where more cells carry a marker than may carry another do some carry it without the other.
    """
    if not pattern.lacks or not set(pattern.lacks) <= measured.lacks:
        return False
    most = max(measured.most[marker] for marker in pattern.lacks)
    return not pattern.carries or any(measured.least[shown[marker]] <= most for marker in pattern.carries)


def _may_be_of_others(terms: Terms, pattern: Pattern, stage: str | None, names: Mapping[str, str]) -> ContaminantAdvice:
    there, absent = (", ".join(names[marker] for marker in markers) for markers in (pattern.carries, pattern.lacks))
    cells = _points_to(terms, pattern)
    return ContaminantAdvice(
        kind="undecided",
        points_to=cells,
        sentence=(
            f"{there}: it could be {' or '.join(cell.label or cell.id for cell in cells)}. No more cells carry it than "
            f"may carry what such a cell lacks ({absent}): staining both at once would tell."
        ),
        markers=tuple(terms.label(marker) for marker in (*pattern.carries, *pattern.lacks)),
        would_decide=tuple(terms.label(marker) for marker in pattern.lacks),
        source=pattern.source,
        stage=stage,
    )


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
    why = f"the panel carries {there}"
    if absent:
        why = f"more cells of the panel carry {there} than {absent}, so that some carry it without"
    missing = [ontology.labels.get(iri, terms.curie(iri)) for iri in conclusion.pattern.functions]
    also = f" It is also defined by what no panel shows: {', '.join(missing)}." if missing else ""
    return ContaminantAdvice(
        kind="suspected",
        points_to=cells,
        sentence=f"{' or '.join(cell.label or cell.id for cell in cells)} suspected: {why}.{also}",
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
