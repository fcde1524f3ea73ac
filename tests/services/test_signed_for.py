"""A release shows the disease that it was signed for, as it was named then, whatever an ontology calls it later."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from registry.accounts import LocalOperator
from registry.domain import Decision
from registry.identifiers import Names
from registry.judgement import shacl
from registry.records.decision import read_decision, write_decision
from tests.ontology_releases.synthetic import doid
from tests.services.conftest import SECRET, House
from tests.services.test_drafting import TABLE, approve, draft

AT = datetime(2027, 1, 2, tzinfo=UTC)
NAMES = Names("https://registry.example/")
DISEASE = "DOID:5426 primary ovarian insufficiency"


def decision(*signed_for: str) -> Decision:
    return Decision(
        kind="release",
        lot="L-1",
        signed_by="quality",
        printed_name="Q. Unit",
        signed_at=AT,
        meaning="I release this lot.",
        specification="https://w3id.org/cell-product-registry/specification/msc-identity/1",
        specification_digest="sha256:" + "0" * 64,
        evidence=("sha256:" + "1" * 64,),
        ledger_size=7,
        signed_for=signed_for,
    )


def test_the_names_are_in_the_bytes_that_are_signed() -> None:
    record = write_decision(decision(DISEASE), NAMES)
    assert DISEASE.encode() in record.ntriples
    shacl.check_form("decision", record.ntriples)


def test_a_decision_without_names_is_read_as_ever() -> None:
    """Records from before say none, and the product's diseases stand in their place."""
    assert decision().indications == ()
    assert b"signedFor" not in write_decision(decision(), NAMES).ntriples


@given(st.sets(st.sampled_from(["a", "b c", "Crohn's disease", "d"]), max_size=4))
def test_what_was_signed_for_is_read_back(labels: set[str]) -> None:
    named = tuple(sorted(f"DOID:{number} {label}" for number, label in enumerate(sorted(labels), start=1)))
    written = decision(*named)
    again = read_decision(write_decision(written, NAMES), None, NAMES)  # type: ignore[arg-type]
    assert again.signed_for == named
    assert again.indications == tuple(tuple(name.split(" ", 1)) for name in named)


def test_a_released_lot_is_for_the_disease_as_it_was_named_when_that_was_signed(house: House) -> None:
    """The ontology renames it, the quality unit carries it over: the product says the new name, the release the old."""
    draft(house, TABLE)
    approve(house)
    house.lot("P-01")
    house.submit("P-01", name="P-01.csv")
    house.decide("P-01", "release")
    before = house.registry.lots.get("P-01").answer.for_
    assert [(disease.id, disease.label) for disease in before] == [("DOID:5426", "primary ovarian insufficiency")]
    ontologies = house.registry.ontologies
    ontologies.carry("DOID:5426", "ovarian insufficiency syndrome", reason="Same.", name="q.one", password=SECRET)
    renamed = doid("2027-03-01").replace(
        b"name: primary ovarian insufficiency", b"name: ovarian insufficiency syndrome"
    )
    ontologies.load("doid.obo", renamed, by=LocalOperator("tests"))
    lot = house.registry.lots.get("P-01")
    assert lot.answer.for_ == before
    assert lot.product is not None
    assert [disease.label for disease in lot.product.indications] == ["ovarian insufficiency syndrome"]
