"""Claims in the browser: all of them, those about one lot, product or study, and one with everything it stands on."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.errors import WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry
from web.claims import picture
from web.language import _

pages = Blueprint("claims", __name__)
ABOUT = ("lot", "product", "study")


@pages.get("/claims")
@pages.get("/claims.<any(json,html):suffix>")
@allow(Permission.READ)
def claims(suffix: str = "") -> Response:
    """Every claim, or those about one lot, product or study; of a lot, what it shows by its own results."""
    about = {name: text for name in ABOUT if (text := request.args.get(name, "").strip())}
    if len(about) > 1:
        raise WrongUsage(_("Claims are listed of one thing."), expected=" | ".join(ABOUT), found=", ".join(about))
    service = registry().claims
    if "lot" in about:
        known = service.of_lot(about["lot"])
    elif "product" in about:
        known = service.of_product(about["product"])
    else:
        known = service.of_study(about["study"]) if "study" in about else service.all()
    listed = [each.as_dict() for each in known]
    standing = [each for each in listed if not each["withdrawn"]]
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"claims": listed},
        page=lambda: render_template(
            "claims/claims.html", claims=listed, about=about, picture=picture.draw(standing), of_lot=about.get("lot")
        ),
    )


@pages.get("/claims/<path:claim>")
@allow(Permission.READ)
def claim(claim: str) -> Response:
    """One claim: of what, which mechanism, on what it stands, and who signed it."""
    name, suffix = answers.split(claim)
    form = answers.form_for(suffix)
    known = registry().claims.get(name)
    return answers.answer(
        form,
        data=known.as_dict,
        page=lambda: render_template(
            "claims/claim.html", claim=known.as_dict(), picture=picture.draw([known.as_dict()])
        ),
        rdf=("claim", known.claim),
    )


@pages.get("/claim/<path:claim>")
@allow(Permission.READ)
def address(claim: str) -> Response:
    """The address that a claim has in RDF leads to its page."""
    return redirect(url_for("claims.claim", claim=claim), 303)  # type: ignore[return-value]
