"""What was given of a lot: one administration, all of a lot, and the clinic's form. No code without the permission."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from registry.domain import Arm
from registry.errors import RegistryError, Unknown, WrongUsage
from registry.services.accounts import Permission
from registry.services.administrations.record import AdministrationDraft
from web import answers
from web.access import allow, me, registry
from web.forms import house_zone
from web.language import _

pages = Blueprint("administrations", __name__)


@pages.get("/administrations/<key>")
@allow(Permission.READ_ADMINISTRATIONS)
def administration(key: str) -> Response:
    """One administration; its triples hold no code, and stand nowhere in the graph."""
    name, suffix = answers.split(key)
    form = answers.form_for(suffix)
    service = registry().administrations
    given = service.get(name, me()).as_dict()
    if form in answers.GRAPHS:
        return Response(service.rdf(name, answers.MEDIA[form], me()), mimetype=answers.MEDIA[form])
    return answers.answer(
        form,
        data=lambda: given,
        page=lambda: render_template("administrations/administration.html", given=given, notes=_notes()),
    )


def _notes() -> bool:
    return request.args.get("done") == "recorded"


@pages.get("/given/<path:lot>")
@allow(Permission.READ_ADMINISTRATIONS)
def given(lot: str) -> Response:
    """Everything that was given of a lot, and where its containers are."""
    name, suffix = answers.split(lot)
    service = registry().administrations
    every = [each.as_dict() for each in service.of_lot(name, me())]
    balance = service.balance(name)
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"lot": balance.lot, "administrations": every, "balance": balance.as_dict()},
        page=lambda: render_template("administrations/given.html", lot=balance.lot, every=every, balance=balance),
    )


@pages.route("/administer/<path:lot>", methods=["GET", "POST"])
@allow(Permission.ADMINISTER)
def administer(lot: str) -> Response:
    """The clinic's form: asked at that minute, refused with every reason at once, or entered as a deviation."""
    if request.method == "GET":
        return make_response(_form(lot))
    try:
        receipt = registry().administrations.record(_draft(lot), me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _form(lot, refusal))
    address = url_for("administrations.administration", key=receipt.id, done="recorded")
    return redirect(address, 303)  # type: ignore[return-value]


def _form(lot: str, error: RegistryError | None = None) -> str:
    known = registry().lots.get(lot, viewer=me())
    balance = registry().administrations.balance(lot)
    product = known.product
    return render_template(
        "administrations/administer.html",
        lot=known.as_dict(),
        balance=balance,
        study=product.study if product else "",
        arms=_arms(request.form.get("study", "") or (product.study if product else "")),
        typed=request.form,
        error=error,
    )


def _arms(study: str) -> tuple[Arm, ...]:
    """The arms of a study, to choose from; none of one that nobody has added."""
    try:
        return registry().studies.described(study).arms
    except Unknown:
        return ()


def _draft(lot: str) -> AdministrationDraft:
    at = house_zone.time("at", _("Given at"))
    if at is None:
        raise WrongUsage(_("%(label)s is empty.", label=_("Given at")), where="at")
    return AdministrationDraft(
        lot=lot,
        study=answers.field("study", _("Study")),
        arm=answers.field("arm", _("Arm")),
        recipient=answers.field("recipient", _("Recipient's code")),
        sites=tuple(line.strip() for line in request.form.get("site", "").splitlines() if line.strip()),
        containers=numbers("container"),
        at=at,
        thawed_at=house_zone.time("thawed_at", _("Thawed at")),
        viability=_percent(),
        deviation=request.form.get("deviation", "").strip(),
    )


def numbers(name: str) -> tuple[int, ...]:
    """Whole numbers of a form, with commas or spaces between them; raises WrongUsage."""
    parts = request.form.get(name, "").replace(",", " ").split()
    if any(not (part.isascii() and part.isdigit() and len(part) <= 9) for part in parts):
        raise WrongUsage(
            _("%(field)s: this is no whole number.", field=_("Containers")),
            where=name,
            expected=_("whole numbers, such as 3 or 3, 4"),
            found=request.form.get(name, ""),
        )
    return tuple(int(part) for part in parts)


def _percent() -> Decimal | None:
    text: Any = request.form.get("viability", "").strip().removesuffix("%").strip()
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise WrongUsage(
            _("Viability is a percentage."), where="viability", expected="0–100", found=str(text)
        ) from None
