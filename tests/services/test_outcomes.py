"""Outcomes on record: under the administration's key, for whoever may see them, corrected and never edited."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from registry.domain import Administration, Arm, SiteDose, Study
from registry.errors import NotAllowed, Unknown
from registry.identifiers import OBO
from registry.ledger import NewEntry
from registry.records.clinic.administration import write_administration
from registry.services.append import Entries
from tests.services.conftest import House, copied

SITES = (f"{OBO}UBERON_0002119", f"{OBO}UBERON_0002118")
STUDY = Study(
    "NCT03877471", "MSC-like cell transplantation", conditions=("DOID:5426",), cell_type="CL:0000134",
    arms=(Arm("low", "0.2e7 per ovary", 2_000_000, SITES),), schedule_days=14,
)  # fmt: skip
HEADER = "recipient,date,characteristic,value,unit"


def give(house: House, key: str, code: str, lot: str, at: datetime) -> None:
    """A lot on record as given to the recipient of a code."""
    registry = house.registry
    given = Administration(
        key, lot, STUDY.id, "low", (1,), at, tuple(SiteDose(site, 2_000_000) for site in SITES),
        thawed_at=at - timedelta(minutes=45), viability=Decimal("92.5"),
    )  # fmt: skip
    entries = Entries(registry.ledger, registry.names)
    entry = NewEntry("administration", write_administration(given, registry.names), lots=(lot,))
    entries.enter(NewEntry(entry.kind, entry.record, entry.lots, {"recipient": code, "salt": "00"}), "clinic.one", key)


@pytest.fixture
def clinic(furnished: Path, tmp_path: Path) -> Iterator[House]:
    """Two lots given to three recipients, twenty days ago."""
    with copied(furnished, tmp_path / "data") as house:
        house.registry.studies.add(STUDY, house.account("q.one"))
        for lot in ("P-01", "P-02"):
            house.lot(lot, containers=4)
            house.submit(lot)
        given = house.now() - timedelta(days=20)
        for number, lot in ((1, "P-01"), (2, "P-01"), (3, "P-02")):
            give(house, f"A-{number:016x}", f"R-000{number}", lot, given)
        yield house


def day(house: House, after: int) -> date:
    """So many days after it was given."""
    return (house.now() - timedelta(days=20 - after)).date()


def submit(house: House, *rows: str, by: str = "clinic.one") -> object:
    """A table in the clinic's name."""
    text = "\n".join([HEADER, *rows]) + "\n"
    return house.registry.outcomes.submit("visit.csv", text.encode(), house.account(by))


def test_an_outcome_is_recorded_under_the_key_and_read_by_whoever_may(clinic: House) -> None:
    """A clinician submits; the quality unit, a clinician and an inspector read; the audit holds."""
    when = day(clinic, 14)
    receipt = submit(
        clinic, f"R-0001,{when},FSH,38,IU/L", f"R-0001,{when},oestradiol,100,pg/mL", f"R-0003,{when},menses,yes,"
    )
    assert [(each.administration, each.day, each.results) for each in receipt.recorded] == [  # type: ignore[attr-defined]
        ("A-0000000000000001", when, 2), ("A-0000000000000003", when, 1),
    ]  # fmt: skip
    for reader in ("q.one", "clinic.one", "inspector.one"):
        lines = clinic.registry.outcomes.lines(clinic.account(reader))
        assert [(line.measure.label, line.value, line.unit, line.low, line.base_unit, line.word) for line in lines] == [
            ("follicle stimulating hormone", "38", "IU/L", "38", "IU/L", ""),
            ("oestradiol", "100", "pg/mL", "367.1", "pmol/L", ""),
            ("menses returned", "yes", "", "", "", "yes"),
        ]
    assert clinic.registry.upkeep.audit().findings == ()


@pytest.mark.parametrize("role", ["lab.one", "analyst.one", "inspector.one"])
def test_nobody_else_submits_outcomes(clinic: House, role: str) -> None:
    """Laboratories submit panels, analysts ask."""
    with pytest.raises(NotAllowed):
        submit(clinic, f"R-0001,{day(clinic, 14)},FSH,38,IU/L", by=role)


@pytest.mark.parametrize("role", ["lab.one", "analyst.one"])
def test_single_administrations_are_not_for_everybody(clinic: House, role: str) -> None:
    """An analyst gets what is said of many."""
    outcomes, who = clinic.registry.outcomes, clinic.account(role)
    for verb in (outcomes.visits, outcomes.lines, outcomes.table, outcomes.table_csv, outcomes.dictionary_csv):
        with pytest.raises(NotAllowed):
            verb(who)


def test_no_code_is_in_a_record_a_kept_file_a_receipt_or_the_graph(clinic: House) -> None:
    """It stands in the administration's entry alone; of an outcome the graph holds neither key nor lot nor number."""
    receipt = submit(clinic, f"R-0001,{day(clinic, 14)},FSH,38,IU/L")
    assert "R-0001" not in repr(receipt)
    unknown = submit(clinic, f"R-9999,{day(clinic, 14)},FSH,38,IU/L")
    assert ("R-9999" in repr(unknown), len(unknown.errors)) == (False, 1)  # type: ignore[attr-defined]
    ledger = clinic.registry.ledger
    (entry,) = ledger.entries(kind="recipient-outcome")
    assert b"R-0001" not in ledger.record(entry.record or "").ntriples
    assert b"R-0001" not in ledger.file(receipt.file)[1]  # type: ignore[attr-defined]
    assert "R-0001" not in repr(entry)
    held = [entry.record or "" for entry in ledger.entries(kind="recipient-outcome")]
    question = "SELECT * WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), STR(<https://registry.example/>))) }"
    graph = clinic.registry.queries.query(question, "text/csv", by=clinic.account("q.one")).body.decode()
    assert not any(each in graph for each in ("R-000", "A-000000000000000", *(d.removeprefix("sha256:") for d in held)))


