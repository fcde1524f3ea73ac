"""Moments and their written forms: for people, for the ledger, for RDF, and as somebody types them.

moment(at)          2026-11-21 14:05 +00:00            for people
moment_text(at)     2026-11-22T10:00:00.000000Z        in the ledger, where texts sort as times do
moment_of(text)     the time that ``moment_text`` wrote
xsd_moment(at)      2026-11-22T10:00:00Z               in RDF: canonical xsd:dateTime
typed_moment(text)  a time as somebody types it, with its zone
since_start()       how long the machine runs, whatever its clock says
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from registry.errors import Corrupt, WrongUsage


def moment(at: datetime) -> str:
    """A time nobody can misread: ``2026-11-21 14:05 +00:00``."""
    offset = at.strftime("%z") or "+0000"
    return f"{at:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:5]}"


def moment_text(at: datetime) -> str:
    """``2026-11-22T10:00:00.000000Z``: UTC, always six decimals. Raises WrongUsage for a time without a zone."""
    if at.tzinfo is None:
        raise WrongUsage("A time without a zone is ambiguous.", expected="a time with its zone", found=str(at))
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def moment_of(text: str) -> datetime:
    """The time that ``moment_text`` wrote; raises Corrupt for any other form."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or moment_text(at) != text:
        raise Corrupt("A time in the ledger is not one it wrote.", expected="YYYY-MM-DDThh:mm:ss.ffffffZ", found=text)
    return at.replace(tzinfo=UTC)


def xsd_moment(at: datetime) -> str:
    """Canonical xsd:dateTime (XML Schema 1.1 part 2, E.3.3): UTC, no zeros at the end of the fraction."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + "Z"


def typed_moment(text: str) -> datetime:
    """A time as somebody types it, in UTC; raises WrongUsage without a zone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise WrongUsage(
            "This is no unambiguous time.", expected="a time with its zone, such as 2026-12-01T12:00+01:00", found=text
        )
    return at.astimezone(UTC)


def since_start() -> timedelta:
    """How long this machine has been running, asleep too: a clock that is set does not change it."""
    asleep_too = getattr(time, "CLOCK_BOOTTIME", None)
    seconds = time.clock_gettime(asleep_too) if asleep_too is not None else time.monotonic()
    return timedelta(seconds=seconds)
