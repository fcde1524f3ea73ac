"""Nobody sets a failure aside and releases on what is left, while the quality unit has another who can sign."""

from __future__ import annotations

import pytest

from registry.errors import GateRefused, Refused
from tests.services.conftest import SECRET, House
from tests.services.test_drafting import TABLE, WHY, approve, draft
from tests.services.test_drafting import loosened as loosened_table

LOOSER = loosened_table(TABLE, "cd105,CD105,>=,95,%", "cd105,CD105,>=,90,%")
NOBODY_ELSE = "You set it aside yourself, and no other member of the quality unit can sign: read again why."


def gone(house: House, name: str) -> None:
    """This member left: the account is not used any more."""
    house.registry.accounts._accounts.people.disable(name, by="admin", reason="Left the laboratory.")


def asked(house: House, signer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a release of H-01 by this person is refused for, and what they are told before."""
    check = house.registry.releases.check("H-01", house.account(signer))
    return check.missing, check.notes


def withdrawn(house: House, by: str = "q.one", sender: str = "lab.one") -> str:
    """H-01 passes on what is left of two panels, the first of which fails. Answers what is said of that one."""
    house.lot("WCB-9", kind="cell bank", product=None)
    house.lot("H-01", derived_from=("WCB-9",))
    panel = house.submit("H-01", CD105="93.1").recorded[0].panel
    house.registry.submissions.withdraw(panel, reason="Wrong tube.", name=by, password=SECRET)
    house.submit("H-01", by=sender, name="again.csv")
    return (
        f"{by} withdrew the panel {panel} (Wrong tube.), which fails: "
        "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4)."
    )


def loosened(house: House, by: str = "q.one") -> str:
    """H-01 fails what was approved when it was made, and passes what was approved since."""
    house.lot("WCB-9", kind="cell bank", product=None)
    house.lot("H-01", derived_from=("WCB-9",))
    house.submit("H-01", CD105="93.1")
    draft(house, LOOSER, by="q.two" if by == "q.one" else "q.one")
    approve(house, by=by)
    return (
        f"{by} approved ours version 1 in place of msc-identity version 1, which this lot does not pass: "
        "CD105: fail: expected >= 95 %, found 93.1 % (panel.csv, row 4)."
    )


@pytest.mark.parametrize("set_aside", [withdrawn, loosened])
def test_another_member_signs_than_who_set_a_failure_aside(house: House, set_aside: object) -> None:
    """Who did it is refused with what it was; the other reads the same and may sign."""
    said = set_aside(house)  # type: ignore[operator]
    assert asked(house, "q.one") == ((f"{said} Another member of the quality unit signs.",), ())
    assert asked(house, "q.two") == ((), (f"{said} Read why before you sign.",))
    with pytest.raises(GateRefused) as refusal:
        house.decide("H-01", "release", by="q.one")
    assert refusal.value.details == (f"{said} Another member of the quality unit signs.",)
    house.decide("H-01", "release", by="q.two")
    assert house.state("H-01") == "released"


@pytest.mark.parametrize("set_aside", [withdrawn, loosened])
def test_a_member_who_is_the_only_one_left_may_decide_and_is_told(house: House, set_aside: object) -> None:
    """A laboratory with one member is able to decide again; the word stands before the signature and after it."""
    said = set_aside(house)  # type: ignore[operator]
    gone(house, "q.two")
    assert asked(house, "q.one") == ((), (f"{said} {NOBODY_ELSE}",))
    signed = house.registry.releases.sign("H-01", "release", name="q.one", password=SECRET, meaning="I release it.")
    assert (signed.notes, house.state("H-01")) == ((f"{said} {NOBODY_ELSE}",), "released")


def test_a_member_who_cannot_sign_this_lot_is_no_other_member(house: House) -> None:
    """Whoever submitted a result that counts is refused for that: nobody waits for their signature."""
    said = withdrawn(house, sender="q.two")
    assert asked(house, "q.one") == ((), (f"{said} {NOBODY_ELSE}",))


def test_a_lot_registered_since_had_failed_nothing(house: House) -> None:
    """A looser version holds for what is made from then on, whoever approved it."""
    house.lot("WCB-9", kind="cell bank", product=None)
    draft(house, LOOSER, by="q.two")
    approve(house, by="q.one")
    house.lot("H-01", derived_from=("WCB-9",))
    house.submit("H-01", CD105="93.1")
    assert asked(house, "q.one") == ((), ())


def test_a_further_version_does_not_hide_that_the_one_before_set_a_failure_aside(house: House) -> None:
    """Every approval since the lot was registered is looked at, and each is its signer's own."""
    said = loosened(house)
    draft(
        house,
        LOOSER.replace("version,1", "version,2").replace("cd34,CD34,<=,2,%", f"cd34,CD34,<=,3,%,{WHY}"),
        by="q.two",
    )
    approve(house, by="q.one")
    assert asked(house, "q.one") == ((f"{said} Another member of the quality unit signs.",), ())
    assert asked(house, "q.two") == ((), (f"{said} Read why before you sign.",))


def test_a_failing_retest_is_held_to_its_own_value(house: House) -> None:
    """It names a result of another panel: its laboratory does not take it back, and what it fails is said as it is."""
    house.lot("WCB-9", kind="cell bank", product=None)
    house.lot("H-01", derived_from=("WCB-9",))
    house.submit("H-01")
    first = next(one.iri for one in house.registry.lots.get("H-01").panels[0].results if one.label == "CD105")
    text = f"lot,characteristic,value,unit,relation,supersedes,reason\nH-01,CD105,93.1,%,retest,{first},Looked low\n"
    panel = house.registry.submissions.submit("retest.csv", text.encode(), house.account("lab.one")).recorded[0].panel
    fails = "CD105: fail: expected >= 95 %, found 93.1 % (retest.csv, row 2)."
    with pytest.raises(Refused) as refusal:
        house.registry.submissions.withdraw(panel, reason="Another tube.", name="lab.one", password=SECRET)
    assert refusal.value.details == (fails,)
    house.registry.submissions.withdraw(panel, reason="Another tube.", name="q.one", password=SECRET)
    said = f"q.one withdrew the panel {panel} (Another tube.), which fails: {fails}"
    assert asked(house, "q.one") == ((f"{said} Another member of the quality unit signs.",), ())
