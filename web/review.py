"""Other signed records: withdrawing a panel, accepting a retest or a reference criterion that is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.release import signed, signer
from web.vocabulary import said
from web.words import limit

pages = Blueprint("review", __name__)


@pages.get("/withdraw/<path:lot>")
@allow("submitter", "quality unit")
def withdraw_form(lot: str) -> Response:
    """The panels of a lot that still count, one of them to withdraw."""
    return make_response(_page("withdraw.html", lot))


@pages.post("/withdraw/<path:lot>")
@allow("submitter", "quality unit")
def withdraw(lot: str) -> Response:
    """Withdraw a panel, with a reason: it stays readable and no longer counts."""
    try:
        panel, reason = answers.field("what", _("The panel")), answers.field("reason", _("The reason"))
        name, password = signer()
        receipt = registry().withdraw(panel, reason=reason, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page("withdraw.html", lot, refusal))
    return signed(receipt, lot, "withdrawal")


@pages.get("/accept/<path:lot>")
@allow("quality unit")
def accept_form(lot: str) -> Response:
    """What waits to be accepted: reference criteria not shown, and retests of results that did not pass."""
    return make_response(_page("accept.html", lot))


@pages.post("/accept/<path:lot>")
@allow("quality unit")
def accept(lot: str) -> Response:
    """Accept one of them, with a reason."""
    try:
        what, reason = answers.field("what", _("What you accept")), answers.field("reason", _("The reason"))
        name, password = signer()
        receipt = registry().accept(lot, what, reason=reason, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page("accept.html", lot, refusal))
    return signed(receipt, lot, "acceptance")


def _page(template: str, lot: str, error: RegistryError | None = None) -> str:
    thing = registry().lot(lot, viewer=me()).as_dict()
    typed = {key: request.form.get(key, "") for key in ("what", "name", "reason")}
    return render_template(template, lot=thing, typed=typed, error=error, choices=_choices(thing))


def _choices(lot: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What may be accepted: (what the registry calls it, its label, more about it)."""
    criteria = {item["id"]: item for item in lot["criteria"]}
    held = [criteria[name] for name in lot["held"] if name in criteria]
    counting = [result for panel in lot["panels"] if not panel["withdrawn"] for result in panel["results"]]
    again = [result for result in counting if result["relation"] in {"retest", "correction"} and result["iri"]]
    return [
        *(
            (one["id"], _("%(characteristic)s, not shown", characteristic=one["characteristic"]), _seen(one))
            for one in held
        ),
        *((one["iri"], f"{one['label']} {one['printed']} {one['unit']}", _why(one)) for one in again),
    ]


def _seen(criterion: Mapping[str, Any]) -> str:
    return _(
        "Asked for %(expected)s; observed: %(observed)s",
        expected=limit(criterion["expected"]),
        observed=criterion["observed"] or _("no result"),
    )


def _why(result: Mapping[str, Any]) -> str:
    relation, old, reason = said(result["relation"]), result["supersedes"], result["reason"]
    return _("%(relation)s of %(result)s: %(reason)s", relation=relation, result=old, reason=reason)
