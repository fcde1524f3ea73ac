"""Wrong passwords are counted, and slowed down, for whoever gives them.

Five wrong ones for a name within a quarter of an hour are free to each address; then each waits twice as long as the
one before, from 30 seconds to 15 minutes. Another address is not made to wait, so that nobody shuts the owner of a
name out from elsewhere. A hundred for a name, from all addresses together, make every address wait (NIST SP 800-63B,
5.2.2, allows no more). And forty from one address, for whatever names, make that address wait: a list of names with one
password is no way round. An attempt is counted before the password is looked at, so many at once are none either.
Names that do not exist are counted too: a stranger cannot tell them apart.

Where a request comes from is said once, around all of it, by ``asked_from``; on the machine itself it is nowhere. An
IPv6 network of 2^64 addresses is one, since it is one customer's. Addresses are kept as digests, for 30 days.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import Connection, delete, func, insert, select

from registry.errors import Throttled
from registry.instants import moment_of, moment_text
from registry.ledger.tables import attempts
from registry.turns import asked_by

FREE, MOST, FROM_ONE_ADDRESS = 5, 100, 40
WINDOW = timedelta(minutes=15)
FIRST_WAIT = timedelta(seconds=30)
KEPT = timedelta(days=30)

_FROM: ContextVar[str] = ContextVar("from", default="")


@dataclass(frozen=True, slots=True)
class Attempt:
    """How many attempts stand, this one included: from the same address, and from everywhere."""

    here: int
    everywhere: int
    address: str

    @property
    def locks(self) -> bool:
        """Whether the next one has to wait because of this one, and the one before had not."""
        return self.here == FREE or self.everywhere == MOST


@contextmanager
def asked_from(address: str) -> Iterator[None]:
    """Whatever is asked within comes from this network address."""
    network = _network(address)
    token = _FROM.set(network)
    try:
        with asked_by(network):
            yield
    finally:
        _FROM.reset(token)


def reserve(connection: Connection, name: str, now: datetime) -> Attempt:
    """Count an attempt on ``name`` (folded; empty for what can be no name), and answer how many stand.

    Raises Throttled, whose ``retry_after`` is the number of seconds to wait, without counting it.
    """
    connection.execute(delete(attempts).where(attempts.c.at < moment_text(now - KEPT)))
    address = _FROM.get()
    if address:
        _counted(connection, _own("", address), FROM_ONE_ADDRESS, now, "from here")
    here = everywhere = 0
    if name:
        here = _counted(connection, _own(name, address), FREE, now, "for this name from here")
        everywhere = _counted(connection, name, MOST, now, "for this name")
    keys = [_own("", address), *([_own(name, address), name] if name else [])]
    connection.execute(insert(attempts), [{"name": key, "at": moment_text(now)} for key in keys])
    return Attempt(here + 1, everywhere + 1, address)


def reserve_code(connection: Connection, name: str, now: datetime) -> int:
    """Count a one-time code given for ``name`` (folded), and answer how many stand, from wherever they came.

    Whoever gives one has given the right password: every address waits, since only the owner should come so far. Then
    about a hundred a day may be tried of a million. Raises Throttled as ``reserve`` does.
    """
    key = _codes(name)
    count = _counted(connection, key, FREE, now, "for this name", "one-time codes")
    connection.execute(insert(attempts).values(name=key, at=moment_text(now)))
    return count + 1


def clear_codes(connection: Connection, name: str) -> None:
    """Forget the codes given for ``name``: the right one came, or another authenticator."""
    connection.execute(delete(attempts).where(attempts.c.name == _codes(name)))


def clear(connection: Connection, name: str) -> None:
    """Forget this address's attempts on ``name``: the right password was given. Those of others stand."""
    own = attempts.c.name == _own(name, _FROM.get())
    mine = select(attempts.c.at).where(own).scalar_subquery()
    counted = attempts.c.name.in_([name, _own("", _FROM.get())])
    connection.execute(delete(attempts).where(counted, attempts.c.at.in_(mine)))
    connection.execute(delete(attempts).where(own))


def clear_try(connection: Connection, at: datetime) -> None:
    """Forget this address's attempt of a time: it was answered rightly, by whoever it was."""
    mine = attempts.c.name == _own("", _FROM.get()), attempts.c.at == moment_text(at)
    connection.execute(delete(attempts).where(*mine))


def clear_everywhere(connection: Connection, name: str) -> None:
    """Forget every attempt on ``name``: it has another password now."""
    connection.execute(delete(attempts).where(attempts.c.name == name))
    connection.execute(delete(attempts).where(attempts.c.name.startswith(_own(name, "")[:32])))


def _counted(connection: Connection, key: str, free: int, now: datetime, which: str, what: str = "passwords") -> int:
    recent = attempts.c.name == key, attempts.c.at > moment_text(now - WINDOW)
    count, newest = connection.execute(select(func.count(), func.max(attempts.c.at)).where(*recent)).one()
    if count >= free:
        wait = moment_of(newest) + min(FIRST_WAIT * 2 ** (count - free), WINDOW) - now
        if wait > timedelta(0):
            seconds = math.ceil(wait.total_seconds())
            unit = "second" if seconds == 1 else "seconds"
            refusal = Throttled(f"Too many wrong {what} {which}: try again in {seconds} {unit}.")
            refusal.retry_after = seconds
            raise refusal
    return int(count)


def _own(name: str, address: str) -> str:
    """The key of a name's attempts from one address; no name is written so, since none holds a colon."""
    first, second = (hashlib.sha256(text.encode()).hexdigest() for text in (name, address))
    return f"{first[:31]}:{second[:32]}"


def _codes(name: str) -> str:
    """The key of the codes for a name; neither a name nor ``_own`` is written so."""
    return f"code:{hashlib.sha256(name.encode()).hexdigest()[:48]}"


def _network(address: str) -> str:
    try:
        network = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(network, IPv6Address):
        inner = network.ipv4_mapped
        return str(inner) if inner else str(IPv6Network((network, 64), strict=False))
    return str(network)
