"""The approval of a specification for a product: chosen, read with everything that it changes, signed."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _, marked
from web.signature import signer
from web.specifications import difference_text, specification_text, specifications

pages = Blueprint("approve", __name__)
LONGEST = 16
MEANING = marked("I have reviewed this specification and approve it for this product.")


@pages.get("/approve")
@allow(Permission.APPROVE_SPECIFICATION)
def approval() -> Response:
    """From a specification's page, where the product is chosen from a list, to its approval."""
    product = registry().products.get(request.args.get("product", ""), with_lots=False).id
    chosen = request.args.get("specification", "")
    return redirect(url_for("approve.approve_form", product=product, specification=chosen), 303)  # type: ignore[return-value]


@pages.get("/approve/<path:product>")
@allow(Permission.APPROVE_SPECIFICATION)
def approve_form(product: str) -> Response:
    """The specifications there are; with one named, everything to read before signing its approval."""
    chosen = request.args.get("specification", "")
    return make_response(_review(product, chosen) if chosen else _choose(product))


def _choose(product: str, error: RegistryError | None = None) -> str:
    text = request.args.get("q", "").strip()
    described = registry().products.get(product, with_lots=False)
    known = registry().specifications.candidates(described.id, me().name)
    candidates = [candidate for candidate in known if specifications.holds(candidate.specification, text)]
    waiting = {draft.digest for draft in registry().specifications.waiting()}
    candidates.sort(key=lambda candidate: candidate.specification.digest not in waiting)
    return render_template(
        "specifications/choose.html", product=described.as_dict(), query=text, waiting=waiting, error=error,
        fit=[candidate for candidate in candidates if not candidate.obstacles],
        unfit=[candidate for candidate in candidates if candidate.obstacles],
    )  # fmt: skip


def _review(product: str, chosen: str, error: RegistryError | None = None) -> str:
    review = registry().specifications.review(product, *_named(chosen), me().name)
    return render_template(
        "specifications/approve.html",
        product=registry().products.get(product, with_lots=False).as_dict(),
        review=review,
        s=review.specification,
        trial=registry().specifications.quick_trial(review.specification),
        in_words=specification_text,
        differences=difference_text.by_effect(review.differences),
        loosened=difference_text.loosened(review.differences),
        replaced=[(other, difference.label) for difference in review.differences for other in difference.instead],
        findings=difference_text.beside_departures(registry().specifications.findings(review.specification)),
        meaning=request.form.get("meaning", _(MEANING)),
        typed=request.form,
        error=error,
    )


def _named(chosen: str) -> tuple[str, str]:
    identifier, _at, version = chosen.partition("@")
    if not (identifier and version):
        raise WrongUsage(_("The specification has no version."), expected="ID@VERSION", found=chosen)
    return identifier, version


@pages.post("/approve/<path:product>")
@allow(Permission.APPROVE_SPECIFICATION)
def approve(product: str) -> Response:
    """Sign the approval; each departure from the cell type's identity needs its justification."""
    chosen = request.form.get("specification", "").strip()
    try:
        identifier, version = _named(answers.field("specification", _("The specification")))
        given = {
            key.removeprefix("why "): text.strip()
            for key, text in request.form.items()
            if key.startswith("why ") and text.strip()
        }
        meaning = answers.field("meaning", _("The meaning of your signature"))
        name, password = signer()
        receipt = registry().specifications.approve(
            product, identifier, version, name=name, password=password, meaning=meaning, justifications=given,
            seen=_seen(),
        )  # fmt: skip
    except RegistryError as error:
        refusal = error
        return answers.form_refused(
            error, lambda: _review(product, chosen, refusal) if "@" in chosen else _choose(product, refusal)
        )
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(*answers.plain([receipt])), 201)
    return redirect(url_for("products.product", product=product, done=1), 303)  # type: ignore[return-value]


def _seen() -> int | None:
    """What the page showed as in force, as its hidden field has it; None of a program, which saw no page."""
    text = request.form.get("seen", "")
    if text.isascii() and text.isdigit() and len(text) < LONGEST:
        return int(text)
    if text or g.by_cookie:
        raise WrongUsage(_("The form does not say what was in force."), where="seen", todo=_("Load the page again."))
    return None
