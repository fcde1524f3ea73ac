"""The lines of the lots, kept in step with the ledger: what is stale is judged before it is shown, or by a thread.

A page reads the lines as they stand and has judged, before it shows them, the few that are stale. In a server a thread
judges the others, so that no page waits for an approval that concerns a thousand lots.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from registry.errors import RegistryError
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.services.cores import Cores
from registry.services.lot_index import Judgement, Line, LotLines
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.lot_state import LotStates
from registry.services.ontologies.current import Current

AT_ONCE, MANY, SHARE, PAUSE, ROUNDS = 100, 1_000_000, 25, 0.5, 200
"""Lines judged in one go, looked for where all are to be judged, judged by a server's thread in one go; seconds between
two looks for stale ones, and how often one list is read at most."""
_log = logging.getLogger(__name__)


class KeptLines:
    """The lines of one registry. ``kept`` counts how often some were judged. Safe for threads."""

    def __init__(
        self, ledger: Ledger, states: LotStates, ontologies: Current, names: Names, cores: Cores
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._states = states
        self._ontologies = ontologies
        self._lines = LotLines(ledger, names)
        self._cores = cores
        self.kept = 0
        self._followed = False
        self._judged_at = 0
        self._lock = threading.Lock()

    def rebuild(self) -> None:
        """Throw the lines away, and make and judge them anew."""
        self._lines.rebuild()
        self.settle()

    def settle(self) -> None:
        """Judge whatever is stale."""
        self._lines.follow()
        while waiting := self._lines.stale(MANY):
            portions = [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]
            for judged in self._cores.spread("lines", portions, self._judge):
                self._keep(judged)

    @contextmanager
    def following(self) -> Iterator[None]:
        """For a server: judge in a thread what has become stale."""
        ended = threading.Event()
        thread = threading.Thread(target=self._follow, args=(ended,), name="lot lines", daemon=True)
        self._followed = True
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=10)
            self._followed = False

    def _follow(self, ended: threading.Event) -> None:
        told = ""
        while not ended.is_set():
            try:
                self._lines.follow()
                worked, told = self._settle(self._lines.stale(SHARE)), ""
            except RegistryError as error:
                if told != error.message:  # once, not twice a second for as long as the disk is full
                    _log.warning("the lines of the lots are behind: %s", error)
                worked, told = 0, error.message
            # What comes in one by one is judged together: a look costs as much as two lots.
            ended.wait(0.02 if worked == SHARE else PAUSE)

    def judged(self) -> int:
        """Follow the ledger, and answer its size; where no thread judges what is stale, some of it is judged here."""
        size = self._lines.follow()
        if not self._followed and self._judged_at != size:
            self._judged_at = size
            self._settle(self._lines.stale(AT_ONCE * 2))
        return size

    def rows(self, read: Callable[[datetime], list[Line]]) -> list[Line]:
        """What ``read`` finds at this moment, none of it stale: what was judged may not belong to it any more, and
        others may stand in its place, until none of them is stale. One that is entered meanwhile is left out.
        """
        self._lines.follow()
        now = self._ledger.now()
        rows = read(now)
        for _again in range(ROUNDS):
            stale = [line.lot for line in rows if line.stale]
            if not stale:
                break
            self._settle(stale)
            rows = read(now)
        return [line for line in rows if not line.stale]

    def _settle(self, lots: Sequence[str]) -> int:
        if lots:
            self._keep(self._judge(lots))
        return len(lots)

    def _judge(self, lots: Sequence[str]) -> list[Judgement]:
        with self._ledger.one_moment():
            return judged_lines(self._states, self._ontologies.terms, lots, self._ledger.size())

    def _keep(self, judged: Sequence[Judgement]) -> None:
        self._lines.keep(judged)
        with self._lock:
            self.kept += 1
