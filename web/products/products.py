"""Products: what each is made of, what for, and the specifications approved for it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from registry.services import ProductAnswer
from registry.services.accounts import Permission
from web import answers
from web.access import allow, registry
from web.language import marked
from web.tables import rows
from web.tables.table import Column, Filter, asked

pages = Blueprint("products", __name__)


COLUMNS = (
    Column("label", marked("Product"), sorts=True),
    Column("cell_type", marked("Cell type"), sorts=True),
    Column("indications", marked("For")),
    Column("lots", marked("Lots"), sorts=True, greatest_first=True),
)
FILTERS = (Filter("q", marked("Words of a name, cell type, disease or study")),)
SAVED = ("id", "label", "cell_type", "source", "donor_relation", "species", "indications", "study", "citation", "lots")


@pages.get("/products")
@pages.get("/products.<any(json,html,csv):suffix>")
@allow(Permission.READ)
def products(suffix: str = "") -> Response:
    """Every product, with how many lots it has."""
    table = asked("products.products", COLUMNS, FILTERS)
    every = registry().products.all()
    lots = registry().lot_index.lots_of_products()
    left = table.arranged(
        every,
        {
            "label": lambda product: product.label,
            "cell_type": lambda product: product.cell_type.label,
            "lots": lambda product: lots.get(product.id, 0),
        },
        lambda product, _name, text: holds(product, text),
    )
    shown = table.shown(left)
    if suffix == "csv":
        return rows.save("products", SAVED, [_saved(product, lots) for product in shown])
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"products": answers.plain(shown if table.is_asked or table.chosen else every)},
        page=lambda: render_template(
            "products/products.html", table=table, products=answers.plain(shown), lots=lots, more=table.more(left)
        ),
    )


def holds(product: ProductAnswer, text: str) -> bool:
    """Whether every word stands in what is said of the product, whatever its case."""
    terms = (product.cell_type, *product.indications)
    names = (product.id, product.label, product.study, *(part for term in terms for part in (term.id, term.label)))
    whole = " ".join(names).casefold()
    return all(word in whole for word in text.casefold().split())


def _saved(product: ProductAnswer, lots: dict[str, int]) -> dict[str, object]:
    told = product.as_dict()
    told["cell_type"] = product.cell_type.id
    told["indications"] = [term.id for term in product.indications]
    return told | {"lots": lots.get(product.id, 0)}


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
