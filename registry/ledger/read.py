"""Everything that can be asked of a ledger, over a connection of its own or one that is given.

Example: ``ledger.entries(since=120, lot="p-07")`` gives the entries after position 120 that concern lot P-07.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, select

from registry.errors import Corrupt, Unknown
from registry.instants import moment_of, moment_text
from registry.ledger.chain import GENESIS, Entry, Json, public_key_of
from registry.ledger.entry_index import PAGE, IndexReader
from registry.ledger.tables import (
    METADATA,
    entries,
    entry_index,
    files,
    guard_definitions,
    is_to_be_read,
    receipts,
    records,
)
from registry.records import Record

_STREAMED = {"stream_results": True, "yield_per": PAGE}
LAST = 2**31 - 1
"""The greatest position that a database holds; whoever asks for a greater one asks for none."""
_SQLITE_GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_POSTGRESQL_GUARDS = "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
_KEYS = select(entries).where(entries.c.kind.in_(("init", "key"))).order_by(entries.c.position)
RECEIPT_OF = select(receipts).where(receipts.c.scope == bindparam("scope"), receipts.c.key == bindparam("key"))
_HEAD = select(entries.c.position, entries.c.hash).order_by(entries.c.position.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an append answers: where its entries stand, and the ledger's size and head after them.

    ``answer`` is what the caller asked to be kept for whoever repeats the request; ``repeated`` is True when this is
    the receipt of an earlier, identical request.
    """

    positions: tuple[int, ...]
    size: int
    head: str
    at: datetime
    answer: Json = field(default=None, hash=False)
    repeated: bool = False


