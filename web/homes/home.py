"""The first page after signing in: what each role does, and in an empty registry what is done first."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for

from registry.errors import WrongUsage
from registry.services.accounts import Permission
from registry.services.homes.first_steps import FirstStep
from web import answers
from web.access import allow, can, me, registry
from web.homes import care, quality, watch
from web.homes.rows import Section, filled
from web.language import _
from web.lot_index.find import CONTROLS

pages = Blueprint("home", __name__)
HOMES: dict[str, Callable[[str], list[Section]]] = {
    "clinician": care.clinic,
    "submitter": care.laboratory,
    "quality unit": quality.quality,
    "analyst": watch.analyst,
    "inspector": watch.inspector,
    "administrator": watch.administrator,
}
NARROWED = {"submitter", "quality unit"}
"""Roles whose page is narrowed to a product by ``?product=``."""


@pages.get("/")
@allow(Permission.READ)
def home() -> Response:
    """One's own work; ``product`` narrows it, where lots are worked on."""
    product = request.args.get("product", "").strip() if me().role in NARROWED else ""
    products = registry().lot_index.products()
    if product and product not in products:
        raise WrongUsage(_("There is no such choice."), where="product", expected=", ".join(products), found=product)
    sections = filled(HOMES[me().role](product))
    return answers.answer(
        answers.form_for("", answers.PAGE_AND_DATA),
        data=lambda: {
            "role": me().role,
            "sections": [
                {"id": each.id, "count": each.count, "rows": [row.name for row in each.rows]} for each in sections
            ],
        },
        page=lambda: render_template(
            "homes/home.html",
            sections=sections,
            steps=[_step(step) for step in registry().homes.first_steps()],
            product=product,
            products=[each for each in products.values() if not each.citation] if me().role in NARROWED else [],
        ),
    )  # fmt: skip


@pages.get("/hold")
@allow(Permission.SIGN_RELEASE)
def hold() -> Response:
    """From a lot's identifier, typed or scanned, to the form that puts it on hold; to the list where it names none."""
    text = request.args.get("q", "").strip().strip(CONTROLS).strip()
    lines = registry().lot_index.find(text, 50, request.host_url) if text else []
    scan = registry().lot_index.scanned(text, request.host_url) if text else None
    named = scan.lot if scan is not None and not scan.elsewhere else text
    exact = [line for line in lines if line.lot.casefold() == named.casefold()]
    if len(exact) != 1 or (scan is not None and scan.foreign):
        return redirect(url_for("find.find", q=text or None), 303)  # type: ignore[return-value]
    return redirect(url_for("release.form", lot=exact[0].lot, kind="hold"), 303)  # type: ignore[return-value]


def _step(step: FirstStep) -> dict[str, object]:
    """A first step in words: what it is, and where it is done, for whoever may."""
    texts = {
        "accounts": (_("Make accounts for the laboratory, the quality unit and the clinic"), "MANAGE_ACCOUNTS",
                     "accounts.accounts"),
        "product": (_("Register a product"), "APPROVE_SPECIFICATION", "register_product.product"),
        "specification": (_("Approve a specification for it"), "APPROVE_SPECIFICATION", "approve.approval"),
        "lot": (_("Register a lot of it"), "REGISTER_LOT", "register_lot.lot"),
        "results": (_("Submit its results"), "SUBMIT", "submit.form"),
        "decision": (_("Review the evidence, and sign"), "SIGN_RELEASE", "queue.queue"),
    }  # fmt: skip
    text, needed, endpoint = texts[step.step]
    return {
        "text": text,
        "done": step.done,
        "roles": step.roles,
        "lacking": step.lacking,
        "address": url_for(endpoint) if can(needed) and not step.done else "",
    }
