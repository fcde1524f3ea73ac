"""The JSON-LD context says of every property of ours what the vocabulary says."""

from __future__ import annotations

import json
from importlib.resources import files

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from ontology.diffable import CPR

CONTEXT = json.loads(files("ontology").joinpath("context.jsonld").read_text("utf-8"))["@context"]
VOCABULARY = Graph()
for name in ("product.ttl", "kinds.ttl"):
    VOCABULARY.parse(data=files("ontology").joinpath(name).read_bytes(), format="turtle")


def test_every_property_is_in_the_context_with_its_type() -> None:
    expected = {}
    for kind in (OWL.ObjectProperty, OWL.DatatypeProperty):
        for term in VOCABULARY.subjects(RDF.type, kind):
            range_ = VOCABULARY.value(term, RDFS.range)
            datatype = None if range_ == XSD.string else f"xsd:{str(range_).removeprefix(str(XSD))}"
            expected[f"cpr:{str(term).removeprefix(str(CPR))}"] = "@id" if kind == OWL.ObjectProperty else datatype
    stated = {e["@id"]: e.get("@type") for e in CONTEXT.values() if isinstance(e, dict) and e["@id"].startswith("cpr:")}
    assert stated == expected


def test_a_panel_in_json_is_the_panel_in_triples() -> None:
    base = "https://registry.example/panel/00"
    panel = {
        "@context": CONTEXT, "id": base, "type": "cpr:Panel", "lot": "https://registry.example/lot/P-07",
        "stage": "cpr:stage-after-thaw",
        "result": {"id": f"{base}#r1", "type": "cpr:Result", "characteristic": "PR:000001800",
                   "labelAsPrinted": "CD 73", "valueAsPrinted": "98,5", "unit": "UO:0000187", "low": "98.5"},
    }  # fmt: skip
    graph = Graph().parse(data=json.dumps(panel), format="json-ld")
    result = URIRef(f"{base}#r1")
    assert set(graph.predicate_objects(result)) == {
        (RDF.type, CPR.Result),
        (CPR.characteristic, URIRef("http://purl.obolibrary.org/obo/PR_000001800")),
        (CPR.label, Literal("CD 73")),
        (CPR.valueAsPrinted, Literal("98,5")),
        (CPR.unit, URIRef("http://purl.obolibrary.org/obo/UO_0000187")),
        (CPR.low, Literal("98.5", datatype=XSD.decimal)),
    }
