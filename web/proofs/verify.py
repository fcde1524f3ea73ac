"""A credential's file checked by this server: its answer is its word, and the page says so; ``verify`` needs none."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError, Unreadable, WrongUsage
from registry.services.accounts import Permission
from registry.services.proofs.check import Beside, CheckedCredential
from web import answers
from web.access import allow, registry
from web.language import _

pages = Blueprint("verify", __name__)
MOST = 1_000_000
LISTS = ("suspension", "revocation")


@pages.get("/verify")
@allow(Permission.READ)
def form() -> Response:
    """Where a file is chosen."""
    return make_response(_page())


@pages.post("/verify")
@allow(Permission.READ)
def check() -> Response:
    """What came of it, each check with its reason; a program gets what ``verify --format json`` says."""
    try:
        beside = Beside(
            [text for name in LISTS if (text := _file(name, required=False))],
            _file("keyfile", required=False) or request.form.get("key", ""),
            request.form.get("recipient", ""),
        )
        checked = registry().proofs.check(_file("credential", required=True), beside)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(error=refusal))
    return answers.answer(
        answers.form_for("", answers.PAGE_AND_DATA),
        data=checked.as_dict,
        page=lambda: _page(checked),
    )


def _page(checked: CheckedCredential | None = None, error: RegistryError | None = None) -> str:
    return render_template("proofs/verify.html", checked=checked, error=error, typed=request.form, base=registry().base)


def _file(name: str, *, required: bool) -> str:
    """The text of a file of the form; empty where none was chosen and none has to be."""
    sent = request.files.get(name)
    data = sent.read(MOST + 1) if sent is not None else b""
    if not data and required:
        raise WrongUsage(_("No file was chosen."), expected=_("a credential's file"), where=name)
    if len(data) > MOST:
        raise Unreadable(_("This is too long."), expected=_("at most 1 MB"), where=name)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Unreadable(_("This is no text."), expected="UTF-8", where=name) from None
