"""A FHIR R5 (or R4) bundle of observations, as panels: each result with its comparator, unit, method and lot.

panels({"resourceType": "Bundle", "entry": […]}, "panel.json")   {"panels": [{"lot": "P-07", "results": […]}]}

What is answered has the form of ``json_model`` and is read by its rules and those of every table; numbers keep the text
that was sent. What could change a result's meaning and is not read here is refused, never dropped: a status other than
final, a modifier extension, components, another comparator, a unit whose code says another one.

Source: HL7 FHIR R5, Observation, Bundle; https://hl7.org/fhir/R5/observation.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from registry.errors import Unreadable
from registry.intake.values.ucum import converted
from registry.vocabulary.printed_names import folded_unit

DETAIL = "https://w3id.org/cell-product-registry/fhir/StructureDefinition/result-"
"""Our own extensions, as ``registry.exchange.fhir`` writes them."""
UCUM = "http://unitsofmeasure.org"
_OTHERS = {"stage", "relation", "supersedes", "reason", "clone", "fluorochrome", "reagent_lot", "events",
           "parent_population", "passage", "duration", "species"}  # fmt: skip
_READ = {
    "resourceType", "id", "meta", "text", "language", "extension", "identifier", "category", "status", "code",
    "subject", "effectiveDateTime", "issued", "performer", "interpretation", "note", "method", "device",
    "dataAbsentReason", "valueQuantity", "valueString", "valueCodeableConcept", "valueInteger", "referenceRange",
}  # fmt: skip
"""Elements of an Observation that are read, or that say nothing about the result."""
_UNKNOWN = {"not-performed": "not tested", "not-asked": "not tested", "error": "not evaluable"}
_SIGNS = {"<", "<=", ">", ">="}
Document = Mapping[str, Any]


def is_fhir(document: Any) -> bool:
    """True for a resource of FHIR."""
    return isinstance(document, Mapping) and isinstance(document.get("resourceType"), str)


def panels(document: Document, file: str) -> dict[str, Any]:
    """The observations of a bundle, a panel for each lot and stage. Raises Unreadable, naming the observation."""
    if document["resourceType"] != "Bundle":
        raise Unreadable(
            f"{file} is a FHIR {document['resourceType']}.", expected="a Bundle of Observations",
            found=str(document["resourceType"]), where=file, todo="Send the observations in a Bundle, with their lot.",
        )  # fmt: skip
    held = _resources(document, file)
    observations = [(where, each) for where, each in held.items() if each.get("resourceType") == "Observation"]
    if not observations:
        raise Unreadable(f"{file} holds no Observation.", expected="at least one Observation", found="none", where=file)
    reported = _reported(held)
    told: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for number, (where, each) in enumerate(observations, 1):
        place = f"{file}, observation {number}"
        subject = each.get("subject") or reported.get(where)
        stage, result = _result(each, place)
        told.setdefault((_lot(subject, held, place), stage), []).append(result)
    return {"panels": [{"lot": lot, "stage": stage, "results": results} for (lot, stage), results in told.items()]}


def _resources(document: Document, file: str) -> dict[str, Document]:
    """The resources of the bundle by the address that others call them by."""
    entries = document.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise Unreadable(f"{file} is a Bundle without entries.", expected="entry: a list", where=file)
    held: dict[str, Document] = {}
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource")
        if not isinstance(resource, Mapping):
            raise Unreadable("An entry holds no resource.", expected="resource", where=f"{file}, entry {number}")
        url = str(entry.get("fullUrl") or f"{resource.get('resourceType')}/{resource.get('id', number)}")
        if url in held:
            raise Unreadable("Two entries have one address: which of them is meant?", found=url, where=file)
        held[url] = resource
    return held


def _reported(held: Mapping[str, Document]) -> dict[str, Document]:
    """For each observation that a report lists, the report's subject."""
    return {
        _led(reference, held): report["subject"]
        for report in held.values()
        if report.get("resourceType") == "DiagnosticReport" and isinstance(report.get("subject"), Mapping)
        for reference in _list(report, "result")
    }


def _led(reference: Any, held: Mapping[str, Document]) -> str:
    """The address within the bundle that a reference names: whole, or as type and id."""
    text = str(reference.get("reference", "")) if isinstance(reference, Mapping) else ""
    if text in held:
        return text
    return next((url for url in held if url.endswith(f"/{text}")), text)


def _lot(subject: Any, held: Mapping[str, Document], place: str) -> str:
    """The lot that a subject is: a batch's number, or the one identifier of a product or specimen in the bundle."""
    expected = "a subject with batch.lotNumber, or with one identifier"
    if not isinstance(subject, Mapping):
        raise Unreadable("The observation does not say of which lot it is.", expected=expected, where=place)
    thing = held.get(_led(subject, held), subject)
    batch = thing.get("batch")
    if isinstance(batch, Mapping) and batch.get("lotNumber"):
        return str(batch["lotNumber"])
    given = thing.get("identifier")
    values = [
        each.get("value") for each in (given if isinstance(given, list) else [given]) if isinstance(each, Mapping)
    ]
    if len(values) != 1 or not values[0]:
        raise Unreadable("The observation does not say of which lot it is.", expected=expected,
                         found=f"{len(values)} identifiers", where=place)  # fmt: skip
    return str(values[0])