class Reader(IndexReader):
    """The questions. Positions count from 1; ``until`` is included, ``since`` is not."""

    @contextmanager
    def view(self) -> Iterator[View]:
        """A reader that sees one moment of the ledger, however many questions are asked of it."""
        with self._reading() as connection:
            yield View(connection)

    def head(self) -> tuple[int, str]:
        """(size, hash of the newest entry); (0, 64 zeros) while there is none."""
        with self._reading() as connection:
            row = connection.execute(_HEAD).one_or_none()
        return (row.position, row.hash) if row else (0, GENESIS)

    def size(self) -> int:
        """The number of entries."""
        return self.head()[0]

    def entry(self, position: int) -> Entry:
        """The entry at ``position``; raises Unknown."""
        with self._reading() as connection:
            query = select(entries).where(entries.c.position == max(0, min(position, LAST)))
            row = connection.execute(query).one_or_none()
        if row is None:
            raise Unknown("There is no such entry.", expected="a position of the ledger", found=str(position))
        return entry_of(row)

    def entries(
        self,
        since: int = 0,
        until: int | None = None,
        *,
        lot: str | None = None,
        kind: str | None = None,
        key: tuple[str, str] | None = None,
    ) -> Iterator[Entry]:
        """Entries in order, by page, up to the size at the first call; ``lot`` and ``key`` (index kind, key) fold case.

        Nothing is locked while they are read, and none can change: a later append is simply not among them.
        """
        keys = [(kind_, key_) for kind_, key_ in (("lot", lot), key or ("", None)) if key_ is not None]
        for entry, _record in self._walk(since, until, keys, kind, with_records=False):
            yield entry

    def newest_entries(
        self, limit: int, *, before: int | None = None, kind: str = "", actor: str = "", lot: str = "",
        also: Sequence[str] = (), decision: str = "", since: datetime | None = None, until: datetime | None = None,
        after: int | None = None,
    ) -> list[Entry]:  # fmt: skip
        """The newest entries first, at positions under ``before``; of one kind, actor or lot where one is named.

        With ``after`` the oldest first, at positions above it. ``also`` names kinds of index beside ``lot`` under which
        an entry is found by its lot, such as ``print``.
        ``decision`` is what was decided, such as ``hold``. Entered from ``since`` on and before ``until``.
        """
        wanted: list[ColumnElement[bool]] = []
        if kind:
            wanted.append(_is_kind(kind, hidden=bool(lot)))
        if lot:
            wanted.append(_concerned(entry_index.c.kind.in_(("lot", *also)), lot.casefold()))
        if actor:
            wanted.append(entries.c.actor == actor)
        if decision:
            fragment = json.dumps({"decision": decision}, separators=(",", ":"), ensure_ascii=False).strip("{}")
            wanted += [_is_kind("decision", hidden=bool(lot)), entries.c.details.contains(fragment, autoescape=True)]
        wanted += [entries.c.at >= moment_text(bound) for bound in (since,) if bound is not None]
        wanted += [entries.c.at < moment_text(bound) for bound in (until,) if bound is not None]
        if before is not None:
            wanted.append(entries.c.position < min(before, LAST))
        wanted += [entries.c.position > min(bound, LAST) for bound in (after,) if bound is not None]
        order = entries.c.position.desc() if after is None else entries.c.position
        with self._reading() as connection:
            rows = connection.execute(select(entries).where(*wanted).order_by(order).limit(limit))
            return [entry_of(row) for row in rows]

    def entry_kinds(self) -> list[str]:
        """Every kind of entry there is, in order."""
        with self._reading() as connection:
            return list(connection.execute(select(entries.c.kind).distinct().order_by(entries.c.kind)).scalars())

    def entries_with_records(
        self,
        since: int = 0,
        until: int | None = None,
        *,
        kind: str | None = None,
        key: tuple[str, str] | None = None,
    ) -> Iterator[tuple[Entry, Record | None]]:
        """As ``entries``, each with its record: for one thing's entries, or for those who read everything."""
        return self._walk(since, until, [key] if key else [], kind, with_records=True)

    def _walk(
        self, since: int, until: int | None, keys: Sequence[tuple[str, str]], kind: str | None, *, with_records: bool
    ) -> Iterator[tuple[Entry, Record | None]]:
        last = LAST if until is None else until
        page = _page(len(keys), of_kind=kind is not None, with_records=with_records)
        wanted: dict[str, int | str] = {} if kind is None else {"kind": kind}
        for number, (index_kind, key) in enumerate(keys):
            wanted |= {f"kind{number}": index_kind, f"key{number}": key.casefold()}
        while since < last:
            with self._reading() as connection:
                rows = connection.execute(page, {**wanted, "since": since, "last": last}).all()
            if last == LAST and len(rows) == PAGE:
                last = self.size()
            for row in rows:
                entry = entry_of(row)
                if with_records and entry.record and row.ntriples is None:
                    raise Corrupt(
                        "A record is gone.", expected=entry.record, found="none", where=f"entry {row.position}"
                    )
                yield entry, (Record(row.ntriples, entry.record) if with_records and entry.record else None)
            since = rows[-1].position if len(rows) == PAGE else last

    def record(self, digest: str) -> Record:
        """The record of this digest; raises Unknown."""
        with self._reading() as connection:
            ntriples = connection.execute(select(records.c.ntriples).where(records.c.digest == digest)).scalar()
        if ntriples is None:
            raise Unknown("There is no such record.", expected="the digest of a record in this ledger", found=digest)
        return Record(ntriples, digest)

    def file(self, digest: str) -> tuple[str, bytes]:
        """(name under which it was first submitted, bytes) of a submitted file; raises Unknown."""
        with self._reading() as connection:
            data = connection.execute(select(files.c.bytes).where(files.c.digest == digest)).scalar()
            name = connection.execute(
                select(entry_index.c.text)
                .where(entry_index.c.kind == "file", entry_index.c.key == digest)
                .order_by(entry_index.c.position)
                .limit(1)
            ).scalar()
        if data is None:
            raise Unknown("There is no such file.", expected="the digest of a submitted file", found=digest)
        return name or "", data

    def receipt_for(self, key: str, actor: str) -> Receipt | None:
        """The receipt of ``actor``'s earlier request with this idempotency key, or None."""
        return self._receipt("key " + actor, key)

    def receipt_for_content(self, content: str) -> Receipt | None:
        """The receipt of the earlier request that was appended with this ``content``, or None."""
        return self._receipt("content", content)

    def _receipt(self, scope: str, key: str) -> Receipt | None:
        with self._reading() as connection:
            row = connection.execute(RECEIPT_OF, {"scope": scope, "key": key}).one_or_none()
        return receipt_of(row.body) if row else None

    def keys(self) -> tuple[tuple[int, str], ...]:
        """(position from which it is in force, public key) of every signing key, oldest first."""
        with self._reading() as connection:
            put_in_force = [entry_of(row) for row in connection.execute(_KEYS)]
        return tuple((entry.position, public_key_of(entry.details)) for entry in put_in_force)

    def public_keys(self) -> tuple[str, ...]:
        """Every public key that was ever in force, oldest first."""
        return tuple(public for _position, public in self.keys())

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """Every row of a table as it stands, in the order of its key, for an auditor: nothing is interpreted."""
        columns = METADATA.tables[table]
        with self._reading() as connection:
            if not is_to_be_read(connection, columns):
                return
            for row in connection.execute(select(columns).order_by(*columns.primary_key), execution_options=_STREAMED):
                yield dict(row._mapping)

    def guards(self) -> tuple[dict[str, str], dict[str, str]]:
        """(the triggers that must stand in the database, those that do): name → definition, empty on PostgreSQL."""
        with self._reading() as connection:
            dialect = connection.dialect.name
            query = _SQLITE_GUARDS if dialect == "sqlite" else _POSTGRESQL_GUARDS
            return guard_definitions(dialect), {row[0]: row[1] for row in connection.exec_driver_sql(query)}


