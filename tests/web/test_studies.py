"""A study in the browser and for programs: every field, the total beside the dose, the state of each lot."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef

from registry.exchange.study_file import read
from tests.people import account_of
from tests.web.conftest import HTML, Site

SEED = read("study.toml", files("registry.demo").joinpath("study.toml").read_bytes())
PANEL = b"lot,characteristic,value,unit,stage\nS-01,viable cell number,2.4E+07,cells/vial,after thaw\n"
CPR = "https://w3id.org/cell-product-registry/ns#"


@pytest.fixture(scope="module")
def studied(site: Site) -> Site:
    """The story, its study added, and one lot more that was counted."""
    site.registry.studies.add(SEED, account_of(site.registry, "quality"))
    site.add_lot("S-01", containers=12)
    site.submit("S-01", PANEL)
    return site


def data_of(site: Site, path: str) -> Any:
    """What a clinician's program is answered."""
    return site.client().get(path, headers=site.bearer("clinic")).json


def test_a_program_reads_every_field(studied: Site) -> None:
    """The fields that other programs rely on, doses in plain digits, ids as CURIEs."""
    study = data_of(studied, "/studies/NCT03877471.json")
    assert {"study", "title", "acronym", "phase", "status", "enrolment", "start", "end", "conditions", "cell_type",
            "sponsor", "arms", "schedule", "unknown", "conflicts", "publications", "products", "lots",
            "administrations", "identifiers", "sites", "outcomes", "eligibility", "sources"} <= set(study)  # fmt: skip
    assert [(arm["dose_per_site"]["value"], arm["total"]["value"]) for arm in study["arms"]] == [
        (2_000_000, 4_000_000), (5_000_000, 10_000_000), (10_000_000, 20_000_000),
    ]  # fmt: skip
    raw = studied.client().get("/studies/NCT03877471.json", headers=studied.bearer("clinic")).text
    assert '"value":4000000' in raw.replace(" ", "")
    assert study["conditions"][0]["id"] == "DOID:5426"
    assert (study["products"], study["lots"], study["administrations"]) == (["AUTO", "POI-M"], 6, 0)
    assert data_of(studied, "/studies.json")["studies"] == [study]


def test_what_is_given_as_data_is_read_again(studied: Site) -> None:
    """The JSON of a study is a file of ours."""
    raw = studied.client().get("/studies/NCT03877471.json", headers=studied.bearer("clinic")).data
    again = read("study.json", raw)
    assert (again.start, again.captured) == (SEED.start, SEED.captured)
    assert [(arm.id, arm.dose_per_site, arm.sites) for arm in again.arms] == [
        (arm.id, arm.dose_per_site, arm.sites) for arm in SEED.arms
    ]


def test_the_page_reads_like_the_record_of_a_study_registry(studied: Site) -> None:
    """Identifiers, both starts with their sources, unknowns, conflicts, arms with totals, lots with their states."""
    page = studied.signed_in("clinic").get("/studies/NCT03877471", headers=HTML).text
    for text in (
        "IOZ ChineseAS POI-2", "2019-04-03", "2019-04-01", "capture B", "needle", "IU/mL", "right ovary",
        "2\u00a0×\u00a010⁶", "4\u00a0×\u00a010⁶", "4\u202f000\u202f000", "10.1016/j.jogoh.2025.103031",
        "/lots/S-01", "every 2 weeks",
    ):  # fmt: skip
        assert text in page, text
    assert "may be injected" in page
    assert "on hold" in page
    assert "/studies/NCT03877471" in studied.signed_in("clinic").get("/studies", headers=HTML).text


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_its_rdf_says_the_same(studied: Site, suffix: str) -> None:
    """With the total of each arm derived."""
    answer = studied.client().get(f"/studies/NCT03877471.{suffix}", headers=studied.bearer("clinic"))
    graph = Graph().parse(data=answer.text, format="turtle" if suffix == "ttl" else "json-ld")
    totals = {int(str(total)) for total in graph.objects(None, URIRef(f"{CPR}cellsPerRecipient"))}
    assert totals == {4_000_000, 10_000_000, 20_000_000}
    iri = URIRef(data_of(studied, "/studies/NCT03877471.json")["iri"])
    assert (iri, URIRef(f"{CPR}acronym"), Literal("MSCLCTWPOI")) in graph


def test_the_address_in_rdf_leads_to_the_page(studied: Site) -> None:
    """And an unknown study is 404."""
    client = studied.client()
    answer = client.get("/study/NCT03877471", headers=studied.bearer("clinic"))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/studies/NCT03877471")
    assert client.get("/studies/NCT00000000", headers=studied.bearer("clinic")).status_code == 404


def test_the_product_and_its_form_lead_to_the_study(studied: Site) -> None:
    """Both by its identifier."""
    browser = studied.signed_in("quality")
    assert 'href="/studies/NCT03877471"' in browser.get("/products/POI-M", headers=HTML).text
    assert '<option value="NCT03877471">' in browser.get("/register/product", headers=HTML).text


def test_the_clinic_and_whoever_signs_read_for_which_arms_a_lot_suffices(studied: Site) -> None:
    """On the lot's page, at the release, on the certificate and in its data; not known where nothing was counted."""
    arms = data_of(studied, "/lots/S-01.json")["arms"]
    assert [(arm["arm"], arm["supply"], arm["recipients"], arm["total"]) for arm in arms] == [
        ("low", "suffices", 12, 4_000_000),
        ("medium", "suffices", 12, 10_000_000),
        ("high", "suffices", 12, 20_000_000),
    ]  # fmt: skip
    assert {arm["supply"] for arm in data_of(studied, "/lots/H-03.json")["arms"]} == {"not known"}
    for browser, path in (("clinic", "/lots/S-01"), ("quality", "/release/S-01")):
        page = studied.signed_in(browser).get(path, headers=HTML).text
        assert "For which arms it suffices" in page
        assert "12 recipients" in page or ">12<" in page
        assert "4\u202f000\u202f000" in page
    printed = studied.registry.printing.certificate("S-01", form="html", by=account_of(studied.registry, "quality"))
    assert "4000000 for one recipient: suffices for 12 recipients, 1 container for each." in printed.data.decode()
