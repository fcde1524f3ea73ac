"""What is given is asked at that minute, adds up, and names nobody; what is found late reaches whoever received it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from registry.domain import Arm, Study
from registry.errors import GateRefused, NotAllowed, NotSignedIn, PatientData, Refused, Unknown, WrongUsage
from registry.ledger import NewEntry
from registry.records.study import write_study
from registry.services.accounts import LocalOperator
from registry.services.administrations.record import AdministrationDraft
from registry.services.append import Entries
from tests.services.conftest import MARKERS, SECRET, House

LEFT, RIGHT = (f"http://purl.obolibrary.org/obo/UBERON_000211{place}" for place in (9, 8))
STUDY = Study("NCT03877471", "A study", arms=(Arm("low", "2 million", 2_000_000, (LEFT, RIGHT)),))
SITES = ("left=2000000", "right=2000000")
CODE = "R-0042"


@pytest.fixture
def clinic(house: House) -> House:
    """A study, and two released lots of 5 million viable cells a container, made of one bank."""
    registry = house.registry
    entries = Entries(registry.ledger, registry.names)
    entries.enter(NewEntry("study", write_study(STUDY, registry.names)), "q.one", STUDY.id)
    house.lot("WCB-1", kind="cell bank", product=None, expires_at=None)
    for lot in ("L-1", "L-2"):
        house.lot(lot, containers=4, usable_hours=4, derived_from=("WCB-1",))
        submit(house, lot)
        house.decide(lot, "release")
    return house


def submit(house: House, lot: str, cells: str = "5000000") -> None:
    """A panel with the count of viable cells in a container."""
    rows = [f"{lot},{marker},{value},%" for marker, value in MARKERS.items()]
    rows.append(f"{lot},viable cell number,{cells},cells per container")
    text = "lot,characteristic,value,unit\n" + "\n".join(rows) + "\n"
    house.registry.submissions.submit("panel.csv", text.encode(), house.account("lab.one"))


def draft(house: House, **changes: Any) -> AdministrationDraft:
    """What the arm asks for, from container 1 of L-1, now."""
    at = house.now()
    given = AdministrationDraft(
        "L-1", "NCT03877471", "low", CODE, SITES, (1,), at, at - timedelta(minutes=40), Decimal("92.5")
    )
    return replace(given, **changes)


def give(house: House, **changes: Any) -> str:
    """Recorded by the clinic; answers the key."""
    return house.registry.administrations.record(draft(house, **changes), house.account("clinic.one")).id


def refused(house: House, **changes: Any) -> tuple[str, ...]:
    """Every reason of the refusal."""
    with pytest.raises(GateRefused) as refusal:
        give(house, **changes)
    return refusal.value.details


def test_what_is_given_is_answered_with_its_sums_and_its_container_is_gone(clinic: House) -> None:
    """Per recipient is computed; the container is administered."""
    key = give(clinic)
    answer = clinic.registry.administrations.get(key, clinic.account("clinic.one"))
    assert (answer.lot, answer.total, answer.minutes_since_thaw, answer.recipient) == ("L-1", "4000000", 40, CODE)
    assert [(dose.site.id, dose.site.label, dose.cells) for dose in answer.sites] == [
        ("UBERON:0002119", "left ovary", "2000000"),
        ("UBERON:0002118", "right ovary", "2000000"),
    ]
    balance = clinic.registry.administrations.balance("L-1")
    assert (balance.made, balance.in_stock, balance.administered, balance.adds_up) == (4, 3, 1, True)
    assert balance.numbers == {"administered": (1,)}


def test_every_reason_stands_in_the_refusal_at_once(clinic: House) -> None:
    """State, container, expiry after thaw, arm, dose, arithmetic: nothing is left for a second try."""
    clinic.decide("L-1", "hold", reason="A gap in the temperature log.")
    at = clinic.now()
    reasons = refused(
        clinic, at=at, thawed_at=at - timedelta(hours=5), containers=(9,), sites=("left=20000000",), study="NCT03877471"
    )
    assert reasons[0] == "There is no container 9: the lot has 4, numbered from 1."
    assert "The lot L-1 must not be injected: it is on hold." in reasons
    assert "It was thawed 5 h before; it may be used for 4 h after." in reasons
    assert "The arm low gives 2 000 000 viable cells per site, not 20 000 000 (UBERON:0002119)." in reasons
    assert "The arm low gives 2 000 000 viable cells at UBERON:0002118; none is said here." in reasons
    assert (
        "The container holds at least 5 000 000 viable cells; 20 000 000 are said to be given over 1 sites." in reasons
    )
    assert clinic.registry.administrations.of_lot("L-1", clinic.account("q.one")) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"arm": "high"}, "The study NCT03877471 has no arm high: low."),
        ({"study": "NCT1"}, "There is no study NCT1 in this registry, so that the dose cannot be compared."),
        ({"thawed_at": None}, "It is not said when it was thawed; it may be used for 4 h after."),
        ({"lot": "WCB-1"}, "WCB-1 is a cell bank, not a lot for injection."),
    ],
)
def test_what_is_not_known_is_refused(clinic: House, changes: dict[str, Any], reason: str) -> None:
    """Nothing is guessed in favour of giving it."""
    if changes.get("arm") == "high" or "study" in changes:
        changes |= {"sites": (f"{'UBERON:0002119'}=2000000",)}
    if changes.get("lot") == "WCB-1":
        changes |= {"containers": (1,)}
    assert reason in refused(clinic, **changes)


def test_a_lot_that_was_not_released_when_it_was_given_is_refused_though_it_is_now(clinic: House) -> None:
    """Nothing is put right afterwards; of a lot that was made up the ledger's times are those of the telling."""
    clinic.lot("L-4", containers=4)
    clinic.lot("L-5", containers=4, synthetic=True)
    for lot in ("L-4", "L-5"):
        submit(clinic, lot)
    before = clinic.now()
    clinic.pass_time(timedelta(minutes=9))
    for lot in ("L-4", "L-5"):
        clinic.decide(lot, "release")
    thawed = before - timedelta(minutes=30)
    reasons = refused(clinic, lot="L-4", at=before, thawed_at=thawed)
    assert reasons == ("The lot L-4 must not be injected: it was not released.", "Nobody has released this lot.")
    assert give(clinic, lot="L-5", at=before, thawed_at=thawed)


