"""What is said beside a verdict, and changes none: a value out of trend, and one that is exactly at its limit.

A value is held against the product's newest lots, those that its chart draws: whoever sees a lot called out of trend
finds the same lines there. An older lot than those is not looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from registry.domain import Criterion, Specification
from registry.judgement.trend_rules import RULES, broken
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lot_index import Kept, points
from registry.services.lot_index.chosen_rules import ChosenRules

WINDOW = 60
"""Of how many lots a chart is drawn, and a value is held against."""
STRIP = 24
"""Values of earlier lots that are drawn behind a lot's own."""


@dataclass(frozen=True, slots=True)
class OutOfTrend(Answer):
    """One criterion of a lot whose value breaks rules: their names, and each as a sentence with its author."""

    criterion: str
    observed: str
    rules: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remarks(Answer):
    """What is said of one lot. ``at_limit`` are criteria whose value is exactly their limit.

    ``before`` are the exact values of the lots registered before it, by criterion, the newest first: no answer, but
    what a picture draws behind the lot's own.
    """

    lot: str
    out_of_trend: tuple[OutOfTrend, ...] = ()
    at_limit: tuple[str, ...] = ()
    before: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.out_of_trend or self.at_limit)


def remarks_on(
    ledger: Ledger, reader: LotReader, rules: ChosenRules, lots: Iterable[tuple[str, str | None]]
) -> dict[str, Remarks]:
    """The remarks on these lots, each named with its product: one read of a product's newest lots for all of its."""
    of: dict[str, list[str]] = {}
    for lot, product in lots:
        if product:
            of.setdefault(product, []).append(lot)
    specified, remarks = cache(reader.specification), dict[str, Remarks]()
    for product, named in of.items():
        remarks |= remarks_of(points(ledger, product, "", WINDOW), named, rules.of(product), specified)
    return remarks


def remarks_of(
    kept: Sequence[Kept], wanted: Iterable[str], rules: Sequence[str], specified: Callable[[str], Specification]
) -> dict[str, Remarks]:
    """The remarks on these lots of one product, from what its newest lots showed, the oldest of them first."""
    names = {lot.casefold() for lot in wanted}
    out: dict[str, list[OutOfTrend]] = {}
    at: dict[str, list[str]] = {}
    before: dict[str, dict[str, tuple[str, ...]]] = {}
    for criterion, values in _by_criterion(kept).items():
        exact = [exact_value(value) for value in values]
        flagged = broken(exact, rules)
        for place, value in enumerate(values):
            if value.lot.casefold() not in names:
                continue
            if flagged[place]:
                sentences = tuple(sentence(rule) for rule in flagged[place])
                out.setdefault(value.lot, []).append(OutOfTrend(criterion, value.observed, flagged[place], sentences))
            limits = limits_of(specified, value.against, criterion)
            if exact[place] is not None and exact[place] in limits:
                at.setdefault(value.lot, []).append(criterion)
            earlier = [format(each, "f") for each in reversed(exact[:place]) if each is not None][:STRIP]
            before.setdefault(value.lot, {})[criterion] = tuple(earlier)
    return {lot: Remarks(lot, tuple(out.get(lot, ())), tuple(at.get(lot, ())), shown) for lot, shown in before.items()}


def sentence(rule: str) -> str:
    """A rule as it is said of a value: ``beyond 3 s (Westgard 1-3s)``."""
    known = RULES[rule]
    return f"{known.sentence} ({known.author} {rule.removeprefix('nelson-')})"


def exact_value(value: Kept) -> Decimal | None:
    """The value where it is known exactly; None for a bound, a range and a word."""
    return Decimal(value.low) if value.low is not None and value.low == value.high else None


def limits_of(
    specified: Callable[[str], Specification], against: str, criterion: str
) -> tuple[Decimal | None, Decimal | None]:
    """What the specification that a lot was judged against allows: the lowest and the highest value."""
    asked = criterion_of(specified, against, criterion)
    return (asked.low, asked.high) if asked is not None else (None, None)


def criterion_of(specified: Callable[[str], Specification], against: str, criterion: str) -> Criterion | None:
    """One criterion of the specification of this digest; None where there is none."""
    if not against:
        return None
    return next((each for each in specified(against).criteria if each.id == criterion), None)


def _by_criterion(kept: Sequence[Kept]) -> dict[str, list[Kept]]:
    values: dict[str, list[Kept]] = {}
    for value in kept:
        values.setdefault(value.criterion, []).append(value)
    return values
