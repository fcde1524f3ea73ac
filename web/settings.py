"""What runs here, for the administrator and the inspector: facts to read, sessions to end, ontologies in use."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, url_for

from web.access import allow, registry

pages = Blueprint("settings", __name__)


@pages.get("/settings")
@allow("administrator", "inspector")
def settings() -> Response:
    """Base, key, ledger, versions, ontologies; nothing of it is changed on a page."""
    return make_response(
        render_template("settings.html", facts=registry().inspection.facts(), ontologies=registry().ontologies.status())
    )


@pages.get("/sessions")
@allow("administrator")
def sessions() -> Response:
    """Who is signed in, since when."""
    return make_response(render_template("sessions.html", sessions=registry().inspection.sessions()))


@pages.post("/sessions/<path:name>")
@allow("administrator")
def end(name: str) -> Response:
    """Sign an account out everywhere."""
    registry().inspection.end_sessions(name)
    return redirect(url_for("settings.sessions"), 303)  # type: ignore[return-value]
