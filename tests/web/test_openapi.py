"""The one description of the addresses for programs is complete, and the server does what it says."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS

from tests.conftest import ROOT
from tests.web.conftest import Site

DATA = ("/api/", "/sparql", "/lots", "/history", "/products", "/specifications", "/records", "/files", "/submissions/")
ALSO = {"/healthz", "/readyz", "/metrics"}
# What a file or a question says decides, not its form: well-formed ones may be refused.
LEFT_OUT = {"positive_data_acceptance", "negative_data_rejection", "unsupported_method", "ignored_auth"}


def described(site: Site) -> dict[str, set[str]]:
    paths = site.client().get("/api/v1/openapi.json").get_json()["paths"]
    return {re.sub(r"\{[^}]+\}", "{}", path): {name.upper() for name in said} for path, said in paths.items()}


def served(site: Site) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for rule in site.app.url_map.iter_rules():
        if not re.search(r"<any\(json,(jsonld,ttl,)?html(,csv)?\)", rule.rule):
            path = re.sub(r"<[^>]+>", "{}", rule.rule)
            found.setdefault(path, set()).update((rule.methods or set()) - {"HEAD", "OPTIONS"})
    return found


def test_every_address_for_programs_is_described(site: Site) -> None:
    """Neither an address that nobody describes nor one that nobody serves, method by method."""
    said, there = described(site), served(site)
    for_programs = {path: methods for path, methods in there.items() if path.startswith(DATA) or path in ALSO}
    assert {path: said.get(path) for path in for_programs} == for_programs
    assert {path: there.get(path, set()) & methods for path, methods in said.items()} == said


def test_every_reference_leads_somewhere(site: Site) -> None:
    """And every schema is used."""
    document = site.client().get("/api/v1/openapi.json").get_json()
    named = set(re.findall(r"#/components/(schemas/\w+|responses/\w+)", str(document)))
    there = {f"{kind}/{name}" for kind in ("schemas", "responses") for name in document["components"][kind]}
    assert named - there == set()
    assert document["openapi"] == "3.1.0"


CHECKED = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]
OPERATIONS = [
    f"{method.upper()} {path}"
    for path, said in json.loads((ROOT / "web" / "openapi.json").read_text("utf-8"))["paths"].items()
    for method in said
    if path != "/api/v1/openapi.json"  # which is what is read
]


@pytest.fixture(scope="module")
def operations(site: Site) -> dict[str, schemathesis.schemas.APIOperation]:
    """Every operation as schemathesis reads the description, asked in-process."""
    read = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", site.app)
    return {operation.ok().label: operation.ok() for operation in read.get_all_operations()}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_server_does_what_the_description_says(
    name: str, operations: dict[str, schemathesis.schemas.APIOperation], site: Site
) -> None:
    """Status, media type, headers and schema of every answer are described, and none is a fault of ours."""
    headers = {"Authorization": f"Bearer {site.tokens['quality']}"}

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operations[name].as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKED)

    ask()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("GET /lots/{lot}", {"lot": "H-03"}),
        ("GET /lots/{lot}", {"lot": "H-04.json"}),
        ("GET /history/{lot}", {"lot": "H-05"}),
        ("GET /products/{product}", {"product": "POI-M"}),
        ("GET /specifications/{name}", {"name": "msc-identity"}),
        ("GET /specifications/{name}/{version}", {"name": "msc-identity", "version": "1"}),
        ("GET /specifications/{name}/{version}/difference?from=isct-2006@1", {"name": "msc-identity", "version": "1"}),
        ("GET /specifications/{name}/{version}/table.{form}", {"name": "isct-2006", "version": "1", "form": "yaml"}),
        ("GET /specifications/{name}/{version}/template.{form}", {"name": "isct-2006", "version": "1", "form": "xlsx"}),
    ],
)
def test_what_is_really_there_is_answered_as_described(
    name: str, parameters: dict[str, str], operations: dict[str, schemathesis.schemas.APIOperation], site: Site
) -> None:
    """Random identifiers find nothing; these do, and every field is of its schema."""
    path, _, query = name.partition("?")
    case = operations[path].Case(path_parameters=parameters, query=dict(parse_qsl(query)))
    headers = {"Authorization": f"Bearer {site.tokens['quality']}", "Accept": "application/json, */*;q=0.5"}
    assert case.call_and_validate(headers=headers, checks=CHECKED).status_code == 200
