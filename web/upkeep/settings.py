"""What runs here, for the administrator and the inspector: facts to read, sessions to end, ontologies in use.

And, for a registry restored from a copy, what the quality unit confirms.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _

pages = Blueprint("settings", __name__)


@pages.get("/settings")
@allow(Permission.READ_SETTINGS)
def settings() -> Response:
    """Base, key, ledger, versions, ontologies; nothing of it is changed on a page."""
    facts, ontologies = registry().upkeep.inspection.facts(), registry().ontologies.status()
    return make_response(render_template("upkeep/settings.html", facts=facts, ontologies=ontologies))


@pages.get("/sessions")
@allow(Permission.MANAGE_ACCOUNTS)
def sessions() -> Response:
    """Who is signed in, since when."""
    return make_response(render_template("upkeep/sessions.html", sessions=registry().accounts.sessions()))


@pages.post("/sessions/<path:name>")
@allow(Permission.MANAGE_ACCOUNTS)
def end(name: str) -> Response:
    """Sign an account out everywhere."""
    registry().accounts.end_sessions(name, by=me())
    return redirect(url_for("settings.sessions"), 303)  # type: ignore[return-value]


@pages.get("/restored")
@allow(Permission.READ)
def restored() -> Response:
    """Where the copy ends that this registry was restored from, and what to do before anybody relies on it."""
    return make_response(_restored())


def _restored(error: RegistryError | None = None) -> str:
    typed = {key: request.form.get(key, "") for key in ("name", "reason")}
    came = registry().upkeep.restored()
    done = came is None and "confirmed" in request.args
    return render_template("upkeep/restored.html", came=came, typed=typed, error=error, done=done)


@pages.post("/restored")
@allow(Permission.CONFIRM_RESTORED)
def confirm_restored() -> Response:
    """Enter that what the copy lacks is here again; the notice on every page ends."""
    try:
        name, password = answers.field("name", _("Your account name")), answers.field("password", _("Your password"))
        registry().upkeep.confirm_restored(name, password, request.form.get("reason", ""))
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _restored(refusal))
    return redirect(url_for("settings.restored", confirmed=1), 303)  # type: ignore[return-value]
