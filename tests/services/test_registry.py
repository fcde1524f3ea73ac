"""The registry as its users know it: a lot described, judged, released, followed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.errors import Conflict, GateRefused, NotAllowed, NotSignedIn, PatientData, Refused, Unknown, WrongUsage
from registry.services import LotDraft, ProductDraft, Registry
from tests.people import LOCAL, account_of
from tests.services.conftest import SECRET, House


def test_a_lot_that_passes_and_is_signed_may_be_injected(house: House) -> None:
    house.lot("H-01")
    (panel,) = house.submit("H-01").recorded
    assert (panel.lot, panel.verdict, panel.specification) == ("H-01", "pass", "msc-identity@1")
    assert house.state("H-01") == "not released"
    house.decide("H-01", "release")
    answer = house.registry.lots.get("h-01").answer
    assert (answer.state, answer.may_be_injected, [one.id for one in answer.for_]) == ("released", True, ["DOID:5426"])


def test_the_gate_refuses_with_everything_that_is_missing(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01", CD105="93.1", CD34=None)
    with pytest.raises(GateRefused) as refused:
        house.decide("H-01", "release")
    assert list(refused.value.details) == [
        "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4).",
        "CD34: missing: expected <= 2 %, found no result.",
    ]
    assert house.state("H-01") == "not released"


def test_whoever_submitted_a_lots_results_cannot_release_it(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01", by="q.one")
    with pytest.raises(GateRefused) as refused:
        house.decide("H-01", "release", by="q.one")
    (detail,) = refused.value.details
    assert detail.startswith("q.one submitted results of this lot (panel ")
    house.decide("H-01", "release", by="q.two")
    assert house.state("H-01") == "released"


@pytest.mark.parametrize("name", ["lab.one", "clinic.one", "analyst.one", "inspector.one"])
def test_only_the_quality_unit_signs(house: House, name: str) -> None:
    house.lot("H-01")
    house.submit("H-01")
    with pytest.raises(NotAllowed):
        house.decide("H-01", "release", by=name)


def test_a_signature_asks_for_the_password_again(house: House) -> None:
    house.lot("H-01")
    with pytest.raises(NotSignedIn):
        house.registry.releases.sign("H-01", "release", name="q.one", password="another", meaning="I release.")


def test_a_later_result_that_keeps_the_verdict_changes_nothing_and_one_that_does_not_suspends(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    text = "lot,characteristic,value,unit,stage\nH-01,viability,92,%,\n"
    house.registry.submissions.submit("viability.csv", text.encode(), house.account("lab.two"))
    assert house.state("H-01") == "released"
    house.submit("H-01", name="again.csv", CD73="98.6")
    answer = house.registry.lots.get("H-01").answer
    assert answer.state == "suspended"
    assert answer.reasons[0].code == "suspended"


def test_a_bank_that_is_recalled_takes_everything_made_from_it_along(house: House) -> None:
    house.lot("MCB-1", kind="cell bank", product=None, expires_at=None)
    house.lot("WCB-1", kind="cell bank", product=None, expires_at=None, derived_from=("mcb-1",))
    house.lot("H-01", derived_from=("WCB-1",))
    house.lot("H-02")
    for lot in ("H-01", "H-02"):
        house.submit(lot, name=f"{lot}.csv")
        house.decide(lot, "release")
    house.decide("MCB-1", "recall", reason="Mycoplasma.")
    assert (house.state("H-01"), house.state("H-02")) == ("recalled", "released")
    (reason,) = house.registry.lots.get("H-01").answer.reasons
    assert reason.code == "recalled by derivation"
    assert house.registry.lots.get("MCB-1").descendants == ("H-01", "WCB-1")
    with pytest.raises(GateRefused):
        house.decide("H-01", "release")


def test_a_hold_is_lifted_and_the_lot_decided_on_again(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    house.decide("H-01", "hold")
    assert house.state("H-01") == "on hold"
    house.decide("H-01", "hold lifted")
    assert house.state("H-01") == "not released"
    house.decide("H-01", "release")
    assert house.state("H-01") == "released"


@pytest.mark.parametrize("final", ["rejection", "recall"])
def test_rejection_and_recall_are_final(house: House, final: str) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", final)
    with pytest.raises(Refused):
        house.decide("H-01", "release")
    with pytest.raises(Refused):
        house.decide("H-01", "hold lifted")


@pytest.mark.parametrize("kind", ["hold", "rejection", "recall", "hold lifted"])
def test_a_decision_against_a_lot_needs_a_reason(house: House, kind: str) -> None:
    house.lot("H-01")
    with pytest.raises(WrongUsage):
        house.decide("H-01", kind, reason="  ")


def test_released_is_a_question_at_a_time(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    before = datetime.now(UTC)
    house.decide("H-01", "release")
    between = datetime.now(UTC)
    house.decide("H-01", "hold")
    states = [house.registry.lots.get("H-01", at=at).answer.state for at in (before, between, datetime.now(UTC))]
    assert states == ["not released", "released", "on hold"]


def test_a_withdrawn_panel_no_longer_counts_and_stays_visible(house: House) -> None:
    house.lot("H-01")
    (panel,) = house.submit("H-01").recorded
    with pytest.raises(NotAllowed):
        house.registry.submissions.withdraw(panel.panel, reason="Swapped.", name="lab.two", password=SECRET)
    house.registry.submissions.withdraw(panel.panel, reason="Swapped.", name="lab.one", password=SECRET)
    answer = house.registry.lots.get("H-01")
    assert (answer.verdict, answer.panels[0].withdrawn.reason if answer.panels[0].withdrawn else "") == (
        "incomplete",
        "Swapped.",
    )
    with pytest.raises(Conflict):
        house.registry.submissions.withdraw(panel.panel, reason="Again.", name="lab.one", password=SECRET)


def test_a_suspended_release_stays_suspended_until_somebody_decides_again(house: House) -> None:
    """Neither a withdrawal nor a later good result revives an old signature."""
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    text = "lot,characteristic,value,unit,stage\nH-01,CD105,20,%,after thaw\n"
    (bad,) = house.registry.submissions.submit("bad.csv", text.encode(), house.account("lab.two")).recorded
    assert house.state("H-01") == "suspended"
    house.registry.submissions.withdraw(bad.panel, reason="Wrong tube.", name="q.two", password=SECRET)
    answer = house.registry.lots.get("H-01")
    assert (answer.verdict, answer.answer.state, answer.answer.may_be_injected) == ("pass", "suspended", False)
    assert [line.state for line in house.registry.lot_index.find("H-01")] == ["suspended"]
    house.decide("H-01", "release")
    assert house.state("H-01") == "released"


def test_a_laboratory_does_not_take_back_a_result_that_fails(house: House) -> None:
    """No testing into compliance: it submits a retest, and the quality unit decides."""
    house.lot("H-01")
    (panel,) = house.submit("H-01", CD105="93.1").recorded
    with pytest.raises(Refused) as refused:
        house.registry.submissions.withdraw(panel.panel, reason="x", name="lab.one", password=SECRET)
    assert list(refused.value.details) == ["CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4)."]
    house.registry.submissions.withdraw(panel.panel, reason="Wrong tube, investigated.", name="q.one", password=SECRET)
    assert house.registry.lots.get("H-01").verdict == "incomplete"


def test_a_failure_that_was_set_aside_is_named_before_a_release_is_signed_and_after(house: House) -> None:
    """Whoever signs reads why; a panel taken back that fails nothing is no news."""
    house.lot("WCB-9", kind="cell bank", product=None)
    house.lot("H-01", derived_from=("WCB-9",))
    (failing,) = house.submit("H-01", CD105="93.1").recorded
    house.registry.submissions.withdraw(
        failing.panel, reason="Wrong tube, investigated.", name="q.one", password=SECRET
    )
    (harmless,) = house.submit("H-01", name="twice.csv", CD105="99.1").recorded
    house.registry.submissions.withdraw(harmless.panel, reason="Sent twice.", name="q.one", password=SECRET)
    house.submit("H-01", name="again.csv")
    check = house.registry.releases.check("H-01", house.account("q.two"))
    assert (check.missing, check.notes) == (
        (),
        (
            f"q.one withdrew the panel {failing.panel} (Wrong tube, investigated.), which fails: "
            "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4). "
            "Read why before you sign.",
        ),
    )
    signed = house.registry.releases.sign("H-01", "release", name="q.two", password=SECRET, meaning="I release it.")
    assert (signed.notes, house.state("H-01")) == (check.notes, "released")


def test_the_same_file_answers_the_same_receipt(house: House) -> None:
    house.lot("H-01")
    first, again = house.submit("H-01"), house.submit("H-01")
    assert again.repeated
    assert {**again.as_dict(), "repeated": False} == first.as_dict()
    assert house.registry.size() == int(first.receipt) + 1


def test_a_lot_with_a_row_in_error_is_not_recorded_and_the_others_are(house: House) -> None:
    house.lot("H-01")
    house.lot("H-02")
    text = "lot,characteristic,value,unit\nH-01,CD73,0.97,\nH-01,CD90,99,%\nH-02,CD73,98,%\n"
    receipt = house.registry.submissions.submit("p.csv", text.encode(), house.account("lab.one"))
    assert [panel.lot for panel in receipt.recorded] == ["H-02"]
    assert [(error.lot, error.row, error.column) for error in receipt.errors] == [("H-01", 2, "value")]
    assert house.registry.lots.get("H-01").panels == ()


def test_a_lot_must_be_registered_and_its_rows_can_be_sent_again_then(house: House) -> None:
    house.lot("H-01")
    text = "lot,characteristic,value,unit\nH-01,CD73,97,%\nH-09,CD73,98,%\n"
    receipt = house.registry.submissions.submit("p.csv", text.encode(), house.account("lab.one"))
    assert [(error.lot, error.row, error.column) for error in receipt.errors] == [("H-09", 3, "lot")]
    house.lot("H-09")
    again = house.registry.submissions.submit("p.csv", text.encode(), house.account("lab.one"))
    assert ([panel.lot for panel in again.recorded], again.errors) == (["H-09"], ())


def test_the_submitted_bytes_are_kept_by_digest(house: House) -> None:
    house.lot("H-01")
    receipt = house.submit("H-01")
    name, data = house.registry.submissions.file(receipt.file)
    assert name == "panel.csv"
    assert data.startswith(b"lot,characteristic,value,unit\nH-01,CD73,98.5,%\n")


def test_a_file_with_a_patients_name_is_refused_before_anything_is_kept(house: House) -> None:
    house.lot("H-01")
    size = house.registry.size()
    text = "lot,characteristic,value,unit,patient name\nH-01,CD73,98,%,Jane Roe\n"
    with pytest.raises(PatientData) as refused:
        house.registry.submissions.submit("p.csv", text.encode(), house.account("lab.one"))
    assert "Jane" not in str(refused.value)
    assert house.registry.size() == size


@pytest.mark.parametrize("name", ["clinic.one", "analyst.one", "inspector.one"])
def test_only_laboratories_and_the_quality_unit_submit(house: House, name: str) -> None:
    house.lot("H-01")
    with pytest.raises(NotAllowed):
        house.submit("H-01", by=name)


def test_a_retest_of_a_result_that_failed_counts_only_once_it_is_accepted(house: House) -> None:
    house.lot("H-01")
    (panel,) = house.submit("H-01", CD105="93.1").recorded
    text = (
        "lot,characteristic,value,unit,relation,supersedes,reason\n"
        f"H-01,CD105,97.0,%,retest,{panel.panel},The antibody had expired.\n"
    )
    (retest,) = house.registry.submissions.submit("retest.csv", text.encode(), house.account("lab.one")).recorded
    assert retest.verdict == "fail"
    result = next(one for one in house.registry.lots.get("H-01").panels[1].results)
    assert (result.relation, result.printed, result.reason) == ("retest", "97.0", "The antibody had expired.")
    house.registry.releases.accept(
        "H-01", result.iri or "", reason="The investigation confirms it.", name="q.one", password=SECRET
    )
    assert house.registry.lots.get("H-01").verdict == "pass"
    assert [one.printed for one in house.registry.lots.get("H-01").panels[0].results if one.label == "CD105"] == [
        "93.1"
    ]


def test_an_autologous_lot_is_for_one_recipient_and_every_answer_says_so(house: House) -> None:
    house.registry.products.register(
        ProductDraft("AUTO", "autologous", "CL:0002540", "bone marrow", "autologous", "NCBITaxon:9606"),
        account_of(house.registry, "q.two"),
    )
    with pytest.raises(WrongUsage):
        house.lot("A-01", product="AUTO")
    house.registry.specifications.approve("AUTO", "msc-identity", name="q.two", password=SECRET)
    house.lot("A-01", product="AUTO", recipient="R-0042")
    house.submit("A-01")
    house.decide("A-01", "release")
    seen = {
        name: house.registry.lots.get("A-01", viewer=house.account(name)).answer
        for name in ("clinic.one", "analyst.one")
    }
    assert (seen["clinic.one"].recipient, seen["analyst.one"].recipient) == ("R-0042", None)
    assert all(answer.recipient_only for answer in seen.values())
    assert all(answer.sentence.endswith("Only into the one recipient it was made for.") for answer in seen.values())
    assert b"R-0042" not in house.registry.queries.query("SELECT * WHERE { ?s ?p ?o }", "text/csv", by=LOCAL).body


def test_a_cell_type_outside_the_permitted_list_is_refused_with_the_list(house: House) -> None:
    with pytest.raises(WrongUsage) as refused:
        house.registry.products.register(
            ProductDraft("ECFC", "endothelial", "CL:0009090", "cord blood", "allogeneic", "NCBITaxon:9606"),
            account_of(house.registry, "q.two"),
        )
    permitted = house.registry.terms.permitted_cell_types()
    assert refused.value.expected == "; ".join(f"{term.curie} {term.label}" for term in permitted)


def test_every_permitted_subclass_is_held_to_the_identity_of_an_msc(house: House) -> None:
    """No code names a subclass: each is found by the inferred hierarchy."""
    for term in house.registry.terms.permitted_cell_types():
        assert house.registry.terms.is_a(term.iri, "CL:0000134")
        assert len(house.registry.terms.identity_of(term.iri)) == 6


def test_shipped_specifications_are_approved_for_nothing(house: House) -> None:
    house.registry.products.register(
        ProductDraft("NEW", "new", "CL:0002570", "adipose", "allogeneic", "NCBITaxon:9606"),
        account_of(house.registry, "q.two"),
    )
    house.lot("N-01", product="NEW")
    (panel,) = house.submit("N-01").recorded
    assert (panel.verdict, panel.specification) == (None, None)
    with pytest.raises(GateRefused) as refused:
        house.decide("N-01", "release")
    assert list(refused.value.details) == ["No specification is approved for the product NEW."]


def test_a_lot_that_changed_while_it_was_judged_is_not_released(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from registry.services.releases import sign

    house.lot("H-01")
    house.submit("H-01")
    check = sign._check_order

    def meanwhile(kind, newest):  # type: ignore[no-untyped-def]
        house.submit("H-01", name="late.csv", CD105="90")
        return check(kind, newest)

    monkeypatch.setattr(sign, "_check_order", meanwhile)
    with pytest.raises(Conflict):
        house.decide("H-01", "release")
    assert house.state("H-01") == "not released"


def test_what_is_entered_while_a_lots_facts_are_read_does_not_count_as_seen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panel that arrives between the reading of the evidence and of its newest entry: the release is refused."""
    from registry.ledger.lots import LotReader

    house.lot("H-01")
    house.submit("H-01")
    ancestors, late = LotReader.ancestors, [True]

    def meanwhile(lots, lot, until=None):  # type: ignore[no-untyped-def]
        found = ancestors(lots, lot, until)
        if late and lot == "H-01":
            late.clear()
            house.submit("H-01", name="late.csv", CD105="90")
        return found

    monkeypatch.setattr(LotReader, "ancestors", meanwhile)
    with pytest.raises(Conflict):
        house.decide("H-01", "release")
    assert house.state("H-01") == "not released"


