"""A lot leaves as a FHIR bundle that HL7's own models read, and what it says comes back digit for digit."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from registry import vocabulary
from registry.domain import Intake, Result
from registry.errors import Refused, RegistryError, Unreadable
from registry.exchange.fhir.exact_json import Exact, dumped
from registry.exchange.fhir.lot_bundle import bundle
from registry.intake import read
from registry.services import Registry

NAMESPACE = "{http://hl7.org/fhir}"
PROFILES = {
    "Bundle-batch-analysis-pq": "Bundle",
    "DiagnosticReport-analysis-drug-pq": "DiagnosticReport",
    "Observation-test-result-drug-pq": "Observation",
    "ObservationDefinition-test-method-drug-pq": "ObservationDefinition",
    "PlanDefinition-drug-pq": "PlanDefinition",
}
SLICES = {
    "Component-Substance": "SubstanceDefinition",
    "Protocol": "PlanDefinition",
    "Test-Method": "ObservationDefinition",
    "Report": "DiagnosticReport",
    "Result-Observations": "Observation",
    "Organizations": "Organization",
}
"""The parts that the bundle's profile asks for, and the resource of each."""


@pytest.fixture(scope="module")
def told(demo: Registry) -> dict[str, str]:
    """Every product lot that has results, as FHIR."""
    lots = (lot for product in demo.reader.products() for lot in demo.reader.lots_of(product))
    return {lot: demo.lots.fhir(lot) for lot in lots if demo.lots.get(lot).panels}


def read_back(text: str) -> Intake:
    return read("lot.fhir.json", text.encode(), vocabulary.load())


def said(results: Sequence[Result]) -> list[tuple[Any, ...]]:
    """What results say, but for where they were read and their addresses, in an order of their own."""
    told = [
        (result.printed, str(result.characteristic), dict(result.details), result.lot, result.reading, result.unit,
         result.unit_printed, result.stage, result.relation, result.supersedes, result.reason, set(result.members))
        for result in results
    ]  # fmt: skip
    return sorted(told, key=lambda result: (result[0], result[1], sorted(result[2].items())))


def test_every_lot_is_read_by_the_models_of_hl7(told: dict[str, str]) -> None:
    """The library is an oracle: it is asked in this test and nowhere else."""
    models = pytest.importorskip("fhir.resources.bundle")
    assert len(told) > 40
    for text in told.values():
        assert models.Bundle.model_validate_json(text).type == "collection"


@pytest.mark.parametrize("profile", PROFILES)
def test_the_cardinalities_of_the_profiles_hold(told: dict[str, str], shared: Path, profile: str) -> None:
    """Each element that a profile asks for at least once is there, and none more often than it allows."""
    file = shared / "data" / "exchange" / "fhir" / f"{profile}.xml"
    elements = ET.parse(file).getroot().iter(f"{NAMESPACE}element")  # noqa: S314  # HL7's own file
    bounds = [(element.get("id") or "", _value(element, "min"), _value(element, "max")) for element in elements]
    held = [(name, low, high) for name, low, high in bounds if low or high]
    assert held or profile in ("DiagnosticReport-analysis-drug-pq", "Observation-test-result-drug-pq")
    wrong = []
    for lot, text in told.items():
        entries = json.loads(text)["entry"]
        kinds = Counter(entry["resource"]["resourceType"] for entry in entries)
        for name, low, high in held:
            part = name.partition("Bundle.entry:")[2].partition(".")[0]
            count = kinds[SLICES[part]] if part in SLICES else len(entries) if name == "Bundle.entry" else None
            if count is not None and not int(low or 0) <= count <= (1_000_000 if high in ("", "*") else int(high)):
                wrong.append((lot, name, count))
    assert wrong == []


def _value(element: ET.Element, name: str) -> str:
    held = element.find(NAMESPACE + name)
    return (held.get("value") or "") if held is not None else ""


def test_a_lots_bundle_has_the_shape_of_hl7s_own(told: dict[str, str], shared: Path) -> None:
    """Of every kind of resource that both of HL7's worked bundles hold there is one; the plan's groups are theirs."""
    folder = shared / "data" / "exchange" / "fhir"
    kinds = [
        {resource[0].tag.removeprefix(NAMESPACE) for resource in ET.parse(file).getroot().iter(f"{NAMESPACE}resource")}  # noqa: S314
        for file in sorted(folder.glob("bundle-batch-analysis-pq-ex*.xml"))
    ]
    ours = {entry["resource"]["resourceType"] for entry in json.loads(told["H-01"])["entry"]}
    assert set.intersection(*kinds) - ours == set()
    held = [entry["resource"] for entry in json.loads(told["H-01"])["entry"]]
    plan = next(resource for resource in held if resource["resourceType"] == "PlanDefinition")
    assert [group["title"] for group in plan["action"][0]["action"]] == ["Release"]


def test_what_a_bundle_says_comes_back_digit_for_digit(told: dict[str, str], demo: Registry) -> None:
    """Of every lot: the same results as on record, of the panels that were not withdrawn."""
    for lot, text in told.items():
        withdrawn = {panel.iri for panel in demo.lots.get(lot).panels if panel.withdrawn}
        if withdrawn:
            continue
        back = read_back(text)
        assert back.errors == ()
        on_record = demo.reader.facts(lot).results
        assert said(back.results) == said(on_record), lot


