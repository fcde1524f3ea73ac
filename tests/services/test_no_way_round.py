"""Ways round the gate that a hostile reader looked for: each is shut, and stays so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from registry.errors import GateRefused, Refused
from tests.services.conftest import SECRET, House
from tests.services.test_condition import TWO_STEPS
from tests.services.test_drafting import TABLE, approve, draft, loosened, thawed

REFERENCE = TABLE.replace("unit\n", "unit,standing\n") + "viability,viability,>=,70,%,reference\n"
WINDOW = TABLE.replace("unit\n", "unit,window\n") + "viability,viability,>=,70,%,2 h\n"
HELD = "The reference criterion viability is not shown and nobody has accepted that with a reason."


def viability(house: House, value: str, lot: str = "P-01", by: str = "lab.one", name: str = "v.csv", **how: str) -> str:
    """A viability on record; answers its panel."""
    more = "".join(f",{key}" for key in how)
    text = f"lot,characteristic,value,unit{more}\n{lot},viability,{value},%" + "".join(
        f",{one}" for one in how.values()
    )
    return house.registry.submissions.submit(name, (text + "\n").encode(), house.account(by)).recorded[0].panel


def frozen() -> str:
    """Other figures of the frozen lot F-01 than ``thawed`` submits."""
    values = {"CD73": "97", "CD90": "98", "CD105": "96", "CD45": "0.4", "CD34": "0.5", "HLA-DR": "1.5"}
    rows = "".join(f"F-01,{marker},{value},%,frozen product\n" for marker, value in values.items())
    return f"lot,characteristic,value,unit,stage\n{rows}"


def missing(house: House, lot: str = "P-01", who: str = "q.two") -> tuple[str, ...]:
    return house.registry.releases.check(lot, house.account(who)).missing


def test_what_was_accepted_while_nothing_was_known_does_not_cover_a_bad_result(house: House) -> None:
    """Viability was accepted as not shown; 12 % comes afterwards: the release ends, and nobody signs another."""
    draft(house, REFERENCE)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    house.registry.releases.accept("P-01", "viability", reason="The counter was broken.", name="q.one", password=SECRET)
    house.decide("P-01", "release")
    file = b"lot,characteristic,value,unit\nP-01,viability,12,%\n"
    (told,) = house.registry.submissions.preview("v.csv", file).standings
    assert (told.now, told.then) == ("released", "suspended")
    viability(house, "12")
    assert (house.state("P-01"), missing(house)) == ("suspended", (HELD,))
    assert house.registry.lot_index.find("P-01")[0].may_be_injected is False
    house.registry.releases.accept(
        "P-01", "viability", reason="Known, for compassionate use.", name="q.one", password=SECRET
    )
    assert (house.state("P-01"), missing(house)) == ("suspended", ())


def test_what_was_accepted_under_one_version_is_not_accepted_under_the_next(house: House) -> None:
    """The next version may ask for more: its own criterion is accepted, or none is."""
    draft(house, REFERENCE)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    viability(house, "65")
    house.registry.releases.accept("P-01", "viability", reason="65 % is near 70 %.", name="q.one", password=SECRET)
    assert missing(house) == ()
    draft(house, REFERENCE.replace("version,1", "version,2").replace(">=,70", ">=,90"), file="ours-2.csv")
    approve(house)
    assert missing(house) == (HELD,)


def test_whoever_submitted_what_a_lot_inherits_does_not_release_it(house: House) -> None:
    """The frozen lot's results are the thawed lot's evidence: two persons, as for its own."""
    thawed(house, "F-01")
    (panel,) = [one.panel for one in house.registry.lots.get("F-01").panels]
    house.registry.submissions.withdraw(panel, reason="Sent by the wrong person.", name="lab.one", password=SECRET)
    sent = house.registry.submissions.submit("mine.csv", frozen().encode(), house.account("q.one")).recorded[0].panel
    said = f"q.one submitted results of F-01, which this lot inherits (panel {sent}): another member signs."
    assert (missing(house, "T-01", "q.one"), missing(house, "T-01", "q.two")) == ((said,), ())
    with pytest.raises(GateRefused) as refusal:
        house.decide("T-01", "release", by="q.one")
    assert refusal.value.details == (said,)


def test_a_release_that_went_stale_is_not_revived_by_a_fresh_result(house: House) -> None:
    """Viability ran out after 2 hours; a laboratory's new one does not let the lot be injected again by itself."""
    draft(house, WINDOW)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    panel = viability(house, "92", tested_at=house.now().isoformat())
    house.decide("P-01", "release")
    house.pass_time(timedelta(hours=3))
    assert house.state("P-01") == "suspended"
    house.registry.submissions.withdraw(panel, reason="Too old.", name="lab.one", password=SECRET)
    viability(house, "91", name="again.csv", tested_at=house.now().isoformat())
    assert (house.state("P-01"), house.registry.lots.get("P-01").verdict) == ("suspended", "pass")
    (line,) = house.registry.lot_index.find("P-01")
    assert (line.state, line.may_be_injected) == ("suspended", False)
    house.decide("P-01", "release", by="q.two")
    assert house.state("P-01") == "released"


