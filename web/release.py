"""Signing a decision on a lot: everything missing is shown before, name and password are asked for with it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import Conflict, NotAllowed, RegistryError, WrongUsage
from web import answers, pictures
from web.access import allow, me, registry

if TYPE_CHECKING:
    from registry.standing import DecisionKind

pages = Blueprint("release", __name__)
MEANINGS = {
    "release": "I have reviewed this evidence and release this lot for the use its product is approved for.",
    "hold": "I put this lot on hold.",
    "hold lifted": "I lift the hold on this lot.",
    "rejection": "I reject this lot.",
    "recall": "I recall this lot.",
}


@pages.get("/release/<path:lot>")
@allow("quality unit")
def form(lot: str) -> Response:
    """What is missing for a release, all at once; and the forms to sign a release or another decision."""
    name, suffix = answers.split(lot)
    wanted = answers.form_for(suffix, answers.PAGE_AND_DATA)
    return answers.answer(wanted, data=lambda: _facts(name), page=lambda: _page(name))


def _facts(lot: str) -> dict[str, object]:
    return {"lot": lot, "missing": registry().release_check(lot, me()), "decisions": list(MEANINGS)}


def _page(lot: str, error: RegistryError | None = None) -> str:
    thing = registry().lot(lot, viewer=me()).as_dict()
    missing = registry().release_check(lot, me())
    typed = {key: request.form.get(key, "") for key in ("kind", "name", "meaning", "reason")}
    return render_template(
        "release.html",
        lot=thing,
        missing=missing,
        meanings=MEANINGS,
        typed=typed,
        error=error,
        picture=pictures.criteria(thing["criteria"]),
        seen=fingerprint(thing),
    )


def fingerprint(lot: Mapping[str, Any]) -> str:
    """What a decision rests on, as one digest: the page carries it, so that nobody signs what they have not seen."""
    parts = [
        lot["specification"]["digest"] if lot["specification"] else None,
        [[panel["record"], bool(panel["withdrawn"])] for panel in lot["panels"]],
        [decision["record"] for decision in lot["decisions"]],
        [[item["id"], item["verdict"], item["observed"]] for item in lot["criteria"]],
        [lot["answer"]["state"], lot["verdict"], lot["held"], lot["derived_from"]],
    ]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _check_seen(lot: str) -> None:
    seen = request.form.get("seen", "")
    if (seen or g.by_cookie) and seen != fingerprint(registry().lot(lot, viewer=me()).as_dict()):
        raise Conflict(
            f"Something about {lot} changed since this page was shown to you.",
            expected="what you have seen to be what you sign",
            todo="Read the page again as it is now, then sign.",
        )


@pages.post("/release/<path:lot>")
@allow("quality unit")
def sign(lot: str) -> Response:
    """Sign: 21 CFR 11.200 asks for both parts of the signature, 11.50 for its meaning."""
    try:
        kind = request.form.get("kind", "")
        if kind not in MEANINGS:
            raise WrongUsage("No decision was chosen.", where="kind", expected=", ".join(MEANINGS), found=kind)
        reason = request.form.get("reason", "").strip() if kind == "release" else answers.field("reason", "The reason")
        meaning = answers.field("meaning", "The meaning of your signature")
        name, password = signer()
        _check_seen(lot)
        decision = cast("DecisionKind", kind)
        receipt = registry().decide(lot, decision, name=name, password=password, meaning=meaning, reason=reason)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(lot, refusal))
    return signed(receipt, lot, kind)


def signer() -> tuple[str, str]:
    """Name and password as typed for this signature; a session can sign for nobody but its own account."""
    name, password = answers.field("name", "Your account name"), answers.field("password", "Your password")
    if name.casefold() != me().name.casefold():
        raise NotAllowed(
            f"You are signed in as {me().name}, and the signature names {name}.",
            where="name",
            todo="Sign with your own name, or sign in as the other account.",
        )
    return name, password


def signed(receipt: object, lot: str, done: str) -> Response:
    """After signing: a person sees the lot, a program its receipt."""
    wanted = answers.form_for("", answers.PAGE_AND_DATA)
    if wanted == "json":
        return make_response(jsonify(*answers.plain([receipt])), 201)
    return redirect(url_for("lots.lot", lot=lot, done=done), 303)  # type: ignore[return-value]
