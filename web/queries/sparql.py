"""The query part of the SPARQL 1.1 Protocol at /sparql, and a page for people at /query.

    GET  /sparql?query=…&default-graph-uri=…
    POST /sparql   application/x-www-form-urlencoded   query=…
    POST /sparql   application/sparql-query            the text itself

    GET  /sparql                                       what the service offers, as RDF
    GET  /query.csv?query=…                            the page's answer as a file: csv, json, ttl

Source: W3C, SPARQL 1.1 Protocol, section 2.1; SPARQL 1.1 Service Description, section 2. There is no update operation
here, by whatever way it is sent. Pages of other origins may ask only where the server was told so (CORS).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from registry.csv_text import inert_csv
from registry.errors import RegistryError, UnsupportedKind, WrongUsage
from registry.services.accounts import Permission
from web import answers, security
from web.access import ANYONE, allow, me, registry
from web.language import _, marked
from web.queries import drawing
from web.queries.answer_table import table_of
from web.queries.excerpt import excerpt

if TYPE_CHECKING:
    from registry.services import QueryAnswer

pages = Blueprint("sparql", __name__)
TABLE = ", ".join(("application/sparql-results+json", "text/turtle;q=0.5"))
FILES = {"csv": "text/csv", "json": "application/sparql-results+json", "ttl": "text/turtle"}
"""What a page's answer is saved as: rows in the first two, a graph in the last."""
FIRST = """SELECT ?lot ?product ?verdict WHERE {
  ?batch a cpr:Lot ; dcterms:identifier ?lot ;
         cpr:product/dcterms:identifier ?product ; cpr:verdict/rdfs:label ?verdict .
}
LIMIT 20"""
"""What the page asks before anybody has typed: a question to change, with its answer."""
SAVED = 12
"""Saved questions that the page lists, the latest first; all are one link away."""
_TODO = marked("Send one query as query=…, or as the body with Content-Type: application/sparql-query.")


@pages.route("/sparql", methods=["GET", "POST"], provide_automatic_options=False)
@allow(Permission.QUERY)
def sparql() -> Response:
    """Answer one query, in the form that ``Accept`` asks for. 503 when it takes too long, never a partial answer."""
    if request.method == "GET" and not request.args:
        return _described()
    text, given = _request()
    current_app.config["QUERY_RATES"].count(me().name)
    answer = registry().queries.query(
        text,
        request.headers.get("Accept"),
        given.getlist("default-graph-uri"),
        given.getlist("named-graph-uri"),
        by=me(),
    )
    return answered(answer)


def answered(answer: QueryAnswer) -> Response:
    """A query's answer, with the size of the ledger that it knows of."""
    response = Response(_inert(answer), content_type=answer.media_type)
    response.headers["X-Ledger-Size"] = str(answer.ledger_size)
    return response


def saved(answer: QueryAnswer, name: str) -> Response:
    """A query's answer as a file to save; the whole of it, also where the page shows the first rows."""
    kind = answer.media_type.partition(";")[0]
    response = security.download(_inert(answer), name, kind)
    response.headers["X-Ledger-Size"] = str(answer.ledger_size)
    return response


def _inert(answer: QueryAnswer) -> bytes:
    """The answer; as CSV, one of which no spreadsheet takes a text for a formula. TSV, JSON and XML are exact."""
    return inert_csv(answer.body) if answer.media_type.startswith(FILES["csv"]) else answer.body


def _described() -> Response:
    """SPARQL 1.1 Service Description: what one gets from the endpoint without a query."""
    form = answers.form_for("", answers.GRAPHS)
    body = registry().queries.service_description(request.base_url, answers.MEDIA[form])
    return Response(body, mimetype=answers.MEDIA[form])


@pages.route("/sparql", methods=["OPTIONS"], provide_automatic_options=False)
@allow(ANYONE)
def preflight() -> Response:
    """Which methods there are; to a page of an origin that may ask, also which headers (Fetch standard, CORS)."""
    response = Response(status=204)
    response.headers["Allow"] = "GET, HEAD, OPTIONS, POST"
    if allowed_origin():
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Accept, Authorization, Content-Type"
        response.headers["Access-Control-Max-Age"] = "600"
    return response


