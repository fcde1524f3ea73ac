"""Accounts, for the administrator to change and the inspector to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, Unknown, WrongUsage
from registry.services.accounts import ROLES, Permission, may
from web import answers
from web.access import allow, me, registry
from web.language import _

if TYPE_CHECKING:
    from registry.services import Account

pages = Blueprint("accounts", __name__)


@pages.get("/accounts")
@allow(Permission.READ_ACCOUNTS)
def accounts() -> Response:
    """Every account; for the administrator each leads on, and there is the form for another."""
    gone = request.args.get("disabled", "")
    known = [account.name for account in registry().accounts.all() if account.disabled and account.name == gone]
    return make_response(_page(done=_("%(name)s is disabled.", name=gone) if known else ""))


def _page(error: RegistryError | None = None, password: str = "", done: str = "") -> str:
    changes = may(me(), Permission.MANAGE_ACCOUNTS)
    page = {"error": error, "password": password, "done": done, "typed": request.form, "changes": changes}
    return render_template("accounts/accounts.html", known=registry().accounts.all(), **page)


@pages.post("/accounts")
@allow(Permission.MANAGE_ACCOUNTS)
def create() -> Response:
    """Create an account; its one-time password is shown once, on the page that answers."""
    try:
        name = answers.field("name", _("The account's name"))
        printed, role = answers.field("printed_name", _("The printed name")), answers.field("role", _("The role"))
        if role not in ROLES:
            raise WrongUsage(_("There is no such role."), where="role", expected=", ".join(ROLES), found=role)
        password = registry().accounts.create(name, role, printed, by=me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    done = _("Account %(name)s was made. Its one-time password, shown only now:", name=name)
    return make_response(_page(password=password, done=done), 201)


@pages.get("/accounts/<path:name>")
@allow(Permission.MANAGE_ACCOUNTS)
def account(name: str) -> Response:
    """One account: its tokens, never their values, and the forms to change it."""
    gone = request.args.get("revoked", "")
    known = [token for token in registry().accounts.tokens(_known(name).name) if token.revoked_at and token.id == gone]
    done = _("The token %(label)s is revoked.", label=known[0].label or known[0].id) if known else ""
    return make_response(_account(name, done=done))


def _known(name: str) -> Account:
    for account in registry().accounts.all():
        if account.name.casefold() == name.casefold():
            return account
    raise Unknown(_("There is no such account."), expected=_("an account's name"), found=name)


def _account(name: str, error: RegistryError | None = None, password: str = "", done: str = "") -> str:
    known = _known(name)
    page = {"error": error, "password": password, "done": done, "typed": request.form}
    return render_template(
        "accounts/account.html", known=known, tokens=registry().accounts.tokens(known.name), forms=_forms(known), **page
    )


@dataclass(frozen=True, slots=True)
class Form:
    """One thing that may be done to an account: its value, heading, effect, and the words of its button."""

    act: str
    heading: str
    effect: str
    button: str


def _forms(account: Account) -> list[Form]:
    """What an administrator may do to it; nothing to an account of their own."""
    name = account.name
    if name == me().name:
        return []
    if account.disabled:
        effect = _("It gets a one-time password, shown once.")
        return [Form("enable", _("Enable it again"), effect, _("Enable %(name)s", name=name))]
    return [
        Form(
            "reset",
            _("Reset the password"),
            _("It gets a one-time password, shown once; its sessions and tokens end."),
            _("Reset the password of %(name)s", name=name),
        ),
        Form(
            "disable",
            _("Disable it"),
            _("Its sessions and tokens end. Its name stays its own, and its signatures stay."),
            _("Disable %(name)s", name=name),
        ),
    ]


@pages.post("/accounts/<path:name>")
@allow(Permission.MANAGE_ACCOUNTS)
def change(name: str) -> Response:
    """Disable an account, enable it again, give it a one-time password, shown once, or revoke a token of it."""
    act, known, by = request.form.get("do", ""), _known(name), me()
    try:
        if act == "revoke":
            token = _token_of(known, request.form.get("token", ""))
            registry().accounts.revoke_token(token, by=by)
            return redirect(url_for("accounts.account", name=known.name, revoked=token), 303)  # type: ignore[return-value]
        reason = answers.field("reason", _("The reason"))
        if request.form.get("sure") != known.name:
            raise WrongUsage(_("You did not say that you mean %(name)s.", name=known.name), todo=_("Tick the box."))
        done, password = _changed(act, known.name, by, reason)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _account(name, refusal))
    if not password:
        return redirect(url_for("accounts.accounts", disabled=known.name), 303)  # type: ignore[return-value]
    return make_response(_account(name, password=password, done=done))


def _changed(act: str, name: str, by: Account, reason: str) -> tuple[str, str]:
    """(what was done, the one-time password if there is one)."""
    if act == "disable":
        registry().accounts.disable(name, by=by, reason=reason)
        return "", ""
    if act == "enable":
        password = registry().accounts.enable(name, by=by, reason=reason)
        return _("%(name)s is enabled again. Its one-time password, shown only now:", name=name), password
    if act == "reset" and name.casefold() != by.name.casefold():
        password = registry().accounts.reset_password(name, by=by, reason=reason)
        return _("The password of %(name)s was reset. The one-time password, shown only now:", name=name), password
    expected = _("disable, enable, revoke a token, or reset the password of somebody else")
    raise WrongUsage(_("This cannot be done to an account here."), expected=expected, found=act, where="do")


def _token_of(owner: Account, token: str) -> str:
    if token not in {known.id for known in registry().accounts.tokens(owner.name)}:
        raise WrongUsage(_("%(name)s has no such token.", name=owner.name), found=token)
    return token
