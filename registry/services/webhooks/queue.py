"""What waits to be sent and what came of it: ``webhooks.sqlite`` beside the ledger, wherever the ledger itself is.

No part of the truth and in no backup: which addresses there are, the ledger says; a copy sends nothing before an
administrator names them there. The queue of a webhook is bounded, and so is what is remembered of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from sqlalchemy import (
    Column,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from registry.instants import moment_of, moment_text
from registry.ledger.database import check_private, engine_for, reading, url_of, writing

FILE = "webhooks.sqlite"
MOST_WAITING, REMEMBERED = 10_000, 500
"""Messages that wait for one webhook at most, and those that are done with which are remembered."""
WAITING, DELIVERED = "waiting", "delivered"
_PARTS = 500
_TABLES = MetaData()
_hooks = Table(
    "hooks", _TABLES, Column("id", String(20), primary_key=True), Column("secret", Text, nullable=False),
    Column("paused", Text, nullable=False), Column("lost", Integer, nullable=False),
)  # fmt: skip
_messages = Table(
    "messages", _TABLES, Column("number", Integer, primary_key=True), Column("id", String(64), nullable=False),
    Column("hook", String(20), nullable=False), Column("lot", Text, nullable=False),
    Column("body", Text, nullable=False), Column("made", String(27), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("attempts", Integer, nullable=False), Column("due", String(27), nullable=False),
    Column("answer", Text, nullable=False), Column("answered", String(27)),
    Index("messages_once", "hook", "id", unique=True), Index("messages_due", "hook", "outcome", "number"),
)  # fmt: skip
_states = Table("states", _TABLES, Column("lot", Text, primary_key=True), Column("state", String(16), nullable=False))


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one webhook; ``id`` is its ``webhook-id``, the same at every attempt."""

    number: int
    id: str
    hook: str
    lot: str
    body: str
    made: datetime
    outcome: str
    attempts: int
    due: datetime
    answer: str
    answered: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with one webhook: its sealed secret, why it is paused, messages lost, and those that wait."""

    secret: str
    paused: str
    lost: int
    waiting: int


class Queue:
    """The queue of one registry. Safe for threads and for several processes."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._made: Engine | None = None

    @property
    def stands(self) -> bool:
        """Whether anything was ever kept here."""
        return self._path.exists()

    def _engine(self) -> Engine:
        if self._made is None:
            self._path.touch(mode=0o600)
            check_private(self._path)
            self._made = engine_for(url_of(self._path.absolute()))
            with writing(self._made) as connection:
                _TABLES.create_all(connection)
        return self._made

    def close(self) -> None:
        """Let go of the file."""
        if self._made is not None:
            self._made.dispose()
            self._made = None

    def begin(self, hook: str, sealed: str, states: Mapping[str, str]) -> None:
        """Keep a webhook's secret. Where no other is kept, what is told begins at the states that lots have now."""
        with writing(self._engine()) as connection:
            if connection.execute(select(_hooks.c.id)).first() is None:
                connection.execute(delete(_states))
                if states:
                    connection.execute(insert(_states), [{"lot": key, "state": value} for key, value in states.items()])
            connection.execute(insert(_hooks).values(id=hook, secret=sealed, paused="", lost=0))

    def forget(self, hook: str) -> None:
        """Take a webhook's secret and everything that waits for it away."""
        with writing(self._engine()) as connection:
            connection.execute(delete(_hooks).where(_hooks.c.id == hook))
            connection.execute(delete(_messages).where(_messages.c.hook == hook))

    def standing(self) -> dict[str, Standing]:
        """How it stands with each webhook whose secret is kept here."""
        if not self.stands:
            return {}
        with reading(self._engine()) as connection:
            waiting = select(_messages.c.hook, func.count()).where(_messages.c.outcome == WAITING)
            counts = {row[0]: row[1] for row in connection.execute(waiting.group_by(_messages.c.hook))}
            return {
                row.id: Standing(row.secret, row.paused, row.lost, counts.get(row.id, 0))
                for row in connection.execute(select(_hooks))
            }

    def states(self) -> dict[str, str]:
        """The state of each lot as it was told last."""
        with reading(self._engine()) as connection:
            return {row.lot: row.state for row in connection.execute(select(_states))}

    def add(self, before: Mapping[str, str | None], now: Mapping[str, str], messages: Sequence[Message]) -> int:
        """Keep new states and the messages that tell them, in one transaction; answers how many were queued.

        Nothing is kept when another process told one of these lots meanwhile (``before`` is not so any more). What a
        full queue cannot hold is counted as lost, and its webhook paused.
        """
        with writing(self._engine()) as connection:
            lots = list(before)
            held: dict[str, str] = {}
            for start in range(0, len(lots), _PARTS):
                part = select(_states).where(_states.c.lot.in_(lots[start : start + _PARTS]))
                held.update((row.lot, row.state) for row in connection.execute(part))
            if any(held.get(lot) != state for lot, state in before.items()):
                return 0
            for lot, state in now.items():
                connection.execute(delete(_states).where(_states.c.lot == lot))
                connection.execute(insert(_states).values(lot=lot, state=state))
            kept = 0
            for hook in sorted({message.hook for message in messages}):
                mine = [message for message in messages if message.hook == hook]
                count = select(func.count()).where(_messages.c.hook == hook, _messages.c.outcome == WAITING)
                room = max(MOST_WAITING - int(connection.execute(count).scalar_one()), 0)
                if lost := mine[room:]:
                    full = {"lost": _hooks.c.lost + len(lost), "paused": f"more than {MOST_WAITING:,} messages wait"}
                    connection.execute(update(_hooks).where(_hooks.c.id == hook).values(**full))
                rows = [_row(message) for message in mine[:room]]
                if rows:
                    connection.execute(insert(_messages), rows)
                kept += len(rows)
            return kept

    def due(self, hook: str, now: datetime, most: int) -> list[Message]:
        """Messages of one webhook that are to be sent now, oldest first: none overtakes one that has to be repeated."""
        wanted = select(_messages).where(_messages.c.hook == hook, _messages.c.outcome == WAITING)
        with reading(self._engine()) as connection:
            rows = connection.execute(wanted.order_by(_messages.c.number).limit(most))
            return list(takewhile(lambda message: message.due <= now, map(_message, rows)))

    def claim(self, message: Message, until: datetime) -> bool:
        """Take a message to be sent by this process alone, until a time; False when another was faster."""
        mine = (_messages.c.number == message.number, _messages.c.due == moment_text(message.due),
                _messages.c.outcome == WAITING)  # fmt: skip
        with writing(self._engine()) as connection:
            return connection.execute(update(_messages).where(*mine).values(due=moment_text(until))).rowcount == 1

    def answered(self, message: Message, outcome: str, due: datetime, answer: str, now: datetime, paused: str) -> None:
        """Keep what came of an attempt; ``paused`` says why its webhook is sent nothing more, empty where it is."""
        with writing(self._engine()) as connection:
            connection.execute(update(_messages).where(_messages.c.number == message.number).values(
                outcome=outcome, attempts=message.attempts + 1, due=moment_text(due), answer=answer,
                answered=moment_text(now)))  # fmt: skip
            if paused:
                connection.execute(update(_hooks).where(_hooks.c.id == message.hook).values(paused=paused))
            done = select(_messages.c.number).where(_messages.c.hook == message.hook, _messages.c.outcome != WAITING)
            oldest = done.order_by(_messages.c.number.desc()).offset(REMEMBERED)
            connection.execute(delete(_messages).where(_messages.c.number.in_(oldest)))

    def resume(self, hook: str, now: datetime) -> None:
        """Begin again with a webhook that was paused: what waits is due at once."""
        with writing(self._engine()) as connection:
            connection.execute(update(_hooks).where(_hooks.c.id == hook).values(paused=""))
            mine = (_messages.c.hook == hook, _messages.c.outcome == WAITING)
            connection.execute(update(_messages).where(*mine).values(due=moment_text(now), attempts=0))

    def newest(self, hooks: Iterable[str], most: int) -> list[Message]:
        """The newest messages to these webhooks, newest first."""
        if not self.stands:
            return []
        wanted = select(_messages).where(_messages.c.hook.in_(list(hooks)))
        with reading(self._engine()) as connection:
            return [_message(row) for row in connection.execute(wanted.order_by(_messages.c.number.desc()).limit(most))]


def _row(message: Message) -> dict[str, object]:
    return {
        "id": message.id, "hook": message.hook, "lot": message.lot, "body": message.body, "outcome": WAITING,
        "made": moment_text(message.made), "attempts": 0, "due": moment_text(message.due), "answer": "",
    }  # fmt: skip


def _message(row: object) -> Message:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    for name in ("made", "due", "answered"):
        values[name] = moment_of(values[name]) if values[name] else None
    return Message(**values)
