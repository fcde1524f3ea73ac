"""The index made anew from the entries, beside those who use it.

Entries are never changed, so what the index has to say of a stretch of them is fixed: each stretch is compared without
a lock, and only what differs is written, in a transaction of its own. Nobody waits for the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, insert, or_, select

from registry.ledger.append import IndexOf, index_rows
from registry.ledger.tables import entries, entry_index

if TYPE_CHECKING:
    from registry.ledger.read import View

STRETCH = 500
"""Entries compared at once."""
Rows = dict[tuple[str, str, int], str]
"""(kind, key, position) → the key as it was written."""

_ROW = entry_index.c


def expected_rows(view: View, index_of: IndexOf, since: int, until: int) -> Rows:
    """What the index has to hold of the entries after ``since`` and up to ``until``."""
    return {
        (row["kind"], row["key"], row["position"]): row["text"]
        for entry, record in view.entries_with_records(since, until)
        for row in index_rows(entry, index_of(entry, record))
    }


def held_rows(view: View, since: int, until: int) -> Rows:
    """What it holds of them."""
    query = select(entry_index).where(_ROW.position > since, _ROW.position <= until)
    return {(row.kind, row.key, row.position): row.text for row in view.connection.execute(query)}


def mend(connection: Connection, expected: Rows, held: Rows) -> None:
    """Take away what should not be there, or says something else, and put in what should."""
    wrong = [row for row, text in held.items() if expected.get(row) != text]
    due = {row: text for row, text in expected.items() if held.get(row) != text}
    for row in {*wrong, *due}:  # what another process has put in meanwhile is put in again
        kind, key, position = row
        connection.execute(delete(entry_index).where(_ROW.kind == kind, _ROW.key == key, _ROW.position == position))
    if due:
        new = [{"kind": row[0], "key": row[1], "position": row[2], "text": text} for row, text in due.items()]
        connection.execute(insert(entry_index), new)


def drop_strays(connection: Connection) -> None:
    """Take away rows of entries that there are not."""
    last = select(func.coalesce(func.max(entries.c.position), 0)).scalar_subquery()
    connection.execute(delete(entry_index).where(or_(_ROW.position < 1, _ROW.position > last)))
