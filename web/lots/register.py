"""Registering a lot, or what lots come from: a bank, a line, a donor. The same verb as on the command line."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services import LotDraft
from registry.services.accounts import Permission
from registry.services.lots.cell_line import SEXES, line_of
from web import answers
from web.access import allow, me, registry, wants_page
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
    return render_template("lots/register.html", error=error, **shown)


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
        usable_hours=_number("usable_hours", _("Usable hours after thaw")),
        line=_line(),
    )


def _line() -> CellLine | None:
    """What is said of a cell line; each thing known against it stands in a line of its own."""
    typed = {name: request.form.get(name, "") for name in ("line_type", "sex", "cellosaurus", "hpscreg", "term")}
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
