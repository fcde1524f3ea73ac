"""What lots showed for their criteria, by indexed reads: for charts, and for what is said beside a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Subquery, select

from registry.ledger import Ledger
from registry.ledger.tables import lot_values
from registry.services.lot_index.query import LINE


@dataclass(frozen=True, slots=True)
class Kept:
    """What one lot showed for one criterion, as it was judged; decimals as text, ``position`` where the lot entered.

    ``against`` is the digest of the specification that it was judged against, ``month`` that of its manufacture.
    """

    lot: str
    criterion: str
    low: str | None
    high: str | None
    observed: str
    verdict: str
    position: int = 0
    against: str = ""
    month: str = ""


def points(ledger: Ledger, product: str, criterion: str, limit: int) -> list[Kept]:
    """What the product's newest lots showed for one criterion, the oldest of them first; for every one without it."""
    newest = _newest(product, limit)
    query = select(newest.c.lot, newest.c.position, newest.c.against, newest.c.month, lot_values)
    query = query.join(lot_values, lot_values.c.key == newest.c.key).order_by(newest.c.position)
    if criterion:
        query = query.where(lot_values.c.criterion == criterion)
    with ledger.view() as view:
        rows = view.connection.execute(query).all()
    return [
        Kept(row.lot, row.criterion, row.low, row.high, row.observed, row.verdict, row.position, row.against, row.month)
        for row in rows
    ]


def heads(ledger: Ledger, product: str, limit: int) -> tuple[tuple[object, ...], ...]:
    """What the values of the product's newest lots rest on: while it is the same, so are ``points``, but for time."""
    query = select(LINE.key, LINE.position, LINE.against, LINE.judged, LINE.holds_until, LINE.verdict)
    query = query.where(LINE.product == product, LINE.kind == "product lot")
    with ledger.view() as view:
        return tuple(tuple(row) for row in view.connection.execute(query.order_by(LINE.position.desc()).limit(limit)))


def _newest(product: str, limit: int) -> Subquery:
    of = select(LINE.key, LINE.lot, LINE.position, LINE.against, LINE.panels, LINE.month)
    of = of.where(LINE.product == product, LINE.kind == "product lot")
    return of.order_by(LINE.position.desc()).limit(limit).subquery()


def judged_otherwise(ledger: Ledger, product: str, against: str, limit: int) -> list[tuple[str, int]]:
    """(lot, where it entered) of those of the product's newest lots that have results and another specification."""
    newest = _newest(product, limit)
    query = select(newest.c.lot, newest.c.position).where(newest.c.against != against, newest.c.panels > 0)
    with ledger.view() as view:
        return [(row.lot, row.position) for row in view.connection.execute(query)]


def earlier(ledger: Ledger, lot: str, limit: int) -> list[tuple[str, str, list[Kept]]]:
    """(lot, its state without a clock, what it showed) of the lots of the same product registered before this one."""
    own = select(LINE.product, LINE.position).where(LINE.key == lot.casefold()).subquery()
    query = select(LINE.key, LINE.lot, LINE.state).where(
        LINE.product == select(own.c.product).scalar_subquery(), LINE.product != "", LINE.kind == "product lot",
        LINE.position < select(own.c.position).scalar_subquery(),
    )  # fmt: skip
    with ledger.view() as view:
        rows = view.connection.execute(query.order_by(LINE.position.desc()).limit(limit)).all()
        names = {row.key: row.lot for row in rows}
        shown: dict[str, list[Kept]] = {key: [] for key in names}
        for row in view.connection.execute(select(lot_values).where(lot_values.c.key.in_(names))):
            shown[row.key].append(Kept(names[row.key], row.criterion, row.low, row.high, row.observed, row.verdict))
    return [(row.lot, row.state, shown[row.key]) for row in rows]
