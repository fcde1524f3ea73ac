"""Remarks on a product's newest lots, kept while the lines that they rest on stand as they did.

    kept.on([("H-03", "hESC-M-ovary")])["H-03"].out_of_trend

Made anew they cost every value of every one of these lots; asked again, one read of their lines' heads. A line is
written together with its values and with the ledger's size at which it was judged, so lines with the same heads have
the same values; but for evidence that grew old, which is no entry: hence a minute at most.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.lot_index import heads, points
from registry.services.lot_index.chosen_rules import ChosenRules
from registry.services.lot_index.remarks import WINDOW, Remarks, remarks_of

MOST = 50
"""Products whose remarks are kept."""
LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The remarks on the lots of one product, by folded name, with what they rest on and when they were made."""

    head: tuple[object, ...]
    at: datetime
    remarks: dict[str, Remarks]


class KeptRemarks:
    """The remarks of the ``MOST`` products that were asked for last. Safe for threads."""

    def __init__(self, ledger: Ledger, reader: LotReader, rules: ChosenRules) -> None:
        self._ledger = ledger
        self._reader = reader
        self._rules = rules
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
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
            self._kept[product] = _Kept(head, now, folded)
            self._kept.move_to_end(product)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return folded
