"""An engine's answer in our formats: read whole, its terms spelled as SPARQL 1.1 has it, written by our own writer.

A Virtuoso says ``typed-literal``, answers an ASK with a row, and writes ``true`` as ``1``;
decimals come back without the zeros at their end.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection
from typing import Any

import pyoxigraph

from registry.errors import Refused, TooLarge
from registry.graph.query.limits import Limits
from registry.namespaces import XSD, prefixes

_ROWS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_TRIPLES = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ntriples": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdfxml": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
}
_PREFIXES = prefixes("cpr", "obo", "dcterms", "prov", "rdfs", "xsd")
_TRUTH = {"1": "true", "0": "false"}


def rows(body: bytes, format_name: str, limits: Limits, truths: Collection[str] = ()) -> tuple[int, bytes]:
    """How many rows a SELECT or ASK was answered with, and those in our format; raises TooLarge, Refused.

    In the columns ``truths`` the numbers 1 and 0 stand for true and false.
    """
    try:
        answer: Any = json.loads(body)
        if answer.get("head", {}).get("vars") == ["__ASK_RETVAL"]:  # an ASK, as a Virtuoso may answer it
            bindings = answer["results"]["bindings"]  # none for no, or one row
            answer = {"head": {}, "boolean": any(row["__ASK_RETVAL"]["value"] != "0" for row in bindings)}
        if "boolean" in answer:
            count = 1
        else:
            bindings = answer["results"]["bindings"]
            count = len(bindings)
            answer["head"] = {"vars": answer["head"]["vars"]}
            for binding in bindings:
                for name, term in binding.items():
                    _spell(term, truth=name in truths)
        _check(count, limits)
        read = pyoxigraph.parse_query_results(json.dumps(answer).encode(), format=pyoxigraph.QueryResultsFormat.JSON)
        output = io.BytesIO()
        if isinstance(read, pyoxigraph.QueryBoolean | pyoxigraph.QuerySolutions):
            read.serialize(output, _ROWS[format_name])
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise _no_answer(error) from None
    return count, _bounded(output, limits)


def terms(body: bytes) -> list[tuple[object, ...]]:
    """The rows of a SELECT as terms; raises Refused."""
    try:
        answer: Any = json.loads(body)
        answer["head"] = {"vars": answer["head"]["vars"]}
        for binding in answer["results"]["bindings"]:
            for term in binding.values():
                _spell(term, truth=False)
        read = pyoxigraph.parse_query_results(json.dumps(answer).encode(), format=pyoxigraph.QueryResultsFormat.JSON)
        return [tuple(row) for row in read] if isinstance(read, pyoxigraph.QuerySolutions) else []
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise _no_answer(error) from None


def triples(body: bytes, format_name: str, limits: Limits) -> tuple[int, bytes]:
    """How many triples a CONSTRUCT or DESCRIBE was answered with, and those in our format."""
    try:
        read = [quad.triple for quad in pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.N_TRIPLES)]
    except (SyntaxError, ValueError) as error:
        raise _no_answer(error) from None
    _check(len(read), limits)
    output = io.BytesIO()
    pyoxigraph.serialize(read, output, _TRIPLES[format_name], prefixes=_PREFIXES)
    return len(read), _bounded(output, limits)


def _spell(term: dict[str, str], *, truth: bool) -> None:
    if term["type"] == "typed-literal":
        term["type"] = "literal"
    if truth and term["value"] in _TRUTH:
        term["datatype"] = XSD + "boolean"
    if term.get("datatype") == XSD + "boolean":
        term["value"] = _TRUTH.get(term["value"], term["value"])


def _check(count: int, limits: Limits) -> None:
    if count > limits.rows:
        raise TooLarge(
            "The answer is larger than one answer may be, and half an answer would mislead.",
            expected=f"at most {limits.rows:,} rows and {limits.body:,} bytes", found=f"more than {limits.rows:,} rows",
            todo="Add LIMIT (with ORDER BY and OFFSET for the rest), or ask for counts.",
        )  # fmt: skip


def _bounded(output: io.BytesIO, limits: Limits) -> bytes:
    if output.tell() > limits.body:
        raise TooLarge(
            "The answer is larger than one answer may be, and half an answer would mislead.",
            expected=f"at most {limits.body:,} bytes", todo="Add LIMIT, or ask for counts.",
        )  # fmt: skip
    return output.getvalue()


def _no_answer(error: Exception) -> Refused:
    return Refused(
        "The service that keeps the graph sent something that is no answer.",
        expected="SPARQL 1.1 results as JSON, or N-Triples", found=type(error).__name__,
    )  # fmt: skip
