"""The library of questions: a list, and each with its parameters, its answer and its SPARQL.

GET /questions                            a page; as JSON; as RDF for SPARQL editors: ttl, jsonld
GET /questions/recall?bank=WCB-2          a page; with Accept: text/csv and the like, the answer itself
GET /questions/recall.csv?bank=WCB-2      the answer as a file: csv, json
GET /questions/recall.rq?bank=WCB-2       the query, with its parameters bound
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, render_template, request

from registry.errors import RegistryError
from registry.services.accounts import Permission
from web import access, answers
from web.access import allow, me, registry
from web.queries import drawing
from web.queries.answer_table import table_of
from web.queries.sparql import FILES, TABLE, answered, saved

pages = Blueprint("questions", __name__)
LOTS = ("lot", "origin", "which")
"""Columns of the library that hold the ids of lots, several with commas between."""


@pages.get("/questions")
@pages.get("/questions.<any(json,jsonld,ttl,html):suffix>")
@allow(Permission.QUERY)
def questions(suffix: str = "") -> Response:
    """Every question of the library, by title; as RDF each an example that can be run (``sh:SPARQLExecutable``)."""
    form = answers.form_for(suffix)
    if form in answers.GRAPHS:
        media_type = answers.MEDIA[form]
        return Response(registry().queries.question_examples(request.url_root, media_type), mimetype=media_type)
    library = sorted(registry().queries.library(), key=lambda question: question.title)
    return answers.answer(
        form,
        data=lambda: {
            "questions": [
                {
                    "name": question.name,
                    "title": question.title,
                    "description": question.description,
                    "parameters": [
                        {"name": each.name, "type": each.type, "default": each.default, "description": each.description}
                        for each in question.parameters
                    ],
                }
                for question in library
            ]
        },
        page=lambda: render_template("queries/questions.html", questions=library),
    )


@pages.get("/questions/<name>.rq")
@allow(Permission.QUERY)
def text(name: str) -> Response:
    """The question as SPARQL, its parameters bound."""
    return Response(registry().queries.question_text(name, _given(name)), mimetype="application/sparql-query")


@pages.get("/questions/<name>.<any(csv,json):form>")
@allow(Permission.QUERY)
def file(name: str, form: str) -> Response:
    """The whole answer as a file to save."""
    given = _given(name)
    current_app.config["QUERY_RATES"].count(me().name)
    return saved(registry().queries.ask(name, given, FILES[form], by=me()), f"{name}.{form}")


@pages.get("/questions/<name>")
@allow(Permission.QUERY)
def question(name: str) -> Response:
    """A page with the answer for a browser; for a program the answer, in the form that ``Accept`` asks for."""
    asked, given = registry().queries.question(name), _given(name)
    if not access.wants_page():
        current_app.config["QUERY_RATES"].count(me().name)
        return answered(registry().queries.ask(name, given, request.headers.get("Accept"), by=me()))
    try:
        bound = registry().queries.question_text(name, given)
        current_app.config["QUERY_RATES"].count(me().name)
        answer = registry().queries.ask(name, given, TABLE, by=me())
    except RegistryError as error:
        refusal = error
        return answers.form_refused(
            error,
            lambda: render_template("queries/question.html", question=asked, given=given, table=None, error=refusal),
        )
    table = table_of(answer.body, LOTS)
    page = render_template(
        "queries/question.html", question=asked, given=given, table=table, drawn=drawing.of(table, request.args),
        size=answer.ledger_size, text=bound, link=urlencode(given), open_link=urlencode({"query": bound}), error=None,
    )  # fmt: skip
    return make_response(page)


def _given(name: str) -> dict[str, str]:
    """The parameters in the address; an empty field of the form means its default."""
    known = {parameter.name for parameter in registry().queries.question(name).parameters}
    shown = {drawing.AS, drawing.OF} - known
    return {
        key: value for key, value in request.args.items() if key not in shown and (value.strip() or key not in known)
    }
