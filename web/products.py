"""Products, and the quality unit's approval of a specification for one."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from web import answers, specifications
from web.access import ROLES, allow, registry
from web.release import signer

pages = Blueprint("products", __name__)
MEANING = "I have reviewed this specification and approve it for this product."


@pages.get("/products")
@pages.get("/products.<any(json,html):suffix>")
@allow(*ROLES)
def products(suffix: str = "") -> Response:
    """Every product."""
    known = answers.plain(registry().products())
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"products": known},
        page=lambda: render_template("products.html", products=known),
    )


@pages.get("/products/<path:product>")
@allow(*ROLES)
def product(product: str) -> Response:
    """One product: what it is made of, what for, and the specifications approved for it."""
    name, suffix = answers.split(product)
    form = answers.form_for(suffix)
    thing = registry().product(name).as_dict()
    return answers.answer(
        form,
        data=lambda: thing,
        page=lambda: render_template("product.html", product=thing, done="done" in request.args),
        rdf=("product", thing["id"]),
    )


@pages.get("/approve/<path:product>")
@allow("quality unit")
def approve_form(product: str) -> Response:
    """The specifications there are, one of them to approve for the product."""
    return make_response(_page(product))


def _page(product: str, error: RegistryError | None = None) -> str:
    return render_template(
        "approve.html",
        product=registry().product(product).as_dict(),
        specifications=specifications.listed(product),
        meaning=request.form.get("meaning", MEANING),
        typed=request.form,
        error=error,
    )


@pages.post("/approve/<path:product>")
@allow("quality unit")
def approve(product: str) -> Response:
    """Sign the approval; each departure from the cell type's identity needs its justification."""
    try:
        chosen = answers.field("specification", "The specification")
        name_of, _, version = chosen.partition("@")
        if not version:
            raise WrongUsage("The specification has no version.", expected="ID@VERSION", found=chosen)
        given = {
            key.removeprefix(f"why {chosen} "): text.strip()
            for key, text in request.form.items()
            if key.startswith(f"why {chosen} ") and text.strip()
        }
        meaning = answers.field("meaning", "The meaning of your signature")
        name, password = signer()
        receipt = registry().approve(
            product, name_of, version, name=name, password=password, meaning=meaning, justifications=given
        )
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(product, refusal))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(*answers.plain([receipt])), 201)
    return redirect(url_for("products.product", product=product, done=1), 303)  # type: ignore[return-value]
