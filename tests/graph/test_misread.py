"""A query that the engine cannot read is refused at the token that is wrong, in words that help to mend it."""

from __future__ import annotations

import pyoxigraph
import pytest

from registry.graph.query.lexer import Text
from registry.graph.query.syntax_hint import misread
from tests.graph.conftest import BASE

TERM = "a variable, an IRI, a name with its prefix, a text, a number, a blank node or '('"
AFTER = "'.', ';', ',', '{', '}' or a keyword"
FAULTS = [
    ("SELECT *\nWHERE { ?s ?p }", "line 2, column 15", TERM, "}"),
    ("SELECT * { ?é a 'ü' 'z' }", "line 1, column 21", AFTER, "'z'"),
    ("SELECT ?x { ?x a ?y\r\n  ?y a ?z }", "line 2, column 3", AFTER, "?y"),
    ("SELECT ?x { ?x a ?y # that was it\n", "line 1, column 20", AFTER, "the end"),
    ("SELECT ?x { ?x a ?y } }", "line 1, column 23", "", "}"),
    ("SELECT COUNT(?x) { ?x a ?y }", "line 1, column 8", "a variable or '('", "COUNT"),
    ("SELECT (COUNT(?x) { ?x a ?y }", "line 1, column 19", "an operator or a keyword", "{"),
    ("SELECT * { ?x a ?y } LIMIT -1", "line 1, column 28", "a number", "-"),
    ("SELECT * { ?x a ?y FILTER(?x = 1 AND ?y) }", "line 1, column 34", "')'", "AND"),
    ("SELECT * { VALUES (?x ?y) { (1) } }", "line 1, column 33", "'(' or '}'", "}"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "where", "expected", "found"), FAULTS)
def test_the_token_that_is_wrong_is_named_with_what_may_stand_there(
    query: str, where: str, expected: str, found: str
) -> None:
    """Not the place the engine looked ahead to, nor the classes of letters it knows."""
    wrong = misread(query, BASE)
    assert wrong.message == "This is not a SPARQL 1.1 query."
    assert (Text(query).position(wrong.at), wrong.expected, wrong.found) == (where, expected, found)


SAID = [
    ("SELECT * { ?x a b:c }", 16, "The prefix b: is not declared.", "add PREFIX b: <…>"),
    ("PREFIX b: <b> SELECT * { ?x a 'x'^^c:d, b:e }", 35, "The prefix c: is not declared.", "add PREFIX c: <…>"),
    ("SELECT * { ?x a <%zz> }", 16, "This is no IRI.", ""),
    ("SELECT * { ?x a ?y BIND(1 AS ?x) }", 31, "BIND is overriding an existing variable.", ""),
    (
        "SELECT ?x ?y { ?x a ?y } GROUP BY ?x",
        -1,
        "SELECT names a variable that is not grouped by.",
        "add it to GROUP BY, or take its COUNT, MIN or SAMPLE",
    ),
    (
        "SELECT * { { SELECT ?x ?y { ?x a ?y } GROUP BY ?x } }",
        -1,
        "SELECT names a variable that is not grouped by.",
        "add it to GROUP BY, or take its COUNT, MIN or SAMPLE",
    ),
    ("SELECT * { ?x a ?y } GROUP BY ?x", -1, "SELECT * is not authorized with GROUP BY.", ""),
]


@pytest.mark.parametrize(("query", "at", "message", "todo"), SAID)
def test_what_is_wrong_in_meaning_is_said_in_a_sentence(query: str, at: int, message: str, todo: str) -> None:
    """Of a token at its place; of the query as a whole without one."""
    wrong = misread(query, BASE)
    assert (wrong.at, wrong.message, wrong.todo) == (at, message, todo)


def test_a_declared_prefix_is_no_fault_and_its_query_is_read() -> None:
    """The accepted example beside those refused."""
    query = "PREFIX b: <b> SELECT ?x { ?x a b:c . FILTER(?x != b:d) } GROUP BY ?x LIMIT 1"
    assert list(pyoxigraph.Store().query(query, base_iri=BASE)) == []
