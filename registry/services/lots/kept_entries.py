"""What is entered about a lot and about what it derives from, in words, kept while nothing else is entered.

A minute at most, because each decision is told with whether its signature holds, and one that no longer does is no
entry.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from registry.ledger import Ledger
from registry.services.answers import HistoryLine
from registry.services.lots.inherited import InheritedDecision

MOST = 20_000
"""Lines that are kept, of however many lots."""
LONGEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Told:
    """The lot's own entries and the decisions on what it derives from, each oldest first."""

    own: tuple[HistoryLine, ...]
    inherited: tuple[InheritedDecision, ...]

    def __len__(self) -> int:
        return len(self.own) + len(self.inherited)


class KeptEntries:
    """Those of the lots that were asked for last, ``MOST`` lines in all. Safe for threads."""

    def __init__(self, ledger: Ledger, anew: Callable[[str], Told]) -> None:
        self._ledger = ledger
        self._anew = anew
        self._kept: OrderedDict[str, tuple[tuple[int, str], datetime, Told]] = OrderedDict()
        self._lines = 0
        self._lock = threading.Lock()

    def get(self, lot: str) -> Told:
        """What is told of a lot, kept or made anew; raises Unknown."""
        # Read before it is made: what is entered in between is kept under a head that is gone already.
        head, now, key = self._ledger.head(), self._ledger.now(), lot.casefold()
        with self._lock:
            known = self._kept.get(key)
        if known is not None and known[0] == head and known[1] <= now < known[1] + LONGEST:
            return known[2]
        told = self._anew(lot)
        with self._lock:
            replaced = self._kept.pop(key, None)
            self._kept[key] = (head, now, told)
            self._lines += len(told) - (len(replaced[2]) if replaced else 0)
            while self._lines > MOST:
                _lot, (_head, _made, forgotten) = self._kept.popitem(last=False)
                self._lines -= len(forgotten)
        return told
