"""What is said beside a verdict, and changes none: a value out of trend, and one that is exactly at its limit.

A value is held against the product's newest lots, those that its chart draws: whoever sees a lot called out of trend
finds the same lines there. An older lot than those is not looked at again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from registry.domain import Criterion, Specification
from registry.judgement.trend_rules import RULES, broken
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lot_index import Kept, heads, points
from registry.services.lot_index.chosen_rules import ChosenRules

WINDOW = 60
"""Of how many lots a chart is drawn, and a value is held against."""
STRIP = 24
"""Values of earlier lots that are drawn behind a lot's own."""
MOST = 50
"""Products whose remarks are kept."""
LONGEST = timedelta(minutes=1)
"""How long they are kept: a minute, because evidence that grew old is no entry."""


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


def remarks_of(
    kept: Sequence[Kept], rules: Sequence[str], specified: Callable[[str], Specification]
) -> dict[str, Remarks]:
    """The remarks on each of these lots of one product, from what they showed, the oldest of them first."""
    out: dict[str, list[OutOfTrend]] = {}
    at: dict[str, list[str]] = {}
    before: dict[str, dict[str, tuple[str, ...]]] = {}
    for criterion, values in _by_criterion(kept).items():
        exact = [exact_value(value) for value in values]
        flagged, earlier = broken(exact, rules), deque[str](maxlen=STRIP)
        for value, number, rules_broken in zip(values, exact, flagged, strict=True):
            if rules_broken:
                sentences = tuple(sentence(rule) for rule in rules_broken)
                out.setdefault(value.lot, []).append(OutOfTrend(criterion, value.observed, rules_broken, sentences))
            if number is not None and number in limits_of(specified, value.against, criterion):
                at.setdefault(value.lot, []).append(criterion)
            before.setdefault(value.lot, {})[criterion] = tuple(earlier)
            if number is not None:
                earlier.appendleft(format(number, "f"))
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


@dataclass(frozen=True, slots=True)
class _Made:
    """The remarks on the lots of one product, by folded name, with what they rest on and when they were made."""

    head: tuple[object, ...]
    at: datetime
    remarks: dict[str, Remarks]


class KeptRemarks:
    """The remarks of the ``MOST`` products that were asked for last. Safe for threads.

    Made anew they cost every value of every one of a product's newest lots; asked again, one read of their lines. A
    line is written with its values and with the ledger's size at which it was judged: the same lines, the same values.
    """

    def __init__(self, ledger: Ledger, reader: LotReader, rules: ChosenRules) -> None:
        self._ledger = ledger
        self._reader = reader
        self._rules = rules
        self._kept: OrderedDict[str, _Made] = OrderedDict()
        self._lock = threading.Lock()

    def on(self, lots: Iterable[tuple[str, str | None]]) -> dict[str, Remarks]:
        """The remarks on these lots, each named with its product; none on one that is not among its newest."""
        of: dict[str, list[str]] = {}
        for lot, product in lots:
            if product:
                of.setdefault(product, []).append(lot)
        known = {product: self._of(product) for product in of}
        shown = [known[product].get(lot.casefold()) for product, named in of.items() for lot in named]
        return {each.lot: each for each in shown if each is not None}

    def _of(self, product: str) -> dict[str, Remarks]:
        rules, now = self._rules.of(product), self._ledger.now()
        # Read before the values: what is written in between is kept under a head that is gone already.
        head = (rules, heads(self._ledger, product, WINDOW))
        with self._lock:
            known = self._kept.get(product)
            if known is not None and known.head == head and known.at <= now < known.at + LONGEST:
                self._kept.move_to_end(product)
                return known.remarks
        made = remarks_of(points(self._ledger, product, "", WINDOW), rules, cache(self._reader.specification))
        folded = {lot.casefold(): remarks for lot, remarks in made.items()}
        with self._lock:
            self._kept[product] = _Made(head, now, folded)
            self._kept.move_to_end(product)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return folded
