"""Three attacks by somebody who may write the database and has no key, each rebuilt, each found.

The values of a panel are changed after a release; a hold is deleted; a recall of a bank is deleted. Every hash is made
again, and the tree: the chain is whole, and the lot would read as released.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry.ledger import Entry, canonical_json, entry_bytes
from registry.ledger.database import unpacked
from registry.proof.merkle import Tree, leaf_hash
from registry.records import digest_of
from registry.services import CitedPublication, ClaimEvidence, LotDraft, Registry
from registry.services.claims.claims import ClaimDraft
from tests.people import account_of
from tests.services.conftest import SECRET, House, build, copied

Change = Callable[[list[Entry], sqlite3.Connection], list[Entry]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """P-01 released, held and recalled with its bank, in that order of entries; its graph and lists are made."""
    folder = tmp_path_factory.mktemp("attacked") / "data"
    house = build(folder)
    house.registry.lots.register(LotDraft("MCB-1", kind="cell bank"), account_of(house.registry, "q.two"))
    house.lot("P-01", derived_from=("MCB-1",))
    house.submit("P-01")
    house.decide("P-01", "release")
    house.decide("P-01", "hold")
    house.decide("MCB-1", "recall")
    house.registry.upkeep.rebuild()
    house.registry.close()
    return folder


@pytest.fixture
def house(told: Path, tmp_path: Path) -> Iterator[House]:
    with copied(told, tmp_path / "data") as own:
        yield own


def attacked(registry: Registry, change: Change) -> None:
    """The change, and every hash and node that needs no key made again; the index and the lists follow."""
    registry.close()
    connection = sqlite3.connect(registry.directory / "ledger.sqlite", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    entries = change(list(registry.ledger.entries()), connection)
    connection.execute("DELETE FROM entry_index")
    connection.execute("DELETE FROM receipts")
    connection.execute("DELETE FROM entries")
    previous, tree = "", Tree()
    for position, entry in enumerate(entries, 1):
        sealed = replace(entry, position=position, previous=previous or entry.previous, hash="").sealed()
        previous = sealed.hash
        tree.append(leaf_hash(entry_bytes(sealed)))
        connection.execute(
            "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (position, entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), sealed.kind, sealed.actor, sealed.record,
             canonical_json(list(sealed.lots)), canonical_json(sealed.details), canonical_json(dict(sealed.files)),
             sealed.previous, sealed.hash),
        )  # fmt: skip
    connection.execute("DELETE FROM tree_nodes")
    rows = [(level, place, tree.node(level, place)) for level in range(tree.size.bit_length())
            for place in range(tree.size >> level)]  # fmt: skip
    connection.executemany("INSERT INTO tree_nodes VALUES (?, ?, ?)", rows)
    connection.close()
    registry.ledger.prepare()
    registry.upkeep.rebuild()


def without(wanted: str) -> Change:
    """The decision of this kind is gone."""

    def change(entries: list[Entry], _connection: sqlite3.Connection) -> list[Entry]:
        return [entry for entry in entries if entry.details.get("decision") != wanted]

    return change


def with_another_value(entries: list[Entry], connection: sqlite3.Connection) -> list[Entry]:
    """CD105 was 97.4: it becomes 99.4, in the record, under the record's new digest."""
    (panel,) = [entry for entry in entries if entry.kind == "panel"]
    data = connection.execute("SELECT ntriples FROM records WHERE digest = ?", (panel.record,)).fetchone()[0]
    plain = unpacked(bytes(data))
    changed = plain.replace(b'"97.4"', b'"99.4"')
    assert changed != plain
    connection.execute("INSERT OR IGNORE INTO records VALUES (?, ?)", (digest_of(changed), changed))
    return [replace(entry, record=digest_of(changed)) if entry is panel else entry for entry in entries]


def checks(registry: Registry, kept: str | None = None) -> set[str]:
    return {finding.check for finding in registry.upkeep.audit(known_checkpoint=kept).findings}


def test_the_untouched_registry_is_in_order(house: House) -> None:
    """What follows is found for what was done, and for nothing else."""
    assert house.registry.upkeep.audit().findings == ()
    assert house.state("P-01") == "recalled"


def test_a_value_changed_after_the_release_is_contradicted_by_the_signed_release(house: House) -> None:
    """The release names the digest of evidence that is not there any more."""
    attacked(house.registry, with_another_value)
    assert {"named", "checkpoint"} <= checks(house.registry)


def test_a_deleted_publication_is_missed_by_the_signed_claim_on_it(house: House) -> None:
    """A claim names what it stands on: with everything there nothing is found, without it the claim says so."""
    claims, doi = house.registry.claims, "10.1016/j.jogoh.2025.103031"
    claims.cite(CitedPublication(doi), house.account("lab.one"))
    evidence = (ClaimEvidence("literature", doi, "ECO:0000033"),)
    claims.make(ClaimDraft("c-1", "CL:0000134", "GO:0045766", evidence), name="q.one", password=SECRET)
    claims.withdraw("c-1", reason="Retracted.", name="q.one", password=SECRET)
    assert house.registry.upkeep.audit().findings == ()
    attacked(house.registry, lambda entries, _connection: [each for each in entries if each.kind != "publication"])
    named = [each.message for each in house.registry.upkeep.audit().findings if each.check == "named"]
    assert named == ["The publication that a claim names was not in the ledger of then."]


@pytest.mark.parametrize("kind", ["hold", "recall"])
def test_a_deleted_decision_is_contradicted_by_the_signed_checkpoint(house: House, kind: str) -> None:
    """Nothing that is left names it; what was signed over all entries does."""
    attacked(house.registry, without(kind))
    assert "checkpoint" in checks(house.registry)


@pytest.mark.parametrize("kind", ["hold", "recall"])
def test_a_kept_checkpoint_finds_a_deleted_decision_where_the_ledgers_own_is_gone_too(house: House, kind: str) -> None:
    """Who may write the database may delete its checkpoint; not the one that somebody keeps elsewhere."""
    kept = house.registry.proofs.checkpoint()

    def change(entries: list[Entry], connection: sqlite3.Connection) -> list[Entry]:
        connection.execute("DELETE FROM checkpoints")
        return without(kind)(entries, connection)

    attacked(house.registry, change)
    assert checks(house.registry, kept) >= {"kept checkpoint"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE lot_lines SET state = 'released' WHERE lot = 'P-01'",
        "UPDATE lot_lines SET verdict = 'fail' WHERE lot = 'P-01'",
        "UPDATE lot_lines SET expires = '' WHERE lot = 'P-01'",
        "UPDATE lot_lines SET product = 'another' WHERE lot = 'P-01'",
        "UPDATE lot_lines SET short_of = '|cd73|' WHERE lot = 'P-01'",
        "UPDATE lot_lines SET panels = 7 WHERE lot = 'P-01'",
        "UPDATE lot_lines SET against = '' WHERE lot = 'P-01'",
        "UPDATE lot_values SET low = '99.9' WHERE criterion = 'cd105'",
        "UPDATE lot_values SET verdict = 'fail' WHERE criterion = 'cd105'",
        "DELETE FROM lot_values WHERE criterion = 'cd105'",
    ],
)
def test_a_changed_row_of_a_list_is_named(house: House, statement: str) -> None:
    """A list reads these rows: what is changed there would show a recalled lot as released."""
    with house.registry.ledger.writing() as connection:
        assert connection.exec_driver_sql(statement).rowcount > 0
    assert checks(house.registry) == {"list"}
