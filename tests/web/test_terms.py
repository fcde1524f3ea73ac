"""A term's page says what the term is in four forms; names are offered while one types; advice stands by a lot."""

from __future__ import annotations

import json
from urllib.parse import unquote

from rdflib import RDFS, Graph, URIRef

from tests.web.conftest import HTML, PASSWORD, Site, csrf_of, panel

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


def test_a_disease_says_what_it_is_and_what_it_is_elsewhere(site: Site) -> None:
    """Its definition, its synonyms and its cross-references, on the page and as data."""
    client = site.signed_in("analyst")
    thing = client.get("/terms/DOID:5426.json").get_json()
    assert thing["definition"].startswith("An ovarian disease where ovaries do not produce estrogen")
    assert {xref.partition(":")[0].partition("_")[0] for xref in thing["xrefs"]} >= {"MESH", "SNOMEDCT", "UMLS"}
    assert thing["synonyms"] != []
    page = client.get("/terms/DOID:5426", headers=HTML).text
    assert all(text in page for text in (thing["definition"], thing["xrefs"][0], thing["synonyms"][0]))
    graph = Graph().parse(data=client.get("/terms/DOID:5426.ttl").data, format="turtle")
    about = URIRef("http://purl.obolibrary.org/obo/DOID_5426")
    stated = graph.value(about, URIRef("http://purl.obolibrary.org/obo/IAO_0000115"))
    assert str(stated) == thing["definition"]


def test_the_quality_unit_carries_a_term_over_in_the_browser(site: Site) -> None:
    """A signed word with a reason; what it already is called needs none, and nobody else is offered the form."""
    browser = site.signed_in("quality")
    assert '/carry/DOID:5426"' in unquote(browser.get("/terms/DOID:5426", headers=HTML).text)
    page = browser.get("/carry/DOID:5426", headers=HTML).text
    form = {"csrf": csrf_of(page), "name": "quality", "password": PASSWORD, "reason": "The clinic's new name for it."}
    same = browser.post("/carry/DOID:5426", headers=HTML, data={**form, "label": "primary ovarian insufficiency"})
    assert (same.status_code, "The clinic&#39;s new name for it." in same.text) == (400, True)
    done = browser.post("/carry/DOID:5426", headers=HTML, data={**form, "label": "premature ovarian insufficiency"})
    assert (done.status_code, unquote(done.headers["Location"])) == (303, "/terms/DOID:5426?carried=1")
    newest = list(site.registry.ledger.entries(kind="replacement"))[-1]
    assert "DOID:5426 means what it did as 'premature ovarian insufficiency'" in str(newest.details["summary"])
    assert "/carry/" not in site.signed_in("analyst").get("/terms/DOID:5426", headers=HTML).text