def test_the_same_table_answers_the_same_receipt(clinic: House) -> None:
    """Nothing is recorded twice."""
    row = f"R-0001,{day(clinic, 14)},FSH,38,IU/L"
    first, again = submit(clinic, row), submit(clinic, row)
    assert (first.recorded, again.repeated) == (again.recorded, True)  # type: ignore[attr-defined]
    assert len(list(clinic.registry.ledger.entries(kind="recipient-outcome"))) == 1


def test_a_correction_stands_in_the_place_of_what_it_corrects(clinic: House) -> None:
    """With its reason; both stay on record. One of another recipient's result is an error."""
    when, registry = day(clinic, 14), clinic.registry
    receipt = submit(clinic, f"R-0001,{when},FSH,38,IU/L")
    iri = registry.names.outcome(receipt.recorded[0].outcome) + "#r1"  # type: ignore[attr-defined]
    header = f"{HEADER},relation,supersedes,reason"

    def corrected(code: str) -> object:
        text = f"{header}\n{code},{when},FSH,83,IU/L,correction,{iri},Digits swapped.\n"
        return registry.outcomes.submit("again.csv", text.encode(), clinic.account("clinic.one"))

    (error,) = corrected("R-0002").errors  # type: ignore[attr-defined]
    assert (error.row, error.column, error.lot) == (2, "supersedes", "A-0000000000000002")
    assert corrected("R-0001").errors == ()  # type: ignore[attr-defined]
    assert [line.value for line in registry.outcomes.lines(clinic.account("q.one"))] == ["83"]


def test_visits_are_listed_by_the_schedule_of_the_study(clinic: House) -> None:
    """Twenty days after it was given: done on day 14, late for the others, and the second one planned."""
    submit(clinic, f"R-0001,{day(clinic, 14)},FSH,38,IU/L")
    lines = clinic.registry.outcomes.visits(clinic.account("clinic.one"))
    assert [(line.administration[-1], line.number, line.state, line.on) for line in lines] == [
        ("1", 1, "done", day(clinic, 14)), ("1", 2, "planned", None),
        ("2", 1, "late", None), ("2", 2, "planned", None),
        ("3", 1, "late", None), ("3", 2, "planned", None),
    ]  # fmt: skip


def test_the_table_has_a_row_for_each_administration_with_both_bounds(clinic: House) -> None:
    """As CSV and Parquet alike, every column of which is in the dictionary."""
    submit(clinic, f"R-0001,{day(clinic, 14)},FSH,<38,mIU/mL", f"R-0003,{day(clinic, 14)},menses,yes,")
    registry, who = clinic.registry, clinic.account("q.one")
    rows = list(csv.DictReader(io.StringIO(registry.outcomes.table_csv(who).decode())))
    assert [(row["administration"][-1], row["lot"], row["viable_cells"], row["hours_since_thaw"]) for row in rows] == [
        ("1", "P-01", "4000000", "0.75"), ("2", "P-01", "4000000", "0.75"), ("3", "P-02", "4000000", "0.75"),
    ]  # fmt: skip
    first = rows[0]
    assert (first["lot_cd73_low"], first["lot_cd73_high"], first["lot_cd34_low"], first["lot_cd34_high"]) == (
        "98.5", "98.5", "0", "0.5",
    )  # fmt: skip
    seen = "visit_1_follicle_stimulating_hormone"
    assert (first[f"{seen}_low"], first[f"{seen}_high"], rows[2]["visit_1_menses_returned_word"]) == ("0", "38", "yes")
    dictionary = list(csv.reader(io.StringIO(registry.outcomes.dictionary_csv(who).decode())))
    assert [line[0] for line in dictionary[1:]] == list(first)
    parquet = pq.read_table(io.BytesIO(registry.outcomes.table_parquet(who)))
    assert parquet.column_names == list(first)
    assert parquet.column("lot_cd73_low").to_pylist() == [Decimal("98.5")] * 3
    assert not any("R-000" in cell for row in rows for cell in row.values())


def test_a_recipient_of_two_lots_is_told_apart_by_the_day(clinic: House) -> None:
    """What was seen belongs to what was given last before; a visit's number alone does not say after which."""
    give(clinic, "A-00000000000000ff", "R-0001", "P-02", datetime.now(UTC) - timedelta(days=5))
    receipt = submit(clinic, f"R-0001,{day(clinic, 14)},FSH,38,IU/L", f"R-0001,{day(clinic, 18)},FSH,30,IU/L")
    assert [each.administration[-2:] for each in receipt.recorded] == ["01", "ff"]  # type: ignore[attr-defined]
    text = "recipient,visit,characteristic,value,unit\nR-0001,1,FSH,38,IU/L\n"
    (error,) = clinic.registry.outcomes.submit("v.csv", text.encode(), clinic.account("clinic.one")).errors
    assert error.column == "date"


def test_an_unknown_administration_is_unknown(clinic: House) -> None:
    """By its key."""
    with pytest.raises(Unknown):
        clinic.registry.outcomes.lines(clinic.account("q.one"), "A-0000000000000099")
