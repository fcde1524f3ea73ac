"""What one has submitted, and a retest of a single result with its reason."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError, Unknown
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.submit import report

pages = Blueprint("submissions", __name__)
PAGE = 30
SENDERS = ("submitter", "quality unit")


@pages.get("/submissions")
@allow(*SENDERS)
def submissions() -> Response:
    """One's own submissions, the newest first; each lot's panel leads to its lot."""
    before = answers.whole("before", 0)
    found = registry().inspection.trail(PAGE + 1, before=before or None, kind="panel", actor=me().name)
    more = found[PAGE - 1].position if len(found) > PAGE else 0
    return make_response(
        render_template("submissions.html", lines=answers.plain(found[:PAGE]), next=more, before=before)
    )


@pages.get("/retest/<path:lot>")
@allow(*SENDERS)
def form(lot: str) -> Response:
    """The results of a lot, one of them to be tested again."""
    return make_response(_page(lot))


def _page(lot: str, error: RegistryError | None = None) -> str:
    thing = registry().lot(lot, viewer=me()).as_dict()
    return render_template("retest.html", lot=thing, results=_results(thing), typed=request.form, error=error)


def _results(lot: dict[str, Any]) -> list[dict[str, Any]]:
    """The results that count and can be superseded."""
    counting = [panel for panel in lot["panels"] if not panel["withdrawn"]]
    return [{**result, "panel": panel} for panel in counting for result in panel["results"] if result["iri"]]


@pages.post("/retest/<path:lot>")
@allow(*SENDERS)
def send(lot: str) -> Response:
    """Submit the new value as a file of one row, which names what it supersedes and why."""
    try:
        thing = registry().lot(lot, viewer=me()).as_dict()
        chosen, value = answers.field("what", _("The result")), answers.field("value", _("The new value"))
        reason, relation = answers.field("reason", _("The reason")), request.form.get("relation", "retest")
        old = next((one for one in _results(thing) if one["iri"] == chosen), None)
        if old is None:
            raise Unknown(_("That result does not count for this lot."), where="what", found=chosen)
        name, data = f"{relation} {thing['lot']}.csv", _row(thing["lot"], old, value, relation, reason)
        answer = registry().submit(name, data, me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(lot, refusal))
    receipt, states = answer.as_dict(), registry().standings(answer)
    page = report("submit", receipt, name, data, standings=states)
    return make_response(page, 201 if receipt["recorded"] else 422)


def _row(lot: str, old: dict[str, Any], value: str, relation: str, reason: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("lot", "characteristic", "value", "unit", "stage", "relation", "supersedes", "reason"))
    writer.writerow((lot, old["label"], value, old["unit"] or "", old["stage"] or "", relation, old["iri"], reason))
    return text.getvalue().encode()
