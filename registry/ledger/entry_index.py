"""The ledger's index: (kind, key) → the entries that concern it, written in the transaction of each entry.

Example: rows ``("lot", "p-07", 12)`` and ``("derives-from", "bank-3", 12)`` say that entry 12 speaks of lot P-07 and
of its parent. Keys fold case; ``text`` keeps the key as it was written. The index is a projection: it is no part of
the chain, and ``audit`` can recompute it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, select

from registry.ledger.tables import entries, entry_index

PAGE = 500
_NEWEST = (
    select(entry_index.c.key, func.max(entry_index.c.position))
    .where(entry_index.c.kind == bindparam("kind"), entry_index.c.key.in_(bindparam("wanted", expanding=True)))
    .group_by(entry_index.c.key)
)


class IndexReader(ABC):
    """The questions that the index answers without reading a record."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[Connection]:
        """A connection with a consistent view."""

    def newest(self, kind: str, keys: Iterable[str]) -> dict[str, int]:
        """Folded key → position of the newest entry under it, for those of ``keys`` that have one."""
        positions: dict[str, int] = {}
        with self._reading() as connection:
            for wanted in self._pages(keys):
                newest = connection.execute(_NEWEST, {"kind": kind, "wanted": wanted})
                positions.update((key, position) for key, position in newest)
        return positions

    def written(self, kind: str, keys: Iterable[str]) -> dict[str, str]:
        """Folded key → the key as it was first written, for those of ``keys`` that are known."""
        row, first = entry_index.c, func.min(entry_index.c.position).label("first")
        texts: dict[str, str] = {}
        for wanted in self._pages(keys):
            oldest = select(row.key, first).where(row.kind == kind, row.key.in_(wanted)).group_by(row.key).subquery()
            same = and_(row.kind == kind, row.key == oldest.c.key, row.position == oldest.c.first)
            query = select(row.key, row.text).join(oldest, same)
            with self._reading() as connection:
                texts.update((key, text) for key, text in connection.execute(query))
        return texts

    @staticmethod
    def _pages(keys: Iterable[str]) -> Iterator[list[str]]:
        """The keys folded and in order, as many at a time as one statement takes."""
        wanted = sorted({key.casefold() for key in keys})
        for start in range(0, len(wanted), PAGE):
            yield wanted[start : start + PAGE]

    def matching(self, kind: str, text: str = "", *, limit: int = 50, entry_kind: str | None = None) -> list[str]:
        """Keys of ``kind`` that hold ``text``, without regard to case, as first written, in order.

        ``entry_kind`` asks only for keys of entries of that kind: ``matching("lot", "p-", entry_kind="lot")``.
        """
        first = select(entry_index.c.key, func.min(entry_index.c.position).label("position"))
        first = first.where(entry_index.c.kind == kind)
        if text:
            first = first.where(entry_index.c.key.contains(text.casefold(), autoescape=True))
        if entry_kind:
            first = first.join(entries, entries.c.position == entry_index.c.position)
            first = first.where(entries.c.kind == entry_kind)
        firsts = first.group_by(entry_index.c.key).order_by(entry_index.c.key).limit(limit).subquery()
        same = and_(entry_index.c.key == firsts.c.key, entry_index.c.position == firsts.c.position)
        query = select(entry_index.c.text).join(firsts, same).where(entry_index.c.kind == kind).order_by(firsts.c.key)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def beside(self, kind: str, key: str, other: str) -> list[str]:
        """The keys of kind ``other``, as written, of the entries under ``(kind, key)``: the oldest entry first."""
        given = {"kind": kind, "key": key.casefold(), "other": other}
        with self._reading() as connection:
            return list(connection.execute(_beside(), given).scalars())

    def beside_holding(self, kind: str, text: str, other: str, limit: int) -> list[str]:
        """The keys of kind ``other``, as written, of entries under a key of ``kind`` that holds ``text``.

        Those whose key is ``text`` come first, then those whose key is shortest.
        """
        source, target = entry_index.alias("source"), entry_index.alias("target")
        key = text.casefold()
        same = and_(target.c.position == source.c.position, func.coalesce(target.c.kind, "") == other)
        query = select(target.c.text).select_from(source).join(target, same)
        query = query.where(source.c.kind == kind, source.c.key.contains(key, autoescape=True))
        with self._reading() as connection:
            nearest = query.order_by(func.length(source.c.key), source.c.key, source.c.position).limit(limit)
            return list(connection.execute(nearest).scalars())

    def lots_matching(self, text: str, limit: int = 50) -> list[str]:
        """Registered lots whose identifier holds ``text``, without regard to case, in order."""
        return self.matching("lot", text, limit=limit, entry_kind="lot")

    def closure(
        self, link: str, key: str, *, kind: str = "lot", up: bool = False, until: int | None = None
    ) -> list[str]:
        """Everything that derives from ``key`` over ``link``, or that it derives from when ``up``; not itself.

        One step is an entry indexed under both ``(kind, child)`` and ``(link, parent)``; such an entry speaks of one
        child. Answers folded keys in order; a loop ends where it began.
        """
        from_kind, to_kind = (kind, link) if up else (link, kind)
        query = _closure(ends=until is not None)
        given = {"key": key.casefold(), "from": from_kind, "to": to_kind, "until": until}
        with self._reading() as connection:
            return sorted(set(connection.execute(query, given).scalars()) - {key.casefold()})


@cache
def _beside() -> Select[Any]:
    source, target = entry_index.alias("source"), entry_index.alias("target")
    # As in ``closure``: hidden so, the position is looked up instead of every row of that kind being read.
    same = and_(target.c.position == source.c.position, func.coalesce(target.c.kind, "") == bindparam("other"))
    query = select(target.c.text).select_from(source).join(target, same)
    query = query.where(source.c.kind == bindparam("kind"), source.c.key == bindparam("key"))
    return query.order_by(source.c.position)


@cache
def _closure(*, ends: bool) -> Select[Any]:
    """The walk, written once: to write it takes longer than to answer it."""
    source, target = entry_index.alias("source"), entry_index.alias("target")
    # Without statistics SQLite would read every row of that kind; hidden so, it looks the position up instead.
    target_kind = func.coalesce(target.c.kind, "")
    reached = select(bindparam("key", type_=entry_index.c.key.type).label("key")).cte("reached", recursive=True)
    step = (
        select(target.c.key)
        .select_from(reached)
        .join(source, and_(source.c.kind == bindparam("from"), source.c.key == reached.c.key))
        .join(target, and_(target.c.position == source.c.position, target_kind == bindparam("to")))
    )
    if ends:
        step = step.where(source.c.position <= bindparam("until"))
    return select(reached.union(step).c.key)
