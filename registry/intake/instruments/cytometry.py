"""Gated populations with counts as FlowJo (.wsp) and BD FACSDiva (.xml) export them.

FlowJo stores frequencies as fractions, of a parent that a preference chooses, and FACSDiva stores none: so shares are
computed from counts, and only the counts are read here. FlowJo's ``sampleID`` is a number of its own and names nothing;
the sample is called what the node is called, mostly its FCS file.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry.domain.name_mapping import ROOT
from registry.errors import Unreadable
from registry.intake.checks.patient_data import find_patient_data, refuse_patient_data
from registry.intake.export_model import Details, Export, Population, Sample, told, when
from registry.intake.instruments.markup import Element

FLOWJO = "FlowJo"
FACSDIVA = "BD FACSDiva"


def refuse_patients(root: Element, file: str) -> None:
    """Raise ``PatientData`` when a keyword, an attribute or an element that asks for a patient is filled in."""
    refuse_patient_data(find_patient_data(_answers(root)), file)


def _answers(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.walk():
        yield element.tag.replace("_", " "), element.text
        name = element.attributes.get("name", "")
        if name:
            yield name, element.attributes.get("value", "") or element.said("value")
        yield from ((key, value) for key, value in element.attributes.items() if key not in {"name", "value"})


def read_flowjo(root: Element, file: str) -> Export:
    """The samples of a FlowJo workspace; a population's path is ``singlets/live/CD73+``."""
    listed = root.first("SampleList")
    samples = [] if listed is None else [_flowjo_sample(sample) for sample in listed.all("Sample")]
    if not samples:
        raise Unreadable(f"{file} holds no sample.", expected="a workspace with samples", found="none", where=file)
    return Export(FLOWJO, tuple(samples))


def _flowjo_sample(sample: Element) -> Sample:
    node = sample.first("SampleNode") or Element("SampleNode", {}, sample.line)
    keywords = {
        keyword.attributes.get("name", "").upper(): keyword.attributes.get("value", "")
        for keyword in sample.walk()
        if keyword.tag == "Keyword"
    }
    name = node.attributes.get("name", "").strip()
    time = when(f"{keywords.get('$DATE', '')} {keywords.get('$BTIM', '')}")
    root = Population(ROOT, (), _count(node.attributes.get("count", "")), node.line)
    details = told(
        instrument=" ".join(filter(None, (keywords.get("$CYT", ""), "(FlowJo workspace)"))),
        serial_number=keywords.get("$CYTSN", "") or keywords.get("$CYTN", "") or keywords.get("CYTNUM", ""),
        analyst=keywords.get("$OP", ""),
        tested_at=time,
        sample_name=name,
    )
    return Sample(name, node.line, populations=(root, *_flowjo_below(node, (ROOT,), "")), details=details)


def _flowjo_below(node: Element, ancestors: tuple[str, ...], prefix: str) -> Iterator[Population]:
    below = node.first("Subpopulations")
    for child in below.children if below else ():
        name = child.attributes.get("name", "")
        if not name or child.tag == "Statistic":
            continue
        path = f"{prefix}{name}"
        gate = child.first("Gate")
        details: Details = told(gate_id=gate.attributes.get("id", "") if gate else "")
        yield Population(path, ancestors, _count(child.attributes.get("count", "")), child.line, details=details)
        yield from _flowjo_below(child, (path, *ancestors), f"{path}/")


def read_facsdiva(root: Element, file: str) -> Export:
    """The tubes of a FACSDiva experiment; a tube is called ``specimen/tube``, a population ``All Events\\P1\\P2``."""
    samples = [
        _tube(specimen, tube)
        for experiment in root.all("experiment")
        for specimen in experiment.all("specimen")
        for tube in specimen.all("tube")
    ]
    if not samples:
        raise Unreadable(f"{file} holds no tube.", expected="an experiment with tubes", found="none", where=file)
    return Export(FACSDIVA, tuple(samples))


def _tube(specimen: Element, tube: Element) -> Sample:
    keywords = {
        keyword.attributes.get("name", ""): keyword.said("value") for keyword in tube.walk() if keyword.tag == "keyword"
    }
    name = f"{specimen.attributes.get('name', '')}/{tube.attributes.get('name', '')}"
    gates = [gate for group in tube.all("gates") for gate in group.all("gate")]
    known = {gate.attributes.get("fullname", ""): gate for gate in gates}
    details = told(
        instrument=tube.said("data_instrument_name") or tube.said("data_instrument_type"),
        serial_number=tube.said("data_instrument_serial_number"),
        analyst=keywords.get("$OP", "") or tube.said("record_user"),
        tested_at=when(tube.said("data_begin_date").replace("T", " ") or tube.said("date").replace("T", " ")),
        sample_name=name,
    )
    wrong = [tag for tag in ("AcqObjInError", "AspiratedError") if tube.said(tag).casefold() == "true"]
    flag = f"FACSDiva reports {', '.join(wrong)}" if wrong else ""
    populations = tuple(_gate(gate, known, flag) for gate in gates)
    return Sample(name, tube.line, populations=populations, details=details)


def _gate(gate: Element, known: dict[str, Element], flag: str) -> Population:
    path = gate.attributes.get("fullname", "")
    ancestors: list[str] = []
    at: Element | None = gate
    while at is not None and len(ancestors) < len(known):
        parent = at.said("parent")
        at = known.get(parent)
        if at is not None:
            ancestors.append(parent)
    return Population(path, tuple(ancestors), _count(gate.said("num_events")), gate.line, flag, told(gate_id=path))


def _count(text: str) -> int | None:
    """A count, or None where the software has not counted (empty, −1, NaN)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None
