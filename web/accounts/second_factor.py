"""The second factor: one's own enrolled, the administrator's choice of who must have one, one that was lost."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import Enrolment
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.signature import signer

pages = Blueprint("second_factor", __name__)


@pages.get("/second-factor")
@allow(Permission.CHANGE_PASSWORD)
def page() -> Response:
    """What one signs with; a lost one of a colleague, for the quality unit; who must have one, for administrators."""
    return make_response(shown(done=request.args.get("done", "")))


def shown(error: RegistryError | None = None, done: str = "", failed: str = "") -> str:
    """The page; ``failed`` is the form that was refused."""
    service = registry().accounts.second_factor
    page = {"error": error, "done": done, "typed": request.form, "failed": failed or request.form.get("do", "")}
    own = {"own": service.of(me().name), "passkeys": service.passkeys(me().name)}
    return render_template("accounts/second_factor.html", required=service.required(), **own, **page)


@pages.post("/second-factor")
@allow(Permission.CHANGE_PASSWORD)
def change() -> Response:
    """Begin or finish an enrolment, take a colleague's factor away, or require one of roles."""
    act = request.form.get("do", "")
    if act == "begin":
        return _begin()
    if act == "enrol":
        return _enrol()
    try:
        if act == "recover":
            name, password = signer()
            whose = answers.field("whose", _("The account's name"))
            registry().accounts.second_factor.recover(
                whose, reason=request.form.get("reason", ""), name=name, password=password
            )
        elif act == "require":
            roles = request.form.getlist("role")
            registry().accounts.second_factor.require(roles, reason=request.form.get("reason", ""), by=me())
        else:
            raise WrongUsage(_("This cannot be done here."), expected=_("begin, enrol, recover or require"), found=act)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: shown(refusal))
    return redirect(url_for("second_factor.page", done=act), 303)  # type: ignore[return-value]


def _begin() -> Response:
    try:
        enrolment = registry().accounts.second_factor.begin(me().name, answers.field("password", _("Your password")))
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: shown(refusal))
    return make_response(_secret(enrolment))


def _enrol() -> Response:
    """After a wrong code it is begun anew: the secret is shown once."""
    try:
        sealed, code = answers.field("sealed", _("The enrolment")), answers.field("code", _("The code"))
        registry().accounts.second_factor.enrol(me().name, sealed, code)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: shown(refusal))
    return redirect(url_for("second_factor.page", done="enrol"), 303)  # type: ignore[return-value]


def _secret(enrolment: Enrolment) -> str:
    """The secret, shown only now: no cache keeps this page (``security.add_headers``), no log its text."""
    return render_template("accounts/second_factor_new.html", enrolment=enrolment)
