"""A result on record as a FHIR Observation: number, comparator and unit as printed, the verdict as interpretation.

HL7 FHIR R5, Observation; profile ``Observation-test-result-drug-pq``. Units in UCUM where ours has a code there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from registry.exchange.fhir.exact_json import NUMBER, Exact

UCUM = "http://unitsofmeasure.org"
OBO = "http://purl.obolibrary.org/obo/"
CPR = "https://w3id.org/cell-product-registry/ns#"
DETAIL = "https://w3id.org/cell-product-registry/fhir/StructureDefinition/result-"
"""Extensions for what FHIR has no element for: stage, events, parent population, and the like, by their names here."""
PROFILE = "http://hl7.org/fhir/uv/pharm-quality/StructureDefinition/Observation-test-result-drug-pq"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CODES = {
    "%": "%", "EU/mL": "[EU]/mL", "IU/mL": "[IU]/mL", "cells": "{cells}", "cells/mL": "{cells}/mL",
    "cells/vial": "{cells}/{vial}", "10^6 cells/mL": "10*6.{cells}/mL", "10^6 cells": "10*6.{cells}", "h": "h",
    "d": "d", "min": "min", "mL": "mL", "µm": "um", "pg/mL": "pg/mL", "ng/mL": "ng/mL", "passages": "{passages}",
}  # fmt: skip
"""UCUM 2.2 codes of the units that panels print."""
_WORDS = {"pass": ("N", "Normal"), "fail": ("A", "Abnormal")}
_COMPARED = re.compile(r"(?P<sign>[<>≤≥]=?)? ?(?P<number>.+)")
_SIGNS = {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "<=": "<=", ">=": ">="}
_ABSENT = {"not tested": "not-performed", "not evaluable": "error"}
_OWN = ("method", "tested_at", "instrument", "analyst", "note")
"""Details that FHIR has an element for."""


def observation(
    result: Mapping[str, Any], panel: Mapping[str, Any], verdict: str | None, references: Mapping[str, str]
) -> dict[str, Any]:
    """One result of a panel; ``references`` are ``subject`` (the batch) and ``performer`` (the house)."""
    details = dict(result["details"])
    stage = result["stage"] or panel["stage"]
    extra = {"stage": stage, **{name: result[name] for name in ("relation", "supersedes", "reason")}}
    extra |= {name: text for name, text in details.items() if name not in _OWN}
    value, printed = _value(result["printed"].strip(), result["unit"])
    if printed:
        extra["printed"] = printed
    extensions = [{"url": DETAIL + name, "valueString": str(text)} for name, text in extra.items() if text]
    method, tested, noted = details.get("method"), details.get("tested_at"), details.get("note")
    made = {
        "resourceType": "Observation",
        "meta": {"profile": [PROFILE]},
        "extension": extensions,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": result["iri"]}],
        "status": "entered-in-error" if panel["withdrawn"] else "final",
        "code": {"coding": [coding(result["characteristic"], result["label"])], "text": result["label"]},
        "subject": {"reference": references["subject"]},
        "effectiveDateTime": tested if tested and "T" in tested else None,
        "issued": panel["at"],
        "performer": [{"reference": references["performer"]}],
        **value,
        "interpretation": [_interpretation(verdict)] if verdict else None,
        "note": [{"text": noted}] if noted else None,
        "method": {"text": method} if method else None,
    }
    return {name: each for name, each in made.items() if each not in (None, [])}


def coding(term: str, label: str) -> dict[str, str]:
    """A term of an ontology as a FHIR coding: its namespace, its code, its label."""
    prefix, _, local = term.partition(":")
    if prefix == "cpr":
        return {"system": CPR, "code": local, "display": label}
    return {"system": OBO, "code": f"{prefix}_{local}", "display": label}


def quantity(number: str, unit: str, comparator: str = "") -> dict[str, Any]:
    """A number with its unit: the UCUM code where there is one, the unit as printed in any case."""
    made: dict[str, Any] = {"value": Exact(number)}
    if comparator:
        made["comparator"] = comparator
    if unit:
        made["unit"] = unit
    if unit in CODES:
        made |= {"system": UCUM, "code": CODES[unit]}
    return made


def _value(printed: str, unit: str) -> tuple[dict[str, Any], str]:
    """The value's element, and what was printed where the element does not say it letter for letter."""
    if printed in _ABSENT:
        code = _ABSENT[printed]
        return {"dataAbsentReason": {"coding": [{"system": ABSENT, "code": code}], "text": printed}}, printed
    match = _COMPARED.fullmatch(printed)
    number = match["number"] if match else ""
    plain = number.replace(",", ".", 1) if re.fullmatch(r"[0-9]+,[0-9]+", number) else number
    if match is None or not NUMBER.fullmatch(plain):
        return {"valueString": printed}, ""
    made = quantity(plain, unit, _SIGNS.get(match["sign"] or "", ""))
    same = f"{made.get('comparator', '')}{plain}" == printed
    return {"valueQuantity": made}, "" if same else printed


def _interpretation(verdict: str) -> dict[str, Any]:
    """The verdict in its own word; with HL7's code where it is plainly one of theirs."""
    if verdict not in _WORDS:
        return {"text": verdict}
    code, display = _WORDS[verdict]
    return {"coding": [{"system": INTERPRETATION, "code": code, "display": display}], "text": verdict}
