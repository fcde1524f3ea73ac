"""A specification in FHIR: the plan, and each criterion as the definition of a test with its original words.

HL7 FHIR R5, PlanDefinition and ObservationDefinition; profiles ``PlanDefinition-drug-pq`` and
``ObservationDefinition-test-method-drug-pq``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from registry.exchange.fhir.observations import quantity

PQ = "http://hl7.org/fhir/uv/pharm-quality/StructureDefinition/"
PLAN_TYPE = "http://terminology.hl7.org/CodeSystem/pharmaceutical-plan-type"


def plan(specification: Mapping[str, Any], definitions: Sequence[str], subject: str) -> dict[str, Any]:
    """The specification: one group of actions, at release, an action for each test."""
    tests = [{"code": {"text": "Test"}, "definitionCanonical": address} for address in definitions]
    release = {
        "title": "Release",
        "code": {"text": "Timing Group"},
        "timingTiming": {"code": {"text": "Release time"}},
        "action": tests,
    }
    return {
        "resourceType": "PlanDefinition",
        "meta": {"profile": [f"{PQ}PlanDefinition-drug-pq"]},
        "url": specification["iri"],
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:{specification['digest']}"}],
        "version": specification["version"],
        "title": specification["title"],
        "type": {"coding": [{"system": PLAN_TYPE, "code": "1244577", "display": "Specification Protocol"}]},
        "status": "active",
        "subjectReference": {"reference": subject},
        "action": [{"title": specification["title"], "code": {"text": "Overall set of actions"}, "action": [release]}],
    }


def definition(item: Mapping[str, Any], address: str, wanted: Mapping[str, Any] | None) -> dict[str, Any]:
    """One criterion: its words as the specification says them, and its limits as a range where it has any."""
    words = {"url": f"{PQ}Extension-qualified-value-text-pq", "valueString": item["message"]}
    qualified: dict[str, Any] = {"extension": [words]}
    limits = {
        side: quantity(item[f"limit_{side}"], item["unit"] or "")
        for side in ("low", "high")
        if item[f"limit_{side}"] is not None
    }
    if limits:
        qualified["range"] = limits
    return {
        "resourceType": "ObservationDefinition",
        "meta": {"profile": [f"{PQ}ObservationDefinition-test-method-drug-pq"]},
        "url": address,
        "title": item["name"],
        "status": "active",
        "code": {"coding": [wanted], "text": item["characteristic"]} if wanted else {"text": item["characteristic"]},
        "qualifiedValue": [qualified],
    }
