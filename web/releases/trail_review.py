"""The review of a lot's audit trail: what changed of its data, who reviewed that, and the form to sign it."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry
from web.language import _
from web.releases.release import signed
from web.signature import signer

pages = Blueprint("trail_review", __name__)


@pages.get("/trail-review/<path:lot>")
@allow(Permission.READ_EVIDENCE)
def form(lot: str) -> Response:
    """What changed since the data were entered, as a page or as data; for the quality unit the forms."""
    name, suffix = answers.split(lot)
    wanted = answers.form_for(suffix, answers.PAGE_AND_DATA)
    return answers.answer(wanted, data=lambda: registry().releases.trail.show(name).as_dict(), page=lambda: _page(name))


def _page(lot: str, error: RegistryError | None = None) -> str:
    page = {"typed": request.form, "failed": request.form.get("do", ""), "error": error}
    return render_template("releases/trail_review.html", trail=registry().releases.trail.show(lot), **page)


@pages.post("/trail-review/<path:lot>")
@allow(Permission.REVIEW_TRAIL)
def sign(lot: str) -> Response:
    """Sign the review of what was shown, or set whether the product's lots need one."""
    act, trail = request.form.get("do", ""), registry().releases.trail
    try:
        name, password = signer()
        if act == "sign":
            seen = answers.field("seen", _("What was shown"))
            if not seen.isdecimal():
                raise WrongUsage(_("This is no entry's number."), where="seen", found=seen)
            meaning = answers.field("meaning", _("The meaning of your signature"))
            receipt = trail.sign(lot, name=name, password=password, meaning=meaning, seen=int(seen))
        elif act in ("require", "end"):
            reason = answers.field("reason", _("The reason"))
            product = trail.show(lot).product
            receipt = trail.require(product, required=act == "require", reason=reason, name=name, password=password)
        else:
            raise WrongUsage(_("This cannot be done here."), expected=_("sign, require or end"), found=act)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(lot, refusal))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return signed(receipt, lot, act)
    return redirect(url_for("trail_review.form", lot=lot), 303)  # type: ignore[return-value]
