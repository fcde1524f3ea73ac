"""Signing a decision on a lot: everything missing is shown before, name and password are asked for with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import Conflict, RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.forms import house_zone
from web.language import _, marked
from web.lots import lot_text
from web.lots.lots import remarks_on
from web.pictures import criteria as pictures
from web.releases import decision_page
from web.releases.queue_row import remarked
from web.signature import signer

if TYPE_CHECKING:
    from registry.domain import DecisionKind

pages = Blueprint("release", __name__)
MEANINGS = {
    "release": marked("I have reviewed this evidence and release this lot for the use its product is approved for."),
    "conditional release": marked(
        "I have reviewed what is known and release this lot for the use its product is approved for, on condition that "
        "what is due is there in time and passes."
    ),
    "hold": marked("I put this lot on hold."),
    "hold lifted": marked("I lift the hold on this lot."),
    "rejection": marked("I reject this lot."),
    "recall": marked("I recall this lot."),
}


@pages.get("/release/<path:lot>")
@allow(Permission.SIGN_RELEASE)
def form(lot: str) -> Response:
    """What is missing for a release, on condition or not, all at once; and the forms to sign any decision."""
    name, suffix = answers.split(lot)
    wanted = answers.form_for(suffix, answers.PAGE_AND_DATA)
    return answers.answer(wanted, data=lambda: _facts(name), page=lambda: _page(name))


def _facts(lot: str) -> dict[str, object]:
    check = registry().releases.check(lot, me())
    return {**check.as_dict(), "decisions": list(check.decisions)}


def _page(lot: str, error: RegistryError | None = None) -> str:
    known = registry().lots.get(lot, viewer=me())
    thing = known.as_dict()
    typed = {key: request.form.get(key, "") for key in ("kind", "name", "meaning", "reason", "complete_by")}
    check = registry().releases.check(lot, me()).as_dict()
    beside = remarks_on(known)
    return render_template(
        "releases/release.html",
        lot=thing,
        check=check,
        text=lot_text.lot_text(thing, ()),
        remarks=remarked(beside, {item["id"]: item["characteristic"] for item in thing["criteria"]}),
        out_of_trend={each.criterion for each in beside.out_of_trend} if beside else (),
        either=lot_text.either,
        group_of=lot_text.group_of,
        page=decision_page.page(thing, check, typed["kind"] if error else None, request.args.get("kind", "")),
        meanings=MEANINGS,
        typed=typed,
        error=error,
        picture=pictures.criteria(thing["criteria"], beside.before if beside else None),
        seen=fingerprint(thing, check),
    )


def fingerprint(lot: Mapping[str, Any], check: Mapping[str, Any]) -> str:
    """What a decision rests on, as one digest: the page carries it, so that nobody signs what they have not seen."""
    parts = [
        lot["specification"]["digest"] if lot["specification"] else None,
        check["specification"],
        [[panel["record"], bool(panel["withdrawn"])] for panel in lot["panels"]],
        [decision["record"] for decision in lot["decisions"]],
        [[item["id"], item["verdict"], item["observed"]] for item in lot["criteria"]],
        [lot["answer"]["state"], lot["verdict"], lot["held"], lot["due"], lot["derived_from"]],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _check_seen(lot: str) -> None:
    seen = request.form.get("seen", "")
    if not (seen or g.by_cookie):
        return
    now = fingerprint(registry().lots.get(lot, viewer=me()).as_dict(), registry().releases.check(lot, me()).as_dict())
    if seen != now:
        raise Conflict(
            _("Something about %(lot)s changed since this page was shown to you.", lot=lot),
            expected=_("what you have seen to be what you sign"),
            todo=_("Read the page again as it is now, then sign."),
        )


@pages.post("/release/<path:lot>")
@allow(Permission.SIGN_RELEASE)
def sign(lot: str) -> Response:
    """Sign: 21 CFR 11.200 asks for both parts of the signature, 11.50 for its meaning."""
    try:
        kind = request.form.get("kind", "")
        if kind not in MEANINGS:
            raise WrongUsage(_("No decision was chosen."), where="kind", expected=", ".join(MEANINGS), found=kind)
        remark = kind == "release"
        reason = request.form.get("reason", "").strip() if remark else answers.field("reason", _("The reason"))
        meaning = answers.field("meaning", _("The meaning of your signature"))
        complete_by = house_zone.time("complete_by")
        name, password = signer()
        _check_seen(lot)
        receipt = registry().releases.sign(
            lot, cast("DecisionKind", kind), name=name, password=password, meaning=meaning, reason=reason,
            complete_by=complete_by,
        )  # fmt: skip
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(lot, refusal))
    return signed(receipt, lot, kind)


def signed(receipt: object, lot: str, done: str) -> Response:
    """After signing: a person sees the lot, a program its receipt."""
    wanted = answers.form_for("", answers.PAGE_AND_DATA)
    if wanted == "json":
        return make_response(jsonify(*answers.plain([receipt])), 201)
    return redirect(url_for("lots.lot", lot=lot, done=done), 303)  # type: ignore[return-value]
