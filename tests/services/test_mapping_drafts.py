"""A mapping is drafted by a laboratory and approved by somebody else; nothing is submitted with a draft."""

from __future__ import annotations

import pytest

from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Unknown, Unreadable, WrongUsage
from registry.services.mappings.approved import Beside
from tests.services.conftest import SECRET, House

HEADER = "kind,name,lot,stage,characteristic,parent,unit,value\n"
PE = (HEADER + "column,CD73 PE,,,CD73,,%,\n").encode()
TWO = PE + b"column,CD90 FITC,,,CD90,,%,\n"
PANEL = b"lot,characteristic,value,unit\nP-1,CD73 PE,98.5,%\nP-2,CD73,97,%\n"


def draft(house: House, data: bytes = PE, by: str = "lab.one", name: str = "flow") -> int:
    return house.registry.mappings.drafts.draft(name, "ours.csv", data, house.account(by)).position


def approve(house: House, position: int, by: str = "q.one", secret: str = SECRET, meaning: str = "") -> None:
    house.registry.mappings.drafts.approve(position, signer=by, password=secret, meaning=meaning)


def states(house: House) -> list[tuple[str, str, str]]:
    return [(one.state, one.decided_by, one.reason) for one in house.registry.mappings.drafts.every()]


def test_a_draft_is_approved_by_somebody_else(house: House) -> None:
    """From then on it is in force, and its signed record says who drafted it and what the signature means."""
    position = draft(house)
    assert (states(house), house.registry.mappings.list()) == ([("waits", "", "")], [])
    approve(house, position, meaning="I have read each line.")
    (one,) = house.registry.mappings.list()
    assert (one.name, one.signed_by, one.drafted_by, one.lines) == ("flow", "q.one", "lab.one", 1)
    assert states(house) == [("approved", "q.one", "")]
    assert b'"I have read each line."' in house.registry.record(one.record)
    assert house.registry.upkeep.audit().findings == ()


def test_whoever_drafted_it_does_not_approve_it(house: House) -> None:
    """Not even a member of the quality unit."""
    position = draft(house, by="q.one")
    with pytest.raises(Refused) as refusal:
        approve(house, position)
    assert (refusal.value.expected, refusal.value.found) == ("another signer", "q.one")
    approve(house, position, by="q.two")


@pytest.mark.parametrize(
    ("by", "secret", "error"), [("lab.two", SECRET, NotAllowed), ("q.one", "no such", NotSignedIn)]
)
def test_only_the_quality_unit_approves_with_its_password(
    house: House, by: str, secret: str, error: type[Exception]
) -> None:
    """A draft stays one."""
    position = draft(house)
    with pytest.raises(error):
        approve(house, position, by=by, secret=secret)
    assert states(house) == [("waits", "", "")]


def test_a_draft_is_declined_with_a_reason(house: House) -> None:
    """It does not wait any more, and cannot be approved after all."""
    position = draft(house)
    drafts = house.registry.mappings.drafts
    with pytest.raises(NotAllowed):
        drafts.decline(position, "No.", house.account("lab.two"))
    with pytest.raises(WrongUsage):
        drafts.decline(position, " ", house.account("q.one"))
    drafts.decline(position, "CD73 is in the other channel.", house.account("q.one"))
    assert states(house) == [("declined", "q.one", "CD73 is in the other channel.")]
    with pytest.raises(Conflict) as refusal:
        approve(house, position, by="q.two")
    assert refusal.value.found == "declined by q.one"
    with pytest.raises(Conflict):
        drafts.decline(position, "Again.", house.account("q.two"))


def test_a_newer_draft_or_mapping_of_its_name_replaces_one_that_waits(house: House) -> None:
    """Under any spelling of the name; a draft of another name goes on waiting."""
    first, other = draft(house), draft(house, name="counter")
    second = draft(house, TWO, name="Flow")
    assert [one.position for one in house.registry.mappings.drafts.waiting()] == [other, second]
    house.registry.mappings.add("flow", "ours.csv", TWO, signer="q.one", password=SECRET)
    assert states(house) == [("replaced", "lab.one", ""), ("waits", "", ""), ("replaced", "q.one", "")]
    for position in (first, second):
        with pytest.raises(Conflict):
            approve(house, position)


