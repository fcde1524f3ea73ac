"""Certificates and labels. To look is a preview, which says so; to print is a form, because it enters the ledger."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from registry.domain import RELEASES
from registry.errors import RegistryError, Unknown, WrongUsage
from registry.services.accounts import Permission, may
from web import answers, security
from web.access import allow, me, registry
from web.language import _

if TYPE_CHECKING:
    from registry.services import LotAnswer, Printed

pages = Blueprint("paper", __name__)
# Paper needs nothing but its own style: no script, no picture, no form, no frame.
POLICY = "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"


@pages.get("/paper/<path:lot>")
@allow(Permission.READ)
def paper(lot: str) -> Response:
    """What can be printed of a lot, and every earlier print of it."""
    name, suffix = answers.split(lot)
    form = answers.form_for(suffix, answers.PAGE_AND_DATA)
    known = registry().lots.get(name, viewer=me())
    prints = registry().printing.prints(known.lot)
    return answers.answer(
        form,
        data=lambda: {"lot": known.lot, "prints": [asdict(printed) for printed in prints]},
        page=lambda: _page(known),
    )


def _page(known: LotAnswer, error: RegistryError | None = None) -> str:
    """The page; a form that was refused stands on it as it was filled in, beneath the refusal."""
    ready = registry().printing.ready()
    return render_template(
        "printing/paper.html",
        lot=known.lot,
        kind=known.kind,
        checkpoint=_checkpoint(),
        released=any(decision.kind in RELEASES for decision in known.decisions),
        containers=known.containers,
        prints=registry().printing.prints(known.lot),
        ready=ready,
        may_print=ready and may(me(), Permission.PRINT_CERTIFICATE),
        may_label=ready and may(me(), Permission.PRINT_LABEL),
        error=error,
        typed=request.form,
    )


def _checkpoint() -> dict[str, object] | None:
    """The ledger's newest checkpoint as it is signed, and of how many entries; None while none was signed."""
    try:
        note = registry().proofs.checkpoint()
    except Unknown:
        return None
    return {"note": note, "size": int(note.split("\n")[1])}


@pages.get("/certificates/<any(pdf,html):form>/<path:lot>")
@allow(Permission.READ)
def preview_certificate(form: str, lot: str) -> Response:
    """The certificate as it would be printed now, marked on every page as a preview; nothing is recorded."""
    size = request.args.get("paper", "a4")
    return _shown(registry().printing.certificate(lot, form=form, size=size, by=None))


@pages.post("/certificates/<any(pdf,html):form>/<path:lot>")
@allow(Permission.PRINT_CERTIFICATE)
def print_certificate(form: str, lot: str) -> Response:
    """The certificate, its print entered in the ledger under the account that asks."""
    size = request.form.get("paper", "a4")
    return _handed_over(registry().printing.certificate(lot, form=form, size=size, by=me()))


@pages.get("/labels/<any(pdf,png):form>/<path:lot>")
@allow(Permission.READ)
def preview_label(form: str, lot: str) -> Response:
    """A label as it would be printed now, marked as a preview; nothing is recorded."""
    size = request.args.get("size", "50x25")
    return _shown(registry().printing.labels(lot, form=form, size=size, by=None))


@pages.post("/labels/<any(pdf,png):form>/<path:lot>")
@allow(Permission.PRINT_LABEL)
def print_labels(form: str, lot: str) -> Response:
    """Labels, their print entered in the ledger under the account that asks; refused, the form with what it held."""
    given = request.form
    try:
        printed = registry().printing.labels(
            lot,
            form=form,
            size=given.get("size", "50x25"),
            sheet=given.get("sheet") or None,
            containers=_count(given.get("containers", "")),
            by=me(),
        )
    except WrongUsage as error:
        known, refusal = registry().lots.get(lot, viewer=me()), error
        return answers.form_refused(error, lambda: _page(known, refusal))
    return _handed_over(printed)


def _count(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit():
        expected = _("a whole number")
        raise WrongUsage(_("This is no number of containers."), expected=expected, found=text, where="containers")
    return int(text.strip())


def _shown(printed: Printed) -> Response:
    response = Response(printed.data, mimetype=printed.media_type)
    response.headers.set("Content-Disposition", "inline", filename=security.file_name(printed.file_name))
    return _styled(printed, response)


def _handed_over(printed: Printed) -> Response:
    response = security.download(printed.data, printed.file_name, printed.media_type)
    response.headers["Ledger-Entry"] = str(printed.position)
    response.headers["Content-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(printed.digest[7:])).decode()}:"
    return _styled(printed, response)


def _styled(printed: Printed, response: Response) -> Response:
    """A certificate in HTML is one file with its own style: exactly that style is let through, by its digest."""
    if printed.form == "html":
        style = printed.data.split(b"<style>", 1)[1].split(b"</style>", 1)[0]
        digest = base64.b64encode(hashlib.sha256(style).digest()).decode()
        response.headers["Content-Security-Policy"] = f"{POLICY}; style-src 'sha256-{digest}'"
    return response
