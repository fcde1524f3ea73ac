"""A term's page says what the term is in four forms; names are offered while one types; advice stands by a lot."""

from __future__ import annotations

import json

from rdflib import RDFS, Graph, URIRef

from tests.web.conftest import HTML, Site, panel

MSC = "http://purl.obolibrary.org/obo/CL_0000134"


def test_a_term_has_its_page_and_the_same_as_data(site: Site) -> None:
    """HTML for a person, JSON for a program, Turtle and JSON-LD for the web of data."""
    client = site.signed_in("analyst")
    page = client.get("/terms/CL:0000134", headers=HTML)
    assert page.status_code == 200
    assert "mesenchymal stem cell" in page.text
    assert "mouse marker" in page.text
    thing = client.get("/terms/CL:0000134.json").get_json()
    assert (thing["id"], thing["label"], thing["kind"]) == ("CL:0000134", "mesenchymal stem cell", "cell type")
    assert [one["id"] for one in thing["parents"]] == ["CL:0000048", "CL:0002320"]
    assert set(thing["used_by"]["products"]) == {"POI-M", "AUTO"}
    for suffix, kind in (("ttl", "turtle"), ("jsonld", "json-ld")):
        graph = Graph().parse(data=client.get(f"/terms/CL:0000134.{suffix}").data, format=kind)
        assert str(graph.value(URIRef(MSC), RDFS.label)) == "mesenchymal stem cell"


def test_a_term_that_nobody_has_is_not_found(site: Site) -> None:
    """404, with what would be a term."""
    answer = site.signed_in("analyst").get("/terms/CL:9999999.json")
    assert (answer.status_code, answer.get_json()["error"]["kind"]) == (404, "Unknown")


def test_terms_are_found_by_label_synonym_and_id(site: Site) -> None:
    """The same search completes a name while it is typed."""
    client = site.signed_in("analyst")

    def first(text: str) -> tuple[str, str]:
        line = client.get("/terms.json", query_string={"q": text}).get_json()["terms"][0]
        return line["id"], line["matched"]

    assert first("premature menopause") == ("DOID:10787", "premature menopause")
    assert first("marrow stromal") == ("CL:0000134", "marrow stromal cells")
    assert first("doid:5426") == ("DOID:5426", "DOID:5426")
    assert first("NT5E") == ("PR:000001800", "NT5E")
    assert client.get("/terms.json").get_json()["terms"] == []
    assert client.get("/terms?q=DOID:5426", headers=HTML).headers["Location"] == "/terms/DOID%3A5426"


def test_a_lot_is_shown_with_what_its_markers_point_to(site: Site) -> None:
    """Advice on the page and in the JSON, and the verdict is what it was."""
    site.add_lot("C-1")
    site.submit("C-1", panel("C-1", CD45="6") + b"C-1,CD3,5,%\n")
    client = site.signed_in("quality")
    thing = json.loads(client.get("/lots/C-1.json").data)
    (advice,) = thing["advice_on_contaminants"]
    assert (advice["kind"], [cell["id"] for cell in advice["points_to"]]) == ("suspected", ["CL:0000084"])
    assert thing["verdict"] == "fail"
    assert "T cell suspected" in client.get("/lots/C-1", headers=HTML).text
    assert json.loads(client.get("/lots/H-03.json").data)["advice_on_contaminants"] == []