def test_a_lot_without_a_count_of_viable_cells_shows_no_dose(clinic: House) -> None:
    """The release alone says nothing of how many cells a container holds."""
    clinic.lot("L-3", containers=4)
    clinic.submit("L-3")
    clinic.decide("L-3", "release")
    expected = "How many viable cells a container holds is not on record, so that the dose cannot be shown."
    assert refused(clinic, lot="L-3") == (expected,)


def test_a_container_is_given_once_whatever_is_said(clinic: House) -> None:
    """A deviation may say that something happened, and not that the same container was given again."""
    give(clinic)
    again = refused(clinic, deviation="It was given twice.")
    assert again[0] == "Container 1 was administered already: a container is given once."
    assert clinic.registry.administrations.balance("L-1").administered == 1


def test_what_was_given_all_the_same_is_entered_as_a_deviation(clinic: House) -> None:
    """It happened: the quality unit finds it, with what stood against it."""
    clinic.decide("L-1", "hold", reason="A gap in the temperature log.")
    receipt = clinic.registry.administrations.record(
        draft(clinic, deviation="The hold was not known at the clinic."), clinic.account("clinic.one")
    )
    assert receipt.notes[0] == "Entered as a deviation: the quality unit is told."
    (deviation,) = clinic.registry.administrations.deviations(clinic.account("q.one"))
    assert deviation.administration == receipt.id
    assert deviation.deviation == "The hold was not known at the clinic."
    assert "The lot L-1 must not be injected: it is on hold." in deviation.against


def test_a_deviation_that_was_none_is_not_entered_as_one(clinic: House) -> None:
    """Nothing stood against it."""
    receipt = clinic.registry.administrations.record(
        draft(clinic, deviation="Just in case."), clinic.account("clinic.one")
    )
    assert receipt.notes == ("Nothing stood against it, so that it is not entered as a deviation.",)
    assert clinic.registry.administrations.deviations(clinic.account("q.one")) == ()


