"""Outcomes: visits due, what was seen, the clinic's tables in, and the table of administrations out.

POST /api/v1/outcomes     a table, as a body or the field file: 201 with a receipt, 422 when nothing was recorded
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from registry.services.outcomes.views import OutcomeLine, VisitLine
from web import answers, security
from web.access import allow, me, registry
from web.language import marked
from web.submissions import upload
from web.tables import rows
from web.tables.table import Column, Filter, Table, asked

pages = Blueprint("outcomes", __name__)
COLUMNS = (
    Column("administration", marked("Administration"), sorts=True),
    Column("when", marked("When"), sorts=True, greatest_first=True),
    Column("outcome", marked("Outcome"), sorts=True),
    Column("value", marked("As printed")),
    Column("compared", marked("Compared as")),
)
FILTERS = (Filter("q", marked("Words of an outcome, key or value")),)
SAVED = ("outcome", "administration", "day", "visit", "measure", "value", "unit", "low", "high", "base_unit", "word",
         "reason")  # fmt: skip
TABLES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


@pages.get("/outcomes")
@pages.get("/outcomes.<any(json,jsonld,ttl,html,csv):suffix>")
@allow(Permission.READ_OUTCOMES)
def outcomes(suffix: str = "") -> Response:
    """Every visit that is due, late or missed, and every outcome that counts; no code stands in any form of it.

    ``?administration=A-…``: those of one. The page shows what waits, and what was seen as one table of its own.
    """
    service = registry().outcomes
    if suffix == "csv":
        table = _asked()
        return rows.save("outcomes", SAVED, [_saved(line) for line in table.shown(_arranged(table))])
    form = answers.form_for(suffix)
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


def _only() -> str:
    """The administration that the address names; empty for all."""
    return request.args.get("administration", "").strip()


def _asked() -> Table:
    return asked("outcomes.outcomes", COLUMNS, FILTERS, kept={"administration": _only()} if _only() else {})


def _arranged(table: Table) -> list[OutcomeLine]:
    """What was seen, in the order that was chosen; the newest day first where none was."""
    lines = sorted(registry().outcomes.lines(me(), _only()), key=lambda line: str(line.day or ""), reverse=True)
    return table.arranged(
        lines,
        {
            "administration": lambda line: line.administration,
            "when": lambda line: (str(line.day or ""), line.visit or 0),
            "outcome": lambda line: line.measure.label,
        },
        lambda line, _name, text: _holds(line, text),
    )


def _holds(line: OutcomeLine, text: str) -> bool:
    """Whether every word stands in what is said of the result, whatever its case."""
    texts = (line.administration, line.outcome, line.measure.id, line.measure.label, line.value, line.unit,
            line.word, *line.details.values())  # fmt: skip
    whole = " ".join(texts).casefold()
    return all(word in whole for word in text.casefold().split())


def _saved(line: OutcomeLine) -> dict[str, object]:
    return line.as_dict() | {"measure": line.measure.label}


def _data() -> dict[str, Any]:
    table, service = _asked(), registry().outcomes
    lines = table.shown(_arranged(table)) if table.is_asked or table.chosen else service.lines(me(), _only())
    return {"visits": answers.plain(service.visits(me(), _only())), "outcomes": answers.plain(lines)}


def _page(error: RegistryError | None = None, receipt: dict[str, Any] | None = None) -> str:
    table, only = _asked(), _only()
    every, left = registry().outcomes.visits(me(), only), _arranged(table)
    return render_template(
        "outcomes/outcomes.html",
        administration=only,
        visits=answers.plain([each for each in every if only or _waits(each)]),
        done=sum(not _waits(each) and each.state != "planned" for each in every),
        table=table,
        outcomes=answers.plain(table.shown(left)),
        more=table.more(left),
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
