"""Verdicts that were judged before, under what they rest on: the evidence of the lots, and the specification."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from registry.domain import LotFacts, LotVerdict, Specification

MOST = 20_000
VerdictKey = tuple[tuple[tuple[str, tuple[int, ...]], ...], str]
"""Lots with the places in the ledger where their evidence changed, and the specification's digest."""


def grows_stale(against: Specification) -> bool:
    """Whether a verdict under this specification is good for its moment alone: evidence outlives a window."""
    return any(criterion.window is not None for criterion in against.criteria)


def key_of(lots: Sequence[LotFacts], against: Specification) -> VerdictKey | None:
    """Under what the verdict on a lot and its origins is known again; None for one that grows stale."""
    if grows_stale(against):
        return None
    return tuple((facts.lot.id.casefold(), facts.evidence_positions) for facts in lots), against.digest


class VerdictCache:
    """The newest ``MOST`` verdicts. Safe for threads."""

    def __init__(self) -> None:
        self._verdicts: OrderedDict[VerdictKey, LotVerdict] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._verdicts)

    def get(self, key: VerdictKey | None) -> LotVerdict | None:
        """The verdict that is known under a key; None where none is."""
        with self._lock:
            if key is None or key not in self._verdicts:
                return None
            self._verdicts.move_to_end(key)
            return self._verdicts[key]

    def keep(self, key: VerdictKey | None, verdict: LotVerdict) -> None:
        """Remember a verdict, and forget the one that was asked for longest ago where there are too many."""
        if key is None:
            return
        with self._lock:
            self._verdicts[key] = verdict
            while len(self._verdicts) > MOST:
                self._verdicts.popitem(last=False)

    def clear(self) -> None:
        """Forget every verdict."""
        with self._lock:
            self._verdicts.clear()
