"""Accepting, signed, a retest or a reference criterion that is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.number_format import capital, limit, measured, moment
from web.releases.release import signed
from web.signature import signer
from web.vocabulary import said

pages = Blueprint("accept", __name__)


@pages.get("/accept/<path:lot>")
@allow(Permission.ACCEPT)
def accept_form(lot: str) -> Response:
    """What waits to be accepted: reference criteria not shown, and retests of results that did not pass."""
    return make_response(_accept_page(lot))


@pages.post("/accept/<path:lot>")
@allow(Permission.ACCEPT)
def accept(lot: str) -> Response:
    """Accept one of them, with a reason."""
    try:
        what, reason = answers.field("what", _("What you accept")), answers.field("reason", _("The reason"))
        name, password = signer()
        receipt = registry().releases.accept(lot, what, reason=reason, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _accept_page(lot, refusal))
    return signed(receipt, lot, "acceptance")


def _accept_page(lot: str, error: RegistryError | None = None) -> str:
    thing = registry().lots.get(lot, viewer=me()).as_dict()
    return render_template("releases/accept.html", lot=thing, typed=_typed(), error=error, choices=_choices(thing))


def _typed() -> dict[str, str]:
    typed = {key: request.form.get(key, "") for key in ("what", "name", "reason")}
    return {**typed, "what": typed["what"] or request.args.get("what", "")}


def _choices(lot: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What waits to be accepted: (what the registry calls it, its label, more about it)."""
    criteria = {item["id"]: item for item in lot["criteria"]}
    held = [criteria[name] for name in lot["held"] if name in criteria]
    panels = {result["iri"]: panel for panel in lot["panels"] for result in panel["results"]}
    results = {result["iri"]: result for panel in lot["panels"] for result in panel["results"]}
    again = [results[iri] for iri in lot["unaccepted"]]
    return [
        *(
            (result["id"], _("%(characteristic)s, not shown", characteristic=result["characteristic"]), _seen(result))
            for result in held
        ),
        *(
            (result["iri"], _first_and_new(results[result["supersedes"]], result), _why(result, panels[result["iri"]]))
            for result in again
        ),
    ]


def _seen(criterion: Mapping[str, Any]) -> str:
    return _(
        "Asked for %(expected)s; observed: %(observed)s",
        expected=limit(criterion["expected"]),
        observed=criterion["observed"] or _("no result"),
    )


def _first_and_new(first: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """``CD105: 93,1 % → 97.1 %``; a correction may change the characteristic or the stage, and then both are said."""
    old_name, other = (_named(result) for result in (first, new))
    if old_name == other:
        return f"{old_name}: {measured(first)} → {measured(new)}"
    return f"{old_name}: {measured(first)} → {other}: {measured(new)}"


def _named(result: Mapping[str, Any]) -> str:
    return f"{result['label']}, {result['stage']}" if result["stage"] else str(result["label"])


def _why(result: Mapping[str, Any], panel: Mapping[str, Any]) -> str:
    return _(
        "%(relation)s, submitted by %(actor)s, %(time)s (%(file)s, row %(row)s). Reason: %(reason)s",
        relation=capital(said(result["relation"])),
        actor=panel["actor"],
        time=moment(panel["at"]),
        file=result["source"]["file"],
        row=result["source"]["row"],
        reason=result["reason"],
    )