def test_lots_are_found_by_id_part_product_and_disease_with_its_sub_diseases(house: House) -> None:
    house.lot("H-01")
    house.lot("H-02")
    for text in (
        "H-0",
        "h-01",
        "POI-M",
        "hesc",
        "primary ovarian insufficiency",
        "DOID:5426",
        "ovarian disease",
        "DOID:1100",
    ):
        found = [line.lot for line in house.registry.lot_index.find(text)]
        assert found == (["H-01"] if text == "h-01" else ["H-01", "H-02"]), text
    assert house.registry.lot_index.find("premature menopause") == []
    assert house.registry.lot_index.find("") == house.registry.lot_index.find("", limit=50)


def test_an_unknown_lot_names_what_is_near(house: House) -> None:
    house.lot("H-01")
    with pytest.raises(Unknown) as refused:
        house.registry.lots.get("H-07")
    assert refused.value.expected == "the identifier of a registered lot"


def test_the_history_tells_every_entry_in_words(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    assert [(line.kind, line.actor, line.summary) for line in house.registry.lots.history("H-01")] == [
        ("lot", "q.two", "Product lot H-01 registered"),
        ("panel", "lab.one", "Panel of 6 results from panel.csv"),
        ("decision", "q.one", "Release signed by Q.One: For the test."),
    ]


def test_a_lot_is_registered_once_whatever_its_case(house: House) -> None:
    house.lot("H-01")
    with pytest.raises(Conflict):
        house.lot("h-01")


@pytest.mark.parametrize("name", ["", " H", "H-01.json", "µ-1", "a" * 65, "H\n1", "-H"])
def test_a_lots_identifier_keeps_the_rule(house: House, name: str) -> None:
    with pytest.raises(WrongUsage):
        house.lot(name)


def test_an_expiry_without_a_zone_is_ambiguous(house: House) -> None:
    with pytest.raises(WrongUsage):
        house.lot("H-01", expires_at=datetime(2027, 1, 1))


def test_nobody_edits_the_graph_and_it_rebuilds_the_same(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    assert house.registry.upkeep.audit().findings == ()
    before = sorted(house.registry.queries.knowledge.graph.lines())
    house.registry.upkeep.rebuild()
    assert sorted(house.registry.queries.knowledge.graph.lines()) == before


def test_an_approval_changes_the_derived_verdict_of_every_lot_of_its_product(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    question = (
        "PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> "
        "SELECT ?verdict WHERE { <https://registry.example/lot/H-01> cpr:verdict ?verdict }"
    )
    assert (
        house.registry.queries.query(question, "text/csv", by=LOCAL).body
        == b"verdict\r\nhttps://w3id.org/cell-product-registry/ns#Pass\r\n"
    )
    house.registry.specifications.approve("POI-M", "isct-2006", name="q.two", password=SECRET)
    found = house.registry.queries.query(question, "text/csv", by=LOCAL).body
    assert found == b"verdict\r\nhttps://w3id.org/cell-product-registry/ns#Incomplete\r\n"
    assert house.registry.upkeep.audit().findings == ()


def test_a_release_keeps_to_the_specification_it_named(house: House) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    house.registry.specifications.approve("POI-M", "isct-2006", name="q.two", password=SECRET)
    answer = house.registry.lots.get("H-01")
    assert (answer.answer.state, answer.specification.id if answer.specification else "") == (
        "released",
        "msc-identity",
    )


def test_a_backup_restores_elsewhere_and_passes_the_audit(house: House, tmp_path: Path) -> None:
    house.lot("H-01")
    house.submit("H-01")
    house.decide("H-01", "release")
    house.registry.upkeep.backup(tmp_path / "monday.tar")
    restored = Registry.restore(tmp_path / "monday.tar", tmp_path / "elsewhere", by=LOCAL)
    assert restored.upkeep.audit().findings == ()
    assert restored.lots.get("H-01").answer.state == "released"
    assert restored.lots.get("H-01").decisions[0].signature_valid
    restored.close()


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "holiday.txt").write_text("mine")
    with pytest.raises(Refused):
        Registry.create(tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["holiday.txt"]


def test_an_expired_lot_is_expired_by_the_clock_alone(house: House) -> None:
    """Nobody enters anything: the very next second it is."""
    house.lot("H-01", expires_at=house.now() + timedelta(days=1))
    house.submit("H-01")
    house.decide("H-01", "release")
    house.pass_time(timedelta(hours=23))
    assert house.state("H-01") == "released"
    house.pass_time(timedelta(hours=1))
    assert house.state("H-01") == "expired"


def test_a_product_lot_of_an_unknown_product_is_refused(house: House) -> None:
    with pytest.raises(Unknown):
        house.registry.lots.register(LotDraft("H-01", product="nobody"), account_of(house.registry, "q.two"))


def test_results_that_no_criterion_asks_about_are_shown_to_whoever_signs_or_injects(house: House) -> None:
    house.lot("H-01")
    text = "lot,characteristic,value,unit,stage\nH-01,CD105,98,%,\nH-01,mycoplasma,positive,,\nH-01,viability,5,%,\n"
    house.registry.submissions.submit("more.csv", text.encode(), house.account("lab.one"))
    shown = [(one.label, one.printed) for one in house.registry.lots.get("H-01").not_judged]
    assert shown == [("mycoplasma", "positive"), ("viability", "5")]


def test_approving_a_specification_that_asks_for_less_says_what_is_no_longer_asked_for(house: House) -> None:
    larger = "hesc-msc-ovarian-illustrative"
    assert house.registry.specifications.approve("POI-M", larger, "1", name="q.two", password=SECRET).notes == ()
    (note,) = house.registry.specifications.approve("POI-M", "msc-identity", name="q.two", password=SECRET).notes
    assert note == (
        f"{larger} version 1, which was in force, asked for more. No longer asked for: viability, viable cell number, "
        "OCT4, TRA-1-60, sterility, mycoplasma, endotoxin, karyotype."
    )


@pytest.mark.parametrize(
    ("made", "expires", "wrong"),
    [
        (0, 1, ""),
        (0, 0, ""),
        (-400, -2, ""),
        (2, 90, "manufactured_on"),
        (365, 730, "manufactured_on"),
        (0, -1, "expires_at"),
        (-3, -30, "expires_at"),
    ],
)
def test_a_lot_is_not_made_tomorrow_and_expires_no_earlier_than_it_was_made(
    house: House, made: int, expires: int, wrong: str
) -> None:
    """Days from now; the day of manufacture may have begun in another zone, and a lot may expire on it."""
    now = house.now()
    dates = {"manufactured_on": (now + timedelta(days=made)).date(), "expires_at": now + timedelta(days=expires)}
    if not wrong:
        house.lot("H-01", **dates)
        assert house.registry.lots.get("H-01").manufactured_on == dates["manufactured_on"]
        return
    with pytest.raises(WrongUsage) as refusal:
        house.lot("H-01", **dates)
    assert (refusal.value.where, house.registry.reader.registered("H-01")) == (wrong, None)
