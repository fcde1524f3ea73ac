"""A table of the ledger's entries, read from one of its ends: the newest first, or the oldest."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request

from registry.errors import WrongUsage
from web import answers
from web.access import registry
from web.language import _
from web.tables.table import Table


def entries(
    table: Table, wanted: dict[str, str], *, since: datetime | None = None, last: datetime | None = None
) -> tuple[list[Any], int]:
    """The entries of a page, and where the next one begins; 0 where there is none. ``last`` is a day, all of it."""
    upwards = bool(table.sort) and not table.descending
    trail = registry().upkeep.inspection.trail(
        table.limit, since=since, until=last + timedelta(days=1) if last else None,
        before=None if upwards else table.start or None, after=table.start if upwards else None, **wanted,
    )  # fmt: skip
    following = trail[table.page - 1].position if table.more(trail) else 0
    return answers.plain(table.shown(trail)), following


def day(name: str) -> datetime | None:
    """The first moment of a UTC day of the address; None where none is named. Raises WrongUsage."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise WrongUsage(
            _("This is no day."), where=name, expected=_("a UTC day such as 2026-11-21"), found=text
        ) from None
