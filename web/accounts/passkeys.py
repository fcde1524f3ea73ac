"""Passkeys: one's own enrolled, and what an authenticator is asked. Their page is that of the second factor."""

from __future__ import annotations

import hmac

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import NotAllowed, RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers, security
from web.access import ANYONE, allow, me, registry
from web.accounts import second_factor
from web.language import _

pages = Blueprint("passkeys", __name__)


@pages.post("/passkeys")
@allow(Permission.CHANGE_PASSWORD)
def change() -> Response:
    """Begin or finish the enrolment of a passkey; for administrators, set where passkeys work."""
    act, service = request.form.get("do", ""), registry().accounts.second_factor
    try:
        if act == "begin":
            label, password = answers.field("label", _("Its name")), answers.field("password", _("Your password"))
            question = service.begin_passkey(me().name, password)
            return make_response(render_template("accounts/passkey_new.html", question=question, label=label))
        if act == "enrol":
            answer, label = answers.field("passkey", _("The passkey's answer")), answers.field("label", _("Its name"))
            service.enrol_passkey(me().name, answer, label)
        elif act == "address":
            address = answers.field("address", _("The address"))
            service.set_passkey_address(address, reason=request.form.get("reason", ""), by=me())
        else:
            raise WrongUsage(_("This cannot be done here."), expected=_("begin, enrol or address"), found=act)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: second_factor.shown(refusal, failed=f"passkey-{act}"))
    return redirect(url_for("second_factor.page", done=f"passkey-{act}"), 303)  # type: ignore[return-value]


@pages.post("/passkeys/question")
@allow(Permission.CHANGE_PASSWORD)
def question() -> Response:
    """What the authenticator is asked for one signature, as the browser takes it; answered within two minutes, once."""
    return _as_json(registry().accounts.second_factor.passkey_question(me().name))


@pages.post("/sign-in/question")
@allow(ANYONE)
def question_to_sign_in() -> Response:
    """The same for signing in, of the cookie that the form came with."""
    token, given = request.cookies.get(security.SIGN_IN_COOKIE, ""), request.headers.get("X-CSRF-Token", "")
    if not token or not hmac.compare_digest(given.encode(), token.encode()) or not security.same_origin():
        message = _("The sign-in form is too old, or this browser refuses cookies.")
        raise NotAllowed(message, todo=_("Load /sign-in again."))
    return _as_json(registry().accounts.question_to_sign_in(token))


def _as_json(question: str) -> Response:
    return Response(question, mimetype="application/json")
