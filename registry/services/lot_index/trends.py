"""One criterion over the lots of a product: what a control chart draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from statistics import mean, stdev

from registry.domain import Criterion, Evidence, Interval, Product, Specification
from registry.judgement.trend_rules import broken
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lot_index import Kept
from registry.services.lot_index.remarks import exact_value, limits_of
from registry.services.lot_state import LotStates
from registry.specifications.overlap import akin
from registry.vocabulary import Terms

FEWEST = 5
"""Exact values below which no mean and no standard deviation are given: they would say nothing."""


@dataclass(frozen=True, slots=True)
class Point:
    """One lot's value: its bounds in the criterion's unit, what was observed, and the verdict at that time.

    Of several results that count it is the one that the verdict rests on, the worst. ``entry`` is where the lot was
    registered. ``verdict`` is empty for a result that was recorded and that the lot's specification did not ask for.

    ``limit_low`` and ``limit_high`` are those that the lot was judged by, ``rules`` those of trend that its value
    breaks, ``month`` that of its manufacture. ``at_limit``: the value is exactly a limit.
    """

    lot: str
    low: Decimal | None
    high: Decimal | None
    observed: str
    verdict: str
    entry: int = 0
    month: str = ""
    limit_low: Decimal | None = None
    limit_high: Decimal | None = None
    rules: tuple[str, ...] = ()
    at_limit: bool = False


@dataclass(frozen=True, slots=True)
class Trend(Answer):
    """A criterion's chart. ``mean`` and ``deviation`` are over the exact values alone, None for fewer than five.

    ``limit_low_open`` and ``limit_high_open``: the limit itself is not met (``> 90``). A censored value is drawn and
    enters no figure. ``elsewhere`` are lots that show the same under another criterion and are no ``points``.
    ``recorded`` are lots that are held against a specification which does not ask for it, and have a result all the
    same: it was not judged, and enters no figure. ``rules`` are those of trend that the product has chosen, and
    ``range_low`` and ``range_high`` what is possible at all.
    Levey S, Jennings ER, Am J Clin Pathol 1950;20:1059–66,
    doi:10.1093/ajcp/20.11_ts.1059.
    """

    product: str
    specification: str
    criterion: str
    label: str
    unit: str
    limit_low: Decimal | None
    limit_high: Decimal | None
    limit_low_open: bool
    limit_high_open: bool
    points: tuple[Point, ...]
    mean: Decimal | None
    deviation: Decimal | None
    choices: tuple[tuple[str, str], ...]
    elsewhere: tuple[str, ...] = ()
    recorded: tuple[Point, ...] = ()
    rules: tuple[str, ...] = ()
    range_low: Decimal | None = None
    range_high: Decimal | None = None


def trend(
    reader: LotReader, states: LotStates, terms: Terms, product: Product, criterion: str,
    rules: Sequence[str], read: Callable[[str], Sequence[Kept]], otherwise: Callable[[str], Sequence[tuple[str, int]]],
) -> Trend | None:  # fmt: skip
    """The chart of one criterion of the specification that is approved now; None where none or no number is.

    ``read`` gives what lots showed for a criterion, ``otherwise`` the lots of another specification than this digest.
    """
    approvals = reader.approvals(product.id)
    if not approvals:
        return None
    against = reader.specification(approvals[-1].digest)
    numeric = [each for each in against.criteria if each.low is not None or each.high is not None]
    chosen = next((each for each in numeric if each.id == criterion), numeric[0] if numeric else None)
    if chosen is None:
        return None
    kept = read(chosen.id)
    versions = [reader.specification(digest) for digest in {approval.digest for approval in approvals}]
    others = sorted(_ids_akin(chosen, versions, terms))
    drawn = _drawn(terms, product, against, chosen, numeric, _points(reader, kept, rules),
                   _elsewhere(kept, [read(name) for name in others]), tuple(rules))  # fmt: skip
    asked, entered = {value.lot for value in kept}, dict(otherwise(against.digest))
    unjudged = recorded(reader, states, [lot for lot in entered if lot not in asked], against)
    return replace(drawn, recorded=tuple(_unjudged(lot, of[chosen.id], entered[lot])
                                         for lot, of in unjudged.items() if chosen.id in of))  # fmt: skip


def recorded(
    reader: LotReader, states: LotStates, lots: Sequence[str], against: Specification
) -> dict[str, dict[str, Evidence]]:
    """What lots that are held against another specification have on record for this one's criteria: lot → id → that.

    Their own current results alone; what is inherited from an origin is no result of theirs. It says no verdict.
    """
    every = reader.facts_of(lots)
    verdicts = states.verdicts([(facts, against) for facts in every])
    shown: dict[str, dict[str, Evidence]] = {}
    for lot, facts, verdict in zip(lots, every, verdicts, strict=True):
        own = {result.iri for result in facts.results}
        rests = {item.id: item.rests_on for item in verdict.criteria if item.observed is not None}
        shown[lot] = {
            id: evidence
            for id, evidence in rests.items()
            if evidence is not None and own.issuperset(evidence.derived_from)
        }
    return shown


def _unjudged(lot: str, evidence: Evidence, entry: int) -> Point:
    span = evidence.interval or Interval(None, None)
    return Point(lot, span.low, span.high, evidence.observed, "", entry)


def _ids_akin(chosen: Criterion, versions: Iterable[Specification], terms: Terms) -> set[str]:
    """Criteria of any version approved for the product that ask about the same under another id: MHC II of HLA-DR."""
    return {each.id for version in versions for each in version.criteria if akin(chosen, each, terms)} - {chosen.id}


def _elsewhere(shown: Sequence[Kept], others: Iterable[Sequence[Kept]]) -> tuple[str, ...]:
    drawn = {value.lot for value in shown}
    return tuple(dict.fromkeys(value.lot for kept in others for value in kept if value.lot not in drawn))


def _drawn(
    terms: Terms, product: Product, against: Specification, chosen: Criterion, numeric: Sequence[Criterion],
    points: tuple[Point, ...], elsewhere: tuple[str, ...], rules: tuple[str, ...],
) -> Trend:  # fmt: skip
    exact = [point.low for point in points if point.low is not None and point.low == point.high]
    enough = len(exact) >= FEWEST
    place = Decimal("0.001")
    described = terms.characteristics.get(chosen.characteristic)
    span = (described.range if described else None) or Interval(None, None)
    return Trend(
        product=product.id,
        specification=f"{against.id}@{against.version}",
        criterion=chosen.id,
        label=chosen.label,
        unit=terms.units[chosen.unit].label if chosen.unit else "",
        limit_low=chosen.low,
        limit_high=chosen.high,
        limit_low_open=chosen.low_is_excluded,
        limit_high_open=chosen.high_is_excluded,
        points=points,
        mean=mean(exact).quantize(place) if enough else None,
        deviation=stdev(exact).quantize(place) if enough else None,
        choices=tuple((each.id, each.label) for each in numeric),
        elsewhere=elsewhere,
        rules=rules,
        range_low=span.low,
        range_high=span.high,
    )


def _points(reader: LotReader, kept: Sequence[Kept], rules: Sequence[str]) -> tuple[Point, ...]:
    """Every lot's value with the limits it was judged by, and with the rules of trend that it breaks."""
    specified = cache(reader.specification)
    values = [exact_value(each) for each in kept]
    points = []
    for each, value, broken_rules in zip(kept, values, broken(values, rules), strict=True):
        low, high = limits_of(specified, each.against, each.criterion)
        points.append(Point(
            each.lot, _number(each.low), _number(each.high), each.observed, each.verdict, each.position, each.month,
            low, high, broken_rules, value is not None and value in (low, high),
        ))  # fmt: skip
    return tuple(points)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
