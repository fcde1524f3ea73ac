"""Raw events and gates: ISAC's truth event for event, and everything that would be counted wrongly refused by name."""

from __future__ import annotations

import base64
import hashlib
import struct
from pathlib import Path

import pytest

from registry import intake
from registry.errors import PatientData, Refused, Unreadable, UnsupportedKind, WrongUsage
from registry.intake import flow
from registry.intake.flow.fcs import read_frame
from registry.intake.flow.gatingml import Gating, problems_of, read_gating
from registry.intake.instruments import second_reader
from tests.instruments import synthetic
from tests.instruments.conftest import TERMS, mapping_of

TRUTHS = ("And1", "Polygon1", "Range1", "Rectangle1", "Rectangle2", "ScalePar1", "ScaleRect1")
MSC = synthetic.msc(600)
MAPPING = mapping_of(
    "sample,E-01.fcs,E-01,,,,,", "gate,CD73_pos,,,CD73,Cells,,", "gate,CD45_pos,,,CD45,Cells,,",
    "setting,minimum events,,,,,,500",
)  # fmt: skip


@pytest.fixture(scope="module")
def isac(shared: Path) -> Path:
    return shared / "data" / "flow" / "isac-gatingml"


def bits(packed: str, count: int) -> list[int]:
    """Packed bits as 0 and 1, without the filling of the last byte."""
    return [byte >> place & 1 for byte in base64.b64decode(packed) for place in range(7, -1, -1)][:count]


def test_events_are_those_of_the_truth_files(isac: Path) -> None:
    """Each of 13,367 events lies in each of seven gates exactly when ISAC says so."""
    data, gates = (isac / "data1.fcs").read_bytes(), (isac / "gml_all_gates.xml").read_bytes()
    counted = flow.count(data, gates, "data1.fcs", TRUTHS)
    for gate in TRUTHS:
        truth = [int(line) for line in (isac / "truth" / f"Results_{gate}.txt").read_text().split()]
        assert bits(counted["members"][gate], counted["events"]) == truth
        assert counted["counts"][gate] == sum(truth)


def test_real_events_give_shares_of_their_parents(isac: Path) -> None:
    """CD4 and CD8 of CD3-positive events, exactly; the gates and both digests stand beside them."""
    mapping = mapping_of(
        "sample,data1.fcs,P-07,after thaw,,,,",
        "gate,CD4_pos,,,CD4,CD3_pos,,",
        "gate,CD8_pos,,,CD8a,CD3_pos,,",
        "setting,minimum events,,,,,,800",
    )
    name = "cd3_cd4_cd8.gml.xml"
    gates = (name, (isac / name).read_bytes())
    read = intake.read("data1.fcs", (isac / "data1.fcs").read_bytes(), TERMS, mapping=mapping, gates=gates)
    digest = f"sha256:{hashlib.sha256(gates[1]).hexdigest()}"
    counts = flow.count((isac / "data1.fcs").read_bytes(), gates[1], "data1.fcs")["counts"]
    assert [(r.label, r.printed.split(" ")[0], r.source.row) for r in read.results] == [
        ("CD4", f"{counts['CD4_pos']}/{counts['CD3_pos']}", None),
        ("CD8a", f"{counts['CD8_pos']}/{counts['CD3_pos']}", None),
    ]
    assert dict(read.results[0].details) == {
        "instrument": "FACSCalibur", "serial_number": "E3820",
        "tested_at": "23-Aug-02 16:31:33 (no time zone in the file)",
        "sample_name": "data1.fcs", "gate_id": "CD4_pos", "compensation": "uncompensated",
        "events": str(counts["CD4_pos"]), "parent_population": "CD3_pos",
        "parent_events": str(counts["CD3_pos"]), "mapping": f"lab {mapping.file}", "gating_file": f"{name} {digest}",
    }  # fmt: skip