def test_the_code_is_in_no_record_no_graph_no_export_and_no_answer_to_whoever_may_not_see_it(clinic: House) -> None:
    """An analyst may see everything in the graph; the inspector may see the code, the local operator may not."""
    registry = clinic.registry
    key = give(clinic)
    answer = registry.administrations.get(key, clinic.account("inspector.one"))
    assert answer.recipient == CODE
    assert registry.administrations.get(key, LocalOperator("test")).recipient is None
    with pytest.raises(NotAllowed):
        registry.administrations.get(key, clinic.account("analyst.one"))
    with pytest.raises(NotSignedIn):
        registry.administrations.get(key, None)
    assert CODE.encode() not in registry.record(answer.record, clinic.account("q.one"))
    with pytest.raises(NotAllowed):
        registry.record(answer.record, clinic.account("analyst.one"))
    held = f"{{ ?s a cpr:Administration }} UNION {{ ?s cpr:siteDose ?d }} UNION {{ ?s ?p '{CODE}' }}"
    ask = f"PREFIX cpr: <https://w3id.org/cell-product-registry/ns#> ASK {{ {held} }}"
    answered = registry.queries.query(ask, "application/sparql-results+json", by=LocalOperator("t"))
    assert json.loads(answered.body)["boolean"] is False
    lot = registry.upkeep.rdf("lot", "L-1", "text/turtle")
    assert all(secret.encode() not in lot for secret in (CODE, key, "administeredAt"))
    with pytest.raises(Unknown):
        registry.upkeep.rdf("record", answer.record, "text/turtle")
    assert all(CODE not in line.summary for line in registry.lots.history("L-1"))


@pytest.mark.parametrize("code", ["Ada Lovelace", "Patient name: Ada 1", "born 10.12.1815", ""])
def test_a_code_is_a_pseudonym(clinic: House, code: str) -> None:
    """A name, a birthday and nothing at all are refused, and nothing is entered."""
    with pytest.raises((WrongUsage, PatientData)):
        give(clinic, recipient=code)
    assert clinic.registry.administrations.balance("L-1").administered == 0


def test_a_reason_that_names_a_person_is_refused(clinic: House) -> None:
    """The ledger keeps it for ever."""
    with pytest.raises(PatientData):
        give(clinic, containers=(2,), arm="low", deviation="Patient name: Ada Lovelace")


def test_what_has_not_happened_is_not_recorded(clinic: House) -> None:
    """A time in the future is no administration; one without a zone is ambiguous."""
    with pytest.raises(WrongUsage, match="recorded when it was"):
        give(clinic, at=clinic.now() + timedelta(hours=1), thawed_at=None)
    with pytest.raises(WrongUsage, match="without a zone"):
        give(clinic, at=clinic.now().replace(tzinfo=None))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("left=0.2×107", "lost its superscript"),
        ("left", "a site and its viable cells"),
        ("left=two", "no number of viable cells"),
        ("left=1.5", "no number of viable cells"),
        ("ovary=2000000", "could be several sites"),
        ("knee=2000000", "no site that is known here"),
    ],
)
def test_a_dose_that_cannot_be_read_is_refused(clinic: House, typed: str, message: str) -> None:
    """A number that lost its superscript above all: it could be two numbers."""
    with pytest.raises(WrongUsage, match=message):
        give(clinic, sites=(typed, "right=2000000"))


