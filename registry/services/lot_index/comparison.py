"""The lists as they are kept, and as they would be if they were made anew: for the audit.

A line that is to be judged before anybody is shown it is not compared by what it says, but it has to be there. Every
other one has to say what the lot's page says: a list that was changed behind the ledger's back would show a held lot as
released. Where the lines stand (``lot_lines_at``), and the marks that say which of them are stale, are held to what the
ledger allows: a mark from the future would keep a line from ever being judged again.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, Row, func, select

from registry.domain import Lot
from registry.errors import Unavailable
from registry.instants import moment_text
from registry.ledger import Ledger
from registry.ledger.lots import LOT, LotReader
from registry.ledger.tables import entries, entry_index, lot_lines, lot_lines_at, lot_values
from registry.services.lot_index.columns import LotColumns
from registry.services.lot_index.index import Judgement, joined
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.lot_state import LotStates
from registry.vocabulary import Terms

STRETCH = 400
"""Lots judged at once."""
Rows = list[Hashable]
_COLUMNS = (
    "lot", "kind", "product", "position", "made", "month", "expires", "stages", "state", "verdict", "short_of",
    "panels", "holds_until", "complete_by", "awaits", "against",
)  # fmt: skip
_VALUES = ("criterion", "low", "high", "observed", "verdict")


def held_and_expected(
    ledger: Ledger, reader: LotReader, states: LotStates, terms: Terms, columns: LotColumns
) -> tuple[Rows, Rows]:
    """(what the tables hold, what they should hold). Raises Unavailable where the lines are behind the ledger."""
    now = moment_text(ledger.now())
    with ledger.view() as view:
        size, at = view.size(), _stands_at(view.connection)
        if at < size:
            raise Unavailable("The lists are behind the ledger.", expected=f"{size} entries", found=f"{at} entries",
                              todo="Audit a copy that can be written.")  # fmt: skip
        held, expected = _standing(view.connection, size)
        lines = list(view.connection.execute(select(lot_lines).order_by(lot_lines.c.key)))
        fresh = {row.key for row in lines if row.mark <= row.judged <= size and not "" < row.holds_until <= now}
        known = {row.key for row in lines}
        held += [("line", row.key, *(getattr(row, name) for name in _COLUMNS)) for row in lines if row.key in fresh]
        held += [
            ("value", row.key, *(getattr(row, name) for name in _VALUES))
            for row in view.connection.execute(select(lot_values))
            if row.key in fresh or row.key not in known
        ]
    columns.read(ledger.now())
    held += [("evidence", key, columns.kept(key)) for key in sorted(fresh)]
    return held, [*expected, *_expected(sorted(fresh), reader, states, terms, size)]


def _stands_at(connection: Connection) -> int:
    return int(connection.execute(select(func.max(lot_lines_at.c.position))).scalar() or 0)


def _standing(connection: Connection, size: int) -> tuple[Rows, Rows]:
    """Where the lines stand, and of every lot that is registered that it has one, marked within the ledger."""
    held: Rows = [("stands at", row.position) for row in connection.execute(select(lot_lines_at))]
    expected: Rows = [("stands at", size)]
    first = select(entry_index.c.key, func.min(entries.c.position).label("first"))
    first = first.join(entries, entries.c.position == entry_index.c.position)
    first = first.where(entry_index.c.kind == LOT, entries.c.kind == LOT).group_by(entry_index.c.key)
    newest = select(entry_index.c.key, func.max(entry_index.c.position).label("newest"))
    newest = newest.where(entry_index.c.kind == LOT).group_by(entry_index.c.key)
    last = {row.key: row.newest for row in connection.execute(newest)}
    expected += [("marks", row.key, last[row.key], "within") for row in connection.execute(first)]
    held += [("marks", row.key, row.newest, _within(row, size)) for row in connection.execute(select(lot_lines))]
    return held, expected


def _within(row: Row[tuple[object, ...]], size: int) -> str:
    sound = row.position <= row.mark <= size and 0 <= row.judged <= size
    return "within" if sound else f"mark {row.mark}, judged {row.judged}"


def _expected(
    keys: list[str], reader: LotReader, states: LotStates, terms: Terms, size: int
) -> Iterator[Hashable]:  # fmt: skip
    known = [key for key in keys if reader.registered(key) is not None]
    for start in range(0, len(known), STRETCH):
        part = known[start : start + STRETCH]
        for key, line in zip(part, judged_lines(states, terms, part, size), strict=True):
            yield ("line", key, *_line(reader.lot(key, size), line))
            yield ("evidence", key, line.kept and replace(line.kept, lot=key))
            for value in line.values:
                yield ("value", key, value.criterion, value.low, value.high, value.observed, value.verdict)


def _line(lot: Lot, line: Judgement) -> tuple[Hashable, ...]:
    made = lot.manufactured_on.isoformat() if lot.manufactured_on else ""
    stands = (lot.id, lot.kind, lot.product or "", lot.entry.position if lot.entry else 0, made, made[:7])
    return (
        *stands, _text(lot.expires_at), joined(line.stages), line.state, line.verdict, joined(line.short_of),
        line.panels, _text(line.holds_until), _text(line.complete_by), joined(line.awaits), line.against,
    )  # fmt: skip


def _text(at: datetime | None) -> str:
    return moment_text(at) if at is not None else ""