def test_made_up_msc_are_read() -> None:
    """Counts are those that the made-up events were drawn with; few enough to count here."""
    rows = list(struct.iter_unpack("<8H", MSC[4096:]))
    cells = [row for row in rows if row[0] >= 5_000 and row[1] >= 5_000]
    gates = ("gates.xml", synthetic.gates(compensation="uncompensated"))
    read = intake.read("E-01.fcs", MSC, TERMS, mapping=MAPPING, gates=gates)
    assert [(r.lot, r.label, r.printed.split(" ")[0]) for r in read.results] == [
        ("E-01", "CD73", f"{sum(row[3] >= 5_000 for row in cells)}/{len(cells)}"),
        ("E-01", "CD45", f"{sum(row[5] >= 5_000 for row in cells)}/{len(cells)}"),
    ]
    assert [n.message for n in read.notices if n.code == "not-mapped"] == [
        "Not mapped, so not read: CD90_pos, CD105_pos, CD34_pos, HLA_DR_pos."
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("bad-fcs/coulter.lmd", "$NEXTDATA 363602"),
        ("bad-fcs/data_start_offset_discrepancy_example.fcs", "TEXT's 6081–6188"),
        ("bad-fcs/data_stop_offset_discrepancy_example.fcs", "TEXT's 6081–6188"),
        ("flowkit/test_comp_example.fcs", "770,617 bytes from 3318 to 773934"),
    ],
)
def test_broken_files_are_refused_by_what_is_broken(shared: Path, name: str, found: str) -> None:
    """Several data sets, two places for the events, one byte too many."""
    with pytest.raises(Unreadable) as caught:
        read_frame((shared / "data" / "flow" / name).read_bytes(), name)
    assert caught.value.found == found


def test_a_patient_in_an_fcs_file_is_refused(shared: Path) -> None:
    """PATIENT ID is filled in, in a file found in the wild; so it is where an empty value shifts the pairs."""
    data = (shared / "data" / "flow" / "flowkit" / "index_sorted_example.fcs").read_bytes()
    with pytest.raises(PatientData):
        read_frame(data, "x.fcs")
    hidden = synthetic.fcs(b"\0" * 16, said={"X": "", "PATIENT ID": "Doe"})
    with pytest.raises(PatientData):
        read_frame(hidden, "x.fcs")


@pytest.mark.parametrize(
    ("said", "version", "message"),
    [
        ({}, "FCS9.9", "It does not begin as an FCS file does."),
        ({"$MODE": "C"}, "FCS3.1", "It is no list of events."),
        ({"$PAR": "x"}, "FCS3.1", "Its keyword $PAR is no whole number."),
        ({"$PAR": "0"}, "FCS3.1", "Its number of channels is impossible."),
        ({"$TOT": "0"}, "FCS3.1", "It holds no event."),
        ({"$TOT": "99"}, "FCS3.1", "Its events are not where or as long as it says."),
        ({"$ENDDATA": "4096"}, "FCS3.1", "Its header and its TEXT disagree about where the events are."),
        ({"$P2N": "FSC-A"}, "FCS3.1", "Its channels are not each named once."),
        ({"$NEXTDATA": "5000"}, "FCS3.1", "It holds several data sets, and nothing says which one is meant."),
    ],
)
def test_a_frame_that_does_not_hold_together(said: dict[str, str], version: str, message: str) -> None:
    """Nothing is forgiven, and each refusal says what is wrong."""
    with pytest.raises(Unreadable) as caught:
        read_frame(synthetic.fcs(b"\0" * 32, said=said, version=version), "x.fcs")
    assert caught.value.message == f"x.fcs is refused. {message}"


def problems(data: bytes, gates: bytes, gate: str, *, unmixed: bool = False) -> list[tuple[str, str, str]]:
    gating: Gating = read_gating(gates, "gates.xml")
    found = problems_of(gating, gating.gates[gate], read_frame(data, "x.fcs"), unmixed=unmixed)
    return [(where, expected, what) for where, expected, what, _ in found]


def test_channels_that_the_files_matrix_leaves_alone_are_no_hindrance() -> None:
    """Heights and unused detectors stand beside the matrix in most files; they are counted as they are."""
    rows = b"".join(struct.pack("<3H", 10_000, 10_000, level) + struct.pack("<H", 9) for level in (100, 6_000, 7_000))
    said = {"$SPILLOVER": "1,PE-A,1"}
    data = synthetic.fcs(rows, ("FSC-A", "SSC-A", "PE-A", "PE-H"), ("", "", "CD73", ""), said)
    counted = flow.count(data, synthetic.gates({"CD73": "PE-A"}), "x.fcs")
    assert (counted["events"], counted["counts"]) == (3, {"Cells": 3, "CD73_pos": 2})


def test_a_channel_that_is_not_there_is_named() -> None:
    """Such a gate would select nothing, and 0 % of CD45 would pass."""
    gates = synthetic.gates({"CD45": "PerCP-H"}, compensation="uncompensated")
    assert problems(MSC, gates, "CD45_pos") == [("CD45_pos", ", ".join(synthetic.CHANNELS), "PerCP-H")]


def test_a_compensated_gate_on_a_file_without_matrix_is_named() -> None:
    """Unless the laboratory has said that none is needed."""
    single = synthetic.fcs(b"\0" * 16)
    gates = synthetic.gates({"CD45": "PerCP-A"})
    assert problems(single, gates, "CD45_pos") == [("CD45_pos", "PerCP-A in $SPILLOVER", "no $SPILLOVER")]
    assert problems(single, gates, "CD45_pos", unmixed=True) == []
    assert problems(MSC, gates, "CD45_pos") == []


