"""The names in a machine's file that nothing maps, all of them at once: samples, columns with their units, gates."""

from __future__ import annotations

from registry import intake
from registry.domain import OpenName
from registry.intake.instruments.tables import BLU
from tests.instruments import synthetic
from tests.instruments.conftest import TERMS, mapping_of

GATES = ("gates.xml", synthetic.gates({"CD73": "PE-A", "CD45": "PerCP-A"}))


def test_a_counters_names_are_all_open_without_a_mapping() -> None:
    """The sample, and every column that holds a measurement, with the unit that the file gives it."""
    said = intake.read("export.csv", synthetic.blu(synthetic.blu_row("P-07 thaw")), TERMS)
    assert said.instrument == BLU
    assert said.open_names[0] == OpenName("sample", "P-07 thaw", 2)
    columns = {one.name: one.unit for one in said.open_names[1:]}
    assert {one.kind for one in said.open_names[1:]} == {"column"}
    assert (columns["Viability (%)"], columns["Viable (x10^6) cells/mL"]) == ("%", "10^6 cells/mL")


def test_what_a_mapping_says_is_open_no_more() -> None:
    """An ignored sample is not open either."""
    mapping = mapping_of("sample,P-*,P-*,,,,,", "ignore,beads,,,,,,", "column,Viability (%),,,viability,,%,")
    rows = [synthetic.blu_row(name) for name in ("P-07", "beads", "Q-1")]
    said = intake.read("export.csv", synthetic.blu(*rows), TERMS, mapping=mapping)
    names = [one.name for one in said.open_names]
    assert [one for one in said.open_names if one.kind == "sample"] == [OpenName("sample", "Q-1", 4)]
    assert "Viability (%)" not in names
    assert names.count("Viable (x10^6) cells/mL") == 1


def test_the_gates_of_events_are_named_before_anything_is_counted() -> None:
    """Of a sample that nobody mapped: every population, with those that it is drawn in."""
    said = intake.read("E-01.fcs", synthetic.msc(60), TERMS, gates=GATES)
    assert (said.instrument, said.results) == ("Synthetic", ())
    assert said.open_names == (
        OpenName("sample", "E-01.fcs"),
        OpenName("gate", "Cells", None, parents=("all events",)),
        OpenName("gate", "CD73_pos", None, parents=("Cells", "all events")),
        OpenName("gate", "CD45_pos", None, parents=("Cells", "all events")),
    )


def test_a_population_that_serves_as_a_parent_is_not_open() -> None:
    """It is named by the mapping, as what the percent is of."""
    mapping = mapping_of("sample,E-01.fcs,E-01,,,,,", "gate,CD73_pos,,,CD73,Cells,,")
    said = intake.read("E-01.fcs", synthetic.msc(60), TERMS, mapping=mapping, gates=GATES)
    assert [one.name for one in said.open_names] == ["CD45_pos"]
