"""Files that machines wrote, with the laboratory's mapping, to results: counters, cytometers, raw events.

The mapping says what a file's names stand for (``registry.domain.name_mapping``); gates are asked for with raw events
only.
"""

from __future__ import annotations

from importlib.util import find_spec

from registry.domain import Intake
from registry.domain.name_mapping import Mapping
from registry.errors import TooLarge, UnsupportedKind, WrongUsage
from registry.intake.flow import MAX_FCS_BYTES, SUFFIXES, read_flow
from registry.intake.instruments import instrument_of, read_export
from registry.intake.instruments.instrument_results import check_instrument, compose
from registry.vocabulary import Terms

FLOW = "flow cytometer"
KINDS = (".wsp", ".xml", *SUFFIXES)
MAX_EXPORT_BYTES = 50_000_000


def machine_of(file: str, data: bytes) -> str | None:
    """Which kind of machine wrote the file; None for a panel table or RDF. ``UnsupportedKind`` for other XML."""
    if file.lower().endswith(SUFFIXES):
        return FLOW
    machine = instrument_of(file, data[: MAX_EXPORT_BYTES + 1])
    if machine is None and file.lower().endswith(".xml"):
        gates = b"Gating-ML" in data[:4_000]
        raise UnsupportedKind(
            f"{file} holds gates and no events." if gates else f"{file} is XML of a kind that is not read here.",
            expected="an FCS file, with these gates beside it" if gates else "an export of BD FACSDiva",
            found="Gating-ML" if gates else "other XML",
            where=file,
            todo="Send the FCS file, and this one as its gates." if gates else "Export a table, and submit that.",
            action="add-gates" if gates else "",
        )
    return machine


def can_read() -> dict[str, bool]:
    """Whether ``exports`` of instruments, and raw ``events`` with gates, are read here: each needs its extra."""
    libraries = {"exports": "allotropy", "events": "flowkit"}
    return {kind: find_spec(library) is not None for kind, library in libraries.items()}


def read_machine(
    file: str,
    data: bytes,
    machine: str,
    terms: Terms,
    mapping: Mapping | None,
    gates: tuple[str, bytes] | None = None,
) -> Intake:
    """The results of a machine's file. A sample that is not mapped is an error of its own; see ``compose``.

    Raises ``Unreadable``, ``TooLarge``, ``UnsupportedKind`` without the extra, ``PatientData``, ``Refused`` for
    another instrument's mapping or other gates than it approved, ``WrongUsage`` without gates or with needless ones.
    """
    limit = MAX_FCS_BYTES if machine == FLOW else MAX_EXPORT_BYTES
    if len(data) > limit:
        raise TooLarge(
            f"{file} is too large.", expected=f"at most {limit:,} bytes", found=f"{len(data):,} bytes", where=file,
            todo="Split the file.",
        )  # fmt: skip
    if machine == FLOW:
        return compose(read_flow(file, data, gates, mapping), mapping, terms, file)
    if gates is not None:
        raise needless_gates(file, gates[0])
    check_instrument(machine, mapping, file)
    return compose(read_export(file, data, machine), mapping, terms, file)


def needless_gates(file: str, gates: str) -> WrongUsage:
    """The refusal of gates beside a file that holds no events."""
    return WrongUsage(
        f"{file} holds no events, so gates have nothing to select.",
        expected="gates beside FCS files only",
        found=gates,
        where="gates",
        todo="Leave the gates out for this file.",
        action="leave-gates-out",
    )
