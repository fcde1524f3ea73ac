"""The zone of the house: what a time typed into a form is in unless its author chooses another.

It is the server's own: the variable TZ, else the system's. A time that a change of clocks skips or repeats is refused.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flask import Flask, request

from registry.errors import WrongUsage
from web import answers
from web.language import _

ZONE = "zone"
"""The field of a form that says in which zone its times are typed."""
SYSTEM = Path("/etc/localtime")


def fit(app: Flask) -> None:
    """Let every form ask for times in the house's zone (``templates/forms/times.html``)."""
    app.jinja_env.globals.update(house_zone=house_zone, zones=zones)


def time(name: str, label: str = "", zone_field: str = ZONE) -> datetime | None:
    """A time of a form in the zone that the form says, unless it was typed with its own; None if empty.

    Raises WrongUsage for what is no time or no zone, and for a time that clocks skip or show twice there.
    """
    at, zone = answers.time(name, label), request.form.get(zone_field, "").strip()
    return zoned(at, zone, name) if at is not None and at.tzinfo is None and zone else at


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
