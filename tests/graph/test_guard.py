"""Which queries may run: what is refused, where, and what may not be mistaken for it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import TooLarge, WrongUsage
from registry.graph.query.guard import guard

BASE = "https://registry.example/"
EX = "PREFIX ex: <http://127.0.0.1:9/> "

ACCEPTED = [
    ("SELECT * WHERE { ?s ?p ?o } LIMIT 10", "select", ()),
    ("ask{?s ?p ?o}", "ask", ()),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "construct", ()),
    ("DESCRIBE <lot/P-07>", "describe", ()),
    ('ASK { ?s ?p "SERVICE <http://x/> {}" }', "ask", ()),
    ("ASK { ?s ?p '''SERVICE ' '' \\''' LOAD''' }", "ask", ()),
    ('ASK { ?s ?p "\\"", "SERVICE" }', "ask", ()),
    ("ASK { ?s <http://x/service/LOAD> ?o } # SERVICE <http://x/>", "ask", ()),
    ("# INSERT DATA\nASK { ?service ex:service ?o . $load ex:Load_service 1e5 }", "ask", ()),
    ('SELECT (COUNT(?s) AS ?n) { ?s ?p "µ\\u00B5"@en FILTER(?n <= 3 && ?n>2) }', "select", ()),
    ("ASK FROM <ledger> FROM NAMED <https://registry.example/record/ab> {}", "ask", ("ledger", "record/ab")),
    ("PREFIX r: <record/> ASK FROM r:ab {}", "ask", ("record/ab",)),
    ("BASE <https://registry.example/x/> PREFIX r: <../> ASK FROM r:ledger {}", "ask", ("ledger",)),
]


@pytest.mark.parametrize(("query", "form", "graphs"), ACCEPTED)
def test_a_query_over_the_registrys_own_graphs_is_accepted(query: str, form: str, graphs: tuple[str, ...]) -> None:
    """Words in texts, IRIs, comments, variables and local names are only words."""
    parsed = guard(query, BASE)
    assert (parsed.form, parsed.graphs) == (form, tuple(BASE + graph for graph in graphs))


def test_an_ontology_outside_the_base_may_be_named_when_the_registry_holds_it() -> None:
    cl = "http://purl.obolibrary.org/obo/cl.owl"
    assert guard(f"ASK FROM <{cl}> {{}}", BASE, {cl}).graphs == (cl,)


def test_codepoint_escapes_are_decoded_before_the_engine_sees_the_query() -> None:
    """SPARQL 1.1 section 19.2; the engine decodes them in texts only."""
    assert guard("\\u0041SK { ?s ?p '\\U0001F9EB' }", BASE).text == "ASK { ?s ?p '🧫' }"


REFUSED = [
    ("ASK { SERVICE <http://x/> {} }", "line 1, column 7"),
    ("ASK {\n  service silent ?x { }\n}", "line 2, column 3"),
    ("ASK { \\u0053ERVICE <http://x/> {} }", "line 1, column 7"),
    ("ASK { 'é\\u00e9' \\U00000053erv\\u0069ce <http://x/> {} }", "line 1, column 17"),
    ("ASK { '' SERVICE <http://x/> {} }", "line 1, column 10"),
    ("ASK { '\\'' SERVICE<http://x/> {} # '", None),
    ("ASK { # '\nSERVICE <http://x/> {} }", "line 2, column 1"),
    ("ASK { # '\rSERVICE <http://x/> {} }", "line 2, column 1"),
    ("ASK { ?s ?p 1SERVICE <http://x/> {} }", "line 1, column 14"),
    # The engine reads these as SERVICE clauses: it has no token boundaries.
    (EX + "ASK { SERVICEex:a {} }", "line 1, column 40"),
    (EX + "PREFIX SERVICEex: <http://b/> ASK { SERVICEex:a {} }", "line 1, column 41"),
    (EX + "ASK { ?s ?p trueSERVICE ex:a {} }", "line 1, column 46"),
    (EX + "ASK { ?s ?p trueSERVICEex:a {} }", "line 1, column 50"),
    (EX + "ASK { FILTER(?a<?b)SERVICEex:x#>\n{ ?s ?p ?o } }", "line 1, column 53"),
    # Not fetched by the engine, and still not what the registry knows.
    ("ASK FROM <http://x/> {}", "line 1, column 5"),
    ("ASK FROM NAMED <http://x/> {}", "line 1, column 5"),
    ("SELECT * FROM <https://registry.example.evil/> {}", "line 1, column 10"),
    ("PREFIX r: <http://x/> ASK FROM r:ab {}", "line 1, column 27"),
    ("BASE <http://x/> ASK FROM <ledger> {}", "line 1, column 22"),
    ("ASK FROM r:ab {}", "line 1, column 10"),
    ("ASKFROM<http://x/>{}", "line 1, column 1"),
    ("LOAD <http://x/>", "line 1, column 1"),
    ("load silent <http://x/>", "line 1, column 1"),
    ("# c\nINSERT DATA { <a:a> <a:b> 1 }", "line 2, column 1"),
    ("PREFIX a: <a:> DELETE WHERE { ?s ?p ?o }", "line 1, column 16"),
    ("ASK {} ; DROP ALL", "line 1, column 10"),
    ("WITH <a:a> DELETE {} WHERE {}", "line 1, column 1"),
    ("CLEAR ALL", "line 1, column 1"),
    ("ASK { ?s ?p ?o LATERAL { ?s ?p ?o } }", "line 1, column 16"),
    ("", "line 1, column 1"),
    ("ASK { ?s ?p 'a }", "line 1, column 13"),
    ('ASK { ?s ?p """a" }', "line 1, column 13"),
    ("ASK { ?s ?p 'a\nb' }", "line 1, column 13"),
    ("ASK { ?s ?p '\\u0027 }", "line 1, column 14"),
    ("ASK { ?s ?p '\\\\u0053' }", "line 1, column 14"),
    ("ASK { ?s ?p '\\uD800' }", "line 1, column 14"),
    ("ASK { ?s ?p '\\u00' }", "line 1, column 14"),
    ("ASK " + "{" * 65, "line 1, column 69"),
]


