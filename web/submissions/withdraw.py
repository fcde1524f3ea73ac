"""Withdrawing a panel, signed and with a reason: its submitter, or the quality unit."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.releases.release import signed
from web.signature import signer

pages = Blueprint("withdraw", __name__)


@pages.get("/withdraw/<path:lot>")
@allow(Permission.WITHDRAW)
def withdraw_form(lot: str) -> Response:
    """The panels of a lot that still count, one of them to withdraw."""
    return make_response(_withdraw_page(lot))


@pages.post("/withdraw/<path:lot>")
@allow(Permission.WITHDRAW)
def withdraw(lot: str) -> Response:
    """Withdraw a panel, with a reason: it stays readable and no longer counts."""
    try:
        panel, reason = answers.field("what", _("The panel")), answers.field("reason", _("The reason"))
        name, password = signer()
        receipt = registry().submissions.withdraw(panel, reason=reason, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _withdraw_page(lot, refusal))
    return signed(receipt, lot, "withdrawal")


def _withdraw_page(lot: str, error: RegistryError | None = None) -> str:
    thing = registry().lots.get(lot, viewer=me()).as_dict()
    each = {panel.panel: panel.as_dict() for panel in registry().submissions.withdrawable(lot)}
    standing = [(panel, each[panel["panel"]]) for panel in thing["panels"] if panel["panel"] in each]
    return render_template("submissions/withdraw.html", lot=thing, typed=_typed(), error=error, standing=standing)


def _typed() -> dict[str, str]:
    typed = {key: request.form.get(key, "") for key in ("what", "name", "reason")}
    return {**typed, "what": typed["what"] or request.args.get("what", "")}
