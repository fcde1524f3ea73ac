"""The query part of the SPARQL 1.1 Protocol, and the page that asks for people."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from registry.errors import Unavailable
from tests.web.conftest import HOSTILE, HTML, Site

ASK = "ASK { ?lot a <https://w3id.org/cell-product-registry/ns#Lot> }"
LOTS = """PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?lot ?note WHERE { ?lot a cpr:Lot ; dcterms:identifier "A/1 #7" ; cpr:note ?note }"""
CONSTRUCT = "CONSTRUCT { ?lot a ?kind } WHERE { ?lot a ?kind ; <http://purl.org/dc/terms/identifier> 'H-03' }"
OUTSIDE = "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }"
QUERY = "application/sparql-query"


def ask(
    site: Site,
    path: str = "/sparql",
    method: str = "GET",
    accept: str = "application/sparql-results+json",
    **more: object,
):  # type: ignore[no-untyped-def]
    return site.client().open(path, method=method, headers=site.bearer("analyst", Accept=accept), **more)  # type: ignore[arg-type]


def test_the_three_ways_of_asking_give_one_answer(site: Site) -> None:
    """GET, a form, the query itself (sections 2.1.1 to 2.1.3); each says the size of the ledger it answers for."""
    answers = [
        ask(site, f"/sparql?query={quote(ASK)}"),
        ask(site, method="POST", data={"query": ASK}),
        ask(site, method="POST", data=ASK, content_type=QUERY),
        ask(site, method="POST", data=ASK, content_type=f"{QUERY}; charset=utf-8"),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4
    assert [answer.get_json(force=True)["boolean"] for answer in answers] == [True] * 4
    assert {answer.headers["X-Ledger-Size"] for answer in answers} == {str(site.registry.size())}


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (LOTS, "application/sparql-results+json", "application/sparql-results+json"),
        (LOTS, "application/sparql-results+xml", "application/sparql-results+xml"),
        (LOTS, "text/csv", "text/csv"),
        (LOTS, "text/tab-separated-values", "text/tab-separated-values"),
        (CONSTRUCT, "text/turtle", "text/turtle"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
    ],
)
def test_accept_chooses_the_format(site: Site, query: str, accept: str, media_type: str) -> None:
    """Tables and graphs in the formats of the standards."""
    answer = ask(site, f"/sparql?query={quote(query)}", accept=accept)
    assert (answer.status_code, answer.mimetype) == (200, media_type)


@pytest.mark.parametrize(
    ("path", "method", "more", "status"),
    [
        ("/sparql?query=", "GET", {}, 400),
        (f"/sparql?query={quote(ASK)}&query={quote(ASK)}", "GET", {}, 400),
        (f"/sparql?query={quote(ASK)}", "POST", {"data": {"query": ASK}}, 400),
        ("/sparql?query=ASK%20%7B", "GET", {}, 400),
        ("/sparql", "POST", {"data": {}}, 415),
        ("/sparql", "POST", {"data": ASK, "content_type": "text/plain"}, 415),
        ("/sparql", "POST", {"data": b"ASK {\xff}", "content_type": QUERY}, 400),
        ("/sparql", "POST", {"data": "DELETE WHERE {?s ?p ?o}", "content_type": "application/sparql-update"}, 400),
        ("/sparql", "POST", {"data": {"update": "DELETE WHERE {?s ?p ?o}"}}, 400),
        (f"/sparql?query={quote(ASK)}&update=CLEAR%20ALL", "GET", {}, 400),
        ("/sparql?query=CLEAR%20ALL", "GET", {}, 400),
        ("/sparql?query=LOAD%20%3Chttp://127.0.0.1:9/%3E", "GET", {}, 400),
        (f"/sparql?query={quote('SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }')}", "GET", {}, 400),
        (f"/sparql?query={quote(OUTSIDE)}", "GET", {}, 400),
        (f"/sparql?query={quote(ASK)}&default-graph-uri=http://127.0.0.1:9/", "GET", {}, 400),
        (f"/sparql?query={quote(ASK)}", "PUT", {}, 405),
    ],
)
def test_what_is_not_one_query_of_ours_is_refused(
    site: Site, path: str, method: str, more: dict[str, object], status: int
) -> None:
    """No query, several, an update by any way, anything that would fetch from elsewhere: refused in the envelope."""
    answer = ask(site, path, method, **more)
    assert (answer.status_code, set(answer.get_json())) == (status, {"error", "request"})


def test_the_dataset_of_the_protocol_is_the_one_asked(site: Site) -> None:
    """``default-graph-uri`` and ``named-graph-uri`` choose, repeated or not, and come before FROM (section 2.1.4)."""
    record = f"{site.registry.base}record/{site.registry.lots.get('H-03').panels[0].record.removeprefix('sha256:')}"
    ledger = f"{site.registry.base}ledger"
    count = quote("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    graphs = quote("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")

    def rows(path: str) -> list[str]:
        answer = ask(site, path, accept="text/csv")
        assert answer.status_code == 200, answer.text
        return answer.text.split("\r\n")[1:-1]

    one, both = (
        rows(f"/sparql?query={count}&default-graph-uri={record}"),
        rows(f"/sparql?query={count}&default-graph-uri={record}&default-graph-uri={ledger}"),
    )
    assert 0 < int(one[0]) < int(both[0])
    named = rows(f"/sparql?query={graphs}&named-graph-uri={record}&named-graph-uri={ledger}")
    assert named == [ledger, record]


def test_a_query_over_its_time_is_503_with_a_time_to_come_back(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Never a part of an answer."""

    def too_long(*_args: object, **_more: object) -> None:
        raise Unavailable("This query took too long and was stopped.", todo="ask for less")

    monkeypatch.setattr(site.registry.queries, "query", too_long)
    answer = ask(site, f"/sparql?query={quote(ASK)}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    page = site.signed_in("analyst").get(f"/query?query={quote(ASK)}", headers=HTML)
    assert (page.status_code, ASK in page.text.replace("&lt;", "<").replace("&gt;", ">")) == (503, True)


def test_the_page_shows_a_table_in_which_lots_are_links(site: Site) -> None:
    """A lot's IRI leads to its page; a hostile literal is letters; another IRI is no link."""
    page = site.signed_in("analyst").get(f"/query?query={quote(LOTS)}", headers=HTML).text
    assert '<td><a href="/lots/A%2F1%20%237">A/1 #7</a></td>' in page
    assert HOSTILE not in page
    bound = 'SELECT ?x { VALUES ?x { <javascript:alert(1)> "<b>"@en } }'
    other = site.signed_in("analyst").get(f"/query?query={quote(bound)}", headers=HTML).text
    assert "<td>javascript:alert(1)</td>" in other
    assert '<td lang="en">&lt;b&gt;</td>' in other


def test_the_page_keeps_the_query_it_refuses(site: Site) -> None:
    """A mistake is mended where it was made."""
    page = site.signed_in("analyst").get("/query?query=SELECT+nonsense+%3Cb%3E", headers=HTML)
    assert page.status_code == 400
    assert "SELECT nonsense &lt;b&gt;</textarea>" in page.text


def test_the_page_and_its_files_give_one_answer(site: Site) -> None:
    """The whole answer as CSV or JSON, of a query and of a question; a graph as Turtle."""
    client = site.signed_in("analyst")
    csv = client.get(f"/query.csv?query={quote(LOTS)}", headers=HTML)
    assert csv.headers["Content-Disposition"] == "attachment; filename=answer.csv"
    assert (csv.mimetype, csv.data) == ("text/csv", ask(site, f"/sparql?query={quote(LOTS)}", accept="text/csv").data)
    told = client.get("/questions/criteria-of-a-lot.json?of=H-03", headers=HTML)
    assert told.headers["Content-Disposition"] == "attachment; filename=criteria-of-a-lot.json"
    assert told.get_json(force=True) == ask(site, "/questions/criteria-of-a-lot?of=H-03").get_json(force=True)
    graph = client.get(f"/query.ttl?query={quote(CONSTRUCT)}", headers=HTML)
    assert (graph.status_code, graph.mimetype) == (200, "text/turtle")
    assert csv.headers["X-Ledger-Size"] == str(site.registry.size())


def test_the_page_of_a_question_leads_to_the_lots_and_to_its_files(site: Site) -> None:
    """With the parameters that were asked with; what nobody knows is refused, and is not an empty answer."""
    client = site.signed_in("analyst")
    page = client.get("/questions/lots", headers=HTML).text
    assert '<td><a href="/lots/A%2F1%20%237">A/1 #7</a></td>' in page
    assert 'href="/questions/lots.csv"' in page
    (row, *_more) = ask(site, "/questions/why-not-pass").get_json(force=True)["results"]["bindings"]
    first = row["which"]["value"].split(", ")[0]
    assert f">{first}</a>" in client.get("/questions/why-not-pass", headers=HTML).text
    with_marker = client.get("/questions/results-of-a-marker?marker=CD73", headers=HTML).text
    assert 'href="/questions/results-of-a-marker.csv?marker=CD73"' in with_marker
    unknown = client.get("/questions/lots-for-a-disease?disease=DOID:5246", headers=HTML)
    assert (unknown.status_code, "No rows" in unknown.text) == (404, False)
    assert "DOID:5426 primary ovarian insufficiency" in unknown.text


def test_no_text_of_an_answer_in_csv_is_a_formula(site: Site) -> None:
    """Numbers stay numbers, and a program that wants each text as it is asks for TSV or JSON."""
    query = quote('SELECT ?x ?y { VALUES (?x ?y) { ("=1+1" -2.5) ("@a,\\"b" "-2 %") ("" "plain") } }')
    saved = site.signed_in("analyst").get(f"/query.csv?query={query}", headers=HTML).text
    assert saved == 'x,y\r\n\'=1+1,-2.5\r\n"\'@a,""b",\'-2 %\r\n,plain\r\n'
    assert ask(site, f"/sparql?query={query}", accept="text/csv").text == saved
    exact = ask(site, f"/sparql?query={query}", accept="text/tab-separated-values").text
    assert exact.startswith('?x\t?y\n"=1+1"\t-2.5\n')


def test_a_misspelt_term_of_ours_is_named_beside_the_answer(site: Site) -> None:
    """Under whatever prefix or as a whole IRI; what the vocabulary has is not named, and /sparql answers as before."""
    prefix = "PREFIX c: <https://w3id.org/cell-product-registry/ns#> SELECT * "
    said = {
        "{ ?lot c:verdikt ?v }": [("c:verdikt", "cpr:verdict")],
        "{ ?lot <https://w3id.org/cell-product-registry/ns#qqqqzz> ?v }": [
            ("<https://w3id.org/cell-product-registry/ns#qqqqzz>", "")
        ],
        "{ ?lot c:verdict c:Pass ; c:judgedAgainst ?v ; c:suspended true }": [],
    }
    assert {
        text: [(one.written, one.near) for one in site.registry.queries.misspelt(prefix + text)] for text in said
    } == said
    asked = {"query": prefix + "{ ?lot c:verdikt ?v }"}
    page = site.client().get("/query", query_string=asked, headers={**site.bearer("analyst"), **HTML})
    assert re.findall(r'<p class="note">(.*?)</p>', page.text) == [
        "c:verdikt is no term of the vocabulary and matches nothing: did you mean cpr:verdict?"
    ]


@pytest.mark.parametrize("field", ["state", "verdict"])
@pytest.mark.parametrize("path", ["/explore", "/explore/lots.json"])
def test_a_choice_that_there_is_none_of_is_refused(site: Site, field: str, path: str) -> None:
    """No count of 0, which would say that no lot is so."""
    answer = site.client().get(f"{path}?{field}=nonsense", headers=site.bearer("analyst"))
    assert (answer.status_code, answer.get_json()["error"]["found"]) == (400, "nonsense")
    assert (
        site.client().get(f"{path}?state=on+hold&verdict=pass", headers={**site.bearer("analyst"), **HTML}).status_code
        == 200
    )
