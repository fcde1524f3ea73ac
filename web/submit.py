"""Submitting a file in the browser: check it first without keeping anything, then submit exactly what was checked."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from registry.errors import RegistryError, WrongUsage
from web import answers, source, tables
from web.access import allow, me, registry

pages = Blueprint("submit", __name__)
KEPT = 512 * 1024
"""Bytes up to which a checked file waits in the page for the button that submits it; a larger one is chosen again."""


@pages.get("/submit")
@allow("submitter", "quality unit")
def form() -> Response:
    """The form."""
    return make_response(_form())


def _form(error: RegistryError | None = None) -> str:
    return render_template(
        "submit.html", error=error, pasted=request.form.get("pasted") or request.args.get("pasted", "")
    )


@pages.post("/submit")
@allow("submitter", "quality unit")
def send() -> Response:
    """Check or submit one file, or fetch its rows to mend. 201 when at least one lot was recorded, 422 when none."""
    try:
        name, data = _sent()
        match request.form.get("do"):
            case "check":
                return make_response(report("check", registry().preview(name, data).as_dict(), name, data, _kept(data)))
            case "mend-csv" | "mend-xlsx" as wanted:
                return tables.file_of(registry().tables.to_mend(name, data, wanted[5:]), wanted[5:])
        receipt = registry().submit(name, data, me()).as_dict()
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _form(refusal))
    kept = "" if receipt["recorded"] else _kept(data)
    return make_response(report("submit", receipt, name, data, kept), 201 if receipt["recorded"] else 422)


def report(did: str, said: dict[str, Any], name: str, data: bytes, kept: str = "") -> str:
    """What was read and judged, each row error beside its row as it was sent."""
    rows = source.rows(name, data) if said["errors"] else {}
    return render_template("report.html", did=did, report=said, name=name, kept=kept, sent=rows)


def _kept(data: bytes) -> str:
    return base64.b64encode(data).decode() if len(data) <= KEPT else ""


def _sent() -> tuple[str, bytes]:
    """The file chosen, the one checked before, or the text pasted: exactly one of them."""
    if request.form.get("kept"):
        try:
            return request.form.get("name", ""), base64.b64decode(request.form["kept"], validate=True)
        except binascii.Error:
            raise WrongUsage("The checked file did not arrive whole.", todo="Choose the file again.") from None
    chosen, pasted = request.files.get("file"), request.form.get("pasted", "")
    if chosen is not None and chosen.filename:
        if pasted.strip():
            raise WrongUsage("Both a file and pasted rows were sent.", where="file", todo="Send one of the two.")
        return chosen.filename, chosen.read()
    if pasted.strip():
        tabs = "\t" in pasted.split("\n", 1)[0]
        return f"pasted.{'tsv' if tabs else 'csv'}", pasted.encode()
    raise WrongUsage("No file was chosen and no rows were pasted.", where="file", todo="Choose a file, or paste rows.")
