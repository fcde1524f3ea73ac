"""Signing in and out, and choosing a password. Wrong passwords are counted and slowed down by the registry."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for

from registry.errors import NotAllowed, RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers, security
from web.access import ANYONE, allow, me, registry
from web.accounts.kept_form import kept_form, sign_in_form
from web.homes import memory
from web.language import _

if TYPE_CHECKING:
    from registry.services import Account

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
@allow(ANYONE)
def sign_in() -> Response:
    """The form; it says so when a session has ended.

    Its hidden token must come back equal to its cookie, so no other site can sign a browser in.
    """
    token = secrets.token_urlsafe(24)
    wanted, cookie = request.args.get("next", ""), security.cookie(security.SESSION_COOKIE)
    ended = bool(cookie) and registry().accounts.session(cookie, noted=False) is None
    response = make_response(sign_in_form(wanted, "", token, changed="changed" in request.args, ended=ended))
    security.set_cookie(response, security.SIGN_IN_COOKIE, token)
    return response


@pages.post("/sign-in")
@allow(ANYONE)
def enter() -> Response:
    """Check name and password, or a passkey; open a session in place of any before; go where the person was going."""
    g.account, g.csrf = None, ""
    token = security.cookie(security.SIGN_IN_COOKIE)
    given = request.form.get("csrf", "")
    wanted, name = security.safe_next(request.form.get("next")), request.form.get("name", "").strip()
    if not token or not hmac.compare_digest(given.encode(), token.encode()) or not security.same_origin():
        message = _("The sign-in form is too old, or this browser refuses cookies.")
        raise NotAllowed(message, todo=_("Load /sign-in again."))
    try:
        account = _account(name, token)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(
            error, lambda: sign_in_form(wanted, name, token, refusal, request.form.get("kept", ""))
        )
    session, csrf = registry().accounts.open_session(account)
    kept = kept_form()
    if kept is not None and not account.must_change:
        g.account, g.csrf = account, csrf
        page = make_response(render_template("accounts/go_on.html", kept=kept, account=account, csrf=csrf))
        security.set_cookie(page, security.SESSION_COOKIE, session)
        security.drop_cookie(page, security.SIGN_IN_COOKIE)
        return page
    target = url_for("sign_in.password") if account.must_change else wanted
    response = redirect(target, 303)
    security.set_cookie(response, security.SESSION_COOKIE, session)  # type: ignore[arg-type]  # a werkzeug response
    security.drop_cookie(response, security.SIGN_IN_COOKIE)  # type: ignore[arg-type]
    memory.note_visit(response, account.name)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


def _account(name: str, token: str) -> Account:
    if answer := request.form.get("passkey", ""):
        return registry().accounts.sign_in_by_passkey(answer, token)
    return registry().accounts.sign_in(name, request.form.get("password", ""))


@pages.post("/sign-out")
@allow(Permission.READ)
def sign_out() -> Response:
    """Close the session on the server, then in the browser."""
    registry().accounts.close_session(security.cookie(security.SESSION_COOKIE))
    response = redirect(url_for("sign_in.sign_in"), 303)
    security.drop_cookie(response, security.SESSION_COOKIE)  # type: ignore[arg-type]
    # What pages of this site left with the browser goes with the session (W3C Clear Site Data).
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    memory.forget_looks(response)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]


@pages.route("/password", methods=["GET", "POST"])
@allow(Permission.CHANGE_PASSWORD)
def password() -> Response:
    """Choose a new password; asks for the old one, and for the new one twice."""
    if request.method == "GET":
        return make_response(render_template("accounts/password.html", error=None))
    try:
        old, new = answers.field("old", _("The password you have")), answers.field("new", _("The new password"))
        if new != request.form.get("again", "").strip():
            todo = _("Type the new one twice, the same.")
            raise WrongUsage(_("The two new passwords differ."), where="again", todo=todo)
        registry().accounts.change_password(me().name, old, new)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: render_template("accounts/password.html", error=refusal))
    # Every session of the account has ended with its old password, this one too.
    response = redirect(url_for("sign_in.sign_in", changed=1), 303)
    security.drop_cookie(response, security.SESSION_COOKIE)  # type: ignore[arg-type]
    return response  # type: ignore[return-value]
