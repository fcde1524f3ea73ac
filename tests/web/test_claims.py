"""Claims and publications in the browser and for programs: one thing, four forms, and a picture that a table says."""

from __future__ import annotations

from typing import Any

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from registry.services import CitedPublication, ClaimEvidence
from registry.services.claims.claims import ClaimDraft
from tests.people import account_of
from tests.web.conftest import HTML, PASSWORD, Site

REVIEW = "10.1016/j.jogoh.2025.103031"
CPR = "https://w3id.org/cell-product-registry/ns#"


@pytest.fixture(scope="module")
def claimed(site: Site) -> Site:
    """The story, a publication cited for its product, and a claim on it and on what lots secrete."""
    site.registry.claims.cite(
        CitedPublication(REVIEW, year=2025, products=("POI-M",)), account_of(site.registry, "quality")
    )
    evidence = (ClaimEvidence("literature", REVIEW, "ECO:0000033"), ClaimEvidence("lot result", "VEGF secretion", ""))
    draft = ClaimDraft("angiogenesis", "CL:0000134", "GO:0045766", evidence)
    site.registry.claims.make(draft, name="quality", password=PASSWORD)
    return site


def data_of(site: Site, path: str) -> Any:
    """What a clinician's program is answered."""
    return site.client().get(path, headers=site.bearer("clinic")).json


def test_a_program_reads_claims_and_publications(claimed: Site) -> None:
    """One claim, the list of all, those of a lot with what it shows; a publication with what cites it."""
    claim = data_of(claimed, "/claims/angiogenesis.json")
    assert (claim["process"]["id"], claim["stands_on"], claim["lot"]) == ("GO:0045766", "literature", None)
    assert data_of(claimed, "/claims.json")["claims"] == [claim]
    (of_lot,) = data_of(claimed, "/claims.json?lot=H-03")["claims"]
    assert (of_lot["lot"], [each["shown"] for each in of_lot["evidence"]]) == ("H-03", [None, "not measured"])
    publication = data_of(claimed, f"/publications/{REVIEW}.json")
    assert (publication["doi"], publication["claims"], publication["products"]) == (REVIEW, ["angiogenesis"], ["POI-M"])
    assert data_of(claimed, "/publications.json")["publications"] == [publication]


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_each_is_given_as_rdf(claimed: Site, suffix: str) -> None:
    """In our terms, and with the address of the DOI."""
    answers = [
        claimed.client().get(f"{path}.{suffix}", headers=claimed.bearer("clinic"))
        for path in ("/claims/angiogenesis", f"/publications/{REVIEW}")
    ]
    graph = Graph()
    for answer in answers:
        graph.parse(data=answer.data, format="turtle" if suffix == "ttl" else "json-ld")
    iri = URIRef(data_of(claimed, f"/publications/{REVIEW}.json")["iri"])
    assert (None, RDF.type, URIRef(CPR + "Claim")) in graph
    assert (None, URIRef(CPR + "reportedIn"), iri) in graph
    assert (iri, URIRef(CPR + "doi"), Literal(REVIEW)) in graph
    assert (iri, URIRef("https://schema.org/sameAs"), URIRef(f"https://doi.org/{REVIEW}")) in graph


def test_addresses_in_rdf_lead_to_the_pages(claimed: Site) -> None:
    """And what is not there is not found."""
    client, headers = claimed.client(), claimed.bearer("clinic")
    led = [
        client.get(path, headers=headers)
        for path in ("/claim/angiogenesis", f"/publication/{REVIEW.replace('/', '%2F')}")
    ]
    assert [(answer.status_code, answer.headers["Location"]) for answer in led] == [
        (303, "/claims/angiogenesis"), (303, f"/publications/{REVIEW.replace('/', '%2F')}"),
    ]  # fmt: skip
    assert [client.get(path, headers=headers).status_code for path in ("/claims/none", "/publications/10.1/none")] == [
        404,
        404,
    ]


def test_the_picture_draws_a_line_for_each_evidence_and_the_table_says_it(claimed: Site) -> None:
    """Dashed to literature, dotted to what a lot did not measure; linked from product, study and lot."""
    browser = claimed.signed_in("clinic")
    page = browser.get("/claims?lot=H-03", headers=HTML).text
    assert (page.count('<line class="reported"'), page.count('<line class="nothing"'), page.count("<line")) == (1, 1, 2)
    assert "VEGF secretion</a>, <strong>not measured</strong>" in page
    links = [browser.get(path, headers=HTML).text for path in ("/lots/H-03", "/products/POI-M")]
    assert ['href="/claims?lot=H-03"' in links[0], 'href="/claims?product=POI-M"' in links[1]] == [True, True]


def test_claims_are_listed_of_one_thing(claimed: Site) -> None:
    """Of a lot and a product at once nothing is answered."""
    answer = claimed.client().get("/claims.json?lot=H-03&product=POI-M", headers=claimed.bearer("clinic"))
    assert (answer.status_code, answer.json["error"]["found"]) == (400, "lot, product")


def test_a_criterion_says_which_claim_a_lot_shows_by_passing_it(claimed: Site) -> None:
    """On the specification's page, and where its approval is signed."""
    table = (
        b"specification,potent\nversion,1\ntitle,Potency\nsource,made up\n\n"
        b"id,characteristic,operator,limit,unit,claim,source\n"
        b"vegf,VEGF secretion,>=,500,pg/mL per 10^6 cells per 24 h,angiogenesis,made up\n"
    )
    claimed.registry.specifications.draft("potent.csv", table, name="quality", password=PASSWORD)
    browser = claimed.signed_in("quality")
    sentence = (
        "A lot that passes it shows the claim angiogenesis "
        "(mesenchymal stem cell: positive regulation of angiogenesis) by its own result."
    )
    pages = ("/specifications/potent/1", "/approve/POI-M?specification=potent@1")
    assert [sentence in browser.get(path, headers=HTML).text for path in pages] == [True, True]
