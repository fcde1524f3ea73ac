"""Verdicts that were judged before, under what they rest on: the evidence of the lots, and the specification."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from registry.domain import LotFacts, LotVerdict, Specification

MOST = 200_000
"""Of ``weight``, some 600 bytes each: 120 MB, or ten thousand verdicts of six criteria with a result each."""
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


def weight(key: VerdictKey, verdict: LotVerdict) -> int:
    """How much a verdict holds: its criteria, each piece of evidence with its sources, the places under which it is."""
    places = sum(len(positions) for _lot, positions in key[0])
    nodes = [node for item in verdict.criteria for node in item.evidence]
    return 1 + places + len(verdict.criteria) + len(nodes) + sum(len(node.sources) for node in nodes)


class VerdictCache:
    """The verdicts that were asked for last, as many as weigh ``MOST`` together. Safe for threads.

    A lot of hundreds of panels has a verdict that holds them all, and another one after each: bounded in number alone
    they would fill the memory.
    """

    def __init__(self) -> None:
        self._verdicts: OrderedDict[VerdictKey, LotVerdict] = OrderedDict()
        self._weight = 0
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
        """Remember a verdict, and forget those that were asked for longest ago while all weigh too much."""
        if key is None:
            return
        with self._lock:
            if key in self._verdicts:
                self._weight -= weight(key, self._verdicts.pop(key))
            self._verdicts[key] = verdict
            self._weight += weight(key, verdict)
            while self._weight > MOST:
                self._weight -= weight(*self._verdicts.popitem(last=False))

    def clear(self) -> None:
        """Forget every verdict."""
        with self._lock:
            self._verdicts.clear()
            self._weight = 0
