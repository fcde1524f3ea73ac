"""A mapping on record says what its table said; a panel read with it says where each figure comes from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from registry import intake
from registry.domain import Panel, Recorded
from registry.identifiers import Names
from registry.judgement import shacl
from registry.records import digest_of
from registry.records.mapping import read_mapping, write_mapping
from registry.records.panel import read_panel, write_panel
from registry.services.mappings.approved import Beside
from tests.instruments import synthetic
from tests.instruments.conftest import TERMS, mapping_of

NAMES = Names("https://registry.example/")
AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
ENTRY = Recorded(3, AT, "quality", "sha256:" + "0" * 64)
MAPPING = mapping_of(
    "sample,E-01.fcs,E-01,after thaw,,,,", "ignore,beads*,,,,,,", "gate,CD73_pos,,,CD73,Cells,,",
    "column,Viability (%),,,viability,,%,", "setting,minimum events,,,,,,20",
)  # fmt: skip


def test_a_mapping_is_read_back_as_it_was_approved() -> None:
    """Lines, file, who, and from when."""
    signed = replace(MAPPING, name="flow", signed_by="quality", printed_name="Q. Unit", signed_at=AT)
    record = write_mapping(signed, NAMES)
    shacl.check_form("mapping", record.ntriples)
    assert read_mapping(record, ENTRY, NAMES) == replace(signed, entry=ENTRY)


def test_a_panel_of_counted_events_is_read_back_to_the_fraction() -> None:
    """The open interval, what was printed, and every detail."""
    gates = ("gates.xml", synthetic.gates({"CD73": "PE-A"}))
    read = intake.read("E-01.fcs", synthetic.msc(90, positive=0.8), TERMS, mapping=MAPPING, gates=gates)
    (result,) = read.results
    file = digest_of(b"events")
    identifier, record = write_panel(
        Panel("E-01", result.stage, (result,)), NAMES, file=file, file_name="E-01.fcs", synthetic=True
    )
    shacl.check_form("panel", record.ntriples)
    (kept,) = read_panel(record, ENTRY, NAMES).results
    assert replace(kept, iri=None, details=()) == replace(result, details=())
    assert dict(kept.details) == dict(result.details)
    assert set(dict(kept.details)) == {
        "instrument", "serial_number", "analyst", "tested_at", "sample_name", "gating_file", "gate_id", "compensation",
        "events", "parent_population", "parent_events", "mapping",
    }  # fmt: skip
    assert kept.reading.interval is not None
    assert kept.reading.interval.low_open
    assert len(identifier) == 16


def test_the_same_events_under_other_gates_are_another_panel() -> None:
    """And a file that needs nothing beside it is known by its own digest."""
    data = b"events"
    identities = {
        Beside().identity(data), Beside(MAPPING).identity(data), Beside(MAPPING, ("g", b"one")).identity(data),
        Beside(MAPPING, ("g", b"two")).identity(data), Beside(replace(MAPPING, file="x")).identity(data),
    }  # fmt: skip
    assert len(identities) == 5
    assert Beside().identity(data) == digest_of(data)