class View(Reader):
    """A reader over one connection: what a condition of an append sees, within its transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        yield self.connection


def entry_of(row: Row[Any]) -> Entry:
    """A row of ``entries`` as an Entry; raises Corrupt when it is not one the ledger wrote."""
    try:
        lots, details, named = json.loads(row.lots), json.loads(row.details), json.loads(row.files)
    except ValueError as error:
        raise Corrupt(
            "An entry is not JSON.", expected="what the ledger wrote", found=str(error),
            where=f"position {row.position}",
        ) from error  # fmt: skip
    return Entry(
        position=row.position,
        at=moment_of(row.at),
        kind=row.kind,
        actor=row.actor,
        record=row.record,
        lots=tuple(lots),
        details=details,
        files=named,
        previous=row.previous,
        hash=row.hash,
    )


def receipt_of(body: str) -> Receipt:
    """The receipt that was kept as ``body``, marked as repeated."""
    kept = json.loads(body)
    at, positions = moment_of(kept["at"]), tuple(kept["positions"])
    return Receipt(positions, size=kept["size"], head=kept["head"], at=at, answer=kept["answer"], repeated=True)


@cache
def _page(keys: int, *, of_kind: bool, with_records: bool) -> Select[Any]:
    """The statement of one page of entries, written once for each form: to write it takes longer than to answer it."""
    query = select(entries, records.c.ntriples) if with_records else select(entries)
    if with_records:
        query = query.outerjoin_from(entries, records, entries.c.record == records.c.digest)
    if of_kind:
        query = query.where(_is_kind(bindparam("kind"), hidden=keys > 0))
    for number in range(keys):
        query = query.where(_concerned(entry_index.c.kind == bindparam(f"kind{number}"), bindparam(f"key{number}")))
    after, position = entries.c.position > bindparam("since"), entries.c.position
    return query.where(after, position <= bindparam("last")).order_by(position).limit(PAGE)


def _is_kind(kind: ColumnElement[str] | str, *, hidden: bool) -> ColumnElement[bool]:
    """Beside a key the kind is hidden, as in ``index``: SQLite would read every entry of that kind."""
    wanted: ColumnElement[str] = func.coalesce(entries.c.kind, "") if hidden else entries.c.kind
    return wanted == kind


def _concerned(kind: ColumnElement[bool], key: Any) -> ColumnElement[bool]:
    return entries.c.position.in_(select(entry_index.c.position).where(kind, entry_index.c.key == key))
