"""The rules of trend that a product has chosen: which they are, what each says, and the form that chooses others."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.errors import RegistryError
from registry.services.accounts import Permission
from registry.services.lot_index.chosen_rules import RULES
from web import answers
from web.access import allow, registry
from web.language import _, marked
from web.signature import signer

pages = Blueprint("rules", __name__)
AUTHORS = (
    ("Westgard", marked("Westgard JO and others, Clin Chem 1981;27:493–501")),
    ("Nelson", marked("Nelson LS, J Qual Technol 1984;16:237–239")),
)


@pages.get("/trend-rules/<path:product>")
@allow(Permission.READ_TRENDS)
def rules(product: str) -> Response:
    """Every rule, and those that hold for the product's lots."""
    name, suffix = answers.split(product)
    described = registry().products.get(name)
    chosen = registry().lot_index.rules.of(described.id)
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"product": described.id, "rules": list(chosen)},
        page=lambda: _page(described.id),
    )


def _page(product: str, error: RegistryError | None = None) -> str:
    described = registry().products.get(product)
    chosen = request.form.getlist("rule") if error else registry().lot_index.rules.of(described.id)
    return render_template(
        "lot_index/rules.html",
        product=described,
        authors=AUTHORS,
        rules=RULES.values(),
        chosen=chosen,
        typed=request.form,
        error=error,
    )


@pages.post("/trend-rules/<path:product>")
@allow(Permission.APPROVE_SPECIFICATION)
def choose(product: str) -> Response:
    """Sign which rules hold from now on."""
    try:
        reason = answers.field("reason", _("The reason"))
        name, password = signer()
        registry().lot_index.rules.choose(
            product, request.form.getlist("rule"), reason=reason, name=name, password=password
        )
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(product, refusal))
    return redirect(url_for("rules.rules", product=product), 303)  # type: ignore[return-value]
