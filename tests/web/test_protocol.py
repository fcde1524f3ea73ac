"""The W3C's SPARQL 1.1 Protocol test cases of the query operation, one test each, over the registry's own graphs.

Named as in the suite (https://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/). Those of the update operation
have one answer here: there is none. Then the service description tests, and what the specifications say beside them.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from werkzeug.test import TestResponse

from registry.identifiers import CPR
from tests.web.conftest import Site
from web import create_app

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
ROWS = {
    "application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values",
}  # fmt: skip
GRAPHS = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


def ask(site: Site, path: str = "/sparql", method: str = "GET", **more: object) -> TestResponse:
    headers = {"Authorization": f"Bearer {site.tokens['analyst']}", **more.pop("headers", {})}  # type: ignore[dict-item]
    return site.client().open(path, method=method, headers=headers, **more)  # type: ignore[arg-type]


def yes(answer: TestResponse) -> bool:
    """2xx, a results format, and true."""
    assert answer.status_code == 200, answer.text
    return bool(answer.get_json(force=True)["boolean"])


@pytest.fixture
def graphs(site: Site) -> tuple[str, str]:
    """The graphs of two records: one lot's, another's."""
    found = []
    for lot in ("H-03", "H-04"):
        line = next(one for one in site.registry.lots.history(lot) if one.kind == "lot")
        found.append(f"{site.registry.base}record/{(line.record or '').removeprefix('sha256:')}")
    return found[0], found[1]


def both(one: str, other: str) -> str:
    return f"ASK {{ <{one}> ?p ?o . <{other}> ?p ?o }}"


def lots(site: Site) -> tuple[str, str]:
    return f"{site.registry.base}lot/H-03", f"{site.registry.base}lot/H-04"


def test_query_get(site: Site) -> None:
    """Query via GET."""
    assert yes(ask(site, "/sparql?query=ASK%20%7B%7D"))


def test_query_post_form(site: Site) -> None:
    """Query via URL-encoded POST."""
    assert yes(ask(site, method="POST", data="query=ASK%20%7B%7D", content_type=FORM))


def test_query_post_direct(site: Site) -> None:
    """Query via POST directly."""
    assert yes(ask(site, method="POST", data="ASK {}", content_type=QUERY))


def test_query_dataset_default_graphs_get(site: Site, graphs: tuple[str, str]) -> None:
    """GET with protocol-specified default graphs: their merge is the default graph."""
    given = "&".join(f"default-graph-uri={quote(graph, safe='')}" for graph in graphs)
    assert yes(ask(site, f"/sparql?query={quote(both(*lots(site)))}&{given}"))
    assert not yes(ask(site, f"/sparql?query={quote(both(*lots(site)))}&default-graph-uri={graphs[0]}"))


def test_query_dataset_default_graphs_post(site: Site, graphs: tuple[str, str]) -> None:
    """POST directly, with protocol-specified default graphs in the address."""
    given = "&".join(f"default-graph-uri={quote(graph, safe='')}" for graph in graphs)
    assert yes(ask(site, f"/sparql?{given}", "POST", data=both(*lots(site)), content_type=QUERY))


def test_query_dataset_named_graphs_get(site: Site, graphs: tuple[str, str]) -> None:
    """GET with protocol-specified named graphs."""
    given = "&".join(f"named-graph-uri={quote(graph, safe='')}" for graph in graphs)
    one, other = lots(site)
    query = f"ASK {{ GRAPH ?a {{ <{one}> ?p ?o }} GRAPH ?b {{ <{other}> ?p ?o }} FILTER(?a != ?b) }}"
    assert yes(ask(site, f"/sparql?query={quote(query)}&{given}"))


def test_query_dataset_named_graphs_post(site: Site, graphs: tuple[str, str]) -> None:
    """URL-encoded POST with protocol-specified named graphs; the default graph is then empty."""
    data = {"query": "ASK { GRAPH ?g { ?s ?p ?o } FILTER NOT EXISTS { ?x ?y ?z } }", "named-graph-uri": list(graphs)}
    assert yes(ask(site, method="POST", data=data))


def test_query_dataset_full(site: Site, graphs: tuple[str, str]) -> None:
    """A protocol-specified dataset of default and named graphs."""
    one, other = lots(site)
    query = f"""ASK {{ <{one}> ?p ?o GRAPH <{graphs[1]}> {{ <{other}> ?q ?r }}
        FILTER NOT EXISTS {{ <{other}> ?q ?r }} FILTER NOT EXISTS {{ GRAPH <{graphs[0]}> {{ ?x ?y ?z }} }} }}"""
    data = {"query": query, "default-graph-uri": graphs[0], "named-graph-uri": graphs[1]}
    assert yes(ask(site, method="POST", data=data))


def test_query_multiple_dataset(site: Site, graphs: tuple[str, str]) -> None:
    """A dataset in the request replaces the one in the query."""
    one, other = lots(site)
    query = f"ASK FROM <{graphs[0]}> {{ <{other}> ?p ?o FILTER NOT EXISTS {{ <{one}> ?q ?r }} }}"
    assert not yes(ask(site, method="POST", data={"query": query}))
    assert yes(ask(site, method="POST", data={"query": query, "default-graph-uri": graphs[1]}))


@pytest.mark.parametrize(
    ("query", "accepted"),
    [
        ("SELECT (1 AS ?value) {}", ROWS),
        ("ASK {}", ROWS),
        ("DESCRIBE <http://example.org/>", GRAPHS),
        ("CONSTRUCT { <s> <p> 1 } WHERE {}", GRAPHS),
    ],
    ids=["select", "ask", "describe", "construct"],
)
def test_query_content_type(site: Site, query: str, accepted: set[str]) -> None:
    """query_content_type_select, _ask, _describe, _construct: the default, and each form one can ask for."""
    assert ask(site, f"/sparql?query={quote(query)}").mimetype in accepted
    for wanted in accepted:
        assert ask(site, f"/sparql?query={quote(query)}", headers={"Accept": wanted}).mimetype == wanted
    other = (ROWS | GRAPHS) - accepted
    for unwanted in other:
        assert ask(site, f"/sparql?query={quote(query)}", headers={"Accept": unwanted}).status_code == 406


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_bad_query_method(site: Site, method: str) -> None:
    """Neither GET nor POST: 405, naming those there are."""
    answer = ask(site, "/sparql?query=ASK%20%7B%7D", method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, POST")


def test_bad_multiple_queries(site: Site) -> None:
    """More than one query string."""
    assert ask(site, "/sparql?query=ASK%20%7B%7D&query=SELECT%20%2A%20%7B%7D").status_code == 400


def test_bad_query_wrong_media_type(site: Site) -> None:
    """POST with a content type that is neither the form's nor the query's."""
    assert ask(site, method="POST", data="ASK {}", content_type="text/plain").status_code == 415


def test_bad_query_missing_form_type(site: Site) -> None:
    """A URL-encoded form that does not say it is one."""
    assert ask(site, method="POST", data="query=ASK%20%7B%7D").status_code == 415


def test_bad_query_missing_direct_type(site: Site) -> None:
    """A query in the body that does not say it is one."""
    assert ask(site, method="POST", data="ASK {}").status_code == 415


def test_bad_query_non_utf8(site: Site) -> None:
    """A query in another encoding than UTF-8."""
    body = "ASK {}".encode("utf-16")
    assert ask(site, method="POST", data=body, content_type=f"{QUERY}; charset=UTF-16").status_code == 400


def test_bad_query_syntax(site: Site) -> None:
    """A query that is none: 400, with line and column."""
    answer = ask(site, "/sparql?query=ASK%20%7B")
    assert (answer.status_code, answer.get_json()["error"]["where"]) == (400, "line 1, column 6")


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("POST", {"data": "CLEAR ALL", "content_type": "application/sparql-update"}),
        ("POST", {"data": {"update": "CLEAR ALL"}}),
        ("POST", {"data": {"update": "CLEAR ALL", "using-graph-uri": "http://example/"}}),
        ("POST", {"data": {"update": ["CLEAR NAMED", "CLEAR DEFAULT"]}}),
        ("GET", {"query_string": {"update": "CLEAR ALL"}}),
        ("POST", {"data": "CLEAR ALL", "content_type": QUERY}),
        ("GET", {"query_string": {"query": "CLEAR ALL"}}),
    ],
)
def test_there_is_no_update_operation(site: Site, method: str, more: dict[str, object]) -> None:
    """By whatever way it is sent: 400, and nothing changed."""
    size = site.registry.size()
    assert ask(site, method=method, **more).status_code == 400
    assert site.registry.size() == size


def test_a_parameter_may_stand_in_the_address_and_the_body(site: Site, graphs: tuple[str, str]) -> None:
    """Dataset parameters of a URL-encoded POST may stand in both; every one of them counts."""
    path = f"/sparql?default-graph-uri={graphs[0]}"
    assert yes(ask(site, path, "POST", data={"query": both(*lots(site)), "default-graph-uri": graphs[1]}))


# Service description


def described(site: Site, accept: str = "text/turtle") -> Graph:
    answer = ask(site, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, accept), answer.text
    name = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml"}
    return Graph().parse(data=answer.data, format=name.get(accept, "json-ld"))


@pytest.mark.parametrize("accept", sorted(GRAPHS))
def test_returns_rdf(site: Site, accept: str) -> None:
    """GET on the endpoint returns RDF (service description test 1), the same in each form."""
    assert len(described(site, accept)) == len(described(site))


def test_has_endpoint_triple(site: Site) -> None:
    """A triple with predicate sd:endpoint names the endpoint (service description test 2)."""
    graph = described(site)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert set(graph.objects(service, SD.endpoint)) == {URIRef("http://localhost/sparql")}
    assert set(graph.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}


def test_conforms_to_schema(site: Site) -> None:
    """Domains and ranges of the vocabulary hold (service description test 3), and each named graph can be asked."""
    graph = described(site)
    for domain, predicate, kind in (
        (SD.Service, SD.defaultDataset, SD.Dataset),
        (SD.Dataset, SD.defaultGraph, SD.Graph),
        (SD.Dataset, SD.namedGraph, SD.NamedGraph),
        (SD.NamedGraph, SD.graph, SD.Graph),
    ):
        pairs = list(graph.subject_objects(predicate))
        assert pairs
        assert all((s, RDF.type, domain) in graph and (o, RDF.type, kind) in graph for s, o in pairs)
    used = {str(p) for p in graph.predicates() if str(p).startswith(str(SD))}
    assert used <= {str(SD[name]) for name in ("endpoint", "supportedLanguage", "feature", "resultFormat",
                    "defaultDataset", "defaultGraph", "namedGraph", "name", "graph")}  # fmt: skip
    for name in graph.objects(None, SD.name):
        assert yes(ask(site, f"/sparql?query={quote(f'ASK FROM <{name}> {{ ?s ?p ?o }}')}")), name


def test_a_service_description_needs_credentials_and_no_other_parameter(site: Site) -> None:
    """Without an account 401; with a parameter but no query it is a bad query."""
    assert site.client().get("/sparql").status_code == 401
    assert ask(site, f"/sparql?default-graph-uri={site.registry.base}ledger").status_code == 400


@pytest.mark.parametrize("path", ["/.well-known/void", "/dcat"])
@pytest.mark.parametrize("accept", sorted(GRAPHS))
def test_void_and_dcat_say_where_to_ask_and_name_nobody(site: Site, path: str, accept: str) -> None:
    """Anybody may read them: the endpoint, the vocabularies, no lot."""
    answer = site.client().get(path, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, accept)
    if accept == "text/turtle":
        graph = Graph().parse(data=answer.data, format="turtle")
        endpoint = URIRef("http://localhost/sparql")
        assert set(graph.objects(None, VOID.sparqlEndpoint)) == set(graph.objects(None, DCAT.endpointURL)) == {endpoint}
        assert URIRef(CPR) in set(graph.objects(None, VOID.vocabulary))
    assert "/lot/" not in answer.text


# Origins and rates


def test_no_other_origin_may_ask_unless_the_server_was_told_so(site: Site) -> None:
    """CORS is off by default: no header, whatever the origin."""
    headers = {"Origin": "https://notebook.example", "Access-Control-Request-Method": "POST"}
    asked, before = (
        ask(site, "/sparql?query=ASK%20%7B%7D", headers=headers),
        ask(site, method="OPTIONS", headers=headers),
    )
    assert before.status_code == 204
    for answer in (asked, before):
        assert [name for name, _value in answer.headers if name.startswith("Access-Control")] == []


def test_an_allowed_origin_may_ask_with_a_token_and_no_other(site: Site) -> None:
    """The preflight needs no account; answers and refusals may be read by that origin's pages; cookies never count."""
    client = create_app(site.registry, allowed_origins=("https://notebook.example",)).test_client()
    origin = {"Origin": "https://notebook.example"}
    before = client.options("/sparql", headers=origin)
    assert (before.status_code, before.headers["Access-Control-Allow-Headers"]) == (
        204,
        "Accept, Authorization, Content-Type",
    )
    token = {"Authorization": f"Bearer {site.tokens['analyst']}"}
    for headers, status in (({**origin, **token}, 200), (origin, 401)):
        answer = client.get("/sparql?query=ASK%20%7B%7D", headers=headers)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (status, origin["Origin"])
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Origin" in answer.headers["Vary"]
    foreign = client.get("/sparql?query=ASK%20%7B%7D", headers={**token, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in foreign.headers
    page = client.get("/lots/H-03.json", headers={**token, **origin})
    assert "Access-Control-Allow-Origin" not in page.headers


def test_an_account_that_asks_too_often_is_told_when_to_come_back(site: Site) -> None:
    """429 with Retry-After, for that account alone, and for queries alone."""
    client = create_app(site.registry, queries_per_minute=2).test_client()
    token = {"Authorization": f"Bearer {site.tokens['analyst']}"}
    paths = ("/sparql?query=ASK%20%7B%7D", "/questions/lots", "/sparql?query=ASK%20%7B%7D")
    answers = [client.get(path, headers=token) for path in paths]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].get_json()["error"]["kind"] == "Throttled"
    other = {"Authorization": f"Bearer {site.tokens['quality']}"}
    assert client.get(paths[0], headers=other).status_code == 200
    assert client.get("/lots/H-03.json", headers=token).status_code == 200


def test_what_was_asked_is_logged_with_who_and_how_long_and_no_answer(site: Site) -> None:
    """One line a query, answered or refused; the log is the owner's alone."""
    file = site.registry.directory / "queries.log"
    ask(site, f"/sparql?query={quote('SELECT ?secret { BIND(40 + 2 AS ?secret) }')}")
    ask(site, "/sparql?query=ASK%20%7B")
    answered, refused = (json.loads(line) for line in file.read_text("utf-8").splitlines()[-2:])
    assert {key: answered[key] for key in ("by", "outcome", "rows", "query")} == {
        "by": "analyst",
        "outcome": "answered",
        "rows": 1,
        "query": "SELECT ?secret { BIND(40 + 2 AS ?secret) }",
    }
    assert (refused["by"], refused["outcome"], refused["query"]) == ("analyst", "WrongUsage", "ASK {")
    assert 0 <= answered["seconds"] < 10
    assert "42" not in json.dumps({**answered, "at": "", "seconds": 0, "ledger_size": 0})
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("accept", sorted(ROWS))
def test_an_answer_that_is_too_large_is_refused_whole_in_every_format(site: Site, accept: str) -> None:
    """Never a part of it: 413, with what to do, whatever format was asked for."""
    lines = "SELECT ?a ?b { VALUES ?a { %s } VALUES ?b { %s } }" % ((" ".join(map(str, range(400))),) * 2)
    answer = ask(site, method="POST", data={"query": lines}, headers={"Accept": accept})
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (413, "TooLarge")