@pytest.mark.parametrize(("query", "where"), REFUSED)
def test_what_reaches_out_or_writes_or_cannot_be_read_is_refused_at_its_place(query: str, where: str | None) -> None:
    with pytest.raises(WrongUsage) as refused:
        guard(query, BASE)
    if where is not None:
        assert refused.value.where == where


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(WrongUsage) as refused:
        guard("ASK { SERVICE <http://x/> {} }", BASE)
    assert refused.value.as_dict() == {
        "kind": "WrongUsage",
        "code": "wrong-usage",
        "message": "A query may not call another server: SERVICE is refused.",
        "found": "SERVICE",
        "where": "line 1, column 7",
        "todo": "query the other server yourself and bring its rows in with VALUES",
    }


def test_a_long_query_is_too_large() -> None:
    with pytest.raises(TooLarge):
        guard("ASK {}" + " " * 100_000, BASE)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\\\"'\n\r<>#{}")).map(lambda text: text[:30])
FILLERS = st.one_of(
    TEXTS.map(lambda text: f'"{text}" '),
    TEXTS.map(lambda text: f"'''{text}''' "),
    TEXTS.map(lambda text: f"# {text}\n".replace("\x85", " ")),
    st.sampled_from(
        ["?service ", "<http://x/SERVICE> ", "ex:service ", "{ ", "} ", "\t", "\r", "1.5 ", "true ", "'@en ' ", "a "]
    ),
)
KEYWORD = st.lists(st.booleans(), min_size=7, max_size=7).flatmap(
    lambda upper: st.lists(st.booleans(), min_size=7, max_size=7).map(
        lambda escaped: "".join(
            f"\\u{ord(letter):04x}" if hidden else letter
            for letter, hidden in zip(
                (one.upper() if up else one for one, up in zip("service", upper, strict=True)), escaped, strict=True
            )
        )
    )
)


@given(st.lists(FILLERS, max_size=8), KEYWORD, st.lists(FILLERS, max_size=8))
def test_a_service_keyword_outside_texts_iris_and_comments_is_always_refused(
    before: list[str], keyword: str, after: list[str]
) -> None:
    """In any case, escaped in any way, after any texts and comments."""
    query = f"ASK {{ {''.join(before)}{keyword} <http://127.0.0.1:9/> {{ {''.join(after)}}} }}"
    with pytest.raises(WrongUsage):
        guard(query, BASE)


@given(st.text(alphabet=st.sampled_from("aSERVICEservice<>?:.'\"#\\u0053 \n{}()@_-1"), max_size=60))
def test_the_guard_answers_or_refuses_any_text(text: str) -> None:
    """Nothing makes it fail in another way."""
    with contextlib.suppress(WrongUsage):
        assert guard("ASK { " + text + " }", BASE).form == "ask"
