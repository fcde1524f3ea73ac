"""One characteristic of lots against one outcome: points by lot, exact intervals, and what they cannot show.

Recipients of one lot are not independent: they are counted as recipients and as lots, and only a model with lots as
random effect, or clustered by lot, may be asked for a slope (``models``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from registry.domain import Interval, Result
from registry.identifiers import CPR
from registry.outcomes.current import counting, in_base_unit, span
from registry.outcomes.intervals import exact
from registry.outcomes.suppression import FEWEST, shown_part
from registry.outcomes.table import Followed, visit_number
from registry.vocabulary import Terms

HAPPENED, DID_NOT = f"{CPR}Happened", f"{CPR}DidNotHappen"
BANDS = 3


@dataclass(frozen=True, slots=True)
class Point:
    """One administration: its lot, the lot's characteristic, and the outcome as a span or as happened or not.

    ``days`` is when it first happened, or how long it was looked for in vain (a survival model's time).
    """

    lot: str
    x: Interval
    y: Interval | None = None
    happened: bool | None = None
    days: int | None = None
    dose: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Recipients taken together: of one lot, or of a band of lots. ``name`` is the lot's, empty for a band.

    ``low`` and ``high`` are the bounds of the characteristic. Of a number ``y_low`` and ``y_high`` are its bounds (of a
    lot) or the median twice (of a band); of what happens or not ``happened`` of ``of`` with an exact interval. What
    would lead to fewer than eight recipients is None.
    """

    name: str
    low: Decimal | None
    high: Decimal | None
    recipients: int
    y_low: Decimal | None = None
    y_high: Decimal | None = None
    happened: int | None = None
    part_low: Decimal | None = None
    part_high: Decimal | None = None


def points(
    followed: Iterable[Followed], terms: Terms, characteristic: str, outcome: str, visit: int | None
) -> list[Point]:
    """Every administration of which both are known; ``visit`` None is at any time."""
    every = []
    for each in followed:
        measured = [bounds for r in each.results if r.characteristic == characteristic and not r.members
                    if (bounds := in_base_unit(r, terms)) is not None]  # fmt: skip
        seen = [one for one in counting(each.outcomes) if one.result.characteristic == outcome]
        at_visit = [one.result for one in seen if visit is None or visit_number(each, one) == visit]
        known = _seen(at_visit, terms.of_recipients)
        if not measured or known is None:
            continue
        given = each.given.at.date()
        days = [(one.day - given).days for one in seen if one.day is not None]
        first = [
            (one.day - given).days for one in seen if one.day is not None and one.result.reading.outcome == HAPPENED
        ]
        when = min(first) if first else max(days, default=None)
        every.append(Point(each.given.lot, span(measured), known[0], known[1], when, each.given.total))
    return every


def _seen(results: Sequence[Result], terms: Terms) -> tuple[Interval | None, bool | None] | None:
    spans = [bounds for result in results if (bounds := in_base_unit(result, terms)) is not None]
    if spans:
        return span(spans), None
    words = {result.reading.outcome for result in results} & {HAPPENED, DID_NOT}
    return (None, HAPPENED in words) if words else None


def by_lot(every: Sequence[Point]) -> tuple[Group, ...]:
    """A group for each lot, for whoever may see single administrations: many lots have one recipient."""
    lots: dict[str, list[Point]] = defaultdict(list)
    for point in every:
        lots[point.lot].append(point)
    return tuple(_group(name, lots[name], suppressed=False) for name in sorted(lots))


def bands(every: Sequence[Point]) -> tuple[Group, ...]:
    """At most three bands of the characteristic, each of eight recipients or more; none where there are fewer."""
    ordered = sorted(every, key=lambda point: (middle(point.x) or Decimal(0), point.lot))
    number = min(BANDS, len(ordered) // FEWEST)
    if number == 0:
        return ()
    edges = [len(ordered) * place // number for place in range(number + 1)]
    parts = (ordered[start:end] for start, end in pairwise(edges))
    return tuple(_group("", part, suppressed=True) for part in parts)


def _group(name: str, part: Sequence[Point], *, suppressed: bool) -> Group:
    x = span([point.x for point in part])
    numbers = [point.y for point in part if point.y is not None]
    group = Group(name, x.low, x.high, len(part))
    if numbers:
        if suppressed:
            centre = median([m for each in numbers if (m := middle(each)) is not None] or [Decimal(0)])
            return Group(name, x.low, x.high, len(part), centre, centre)
        y = span(numbers)
        return Group(name, x.low, x.high, len(part), y.low, y.high)
    happened = sum(point.happened is True for point in part)
    if suppressed and not shown_part(happened, len(part)):
        return group
    low, high = exact(happened, len(part))
    return Group(name, x.low, x.high, len(part), None, None, happened, low, high)


def middle(bounds: Interval) -> Decimal | None:
    """Half way between two bounds; the one there is where there is one."""
    if bounds.low is None or bounds.high is None:
        return bounds.low if bounds.high is None else bounds.high
    return (bounds.low + bounds.high) / 2


def pairs(followed: Sequence[Followed]) -> int:
    """How many pairs of a characteristic and an outcome could be asked for: what one of them shows is that rare."""
    measured = {result.characteristic for each in followed for result in each.results}
    seen = {one.result.characteristic for each in followed for one in counting(each.outcomes)}
    return len(measured) * len(seen)


def cannot_show(recipients: int, lots: int, asked: int) -> tuple[str, ...]:
    """What such numbers cannot show, in sentences that stand beside every picture of them."""
    by_chance = f"{asked / 20:.1f}".rstrip("0").rstrip(".")
    return (
        f"{recipients} recipients of {lots} lots: it is the lots, not the recipients, whose quality is compared.",
        f"{asked} pairs of a characteristic and an outcome could be asked here; at one in twenty, about {by_chance} of "
        "them would look related by chance alone.",
        "Lots were chosen for arms and recipients by somebody: what goes together here need not be cause and effect.",
        "Only lots that were released were given: how one outside its specification would have done is not seen.",
        "No relation shown is not the same as no relation.",
    )
