"""Specifications that a quality unit writes: a table checked as often as wanted, then kept as a draft, signed.

The check keeps nothing. It shows the table as it was read, every wrong cell beside its row, what lint says, and what
would change. What is drafted is exactly the file that was checked; another member of the quality unit approves it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request, url_for

from registry.errors import RegistryError, WrongUsage
from registry.services.accounts import Permission
from web import answers
from web.access import allow, me, registry
from web.language import _
from web.signature import signer
from web.specifications import criteria_table, difference_text, specification_text
from web.specifications.criteria_table import Criteria
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


def _form(text: str, error: RegistryError | None = None, base: str = "", criteria: Criteria | None = None) -> str:
    shown = criteria or (criteria_table.of_text(text) if text else Criteria({}, [], []))
    return render_template(
        "specifications/draft.html",
        **_editor(shown),
        text=text,
        error=error,
        base=base,
        others=registry().specifications.all(),
        in_words=specification_text,
    )


def _editor(criteria: Criteria | None) -> dict[str, Any]:
    """What the table editor needs; without ``criteria`` the page has none."""
    terms = registry().terms
    return {
        "criteria": criteria_table.more(criteria) if criteria is not None else None,
        "terms": terms,
        "populations": registry().specifications.tables.populations(),
        "facts": criteria_table.FACTS,
        "first": criteria_table.FIRST,
        "further": criteria_table.FURTHER,
        "operators": criteria_table.OPERATORS,
        "standings": criteria_table.STANDINGS,
        "filled": lambda row: [name for name, text in row.cells.items() if text and name != "id"],
    }


@pages.post("/drafts/new")
@allow(Permission.DRAFT_SPECIFICATION)
def send() -> Response:
    """Check a table and keep nothing; or keep, signed, the very file that was checked."""
    file, data, criteria = "", b"", None
    try:
        if criteria_table.sent() and not request.form.get("kept"):
            criteria = criteria_table.of_request()
            file, data = "typed.csv", criteria_table.text_of(criteria).encode()
            if request.form.get("do") == "more":
                return make_response(_form("", base=request.form.get("base", ""), criteria=criteria))
        else:
            file, data = _sent()
        if request.form.get("do") != "draft":
            return _checked(file, data, criteria=criteria)
        name, password = signer()
        receipt = registry().specifications.draft(file, data, name=name, password=password)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _refused(file, data, refusal, criteria))
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(receipt.as_dict()), 201)
    identifier, _word, version = receipt.id.rpartition(" version ")
    return redirect(  # type: ignore[return-value]  # a werkzeug response
        url_for("specifications.specification", name=identifier, version=version, done=1), 303
    )


def _checked(file: str, data: bytes, error: RegistryError | None = None, criteria: Criteria | None = None) -> Response:
    """What the table says: 200, or 422 with wrong cells."""
    base = request.form.get("base", "").strip()
    checked = registry().specifications.check(file, data, name=me().name, base=base)
    status = 422 if checked.errors else 200
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(checked.as_dict()), status)
    return make_response(_report(checked, file, data, error, criteria), status)


def _report(checked: Checked, file: str, data: bytes, error: RegistryError | None, criteria: Criteria | None) -> str:
    text = _text(file, data)
    if criteria is None and file.casefold().endswith(".csv"):
        criteria = criteria_table.of_text(text)
    findings: Sequence[Any] = difference_text.findings_text(checked.findings)
    if criteria is not None:
        every = checked.specification.criteria if checked.specification is not None else ()
        sentences = {each.id: each.message for each in every}
        findings = criteria_table.beside(criteria, checked.errors, findings, sentences)
    whole = checked.specification if checked.specification is not None and not checked.obstacles else None
    return render_template(
        "specifications/draft_checked.html",
        **_editor(criteria),
        checked=checked,
        s=checked.specification,
        trial=registry().specifications.quick_trial(whole) if whole is not None else None,
        tried=whole is not None,
        file=file,
        kept=base64.b64encode(data).decode() if len(data) <= KEPT else "",
        text=text,
        sent=_rows(file, data) if checked.errors else {},
        base=request.form.get("base", ""),
        others=registry().specifications.all(),
        differences=difference_text.by_effect(checked.differences),
        findings=findings,
        in_words=specification_text,
        typed=request.form,
        error=error,
    )


def _refused(file: str, data: bytes, error: RegistryError, criteria: Criteria | None = None) -> str:
    """The page that the refused form stood on, with everything typed: the check that is to be signed, else the form."""
    if data and request.form.get("do") == "draft":
        try:
            return _checked(file, data, error).get_data(as_text=True)
        except RegistryError:  # it cannot be read at all, and the form says so
            pass
    text = _text(file, data) or request.form.get("pasted", "")
    return _form(text, error, request.form.get("base", ""), criteria)


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
