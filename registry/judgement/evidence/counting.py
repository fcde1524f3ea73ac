"""Of what a percentage is, and of how many: what a criterion needs to know beside the number.

A percentage of markers bears on a criterion when it is of the lot's live cells, or of the population that the
criterion asks for, or where nobody says of which. Of anything else (CD73+ cells, dead cells, all events) it is another
quantity, and decides nothing. Where a criterion asks for confidence, the result is bounded by its counted events.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from registry.domain import Criterion, Evidence, Interval, Result
from registry.identifiers import CPR, OBO
from registry.judgement.binomial import ceiling, lower, upper
from registry.vocabulary import Population, Terms
from registry.vocabulary.counts import count as count_of
from registry.vocabulary.populations import of_unit, population, shows, tells

PERCENT = f"{OBO}UO_0000187"
_VIABILITY = f"{CPR}viability"


def told_populations(result: Result) -> tuple[str, ...]:
    """What is printed of the population that a percentage is of: in its column, in its unit, none twice."""
    column = next((text for name, text in result.details if name == "parent_population"), "")
    told = (column.strip(), of_unit(result.unit_printed))
    return tuple(dict.fromkeys(text for text in told if tells(text)))


def of_other_cells(criterion: Criterion, result: Result, terms: Terms) -> str:
    """Why a percentage is not of the cells that the criterion is about; empty where it is, or nobody says."""
    told = told_populations(result)
    if criterion.unit != PERCENT or not told:
        return ""
    known = [population(text) for text in told]
    if (
        len({population.iri if population is not None else text for population, text in zip(known, told, strict=True)})
        > 1
    ):
        return f"two populations are named that it is a percentage of: {' and '.join(told)}"
    if _is_the_one(known[0], criterion, terms):
        return ""
    if criterion.population is not None:
        return f"a percentage of {told[0]}, and not of {terms.label(criterion.population)}, as is asked for"
    wanted = "the lot's cells, living and dead" if _is_viability(criterion, terms) else "the lot's live cells"
    return f"a percentage of {told[0]}: it says nothing of {wanted}"


def _is_the_one(told: Population | None, criterion: Criterion, terms: Terms) -> bool:
    if told is None:
        return False
    if criterion.population is not None:
        return shows(told, criterion.population)
    if _is_viability(criterion, terms):
        return told.kind == "all"
    known = terms.characteristics.get(criterion.characteristic)
    if known is not None and not known.is_marker:
        return told.kind in ("live", "all")
    return told.kind == "live"


def _is_viability(criterion: Criterion, terms: Terms) -> bool:
    known = terms.characteristics.get(criterion.characteristic)
    return criterion.characteristic == _VIABILITY or (known is not None and _VIABILITY in known.evidence_for)


def events(result: Result) -> int | None:
    """The events of the population that the percentage is of: an instrument's parent's, else those printed."""
    details = {name: text for name, text in reversed(result.details) if text.strip()}
    return count_of(details.get("parent_events", details.get("events", "")))


def counted(node: Evidence, criterion: Criterion, result: Result, measured: Interval | None) -> Evidence:
    """The evidence with its population and events, bounded where confidence is asked for.

    ``measured`` is the result in the criterion's unit, not rounded. The bound is set on the side of the limit; the
    other end stays where it was measured, so that a result which misses the limit still fails.
    """
    if criterion.unit != PERCENT:
        return node
    node = replace(node, population=_asked_for(criterion, result) if node.interval is not None else None)
    if criterion.confidence is None and criterion.least_events is None:
        return node
    count = events(result)
    if count is None:
        return _noted(node, "the number of events that it is a percentage of is asked for, and not told")
    node = replace(node, events=count)
    if criterion.least_events is not None and count < criterion.least_events:
        node = _noted(node, f"at least {criterion.least_events} events are asked for; {count} were counted")
    if criterion.confidence is None or measured is None or node.interval is None:
        return node
    interval, bound = _bounded(criterion, criterion.confidence, node.interval, measured, count)
    if interval is None:
        return _noted(node, "not a percentage of counted events")
    return _noted(replace(node, interval=interval, confidence=criterion.confidence), bound)


def _asked_for(criterion: Criterion, result: Result) -> str | None:
    """The criterion's population where the result says that it is of it."""
    known = [population(text) for text in told_populations(result)]
    asked = criterion.population
    shown = (
        asked is not None
        and bool(known)
        and all(population is not None and shows(population, asked) for population in known)
    )
    return asked if shown else None


def _bounded(
    criterion: Criterion, confidence: Decimal, node: Interval, measured: Interval, count: int
) -> tuple[Interval | None, str]:
    low, high = measured.low, measured.high
    if low is None or high is None or not 0 <= low <= high <= 100:
        return None, ""
    texts = []
    of = f"of {count} events with {(confidence * 100).normalize():f} % confidence"
    if criterion.high is not None:
        most = upper(min(count, ceiling(high * count / 100)), count, confidence)
        node = Interval(node.low, max(most, high), node.low_open, False)
        texts.append(f"{high:f} % {of} is at most {most.normalize():f} %")
    if criterion.low is not None:
        least = lower(max(0, count - ceiling((100 - low) * count / 100)), count, confidence)
        node = Interval(min(least, low), node.high, False, node.high_open)
        texts.append(f"{low:f} % {of} is at least {least.normalize():f} %")
    return node, " and ".join(texts)


def _noted(node: Evidence, note: str) -> Evidence:
    return replace(node, note="; ".join(filter(None, (node.note, note))))
