"""The ledger as an audit trail for people, its integrity, and copies of a lot's records for an inspection."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from web import answers, security
from web.access import allow, me, registry

pages = Blueprint("ledger", __name__)
READERS = ("quality unit", "inspector", "administrator")
PAGE = 50


@pages.get("/ledger")
@pages.get("/ledger.<any(json,html):suffix>")
@allow(*READERS)
def ledger(suffix: str = "") -> Response:
    """Entries, the newest first: who entered what and when, filtered by kind, person and lot."""
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    wanted = {name: request.args.get(name, "").strip() for name in ("kind", "actor", "lot")}
    before = answers.whole("before", 0)
    found = registry().inspection.trail(PAGE + 1, before=before or None, **wanted)
    lines = answers.plain(found[:PAGE])
    return answers.answer(
        form,
        data=lambda: {"entries": lines, "size": registry().size()},
        page=lambda: render_template(
            "ledger.html",
            lines=lines,
            wanted=wanted,
            size=registry().size(),
            kinds=registry().inspection.kinds(),
            next=found[PAGE - 1].position if len(found) > PAGE else 0,
            before=before,
        ),
    )


@pages.get("/integrity")
@allow(*READERS)
def integrity() -> Response:
    """What the last audit said; the page asks again by itself while one runs."""
    return make_response(_integrity())


def _integrity(error: RegistryError | None = None) -> str:
    return render_template(
        "integrity.html", audit=registry().inspection.last_audit, size=registry().size(), error=error
    )


@pages.post("/integrity")
@allow(*READERS)
def begin_audit() -> Response:
    """Recompute every digest, hash and signature, and compare the index and the graph with the ledger."""
    try:
        registry().inspection.begin_audit(me().name)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _integrity(refusal))
    return redirect(url_for("ledger.integrity"), 303)  # type: ignore[return-value]


@pages.get("/copies/<path:lot>")
@allow("quality unit", "inspector")
def copies(lot: str) -> Response:
    """Everything about a lot in one zip: in words, as data, every record, every file as it was sent."""
    data = registry().inspection.copies(lot, me().role)
    return security.download(data, f"{lot}.zip", "application/zip")
