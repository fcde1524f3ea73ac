"""The zone of the house: what a time typed into a form is in unless its author chooses another.

It is the server's own: the variable TZ, else the system's. A time that a change of clocks skips or repeats is refused.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from registry.errors import WrongUsage
from web.language import _

SYSTEM = Path("/etc/localtime")


@cache
def house_zone() -> str:
    """Its name in the tz database, such as Europe/Berlin; UTC where the server has none."""
    named = os.environ.get("TZ", "").lstrip(":")
    if not named and SYSTEM.is_symlink():
        named = str(SYSTEM.resolve()).partition("zoneinfo/")[2]
    return named if named in zones() and named != "Etc/UTC" else "UTC"


@cache
def zones() -> tuple[str, ...]:
    """Every zone of the tz database by name."""
    return tuple(sorted(available_timezones()))


def zoned(at: datetime, zone: str, where: str) -> datetime:
    """A time without a zone as one in this; raises WrongUsage for no zone, and where clocks skip or repeat it."""
    try:
        told = at.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        message = _("There is no such zone.")
        raise WrongUsage(message, where=where, expected=_("a zone such as Europe/Berlin or UTC"), found=zone) from None
    if told.astimezone(UTC).astimezone(told.tzinfo).replace(tzinfo=None) != at:
        message = _("Clocks skip this time in %(zone)s.", zone=zone)
        raise WrongUsage(message, where=where, expected=_("a time that there is"), found=f"{at:%Y-%m-%d %H:%M}")
    if told.utcoffset() != told.replace(fold=1).utcoffset():
        message = _("Clocks show this time twice in %(zone)s.", zone=zone)
        raise WrongUsage(message, where=where, expected=_("the same in UTC"), found=f"{at:%Y-%m-%d %H:%M}")
    return told
