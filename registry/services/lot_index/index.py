"""One line for each lot, for lists, counts and charts: a projection of the ledger that is never the truth.

A list of 50,000 lots cannot judge each of them, so what was judged is kept beside the ledger. ``follow`` reads the
entries that are new and marks every line that one of them may have changed, descendants and a product's lots
included; ``keep`` writes what was judged since. A line whose mark is newer than its judgement is stale and says so.
The clock is never in a line: whether a lot has expired is asked when the line is read. A lot's page and a release
never read any of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CompoundSelect, Connection, bindparam, delete, insert, inspect, select, update

from registry.domain import Recorded
from registry.identifiers import Names
from registry.instants import moment_text
from registry.judgement.many import Kept
from registry.ledger import Entry, Ledger, View
from registry.ledger.lots import LotReader
from registry.ledger.tables import (
    HOLDS,
    METADATA,
    TO_JUDGE,
    lot_evidence,
    lot_lines,
    lot_lines_at,
    lot_values,
    result_texts,
)
from registry.records import Record
from registry.records.kinds import kind
from registry.records.lot import read_lot
from registry.services.lot_index import evidence_rows

TABLES = (lot_lines, lot_values, lot_evidence, result_texts, lot_lines_at)
CHUNK = 400
"""Entries read, lines marked and lines written in one transaction, so that nobody waits long for the lock."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a lot shows for one criterion, as text: decimals in the criterion's unit, None where it is unbounded."""

    criterion: str
    low: str | None
    high: str | None
    observed: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was judged of one lot at a ledger size. ``state`` is as if no time passed: it is never ``expired``.

    ``holds_until`` is when evidence that a release rests on outlives its window, and the lot has to be judged again.
    ``complete_by`` is of a lot under a conditional release, and ``awaits`` the criteria that are not known yet: without
    them the release ends at that time, which is compared when the line is read. ``against`` is the digest of the
    specification that it was judged against, and ``kept`` what it was judged from.
    """

    lot: str
    size: int
    state: str
    verdict: str
    stages: tuple[str, ...]
    short_of: tuple[str, ...]
    panels: int
    holds_until: datetime | None
    values: tuple[Value, ...]
    complete_by: datetime | None = None
    awaits: tuple[str, ...] = ()
    against: str = ""
    kept: Kept | None = None


class LotLines:
    """The lines of one registry. Safe for threads and for several processes on one ledger."""

    def __init__(self, ledger: Ledger, names: Names) -> None:
        self._ledger = ledger
        self._names = names
        self._built = False

    def follow(self) -> int:
        """Bring the lines up to the ledger; answers the ledger's size. It judges nothing."""
        self._build()
        size = self._ledger.size()
        with self._ledger.view() as view:
            at = view.connection.execute(select(lot_lines_at.c.position)).scalar() or 0
        while at < size:
            with self._ledger.writing() as connection:
                at = self._step(connection, size)
        return size

    def rebuild(self) -> None:
        """Throw every line away and begin again."""
        self._build()
        with self._ledger.writing() as connection:
            for table in TABLES:
                if table is not result_texts:  # a number stays with its text: a server may hold it
                    connection.execute(delete(table))
        self.follow()

    def stale(self, limit: int) -> list[str]:
        """Lots whose line is older than what was entered about them or than their evidence holds, newest first."""
        waiting = to_judge(self._ledger.clock()).subquery()
        with self._ledger.view() as view:
            query = select(waiting.c.lot).order_by(waiting.c.newest.desc()).limit(limit)
            return list(view.connection.execute(query).scalars())

    def keep(self, judged: Sequence[Judgement]) -> None:
        """Write what was judged; a judgement that is older than the one that stands is dropped.

        One of the same size is written: time alone may have changed what it says.
        """
        change = update(lot_lines).where(lot_lines.c.key == bindparam("of")).values(
            judged=bindparam("size"), state=bindparam("is"), verdict=bindparam("shown"), stages=bindparam("at"),
            short_of=bindparam("lacks"), panels=bindparam("count"), holds_until=bindparam("holds"),
            complete_by=bindparam("limit"), awaits=bindparam("due"),
            against=bindparam("held"),
        )  # fmt: skip
        for start in range(0, len(judged), CHUNK):
            part = judged[start : start + CHUNK]
            with self._ledger.writing() as connection:
                query = select(lot_lines.c.key, lot_lines.c.judged).where(
                    lot_lines.c.key.in_([_key(line) for line in part])
                )
                before = {row.key: row.judged for row in connection.execute(query)}
                part = [line for line in part if before.get(_key(line), line.size + 1) <= line.size]
                if not part:
                    continue
                connection.execute(change, [_row(line) for line in part])
                connection.execute(delete(lot_values).where(lot_values.c.key.in_([_key(line) for line in part])))
                values = [row for line in part for row in _values(line)]
                if values:
                    connection.execute(insert(lot_values), values)
                evidence_rows.write(connection, [line.kept for line in part if line.kept is not None])

    def _build(self) -> None:
        if self._built:
            return
        with self._ledger.view() as view:
            there = _is_built(view.connection)
        if not there:
            with self._ledger.writing() as connection:
                if not _is_built(connection):  # or built by an earlier version: nothing is lost with a projection
                    METADATA.drop_all(connection, tables=list(TABLES))
                    METADATA.create_all(connection, tables=list(TABLES))
        self._built = True

    def _step(self, connection: Connection, size: int) -> int:
        """Read the next entries within one transaction; answers how far the lines are now."""
        at = connection.execute(select(lot_lines_at.c.position)).scalar()
        if at is None:
            connection.execute(insert(lot_lines_at).values(position=0))
        since, until = at or 0, min((at or 0) + CHUNK, size)
        if since >= until:
            return since
        view, marks = View(connection), dict[str, int]()
        for entry in view.entries(since=since, until=until):
            if entry.kind == "lot" and entry.record is not None:
                _register(connection, entry, view.record(entry.record), self._names)
            marks |= dict.fromkeys(self._touched(view, entry), entry.position)
            if entry.lots:
                own = [lot.casefold() for lot in entry.lots]
                connection.execute(update(lot_lines).where(lot_lines.c.key.in_(own)).values(newest=entry.position))
        _mark(connection, marks)
        connection.execute(update(lot_lines_at).values(position=until))
        return until

    def _touched(self, view: View, entry: Entry) -> Iterator[str]:
        """The folded names of every lot whose state or verdict the entry may have changed."""
        reached = LotReader(view, self._names).reached(entry, kind(entry.kind).state)
        return (lot.casefold() for lot in reached)


