"""Registering a lot, or what lots come from: a bank, a line, a donor. The same verb as on the command line."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import LotDraft
from registry.services.accounts import Permission
from registry.services.lots.cell_line import SEXES, line_of
from web import answers
from web.access import allow, me, registry, wants_page
from web.forms import house_zone, pickers
from web.forms.faults import Faults
from web.language import _

if TYPE_CHECKING:
    from registry.domain import CellLine, LotKind

pages = Blueprint("register_lot", __name__)
KINDS = ("product lot", "cell bank", "cell line", "donor")


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
    """A person is told which box says that a lot is another."""
    if error.action == "tell-lots-apart" and wants_page():
        error.where = "distinct-1"
        error.todo = _(
            "If it is the same lot, it is registered already. If it is another lot, give it another identifier, or "
            "tick the box that says so, under the identifier."
        )
    return error


def _lot_page(error: RegistryError | None = None) -> str:
    products = sorted(registry().lot_index.products().values(), key=lambda product: product.label)
    typed = request.form or request.args
    alike = registry().lots.look_alikes(typed.get("id", "").strip())
    shown = {"kinds": KINDS, "sexes": SEXES, "products": products, "typed": typed, "alike": alike}
    shown |= {"lines": registry().ontologies.other_names("CLO:")}
    return render_template("lots/register.html", error=error, **shown)


def _lot() -> LotDraft:
    """What the form says; raises what is wrong with any of its fields, all of it together."""
    faults = Faults()
    kind = request.form.get("kind", KINDS[0])
    made = LotDraft(
        faults.read("id", answers.field, "id", _("The lot's identifier")) or "",
        kind=cast("LotKind", faults.read("kind", _kind, kind) or KINDS[0]),
        product=request.form.get("product", "").strip() or None,
        passage=faults.read("passage", _number, "passage", _("Passage")),
        manufactured_on=faults.read("manufactured_on", _day, "manufactured_on", _("Manufactured on")),
        expires_at=faults.read("expires_at", _expiry),
        containers=faults.read("containers", _number, "containers", _("Containers")),
        storage=request.form.get("storage", "").strip(),
        derived_from=faults.read("derived_from", _origins) or (),
        recipient=request.form.get("recipient", "").strip() or None,
        synthetic="synthetic" in request.form,
        note=request.form.get("note", "").strip(),
        usable_hours=faults.read("usable_hours", _number, "usable_hours", _("Usable hours after thaw")),
        line=faults.read("sex", _line),
    )
    faults.read("product", _check_product, made)
    faults.refuse()
    return made


def _kind(kind: str) -> str:
    if kind not in KINDS:
        raise WrongUsage(_("There is no such kind."), where="kind", expected=", ".join(KINDS), found=kind)
    return kind


def _check_product(made: LotDraft) -> None:
    if made.kind == "product lot" and not made.product:
        expected = _("the identifier of a product")
        raise WrongUsage(_("A product lot names its product."), expected=expected, found=_("none"), where="product")


def _expiry() -> datetime | None:
    """The expiry, in the zone that the form says, unless it was typed with its own."""
    return house_zone.time("expires_at", _("Expires"), "expires_zone")


def _origins() -> tuple[str, ...]:
    """What it is made from; raises WrongUsage with every one that nobody registered."""
    parents = tuple(part.strip() for part in request.form.get("derived_from", "").split(",") if part.strip())
    unknown = [parent for parent in parents if registry().lots.registered(parent) is None]
    if unknown:
        name, told = request.form.get("id", "").strip(), ", ".join(unknown)
        message = _("%(lot)s is said to derive from %(names)s, which nobody has registered.", lot=name, names=told)
        raise WrongUsage(message, where="derived_from", found=told, todo=_("Register it first, or look at its name."))
    return parents


def _line() -> CellLine | None:
    """What is said of a cell line; each thing known against it stands in a line of its own."""
    typed = {name: request.form.get(name, "") for name in ("line_type", "sex", "cellosaurus", "hpscreg", "term")}
    typed["term"] = pickers.source(typed["term"])
    return line_of(**typed, known_against=tuple(request.form.get("known_against", "").splitlines()))


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
