"""Each check of ontology/checks finds nothing in what we ship, and finds what it is for when it is there."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from registry import vocabulary

CHECKS = {Path(path.name).stem: path.read_text("utf-8") for path in files("ontology").joinpath("checks").iterdir()}
SHAPES = Path(str(files("shapes")))
PREFIXES = """
@prefix cpr: <https://w3id.org/cell-product-registry/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix obo: <http://purl.obolibrary.org/obo/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
# One fault per check: Turtle that, added to what we ship, the check must find.
FAULTS = {
    "ambiguous-name-without-choice": 'cpr:ambiguous-x a cpr:AmbiguousName ; cpr:printedAs "x" .',
    "blank-node": 'cpr:viability skos:note [ rdfs:label "nameless" ] .',
    "borrowed-term-without-label": "cpr:viability cpr:assay obo:OBI_9999999 .",
    "characteristic-with-two-ranges": "cpr:viability cpr:range cpr:unbounded .",
    "characteristic-without-range": "cpr:sterility cpr:admitsUnit obo:UO_0000187 .",
    "characteristic-without-result": 'cpr:luck a cpr:Test ; cpr:symbol "luck" .',
    "cocktail-member-unknown": "cpr:cocktail-BD-hMSC-negative cpr:member cpr:viability .",
    "disease-by-another-name": 'obo:DOID_5426 skos:altLabel "Premature menopause" .',
    "disease-unknown": 'obo:DOID_0080546 skos:altLabel "NAFLD" .',
    "evidence-for-nothing": "cpr:viability cpr:evidenceFor cpr:health .",
    "identity-incomplete": "cpr:identity-MSC-CD73 cpr:sense cpr:Negative .",
    "name-of-two-characteristics": 'cpr:vitality cpr:printedAs "Via-bility" .',
    "name-with-a-final-minus": 'obo:PR_000001006 cpr:printedAs "CD45-" .',
    "outcome-name-of-two-outcomes": 'cpr:Detected cpr:printedAs "Sterile" .',
    "permitted-cell-type-unfit": "cpr:PermittedCellTypes cpr:lists obo:CL_0000084 .",
    "protein-of-one-species": "obo:PR_P21589 cpr:evidenceFor obo:PR_000001800 .",
    "slice-without-source": "cpr:slice-x a cpr:Slice .",
    "stromal-and-blood": "obo:CL_0000084 rdfs:subClassOf obo:CL_0000134 .",
    "term-not-declared": "cpr:viability cpr:lucky true .",
    "term-not-explained": 'cpr:luck rdfs:label "luck" .',
    "two-labels": 'obo:PR_000001800 rdfs:label "ecto-nucleotidase" .',
    "unit-incomplete": 'cpr:handful a cpr:Unit ; cpr:symbol "handful" ; cpr:quantity cpr:cell-number ; cpr:factor 0 .',
    "unit-name-of-two-units": 'cpr:million-cells cpr:printedAs "Cells" .',
}


@pytest.fixture(scope="module")
def shipped() -> Store:
    store = Store()
    for _, data in vocabulary.graph_files():
        store.load(data, RdfFormat.TURTLE)
    return store


def rows(store: Store, check: str) -> list[tuple[str, ...]]:
    return sorted(tuple(str(value) for value in row) for row in store.query(CHECKS[check]))


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_finds_nothing_in_what_we_ship(shipped: Store, check: str) -> None:
    assert rows(shipped, check) == []


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_finds_the_fault_it_is_for(shipped: Store, check: str) -> None:
    store = Store()
    store.bulk_extend(shipped)
    store.load((PREFIXES + FAULTS[check]).encode(), RdfFormat.TURTLE)
    assert rows(store, check) != []


def test_every_check_has_a_fault_to_find() -> None:
    assert sorted(FAULTS) == sorted(CHECKS)


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_a_check_begins_with_its_rule_in_a_sentence(check: str) -> None:
    first = CHECKS[check].splitlines()[0]
    assert first.startswith("# ")
    assert "." in first or ":" in first


def test_no_shape_uses_a_term_that_is_not_declared(shipped: Store) -> None:
    store = Store()
    store.bulk_extend(shipped)
    for path in sorted(SHAPES.rglob("*.ttl")):
        store.load(path.read_bytes(), RdfFormat.TURTLE)
    assert rows(store, "term-not-declared") == []