def test_containers_are_moved_by_number_and_by_count(clinic: House) -> None:
    """Reserved, given from the reserved, returned, back in stock; the sum stays."""
    service, clinician = clinic.registry.administrations, clinic.account("clinic.one")
    service.move("L-1", "reserved", count=2, reason="For the clinic.", actor=clinician)
    give(clinic, containers=(1,))
    service.move("L-1", "returned", numbers=(2,), reason="Not needed.", actor=clinician)
    service.move("L-1", "in stock", count=1, reason="Looked at, in order.", actor=clinic.account("q.one"))
    service.move("L-1", "destroyed", numbers=(4,), reason="Dropped.", actor=clinic.account("lab.one"))
    balance = service.balance("L-1")
    assert (balance.in_stock, balance.administered, balance.destroyed, balance.reserved) == (2, 1, 1, 0)
    assert balance.adds_up
    with pytest.raises(Refused) as refusal:
        service.move("L-1", "retained", numbers=(1, 4, 7), reason="A sample.", actor=clinician)
    assert refusal.value.details == (
        "Container 1 was administered and cannot be retained.",
        "Container 4 was destroyed and cannot be retained.",
        "There is no container 7: the lot has 4, numbered from 1.",
    )
    with pytest.raises(Refused, match="There are not 3 containers"):
        service.move("L-1", "reserved", count=3, reason="For the clinic.", actor=clinician)
    with pytest.raises(WrongUsage):
        service.move("L-1", "administered", count=1, reason="Given.", actor=clinician)


def test_a_recall_reaches_whoever_received_the_lot_and_all_that_shares_its_origin(clinic: House) -> None:
    """Listed with the codes for who may see them, until somebody says that they were told."""
    service, quality = clinic.registry.administrations, clinic.account("q.one")
    key, beside = give(clinic), give(clinic, lot="L-2", recipient="R-0043")
    assert service.findings(quality) == ()
    clinic.decide("L-1", "recall", reason="The sterility test became positive.")
    findings = service.findings(quality)
    assert [(each.administration.administration, each.relation, each.state, each.open) for each in findings] == [
        (key, "the lot itself", "recalled", True),
        (beside, "shares its origin with L-1", "recalled", True),
    ]
    assert [each.administration.recipient for each in findings] == [CODE, "R-0043"]
    assert [each.administration.recipient for each in service.findings(LocalOperator("t"))] == [None, None]
    service.answer(key, "seen", actor=quality)
    assert service.findings(quality)[0].open
    service.answer(key, "told", note="By telephone.", actor=clinic.account("clinic.one"))
    answered = service.findings(quality)[0]
    assert not answered.open
    assert [(each.what, each.by) for each in answered.answers] == [("seen", "q.one"), ("told", "clinic.one")]
    assert service.findings(quality)[1].open
    assert [how for how, _given in service.reached("L-1", quality)] == ["the lot itself", "shares its origin with L-1"]


def test_a_recall_of_the_bank_reaches_everything_made_of_it(clinic: House) -> None:
    """Each lot derives from it; a late withdrawal of a panel does the same for its lot."""
    give(clinic), give(clinic, lot="L-2", recipient="R-0043")
    clinic.decide("WCB-1", "recall", reason="Mycoplasma.")
    findings = clinic.registry.administrations.findings(clinic.account("q.one"))
    assert [(each.administration.lot, each.relation) for each in findings] == [
        ("L-1", "the lot itself"),
        ("L-2", "the lot itself"),
    ]


def test_a_withdrawn_panel_is_found_late_and_an_answer_to_one_thing_is_none_to_another(clinic: House) -> None:
    """What was answered stands again when something else is found."""
    service, quality = clinic.registry.administrations, clinic.account("q.one")
    key = give(clinic)
    panel = clinic.registry.lots.get("L-1").panels[0].panel
    clinic.registry.submissions.withdraw(panel, reason="The tubes were swapped.", name="lab.one", password=SECRET)
    assert [each.state for each in service.findings(quality)] == ["suspended"]
    service.answer(key, "told", actor=quality)
    assert not service.findings(quality)[0].open
    clinic.decide("L-1", "hold", reason="Until it is known.")
    assert service.findings(quality)[0].open


def test_nothing_is_answered_where_nothing_was_found(clinic: House) -> None:
    """Nor with another word than the two."""
    key = give(clinic)
    with pytest.raises(WrongUsage, match="Nothing was found"):
        clinic.registry.administrations.answer(key, "seen", actor=clinic.account("q.one"))
    with pytest.raises(WrongUsage, match="no answer"):
        clinic.registry.administrations.answer(key, "ignored", actor=clinic.account("q.one"))


