"""Raw flow cytometry: an FCS file and the gates drawn on it, to events in each population.

    read_flow("P-07.fcs", fcs, "panel.gml", gates, mapping)

``fcs``             the frame of an FCS file, refused where it would be counted wrongly
``gatingml``        the frame of a Gating-ML file: which gates, on which channels
``flowkit_reader``  FlowKit counts, in a child process

Shares are computed from its counts, elsewhere and exactly (``intake.instruments.percent_of_parent``).
"""

from __future__ import annotations

import hashlib
from typing import Any

from registry.domain.name_mapping import ROOT, Mapping, folded
from registry.errors import Refused, Unreadable, WrongUsage
from registry.intake.export_model import Details, Export, Population, Sample
from registry.intake.flow.fcs import Frame, read_frame
from registry.intake.flow.gatingml import Gate, Gating, Problem, problems_of, read_gating
from registry.intake.instruments.second_reader import refuse_without_extra
from registry.intake.sandbox import Limits, run

EXTRA = "flow"
SUFFIXES = (".fcs", ".lmd")
MAX_FCS_BYTES = 200_000_000
LIMITS = Limits(seconds=120, memory=6 << 30)
_READER = "registry.intake.flow.flowkit_reader"


def read_flow(file: str, data: bytes, gates: tuple[str, bytes] | None, mapping: Mapping | None) -> Export:
    """The populations of one FCS file under one gating file.

    Raises ``Unreadable`` for either file, ``PatientData``, ``Refused`` for gates that the mapping did not approve,
    ``WrongUsage`` without a gating file, ``UnsupportedKind`` without the extra ``flow``, ``TooLarge`` over its limits.
    """
    refuse_without_extra(file, "flowkit", EXTRA)
    frame = read_frame(data, file)
    if gates is None:
        raise WrongUsage(
            f"{file} holds events, and only gates make results of them.",
            expected="the gates as Gating-ML 2.0",
            found="no gating file",
            where="gates",
            todo="Send them with it.",
            code="no-gates",
            action="add-gates",
        )
    gates_file, gates_data = gates
    gating = read_gating(gates_data, gates_file)
    digest = f"sha256:{hashlib.sha256(gates_data).hexdigest()}"
    _check_approved(mapping, gates_file, digest)
    name = _sample_name(frame, file, mapping)
    details = (*frame.details, ("sample_name", name), ("gating_file", f"{gates_file} {digest}"))
    line = mapping.sample(name) if mapping else None
    if mapping is None or line is None:
        return Export(_instrument(frame), (Sample(name, None, populations=_drawn(gating), details=details),))
    if line.kind == "ignore":
        return Export(_instrument(frame), (Sample(name, None, details=details),))
    wanted = _wanted(mapping, gating)
    problems = tuple(dict.fromkeys(problem for gate in wanted for problem in _problems(gating, gate, frame, mapping)))
    if problems:
        return Export(_instrument(frame), (Sample(name, None, details=details, problems=problems),))
    counted = count(data, gates_data, file)
    _check_counted(counted, frame, gating, file)
    sample = Sample(name, None, populations=_populations(counted["counts"], frame, gating), details=details)
    return Export(_instrument(frame), (sample,))


def count(data: bytes, gates: bytes, file: str, members: tuple[str, ...] = ()) -> dict[str, Any]:
    """What FlowKit counts, in a child process: events, channels, counts by gate, and members of some as packed bits."""
    aside = read_frame(data, file).beside_matrix
    answered: dict[str, Any] = run(_READER, {"members": members, "aside": aside}, [data, gates], LIMITS, file)
    return answered


def _instrument(frame: Frame) -> str:
    return frame.keywords.get("$CYT", "").strip() or "flow cytometer"


def _check_approved(mapping: Mapping | None, file: str, digest: str) -> None:
    approved = mapping.setting("gates") if mapping else ""
    if approved and approved != digest:
        raise Refused(
            f"{file} holds other gates than the mapping approved.",
            expected=approved,
            found=digest,
            where=file,
            todo="Use the approved gating file, or have the mapping approved anew with this one.",
        )


def _sample_name(frame: Frame, file: str, mapping: Mapping | None) -> str:
    """The file's own name, or the keyword that the mapping names; the latter has to be filled in."""
    keyword = mapping.setting("sample keyword") if mapping else ""
    if not keyword:
        return file
    sample_name = frame.keywords.get(keyword.upper(), "").strip()
    if not sample_name:
        raise Unreadable(
            f"{file} does not say which sample it is.",
            expected=f"the keyword {keyword}, as the mapping says",
            found="nothing",
            where=file,
            todo="Fill it in on the cytometer, or map the files by their names.",
        )
    return sample_name


def _wanted(mapping: Mapping, gating: Gating) -> list[Gate]:
    by_name = {folded(gate): known for gate, known in gating.gates.items()}
    named = [folded(name) for line in mapping.gates for name in (line.name, line.parent)]
    return [by_name[name] for name in dict.fromkeys(named) if name in by_name]


def _problems(gating: Gating, gate: Gate, frame: Frame, mapping: Mapping) -> tuple[Problem, ...]:
    return tuple(problems_of(gating, gate, frame, unmixed=bool(mapping.setting("compensation"))))


def _check_counted(counted: dict[str, Any], frame: Frame, gating: Gating, file: str) -> None:
    """FlowKit has to have read the same events and channels, and to have counted every gate."""
    uncounted = [gate for gate in gating.gates if gate not in counted["counts"] and gate not in _quadrant_gates(gating)]
    events = f"{counted['events']:,} events of {len(counted['channels'])} channels"
    if counted["events"] != frame.events or tuple(counted["channels"]) != frame.channels or uncounted:
        raise Unreadable(
            f"{file} is read differently by two readers.",
            expected=f"{frame.events:,} events of {len(frame.channels)} channels, every gate counted",
            found=f"{events}; gates not counted: {', '.join(uncounted) or 'none'}",
            where=file,
            todo="Export it from the cytometer again.",
        )


def _quadrant_gates(gating: Gating) -> set[str]:
    return {gate.inside for gate in gating.gates.values() if gate.inside}


def _drawn(gating: Gating) -> tuple[Population, ...]:
    """Every population that the gates draw, none of them counted: of a sample that nobody mapped."""
    drawn = [gate for gate in gating.gates.values() if gate.id not in _quadrant_gates(gating)]
    return tuple(Population(gate.id, (*gating.lineage(gate), ROOT), None) for gate in drawn)


def _populations(counts: dict[str, int], frame: Frame, gating: Gating) -> tuple[Population, ...]:
    populations = [Population(ROOT, (), frame.events)]
    for gate in gating.gates.values():
        if gate.id in counts:
            details: Details = (("gate_id", gate.id), ("compensation", gate.compensation or _of_parts(gating, gate)))
            populations.append(Population(gate.id, (*gating.lineage(gate), ROOT), counts[gate.id], details=details))
    return tuple(populations)


def _of_parts(gating: Gating, gate: Gate) -> str:
    """The compensation of a Boolean gate: that of the gates that it combines."""
    return ", ".join(
        dict.fromkeys(gate_before.compensation for gate_before in gating.bearing_on(gate) if gate_before.compensation)
    )
