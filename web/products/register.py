"""Registering a product, by its ontology terms. The same verb as on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import ProductDraft
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.forms import pickers
from web.forms.faults import Faults
from web.language import _
from web.vocabulary import said

if TYPE_CHECKING:
    from registry.domain import DonorRelation

pages = Blueprint("register_product", __name__)
RELATIONS = ("allogeneic", "autologous")
HUMAN = "NCBITaxon:9606"
MOST_INDICATIONS = 12


@pages.route("/register/product", methods=["GET", "POST"])
@allow(Permission.REGISTER_PRODUCT, Permission.APPROVE_SPECIFICATION)
def product() -> Response:
    """A product: its cell type, source and indications by their ontology terms."""
    if request.method == "GET":
        return make_response(_product_page())
    try:
        receipt = registry().products.register(_product(), me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _product_page(refusal))
    return redirect(url_for("products.product", product=receipt.id), 303)  # type: ignore[return-value]


def _product() -> ProductDraft:
    """What the form says; raises what is wrong with any of its fields, all of it together."""
    faults = Faults()

    def picked(name: str, label: str, pick: Callable[[str], str]) -> str:
        return faults.read(name, lambda: pick(answers.field(name, label))) or ""

    relation = faults.read("donor_relation", _relation)
    made = ProductDraft(
        id=faults.read("id", answers.field, "id", _("The product's identifier")) or "",
        label=faults.read("label", answers.field, "label", _("The product's name")) or "",
        cell_type=picked("cell_type", _("The cell type"), pickers.cell_type),
        source=picked("source", _("The source"), pickers.source),
        donor_relation=cast("DonorRelation", relation or RELATIONS[0]),
        species=faults.read("species", pickers.species, request.form.get("species", "").strip() or HUMAN) or HUMAN,
        indications=faults.read("indications", _indications) or (),
        study=request.form.get("study", "").strip(),
        note=request.form.get("note", "").strip(),
        citation=request.form.get("citation", "").strip(),
    )
    faults.refuse()
    return made


def _relation() -> str:
    relation = request.form.get("donor_relation", "")
    if relation not in RELATIONS:
        expected = _("%(one)s or %(other)s", one=said(RELATIONS[0]), other=said(RELATIONS[1]))
        raise WrongUsage(_("Donor: whose cells are they?"), where="donor_relation", expected=expected, found=relation)
    return relation


def _indications() -> tuple[str, ...]:
    """The diseases, one a field; several ids in one field, with blanks or commas between them, are read too."""
    typed = [text.strip() for text in request.form.getlist("indications") if text.strip()]
    ids = re.compile(r"(?:DOID:\d+[\s,]*)+")
    parts = [part for text in typed for part in (re.findall(r"DOID:\d+", text) if ids.fullmatch(text) else [text])]
    return tuple(dict.fromkeys(pickers.disease(part) for part in parts))


def _product_page(error: RegistryError | None = None) -> str:
    typed = request.form or request.args
    return render_template(
        "products/register.html",
        cell_types=registry().terms.permitted_cell_types(),
        relations=RELATIONS,
        human=pickers.shown(HUMAN),
        studies=registry().studies.all(),
        sources=registry().ontologies.other_names("CLO:") | registry().ontologies.other_names("UBERON:"),
        kinds_of_species=registry().ontologies.other_names("NCBITaxon:"),
        typed=typed,
        indications=([text for text in typed.getlist("indications") if text.strip()] + [""] * 2)[:MOST_INDICATIONS],
        error=error,
    )
