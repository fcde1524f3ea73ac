"""Submitting a file in the browser: check it first without keeping anything, then submit exactly what was checked.

A check of a file with names that nothing maps offers a form to say what they stand for (``open_names``): the file is
checked again with that draft, and submitted only with a mapping that the quality unit has approved.
"""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from registry.errors import Conflict, RegistryError, Unreadable, WrongUsage
from registry.services.accounts import Permission
from web import access, answers
from web.access import allow, me, registry
from web.language import _
from web.number_format import figure, signs
from web.submissions import mend, open_names, repair, report, upload
from web.submissions.upload import Chosen

pages = Blueprint("submit", __name__)
NOTHING_SAID = {"lots": [], "errors": [], "warnings": [], "instrument": "", "mapping": "", "open_names": []}
NOTHING_SAID |= {"results": [], "standings": [], "repeated": "", "shortfalls": []}
_LARGE = re.compile(r"(?<![\w.,-])[0-9]{5,}(?:\.[0-9]+)?(?= |$)")


@pages.app_template_filter("grouped")
def grouped(read: str) -> str:
    """What a result was understood as, its large figures in groups of three: ``2 000 000 cells``."""
    return _LARGE.sub(lambda match: figure(match.group()), signs(read))


@pages.get("/submit")
@allow(Permission.SUBMIT)
def form() -> Response:
    """The form."""
    return make_response(_form())


@pages.post("/submit/mend")
@allow(Permission.SUBMIT)
def send_mended() -> Response:
    """Check a table that was mended in the page, and keep nothing: the same answer as to any file."""
    chosen: Chosen | None = None
    try:
        chosen = upload.chosen()
        return _checked(mend.mended(chosen))
    except RegistryError as error:
        return answers.form_refused(error, partial(_refused, error, chosen))


def _refused(error: RegistryError, chosen: Chosen | None) -> str:
    """The form with what is wrong, and the table to be mended where it was refused as a whole."""
    return _form(error, chosen if isinstance(error, Unreadable | WrongUsage) else None)


def _form(error: RegistryError | None = None, chosen: Chosen | None = None) -> str:
    remembered = registry().mappings.used_last(me().name)
    wanted = remembered.name if remembered else ""
    if request.method == "POST" or "mapping" in request.args:
        wanted = request.values.get("mapping", "")
    return render_template(
        "submissions/submit.html",
        error=error,
        pasted=request.form.get("pasted") or request.args.get("pasted", ""),
        mappings=report.in_force(),
        wanted=wanted,
        remembered=remembered,
        reads=registry().specifications.tables.machines(),
        chosen=chosen,
        table=mend.of(chosen) if chosen is not None else None,
    )


@pages.post("/submit")
@allow(Permission.SUBMIT)
def send() -> Response:
    """Check or submit one file, or fetch its rows to mend. 201 when at least one lot was recorded, 422 when none."""
    chosen: Chosen | None = None
    try:
        chosen = upload.chosen()
        match request.form.get("do"):
            case "check":
                return _checked(chosen)
            case "mend-csv" | "mend-xlsx" as wanted:
                made = registry().specifications.tables.to_mend(chosen.name, chosen.data, wanted[5:], chosen.beside)
                return repair.file_of(made, wanted[5:])
        _refuse_another(chosen)
        answer = registry().submissions.submit(chosen.name, chosen.data, me(), beside=chosen.beside)
    except RegistryError as error:
        return answers.form_refused(error, partial(_refused, error, chosen))
    receipt, states = answer.as_dict(), registry().submissions.state_changes(answer)
    status = 201 if receipt["recorded"] else 422
    page = partial(report.render, "submit", receipt, chosen.name, chosen.data, chosen=chosen, standings=states)
    return _answered(receipt, status, page)


def _answered(answer: dict[str, Any], status: int, page: Any) -> Response:
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(answer), status)
    return make_response(page(), status)


def _checked(chosen: Chosen) -> Response:
    """What the file says with the chosen mapping, or with the draft that was typed; nothing is kept."""
    base = open_names.lines_of(chosen.mapping)
    names, error, preview = None, None, NOTHING_SAID
    try:
        names = open_names.of_request(base) if open_names.typed() else None
        beside = open_names.read_with(names, chosen)
        preview = registry().submissions.preview(chosen.name, chosen.data, beside).as_dict()
    except RegistryError as refusal:
        if names is None or not access.wants_page():
            raise
        error = refusal
    wrong = names is not None and names.wrong
    status = error.http_status if error is not None else 422 if wrong else 200

    def page() -> str:
        nonlocal base
        if names is None and preview["open_names"] and not open_names.shares(chosen, preview):
            base = []
        form = open_names.shown(names, base, preview, chosen) if len(base) <= open_names.MOST_LINES else None
        return report.render("check", preview, chosen.name, chosen.data, chosen=chosen, names=form, error=error)

    return _answered(preview, status, page)


def _refuse_another(chosen: Chosen) -> None:
    """What was checked is what is submitted: the same bytes, read with the same mapping."""
    checked, mapping = request.form.get("checked", ""), request.form.get("read-with", "")
    digest = f"sha256:{hashlib.sha256(chosen.data).hexdigest()}"
    if checked and checked != digest:
        message = _("This is another file than the one that was checked.")
        raise Conflict(message, expected=checked, found=digest, where="file", todo=_("Check this one."))
    if mapping and mapping != chosen.beside.digest:
        message = _("The mapping %(name)s was approved anew since the file was checked.", name=chosen.mapping)
        raise Conflict(message, where="mapping", todo=_("Check the file again."))
