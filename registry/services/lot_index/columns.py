"""What every lot shows, kept in columns beside its line: what a new specification is tried on, and nothing else reads.

All of it is held in memory, and what was judged since is read again: what several lots show alike is held once.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from registry.errors import Corrupt, Unavailable
from registry.judgement.kept_results import KeptResults
from registry.judgement.many import Kept
from registry.ledger import Ledger
from registry.ledger.tables import lot_evidence, lot_lines_at, result_texts
from registry.services.lot_index.index import to_judge
from registry.services.lot_index.query import LINE, stale_lines, state_at
from registry.services.lot_index.refresh import KeptLines

FEW = 1000
"""Lots up to which what is kept is read by their keys; of more, all of it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One product lot as its line says it; ``against`` and ``verdict`` are empty where it is held against nothing."""

    key: str
    lot: str
    state: str
    against: str
    verdict: str


class LotColumns:
    """What is kept of every lot of one registry, in memory. Safe for threads."""

    def __init__(self, ledger: Ledger, lines: KeptLines) -> None:
        self._ledger = ledger
        self._lines = lines
        self._lock = threading.Lock()
        self._texts: dict[str, str] = {}
        self._newest = 0
        self._kept: dict[str, tuple[int, Kept]] = {}

    def held(self) -> tuple[int, datetime, list[Held]]:
        """The ledger's size, the time, and every product lot as it stands then: what is stale is judged before.

        Raises Unavailable where lots are entered faster than they are judged.
        """
        for _again in range(5):
            self._lines.settle()
            now = self._ledger.now()
            size, stale, every = self.read(now)
            if not stale:
                return size, now, every
        raise Unavailable("Lots are entered faster than they are judged.", todo="Ask again in a minute.")

    def waiting(self) -> int:
        """How many lots are still to be judged before all are as the ledger stands; some are, where no thread does."""
        self._lines.judged()
        return stale_lines(self._ledger)

    def read(self, now: datetime) -> tuple[int, int, list[Held]]:
        """The size of the ledger that is read, how many lots are stale, and every product lot as it is at this time."""
        columns = (LINE.key, LINE.kind, LINE.lot, LINE.judged, LINE.against, LINE.verdict, state_at(now).label("is"))
        with self._lock, self._ledger.view() as view:
            size = view.connection.execute(select(lot_lines_at.c.position)).scalar() or 0
            rows = view.connection.execute(select(*columns).order_by(LINE.position)).all()
            stale = view.connection.execute(select(func.count()).select_from(to_judge(now).subquery())).scalar_one()
            known = self._kept
            self._take(view.connection, {row.key: row.judged for row in rows if _judged(known, row.key) != row.judged})
        return (
            size,
            stale,
            [
                Held(key, lot, state, against, verdict)
                for key, kind, lot, _judged, against, verdict, state in rows
                if kind == "product lot"
            ],
        )

    def kept(self, lot: str) -> Kept | None:
        """What is kept of a lot, by its identifier without regard to case; None for one that is not known."""
        known = self._kept.get(lot.casefold())
        return None if known is None else known[1]

    def _take(self, connection: Connection, judged: dict[str, int]) -> None:
        """Read again what is kept of these lots."""
        if not judged:
            return
        self._take_texts(connection)
        keys = list(judged)
        query = select(*lot_evidence.c)
        parts = [keys[start : start + FEW] for start in range(0, len(keys), FEW)]
        queries = [query] if len(parts) > 1 else [query.where(lot_evidence.c.key.in_(part)) for part in parts]
        for each in queries:
            for key, containers, origins, tangled, results in connection.execute(each):
                if key in judged:
                    texts = tuple(map(self._text, results.split("\n"))) if results else ()
                    kept = Kept(key, KeptResults(texts, tangled), containers, _names(origins))
                    self._kept[key] = (judged[key], kept)

    def _take_texts(self, connection: Connection) -> None:
        texts = result_texts.c
        newest = connection.execute(select(texts.text).where(texts.id == self._newest)).scalar()
        if newest != self._texts.get(str(self._newest)):  # the numbers were given anew
            self._texts, self._newest, self._kept = {}, 0, {}
        for number, text in connection.execute(select(texts.id, texts.text).where(texts.id > self._newest)):
            self._texts[str(number)] = text
            self._newest = max(self._newest, number)

    def _text(self, written: str) -> str:
        number, tab, own = written.partition("\t")
        if number not in self._texts:
            raise Corrupt("What is kept of a result is gone.", expected="one of the texts that are kept", found=number,
                          todo="Make the lists anew from the ledger.", action="rebuild")  # fmt: skip
        return f"{self._texts[number]}{tab}{own}" if tab else self._texts[number]


def _judged(known: dict[str, tuple[int, Kept]], key: str) -> int | None:
    kept = known.get(key)
    return None if kept is None else kept[0]


def _names(origins: str) -> tuple[str, ...]:
    return tuple(origins.split("\n")) if origins else ()
