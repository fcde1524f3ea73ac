"""What the quality unit is told before anybody signs: a draft checked, compared, waiting; an approval reviewed."""

from __future__ import annotations

import pytest

from registry.errors import Conflict, Refused, Unknown, UnsupportedKind, WrongUsage
from registry.services import ProductDraft, Receipt
from tests.people import account_of
from tests.services.conftest import SECRET, House
from tests.services.test_drafting import TABLE, approve, draft

SECOND = TABLE.replace("version,1", "version,2")


def check(house: House, text: str, base: str = "", by: str = "q.one"):  # type: ignore[no-untyped-def]
    return house.registry.specifications.check("ours.csv", text.encode(), name=by, base=base)


def states(house: House) -> list[tuple[str, str, str]]:
    return [(one.draft.id, one.draft.version, one.state) for one in house.registry.specifications.drafts()]


NAMED = (
    ("cd73", "CD73"), ("cd90", "CD90"), ("cd105", "CD105"), ("cd45", "CD45"), ("cd34", "CD34"), ("hla-dr", "HLA-DR"),
)  # fmt: skip


def test_a_table_is_checked_and_nothing_is_kept(house: House) -> None:
    """Before the first version there is nothing to hold it against; a row without a source cites none."""
    size = house.registry.size()
    found = check(house, TABLE)
    assert found.as_dict() == {
        "specification": {"id": "ours", "version": "1"},
        "base": None,
        "errors": [],
        "findings": [
            {
                "code": "missing-source",
                "severity": "warning",
                "criterion": criterion,
                "message": f"The limit of {label} names no source that anybody could read.",
                "todo": "Name the document, its version and the place in it.",
            }
            for criterion, label in NAMED
        ],
        "obstacles": [],
        "differences": [],
    }
    assert (house.registry.size(), house.registry.specifications.drafted()) == (size, [])
    assert found.specification.drafted_by == "q.one"


def test_every_wrong_cell_is_named_at_once(house: House) -> None:
    """With its row and column, as a laboratory's rows are."""
    found = check(house, TABLE.replace("cd105,CD105,>=,95,%", "cd105,CD79,>=,95,%").replace("<=,2,%", "<=,2,h", 1))
    assert [(one.row, one.column, one.found) for one in found.errors] == [(11, "characteristic", "CD79")]
    assert (found.specification, found.findings, found.differences) == (None, (), ())


def test_it_is_held_against_the_newest_version_of_its_id(house: House) -> None:
    """Or against any other that is named, such as the one in force."""
    draft(house)
    changed = SECOND.replace("cd34,CD34,<=,2,%", "cd34,CD34,<=,5,%")
    found, other = check(house, changed), check(house, changed, "msc-identity@1")
    assert (found.base.id, other.base.id) == ("ours", "msc-identity")
    assert found.as_dict()["differences"] == [
        {"criterion": "cd34", "label": "CD34", "kind": "changed", "effect": "looser",
         "changes": ["limit: at most 2 % is now at most 5 %"]},
    ]  # fmt: skip
    assert "hla-dr" in {one.criterion for one in other.differences}
    with pytest.raises(Unknown):
        check(house, changed, "theirs@1")
    with pytest.raises(WrongUsage):
        check(house, changed, "@1")


def test_what_would_be_refused_is_said_before(house: House) -> None:
    """A version that stands, an error that lint finds, an id that meant something else: all of them, in one look."""
    draft(house)
    found = check(house, TABLE.replace("cd73,CD73", "cd73,CD166") + "endotoxin,endotoxin,>,0.5,EU/mL\n")
    assert [type(one).__name__ for one in found.obstacles] == ["Conflict", "Refused", "Refused"]
    assert [one.code for one in found.findings if one.severity == "error"] == ["wrong-side"]
    for text in (TABLE, SECOND.replace("cd73,CD73", "cd73,CD166"), SECOND + "endotoxin,endotoxin,>,0.5,EU/mL\n"):
        (obstacle,) = check(house, text).obstacles
        with pytest.raises(Refused) as refusal:
            draft(house, text)
        assert refusal.value.as_dict() == obstacle.as_dict()


def test_a_table_that_contradicts_itself_is_shown_with_what_is_wrong(house: House) -> None:
    """It is read, linted and compared, though it could not be compiled."""
    found = check(house, TABLE + "cd73,CD166,>=,80,%\n")
    assert [one.message for one in found.findings if one.code == "unsound"] == [
        "the criterion id cd73 is used 2 times."
    ]
    assert len(found.specification.criteria) == 7


def test_what_is_no_table_at_all_is_refused(house: House) -> None:
    """By its kind, as drafting it is."""
    with pytest.raises(UnsupportedKind):
        house.registry.specifications.check("ours.gif", b"GIF89a", name="q.one")


def test_a_draft_waits_until_it_is_approved_or_another_takes_its_place(house: House) -> None:
    """A corrected draft is another version: the first one no longer waits."""
    draft(house)
    assert states(house) == [("ours", "1", "waiting")]
    draft(house, SECOND)
    assert states(house) == [("ours", "2", "waiting"), ("ours", "1", "replaced")]
    approve(house)
    assert states(house) == [("ours", "2", "approved"), ("ours", "1", "replaced")]
    assert house.registry.specifications.waiting() == []