@pytest.mark.parametrize(
    ("name", "data", "by", "error"),
    [
        ("flow", PE, "clinic.one", NotAllowed),
        ("a name", PE, "lab.one", WrongUsage),
        ("flow", PE.replace(b"CD73,,", b"CD999,,"), "lab.one", Unreadable),
        ("flow", HEADER.encode(), "lab.one", Unreadable),
    ],
)
def test_what_cannot_be_a_mapping_is_not_drafted(
    house: House, name: str, data: bytes, by: str, error: type[Exception]
) -> None:
    """Nothing is entered."""
    size = house.registry.size()
    with pytest.raises(error):
        draft(house, data, by, name)
    assert house.registry.size() == size


def test_a_draft_says_what_its_table_says(house: House) -> None:
    """By its place in the ledger; there is none elsewhere."""
    found, mapping = house.registry.mappings.drafts.get(draft(house, TWO))
    assert (found.name, found.drafted_by, found.lines) == ("flow", "lab.one", 2)
    assert [(line.name, line.characteristic) for line in mapping.lines] == [("CD73 PE", "CD73"), ("CD90 FITC", "CD90")]
    with pytest.raises(Unknown):
        house.registry.mappings.drafts.get(1)


def test_nothing_is_submitted_with_a_draft(house: House) -> None:
    """It may be looked through, and what would be judged is said; no more."""
    house.lot("P-1")
    read = Beside(house.registry.mappings.read("flow", "ours.csv", PE))
    said = house.registry.submissions.preview("panel.csv", PANEL, read)
    assert ([lot.lot for lot in said.lots], said.mapping, said.open_names) == (["P-1"], "flow", ())
    with pytest.raises(Refused) as refusal:
        house.registry.submissions.submit("panel.csv", PANEL, house.account("lab.one"), beside=read)
    assert (refusal.value.expected, refusal.value.found) == ("a mapping that the quality unit has approved", "a draft")


def test_the_mapping_used_last_is_remembered_by_account(house: House) -> None:
    """From the submission's own entry; a mapping that was not needed is not used."""
    for lot in ("P-1", "P-2", "P-3"):
        house.lot(lot)
    mappings = house.registry.mappings
    for name in ("flow", "counter"):
        mappings.add(name, "ours.csv", PE, signer="q.one", password=SECRET)
    one = house.account("lab.one")
    house.registry.submissions.submit("panel.csv", PANEL, one, beside=mappings.beside("flow"))
    plain = b"lot,characteristic,value,unit\nP-3,CD73,98.5,%\n"
    house.registry.submissions.submit("plain.csv", plain, one, beside=mappings.beside("counter"))
    used = mappings.used_last("lab.one")
    assert used is not None
    assert (used.name, used.drafted) == ("flow", False)
    assert mappings.used_last("lab.two") is None
    assert house.registry.upkeep.audit().findings == ()
    house.registry.upkeep.rebuild()
    assert mappings.used_last("lab.one") == used


def test_an_approved_draft_of_ones_own_is_remembered_too(house: House) -> None:
    """So that the next file is read with it."""
    approve(house, draft(house))
    used = house.registry.mappings.used_last("LAB.one")
    assert used is not None
    assert (used.name, used.drafted) == ("flow", True)


def test_a_file_is_recorded_once_whether_or_not_a_mapping_stood_beside_it(house: House) -> None:
    """What needed no mapping is the same panel with one; what did is another under another mapping."""
    house.lot("P-1")
    house.lot("P-2")
    registry, one = house.registry, house.account("lab.one")
    registry.mappings.add("flow", "ours.csv", PE, signer="q.one", password=SECRET)
    without = registry.submissions.submit("panel.csv", PANEL, one)
    assert [(line.lot, line.verdict) for line in without.recorded] == [("P-2", "incomplete")]
    assert [error.lot for error in without.errors] == ["P-1"]
    beside = registry.mappings.beside("flow")
    mended = registry.submissions.submit("panel.csv", PANEL, one, beside=beside)
    assert ([line.lot for line in mended.recorded], mended.errors) == (["P-1"], ())
    again = registry.submissions.submit("panel.csv", PANEL, one, beside=beside)
    assert (again.repeated, len(registry.lots.get("P-1").panels), len(registry.lots.get("P-2").panels)) == (True, 1, 1)
    plain = b"lot,characteristic,value,unit\nP-2,CD90,99,%\n"
    first = registry.submissions.submit("plain.csv", plain, one, beside=beside)
    second = registry.submissions.submit("plain.csv", plain, one, idempotency_key="run 2", beside=beside)
    assert (first.receipt, second.receipt, second.repeated) == (first.receipt, first.receipt, True)
    assert registry.submissions.submit("plain.csv", plain, one).receipt == first.receipt
