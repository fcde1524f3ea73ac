"""Registering a product, a lot or what lots come from, in the browser: the same verbs as on the command line."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import LotDraft, ProductDraft
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry, wants_page
from web.language import _
from web.vocabulary import said

if TYPE_CHECKING:
    from registry.domain import DonorRelation, LotKind

pages = Blueprint("register", __name__)
KINDS = ("product lot", "cell bank", "cell line", "donor")
RELATIONS = ("allogeneic", "autologous")
HUMAN = "NCBITaxon:9606"


@pages.route("/register/lot", methods=["GET", "POST"])
@allow(Permission.REGISTER_LOT)
def lot() -> Response:
    """A lot, bank, line or donor; it stands in the ledger once and is never edited."""
    if request.method == "GET":
        return make_response(_lot_page())
    try:
        receipt = registry().lots.register(_lot(), me(), request.form.getlist("distinct_from"))
    except RegistryError as error:
        return answers.form_refused(error, partial(_lot_page, _on_the_page(error)))
    return redirect(url_for("lots.lot", lot=receipt.id, done="registered"), 303)  # type: ignore[return-value]


def _on_the_page(error: RegistryError) -> RegistryError:
    """A program is told which option says that a lot is another; a person, which box."""
    if error.where == "distinct_from" and wants_page():
        error.where = "distinct-1"
        error.todo = _(
            "If it is the same lot, it is registered already. If it is another lot, give it another identifier, or "
            "tick the box that says so, under the identifier."
        )
    return error


def _lot_page(error: RegistryError | None = None) -> str:
    products = sorted(registry().lot_index.products().values(), key=lambda one: one.label)
    typed = request.form or request.args
    alike = registry().lots.look_alikes(typed.get("id", "").strip())
    return render_template(
        "lots/register_lot.html", kinds=KINDS, products=products, typed=typed, alike=alike, error=error
    )


def _lot() -> LotDraft:
    kind = request.form.get("kind", KINDS[0])
    if kind not in KINDS:
        raise WrongUsage(_("There is no such kind."), where="kind", expected=", ".join(KINDS), found=kind)
    passage, containers = _number("passage", _("Passage")), _number("containers", _("Containers"))
    parents = tuple(part.strip() for part in request.form.get("derived_from", "").split(",") if part.strip())
    return LotDraft(
        answers.field("id", _("The lot's identifier")),
        kind=cast("LotKind", kind),
        product=request.form.get("product", "").strip() or None,
        passage=passage,
        manufactured_on=_day("manufactured_on", _("Manufactured on")),
        expires_at=answers.time("expires_at", _("Expires")),
        containers=containers,
        storage=request.form.get("storage", "").strip(),
        derived_from=parents,
        recipient=request.form.get("recipient", "").strip() or None,
        synthetic="synthetic" in request.form,
        note=request.form.get("note", "").strip(),
    )


def _number(name: str, label: str) -> int | None:
    text = request.form.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        message = _("%(field)s: this is no whole number.", field=label)
        raise WrongUsage(message, where=name, expected=_("a whole number"), found=text)
    return int(text) if text else None


def _day(name: str, label: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        expected = _("a date such as 2026-11-21")
        raise WrongUsage(
            _("%(field)s: this is no date.", field=label), where=name, expected=expected, found=text
        ) from None


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
        )
        receipt = registry().products.register(draft, me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _product_page(refusal))
    return redirect(url_for("products.product", product=receipt.id), 303)  # type: ignore[return-value]


def _product_page(error: RegistryError | None = None) -> str:
    found = request.args.get("disease", "").strip()
    return render_template(
        "products/register_product.html",
        cell_types=registry().terms.permitted_cell_types(),
        relations=RELATIONS,
        human=HUMAN,
        typed=request.form,
        error=error,
        disease=found,
        diseases=registry().terms.diseases(found)[:12] if found else (),
    )