def test_a_number_keeps_its_digits() -> None:
    """0.50 stays 0.50, 2.4E+07 stays as it was printed; what is no number of JSON is none here."""
    assert dumped({"a": Exact("0.50"), "b": [Exact("2.4E+07")], "c": "0.50"}) == (
        '{\n "a": 0.50,\n "b": [\n  2.4E+07\n ],\n "c": "0.50"\n}'
    )
    for digits in ("", "NaN", "1,5", "01", "1.", "1e999", '1"', "1\n"):
        with pytest.raises(ValueError, match="no number of JSON"):
            Exact(digits)


def test_a_lot_without_results_has_no_batch_analysis(demo: Registry) -> None:
    """The profile asks for a plan and a report."""
    with pytest.raises(Refused, match="needs results"):
        bundle(demo.lots.get("MCB-1").as_dict(), demo.base)


OBSERVATION: dict[str, Any] = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"text": "CD105"},
    "subject": {"reference": "Medication/m"},
    "valueQuantity": {"value": 97.40, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
    "method": {"text": "flow cytometry"},
}


def sent(**changed: Any) -> bytes:
    """A bundle of one batch and one observation, with some of it changed; None leaves an element out."""
    observation = {key: value for key, value in {**OBSERVATION, **changed}.items() if value is not None}
    batch = {"resourceType": "Medication", "id": "m", "batch": {"lotNumber": "P-07"}}
    entries = [{"fullUrl": "https://lab.example/Medication/m", "resource": batch}, {"resource": observation}]
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    return text.replace("97.4,", "97.40,").encode()


def test_another_houses_bundle_is_read_by_the_rules_of_a_table() -> None:
    """Comparator, unit by its code alone, words as a value, a reason for no value, a report's subject."""
    quantity = {"value": 97.40, "comparator": "<", "system": "http://unitsofmeasure.org", "code": "%"}
    absent = {"coding": [{"code": "not-performed"}]}
    told_values = [
        read("x.json", sent(), vocabulary.load()),
        read("x.json", sent(valueQuantity=quantity), vocabulary.load()),
        read(
            "x.json", sent(code={"text": "sterility"}, valueQuantity=None, valueString="no growth"), vocabulary.load()
        ),
        read("x.json", sent(valueQuantity=None, dataAbsentReason=absent), vocabulary.load()),
    ]
    assert [[(r.lot, r.printed, r.unit_printed) for r in told.results] for told in told_values] == [
        [("P-07", "97.40", "%")], [("P-07", "<97.40", "%")], [("P-07", "no growth", "")], [("P-07", "not tested", "")],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"status": "preliminary"}, "not final"),
        ({"status": "entered-in-error"}, "not final"),
        ({"status": "corrected"}, "not final"),
        ({"modifierExtension": [{"url": "urn:x"}]}, "not read here"),
        ({"component": [{}]}, "not read here"),
        ({"extension": [{"url": "urn:x", "valueString": "y"}]}, "extension that is not read"),
        ({"subject": None}, "of which lot"),
        ({"subject": {"reference": "Medication/other"}}, "of which lot"),
        ({"valueString": "97"}, "one value"),
        ({"valueQuantity": None}, "one value"),
        ({"valueQuantity": {"value": 97, "comparator": "ad", "unit": "%"}}, "comparator"),
        ({"valueQuantity": {"value": 97, "unit": "%", "code": "%"}}, "no system"),
        (
            {"valueQuantity": {"value": 97, "unit": "%", "system": "http://unitsofmeasure.org", "code": "[EU]/mL"}},
            "two things",
        ),
        ({"valueQuantity": {"value": 97, "unit": "%", "extension": []}}, "A quantity has"),
        ({"valueQuantity": None, "dataAbsentReason": {"coding": [{"code": "masked"}]}}, "not understood"),
        ({"code": {"coding": [{"display": "CD105"}, {"display": "CD73"}]}}, "no words"),
    ],
)
def test_what_could_change_a_results_meaning_is_refused(changed: dict[str, Any], message: str) -> None:
    """Never dropped: what stands beside a number is part of it. The refusal names the observation."""
    with pytest.raises(Unreadable, match=message) as refused:
        read("x.json", sent(**changed), vocabulary.load())
    assert refused.value.where == "x.json, observation 1"


@pytest.mark.parametrize(
    "document",
    [
        {"resourceType": "Observation"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": []},
        {"resourceType": "Bundle", "entry": [{}]},
        {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:a", "resource": {}}] * 2},
        {"resourceType": "Bundle", "entry": "x"},
    ],
)
def test_what_is_no_bundle_of_observations_is_refused(document: Any) -> None:
    """With what was expected."""
    with pytest.raises(RegistryError):
        read("x.json", json.dumps(document).encode(), vocabulary.load())


def test_a_bundle_whose_value_and_printed_words_differ_is_refused(told: dict[str, str]) -> None:
    """Whoever changes the one and not the other changes nothing unseen; tried at every number of a bundle."""
    plain = json.loads(told["H-01"])
    observations = [n for n, each in enumerate(plain["entry"]) if "valueQuantity" in each["resource"]]
    assert observations
    for number in observations:
        changed = copy.deepcopy(plain)
        resource = changed["entry"][number]["resource"]
        printed = "https://w3id.org/cell-product-registry/fhir/StructureDefinition/result-printed"
        resource.setdefault("extension", []).append({"url": printed, "valueString": "1234"})
        with pytest.raises(Unreadable, match="not the same"):
            read_back(json.dumps(changed))