def _is_built(connection: Connection) -> bool:
    """Whether the tables stand as they are wanted now."""
    database = inspect(connection)
    if not all(database.has_table(table.name) for table in TABLES):
        return False
    return {column["name"] for column in database.get_columns(lot_lines.name)} == set(lot_lines.columns.keys())


def _register(connection: Connection, entry: Entry, record: Record, names: Names) -> None:
    lot = read_lot(record, Recorded(entry.position, entry.at, entry.actor, record.digest), names, None)
    made = lot.manufactured_on.isoformat() if lot.manufactured_on else ""
    row = {
        "key": lot.id.casefold(), "lot": lot.id, "kind": lot.kind, "product": lot.product or "",
        "position": entry.position, "newest": entry.position, "mark": entry.position, "judged": 0,
        "made": made, "month": made[:7],
        "expires": moment_text(lot.expires_at) if lot.expires_at else "", "stages": "", "state": "not released",
        "verdict": "", "short_of": "", "panels": 0, "holds_until": "", "complete_by": "", "awaits": "",
        "against": "",
    }  # fmt: skip
    connection.execute(insert(lot_lines), row)


def _mark(connection: Connection, marks: dict[str, int]) -> None:
    if marks:
        change = update(lot_lines).where(lot_lines.c.key == bindparam("of")).values(mark=bindparam("since"))
        connection.execute(change, [{"of": key, "since": position} for key, position in marks.items()])


def to_judge(now: datetime) -> CompoundSelect[tuple[str, int]]:
    """The lines that have to be judged again: lot and newest entry. Two questions, each with an index of its own."""
    wanted = select(lot_lines.c.lot, lot_lines.c.newest)
    return wanted.where(TO_JUDGE).union(wanted.where(HOLDS, lot_lines.c.holds_until <= moment_text(now)))


def joined(words: Iterable[str]) -> str:
    """Words as a line keeps them, each between bars, so that one is found without finding another: ``|cd73|cd90|``."""
    text = "|".join(words)
    return f"|{text}|" if text else ""


def parted(text: str) -> tuple[str, ...]:
    """The words again."""
    return tuple(text.strip("|").split("|")) if text else ()


def _key(line: Judgement) -> str:
    return line.lot.casefold()


def _row(line: Judgement) -> dict[str, object]:
    return {
        "of": _key(line), "size": line.size, "is": line.state, "shown": line.verdict, "at": joined(line.stages),
        "lacks": joined(line.short_of), "count": line.panels,
        "holds": moment_text(line.holds_until) if line.holds_until else "",
        "limit": moment_text(line.complete_by) if line.complete_by else "", "due": joined(line.awaits),
        "held": line.against,
    }  # fmt: skip


def _values(line: Judgement) -> list[dict[str, str | None]]:
    return [
        {"key": _key(line), "criterion": value.criterion, "low": value.low, "high": value.high,
         "observed": value.observed, "verdict": value.verdict}
        for value in line.values
    ]  # fmt: skip
