"""What was signed over the entries: whoever may write the database, and has no key, cannot make it fit again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from registry.audit import audit
from registry.errors import Corrupt, Unknown
from registry.ledger import SIGNING_KEY, Entry, Ledger, NewEntry, canonical_json, entry_bytes, establish, rotate
from registry.ledger.proofs import checkpoint, consistency, inclusion
from registry.ledger.tree import edge
from registry.proof.checkpoint import checkpoint_of, verifier_of
from registry.proof.merkle import Tree, consistent, leaf_hash
from tests.ledgers import BASE, said


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = establish(tmp_path / "data", base=BASE, actor="local:test")
    for number in range(6):
        made.append([NewEntry("lot", said(f"lot {number}"), lots=(f"P-0{number}",))], actor="lab")
    yield made
    made.close()


def unguarded(ledger: Ledger, change: Callable[[sqlite3.Connection], None]) -> None:
    """Change the database as somebody who may write the file, and put the guards back."""
    assert ledger.directory is not None
    connection = sqlite3.connect(ledger.directory / "ledger.sqlite", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    change(connection)
    connection.close()
    ledger.prepare()


def rewritten(ledger: Ledger, position: int, **changes: object) -> None:
    """An entry changed, every hash after it made again, and every node of the tree: all that needs no key."""
    entries = list(ledger.entries())
    before, made = "", list[Entry]()
    for entry in entries:
        changed = replace(entry, **changes) if entry.position == position else entry  # type: ignore[arg-type]
        sealed = replace(changed, previous=before or entry.previous, hash="").sealed()
        before = sealed.hash
        made.append(sealed)

    def change(connection: sqlite3.Connection) -> None:
        for entry in made:
            connection.execute(
                "UPDATE entries SET actor = ?, lots = ?, previous = ?, hash = ? WHERE position = ?",
                (entry.actor, canonical_json(list(entry.lots)), entry.previous, entry.hash, entry.position),
            )
        tree = Tree(leaf_hash(entry_bytes(entry)) for entry in made)
        for level in range(tree.size.bit_length()):
            for place in range(tree.size >> level):
                connection.execute(
                    "UPDATE tree_nodes SET hash = ? WHERE level = ? AND place = ?",
                    (tree.node(level, place), level, place),
                )

    unguarded(ledger, change)


def places(ledger: Ledger) -> list[tuple[str, int | None]]:
    return [(finding.check, finding.position) for finding in audit(ledger).findings]


def test_every_append_signs_a_checkpoint_over_all_entries(ledger: Ledger) -> None:
    """The root is that of the entries' bytes, the signature that of the key in force."""
    tree = Tree(leaf_hash(entry_bytes(entry)) for entry in ledger.entries())
    with ledger.view() as view:
        note = checkpoint(view)
    assert (checkpoint_of(note).size, checkpoint_of(note).root) == (7, tree.root())
    assert note.signed_by(verifier_of("registry.example/ledger", ledger.public_key))


def test_each_entry_is_shown_to_be_in_the_ledger(ledger: Ledger) -> None:
    """Its own leaf, at its own place, and no other."""
    with ledger.view() as view:
        proofs = {entry.position: inclusion(view, entry.position) for entry in ledger.entries()}
    for entry in ledger.entries():
        held = [position for position, proof in proofs.items() if proof.holds(leaf_hash(entry_bytes(entry)))]
        assert held == [entry.position]


def test_a_longer_ledger_shows_that_it_begins_with_the_shorter(ledger: Ledger) -> None:
    """What somebody kept is held against what is there now."""
    with ledger.view() as view:
        kept = checkpoint_of(checkpoint(view))
    ledger.append([NewEntry("lot", said("lot 7"), lots=("P-07",))], actor="lab")
    with ledger.view() as view:
        now, path = checkpoint_of(checkpoint(view)), consistency(view, kept.size)
    assert consistent(kept.size, kept.root, now.size, now.root, path)


@pytest.mark.parametrize("position", [0, 8])
def test_nothing_is_shown_of_an_entry_that_is_not_there(ledger: Ledger, position: int) -> None:
    """Before the first, and after the newest."""
    with ledger.view() as view, pytest.raises(Unknown):
        inclusion(view, position)


def test_a_changed_entry_whose_hashes_were_all_made_again_is_named(ledger: Ledger) -> None:
    """The chain and the tree fit; what was signed does not."""
    rewritten(ledger, 4, actor="eve")
    assert places(ledger) == [("checkpoint", 7)]


def test_nothing_more_is_entered_into_a_rewritten_ledger(ledger: Ledger) -> None:
    """Another entry would put a new signature over the forgery."""
    rewritten(ledger, 4, actor="eve")
    with pytest.raises(Corrupt, match="not the one of which its checkpoint was signed"):
        ledger.append([NewEntry("lot", said("lot 8"), lots=("P-08",))], actor="lab")
    assert ledger.size() == 7


