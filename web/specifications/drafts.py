"""Specifications that a quality unit writes: a table checked as often as wanted, then kept as a draft, signed.

The check keeps nothing. It shows the table as it was read, every wrong cell beside its row, what lint says, and what
would change. What is drafted is exactly the file that was checked; another member of the quality unit approves it.
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.signature import signer
from web.specifications import difference_text, specification_text
from web.submissions import source

if TYPE_CHECKING:
    from registry.services.specifications.library import Checked

pages = Blueprint("drafts", __name__)
TEXTS = (".csv", ".tsv", ".yaml", ".yml", ".ttl", ".nt")
KEPT = 512 * 1024
"""Bytes up to which a checked file waits in the page for the button that keeps it; a table has 1 MB at most."""


@pages.get("/drafts")
@pages.get("/drafts.<any(json,html):suffix>")
@allow(Permission.READ_DRAFTS)
def drafts(suffix: str = "") -> Response:
    """Every draft: those that wait for a second person, then what became of the others."""
    drafts = registry().specifications.drafts()
    return answers.answer(
        answers.form_for(suffix, answers.PAGE_AND_DATA),
        data=lambda: {"drafts": answers.plain(drafts)},
        page=lambda: render_template("specifications/drafts.html", drafts=drafts),
    )


@pages.get("/drafts/new")
@allow(Permission.DRAFT_SPECIFICATION)
def form() -> Response:
    """The form; with ``?from=ID@VERSION`` it holds that specification's table under the next number."""
    wanted = request.args.get("from", "").strip()
    base = registry().specifications.named(wanted) if wanted else None
    begun = registry().specifications.next_version(base) if base else ""
    return make_response(_form(begun, base=f"{base.id}@{base.version}" if base else ""))


def _form(text: str, error: RegistryError | None = None, base: str = "") -> str:
    return render_template(
        "specifications/draft.html",
        text=text,
        error=error,
        base=base,
        others=registry().specifications.all(),
        in_words=specification_text,
    )


@pages.post("/drafts/new")
@allow(Permission.DRAFT_SPECIFICATION)
def send() -> Response:
    """Check a table and keep nothing; or keep, signed, the very file that was checked."""
    file, data = "", b""
    try:
        file, data = _sent()
        if request.form.get("do") != "draft":
            return _checked(file, data)
        name, password = signer()
        receipt = registry().specifications.draft(file, data, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _refused(file, data, refusal))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(receipt.as_dict()), 201)
    identifier, _word, version = receipt.id.rpartition(" version ")
    return redirect(  # type: ignore[return-value]  # a werkzeug response
        url_for("specifications.specification", name=identifier, version=version, done=1), 303
    )


def _checked(file: str, data: bytes, error: RegistryError | None = None) -> Response:
    """What the table says: 200, or 422 with wrong cells."""
    base = request.form.get("base", "").strip()
    checked = registry().specifications.check(file, data, name=me().name, base=base)
    status = 422 if checked.errors else 200
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(checked.as_dict()), status)
    return make_response(_report(checked, file, data, error), status)


def _report(checked: Checked, file: str, data: bytes, error: RegistryError | None) -> str:
    return render_template(
        "specifications/draft_checked.html",
        checked=checked,
        file=file,
        kept=base64.b64encode(data).decode() if len(data) <= KEPT else "",
        text=_text(file, data),
        sent=_rows(file, data) if checked.errors else {},
        base=request.form.get("base", ""),
        others=registry().specifications.all(),
        differences=difference_text.by_effect(checked.differences),
        findings=difference_text.findings_text(checked.findings),
        in_words=specification_text,
        typed=request.form,
        error=error,
    )


def _refused(file: str, data: bytes, error: RegistryError) -> str:
    """The page that the refused form stood on, with everything typed: the check that is to be signed, else the form."""
    if data and request.form.get("do") == "draft":
        try:
            return _checked(file, data, error).get_data(as_text=True)
        except RegistryError:  # it cannot be read at all, and the form says so
            pass
    return _form(_text(file, data) or request.form.get("pasted", ""), error, request.form.get("base", ""))


def _text(file: str, data: bytes) -> str:
    """A table that can be mended in the page; empty for a workbook."""
    if not file.casefold().endswith(TEXTS) or len(data) > KEPT:
        return ""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""


def _rows(file: str, data: bytes) -> dict[int, str]:
    """Row number → the row as it was sent; of YAML, the line."""
    if file.casefold().endswith((".yaml", ".yml")):
        return dict(enumerate(_text(file, data).splitlines(), 1))
    return {number: " | ".join(cells) for number, cells in source.rows(file, data).items()}


def _sent() -> tuple[str, bytes]:
    """The file chosen, the one checked before, or the text pasted: exactly one of them."""
    if request.form.get("kept"):
        try:
            return request.form.get("file_name", ""), base64.b64decode(request.form["kept"], validate=True)
        except binascii.Error:
            raise WrongUsage(_("The checked file did not arrive whole."), todo=_("Choose the file again.")) from None
    chosen, pasted = request.files.get("file"), request.form.get("pasted", "")
    if chosen is not None and chosen.filename:
        if pasted.strip():
            raise WrongUsage(
                _("Both a file and a pasted table were sent."), where="file", todo=_("Send one of the two.")
            )
        return chosen.filename, chosen.read()
    if not pasted.strip():
        raise WrongUsage(
            _("No file was chosen and no table was pasted."), where="file", todo=_("Choose a file, or paste a table.")
        )
    return f"pasted.{_form_of(pasted)}", pasted.replace("\r\n", "\n").encode()


def _form_of(pasted: str) -> str:
    """How a pasted table is written: cells apart by a sign, names and values with a colon, or Turtle."""
    first = pasted.lstrip().split("\n", 1)[0]
    if first.startswith(("@prefix", "PREFIX", "<")):
        return "ttl"
    colon = first.find(":")
    return "yaml" if colon >= 0 and not any(sign in first[:colon] for sign in ",;\t") else "csv"