def test_a_trace_goes_forward_and_back_and_a_code_needs_an_account(clinic: House) -> None:
    """Bank to administration, and recipient to bank."""
    service, quality = clinic.registry.administrations, clinic.account("q.one")
    key = give(clinic)
    forward = service.trace("WCB-1", LocalOperator("t"))
    assert [(each.id, each.direction) for each in forward.things] == [
        ("WCB-1", "asked"),
        ("L-1", "forward"),
        ("L-2", "forward"),
    ]
    assert [each.administration for each in forward.given] == [key]
    assert [(each.id, each.direction) for each in service.trace("l-1", quality).things] == [
        ("WCB-1", "back"),
        ("L-1", "asked"),
    ]
    for asked in (CODE, key):
        back = service.trace_any(asked, quality)
        assert [(each.id, each.direction) for each in back.things] == [("WCB-1", "back"), ("L-1", "forward")]
        assert [each.administration for each in back.given] == [key]
    with pytest.raises(NotSignedIn):
        service.trace_any(CODE, LocalOperator("t"))


def test_a_code_is_looked_for_where_it_was_asked_for_alone_and_stands_in_no_refusal(clinic: House) -> None:
    """What follows a name that may stand in an address does not look for a code."""
    service, quality = clinic.registry.administrations, clinic.account("q.one")
    give(clinic)
    with pytest.raises(Unknown):
        service.trace(CODE, quality)
    with pytest.raises(Unknown) as unknown:
        service.trace_any("R-9999", quality)
    assert "R-9999" not in str(unknown.value.as_dict())


def supply(house: House, **changes: str) -> None:
    """L-9 supplied out of specification for the recipient."""
    words = {
        "recipient": CODE,
        "request": "There is no alternative; the physician accepts the risk.",
        "reason": "CD73 is 80 %, and the treatment cannot wait.",
        "risk": "Fewer cells of the identity asked for; no growth was found.",
        **changes,
    }
    house.registry.administrations.supply("L-9", name="q.one", password=SECRET, **words)


def test_supply_out_of_specification_is_a_path_of_its_own_and_never_a_release(clinic: House) -> None:
    """Given to that one recipient without a deviation; every answer says it, and it is never released."""
    clinic.lot("L-9", containers=4)
    rows = "".join(f"L-9,{name},{'80' if name == 'CD73' else value},%\n" for name, value in MARKERS.items())
    text = f"lot,characteristic,value,unit\n{rows}L-9,viable cell number,5000000,cells per container\n"
    clinic.registry.submissions.submit("panel.csv", text.encode(), clinic.account("lab.one"))
    assert refused(clinic, lot="L-9")
    supply(clinic)
    answer = clinic.registry.lots.get("L-9").answer
    assert (answer.may_be_injected, answer.state) == (False, "not released")
    assert "OOS supply" in {reason.code for reason in answer.reasons}
    assert refused(clinic, lot="L-9", recipient="R-0043") == ("The lot is for one recipient, and this is another.",)
    key = give(clinic, lot="L-9")
    assert clinic.registry.administrations.get(key, clinic.account("q.one")).deviation == ""
    check = clinic.registry.releases.check("L-9", clinic.account("q.one"), "For the test.")
    assert "L-9 was supplied out of specification: it is never released." in check.missing


@pytest.mark.parametrize("word", ["request", "reason", "risk"])
def test_a_supply_needs_request_reason_and_risk(clinic: House, word: str) -> None:
    """EU GMP Part IV, 11.53 and 11.54."""
    clinic.lot("L-9", containers=4)
    with pytest.raises(WrongUsage, match=word):
        supply(clinic, **{word: " "})


def test_what_passes_is_released_or_not_given_and_never_supplied(clinic: House) -> None:
    """Nor is what is held, or what nothing is known of."""
    clinic.lot("L-9", containers=4)
    with pytest.raises(GateRefused) as unknown:
        supply(clinic)
    assert unknown.value.details == (
        "There is no evidence that could be held against a specification: what it lacks cannot be said.",
    )
    submit(clinic, "L-9")
    with pytest.raises(GateRefused) as passes:
        supply(clinic)
    assert passes.value.details == ("The evidence passes: the lot is released, or it is not given.",)
