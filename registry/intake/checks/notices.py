"""What looks odd in results that can be read: warnings, which never change a verdict or an exit code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from registry.domain import Notice, Result
from registry.vocabulary import Terms

MSC = "http://purl.obolibrary.org/obo/CL_0000134"
HALF = Decimal(50)
ONE = Decimal(1)
FEWEST_EQUAL = 3
FEWEST_BELOW_ONE = 2

Panels = Mapping[tuple[str, str | None], Sequence[Result]]


def observe(results: Sequence[Result], terms: Terms) -> list[Notice]:
    """The warnings about the panels of one file: swapped labels, equal panels, fractions in place of percent."""
    panels = _panels(results)
    senses = _senses(terms)
    notices = [notice for panel in panels.values() for notice in _swapped(panel, senses)]
    notices += [notice for panel in panels.values() for notice in _below_one(panel, terms)]
    return notices + equal_panels(results)


def equal_panels(results: Sequence[Result]) -> list[Notice]:
    """Two lots with the same figures throughout: three or more numbers, all equal (a copied row?)."""
    first: dict[frozenset[tuple[object, ...]], Result] = {}
    notices = []
    for panel in _panels(results).values():
        numbers = [result for result in panel if result.reading.interval is not None]
        figures = frozenset((r.characteristic, r.gate, r.members, r.unit, r.reading.interval) for r in numbers)
        if len(figures) < FEWEST_EQUAL:
            continue
        twin = first.setdefault(figures, numbers[0])
        if twin.lot.casefold() == numbers[0].lot.casefold():
            continue
        where = "" if twin.source.file == numbers[0].source.file else f" ({twin.source.file})"
        message = (
            f"Lots '{twin.lot}'{where} and '{numbers[0].lot}' have the same {len(figures)} figures throughout: "
            "were they copied?"
        )
        notices.append(_notice(numbers[0], "identical-panels", message))
    return notices


def _panels(results: Iterable[Result]) -> Panels:
    panels: dict[tuple[str, str | None], list[Result]] = defaultdict(list)
    for result in results:
        panels[result.lot, result.stage].append(result)
    return panels


def _senses(terms: Terms) -> dict[str, str]:
    senses: dict[str, str] = {marker.characteristic: marker.sense for marker in terms.identity_of(MSC)}
    for characteristic in terms.characteristics.values():
        for named in characteristic.evidence_for:
            if named in senses:
                senses.setdefault(characteristic.iri, senses[named])
    return senses


def _swapped(panel: Sequence[Result], senses: Mapping[str, str]) -> list[Notice]:
    high = [r for r in panel if senses.get(r.characteristic) == "negative" and _above(r, HALF)]
    low = [r for r in panel if senses.get(r.characteristic) == "positive" and _at_most(r, HALF)]
    if not high or not low:
        return []
    names = [f"{result.label} {result.printed}" for result in (high[0], low[0])]
    message = f"{names[0]} beside {names[1]} in one panel: are the labels of positive and negative markers swapped?"
    return [_notice(high[0], "swapped-markers", message)]


def _below_one(panel: Sequence[Result], terms: Terms) -> list[Notice]:
    shares = [
        result
        for result in panel
        if terms.characteristics[result.characteristic].is_marker and result.reading.interval is not None
    ]
    if len(shares) < FEWEST_BELOW_ONE or not all(_at_most(result, ONE) for result in shares):
        return []
    if not any(_above(result, Decimal(0)) for result in shares):
        return []
    message = f"All {len(shares)} marker values are at most 1 %: are they fractions, such as 0.97 for 97 %?"
    return [_notice(shares[0], "all-below-one", message)]


def _above(result: Result, limit: Decimal) -> bool:
    interval = result.reading.interval
    return interval is not None and interval.low is not None and interval.low > limit


def _at_most(result: Result, limit: Decimal) -> bool:
    interval = result.reading.interval
    return interval is not None and interval.high is not None and interval.high <= limit


def _notice(result: Result, code: str, message: str) -> Notice:
    return Notice(result.lot, result.source.file, result.source.row, code, message)
