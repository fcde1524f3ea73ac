"""A kind of record is one row, one codec and one shape: what is added there is known everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from registry.audit import audit
from registry.domain import Recorded
from registry.errors import NotWellFormed
from registry.identifiers import Names
from registry.judgement.shacl import compiled_form, record_shapes
from registry.ledger import NewEntry
from registry.records import IRI, Description, Record, describe, write
from registry.records.kinds import KINDS, Details, Kind, kind, signed_kinds
from registry.records.writer import Key, RecordWriter, link, named, needed, of_kind
from registry.services import Registry
from registry.services.append import Entries
from registry.services.queries import self_description
from tests.services.conftest import House, build

SHAPE = """
@prefix cpr: <https://w3id.org/cell-product-registry/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:x-test:inspection> a sh:NodeShape ; sh:targetClass cpr:VisualInspection ; sh:closed true ;
    sh:message "Nothing else may be said of it." ;
    sh:property [ sh:path rdf:type ; sh:in ( cpr:VisualInspection ) ; sh:message "What it is." ],
        [ sh:path cpr:lot ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ; sh:message "The lot." ],
        [ sh:path cpr:reason ; sh:minCount 1 ; sh:maxCount 1 ; sh:message "What was seen." ] .
"""
NAME = "visual-inspection"


def write_inspection(lot: str, seen: str, names: Names) -> Record:
    """The codec's writer."""
    about = RecordWriter(f"{names.base}inspection/{lot}", "visual inspection").link("lot", names.lot(lot))
    return write(about.say("reason", seen).triples)


def read_inspection(record: Record, _entry: Recorded, _names: Names, _details: Details) -> str:
    """The codec's reader."""
    (about,) = of_kind(describe(record), "visual inspection")
    return needed(about, "reason")


def inspection_keys(descriptions: dict[IRI, Description], names: Names) -> Iterator[Key]:
    """What the index finds it under."""
    (about,) = of_kind(descriptions, "visual inspection")
    yield from named("inspected", (link(about, "lot"),), "lot", names)


ROW = Kind(
    NAME, "visual-inspection.ttl", write_inspection, read_inspection, inspection_keys,
    signed=True, verdict="descendants", state="descendants",
)  # fmt: skip


@pytest.fixture
def inspections(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A kind more: its row in the table, and its shape in the folder of shapes."""
    shapes = tmp_path / "shapes" / "records"
    shapes.mkdir(parents=True)
    for file in (files("shapes") / "records").iterdir():
        if file.name.endswith(".ttl"):
            (shapes / file.name).write_bytes(file.read_bytes())
    (shapes / ROW.shape).write_text(SHAPE, encoding="utf-8")
    monkeypatch.setitem(KINDS, NAME, ROW)
    monkeypatch.setattr(record_shapes, "files", lambda package: tmp_path / package)
    forget_shapes()
    yield
    forget_shapes()


def forget_shapes() -> None:
    """Shapes are read and compiled once a process."""
    for kept in (record_shapes.kinds, record_shapes.shapes_file, record_shapes.shapes_of, compiled_form.record_shapes,
                 self_description.in_graph, self_description._classes):  # fmt: skip
        kept.cache_clear()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A registry with a lot, and one that derives from it."""
    made = build(tmp_path / "data")
    made.lot("P-01")
    made.lot("P-02", derived_from=("P-01",))
    yield made
    made.registry.close()


def entry_of(registry: Registry, seen: str = "No particles.") -> NewEntry:
    """An inspection of P-01."""
    return NewEntry(NAME, write_inspection("P-01", seen, registry.names), lots=("P-01",))


@pytest.mark.usefixtures("inspections")
def test_a_kind_that_is_added_is_judged_indexed_signed_and_audited(house: House) -> None:
    """Entered, found by its key, found again by an index made anew, its signature demanded, its descendants reached."""
    registry = house.registry
    ledger, entries = registry.ledger, Entries(registry.ledger, registry.names)
    receipt = entries.enter(entries.signed(entry_of(registry), house.account("q.one")), "q.one", "P-01")

    (entry,) = ledger.entries(key=("inspected", "P-01"))
    assert (entry.position, entry.kind) == (receipt.position, NAME)
    assert list(registry.reader.reached(entry, kind(NAME).verdict)) == ["P-01", "P-02"]
    registry.upkeep.rebuild()
    assert [found.position for found in ledger.entries(key=("inspected", "P-01"))] == [receipt.position]
    assert NAME in registry.upkeep.inspection.kinds()
    assert registry.lots.get("P-01").answer.state == "not released"
    assert registry.upkeep.audit().findings == ()


@pytest.mark.usefixtures("inspections")
def test_the_audit_demands_the_signature_that_the_row_demands(house: House) -> None:
    """An unsigned one is found; where the row asks for none, it is not."""
    ledger = house.registry.ledger
    Entries(ledger, house.registry.names).enter(entry_of(house.registry), "q.one", "P-01")
    assert [str(finding).partition(": ")[2] for finding in audit(ledger).findings] == [
        f"A {NAME} is not signed. Expected a signed record, found signature None, record {_digest(house)}."
    ]
    KINDS[NAME] = replace(ROW, signed=False)
    assert audit(ledger).findings == ()


@pytest.mark.usefixtures("inspections")
def test_the_shape_of_an_added_kind_refuses(house: House) -> None:
    """One that says nothing is not recorded."""
    entries = Entries(house.registry.ledger, house.registry.names)
    with pytest.raises(NotWellFormed, match="visual-inspection"):
        entries.enter(entry_of(house.registry, seen=""), "q.one", "P-01")


def _digest(house: House) -> str:
    (entry,) = house.registry.ledger.entries(kind=NAME)
    return entry.record or ""


def test_every_kind_with_a_record_has_its_shape_and_every_shape_its_kind() -> None:
    """None can be entered unjudged."""
    assert {row.shape for row in KINDS.values() if row.shape} == {f"{name}.ttl" for name in record_shapes.kinds()}
    assert [row.name for row in KINDS.values() if row.shape not in ("", f"{row.name}.ttl")] == []


def test_what_the_quality_unit_signs_is_demanded_signed() -> None:
    """21 CFR 11.70; a specification that is kept with its approval is signed by that."""
    of_a_lot = {"decision", "acceptance", "withdrawal", "trail-review"}
    assert signed_kinds() == {*of_a_lot, "approval", "mapping", "replacement", "claim", "claim-withdrawal"}


def test_evidence_and_products_concern_more_than_one_lot_and_a_hold_no_verdict() -> None:
    """Whose verdict and whose state an entry may change; one of an unknown kind, whatever it may."""
    reach = {row.name: (row.verdict, row.state) for row in KINDS.values() if (row.verdict, row.state) != ("lot", "lot")}
    assert reach == {
        "approval": ("product", "product"),
        "product": ("product", "product"),
        "panel": ("descendants", "descendants"),
        "acceptance": ("descendants", "descendants"),
        "withdrawal": ("descendants", "descendants"),
        "decision": ("lot", "descendants"),
    }
    assert (kind("of-a-later-version").verdict, kind("of-a-later-version").state) == ("descendants", "descendants")
