"""One line of a list of lots as it is answered, and when the newest entry about it was made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from registry.domain import Departure, Product
from registry.instants import moment_of
from registry.ledger import Ledger
from registry.ledger.tables import entries
from registry.release import Condition
from registry.services.answers import LotLine
from registry.services.lot_index import Line
from registry.services.lots.answer_in_words import sentence_of


def line_answer(
    line: Line, product: Product | None, departures: Sequence[Departure], since: datetime | None = None
) -> LotLine:
    """The line as pages and programs read it; ``since`` is when the newest entry about the lot was made."""
    may = line.state == "released"
    waits = Condition(line.awaits, line.complete_by, line.met) if line.complete_by else None
    ends = (line.expires, line.complete_by if line.awaits else None, line.holds_until)
    until = min((at for at in ends if at is not None), default=None) if may and line.expires else None
    return LotLine(
        lot=line.lot,
        kind=line.kind,
        product=line.product or None,
        product_label=product.label if product else "",
        state=line.state,
        may_be_injected=may and until is not None,
        verdict=line.verdict or None,
        until=until,
        sentence=sentence_of(until, product, waits, {}, departures),
        short_of=line.short_of,
        panels=line.panels,
        made=line.made or None,
        condition=waits,
        other_limits=tuple(departure.message for departure in departures),
        since=since,
    )


def entered_at(ledger: Ledger, positions: Sequence[int]) -> dict[int, datetime]:
    """When the entries at these positions were made."""
    query = select(entries.c.position, entries.c.at).where(entries.c.position.in_(set(positions)))
    with ledger.view() as view:
        return {row.position: moment_of(row.at) for row in view.connection.execute(query)}