def test_a_result_that_was_fresh_all_the_time_ends_nothing(house: House) -> None:
    """Something else that is submitted within the window leaves the release as it is."""
    draft(house, WINDOW)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    viability(house, "92", tested_at=house.now().isoformat())
    house.decide("P-01", "release")
    house.pass_time(timedelta(hours=1))
    text = "lot,characteristic,value,unit\nP-01,CD44,99,%\n"
    house.registry.submissions.submit("more.csv", text.encode(), house.account("lab.one"))
    assert house.state("P-01") == "released"


def test_what_the_origin_lost_for_a_time_its_lots_have_lost(house: House) -> None:
    """Withdrawn and submitted again: the thawed lot passes, and is decided on again, as for evidence of its own."""
    thawed(house, "F-01")
    house.decide("T-01", "release", by="q.two")
    panel = house.registry.lots.get("F-01").panels[0]
    house.registry.submissions.withdraw(panel.panel, reason="Another lot's tubes.", name="q.one", password=SECRET)
    assert house.state("T-01") == "suspended"
    house.registry.submissions.submit("again.csv", frozen().encode(), house.account("lab.two"))
    answer = house.registry.lots.get("T-01")
    assert (answer.verdict, answer.answer.state) == ("pass", "suspended")
    assert [one.message.partition("; ")[2] for one in answer.answer.reasons] == [
        "its evidence did not pass for a time since, and does now."
    ]
    (line,) = house.registry.lot_index.find("T-01")
    assert (line.state, line.may_be_injected) == ("suspended", False)


STAGED = TWO_STEPS.replace("unit,duration,due", "unit,stage,duration,due").replace("%,,", "%,,,").replace(
    "no growth,,14 d", "no growth,,after thaw,14 d").replace("EU/mL,,", "EU/mL,,,")  # fmt: skip


@pytest.mark.parametrize("stage", ["", "in-process"])
@pytest.mark.parametrize("outcome", ["growth"])
def test_growth_at_another_stage_or_none_is_no_culture_that_is_awaited(house: House, stage: str, outcome: str) -> None:
    """Due after release and asked for after thaw: growth that was sent without that stage stops the lot at once."""
    draft(house, STAGED)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    house.release_on_condition("P-01", timedelta(days=15))
    assert house.state("P-01") == "released"
    text = f"lot,characteristic,value,unit,stage,duration\nP-01,sterility,{outcome},,{stage},3 d\n"
    house.registry.submissions.submit("culture.csv", text.encode(), house.account("lab.one"))
    answer = house.registry.lots.get("P-01").answer
    assert (answer.state, answer.condition.due if answer.condition else None) == ("suspended", ("endotoxin",))


def test_no_growth_at_an_earlier_stage_leaves_the_culture_awaited(house: House) -> None:
    """It is another test, and in order: what is due is due still."""
    draft(house, STAGED)
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    house.release_on_condition("P-01", timedelta(days=15))
    text = "lot,characteristic,value,unit,stage,duration\nP-01,sterility,no growth,,in-process,3 d\n"
    house.registry.submissions.submit("culture.csv", text.encode(), house.account("lab.one"))
    answer = house.registry.lots.get("P-01").answer
    assert (answer.state, answer.condition.due if answer.condition else None) == (
        "released", ("sterility", "endotoxin"),
    )  # fmt: skip


