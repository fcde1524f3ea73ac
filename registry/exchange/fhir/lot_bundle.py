"""A lot as a FHIR R5 bundle of batch analysis, and as a biologically derived product beside it.

bundle(registry.lots.get("H-01").as_dict(), "https://registry.example/")   {"resourceType": "Bundle", "type": …}

HL7 UV Pharmaceutical Quality (Industry) 1.0.0, ``Bundle-batch-analysis-pq``: at least one substance, plan, test method,
report, observation and organization. A bundle says what was measured and judged; whether the lot may be injected now
stands on its page, whose address the report gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from registry.errors import Refused
from registry.exchange.fhir.observations import coding, observation
from registry.exchange.fhir.tests_asked import PQ, definition, plan

_CATEGORY = "http://hl7.org/fhir/product-category"
Resource = dict[str, Any]


def bundle(lot: Mapping[str, Any], base: str) -> Resource:
    """The bundle of a lot's answer.

    Raises Refused for a lot without results, or without a specification: the profile asks for a plan and a report.
    """
    specification = lot["specification"]
    results = [(panel, result) for panel in lot["panels"] for result in panel["results"]]
    if specification is None or not results:
        raise Refused(
            "A batch analysis needs results, and a specification that they are held against.",
            expected="a lot with results, of a product with an approved specification",
            found="no specification" if specification is None else "no result",
            where=lot["lot"],
            todo="Submit its panel, and have a specification approved; the lot as JSON holds what there is.",
        )
    address = lot["iri"]
    references = {"subject": _urn(address, "batch"), "performer": _urn(base, "house")}
    codes = {result["label"]: coding(result["characteristic"], result["label"]) for _panel, result in results}
    verdicts = {_place(item["source"]): item["verdict"] for item in lot["criteria"] if item["source"]}
    definitions = [f"{specification['iri']}#{item['id']}" for item in lot["criteria"]]
    seen = [
        (result["iri"], observation(result, panel, verdicts.get(_place(result["source"])), references))
        for panel, result in results
    ]
    tests = [
        (where, definition(item, where, codes.get(item["characteristic"])))
        for where, item in zip(definitions, lot["criteria"], strict=True)
    ]
    resources = [
        (references["subject"], _batch(lot, base)),
        (_urn(address, "cells"), _cells(lot)),
        (_urn(address, "product"), _derived(lot, base)),
        (_urn(specification["iri"], "plan"), plan(specification, definitions, _urn(address, "cells"))),
        *((_urn(where, "test"), resource) for where, resource in tests),
        (_urn(address, "report"), _report(lot, [_urn(iri, "result") for iri, _resource in seen], references)),
        *((_urn(iri, "result"), resource) for iri, resource in seen),
        (references["performer"], _house(base)),
    ]
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PQ}Bundle-batch-analysis-pq"]},
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"{address}#ledger-{lot['ledger_size']}"},
        "type": "collection",
        "timestamp": lot["at"],
        "entry": list(_entries(resources)),
    }


def _entries(resources: Sequence[tuple[str, Resource]]) -> Iterator[Resource]:
    for urn, resource in resources:
        yield {"fullUrl": urn, "resource": {"resourceType": resource["resourceType"], "id": urn[9:], **resource}}


def _urn(address: str, part: str) -> str:
    """The same name for the same thing in every bundle of this registry."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{address}#{part}')}"


def _place(source: Mapping[str, Any]) -> tuple[object, ...]:
    return source["file"], source["row"], source["column"]


def _identifier(lot: Mapping[str, Any], base: str) -> list[Resource]:
    return [{"system": f"{base}lot/", "value": lot["lot"]}]


def _batch(lot: Mapping[str, Any], base: str) -> Resource:
    batch = {"lotNumber": lot["lot"]} | ({"expirationDate": lot["expires_at"]} if lot["expires_at"] else {})
    product = lot["product"]
    name = product["label"] if product else lot["kind"]
    code: Resource = {"text": name}
    if product:
        code["coding"] = [{"system": f"{base}product/", "code": product["id"], "display": name}]
    return {
        "resourceType": "Medication",
        "meta": {"profile": [f"{PQ}Medication-batch-information-drug-pq"]},
        "identifier": _identifier(lot, base),
        "code": code,
        "batch": batch,
    }


def _cells(lot: Mapping[str, Any]) -> Resource:
    cells = lot["product"]["cell_type"] if lot["product"] else None
    name = cells["label"] if cells else lot["kind"]
    made: Resource = {"resourceType": "SubstanceDefinition", "name": [{"name": name}]}
    if cells:
        made["code"] = [{"code": {"coding": [coding(cells["id"], cells["label"])], "text": name}}]
    return made


def _derived(lot: Mapping[str, Any], base: str) -> Resource:
    """The lot as what it is, cells from a donor; its parents by their identifiers, never a donor's own number."""
    made: Resource = {
        "resourceType": "BiologicallyDerivedProduct",
        "productCategory": {"system": _CATEGORY, "code": "cells"},
        "productCode": {"text": lot["product"]["label"] if lot["product"] else lot["kind"]},
        "identifier": _identifier(lot, base),
    }
    if lot["expires_at"]:
        made["expirationDate"] = lot["expires_at"]
    parents = [{"identifier": {"system": f"{base}lot/", "value": each["lot"]}} for each in lot["derived_from"]]
    return made | ({"parent": parents} if parents else {})


def _report(lot: Mapping[str, Any], results: Sequence[str], references: Mapping[str, str]) -> Resource:
    verdict, title = lot["verdict"], lot["specification"]["title"]
    return {
        "resourceType": "DiagnosticReport",
        "meta": {"profile": [f"{PQ}DiagnosticReport-analysis-drug-pq"]},
        "status": "final" if verdict in ("pass", "fail") else "partial",
        "code": {"text": "Batch analysis"},
        "subject": {"reference": references["subject"]},
        "effectiveDateTime": lot["at"],
        "issued": lot["at"],
        "performer": [{"reference": references["performer"]}],
        "result": [{"reference": urn} for urn in results],
        "conclusion": (
            f"Verdict of the evidence under {title}, version {lot['specification']['version']}: {verdict}. It is no "
            f"release: whether the lot may be injected stands, for now, at {lot['iri']}."
        ),
    }


def _house(base: str) -> Resource:
    return {
        "resourceType": "Organization",
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": base}],
        "name": f"The house of the registry {base}",
    }
