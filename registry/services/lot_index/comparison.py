"""The lists as they are kept, and as they would be if they were made anew: for the audit.

A line that says that it is stale is judged before anybody is shown it, so it is not compared. Every other one has to
say what the lot's page says: a list that was changed behind the ledger's back would show a held lot as released.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace

from sqlalchemy import select

from registry.domain import Lot
from registry.instants import moment_text
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.ledger.tables import lot_lines, lot_values
from registry.services.lot_index.columns import LotColumns
from registry.services.lot_index.index import Judgement, joined
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.lot_state import LotStates
from registry.vocabulary import Terms

STRETCH = 400
"""Lots judged at once."""
_COLUMNS = (
    "lot", "kind", "product", "position", "made", "month", "expires", "stages", "state", "verdict", "short_of",
    "panels", "complete_by", "awaits", "against",
)  # fmt: skip
_VALUES = ("criterion", "low", "high", "observed", "verdict")


def held_and_expected(
    ledger: Ledger, reader: LotReader, states: LotStates, terms: Terms, columns: LotColumns
) -> tuple[list[Hashable], list[Hashable]]:
    """(what the tables hold of lines that are not stale, what they should hold of them)."""
    held: list[Hashable] = []
    keys: list[str] = []
    with ledger.view() as view:
        size = view.size()
        for row in view.connection.execute(select(lot_lines).order_by(lot_lines.c.key)):
            if row.judged >= row.mark:
                keys.append(row.key)
                held.append(("line", row.key, *(getattr(row, name) for name in _COLUMNS)))
        fresh = set(keys)
        held += [
            ("value", row.key, *(getattr(row, name) for name in _VALUES))
            for row in view.connection.execute(select(lot_values))
            if row.key in fresh
        ]
    columns.read(ledger.now())
    held += [("evidence", key, columns.kept(key)) for key in keys]
    return held, list(_expected(keys, reader, states, terms, size))


def _expected(keys: list[str], reader: LotReader, states: LotStates, terms: Terms, size: int) -> Iterator[Hashable]:
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
    return (
        lot.id, lot.kind, lot.product or "", lot.entry.position if lot.entry else 0, made, made[:7],
        moment_text(lot.expires_at) if lot.expires_at else "", joined(line.stages), line.state, line.verdict,
        joined(line.short_of), line.panels, moment_text(line.complete_by) if line.complete_by else "",
        joined(line.awaits), line.against,
    )  # fmt: skip
