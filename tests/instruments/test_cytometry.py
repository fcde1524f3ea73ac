"""FlowJo and FACSDiva exports: shares computed from counts, of a parent that is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import intake
from registry.domain import Interval
from registry.errors import PatientData
from registry.intake.instruments.percent_of_parent import share
from tests.instruments.conftest import TERMS, mapping_of

Real = Callable[[str], bytes]
FLOWJO = mapping_of(
    "sample,A0*.fcs,A-*,,,,,",
    "gate,singlet/live,,,viability (flow),singlet,,",
    "gate,singlet/live/cells,,,CD73,singlet/live,,",
)


def test_flowjo_shares_are_computed_from_counts(real: Real) -> None:
    """Counts as they stand in the text of each sample's node; FlowJo's own fractions and sampleID are not used."""
    text = real("flowjo_example_3.wsp").decode()
    text = text[text.index("<SampleList>") :]
    counts = re.findall(r'<(?:SampleNode|Population) name="([^"]+)"[^>]* count="([0-9]+)"', text)
    events = [int(count) for _, count in counts]
    expected = []
    for at in range(0, len(events), 4):
        _, singlet, live, cells = events[at : at + 4]
        expected += [share(live, singlet), share(cells, live)]
    read = intake.read("flowjo_example_3.wsp", real("flowjo_example_3.wsp"), TERMS, mapping=FLOWJO)
    assert [(r.reading.interval, r.printed) for r in read.results] == expected
    assert [r.lot for r in read.results] == [f"A-{n}" for n in range(1, 7) for _ in range(2)]


def test_a_share_leads_back_to_gate_counts_and_sample(real: Real) -> None:
    """What a reader of the record needs to find the figure again."""
    read = intake.read("flowjo_example_3.wsp", real("flowjo_example_3.wsp"), TERMS, mapping=FLOWJO)
    first = read.results[0]
    before, _, samples = real("flowjo_example_3.wsp").partition(b"<SampleList>")
    line = before.count(b"\n") + samples.partition(b'"live"')[0].count(b"\n") + 1
    assert (first.printed, first.source.row, first.source.column) == ("26892/44892 ≈ 59.9038", line, "singlet/live")
    assert dict(first.details) == {
        "instrument": "1234 (FlowJo workspace)", "serial_number": "12345", "analyst": "Name",
        "tested_at": "01-JAN-2025 15:38:26.92 (no time zone in the file)", "sample_name": "A01.fcs",
        "gate_id": "ID1520345237", "events": "26892", "parent_population": "singlet", "parent_events": "44892",
        "mapping": f"lab {FLOWJO.file}",
    }  # fmt: skip


def test_a_parent_that_the_gate_is_not_gated_from_is_refused(real: Real) -> None:
    """A share is of a population that holds the gate's events."""
    mapping = mapping_of("sample,A01.fcs,A-1,,,,,", "ignore,A0*,,,,,,", "gate,singlet,,,CD73,singlet/live,,")
    read = intake.read("flowjo_example_3.wsp", real("flowjo_example_3.wsp"), TERMS, mapping=mapping)
    assert [(e.lot, e.column, e.expected, e.found) for e in read.errors] == [
        ("A-1", "singlet", "all events", "singlet/live")
    ]
    assert read.results == ()


def test_facsdiva_counts_are_those_of_the_tube(real: Real) -> None:
    """P4 of P8 in the one tube that was recorded; tubes without events are not evaluable."""
    mapping = mapping_of(
        "sample,20190503/*,D-*,,,,,",
        r"gate,All Events\P1\P2\P3\P8\P4,,,CD73,All Events\P1\P2\P3\P8,,",
        "setting,minimum events,,,,,,5000",
    )
    data = real("facsdiva_example_2.xml")
    read = intake.read("facsdiva_example_2.xml", data, TERMS, mapping=mapping)
    assert [e.column for e in read.errors] == []
    assert [(r.lot, r.printed) for r in read.results] == [
        ("D-1 Gfp Bfp Cherry ToPro3", "0/0 (not evaluable)"),
        ("D-2 Gfp Bfp Cherry CD19 ToPro3", "8409/9685 ≈ 86.825"),
        ("D-3 Gfp Bfp Cherry Mac1 ToPro3", "0/0 (not evaluable)"),
    ]
    counted = dict(read.results[1].details)
    assert (counted["events"], counted["parent_events"], counted["analyst"]) == ("8409", "9685", "Administrator")
    assert dict(read.results[0].details)["note"] == "the parent population holds no event"


def test_too_few_events_are_not_evaluable(real: Real) -> None:
    """185 of 1,825 events say little; the default asks for 10,000 in the parent."""
    mapping = mapping_of(
        "sample,PE/_002,D-2,,,,,", "ignore,PE/*,,,,,,", "ignore,Compensation Controls/*,,,,,,",
        r"gate,All Events\P1\P2\P3,,,CD73,All Events\P1\P2,,",
    )  # fmt: skip
    (result,) = intake.read("PE_2.xml", real("PE_2.xml"), TERMS, mapping=mapping).results
    assert (result.printed, result.reading.state) == ("185/1825 (not evaluable)", "not evaluable")
    assert dict(result.details)["note"] == "too few events: 1825 in the parent population, at least 10000 asked for"


def test_a_patient_in_facsdiva_refuses_the_file(real: Real) -> None:
    """PATIENT ID filled in: nothing of it is kept, and the refusal does not repeat it."""
    data = real("facsdiva_example_2.xml")
    asked = data.index(b'<keyword name="PATIENT ID"')
    filled = data[:asked] + b'<keyword name="PATIENT ID"><value>Doe, Jane</value></keyword>' + data[asked:]
    with pytest.raises(PatientData) as caught:
        intake.read("facsdiva_example_2.xml", filled, TERMS, mapping=FLOWJO)
    assert "Doe" not in str(caught.value)


@given(st.integers(1, 10**7).flatmap(lambda parent: st.tuples(st.integers(0, parent), st.just(parent))))
def test_a_share_compares_as_the_fraction_does(counts: tuple[int, int]) -> None:
    """With every limit of up to ten places, on either side and with or without equality."""
    events, parent = counts
    interval, _ = share(events, parent)
    exact = Fraction(100 * events, parent)
    near = Decimal(round(exact * 10**6)).scaleb(-6)
    for limit in (Decimal("95"), Decimal("2"), Decimal("0.1"), Decimal("33.3333333333"), near):
        at_least = interval.within(Interval(limit, None))
        above = interval.within(Interval(limit, None, low_open=True))
        assert (at_least, above) == (exact >= Fraction(limit), exact > Fraction(limit))


def test_counts_that_are_no_part_and_whole_have_no_share() -> None:
    """More events than the parent has, or no parent."""
    for events, parent in ((2, 1), (0, 0), (-1, 5)):
        with pytest.raises(ValueError, match="of"):
            share(events, parent)
