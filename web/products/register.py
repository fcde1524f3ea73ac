"""Registering a product, by its ontology terms. The same verb as on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import ProductDraft
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.vocabulary import said

if TYPE_CHECKING:
    from registry.domain import DonorRelation

pages = Blueprint("register_product", __name__)
RELATIONS = ("allogeneic", "autologous")
HUMAN = "NCBITaxon:9606"


@pages.route("/register/product", methods=["GET", "POST"])
@allow(Permission.REGISTER_PRODUCT, Permission.APPROVE_SPECIFICATION)
def product() -> Response:
    """A product: its cell type, source and indications by their ontology terms."""
    if request.method == "GET":
        return make_response(_product_page())
    try:
        relation = request.form.get("donor_relation", "")
        if relation not in RELATIONS:
            expected = _("%(one)s or %(other)s", one=said(RELATIONS[0]), other=said(RELATIONS[1]))
            raise WrongUsage(
                _("Donor: whose cells are they?"), where="donor_relation", expected=expected, found=relation
            )
        draft = ProductDraft(
            id=answers.field("id", _("The product's identifier")),
            label=answers.field("label", _("The product's name")),
            cell_type=answers.field("cell_type", _("The cell type")),
            source=answers.field("source", _("The source")),
            donor_relation=cast("DonorRelation", relation),
            species=request.form.get("species", "").strip() or HUMAN,
            indications=tuple(request.form.get("indications", "").replace(",", " ").split()),
            study=request.form.get("study", "").strip(),
            note=request.form.get("note", "").strip(),
            citation=request.form.get("citation", "").strip(),
        )
        receipt = registry().products.register(draft, me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _product_page(refusal))
    return redirect(url_for("products.product", product=receipt.id), 303)  # type: ignore[return-value]


def _product_page(error: RegistryError | None = None) -> str:
    disease = request.args.get("disease", "").strip()
    return render_template(
        "products/register.html",
        cell_types=registry().terms.permitted_cell_types(),
        relations=RELATIONS,
        human=HUMAN,
        studies=registry().studies.all(),
        typed=request.form,
        error=error,
        disease=disease,
        diseases=registry().terms.diseases(disease)[:12] if disease else (),
    )
