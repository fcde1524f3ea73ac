"""What others call a lot or product: recorded and withdrawn, by a person's form or a program's.

curl -H "Authorization: Bearer $TOKEN" -d scheme=din -d text=W0000164281751 https://registry.example/identifiers/lot/H-03
201 {"kind": "identifier", "id": "H-03", "position": 612, …}
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import Receipt
from registry.services.accounts import Permission
from registry.services.lots.identifiers.identifiers import SCHEMES
from web import answers
from web.access import allow, me, registry, wants_page
from web.language import _

pages = Blueprint("identifiers", __name__)
ADDRESS = "/identifiers/<any(lot,product):of>/<path:name>"


@pages.get(ADDRESS)
@allow(Permission.IDENTIFY)
def identifiers(of: str, name: str) -> Response:
    """What is recorded, and the forms that record another and withdraw one."""
    return make_response(_page(of, name))


@pages.post(ADDRESS)
@allow(Permission.IDENTIFY)
def change(of: str, name: str) -> Response:
    """Record an identifier (``scheme``, ``text``), or withdraw one (``withdraws``, ``reason``): 201 and its receipt."""
    try:
        receipt = _withdraw() if "withdraws" in request.form else _record(of, name)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(of, name, refusal))
    if not wants_page():
        return make_response(jsonify(receipt.as_dict()), 201)
    return redirect(url_for("identifiers.identifiers", of=of, name=name), 303)  # type: ignore[return-value]


def _record(of: str, name: str) -> Receipt:
    scheme, text = answers.field("scheme", _("Scheme")), answers.field("text", _("Identifier"))
    target = {"lot": name} if of == "lot" else {"product": name}
    return registry().identifiers.record(scheme, text, actor=me(), **target)


def _withdraw() -> Receipt:
    position = request.form["withdraws"].strip()
    if not (position.isascii() and position.isdigit() and len(position) <= 9):
        message = _("%(field)s: this is no whole number.", field="withdraws")
        raise WrongUsage(message, where="withdraws", expected=_("a whole number"), found=position[:40])
    reason = answers.field("reason", _("Reason"))
    return registry().identifiers.withdraw(int(position), reason=reason, actor=me())


def _page(of: str, name: str, error: RegistryError | None = None) -> str:
    """The page, read anew; raises Unknown for a lot or product that there is not."""
    if of == "lot":
        lot = registry().lots.get(name, viewer=me())
        known, recorded, back = lot.lot, lot.identifiers, url_for("lots.lot", lot=lot.lot)
    else:
        product = registry().products.get(name, with_lots=False)
        known, recorded, back = product.id, product.identifiers, url_for("products.product", product=product.id)
    return render_template(
        "identifiers.html",
        of=of,
        name=known,
        back=back,
        identifiers=answers.plain(recorded),
        schemes=[scheme for scheme in SCHEMES.values() if scheme.of == of],
        typed=request.form,
        error=error,
    )
