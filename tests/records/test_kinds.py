"""What is written as a record is read back as the same value, and its form is accepted by the shape of its kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain import (
    Acceptance,
    Approval,
    Arm,
    Captured,
    CitedPublication,
    Claim,
    ClaimEvidence,
    ClaimWithdrawal,
    Decision,
    Interval,
    Lot,
    Panel,
    PlannedOutcome,
    Product,
    Publication,
    Reading,
    Recorded,
    Result,
    Source,
    Study,
)
from registry.errors import NotWellFormed
from registry.identifiers import CPR, OBO, SPECIFICATIONS, Names, is_lot_id
from registry.judgement import shacl
from registry.look_alikes import skeleton
from registry.records import IRI, keys, literal, triples, write
from registry.records.decision import (
    DECISION_KINDS,
    read_acceptance,
    read_approval,
    read_decision,
    read_withdrawal,
    write_acceptance,
    write_approval,
    write_decision,
    write_withdrawal,
)
from registry.records.literature.claim import (
    read_claim,
    read_claim_withdrawal,
    write_claim,
    write_claim_withdrawal,
)
from registry.records.literature.publication import read_publication, write_publication
from registry.records.lot import DONOR_RELATIONS, LOT_KINDS, read_lot, read_product, write_lot, write_product
from registry.records.panel import panel_id, read_panel, write_panel
from registry.records.study import read_study, write_study

NAMES = Names("https://registry.example/")
WHERE = Recorded(7, datetime(2026, 11, 22, tzinfo=UTC), "lab.li", "sha256:ab")
FILE = "sha256:" + "0" * 64

words = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=30).filter(str.strip)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._\-/#]{0,20}", fullmatch=True).filter(is_lot_id)
plain_ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._\-]{0,20}", fullmatch=True).filter(is_lot_id)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
decimals = st.decimals(min_value=0, max_value=100, places=3, allow_nan=False)


@given(lot=ids)
def test_a_lots_address_leads_back_to_its_identifier(lot: str) -> None:
    iri = NAMES.lot(lot)
    assert NAMES.id_of(iri, "lot") == lot
    assert iri.count("/") == len(["https:", "", "registry.example", "lot", ""]) - 1


products = st.builds(
    Product,
    id=plain_ids,
    label=words,
    cell_type=st.just(OBO + "CL_0000134"),
    source=st.one_of(st.just(OBO + "CLO_0037280"), st.just("bone marrow")),
    donor_relation=st.sampled_from(DONOR_RELATIONS),
    species=st.just(OBO + "NCBITaxon_9606"),
    indications=st.sampled_from([(), (OBO + "DOID_5426",), (OBO + "DOID_5426", OBO + "DOID_8398")]),
    study=st.sampled_from(["", "NCT03877471"]),
    note=st.one_of(st.just(""), words),
)


@settings(max_examples=25, deadline=None)
@given(product=products)
def test_a_product_is_read_as_it_was_written(product: Product) -> None:
    record = write_product(product, NAMES)
    shacl.check_form("product", record.ntriples)
    read = read_product(record, WHERE)
    assert replace(read, entry=None, indications=tuple(sorted(read.indications))) == replace(
        product, indications=tuple(sorted(product.indications))
    )
    assert keys.keys("product", record, NAMES) == (("product", product.id),)


captures = st.lists(st.builds(Captured, words, words), max_size=3).map(tuple)
studies = st.builds(
    Study,
    id=plain_ids,
    title=words,
    acronym=st.one_of(st.just(""), words),
    identifiers=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    phase=st.sampled_from(["", "Phase 1"]),
    status=st.sampled_from(["", "UNKNOWN"]),
    enrolment=st.one_of(st.none(), st.integers(0, 5000)),
    enrolment_type=st.sampled_from([None, "actual", "estimated"]),
    start=captures,
    end=captures,
    conditions=st.sampled_from([(), (OBO + "DOID_5426",), (OBO + "DOID_5426", OBO + "DOID_8398")]),
    cell_type=st.sampled_from([None, OBO + "CL_0000134"]),
    sponsor=st.one_of(st.just(""), words),
    places=st.lists(words, max_size=2).map(tuple),
    arms=st.lists(st.builds(
        Arm, plain_ids, words, st.integers(1, 10**12),
        st.sampled_from([(OBO + "UBERON_0002118",), (OBO + "UBERON_0002118", OBO + "UBERON_0002119")]),
        st.one_of(st.none(), st.integers(1, 10**9)),
    ), max_size=4).map(tuple),
    schedule_days=st.one_of(st.none(), st.integers(1, 400)),
    outcomes=st.lists(st.builds(
        PlannedOutcome, words, st.one_of(st.just(""), words), st.sampled_from(["primary", "secondary", "other"]),
    ), max_size=3).map(tuple),
    eligibility=st.lists(words, max_size=3).map(tuple),
    publications=st.lists(st.builds(
        Publication, st.just("10.1016/j.x.2025.1"), st.one_of(st.just(""), words),
        st.one_of(st.none(), st.integers(1800, 2100)),
    ), max_size=2).map(tuple),
    unknown=st.sampled_from([(), ("needle",), ("needle", "volume")]),
    sources=st.dictionaries(st.sampled_from(["phase", "start", "arms"]), st.just(("a mirror",))),
    note=st.one_of(st.just(""), words),
    arms_without_dose=st.lists(words, max_size=2).map(tuple),
    captured=st.dictionaries(st.sampled_from(["FSH unit", "dose"]), captures.filter(bool)),
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(study=studies)
def test_a_study_is_read_as_it_was_written(study: Study) -> None:
    record = write_study(study, NAMES)
    shacl.check_form("study", record.ntriples)
    read = read_study(record, WHERE)
    assert replace(read, entry=None, conditions=tuple(sorted(read.conditions))) == replace(
        study, conditions=tuple(sorted(study.conditions))
    )
    assert keys.keys("study", record, NAMES) == (("study", study.id),)


publications = st.builds(
    CitedPublication,
    doi=st.just("10.1016/j.x.2025.1"),
    title=st.one_of(st.just(""), words),
    year=st.one_of(st.none(), st.integers(1800, 2100)),
    products=st.sampled_from([(), ("POI-M",), ("A.1", "POI-M")]),
    indications=st.sampled_from([(), (OBO + "DOID_5426",)]),
    criteria=st.sampled_from([(), (SPECIFICATIONS + "isct-2006/1#cd73",)]),
)


@settings(max_examples=15, deadline=None)
@given(publication=publications)
def test_a_publication_is_read_as_it_was_written(publication: CitedPublication) -> None:
    record = write_publication(publication, NAMES)
    shacl.check_form("publication", record.ntriples)
    assert replace(read_publication(record, WHERE, NAMES), entry=None) == publication
    assert keys.keys("publication", record, NAMES) == (("publication", publication.doi),)


stood_on = st.one_of(
    st.tuples(st.just("lot result"), st.just(CPR + "VEGF-secretion")),
    st.tuples(st.just("study"), plain_ids),
    st.tuples(st.just("literature"), st.just("10.1016/j.x.2025.1")),
)
claims = st.builds(
    lambda of, evidence, **others: Claim(**of, evidence=tuple(evidence), **others),
    of=st.sampled_from([{"product": "POI-M"}, {"cell_type": OBO + "CL_0000134"}]),
    id=plain_ids,
    process=st.just(OBO + "GO_0045766"),
    evidence=st.lists(
        st.builds(
            lambda stands, note: ClaimEvidence(*stands, OBO + "ECO_0000033", note),
            stood_on, st.one_of(st.just(""), words),
        ),
        min_size=1, max_size=12,
    ),
    signed_by=words, printed_name=words, signed_at=moments, meaning=words,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(claim=claims)
def test_a_claim_is_read_as_it_was_written(claim: Claim) -> None:
    """Its evidence in its order, whatever it stands on."""
    record = write_claim(claim, NAMES)
    shacl.check_form("claim", record.ntriples)
    assert replace(read_claim(record, WHERE, NAMES), entry=None) == claim
    assert keys.keys("claim", record, NAMES) == (("claim", claim.id),)


@settings(max_examples=10, deadline=None)
@given(claim=plain_ids, reason=words, at=moments)
def test_a_withdrawal_of_a_claim_is_read_as_it_was_written(claim: str, reason: str, at: datetime) -> None:
    word = ClaimWithdrawal(claim, reason, "q.unit", "Quirina Unit", at)
    record = write_claim_withdrawal(word, NAMES)
    shacl.check_form("claim-withdrawal", record.ntriples)
    assert replace(read_claim_withdrawal(record, WHERE, NAMES), entry=None) == word
    assert keys.keys("claim-withdrawal", record, NAMES) == (("claim", claim),)


lots = st.builds(
    Lot,
    id=ids,
    kind=st.sampled_from(LOT_KINDS),
    product=st.just("POI-M"),
    passage=st.one_of(st.none(), st.integers(0, 60)),
    manufactured_on=st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2100, 1, 1))),
    expires_at=st.one_of(st.none(), moments),
    containers=st.one_of(st.none(), st.integers(1, 500)),
    storage=st.one_of(st.just(""), words),
    derived_from=st.sampled_from([(), ("WCB-1",), ("MCB-1", "WCB-1")]),
    recipient=st.just("R-0042"),
    synthetic=st.booleans(),
    note=st.one_of(st.just(""), words),
)


@settings(max_examples=25, deadline=None)
@given(lot=lots)
def test_a_lot_is_read_as_it_was_written_and_its_record_never_holds_the_recipient(lot: Lot) -> None:
    record = write_lot(lot, NAMES)
    shacl.check_form("lot", record.ntriples)
    assert b"R-0042" not in record.ntriples
    assert replace(read_lot(record, WHERE, NAMES, "R-0042"), entry=None) == lot
    origins = [("derives-from", parent) for parent in lot.derived_from]
    expected = [("looks", skeleton(lot.id)), *origins, ("of-product", "POI-M")]
    assert list(keys.keys("lot", record, NAMES)) == expected


readings = st.one_of(
    st.builds(
        Reading,
        interval=st.builds(
            lambda low, width, a, b: Interval(low, low + width, a and width > 0, b and width > 0),
            decimals,
            st.decimals(0, 50, places=2),
            st.booleans(),
            st.booleans(),
        ),
    ),
    st.builds(Reading, interval=st.builds(Interval, decimals, st.none(), st.booleans())),
    st.just(Reading(outcome=CPR + "not-detected")),
    st.sampled_from([Reading(state="not evaluable"), Reading(state="not tested")]),
    st.builds(Reading, text=words),
)


@settings(max_examples=25, deadline=None)
@given(
    readings=st.lists(readings, min_size=1, max_size=12),
    printed=words,
    stage=st.sampled_from([None, CPR + "stage-after-thaw"]),
)
def test_a_panel_is_read_as_it_was_written(readings: list[Reading], printed: str, stage: str | None) -> None:
    results = tuple(
        Result(
            "H-01",
            OBO + "PR_000001345",
            "CD105",
            printed,
            reading,
            Source("panel.csv", row, "value"),
            stage=stage,
            unit=OBO + "UO_0000187" if reading.interval else None,
            unit_printed="%" if reading.interval else "",
            details=(("method", "flow cytometry"), ("clone", "SN6")),
        )
        for row, reading in enumerate(readings, start=2)
    )
    name, record = write_panel(Panel("H-01", stage, results), NAMES, file=FILE, file_name="panel.csv", synthetic=True)
    read = read_panel(record, WHERE, NAMES)
    assert (read.id, read.lot, read.stage, read.file) == (name, "H-01", stage, FILE)
    assert name == panel_id(FILE, "H-01", stage)
    assert tuple(replace(one, iri=None) for one in read.results) == results
    assert [one.iri for one in read.results] == [f"{NAMES.panel(name)}#r{n}" for n in range(1, len(results) + 1)]


@settings(max_examples=20, deadline=None)
@given(
    kind=st.sampled_from(DECISION_KINDS), lot=ids, at=moments, reason=words, size=st.integers(1, 10**9),
    complete_by=st.none() | moments,
)  # fmt: skip
def test_a_decision_is_read_as_it_was_written(
    kind: str, lot: str, at: datetime, reason: str, size: int, complete_by: datetime | None
) -> None:
    decision = Decision(
        kind, lot, "q.one", "Quality One", at, "I decide.", reason, "https://x.example/s/1", "sha256:" + "c" * 64,  # type: ignore[arg-type]
        ("sha256:" + "a" * 64, "sha256:" + "b" * 64), size, complete_by,
    )  # fmt: skip
    read = read_decision(write_decision(decision, NAMES), WHERE, NAMES)
    assert replace(read, entry=None) == decision


def test_approval_acceptance_and_withdrawal_are_read_as_they_were_written() -> None:
    at = datetime(2026, 11, 22, 12, tzinfo=UTC)
    approval = Approval(
        "POI-M", "msc-identity", "1", "sha256:" + "c" * 64, "q.one", "Quality One", at, "I approve.",
        ((OBO + "PR_000001003", "Adipose cells carry it."),),
    )  # fmt: skip
    record = write_approval(approval, NAMES)
    shacl.check_form("approval", record.ntriples)
    assert replace(read_approval(record, WHERE, NAMES), entry=None) == approval
    assert keys.keys("approval", record, NAMES) == (("product", "POI-M"), ("specification", "msc-identity"))
    acceptance = Acceptance("H/01", NAMES.panel("p") + "#r1", "Confirmed.", "q.one", "Quality One", at)
    record = write_acceptance(acceptance, NAMES)
    shacl.check_form("acceptance", record.ntriples)
    assert replace(read_acceptance(record, WHERE, NAMES), entry=None) == acceptance
    record = write_withdrawal("abc", "Swapped.", "lab.li", "Li Na", at + timedelta(seconds=1), NAMES)
    shacl.check_form("withdrawal", record.ntriples)
    assert read_withdrawal(record, WHERE, NAMES).panel == "abc"


@pytest.mark.parametrize(
    "property_", ["verdict", "criterionVerdict", "judgedAgainst", "suspended", "lapsesAt", "recipient"]
)
def test_no_record_may_state_what_is_derived_or_private(property_: str) -> None:
    record = write_lot(Lot("H-01"), NAMES)
    more = (IRI(NAMES.lot("H-01")), IRI(CPR + property_), literal(Decimal(1)))
    with pytest.raises(NotWellFormed):
        shacl.check_form("lot", write([*triples(record), more]).ntriples)