def _result(each: Document, place: str) -> tuple[str, dict[str, Any]]:
    """The stage, and the result as ``json_model`` reads it."""
    _readable(each, place)
    own = dict(_extensions(each, place))
    unknown = sorted(set(own) - _OTHERS - {"printed"})
    if unknown:
        raise Unreadable("An extension of ours is not known here.", found=", ".join(unknown), where=place)
    result = {"characteristic": _coded(each.get("code"), "code", place), **_value(each, own.get("printed"), place)}
    result |= {name: text for name, text in own.items() if name not in ("stage", "printed")}
    if each.get("method"):
        result["method"] = _coded(each["method"], "method", place)
    if each.get("effectiveDateTime"):
        result["tested_at"] = str(each["effectiveDateTime"])
    if isinstance(each.get("device"), Mapping) and each["device"].get("display"):
        result["instrument"] = str(each["device"]["display"])
    noted = [str(note.get("text", "")) for note in _list(each, "note")]
    if any(noted):
        result["note"] = "; ".join(filter(None, noted))
    return own.get("stage", ""), result


def _readable(each: Document, place: str) -> None:
    """Nothing stands in the observation that would change its result and that nobody reads."""
    others = sorted(str(name) for name in set(each) - _READ)
    if others:
        raise Unreadable("The observation holds elements that are not read here, and may change its result.",
                         expected="none of them", found=", ".join(others), where=place,
                         todo="Send each result as an Observation of its own, without them.")  # fmt: skip
    if each.get("status") != "final":
        raise Unreadable(
            "The observation is not final.", expected="status final", found=str(each.get("status")), where=place,
            todo="Send it when it is final; a correction is sent as one, with its reason.",
        )  # fmt: skip


def _extensions(each: Document, place: str) -> Iterator[tuple[str, str]]:
    """Ours by their names; of another only a result's printed words could be meant, so it is refused."""
    for extension in _list(each, "extension"):
        url = str(extension.get("url", ""))
        if not url.startswith(DETAIL) or not isinstance(extension.get("valueString"), str):
            raise Unreadable("The observation has an extension that is not read here.", expected=f"{DETAIL}…",
                             found=url, where=place, todo="Leave it out, or say it in a note.")  # fmt: skip
        yield url.removeprefix(DETAIL), extension["valueString"]


def _value(each: Document, printed: str | None, place: str) -> dict[str, str]:
    """Value, comparator and unit as they were sent; exactly one value, or the reason why there is none."""
    kinds = [name for name in each if name.startswith("value") or name == "dataAbsentReason"]
    if len(kinds) != 1:
        raise Unreadable("An observation has one value, or the reason why it has none.", expected="one of them",
                         found=", ".join(kinds) or "none", where=place)  # fmt: skip
    match kinds[0]:
        case "dataAbsentReason":
            codes = [str(code.get("code", "")) for code in _list(each["dataAbsentReason"], "coding")]
            reason = _UNKNOWN.get(codes[0], "") if len(codes) == 1 else ""
            if not reason:
                raise Unreadable("Why there is no value is not understood.", expected=", ".join(_UNKNOWN),
                                 found=", ".join(codes) or "no code", where=place)  # fmt: skip
            return {"value": reason}
        case "valueQuantity":
            return _quantity(each["valueQuantity"], printed, place)
        case "valueCodeableConcept":
            return {"value": _coded(each["valueCodeableConcept"], "value", place)}
    return {"value": str(each[kinds[0]])}


def _quantity(given: Any, printed: str | None, place: str) -> dict[str, str]:
    if not isinstance(given, Mapping) or "value" not in given or set(given) - {"value", "comparator", "unit", "system",
                                                                               "code"}:  # fmt: skip
        raise Unreadable("A quantity has a value, and may have comparator, unit, system and code.", where=place)
    sign = str(given.get("comparator", ""))
    if sign and sign not in _SIGNS:
        raise Unreadable(
            "The comparator is not read here.", expected=", ".join(sorted(_SIGNS)), found=sign, where=place
        )
    number = str(given["value"])
    if printed is not None:
        same = printed.replace(",", ".").replace("≤", "<=").replace("≥", ">=").replace(" ", "")
        if same != f"{sign}{number}":
            raise Unreadable("What was printed and the value are not the same.", expected=printed,
                             found=f"{sign}{number}", where=place)  # fmt: skip
        return {"value": printed, "unit": _unit(given, place)}
    return {"value": f"{sign}{number}", "unit": _unit(given, place)}


def _unit(given: Mapping[str, Any], place: str) -> str:
    """The unit as printed; the UCUM code where it stands alone. Two that say other things are refused."""
    unit, code = str(given.get("unit", "")), str(given.get("code", ""))
    if code and given.get("system") != UCUM:
        raise Unreadable("The unit's code is of no system that is read here.", expected=UCUM,
                         found=str(given.get("system", "")), where=place)  # fmt: skip
    if unit and code and _meant(unit) != _meant(code):
        raise Unreadable("The unit and its code say two things.", expected=unit, found=code, where=place)
    return unit or code


def _meant(unit: str) -> tuple[str, Decimal]:
    """The unit of ours that a unit or code means, and its factor; what stands in braces is words (UCUM, section 12)."""
    known = converted(unit)
    return (folded_unit(known.unit), known.factor) if known else (folded_unit(re.sub(r"[{}]", "", unit)), Decimal(1))


def _coded(concept: Any, name: str, place: str) -> str:
    """The words of a concept: its text, else the one display or code."""
    if isinstance(concept, Mapping):
        if concept.get("text"):
            return str(concept["text"])
        codings = _list(concept, "coding")
        if len(codings) == 1 and (words := codings[0].get("display") or codings[0].get("code")):
            return str(words)
    raise Unreadable(f"The observation's {name} has no words.", expected="text, or one coding", where=place)


def _list(holder: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    given = holder.get(name)
    return [each for each in given if isinstance(each, Mapping)] if isinstance(given, list) else []