def test_entries_taken_off_the_end_are_named_and_nothing_more_is_entered(ledger: Ledger) -> None:
    """With their nodes, their index and their receipts."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM entry_index WHERE position = 7")
        connection.execute("DELETE FROM entries WHERE position = 7")
        connection.execute("DELETE FROM tree_nodes WHERE level = 0 AND place = 6")

    unguarded(ledger, change)
    assert ("checkpoint", 7) in places(ledger)
    with pytest.raises(Corrupt):
        ledger.append([NewEntry("lot", said("lot 8"), lots=("P-08",))], actor="lab")


def test_a_kept_checkpoint_finds_what_an_older_copy_of_everything_hides(ledger: Ledger) -> None:
    """The database of yesterday contradicts nothing in itself."""
    with ledger.view() as view:
        kept = checkpoint(view).written()
    assert audit(ledger, known_checkpoint=kept).ok

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM entry_index WHERE position = 7")
        connection.execute("DELETE FROM entries WHERE position = 7")
        connection.execute("DELETE FROM records WHERE digest NOT IN (SELECT record FROM entries WHERE record NOT NULL)")
        connection.execute("DELETE FROM tree_nodes WHERE level = 0 AND place = 6")
        connection.execute("DELETE FROM checkpoints")

    unguarded(ledger, change)
    report = audit(ledger, known_checkpoint=kept)
    assert [(finding.check, finding.message) for finding in report.findings] == [
        ("checkpoint", "The signed checkpoint is gone."),
        ("kept checkpoint", "Entries were taken away since the checkpoint was signed."),
    ]


@pytest.mark.parametrize("text", ["", "no checkpoint", "registry.example/ledger\n7\nAAAA\n\n— x AAAAAAAA\n"])
def test_a_kept_text_that_is_no_checkpoint_is_named(ledger: Ledger, text: str) -> None:
    """Never passed over in silence."""
    assert [finding.check for finding in audit(ledger, known_checkpoint=text).findings] == ["kept checkpoint"]


def test_a_database_of_before_gets_its_tree_with_the_next_entry(ledger: Ledger) -> None:
    """Nothing else about it changes, and it audits."""

    with ledger.writing() as connection:
        connection.exec_driver_sql("DROP TABLE tree_nodes")
        connection.exec_driver_sql("DROP TABLE checkpoints")
    assert audit(ledger).ok
    with ledger.view() as view, pytest.raises(Unknown, match="No checkpoint has been signed yet"):
        checkpoint(view)
    ledger.append([NewEntry("lot", said("lot 7"), lots=("P-07",))], actor="lab")
    with ledger.view() as view:
        assert checkpoint_of(checkpoint(view)).size == 8
    assert audit(ledger).ok


def test_changed_nodes_are_named_and_made_anew(ledger: Ledger) -> None:
    """The tree is a projection: it can be thrown away."""
    unguarded(
        ledger, lambda connection: connection.execute("UPDATE tree_nodes SET hash = x'00' WHERE level = 1") and None
    )
    assert places(ledger) == [("tree", 1)]
    assert ledger.regrow() == 7
    assert audit(ledger).ok


def test_without_the_key_at_hand_entries_are_counted_that_nothing_was_signed_over(ledger: Ledger) -> None:
    """A restored copy has no key until it is brought back."""
    assert ledger.directory is not None
    (ledger.directory / SIGNING_KEY).rename(ledger.directory / "elsewhere")
    ledger.append([NewEntry("lot", said("lot 7"), lots=("P-07",))], actor="lab")
    report = audit(ledger)
    assert (report.ok, report.counts["entries under no checkpoint"]) == (True, 1)
    (ledger.directory / "elsewhere").rename(ledger.directory / SIGNING_KEY)
    ledger.append([NewEntry("lot", said("lot 8"), lots=("P-08",))], actor="lab")
    assert audit(ledger).counts["entries under no checkpoint"] == 0


def test_a_replaced_key_signs_from_its_own_entry_on(ledger: Ledger) -> None:
    """And the checkpoints of before stay those of the key of before."""
    before = ledger.public_key
    with ledger.view() as view:
        kept = checkpoint(view).written()
    rotate(ledger, actor="admin", reason="yearly")
    with ledger.view() as view:
        note = checkpoint(view)
    assert note.signed_by(verifier_of("registry.example/ledger", ledger.public_key))
    assert not note.signed_by(verifier_of("registry.example/ledger", before))
    assert audit(ledger, known_checkpoint=kept).ok


@pytest.mark.parametrize("size", range(70))
def test_what_a_root_is_made_of_is_read_at_once(size: int) -> None:
    """The complete subtrees of a tree cover each of its leaves once, and no other."""
    covered = [leaf for level, place in edge(size) for leaf in range(place << level, (place + 1) << level)]
    assert covered == list(range(size))


def test_a_key_file_that_changed_since_it_was_read_is_read_again(ledger: Ledger) -> None:
    """Opened to others, or gone, it signs nothing, though it signed the entry before."""
    assert ledger.key_path is not None

    def under_none() -> int:
        ledger.append([NewEntry("note")], actor="q.one")
        return audit(ledger).counts["entries under no checkpoint"]

    elsewhere = ledger.key_path.with_name("elsewhere")
    assert under_none() == 0
    ledger.key_path.chmod(0o644)
    assert under_none() == 1
    ledger.key_path.chmod(0o600)
    assert under_none() == 0
    ledger.key_path.rename(elsewhere)
    assert under_none() == 1
    elsewhere.rename(ledger.key_path)
    assert under_none() == 0
