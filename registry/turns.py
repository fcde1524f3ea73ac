"""What takes long is done a few at a time, and everybody comes in turn: nobody's forty files keep others waiting.

    READINGS = Turns(running=2, waiting=8, share=4)
    with READINGS.taken("a file to be read"):
        ...

Whoever asks is named once, around all of it, by ``asked_by``. Who has waited least often goes first; who has ``share``
waiting already is told to come back, and so is everybody when ``waiting`` do. A ``Line`` is the same for a server's
requests, which wait in no thread.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from registry.errors import Unavailable

PATIENCE = 30.0
"""Seconds after which a turn has not come."""
REFUSALS = 3
"""Refusals after which whoever asks again at once is kept waiting a while before anything is done for it."""
_BY: ContextVar[str] = ContextVar("by", default="")


@contextmanager
def asked_by(name: str) -> Iterator[None]:
    """Whatever is asked within is asked by this account or address."""
    token = _BY.set(name)
    try:
        yield
    finally:
        _BY.reset(token)


def asked_as(name: str) -> None:
    """From here on, within the innermost ``asked_by``, it is this account that asks."""
    _BY.set(name)


class Turns:
    """So many at once, so many waiting, so many of them of the same account or address. Safe for threads."""

    def __init__(self, *, running: int, waiting: int, share: int, patience: float = PATIENCE) -> None:
        self._running, self._waiting, self._share, self._patience = running, waiting, share, patience
        self._condition = threading.Condition()
        self._queue: list[tuple[str, object]] = []
        self._now: Counter[str] = Counter()

    @contextmanager
    def taken(self, what: str) -> Iterator[None]:
        """Wait for a turn, and hold it. Raises Unavailable, which says when to try again, for one that does not come.

        ``what`` waits, in words: ``a file to be read``.
        """
        whose, ticket = _BY.get(), object()
        with self._condition:
            own = sum(name == whose for name, _ in self._queue)
            if self._full() and (len(self._queue) >= self._waiting or own >= self._share):
                raise _busy(what)
            self._queue.append((whose, ticket))
            came = self._condition.wait_for(lambda: self._next() is ticket, self._patience)
            self._queue.remove((whose, ticket))
            if not came:
                self._condition.notify_all()
                raise _busy(what)
            self._now[whose] += 1
            self._condition.notify_all()
        try:
            yield
        finally:
            with self._condition:
                self._now -= Counter((whose,))
                self._condition.notify_all()

    def _full(self) -> bool:
        return self._now.total() >= self._running

    def _next(self) -> object | None:
        """Whose turn it is: of those who have least running, the first that came."""
        if self._full() or not self._queue:
            return None
        return min(self._queue, key=lambda place: self._now[place[0]])[1]


Task = TypeVar("Task")


class Line(Generic[Task]):
    """Tasks that wait for a thread, and how many each asker holds. Whoever has least running goes first.

    Of those the accounts that are known, then everybody else; each in the order of arrival. One asker holds at most
    ``each`` threads, and those who are not known ``strangers`` between them. Whoever was refused ``REFUSALS`` times
    waits until ``go_on``, for a refusal costs something too. Its user holds a lock around every call.
    """

    def __init__(self, *, each: int, strangers: int) -> None:
        self._each, self._strangers = each, strangers
        self._waiting: dict[tuple[str, bool], deque[Task]] = {}
        self._running: Counter[tuple[str, bool]] = Counter()
        self._refused: Counter[tuple[str, bool]] = Counter()
        self._length = 0

    def append(self, whose: str, task: Task, *, known: bool) -> None:
        """Another task of this account (``known``) or address."""
        self._waiting.setdefault((whose, known), deque()).append(task)
        self._length += 1

    def __len__(self) -> int:
        return self._length

    def __bool__(self) -> bool:
        """Whether a task may be taken now."""
        return self._next() is not None

    def take(self) -> tuple[tuple[str, bool], Task]:
        """The next task, and whose it is, to be told to ``ended``; only when there is one."""
        asker = self._next()
        assert asker is not None  # noqa: S101 - the caller has looked
        tasks = self._waiting[asker]
        task = tasks.popleft()
        if not tasks:
            del self._waiting[asker]
        self._running[asker] += 1
        self._length -= 1
        return asker, task

    def ended(self, asker: tuple[str, bool], *, refused: bool = False) -> None:
        """A task of this asker holds its thread no longer; ``refused`` if nothing was done for it."""
        self._running -= Counter((asker,))
        self._refused[asker] += refused

    def go_on(self) -> bool:
        """From now on nobody is kept waiting for having been refused; True when somebody was."""
        some = any(many >= REFUSALS for many in self._refused.values())
        self._refused.clear()
        return some

    def _next(self) -> tuple[str, bool] | None:
        strangers = sum(many for (_whose, known), many in self._running.items() if not known)
        may = [
            asker
            for asker in self._waiting
            if self._running[asker] < self._each
            and self._refused[asker] < REFUSALS
            and (asker[1] or strangers < self._strangers)
        ]
        return min(may, key=lambda asker: (self._running[asker], not asker[1]), default=None)


def _busy(what: str) -> Unavailable:
    busy = Unavailable(
        f"There is {what} before this one, and as many wait as may.",
        todo="Nothing was kept of this request. Send it again in a few seconds.",
    )
    busy.retry_after = 5
    return busy
