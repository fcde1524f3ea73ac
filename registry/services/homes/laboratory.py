"""A submitter's lots that do not pass, and why: read from the lines of the lots, nothing is judged for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, or_, select

from registry.ledger import Ledger
from registry.ledger.lots import LOT
from registry.ledger.tables import entries, entry_index, lot_lines, lot_values
from registry.services.answers import Answer, LotLine
from registry.services.lot_index.table import WAITING

FALLS_SHORT = ("fail", "incomplete")


@dataclass(frozen=True, slots=True)
class Short(Answer):
    """What one criterion of a lot shows that it does not pass; ``observed`` is empty where there is no result."""

    criterion: str
    observed: str
    verdict: str


@dataclass(frozen=True, slots=True)
class ShortLot(Answer):
    """A lot that does not pass: its line, and what keeps it from passing, what fails first."""

    line: LotLine
    short: tuple[Short, ...]


def sent_by(ledger: Ledger, account: str, cited: Sequence[str], limit: int) -> list[str]:
    """Lots that wait, that this account sent results of, and that do not pass: what fails first, the newest first.

    Among them are those that were not judged yet (see ``falls_short``). Lots of products that are only ``cited`` are
    never released, so that nothing is to be done about them.
    """
    line, index, entry = lot_lines.c, entry_index.c, entries.c
    own = exists().where(
        index.kind == LOT, index.key == line.key, entry.position == index.position,
        entry.kind == "panel", entry.actor == account,
    )  # fmt: skip
    short = and_(line.verdict.in_(FALLS_SHORT), line.state.in_(WAITING), line.panels > 0)
    wanted = select(line.lot).where(
        line.kind == "product lot", or_(short, line.judged < line.mark), own, line.product.not_in(cited)
    )
    query = wanted.order_by(line.verdict, line.newest.desc()).limit(limit)
    with ledger.view() as view:
        return list(view.connection.execute(query).scalars())


def falls_short(line: LotLine) -> bool:
    """Whether a lot waits and does not pass, now that it is judged."""
    return line.verdict in FALLS_SHORT and line.state in WAITING and line.panels > 0


def why(ledger: Ledger, lines: Sequence[LotLine]) -> tuple[ShortLot, ...]:
    """Each of these lots with what its evidence does not show."""
    keys = [line.lot.casefold() for line in lines]
    value = lot_values.c
    query = select(value.key, value.criterion, value.observed, value.verdict).where(value.key.in_(keys))
    with ledger.view() as view:
        shown = {(row.key, row.criterion): row for row in view.connection.execute(query)}
    lots = []
    for line in lines:
        rows = [(criterion, shown.get((line.lot.casefold(), criterion))) for criterion in line.short_of]
        short = [
            Short(criterion, row.observed, row.verdict) if row is not None else Short(criterion, "", "missing")
            for criterion, row in rows
        ]
        lots.append(ShortLot(line, tuple(sorted(short, key=lambda each: each.verdict != "fail"))))
    return tuple(lots)