def test_an_older_version_that_was_approved_stays_approved(house: House) -> None:
    """The next draft waits beside it."""
    draft(house)
    approve(house)
    draft(house, SECOND)
    assert states(house) == [("ours", "2", "waiting"), ("ours", "1", "approved")]
    assert [(one.id, one.version, one.drafted_by) for one in house.registry.specifications.waiting()] == [
        ("ours", "2", "q.one")
    ]


def test_a_specification_says_for_which_products_it_was_approved(house: House) -> None:
    """By whom, and whether it is in force there or another took its place."""
    draft(house)
    approve(house)
    first, identity = house.registry.specifications.get("ours"), house.registry.specifications.get("msc-identity")

    def said(one: object) -> list[tuple[str, str, bool]]:
        return [
            (line.product, line.printed_name, line.in_force) for line in house.registry.specifications.approved_for(one)
        ]  # type: ignore[arg-type]

    assert (said(first), said(identity)) == ([("POI-M", "Q.Two", True)], [("POI-M", "Q.Two", False)])
    house.registry.specifications.approve("POI-M", "msc-identity", name="q.one", password=SECRET)
    assert said(identity) == [("POI-M", "Q.One", True), ("POI-M", "Q.Two", False)]
    assert said(first) == [("POI-M", "Q.Two", False)]
    assert house.registry.specifications.in_force() == {identity.digest: ["POI-M"]}


def test_an_approval_is_reviewed_before_it_is_signed(house: House) -> None:
    """What keeps this account from it, what is no longer asked for, how it departs, what it takes the place of."""
    draft(house, TABLE.replace("cd34,CD34,<=,2,%\n", ""))
    mine = house.registry.specifications.review("POI-M", "ours", None, "q.one")
    theirs = house.registry.specifications.review("POI-M", "ours", "1", "q.two")
    assert mine.obstacles == ("q.one drafted ours version 1: another member of the quality unit approves it.",)
    assert theirs.obstacles == ()
    assert theirs.before is not None
    assert (theirs.before.id, theirs.no_longer_asked) == (
        "msc-identity",
        ("CD34", "MHC II / HLA-DR"),
    )
    assert [(one.label, one.kind) for one in theirs.departures] == [("CD34", "left out")]
    assert [(one.criterion, one.effect) for one in theirs.differences][:2] == [("cd34", "looser"), ("mhc-ii", "looser")]
    newest = house.registry.products.get("POI-M").approvals[-1]
    assert house.registry.ledger.entry(theirs.seen).record == newest.record


def test_the_first_approval_of_a_product_takes_the_place_of_none(house: House) -> None:
    """Nothing is compared, and nothing was seen."""
    described = ProductDraft("NEW-M", "new cells", "CL:0000134", "CLO:0037280", "allogeneic", "NCBITaxon:9606")
    house.registry.products.register(described, account_of(house.registry, "q.two"))
    found = house.registry.specifications.review("NEW-M", "msc-identity", "1", "q.two")
    assert (found.before, found.differences, found.no_longer_asked, found.seen) == (None, (), (), 0)


def test_an_approval_takes_the_place_of_what_was_read_and_of_nothing_else(house: House) -> None:
    """Approved meanwhile by somebody else: nobody signs a comparison that no longer holds."""
    seen = house.registry.specifications.review("POI-M", "isct-2006", "1", "q.two").seen
    words = {"name": "q.two", "password": SECRET, "meaning": "I approve."}
    house.registry.specifications.approve("POI-M", "isct-2006", "1", **words, seen=seen)
    size = house.registry.size()
    with pytest.raises(Conflict) as refusal:
        house.registry.specifications.approve("POI-M", "msc-identity", "1", **words, seen=seen)
    assert (refusal.value.expected, house.registry.size()) == (f"entry {seen}", size)
    assert house.registry.specifications.approve("POI-M", "msc-identity", "1", **words, seen=size).kind == "approval"


def test_those_that_cannot_be_approved_say_why(house: House) -> None:
    """One's own draft, and one for another species; every other may be chosen."""
    draft(house)
    draft(house, TABLE.replace("NCBITaxon:9606", "NCBITaxon:9615").replace("specification,ours", "specification,dog"))
    found = house.registry.specifications.candidates("POI-M", "q.two")
    assert {one.specification.id: one.obstacles for one in found if one.obstacles} == {
        "dog": ("dog version 1 is for another species than POI-M.",)
    }
    own = house.registry.specifications.candidates("POI-M", "q.one")
    assert [one.specification.id for one in own if one.obstacles] == ["ours", "dog"]
    assert len(own[-1].obstacles) == 2


def test_the_next_version_begins_as_the_last_one_under_the_next_number(house: House) -> None:
    """Drafted as it is, it differs in nothing but its number."""
    draft(house)
    begun = house.registry.specifications.next_version(house.registry.specifications.get("ours"))
    receipt: Receipt = draft(house, begun, by="q.two")
    first, second = (house.registry.specifications.get("ours", version) for version in ("1", "2"))
    assert (receipt.id, second.drafted_by, house.registry.specifications.differences(first, second)) == (
        "ours version 2",
        "q.two",
        (),
    )


@pytest.mark.parametrize("form", ["csv", "xlsx", "yaml"])
def test_the_table_of_a_specification_says_the_same_again(house: House, form: str) -> None:
    """Whichever form it is saved in."""
    draft(house)
    name, data = house.registry.specifications.table(house.registry.specifications.get("ours"), form)
    found = house.registry.specifications.check(name, data, name="q.one")
    assert (name, found.errors, found.differences) == (f"ours-1.{form}", (), ())
