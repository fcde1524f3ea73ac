"""Which addresses are told when the state of a lot changes, and what was sent: the administrator's, and to be read."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission, may
from web import answers
from web.access import allow, me, registry
from web.language import _

pages = Blueprint("webhooks", __name__)
VERBS = ("end", "resume")
SHOWN = 50
"""Messages of the page."""


@pages.get("/webhooks")
@allow(Permission.READ_SETTINGS)
def webhooks() -> Response:
    """Every address with how it stands, and the newest messages."""
    words = {"ended": _("The webhook is ended."), "resumed": _("The webhook is resumed.")}
    return make_response(_page(done=words.get(request.args.get("done", ""), "")))


def _page(error: RegistryError | None = None, secret: str = "", done: str = "") -> str:
    service = registry().webhooks
    return render_template(
        "webhooks/webhooks.html", webhooks=service.all(), deliveries=service.deliveries(SHOWN), error=error,
        secret=secret, done=done, typed=request.form, changes=may(me(), Permission.MANAGE_WEBHOOKS),
    )  # fmt: skip


@pages.post("/webhooks")
@allow(Permission.MANAGE_WEBHOOKS)
def add() -> Response:
    """Name an address; the secret is shown once, on the page that answers."""
    try:
        address = answers.field("address", _("The address"))
        _hook, secret = registry().webhooks.add(address, by=me(), private="private" in request.form)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    return make_response(_page(secret=secret), 201)


@pages.post("/webhooks/<hook>")
@allow(Permission.MANAGE_WEBHOOKS)
def change(hook: str) -> Response:
    """End one, or take one up again that was paused."""
    verb = request.form.get("do", "")
    try:
        if verb == "end":
            registry().webhooks.end(hook, reason=request.form.get("reason", ""), by=me())
        elif verb == "resume":
            registry().webhooks.resume(hook, by=me())
        else:
            raise WrongUsage(
                _("Nothing is done with a webhook but these."), expected=", ".join(VERBS), found=verb[:100]
            )
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(refusal))
    to = url_for("webhooks.webhooks", done="ended" if verb == "end" else "resumed")
    return redirect(to, 303)  # type: ignore[return-value]
