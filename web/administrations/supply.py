"""Supply out of specification: signed, for one recipient, at the physician's request; it is no release."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.signature import signer

pages = Blueprint("supply", __name__)


@pages.route("/supply/<path:lot>", methods=["GET", "POST"])
@allow(Permission.SIGN_RELEASE)
def supply(lot: str) -> Response:
    """The form, and the signature (EU GMP Part IV, 11.53 and 11.54)."""
    if request.method == "GET":
        return make_response(_form(lot))
    try:
        words = {
            "recipient": answers.field("recipient", _("Recipient's code")),
            "request": answers.field("request", _("The physician's request")),
            "reason": answers.field("reason", _("Reason")),
            "risk": answers.field("risk", _("The evaluation of the risk")),
        }
        name, password = signer()
        registry().administrations.supply(lot, name=name, password=password, **words)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _form(lot, refusal))
    return redirect(url_for("lots.lot", lot=lot), 303)  # type: ignore[return-value]


def _form(lot: str, error: RegistryError | None = None) -> str:
    known = registry().lots.get(lot, viewer=me()).as_dict()
    return render_template("administrations/supply.html", lot=known, typed=request.form, error=error)
