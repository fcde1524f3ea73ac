"""Moves of a lot's containers: reserved, returned, destroyed, retained, back in stock."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services.accounts import Permission
from registry.services.administrations.move import MOVED_BY_HAND
from web import answers
from web.access import allow, me, registry
from web.administrations.administrations import numbers
from web.language import _

pages = Blueprint("containers", __name__)


@pages.route("/containers/<path:lot>", methods=["GET", "POST"])
@allow(Permission.MOVE_CONTAINERS)
def containers(lot: str) -> Response:
    """Where they are, and the form that moves them."""
    if request.method == "GET":
        return make_response(_form(lot))
    try:
        state, reason = answers.field("state", _("State")), answers.field("reason", _("Reason"))
        registry().administrations.move(lot, state, numbers=numbers("container"), reason=reason, actor=me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _form(lot, refusal))
    return redirect(url_for("containers.containers", lot=lot), 303)  # type: ignore[return-value]


def _form(lot: str, error: RegistryError | None = None) -> str:
    balance = registry().administrations.balance(lot)
    return render_template(
        "administrations/containers.html", balance=balance, states=MOVED_BY_HAND, typed=request.form, error=error
    )