def test_growth_by_another_method_is_not_passed_over(house: House) -> None:
    """The culture that was asked for shows none, another one grew: nobody can tell, and nobody signs."""
    draft(house, TABLE.replace("unit\n", "unit,method\n") + "sterility,sterility,one of,no growth,,BacT/ALERT\n")
    approve(house)
    house.lot("P-01")
    house.submit("P-01")
    for method, outcome, name in (("BacT/ALERT", "no growth", "one.csv"), ("direct inoculation", "growth", "two.csv")):
        assert (name, missing(house) == ()) in {("one.csv", False), ("two.csv", True)}
        text = f"lot,characteristic,value,unit,method\nP-01,sterility,{outcome},,{method}\n"
        house.registry.submissions.submit(name, text.encode(), house.account("lab.one"))
    assert [one.partition(": expected")[0] for one in missing(house)] == ["sterility: undetermined"]


def test_each_hold_is_lifted_by_a_signature_of_its_own(house: House) -> None:
    """A bank was held for two reasons; once the first is settled, the second still stops what was made of it."""
    house.lot("WCB-1", kind="cell bank", product=None)
    house.lot("P-01", derived_from=("WCB-1",))
    house.submit("P-01")
    house.decide("P-01", "release")
    house.decide("WCB-1", "hold", by="q.one", reason="Mycoplasma is tested again.")
    house.decide("WCB-1", "hold", by="q.two", reason="A virus is suspected.")
    states = []
    for kind in ("hold lifted", "hold lifted"):
        house.decide("WCB-1", kind)
        states.append((house.state("P-01"), house.registry.lot_index.find("P-01")[0].may_be_injected))
    assert states == [("on hold", False), ("released", True)]
    with pytest.raises(Refused) as refusal:
        house.decide("WCB-1", "hold lifted")
    assert refusal.value.message == "There is no hold to lift."


def test_nobody_accepts_a_retest_of_their_own(house: House) -> None:
    """Else one person fails a lot's result, tests it again, and says that the second counts."""
    house.lot("P-01")
    house.submit("P-01", CD105="93.1")
    failed = next(one.iri for one in house.registry.lots.get("P-01").panels[0].results if one.label == "CD105")
    text = (
        f"lot,characteristic,value,unit,relation,supersedes,reason\nP-01,CD105,97.1,%,retest,{failed},Tube mixed up\n"
    )
    house.registry.submissions.submit("retest.csv", text.encode(), house.account("q.one"))
    (retest,) = [one.iri or "" for one in house.registry.lots.get("P-01").panels[1].results]
    with pytest.raises(Refused) as refusal:
        house.registry.releases.accept("P-01", retest, reason="It is right.", name="q.one", password=SECRET)
    assert (refusal.value.message, refusal.value.found) == (
        "q.one submitted this retest: another member accepts it.", "q.one",
    )  # fmt: skip
    house.registry.releases.accept("P-01", retest, reason="It is right.", name="q.two", password=SECRET)
    assert house.registry.lots.get("P-01").verdict == "pass"


def test_a_laboratory_does_not_take_back_what_fails_the_version_that_a_release_names(house: House) -> None:
    """A looser version approved since does not make the failure the laboratory's to withdraw."""
    house.lot("P-01")
    house.submit("P-01")
    house.decide("P-01", "release")
    draft(house, loosened(TABLE, "cd105,CD105,>=,95,%", "cd105,CD105,>=,90,%"))
    approve(house)
    text = "lot,characteristic,value,unit\nP-01,CD105,93.1,%\n"
    panel = house.registry.submissions.submit("late.csv", text.encode(), house.account("lab.one")).recorded[0].panel
    with pytest.raises(Refused) as refusal:
        house.registry.submissions.withdraw(panel, reason="Sent by mistake.", name="lab.one", password=SECRET)
    assert refusal.value.found == panel
