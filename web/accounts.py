"""Accounts, for the administrator; one's own tokens, for everyone who may submit or query with a program."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from web import answers
from web.access import QUERYING, ROLES, allow, me, registry
from web.language import _

pages = Blueprint("accounts", __name__)


@pages.get("/accounts")
@allow("administrator")
def accounts() -> Response:
    """Every account, and the form for another."""
    gone = request.args.get("disabled", "")
    known = [one.name for one in registry().accounts() if one.disabled and one.name == gone]
    return make_response(_page(done=_("%(name)s is disabled.", name=gone) if known else ""))


def _page(error: RegistryError | None = None, password: str = "", done: str = "") -> str:
    return render_template(
        "accounts.html", known=registry().accounts(), error=error, password=password, done=done, typed=request.form
    )


@pages.post("/accounts")
@allow("administrator")
def create() -> Response:
    """Create an account; its one-time password is shown once, on the page that answers."""
    try:
        name = answers.field("name", _("The account's name"))
        printed, role = answers.field("printed_name", _("The printed name")), answers.field("role", _("The role"))
        if role not in ROLES:
            raise WrongUsage(_("There is no such role."), where="role", expected=", ".join(ROLES), found=role)
        password = registry().create_account(name, role, printed, by=me().name)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    done = _("Account %(name)s was made. Its one-time password, shown only now:", name=name)
    return make_response(_page(password=password, done=done), 201)


@pages.post("/accounts/<path:name>")
@allow("administrator")
def change(name: str) -> Response:
    """Disable an account, enable it again, or give it a one-time password, shown once on the page that answers."""
    act = request.form.get("do", "disable")
    try:
        reason, by = answers.field("reason", _("The reason")), me().name
        if act == "disable":
            registry().disable_account(name, by=by, reason=reason)
            return redirect(url_for("accounts.accounts", disabled=name), 303)  # type: ignore[return-value]
        if act == "enable":
            password = registry().enable_account(name, by=by, reason=reason)
            done = _("%(name)s is enabled again. Its one-time password, shown only now:", name=name)
        elif act == "reset" and name.casefold() != by.casefold():
            password = registry().reset_password(name, by=by, reason=reason)
            done = _("The password of %(name)s was reset. The one-time password, shown only now:", name=name)
        else:
            expected = _("disable, enable, or reset the password of somebody else")
            raise WrongUsage(_("This cannot be done to an account here."), expected=expected, found=act, where="do")
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    return make_response(_page(password=password, done=done))


@pages.get("/tokens")
@allow(*QUERYING)
def tokens() -> Response:
    """One's own tokens."""
    return make_response(_tokens())


def _tokens(error: RegistryError | None = None, value: str = "") -> str:
    return render_template("tokens.html", tokens=registry().tokens(me().name), error=error, value=value)


@pages.post("/tokens")
@allow(*QUERYING)
def create_token() -> Response:
    """A new token for a program; its value is shown once, on the page that answers."""
    try:
        value = registry().create_token(me().name, answers.field("label", _("What the token is for")), by=me().name)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _tokens(refusal))
    return make_response(_tokens(value=value), 201)


@pages.post("/tokens/<path:token>")
@allow(*QUERYING)
def revoke(token: str) -> Response:
    """Revoke one of one's own tokens."""
    if token not in {str(known.id) for known in registry().tokens(me().name)}:
        raise WrongUsage(_("You have no such token."), found=token)
    registry().revoke_token(token, by=me().name)
    return redirect(url_for("accounts.tokens"), 303)  # type: ignore[return-value]
