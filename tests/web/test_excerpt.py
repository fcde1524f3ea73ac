"""The line that a refusal is about is shown with what is wrong in it, and nothing is shown where no place is named."""

from __future__ import annotations

import pytest

from registry.errors import WrongUsage
from tests.web.conftest import HTML, Site
from web.queries.excerpt import Excerpt, excerpt

CASES = [
    ("SELECT *\nWHERE { ?s ?p }", "}", "line 2, column 15", Excerpt(2, 15, "WHERE { ?s ?p ", "}", "")),
    ("SELECT *\r\n{ ?s a b:c }", "", "line 2, column 8", Excerpt(2, 8, "{ ?s a ", "b:c", " }")),
    ("ASK { ?s ?p 1 # so\n", "the end", "line 1, column 14", Excerpt(1, 14, "ASK { ?s ?p 1", "", " # so")),
    ("ASK { 'abc }\n}", "'abc }\n}", "line 1, column 7", Excerpt(1, 7, "ASK { ", "'abc }", "")),
    ("x" * 70 + "!" + "y" * 70, "!", "line 1, column 71", Excerpt(1, 71, f"…{'x' * 60}", "!", f"{'y' * 60}…")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found", "where", "shown"), CASES)
def test_a_line_is_cut_around_what_is_wrong(text: str, found: str, where: str, shown: Excerpt) -> None:
    """Where something is missing, around nothing; a long line is shown in part."""
    assert excerpt(text, WrongUsage("No.", found=found, where=where)) == shown


@pytest.mark.parametrize("where", ["", "query", "line 3, column 1", "line 1, column 12", "byte 7"])
def test_a_refusal_of_no_place_in_the_text_shows_no_line(where: str) -> None:
    """Nor does a text that was not refused."""
    assert (excerpt("ASK { ?s\n}", WrongUsage("No.", where=where)), excerpt("ASK {}", None)) == (None, None)


def test_the_query_page_marks_what_is_wrong_in_its_line_and_keeps_the_query(site: Site) -> None:
    """A query that is answered has no such line."""
    client, headers = site.client(), {**site.bearer("analyst"), **HTML}
    refused = client.get("/query", query_string={"query": "SELECT *\n{ ?s ?p <&> b:c }"}, headers=headers)
    assert refused.status_code == 400
    assert "<figcaption>Line 2, column 13</figcaption>" in refused.text
    assert "{ ?s ?p &lt;&amp;&gt; <mark>b:c</mark> }</pre>" in refused.text
    assert "SELECT *\n{ ?s ?p &lt;&amp;&gt; b:c }</textarea>" in refused.text
    answered = client.get("/query", query_string={"query": "SELECT * { ?s ?p 1 }"}, headers=headers)
    assert (answered.status_code, "<mark>" in answered.text) == (200, False)
