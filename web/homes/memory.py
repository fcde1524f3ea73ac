"""What a browser remembers of an account, in cookies of its own: the lots it looked up, and when it was last here.

Nothing of it is in the registry, so nobody else can read what was looked up; it ends with the browser's session, but
for the place in the ledger at which somebody signed in last, which says what is new to an inspector.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from flask import Response

from web import security
from web.access import me, registry

KEPT = 8
"""Lots that are remembered."""
YEAR = 365 * 86400


@dataclass(frozen=True, slots=True)
class Looked:
    """A lot that was looked up here: its state as it was said then, and when."""

    lot: str
    state: str
    at: datetime


def _cookie(what: str, account: str) -> str:
    return f"{what}-{hashlib.sha256(account.casefold().encode()).hexdigest()[:12]}"


def looked() -> list[Looked]:
    """The lots that this account looked up in this browser, the last of them first."""
    lots = []
    for part in security.cookie(_cookie("looked", me().name)).split("|"):
        name, _colon, rest = part.partition(":")
        state, _colon, seconds = rest.partition(":")
        if name and state and seconds.isascii() and seconds.isdigit() and len(seconds) < 12:
            lots.append(Looked(unquote(name), unquote(state), datetime.fromtimestamp(int(seconds), UTC)))
    return lots[:KEPT]


def note_look(response: Response, lot: str, state: str) -> None:
    """Remember that the lot was looked up now and stood so."""
    now = Looked(lot, state, datetime.now(UTC))
    kept = [now, *(each for each in looked() if each.lot != lot)][:KEPT]
    security.set_cookie(response, _cookie("looked", me().name), _written(kept))


def forget_looks(response: Response) -> None:
    """At signing out: whoever uses this browser next does not see what was looked up."""
    security.drop_cookie(response, _cookie("looked", me().name))


def _written(lots: Sequence[Looked]) -> str:
    return "|".join(
        f"{quote(each.lot, safe='')}:{quote(each.state, safe='')}:{int(each.at.timestamp())}" for each in lots
    )


def note_visit(response: Response, account: str) -> None:
    """At signing in: where the ledger stands now, and where it stood at the visit before."""
    before = _places(account)
    value = f"{registry().size()}.{before[0] if before else ''}"
    security.set_cookie(response, _cookie("visit", account), value, max_age=YEAR)


def last_visit() -> int | None:
    """The ledger's size when this account signed in here the time before; None where nobody knows."""
    places = _places(me().name)
    return places[1] if len(places) > 1 else None


def _places(account: str) -> list[int]:
    """The ledger's sizes of the newest visit and the one before, as far as the cookie says them and they can be so."""
    parts = security.cookie(_cookie("visit", account)).split(".")
    sizes = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 12]
    return [size for size in sizes if size <= registry().size()]
