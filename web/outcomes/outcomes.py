"""Outcomes: visits due, what was seen, the clinic's tables in, and the table of administrations out.

POST /api/v1/outcomes     a table, as a body or the field file: 201 with a receipt, 422 when nothing was recorded
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import answers, security
from web.access import allow, me, registry
from web.submissions import upload

pages = Blueprint("outcomes", __name__)
TABLES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@pages.get("/outcomes")
@pages.get("/outcomes.<any(json,jsonld,ttl,html):suffix>")
@allow(Permission.READ_OUTCOMES)
def outcomes(suffix: str = "") -> Response:
    """Every visit that is due, late or missed, and every outcome that counts; no code stands in any form of it."""
    form, service = answers.form_for(suffix), registry().outcomes
    if form in answers.GRAPHS:
        return Response(service.rdf(answers.MEDIA[form], me()), mimetype=answers.MEDIA[form])
    return answers.answer(form, data=_data, page=_page)


def _data() -> dict[str, Any]:
    service = registry().outcomes
    return {"visits": answers.plain(service.visits(me())), "outcomes": answers.plain(service.lines(me()))}


def _page(error: RegistryError | None = None, receipt: dict[str, Any] | None = None) -> str:
    return render_template(
        "outcomes/outcomes.html",
        **_data(),
        error=error,
        receipt=receipt,
        pasted=request.form.get("pasted", "") if error is not None else "",
    )


@pages.post("/outcomes")
@allow(Permission.SUBMIT_OUTCOMES)
def send() -> Response:
    """One table from a person's browser."""
    try:
        chosen = upload.chosen()
        receipt = registry().outcomes.submit(chosen.name, chosen.data, me()).as_dict()
    except RegistryError as error:
        return answers.form_refused(error, partial(_page, error))
    return _answered(receipt)


def _answered(receipt: dict[str, Any]) -> Response:
    status = 201 if receipt["recorded"] else 422
    if answers.form_for("", answers.PAGE_AND_DATA) == "json":
        return make_response(jsonify(receipt), status)
    return make_response(_page(receipt=receipt), status)


@pages.post("/api/v1/outcomes")
@allow(Permission.SUBMIT_OUTCOMES)
def submit() -> Response:
    """One table from a program."""
    name, data = upload.sent()
    receipt = registry().outcomes.submit(name, data, me()).as_dict()
    return make_response(jsonify(receipt), 201 if receipt["recorded"] else 422)


@pages.get("/outcomes/table.<any(csv,parquet):form>")
@allow(Permission.READ_OUTCOMES)
def table(form: str) -> Response:
    """One row an administration."""
    service = registry().outcomes
    data = service.table_csv(me()) if form == "csv" else service.table_parquet(me())
    return security.download(data, f"administrations.{form}", TABLES[form])


@pages.get("/outcomes/dictionary.csv")
@allow(Permission.READ_OUTCOMES)
def dictionary() -> Response:
    """What each column of the table is."""
    return security.download(registry().outcomes.dictionary_csv(me()), "dictionary.csv", TABLES["csv"])
