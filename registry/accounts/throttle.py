"""Wrong passwords are counted, and slowed down.

Five wrong ones within a quarter of an hour are free; then each waits twice as long as the one before, from 30 seconds
to 15 minutes. An attempt is counted before the password is looked at, so that many at once are no way round. Names
that do not exist are counted too: a stranger cannot tell them apart. Whoever knows a name can so keep its owner out
for at most a quarter of an hour at a time; that is the price of the limit.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select

from registry.errors import Throttled
from registry.ledger import moment_of, moment_text
from registry.ledger.tables import attempts

FREE = 5
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)
KEPT = timedelta(days=30)


def reserve(connection: Connection, key: str, now: datetime) -> int:
    """Count an attempt on ``key`` (a folded name) and answer how many stand, this one included.

    Raises Throttled, whose ``retry_after`` is the number of seconds to wait, without counting it.
    """
    connection.execute(delete(attempts).where(attempts.c.at < moment_text(now - KEPT)))
    recent = attempts.c.name == key, attempts.c.at > moment_text(now - WINDOW)
    count, newest = connection.execute(select(func.count(), func.max(attempts.c.at)).where(*recent)).one()
    if count >= FREE:
        wait = moment_of(newest) + min(FIRST_WAIT * 2 ** (count - FREE), WINDOW) - now
        if wait > timedelta(0):
            refusal = Throttled(
                "too many wrong passwords for this name", expected=f"{math.ceil(wait.total_seconds())} s of patience",
                found=f"{count} wrong ones within 15 minutes", todo="wait, then try again",
            )  # fmt: skip
            refusal.retry_after = math.ceil(wait.total_seconds())
            raise refusal
    connection.execute(insert(attempts).values(name=key, at=moment_text(now)))
    return int(count) + 1


def clear(connection: Connection, key: str) -> None:
    """Forget the attempts on ``key``: the right password was given."""
    connection.execute(delete(attempts).where(attempts.c.name == key))
