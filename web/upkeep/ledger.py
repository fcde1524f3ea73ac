"""The ledger as an audit trail for people, its integrity, and copies of a lot's records for an inspection."""

from __future__ import annotations

from typing import get_args

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.domain import DecisionKind
from registry.errors import RegistryError, Unknown
from registry.services.accounts import Permission
from registry.services.upkeep.inspection import ENTRY_KINDS
from web import answers, security
from web.access import allow, me, registry
from web.language import _, marked
from web.tables import rows
from web.tables.entries import day, entries
from web.tables.table import Column, Filter, asked

pages = Blueprint("ledger", __name__)
NEAR = 8


COLUMNS = (
    Column("position", marked("Entry"), sorts=True, greatest_first=True),
    Column("at", marked("Time")),
    Column("actor", marked("By")),
    Column("kind", marked("Kind")),
    Column("summary", marked("What")),
    Column("record", marked("Record")),
)
SAVED = ("position", "at", "actor", "kind", "lots", "summary", "record", "hash", "signed")


@pages.get("/ledger")
@pages.get("/ledger.<any(json,html,csv):suffix>")
@allow(Permission.READ_LEDGER)
def ledger(suffix: str = "") -> Response:
    """Entries, the newest first: who entered what and when, filtered by kind, decision, person, lot and UTC day."""
    table = asked("ledger.ledger", COLUMNS, _filters(), turned_by="before")
    wanted = {name: table.chosen.get(name, "") for name in ("kind", "decision", "actor", "lot")}
    lines, following = entries(table, wanted, since=day("from"), last=day("to"))
    if suffix == "csv":
        return rows.save("ledger", SAVED, lines)
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"entries": lines, "size": registry().size()},
        page=lambda: render_template(
            "upkeep/ledger.html",
            table=table,
            lines=lines,
            wanted=wanted,
            size=registry().size(),
            near=registry().lot_index.alike(wanted["lot"], (), NEAR) if wanted["lot"] and not lines else [],
            next=following,
        ),
    )


def _filters() -> tuple[Filter, ...]:
    asked_for = request.args.get("kind", "").strip()
    kinds = dict.fromkeys([*registry().upkeep.inspection.kinds(), *({asked_for} & set(ENTRY_KINDS))])
    accounts = registry().accounts.all()
    return (
        Filter("kind", marked("Kind"), tuple((kind, kind) for kind in kinds)),
        Filter("decision", marked("Decision"), tuple((kind, kind) for kind in get_args(DecisionKind))),
        Filter("from", marked("From (UTC day)"), kind="date"),
        Filter("to", marked("To (UTC day)"), kind="date"),
        Filter("actor", marked("By account"), listed=tuple(account.name for account in accounts)),
        Filter("lot", marked("Lot")),
    )


@pages.get("/ledger/<int:position>")
@allow(Permission.READ_LEDGER)
def entry(position: int) -> Response:
    """One entry at an address of its own, to be cited: everything that is said of it, and the hash before it."""
    form = answers.form_for("")
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
        rdf=("entry", str(position)),
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
