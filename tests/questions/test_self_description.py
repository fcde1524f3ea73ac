"""The graph says what can be asked of it: examples that run, and partitions that its triples keep."""

from __future__ import annotations

import csv
import io

from registry import questions
from registry.services import Registry
from registry.services.queries.self_description import NAME, VOID, VOID_EXT
from tests.people import LOCAL

PREFIXES = f"""PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX schema: <https://schema.org/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX void: <{VOID}> PREFIX ve: <{VOID_EXT}>"""
EXAMPLES = """SELECT ?example ?comment ?query FROM <%s> WHERE {
  ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ; schema:target <%s> ; schema:keywords ?word ;
    sh:prefixes/sh:declare [ sh:prefix "cpr" ; sh:namespace ?namespace ] ; sh:select|sh:ask|sh:construct ?query
} GROUP BY ?example ?comment ?query"""
# As SIB's sparql-llm and sparql-editor read the classes and properties of a service.
PARTITIONS = """SELECT DISTINCT ?class ?property ?to ?datatype WHERE {
  ?part void:class ?class ; void:propertyPartition ?held . ?held void:property ?property .
  OPTIONAL { ?held void:classPartition [ void:class ?to ] }
  OPTIONAL { ?held ve:datatypePartition [ ve:datatype ?datatype ] }
}"""
MARKERS = ("results-of-a-marker", "recall", "specification", "expired", "would-not-conform", "lots-for-a-disease")
"""A question for each type of parameter but a text and a number, which are written as ``ask`` writes them."""


def rows(demo: Registry, query: str) -> list[dict[str, str]]:
    body = demo.queries.query(f"{PREFIXES}\n{query}", "text/csv", by=LOCAL).body.decode()
    return list(csv.DictReader(io.StringIO(body)))


def examples(demo: Registry) -> list[dict[str, str]]:
    return rows(demo, EXAMPLES % (f"{demo.base}ontology/{NAME}", f"{demo.base}sparql"))


def test_every_question_stands_in_the_graph_with_its_words(demo: Registry) -> None:
    """Each once, in the graph that the service description names."""
    graph = f"{demo.base}ontology/{NAME}"
    held = {row["example"].rpartition("/")[2]: row["comment"] for row in examples(demo)}
    assert held == {each.name: f"{each.title}. {each.description}" for each in questions.library()}
    assert graph in demo.queries.service_description("https://x.example/sparql", "text/turtle").decode()


def test_an_example_answers_what_its_question_does(demo: Registry) -> None:
    """With its defaults, found by what they are called."""
    held = {row["example"].rpartition("/")[2]: row["query"] for row in examples(demo)}
    assert [name for name, text in held.items() if "#@" in text] == []
    for name in MARKERS:
        answers = [
            demo.queries.query(held[name], "text/csv", by=LOCAL).body,
            demo.queries.ask(name, {}, "text/csv", by=LOCAL).body,
        ]
        assert answers[0] == answers[1], name
        assert answers[0].count(b"\n") > 1 or name == "expired", name


def test_partitions_say_to_what_each_property_leads(demo: Registry) -> None:
    """Of the records that the graph holds; never of a recipient's."""
    said = {
        (row["class"].rpartition("#")[2], row["property"].rpartition("#")[2]): row for row in rows(demo, PARTITIONS)
    }
    assert said[("Lot", "product")]["to"].endswith("#Product")
    assert said[("Panel", "result")]["to"].endswith("#Result")
    assert ("Result", "characteristic") in said
    assert said[("Result", "low")]["datatype"] == "http://www.w3.org/2001/XMLSchema#decimal"
    assert [key for key in said if key[0] in {"Administration", "RecipientOutcome"}] == []


def test_no_triple_contradicts_a_partition(demo: Registry) -> None:
    """What a class's property leads to has the class or datatype that is said, whatever stands on record."""
    untyped = rows(
        demo,
        """SELECT DISTINCT ?class ?property WHERE {
          ?part void:class ?class ; void:propertyPartition ?held .
          ?held void:property ?property ; void:classPartition ?led .
          ?subject a ?class ; ?property ?value .
          FILTER NOT EXISTS { ?held void:classPartition/void:class ?to . ?value a ?to } }""",
    )
    mistyped = rows(
        demo,
        """SELECT DISTINCT ?class ?property ?datatype WHERE {
          ?part void:class ?class ; void:propertyPartition ?held .
          ?held void:property ?property ; ve:datatypePartition/ve:datatype ?datatype .
          ?subject a ?class ; ?property ?value . FILTER(DATATYPE(?value) != ?datatype) }""",
    )
    assert (untyped, mistyped) == ([], [])
