"""An outcome is read back as it was written, is accepted by its shape, and leads to no recipient."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from registry.domain import Interval, Reading, Recorded, Result, Source
from registry.domain.outcome import Outcome, detail
from registry.identifiers import CPR, Names
from registry.judgement import shacl
from registry.records.clinic.outcome import OUTCOMES_OF, outcome_id, read_outcome, write_outcome
from registry.records.keys import keys
from registry.records.kinds import kind

NAMES = Names("https://registry.example/")
WHERE = Recorded(7, datetime(2026, 11, 22, tzinfo=UTC), "clinic.one", "sha256:ab")
KEY = "A-0123456789abcdef"
FILE = "sha256:" + "0" * 64
DAY = date(2026, 12, 15)
FSH = Result(
    lot=KEY, characteristic=CPR + "FSH", label="follicle stimulating hormone", printed="<38",
    reading=Reading(interval=Interval(Decimal(0), Decimal(38), high_open=True)), source=Source("v.csv", 2, "value"),
    unit=CPR + "FSH-IU-per-L", unit_printed="IU/L", details=(("assay", "Elecsys FSH"), ("laboratory", "L2")),
)  # fmt: skip
EVENT = Result(
    lot=KEY, characteristic=CPR + "adverse-event", label="adverse event", printed="pelvic pain",
    reading=Reading(text="pelvic pain"), source=Source("v.csv", 3, "value"),
    details=(("causality", "possible"), ("grade", "2"), ("serious", "no"), ("started", "2026-12-14")),
)  # fmt: skip
OUTCOME = Outcome(outcome_id(FILE, KEY, DAY, None), KEY, (FSH, EVENT), day=DAY, file=FILE, file_name="v.csv")


def test_an_outcome_is_read_back_as_it_was_written() -> None:
    """Its results carry their addresses."""
    record = write_outcome(OUTCOME, NAMES)
    assert shacl.form_problems("recipient-outcome", record.ntriples) == ()
    read = read_outcome(record, WHERE, NAMES)
    iri = NAMES.outcome(OUTCOME.id)
    expected = tuple(replace(result, iri=f"{iri}#r{place}") for place, result in enumerate(OUTCOME.results, start=1))
    assert read == replace(OUTCOME, results=expected, entry=WHERE)
    assert (detail(read.results[1], "grade"), detail(read.results[0], "grade")) == ("2", "")


def test_an_outcome_is_found_by_its_administration_and_is_in_no_graph() -> None:
    """Whoever may ask the graph asks it of no single administration."""
    assert (OUTCOMES_OF, KEY) in keys("recipient-outcome", write_outcome(OUTCOME, NAMES), NAMES)
    assert not kind("recipient-outcome").in_graph


def test_a_day_a_visit_or_another_file_give_another_outcome() -> None:
    """And the same gives the same."""
    every = [
        outcome_id(FILE, KEY, DAY, None),
        outcome_id(FILE, KEY, None, 1),
        outcome_id(FILE, KEY, DAY, 1),
        outcome_id("sha256:" + "1" * 64, KEY, DAY, None),
    ]
    assert len(set(every)) == 4
    assert outcome_id(FILE, KEY, DAY, None) == every[0]