def allowed_origin() -> str:
    """The origin of the page that asks, when the server was told to answer it; never for a cookie, only a token."""
    origin = request.headers.get("Origin", "")
    origins: tuple[str, ...] = current_app.config["ALLOWED_ORIGINS"]
    return origin if origin and ("*" in origins or origin in origins) else ""


@pages.after_app_request
def share(response: Response) -> Response:
    """Let a page of an allowed origin read answers and refusals of /sparql alone; it sends a token and no cookie."""
    if request.path == "/sparql" and current_app.config["ALLOWED_ORIGINS"]:
        response.vary.add("Origin")
        if origin := allowed_origin():
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "X-Ledger-Size, Retry-After"
            response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _request() -> tuple[str, MultiDict[str, str]]:
    """The query text and the protocol's parameters."""
    given: MultiDict[str, str] = MultiDict(request.args)
    queries = request.args.getlist("query")
    if request.method == "POST":
        match request.mimetype:
            case "application/x-www-form-urlencoded":
                given.update(request.form)
                queries = queries + request.form.getlist("query")
            case "application/sparql-query":
                queries = [*queries, _decoded(request.get_data())]
            case "application/sparql-update":
                raise WrongUsage(_("This endpoint is read-only: it takes no update."), todo=_(_TODO))
            case other:
                query, form = "application/sparql-query", "application/x-www-form-urlencoded"
                kinds = _("%(one)s or %(other)s", one=query, other=form)
                raise UnsupportedKind(_("That is no way to send a query."), expected=kinds, found=other, todo=_(_TODO))
    if "update" in given:
        raise WrongUsage(_("This endpoint is read-only: it takes no update."), found="update=", todo=_(_TODO))
    if len(queries) != 1:
        raise WrongUsage(_("A request holds exactly one query."), expected="1", found=str(len(queries)), todo=_(_TODO))
    return queries[0], given


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        where = _("byte %(number)s", number=error.start)
        raise WrongUsage(_("The query is not UTF-8."), where=where, todo=_("Send the query as UTF-8.")) from None


@pages.get("/query")
@allow(Permission.QUERY)
def query() -> Response:
    """A box for a query, its answer as a table or drawn, examples to start from. The address holds the query.

    Prefixes of ours that the query uses and does not declare are put in front of it; without a query it is ``FIRST``.
    """
    typed = request.args.get("query", "")
    text = registry().queries.with_prefixes(typed if typed.strip() else FIRST)
    try:
        current_app.config["QUERY_RATES"].count(me().name)
        answer = registry().queries.query(text, TABLE, by=me())
    except RegistryError as error:
        if not typed.strip():
            return make_response(_page(text, error=error))
        refusal = error
        return answers.form_refused(error, lambda: _page(text, error=refusal))
    return make_response(_page(text, answer.body, answer.media_type, answer.ledger_size))


@pages.get("/query.<any(csv,json,ttl):form>")
@allow(Permission.QUERY)
def answer_file(form: str) -> Response:
    """The answer of the query in the address, as a file."""
    current_app.config["QUERY_RATES"].count(me().name)
    answer = registry().queries.query(request.args.get("query", ""), FILES[form], by=me())
    return saved(answer, f"answer.{form}")


@pages.get("/query/editor")
@allow(Permission.QUERY)
def editor() -> str:
    """The editor with completion, on a page of its own; the plain form at /query needs no JavaScript."""
    library = sorted(registry().queries.library(), key=lambda question: question.title)
    return render_template("queries/editor.html", query=request.args.get("query", ""), questions=library)


@pages.get("/query/completion.json")
@allow(Permission.QUERY)
def completion() -> Response:
    """Prefixes, our terms and the questions, for the editor to complete."""
    return jsonify(registry().queries.completion())


def _page(text: str, body: bytes = b"", media_type: str = "", size: int = 0, error: RegistryError | None = None) -> str:
    table, graph = None, ""
    if media_type.partition(";")[0] == "application/sparql-results+json":
        table = table_of(body)
    elif media_type:
        graph = body.decode("utf-8")
    return render_template(
        "queries/query.html",
        query=text,
        table=table,
        drawn=drawing.of(table, request.args) if table else None,
        graph=graph,
        size=size,
        misspelt=registry().queries.misspelt(text) if media_type else (),
        saved=registry().queries.saved.all(by=me())[:SAVED],
        error=error,
        line=excerpt(text, error),
        questions=registry().queries.library(),
    )
