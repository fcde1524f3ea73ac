"""What the graph says of a lot beside its records: its product's cell type and diseases, its verdicts, its lineage."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from registry.services import LotDraft
from tests.people import LOCAL, account_of
from tests.services.conftest import House

PREFIXES = """PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def asked(house: House, query: str) -> list[list[str]]:
    body = house.registry.queries.query(PREFIXES + query, "text/csv", by=LOCAL).body.decode()
    return list(csv.reader(io.StringIO(body)))[1:]


def test_lots_are_found_by_cell_type_and_by_any_ovarian_disease(house: House) -> None:
    """Of the lot and through its product: primary ovarian insufficiency is a disease of the ovary; no heart disease."""
    house.lot("P-01")
    house.registry.lots.register(LotDraft("B-1", kind="cell bank"), account_of(house.registry, "q.two"))
    query = "SELECT ?id { ?lot %s obo:%s ; a cpr:Lot ; dcterms:identifier ?id }"
    for path, term, found in (
        ("cpr:cellType/rdfs:subClassOf*", "CL_0000134", [["P-01"]]),
        ("cpr:product/cpr:cellType/rdfs:subClassOf*", "CL_0000134", [["P-01"]]),
        ("cpr:cellType/rdfs:subClassOf*", "CL_0000084", []),
        ("cpr:indication/rdfs:subClassOf*", "DOID_1100", [["P-01"]]),
        ("cpr:indication/rdfs:subClassOf*", "DOID_114", []),
    ):
        assert asked(house, query % (path, term)) == found, (path, term)


def test_lots_that_failed_cd105_by_month_is_one_query(house: House) -> None:
    """From the verdict over the result and its record to the time of the ledger."""
    house.lot("P-01")
    house.lot("P-02")
    house.submit("P-01", CD105="88.4")
    house.submit("P-02", name="other.csv")
    query = """SELECT ?month ?id { ?judged cpr:characteristic obo:PR_000001345 ; cpr:verdict cpr:Fail ;
        prov:wasDerivedFrom ?result . ?lot cpr:criterionVerdict ?judged ; dcterms:identifier ?id .
        GRAPH ?record { ?panel cpr:result ?result } ?entry cpr:record ?record ; prov:generatedAtTime ?at .
        BIND(SUBSTR(STR(?at), 1, 7) AS ?month) }"""
    assert asked(house, query) == [[f"{datetime.now(UTC):%Y-%m}", "P-01"]]


def test_a_recall_walks_down_and_a_trace_up(house: House) -> None:
    """``prov:wasDerivedFrom+`` over three generations, either way."""
    house.registry.lots.register(LotDraft("LINE", kind="cell line"), account_of(house.registry, "q.two"))
    house.registry.lots.register(
        LotDraft("BANK", kind="cell bank", derived_from=("LINE",)), account_of(house.registry, "q.two")
    )
    house.lot("P-01", derived_from=("BANK",))
    pairs = "SELECT ?down ?up { ?a prov:wasDerivedFrom+ ?b . ?a dcterms:identifier ?down . ?b dcterms:identifier ?up }"
    assert sorted(asked(house, pairs)) == [["BANK", "LINE"], ["P-01", "BANK"], ["P-01", "LINE"]]


def test_every_term_of_ours_in_the_graph_is_explained(house: House) -> None:
    """Label, definition and source of each class and property that a record, verdict or entry uses."""
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    for missing in ("rdfs:label", "<http://www.w3.org/2004/02/skos/core#definition>", "dcterms:source"):
        query = f"""SELECT DISTINCT ?term {{ {{ ?s ?term ?o }} UNION {{ ?s a ?term }} UNION {{ ?s cpr:verdict ?term }}
            FILTER(STRSTARTS(STR(?term), STR(cpr:))) FILTER NOT EXISTS {{ ?term {missing} ?said }} }}"""
        assert asked(house, query) == []


def test_a_shipped_ontology_may_be_named_in_from_and_nothing_else_outside(house: House) -> None:
    """Our vocabulary stands under its own IRI; shipped specifications stand in the graph, approved or not."""
    vocabulary = "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/cell-product-registry/ns> { ?s rdfs:label ?label }"
    assert int(asked(house, vocabulary)[0][0]) > 100
    known = "SELECT ?id { ?s a cpr:Specification ; dcterms:identifier ?id ; cpr:version '1' } ORDER BY ?id"
    assert {"isct-2006", "msc-identity"} <= {row[0] for row in asked(house, known)}
