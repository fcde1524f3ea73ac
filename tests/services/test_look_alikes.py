"""Lots that are easily taken for one another: refused until somebody says that it is another, and said ever after."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import Conflict, Unknown
from registry.services import LotDraft
from tests.people import account_of
from tests.services.conftest import SECRET, House


def bank(house: House, name: str, *distinct_from: str) -> str:
    return house.registry.lots.register(
        LotDraft(name, kind="cell bank"), account_of(house.registry, "q.two"), distinct_from
    ).id


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("H 07", "H-07 has a hyphen where H 07 has a space."),
        ("H07", "H-07 has a hyphen where H07 has nothing."),
        ("H-O7", "H-07 has the digit 0 where H-O7 has the capital letter O."),
        ("H/07", "H-07 has a hyphen where H/07 has a slash."),
    ],
)
def test_what_looks_like_another_lot_is_not_registered(house: House, name: str, found: str) -> None:
    """Another separator, none, or O for 0: the refusal names both, and what to do in either case."""
    house.lot("H-07")
    size = house.registry.size()
    with pytest.raises(Conflict) as refusal:
        bank(house, name)
    assert refusal.value.as_dict() == {
        "kind": "Conflict",
        "code": "lot-looks-alike",
        "action": "tell-lots-apart",
        "message": f"{name} is easily taken for H-07, which stands here already.",
        "expected": "an identifier unlike every other, whatever its dashes and spaces, its O and 0, its I, l and 1",
        "found": found,
        "where": "distinct_from",
        "todo": "If it is the same lot, it is registered already. If it is another lot, give it another identifier, or "
        "say that it is another.",
    }
    assert house.registry.size() == size


def test_whoever_says_that_it_is_another_registers_it_and_the_entry_says_so(house: House) -> None:
    """Every look-alike is named, without regard to case; naming one of two is not enough."""
    house.lot("H-07")
    assert bank(house, "H 07", "h-07") == "H 07"
    with pytest.raises(Conflict) as refusal:
        bank(house, "H-O7", "H-07")
    assert refusal.value.found == (
        "H 07 has a space where H-O7 has a hyphen, and the digit 0 where it has the capital letter O."
    )
    bank(house, "H-O7", "H-07", "H 07")
    newest = list(house.registry.ledger.entries())[-1]
    assert newest.details == {
        "summary": "Cell bank H-O7 registered, as another than H-07 and H 07", "distinct_from": ["H-07", "H 07"]
    }  # fmt: skip
    assert house.registry.upkeep.audit().ok


def test_both_lots_say_that_there_is_another(house: House) -> None:
    """The older one too, from the moment the newer one is registered; not as of an earlier time."""
    house.lot("H-07")
    before = house.registry.lots.get("H-07")
    bank(house, "H-O7", "H-07")
    assert {one: house.registry.lots.get(one).as_dict()["look_alikes"] for one in ("H-07", "H-O7")} == {
        "H-07": [{"lot": "H-O7", "difference": "H-O7 has the capital letter O where H-07 has the digit 0."}],
        "H-O7": [{"lot": "H-07", "difference": "H-07 has the digit 0 where H-O7 has the capital letter O."}],
    }
    assert house.registry.lots.get("H-07", at=before.at).look_alikes == before.look_alikes == ()


def test_numbers_of_a_series_are_no_look_alikes(house: House) -> None:
    """1-11 and 11-1 are both divided, each elsewhere: nobody has to say anything."""
    assert [bank(house, name) for name in ("26-1-11", "26-11-1", "26-1-1")] == ["26-1-11", "26-11-1", "26-1-1"]


def test_a_lot_that_is_not_there_is_answered_with_those_it_may_be(house: House) -> None:
    """``H–07`` with an en dash is nobody's identifier; the refusal names what it may be, and opens nothing."""
    house.lot("H-07")
    with pytest.raises(Unknown) as refusal:
        house.registry.lots.get("H\u201307")
    assert refusal.value.expected == "the identifier of a registered lot, such as H-07"


def test_the_index_of_look_alikes_is_made_again_from_the_ledger(house: House) -> None:
    """``rebuild`` writes the index anew, so that a registry of before there was one is told of its look-alikes."""
    house.lot("H-07")
    ledger = house.registry.ledger
    with ledger.writing() as connection:
        connection.exec_driver_sql("DELETE FROM entry_index WHERE kind = 'looks'")
    assert [finding.check for finding in house.registry.upkeep.audit().findings] == ["index"]
    house.registry.upkeep.rebuild()
    assert house.registry.upkeep.audit().ok
    with pytest.raises(Conflict):
        bank(house, "H07")


def test_the_command_asks_and_is_told(house: House, tmp_path: Path) -> None:
    """``lot add`` refuses a look-alike, and registers it when --distinct-from names it; ``lot`` then warns."""
    house.lot("H-07")
    house.registry.close()
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    common = ["lot", "add", "H-O7", "--kind", "donor", "--as", "q.two", "--password-file", str(secret)]
    data = ["--data", str(tmp_path / "data")]
    run = CliRunner(env={"COLUMNS": "120"}).invoke
    assert type(run(cli, [*common, *data]).exception) is Conflict
    assert run(cli, [*common, "--distinct-from", "H-07", *data]).exit_code == 0
    shown = run(cli, ["lot", "H-O7", *data]).stdout
    assert [line.strip("│ ") for line in shown.splitlines() if "confused" in line] == [
        "Not to be confused with H-07: H-07 has the digit 0 where H-O7 has the capital letter O."
    ]


@pytest.mark.parametrize(
    ("typed", "found", "alike"),
    [
        ("H-07", ["H-07"], ["H-O7"]),
        ("h 07", [], ["H-07", "H-O7"]),
        ("H\u201307", [], ["H-07", "H-O7"]),
        ("\uff28\uff0d\uff10\uff17", [], ["H-07", "H-O7"]),
        (' "H-07" ', [], ["H-07", "H-O7"]),
        ("H\u201101", [], ["H-010"]),
        ("H01", [], ["H-010"]),
        ("H-0", ["H-010", "H-07"], []),
        ("(10)H 010", [], ["H-010"]),
        ("\u2013", [], []),
        ("zebra", [], []),
    ],
)
def test_what_was_typed_carelessly_is_listed_beside_what_was_found(
    house: House, typed: str, found: list[str], alike: list[str]
) -> None:
    """What holds the text as typed is found; what is only like it stands apart; part of an id where nothing else is."""
    for name, others in (("H-07", ()), ("H-O7", ("H-07",)), ("H-010", ())):
        bank(house, name, *others)
    lines = house.registry.lot_index.find(typed)
    assert [line.lot for line in lines] == found
    assert [line.lot for line in house.registry.lot_index.alike(typed, lines, 50)] == alike
