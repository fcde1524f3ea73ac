"""Pages, counts and values of the lines, by indexed reads.

Example: ``lines(ledger, Wanted(state="on hold"), now, limit=50)`` gives the fifty lots on hold that were newest spoken
of. ``now`` decides what has expired: a line holds no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, and_, case, func, not_, or_, select

from registry.instants import moment_of, moment_text
from registry.ledger import Ledger
from registry.ledger.tables import lot_lines
from registry.services.lot_index.index import parted, to_judge

EXPIRES = ("released", "suspended", "not released")
"""States that an expiry ends; a hold, a rejection and a recall say more than it does."""
LINE = lot_lines.c
Order: TypeAlias = ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """A lot in a list. ``state`` is as of the time asked for; ``stale`` when it was not judged since it changed.

    ``holds_until`` is when evidence that a release rests on outlives its window, None for never.
    ``complete_by`` and ``awaits`` are of a conditional release, and ``met`` when nothing of it is awaited any more.
    ``against`` is the digest of the specification that it was judged against, ``newest`` the newest entry about it.
    """

    lot: str
    kind: str
    product: str
    state: str
    verdict: str
    expires: datetime | None
    made: str
    stages: tuple[str, ...]
    short_of: tuple[str, ...]
    panels: int
    stale: bool
    complete_by: datetime | None
    awaits: tuple[str, ...]
    met: bool
    holds_until: datetime | None = None
    against: str = ""
    newest: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lots: every field narrows. ``since`` and ``until`` are months of manufacture, both included: 2026-04.

    ``text`` is part of an identifier; lots of the products ``about`` it are wanted too. ``without`` are products whose
    lots are not wanted. ``with_results`` is None where it does not matter; a lot that was released and whose results
    were all withdrawn since counts among those with some, for somebody has to decide on it.
    """

    kind: str = ""
    products: tuple[str, ...] | None = None
    states: tuple[str, ...] = ()
    verdict: str = ""
    stage: str = ""
    criterion: str = ""
    since: str = ""
    until: str = ""
    text: str = ""
    about: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    with_results: bool | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many lots share all of these, by month of manufacture: the counts of every facet are sums over cells."""

    kind: str
    product: str
    state: str
    verdict: str
    stages: tuple[str, ...]
    short_of: tuple[str, ...]
    months: Mapping[str, int]

    @property
    def lots(self) -> int:
        """How many there are."""
        return sum(self.months.values())


def _expired(now: datetime) -> ColumnElement[bool]:
    return and_(LINE.expires != "", LINE.expires <= moment_text(now), LINE.state.in_(EXPIRES))


def _overdue(now: datetime) -> ColumnElement[bool]:
    """The condition of a conditional release whose time is over with something still to come."""
    return and_(LINE.awaits != "", LINE.complete_by != "", LINE.complete_by <= moment_text(now))


def state_at(now: datetime) -> ColumnElement[str]:
    """The state at a time: an expiry and the end of a conditional release need nobody to judge anything."""
    late = and_(LINE.state == "released", _overdue(now))
    return case((_expired(now), "expired"), (late, "suspended"), else_=LINE.state)


def _conditions(wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """State, verdict and panels of a lot hold no stale one back: it is judged, and asked again."""
    stale = LINE.judged < LINE.mark
    conditions: list[ColumnElement[bool]] = []
    if wanted.kind:
        conditions.append(LINE.kind == wanted.kind)
    if wanted.products is not None:
        conditions.append(LINE.product.in_(wanted.products))
    if wanted.states:
        conditions.append(or_(state_at(now).in_(wanted.states), stale))
    if wanted.verdict:
        conditions.append(or_(LINE.verdict == wanted.verdict, stale))
    for column, word in ((LINE.stages, wanted.stage), (LINE.short_of, wanted.criterion)):
        if word:
            conditions.append(column.contains(f"|{word}|", autoescape=True))
    if wanted.since:
        conditions.append(LINE.month >= wanted.since)
    if wanted.until:
        conditions.append(and_(LINE.month != "", LINE.month <= wanted.until))
    if wanted.text:
        holds = LINE.key.contains(wanted.text.casefold(), autoescape=True)
        conditions.append(or_(holds, LINE.product.in_(wanted.about)) if wanted.about else holds)
    if wanted.without:
        conditions.append(LINE.product.not_in(wanted.without))
    if wanted.with_results is not None:
        lapsed = state_at(now) == "suspended"
        conditions.append(
            or_(LINE.panels > 0, lapsed, stale) if wanted.with_results else and_(LINE.panels == 0, not_(lapsed))
        )
    return conditions


def lines(
    ledger: Ledger, wanted: Wanted, now: datetime, *, limit: int, offset: int = 0, order: Sequence[Order] = ()
) -> list[Line]:
    """The lots that are wanted, in this order; those spoken of newest first where it does not say."""
    query = select(lot_lines).where(*_conditions(wanted, now)).order_by(*order, LINE.newest.desc(), LINE.key)
    with ledger.view() as view:
        return [_line(row, now) for row in view.connection.execute(query.limit(limit).offset(offset))]


def count(ledger: Ledger, wanted: Wanted, now: datetime, most: int) -> int:
    """How many lots are wanted; ``most`` where it is as many or more, and nobody counts on."""
    few = select(LINE.key).where(*_conditions(wanted, now)).limit(most).subquery()
    with ledger.view() as view:
        return int(view.connection.execute(select(func.count()).select_from(few)).scalar_one())


def named(ledger: Ledger, lots: Sequence[str], now: datetime) -> list[Line]:
    """The lots of these identifiers, in their order; those that have no line are left out."""
    query = select(lot_lines).where(LINE.key.in_([lot.casefold() for lot in lots]))
    with ledger.view() as view:
        rows = {row.key: _line(row, now) for row in view.connection.execute(query)}
    return [rows[lot.casefold()] for lot in lots if lot.casefold() in rows]


def on_condition(ledger: Ledger, now: datetime, *, limit: int, offset: int = 0) -> list[Line]:
    """Lots under a conditional release, expired or not, what has to be looked at first.

    Those whose evidence fails; those overdue; those where nothing is awaited and that do not stand all the same; those
    that wait, nearest first; those that wait for nothing but a release that completes them.
    """
    bad = or_(LINE.verdict != "pass", LINE.state == "suspended")
    rank = case((LINE.verdict == "fail", 0), (_overdue(now), 1), (LINE.awaits != "", 3), (bad, 2), else_=4)
    query = select(lot_lines).where(LINE.complete_by > "").order_by(rank, LINE.complete_by, LINE.key)
    with ledger.view() as view:
        return [_line(row, now) for row in view.connection.execute(query.limit(limit).offset(offset))]


def cube(ledger: Ledger, now: datetime) -> list[Cell]:
    """Every lot counted once, in one read: grouped as the index stands, what time has changed counted within."""
    columns = (LINE.product, LINE.kind, LINE.verdict, LINE.state, LINE.stages, LINE.short_of, LINE.month)
    over = and_(LINE.expires != "", LINE.expires <= moment_text(now))  # a row's state is that of its group
    ends = [func.sum(case((over, 1), else_=0)), func.sum(case((and_(not_(over), _overdue(now)), 1), else_=0))]
    query = select(*columns, func.count(), *ends).group_by(*columns)
    with ledger.view() as view:
        rows = view.connection.execute(query).all()
    cells: dict[tuple[str, ...], dict[str, int]] = {}
    for product, kind, verdict, state, stages, short_of, month, lots, expired, overdue in rows:
        counts = {state: lots}
        for end, share in (("expired", expired * (state in EXPIRES)), ("suspended", overdue * (state == "released"))):
            if share:
                counts[state] -= share
                counts[end] = counts.get(end, 0) + share
        for state_now, count in counts.items():
            if count:
                months = cells.setdefault((kind, product, state_now, verdict, stages, short_of), {})
                months[month] = months.get(month, 0) + count
    return [
        Cell(kind, product, state, verdict, parted(stages), parted(short_of), months)
        for (kind, product, state, verdict, stages, short_of), months in cells.items()
    ]


def every_state(ledger: Ledger, now: datetime) -> list[tuple[str, str, str]]:
    """(lot, kind, state) of every lot as it is at a time, those left out that were not judged since they changed."""
    query = select(LINE.lot, LINE.kind, state_at(now)).where(LINE.judged >= LINE.mark)
    with ledger.view() as view:
        return [(str(lot), str(kind), str(state)) for lot, kind, state in view.connection.execute(query)]


def not_released(ledger: Ledger, now: datetime) -> list[tuple[int, str]]:
    """(position of its first entry, state) of every product lot that may not be injected now; a stale one is among
    them, as suspended, until it is judged.
    """
    stale = select(to_judge(ledger.clock()).subquery().c.lot)
    wanted = and_(LINE.kind == "product lot", or_(state_at(now) != "released", LINE.lot.in_(stale)))
    query = select(LINE.position, state_at(now)).where(wanted).order_by(LINE.position)
    with ledger.view() as view:
        return [(row[0], "suspended" if row[1] == "released" else row[1]) for row in view.connection.execute(query)]


def stale_lines(ledger: Ledger) -> int:
    """How many lines were not judged since something about them was entered."""
    query = select(func.count()).select_from(to_judge(ledger.clock()).subquery())
    with ledger.view() as view:
        return int(view.connection.execute(query).scalar_one())


def _line(row: Row[Any], now: datetime) -> Line:
    expires = moment_of(row.expires) if row.expires else None
    limit = moment_of(row.complete_by) if row.complete_by else None
    over = expires is not None and expires <= now and row.state in EXPIRES
    holds = moment_of(row.holds_until) if row.holds_until else None
    old = holds is not None and holds <= now
    late = (old or (limit is not None and limit <= now and row.awaits)) and row.state == "released"
    return Line(
        lot=row.lot,
        kind=row.kind,
        product=row.product,
        state="expired" if over else "suspended" if late else row.state,
        verdict=row.verdict,
        expires=expires,
        made=row.made,
        stages=parted(row.stages),
        short_of=parted(row.short_of),
        panels=row.panels,
        stale=row.judged < row.mark or old,
        complete_by=limit,
        awaits=parted(row.awaits),
        met=not row.awaits and row.verdict == "pass" and row.state != "suspended",
        holds_until=holds,
        against=row.against or "",
        newest=row.newest,
    )
