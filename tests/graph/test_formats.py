"""What an answer is written in."""

from __future__ import annotations

import pytest

from registry.errors import NotAcceptable, WrongUsage
from registry.graph import named, negotiate
from registry.graph.query.guard import Form


@pytest.mark.parametrize(
    ("accept", "form", "name"),
    [
        (None, "select", "json"),
        ("", "ask", "json"),
        ("*/*", "select", "json"),
        ("text/*", "select", "csv"),
        ("application/*", "construct", "turtle"),
        (None, "construct", "turtle"),
        (None, "describe", "turtle"),
        ("application/json", "select", "json"),
        ("application/json", "construct", "jsonld"),
        ("application/ld+json", "construct", "jsonld"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "construct", "rdfxml"),
        ("text/csv;q=0.5, application/sparql-results+xml", "select", "xml"),
        ("text/csv; q=0.5 , text/tab-separated-values;q=0.7, */*;q=0.1", "select", "tsv"),
        ("TEXT/CSV", "ask", "csv"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "select", "xml"),
        ("application/sparql-results+json;q=0, */*", "select", "xml"),
        ("text/csv;q=2", "select", None),
        ("text/csv;q=0", "select", None),
        ("image/png", "select", None),
        ("text/turtle", "select", None),
        ("text/csv", "construct", None),
    ],
)
def test_the_best_liked_format_is_chosen_and_ours_decides_between_equals(
    accept: str | None, form: Form, name: str | None
) -> None:
    """RFC 9110, section 12.5.1; what is not offered is refused, never guessed."""
    if name is None:
        with pytest.raises(NotAcceptable):
            negotiate(accept, form)
    else:
        assert negotiate(accept, form).name == name


def test_a_refused_format_names_those_that_are_offered() -> None:
    with pytest.raises(NotAcceptable) as refused:
        negotiate("image/png", "select")
    assert refused.value.expected == (
        "application/sparql-results+json, application/sparql-results+xml, text/csv, text/tab-separated-values"
    )


def test_the_command_line_names_a_format() -> None:
    assert named("csv", "select").media_type == "text/csv; charset=utf-8"
    with pytest.raises(WrongUsage) as refused:
        named("csv", "construct")
    assert refused.value.expected == "turtle, ntriples, rdfxml, jsonld"
