"""Products: what each is made of, what for, and the specifications approved for it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry

pages = Blueprint("products", __name__)


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
    thing = registry().products.get(name, with_lots=form == "json").as_dict()
    return answers.answer(
        form,
        data=lambda: thing,
        page=lambda: render_template(
            "products/product.html",
            product=thing,
            source=registry().terms.name(thing["source"]),
            species=registry().terms.name(thing["species"]),
            names={
                iri: registry().terms.label(iri)
                for approval in thing["approvals"]
                for iri, _why in approval["justifications"]
            },
            study=registry().studies.named(thing["study"]),
            done="done" in request.args,
        ),
        rdf=("product", thing["id"]),
    )
