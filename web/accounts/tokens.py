"""One's own tokens for programs: made with an end and for what they may, listed with their last use, revoked."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import SCOPES, Permission, scopes_of
from web import answers
from web.access import allow, me, registry
from web.language import _

pages = Blueprint("tokens", __name__)
DAYS = (7, 30, 90, 180, 366)
"""What the form offers; the longest is the longest there is."""


@pages.get("/tokens")
@allow(Permission.CREATE_TOKEN, Permission.QUERY)
def tokens() -> Response:
    """One's own tokens."""
    gone = request.args.get("revoked", "")
    known = [token for token in registry().accounts.tokens(me().name) if token.revoked_at and token.id == gone]
    done = _("The token %(label)s is revoked.", label=known[0].label or known[0].id) if known else ""
    return make_response(_page(done=done))


def _page(error: RegistryError | None = None, value: str = "", done: str = "") -> str:
    offered = {scope: SCOPES[scope] for scope in scopes_of(me().role)}
    page = {"error": error, "value": value, "done": done, "typed": request.form}
    chosen = request.form.getlist("scope") or ["read"]
    return render_template(
        "accounts/tokens.html", tokens=registry().accounts.tokens(me().name), offered=offered, chosen=chosen, days=DAYS,
        now=registry().lot_index.now(), **page,
    )  # fmt: skip


@pages.post("/tokens")
@allow(Permission.CREATE_TOKEN, Permission.QUERY)
def create_token() -> Response:
    """A new token for a program; its value is shown once, on the page that answers."""
    try:
        label, scopes = answers.field("label", _("What the token is for")), request.form.getlist("scope")
        if not scopes:
            todo = _("Tick what the program needs, and nothing else.")
            raise WrongUsage(_("Nothing is ticked that the token may."), where="scope", todo=todo)
        days = answers.field("days", _("How long it is good"))
        if not days.isascii() or not days.isdigit():
            raise WrongUsage(_("How long it is good is no number of days."), where="days", found=days)
        value = registry().accounts.create_token(me().name, label, by=me(), days=int(days[:9]), scopes=scopes)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    return make_response(_page(value=value), 201)


@pages.post("/tokens/<path:token>")
@allow(Permission.CREATE_TOKEN, Permission.QUERY)
def revoke(token: str) -> Response:
    """Revoke one of one's own tokens."""
    if token not in {str(known.id) for known in registry().accounts.tokens(me().name)}:
        raise WrongUsage(_("You have no such token."), found=token)
    registry().accounts.revoke_token(token, by=me())
    return redirect(url_for("tokens.tokens", revoked=token), 303)  # type: ignore[return-value]
