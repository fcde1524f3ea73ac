"""Products, and the quality unit's approval of a specification for one."""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _, marked
from web.releases.release import signer
from web.specifications import specification_text, specifications

pages = Blueprint("products", __name__)
LONGEST = 16
MEANING = marked("I have reviewed this specification and approve it for this product.")


@pages.get("/products")
@pages.get("/products.<any(json,html):suffix>")
@allow(Permission.READ)
def products(suffix: str = "") -> Response:
    """Every product."""
    known = answers.plain(registry().products.all())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"products": known},
        page=lambda: render_template("products/products.html", products=known),
    )


@pages.get("/products/<path:product>")
@allow(Permission.READ)
def product(product: str) -> Response:
    """One product: what it is made of, what for, and the specifications approved for it."""
    name, suffix = answers.split(product)
    form = answers.form_for(suffix)
    thing = registry().products.get(name).as_dict()
    return answers.answer(
        form,
        data=lambda: thing,
        page=lambda: render_template(
            "products/product.html",
            product=thing,
            source=registry().terms.name(thing["source"]),
            species=registry().terms.name(thing["species"]),
            names={
                iri: registry().terms.label(iri) for one in thing["approvals"] for iri, _why in one["justifications"]
            },
            done="done" in request.args,
        ),
        rdf=("product", thing["id"]),
    )


@pages.get("/approve")
@allow(Permission.APPROVE_SPECIFICATION)
def approval() -> Response:
    """From a specification's page, where the product is chosen from a list, to its approval."""
    product = registry().products.get(request.args.get("product", "")).id
    chosen = request.args.get("specification", "")
    return redirect(url_for("products.approve_form", product=product, specification=chosen), 303)  # type: ignore[return-value]


@pages.get("/approve/<path:product>")
@allow(Permission.APPROVE_SPECIFICATION)
def approve_form(product: str) -> Response:
    """The specifications there are; with one named, everything to read before signing its approval."""
    chosen = request.args.get("specification", "")
    return make_response(_review(product, chosen) if chosen else _choose(product))


def _choose(product: str, error: RegistryError | None = None) -> str:
    text = request.args.get("q", "").strip()
    described = registry().products.get(product)
    found = [one for one in registry().specifications.candidates(described.id, me().name)
             if specifications.holds(one.specification, text)]  # fmt: skip
    waiting = {one.digest for one in registry().specifications.waiting()}
    found.sort(key=lambda one: one.specification.digest not in waiting)
    return render_template(
        "choose.html", product=described.as_dict(), query=text, waiting=waiting, error=error,
        fit=[one for one in found if not one.obstacles], unfit=[one for one in found if one.obstacles],
    )  # fmt: skip


def _review(product: str, chosen: str, error: RegistryError | None = None) -> str:
    found = registry().specifications.review(product, *_named(chosen), me().name)
    return render_template(
        "specifications/approve.html",
        product=registry().products.get(product).as_dict(),
        review=found,
        findings=registry().specifications.findings(found.specification),
        in_words=specification_text,
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
