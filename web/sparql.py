"""The query part of the SPARQL 1.1 Protocol at /sparql, and a page for people at /query.

    GET  /sparql?query=…&default-graph-uri=…
    POST /sparql   application/x-www-form-urlencoded   query=…
    POST /sparql   application/sparql-query            the text itself

Source: W3C, SPARQL 1.1 Protocol, section 2.1. There is no update operation here, by whatever way it is sent.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from registry.errors import RegistryError, Unreadable, UnsupportedKind, WrongUsage
from web import answers, words
from web.access import QUERYING, allow, registry

pages = Blueprint("sparql", __name__)
TABLE = "application/sparql-results+json, text/turtle;q=0.5"
SHOWN = 500
"""Rows a page shows; the downloads hold them all."""
_TODO = "Send one query as query=…, or as the body with Content-Type: application/sparql-query."


@pages.route("/sparql", methods=["GET", "POST"])
@allow(*QUERYING)
def sparql() -> Response:
    """Answer one query, in the form that ``Accept`` asks for. 503 when it takes too long, never a partial answer."""
    text, given = _request()
    found = registry().query(
        text,
        request.headers.get("Accept"),
        given.getlist("default-graph-uri"),
        given.getlist("named-graph-uri"),
    )
    response = Response(found.body, content_type=found.media_type)
    response.headers["X-Ledger-Size"] = str(found.ledger_size)
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
                raise WrongUsage("This endpoint is read-only: it takes no update.", todo=_TODO)
            case other:
                kinds = "application/sparql-query or application/x-www-form-urlencoded"
                raise UnsupportedKind("That is no way to send a query.", expected=kinds, found=other, todo=_TODO)
    if "update" in given:
        raise WrongUsage("This endpoint is read-only: it takes no update.", found="update=", todo=_TODO)
    if len(queries) != 1:
        raise WrongUsage("A request holds exactly one query.", expected="1", found=str(len(queries)), todo=_TODO)
    return queries[0], given


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"byte {error.start}"
        raise WrongUsage("The query is not UTF-8.", where=where, todo="Send the query as UTF-8.") from None


@cache
def examples() -> tuple[dict[str, str], ...]:
    """The example queries: each file's first line is its question, as a comment."""
    texts = [
        (entry.name, entry.read_text("utf-8"))
        for entry in (files("web") / "examples").iterdir()
        if entry.name.endswith(".rq")
    ]
    return tuple(
        {"question": text.split("\n", 1)[0].lstrip("# "), "query": text.split("\n", 1)[1].strip()}
        for _, text in sorted(texts)
    )


@pages.get("/query")
@allow(*QUERYING)
def query() -> Response:
    """A box for a query, its answer as a table, examples to start from. The address holds the query."""
    text = request.args.get("query", "")
    if not text.strip():
        return make_response(_page(text))
    try:
        found = registry().query(text, TABLE)
    except RegistryError as error:
        refusal = error
        return answers.form_refused(error, lambda: _page(text, error=refusal))
    return make_response(_page(text, found.body, found.media_type, found.ledger_size))


def _page(text: str, body: bytes = b"", media_type: str = "", size: int = 0, error: RegistryError | None = None) -> str:
    table, graph = None, ""
    if media_type.partition(";")[0] == "application/sparql-results+json":
        table = _table(body)
    elif media_type:
        graph = body.decode("utf-8")
    return render_template(
        "query.html",
        query=text,
        table=table,
        graph=graph,
        size=size,
        error=error,
        examples=[{**example, "link": urlencode({"query": example["query"]})} for example in examples()],
    )


def _table(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        raise Unreadable("The answer of the query is not JSON.") from None
    if "boolean" in answer:
        return {"vars": ["answer"], "rows": [[{"text": "yes" if answer["boolean"] else "no"}]], "total": 1}
    names, found = answer["head"]["vars"], answer["results"]["bindings"]
    rows = [[_cell(binding.get(name)) for name in names] for binding in found[:SHOWN]]
    return {"vars": names, "rows": rows, "total": len(found)}


def _cell(term: dict[str, str] | None) -> dict[str, str]:
    """A term as text; the IRI of a lot of this registry also as a link to its page."""
    if term is None:
        return {"text": ""}
    if term["type"] == "uri":
        return {"text": term["value"], "lot": words.lot_of(term["value"], registry().base), "kind": "iri"}
    return {"text": term["value"], "language": term.get("xml:lang", "")}
