"""The ledger as an audit trail for people, its integrity, and copies of a lot's records for an inspection."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import get_args

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.domain import DecisionKind
from registry.errors import RegistryError, Unknown, WrongUsage
from registry.services.accounts import Permission
from web import answers, security
from web.access import allow, me, registry
from web.language import _

pages = Blueprint("ledger", __name__)
PAGE, NEAR = 50, 8


@pages.get("/ledger")
@pages.get("/ledger.<any(json,html):suffix>")
@allow(Permission.READ_LEDGER)
def ledger(suffix: str = "") -> Response:
    """Entries, the newest first: who entered what and when, filtered by kind, decision, person, lot and UTC day."""
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    wanted = {name: request.args.get(name, "").strip() for name in ("kind", "decision", "actor", "lot")}
    days = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    since, last = _day("from"), _day("to")
    before = answers.whole("before", 0)
    entries = registry().upkeep.inspection.trail(
        PAGE + 1, before=before or None, since=since, until=last + timedelta(days=1) if last else None, **wanted
    )
    lines = answers.plain(entries[:PAGE])
    return answers.answer(
        form,
        data=lambda: {"entries": lines, "size": registry().size()},
        page=lambda: render_template(
            "upkeep/ledger.html",
            lines=lines,
            wanted={**wanted, **days},
            size=registry().size(),
            decisions=get_args(DecisionKind),
            accounts=[account.name for account in registry().accounts.all()],
            near=registry().lot_index.alike(wanted["lot"], (), NEAR) if wanted["lot"] and not lines else [],
            kinds=registry().upkeep.inspection.kinds(),
            next=entries[PAGE - 1].position if len(entries) > PAGE else 0,
            before=before,
        ),
    )


def _day(name: str) -> datetime | None:
    """The first moment of a UTC day of the address; None where none is named."""
    text = request.args.get(name, "").strip()
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise WrongUsage(
            _("This is no day."), where=name, expected=_("a UTC day such as 2026-11-21"), found=text
        ) from None


@pages.get("/ledger/<int:position>")
@allow(Permission.READ_LEDGER)
def entry(position: int) -> Response:
    """One entry at an address of its own, to be cited: everything that is said of it, and the hash before it."""
    form = answers.form_for("", answers.PAGE_AND_DATA)
    entries = registry().upkeep.inspection.trail(2, before=position + 1)
    if not entries or entries[0].position != position:
        raise Unknown(
            _("There is no such entry."), expected=_("1 to %(size)s", size=registry().size()), found=str(position)
        )
    (line,), previous = answers.plain(entries[:1]), entries[1].hash if len(entries) > 1 else None
    return answers.answer(
        form,
        data=lambda: {"entry": line, "previous": previous, "size": registry().size()},
        page=lambda: render_template("upkeep/entry.html", line=line, previous=previous, size=registry().size()),
    )


@pages.get("/integrity")
@allow(Permission.AUDIT)
def integrity() -> Response:
    """What the last audit said; the page asks again by itself while one runs."""
    return make_response(_integrity())


def _integrity(error: RegistryError | None = None) -> str:
    return render_template(
        "upkeep/integrity.html", audit=registry().upkeep.inspection.last_audit, size=registry().size(), error=error
    )


@pages.post("/integrity")
@allow(Permission.AUDIT)
def begin_audit() -> Response:
    """Recompute every digest, hash and signature, and compare the index and the graph with the ledger."""
    try:
        registry().upkeep.inspection.begin_audit(me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _integrity(refusal))
    return redirect(url_for("ledger.integrity"), 303)  # type: ignore[return-value]


@pages.get("/copies/<path:lot>")
@allow(Permission.COPY_RECORDS)
def copies(lot: str) -> Response:
    """Everything about a lot in one zip: in words, as data, every record, every file as it was sent."""
    data = registry().upkeep.inspection.copies(lot, me())
    return security.download(data, f"{lot}.zip", "application/zip")
