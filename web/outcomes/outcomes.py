"""Outcomes: visits due, what was seen, the clinic's tables in, and the table of administrations out.

POST /api/v1/outcomes     a table, as a body or the field file: 201 with a receipt, 422 when nothing was recorded
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from registry.services.outcomes.views import VisitLine
from web import answers, security
from web.access import allow, me, registry
from web.submissions import upload

pages = Blueprint("outcomes", __name__)
PAGE = 50
TABLES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@pages.get("/outcomes")
@pages.get("/outcomes.<any(json,jsonld,ttl,html):suffix>")
@allow(Permission.READ_OUTCOMES)
def outcomes(suffix: str = "") -> Response:
    """Every visit that is due, late or missed, and every outcome that counts; no code stands in any form of it.

    ``?administration=A-…``: those of one. The page shows what waits, and fifty results at a time.
    """
    form, service = answers.form_for(suffix), registry().outcomes
    if form in answers.GRAPHS:
        return Response(service.rdf(answers.MEDIA[form], me()), mimetype=answers.MEDIA[form])
    return answers.answer(form, data=_data, page=_page)


@pages.get("/outcomes/<key>")
@allow(Permission.READ_OUTCOMES)
def outcome(key: str) -> Response:
    """What was seen of one administration on one day or at one visit."""
    name, suffix = answers.split(key)
    form, service = answers.form_for(suffix), registry().outcomes
    if form in answers.GRAPHS:
        return Response(service.rdf(answers.MEDIA[form], me(), name), mimetype=answers.MEDIA[form])
    seen = service.one(name, me()).as_dict()
    return answers.answer(form, data=lambda: seen, page=lambda: render_template("outcomes/outcome.html", outcome=seen))


def _data() -> dict[str, Any]:
    service, only = registry().outcomes, request.args.get("administration", "").strip()
    visits, lines = service.visits(me(), only), service.lines(me(), only)
    return {"visits": answers.plain(visits), "outcomes": answers.plain(lines)}


def _page(error: RegistryError | None = None, receipt: dict[str, Any] | None = None) -> str:
    service, only = registry().outcomes, request.args.get("administration", "").strip()
    start = answers.whole("from", 0)
    every = service.visits(me(), only)
    lines = sorted(service.lines(me(), only), key=lambda line: str(line.day or ""), reverse=True)
    return render_template(
        "outcomes/outcomes.html",
        administration=only,
        visits=answers.plain([each for each in every if only or _waits(each)]),
        done=sum(not _waits(each) and each.state != "planned" for each in every),
        outcomes=answers.plain(lines[start : start + PAGE]),
        number=len(lines),
        start=start,
        page=PAGE,
        error=error,
        receipt=receipt,
        pasted=request.form.get("pasted", "") if error is not None else "",
    )


def _waits(visit: VisitLine) -> bool:
    """Whether somebody has to see to it: due, missed, or late and not done yet."""
    return visit.on is None and visit.state in {"due", "late", "missed"}


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
    """One table from a program; with an ``Idempotency-Key`` the same key answers the same receipt."""
    key = upload.idempotency_key()
    name, data = upload.sent()
    receipt = registry().outcomes.submit(name, data, me(), idempotency_key=key).as_dict()
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
