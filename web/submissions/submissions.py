"""What one has submitted, the newest first."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry

pages = Blueprint("submissions", __name__)
PAGE = 30


@pages.get("/submissions")
@allow(Permission.SUBMIT)
def submissions() -> Response:
    """One's own submissions, the newest first; each lot's panel leads to its lot."""
    before = answers.whole("before", 0)
    trail = registry().upkeep.inspection.trail(PAGE + 1, before=before or None, kind="panel", actor=me().name)
    more = trail[PAGE - 1].position if len(trail) > PAGE else 0
    lots = list(dict.fromkeys(lot for line in trail[:PAGE] for lot in line.lots))
    states = registry().lot_index.states(lots)
    lines, now = answers.plain(trail[:PAGE]), registry().submissions.panels_now(lots)
    return make_response(
        render_template("submissions/submissions.html", lines=lines, states=states, now=now, next=more, before=before)
    )