def test_an_uncompensated_channel_under_a_compensated_gate_is_named() -> None:
    """Two scales of one measurement, of which the library would quietly use one."""
    under = synthetic.gates({"CD45": "PerCP-A"}).replace(
        b"</gating:Gating-ML>",
        b'<gating:RectangleGate gating:id="CD34_low" gating:parent_id="CD45_pos"><gating:dimension '
        b'gating:compensation-ref="uncompensated" gating:min="1"><data-type:fcs-dimension data-type:name="PE-Cy7-A"/>'
        b"</gating:dimension></gating:RectangleGate></gating:Gating-ML>",
    )
    assert problems(MSC, under, "CD34_low") == [("CD34_low", "'PE-Cy7-A' compensated as well", "uncompensated")]


def test_a_matrix_that_the_gating_file_lacks_is_named() -> None:
    """Its gates were drawn on a scale that nobody has."""
    gates = synthetic.gates({"CD45": "PerCP-A"}, compensation="MySpill")
    assert problems(MSC, gates, "CD45_pos") == [("CD45_pos", "a matrix in the gating file", "MySpill")]


@pytest.mark.parametrize(
    "gates",
    [
        b"<a/>",
        b"",
        b'<!DOCTYPE x [<!ENTITY a "a">]><Gating-ML>&a;</Gating-ML>',
        synthetic.gates(parent="Nobody"),
        synthetic.gates({"CD45": "PerCP-A"}, parent="CD45_pos"),
        synthetic.gates().replace(b'gating:id="CD45_pos"', b'gating:id="CD34_pos"'),
        synthetic.gates().replace(b'gating:id="CD45_pos"', b""),
    ],
)
def test_gates_that_are_no_tree_are_refused(gates: bytes) -> None:
    """Other XML, an entity, a parent that is not there, a ring, an id twice, none."""
    with pytest.raises(Unreadable):
        read_gating(gates, "gates.xml")


def test_gates_are_asked_for_and_only_with_events() -> None:
    """An FCS file alone, gates alone, gates beside a counter's export: refused as wrong usage."""
    with pytest.raises(WrongUsage):
        intake.read("E-01.fcs", MSC, TERMS, mapping=MAPPING)
    with pytest.raises(UnsupportedKind) as caught:
        intake.read("gates.xml", synthetic.gates(), TERMS)
    assert caught.value.found == "Gating-ML"
    with pytest.raises(WrongUsage):
        intake.read("c.csv", synthetic.blu(synthetic.blu_row("E-01")), TERMS, gates=("gates.xml", synthetic.gates()))


def test_other_gates_than_the_approved_ones_are_refused() -> None:
    """A mapping may name the one gating file that it is for."""
    mapping = mapping_of("sample,E-01.fcs,E-01,,,,,", f"setting,gates,,,,,,sha256:{'0' * 64}")
    with pytest.raises(Refused) as caught:
        intake.read("E-01.fcs", MSC, TERMS, mapping=mapping, gates=("gates.xml", synthetic.gates()))
    assert caught.value.expected == f"sha256:{'0' * 64}"


def test_the_sample_may_be_named_by_a_keyword() -> None:
    """And then it has to be filled in."""
    mapping = mapping_of("sample,T1,E-01,,,,,", "setting,sample keyword,,,,,,TUBE NAME", "gate,CD73_pos,,,CD73,Cells,,")
    with pytest.raises(Unreadable):
        intake.read("E-01.fcs", MSC, TERMS, mapping=mapping, gates=("gates.xml", synthetic.gates()))
    named = synthetic.fcs(b"\0" * 16, said={"TUBE NAME": "T2"})
    read = intake.read("E-01.fcs", named, TERMS, mapping=mapping, gates=("gates.xml", synthetic.gates()))
    assert [error.found for error in read.errors] == ["T2"]


@pytest.mark.parametrize(
    ("name", "library", "extra"), [("x.fcs", "flowkit", "flow"), ("x.csv", "allotropy", "instruments")]
)
def test_without_the_extra_the_refusal_names_it(
    name: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, with what to type."""
    monkeypatch.setattr(
        second_reader.importlib.util, "find_spec", lambda wanted: None if wanted == library else object()
    )
    data = MSC if library == "flowkit" else synthetic.blu(synthetic.blu_row("E-01"))
    with pytest.raises(UnsupportedKind) as caught:
        intake.read(name, data, TERMS, mapping=MAPPING)
    assert (caught.value.todo, caught.value.exit_code) == (
        f"Install it with: pip install 'cell-product-registry[{extra}]'",
        2,
    )
