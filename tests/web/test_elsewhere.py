"""Ready questions to other services name our ids in VALUES, and lead a person there: nothing is asked from here."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from rdflib.plugins.sparql import prepareQuery

from tests.web.conftest import HTML, Site
from web.ontologies import elsewhere

OBO = "http://purl.obolibrary.org/obo/"
WIKIDATA = """PREFIX wdt: <http://www.wikidata.org/prop/direct/> PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX bd: <http://www.bigdata.com/rdf#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""


@pytest.mark.parametrize(
    ("curie", "xrefs", "services"),
    [
        ("DOID:5426", (), ["Ontology Lookup Service", "Wikidata"]),
        ("CL:0000134", (), ["Ontology Lookup Service", "Wikidata"]),
        ("PR:000001345", ("UniProtKB:P17813", "HGNC:3349"), ["Ontology Lookup Service", "UniProt"]),
        ("cpr:viability", (), []),
    ],
)
def test_a_term_has_its_questions(curie: str, xrefs: tuple[str, ...], services: list[str]) -> None:
    """Each is SPARQL that can be read, with the term's own id; a term of ours has none."""
    asked = elsewhere.of(curie, OBO + curie.replace(":", "_"), xrefs)
    assert [each.service for each in asked] == services
    ids = {curie, curie.replace(":", "_"), *(xref.removeprefix("UniProtKB:") for xref in xrefs)}
    for each in asked:
        assert any(known in unquote(unquote(each.address)) for known in ids)
        if each.query:
            prepareQuery(WIKIDATA + each.query)
            assert "VALUES" in each.query
            assert unquote(each.address.partition("query=")[2] or each.address.partition("#")[2]) == each.query


def test_a_cell_line_is_asked_about_by_its_accession() -> None:
    """None without one."""
    asked = elsewhere.of_line("CVCL_9771")
    assert [each.service for each in asked] == ["Cellosaurus", "Wikidata"]
    assert all('"CVCL_9771"' in each.query and prepareQuery(WIKIDATA + each.query) for each in asked)
    assert elsewhere.of_line("") == ()


def test_a_terms_page_leads_there_in_another_window_and_sends_no_referrer(site: Site) -> None:
    """The reader is told that it leaves this site."""
    page = site.signed_in("analyst").get("/terms/DOID:5426", headers=HTML).text
    links = re.findall(r'<a href="(https://[^"]*)" rel="([^"]*)" target="_blank">([^<]*)</a>', page)
    assert [(rel, words) for _address, rel, words in links] == [
        ("noreferrer external", "Ontology Lookup Service, in another window"),
        ("noreferrer external", "Wikidata, in another window"),
    ]
    assert "Nothing is asked from here" in page
