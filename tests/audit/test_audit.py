"""The audit: whatever is changed behind the ledger's back is named, with its position."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Hashable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from registry.accounts import Accounts
from registry.audit import AuditReport, audit
from registry.errors import Corrupt
from registry.ledger import Entry, Ledger, NewEntry, canonical_json, establish, rotate, signing_key
from registry.records import Record, digest_of
from tests.ledgers import BASE, said

PANEL = b"lot,characteristic,value,unit\nP-07,CD73,98.5,%\n"


def index_of(entry: Entry, _record: Record | None) -> list[tuple[str, str]]:
    if entry.kind in ("account", "token", "sign-in"):
        return [("account", str(entry.details["account"]))]
    return [("product", "MSC-1")] if entry.kind == "lot" else []


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 init, 2 lot, 3 submission, 4 panel, 5 decision, 6 key, 7 decision, 8 account, 9 token."""
    folder = tmp_path_factory.mktemp("sound") / "data"
    made = establish(folder, base=BASE, actor="local:test")
    made.append([NewEntry("lot", said("lot"), lots=("P-07",), index=(("product", "MSC-1"),))], actor="lab")
    file = digest_of(PANEL)
    made.append(
        [NewEntry("submission", said("submission"), files=(file,)), NewEntry("panel", said("panel"), lots=("P-07",))],
        actor="lab", files={file: ("panel.csv", PANEL)}, idempotency_key="k", content=file,
    )  # fmt: skip
    for text in ("release", "hold"):
        record = said(text)
        details = {**signing_key(made).details(record.ntriples)}
        made.append([NewEntry("decision", record, lots=("P-07",), details=details)], actor="quality")
        if text == "release":
            rotate(made, actor="admin", reason="yearly")
    people = Accounts(made)
    people.people.create("admin", "administrator", by="local:test")
    people.tokens.create("admin", by="admin", lasts=timedelta(days=1))
    made.close()
    return folder


@pytest.fixture
def ledger(sound: Path, tmp_path: Path) -> Iterator[Ledger]:
    shutil.copytree(sound, tmp_path / "data")
    opened = Ledger.open(tmp_path / "data")
    yield opened
    opened.close()


def tampered(ledger: Ledger, *statements: str) -> AuditReport:
    """Drop every guard, change the database directly, put the guards back, and audit."""
    assert ledger.directory is not None
    connection = sqlite3.connect(ledger.directory / "ledger.sqlite", isolation_level=None)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.close()
    ledger.prepare()
    return audit(ledger)


def places(report: AuditReport) -> list[tuple[str, int | None]]:
    return [(finding.check, finding.position) for finding in report.findings]


def test_a_sound_ledger_has_no_finding(ledger: Ledger) -> None:
    report = audit(ledger, index_of=index_of, known_head=(5, ledger.entry(5).hash))
    assert report.findings == ()
    assert (report.ok, report.size, report.head) == (True, *ledger.head())
    assert report.counts == {
        "guards": 13, "entries": 9, "records": 5, "files": 1, "receipts": 2, "signatures": 2, "keys": 2,
        "accounts": 1, "tokens": 1, "sessions": 0, "second factors": 0, "passkeys": 0, "index rows": 8,
        "tree nodes": 16, "checkpoints": 1, "entries under no checkpoint": 0,
    }  # fmt: skip


# An entry that cannot be read takes with it what only it named.
UNREADABLE = [
    ("entry", 4), ("index", 4), ("orphan record", None), ("receipt", 3), ("receipt", 4), ("receipt", 4), ("tree", 4),
    ("checkpoint", 9),
]  # fmt: skip


def unsigned(position: int) -> list[tuple[str, int | None]]:
    """What a changed entry contradicts beside its own hash: its leaf, and the checkpoint that was signed over it."""
    return [("tree", position), ("checkpoint", 9)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE entries SET actor = 'x' WHERE position = 4", [("hash", 4), *unsigned(4)]),
        ("UPDATE entries SET kind = 'lot' WHERE position = 4", [("hash", 4), *unsigned(4)]),
        ("UPDATE entries SET details = '{\"a\":1}' WHERE position = 4", [("hash", 4), *unsigned(4)]),
        ("UPDATE entries SET details = '{ }' WHERE position = 4", [("entry", 4)]),
        ("UPDATE entries SET details = '{' WHERE position = 4", UNREADABLE),
        ("UPDATE entries SET at = '2020-01-01T00:00:00.000000Z' WHERE position = 4",
         [("hash", 4), ("receipt", 4), ("receipt", 4), ("time", 4), *unsigned(4)]),
        ("UPDATE entries SET at = 'yesterday' WHERE position = 4", UNREADABLE),
        ("UPDATE entries SET hash = 'HEX' WHERE position = 4",
         [("hash", 4), ("previous", 5), ("receipt", 4), ("receipt", 4)]),
        ("UPDATE entries SET previous = 'HEX' WHERE position = 4", [("hash", 4), ("previous", 4), *unsigned(4)]),
        ("UPDATE entries SET lots = '[\"P-08\"]' WHERE position = 4",
         [("hash", 4), ("index", 4), ("index", 4), *unsigned(4)]),
        ("UPDATE entries SET files = replace(files, 'panel', 'other') WHERE position = 3",
         [("hash", 3), ("index", 3), ("index", 3), *unsigned(3)]),
        ("UPDATE records SET ntriples = x'00' WHERE digest IN (SELECT record FROM entries WHERE position = 4)",
         [("record", 4)]),
        ("UPDATE records SET ntriples = x'00' WHERE digest IN (SELECT record FROM entries WHERE position = 5)",
         [("record", 5), ("signature", 5)]),
        ("DELETE FROM records WHERE digest IN (SELECT record FROM entries WHERE position = 4)",
         [("missing record", 4)]),
        ("INSERT INTO records VALUES ('OF-X', x'78')", [("orphan record", None), ("record form", None)]),
        ("UPDATE files SET bytes = x'00'", [("file", 3)]),
        ("DELETE FROM files", [("missing file", 3)]),
        ("INSERT INTO files VALUES ('OF-X', x'78')", [("orphan file", None)]),
        ("UPDATE receipts SET body = replace(body, '\"size\":4', '\"size\":5') WHERE scope = 'content'",
         [("receipt", 4)]),
        ("UPDATE receipts SET body = '{}' WHERE scope = 'content'", [("receipt", 3), ("receipt", 4)]),
        ("UPDATE receipts SET body = replace(body, '\"answer\":null', '\"answer\":{\"verdict\":\"pass\"}')",
         [("receipt", 3)]),
        ("UPDATE receipts SET key = 'another' WHERE scope = 'content'", [("receipt", 3)]),
        ("DELETE FROM receipts", [("receipt", 3)]),
        ("DELETE FROM entry_index WHERE kind = 'lot' AND position = 4", [("index", 4)]),
        ("INSERT INTO entry_index VALUES ('lot', 'p-08', 4, 'P-08')", [("index", 4)]),
        ("INSERT INTO entry_index VALUES ('product', 'x', 99, 'X')", [("index", 99)]),
        ("UPDATE accounts SET role = 'quality unit'", [("account", 8)]),
        ("UPDATE accounts SET password = 'x'", [("account", 8)]),
        ("UPDATE accounts SET disabled = 1", [("account", 8)]),
        ("INSERT INTO accounts SELECT 'eve', 'eve', 'Eve', role, password, 0, 0 FROM accounts", [("account", None)]),
        ("UPDATE tokens SET expires = NULL", [("token", 9)]),
        ("UPDATE tokens SET hash = 'HEX'", [("token", 9)]),
        ("DELETE FROM tokens", [("token", 9)]),
        ("UPDATE token_rights SET scopes = 'read sign'", [("token", 9)]),
        ("UPDATE token_rights SET scopes = char(10) || scopes", [("token", 9)]),
        ("DELETE FROM token_rights", [("token", 9)]),
        ("INSERT INTO token_rights VALUES ('0', 'read', NULL)", [("token", None)]),
    ],
)  # fmt: skip
def test_each_change_is_named(ledger: Ledger, statement: str, expected: list[tuple[str, int | None]]) -> None:
    statement = statement.replace("HEX", "sha256:" + "a" * 64).replace("OF-X", digest_of(b"x"))
    assert sorted(places(tampered(ledger, statement)), key=str) == sorted(expected, key=str)


def test_a_finding_tells_what_was_expected_and_what_was_found(ledger: Ledger) -> None:
    right = ledger.entry(4).hash
    report = tampered(ledger, "UPDATE entries SET actor = 'x' WHERE position = 4")
    assert places(report) == [("hash", 4), *unsigned(4)]
    finding = report.findings[0]
    assert (finding.check, finding.position, finding.expected) == ("hash", 4, right)
    assert finding.as_dict() == {
        "check": "hash", "position": 4, "message": "The entry is not what its hash says.", "expected": right,
        "found": finding.found,
    }  # fmt: skip
    assert str(finding) == f"Entry 4: The entry is not what its hash says. Expected {right}, found {finding.found}."


def test_an_entry_taken_out_of_the_middle_is_named(ledger: Ledger) -> None:
    report = tampered(ledger, "DELETE FROM entry_index WHERE position = 5", "DELETE FROM entries WHERE position = 5")
    assert places(report) == [("position", 6), ("previous", 6), ("orphan record", None), *unsigned(5)]


def test_entries_cut_off_the_end_are_seen_by_whoever_noted_the_head(ledger: Ledger) -> None:
    head = ledger.head()
    report = tampered(
        ledger, "DELETE FROM entry_index WHERE position = 9", "DELETE FROM entries WHERE position = 9",
        "DELETE FROM token_rights", "DELETE FROM tokens",
    )  # fmt: skip
    assert places(report) == unsigned(9)
    again = audit(ledger, known_head=head)
    assert places(again) == [("known head", 9), *unsigned(9)]
    assert (again.findings[0].expected, again.findings[0].found) == (head[1], "no such entry")


def test_a_guard_that_is_gone_or_hollow_or_foreign_is_named(ledger: Ledger) -> None:
    assert ledger.directory is not None
    connection = sqlite3.connect(ledger.directory / "ledger.sqlite", isolation_level=None)
    connection.execute("DROP TRIGGER entries_no_delete")
    connection.execute("DROP TRIGGER files_no_update")
    connection.execute("CREATE TRIGGER files_no_update BEFORE UPDATE ON files BEGIN SELECT 1; END")
    connection.execute("CREATE TRIGGER foreign_one AFTER INSERT ON entries BEGIN SELECT 1; END")
    connection.close()
    assert [finding.message for finding in audit(ledger).findings] == [
        "The trigger entries_no_delete is not as it was made.",
        "The trigger files_no_update is not as it was made.",
        "The trigger foreign_one is not as it was made.",
    ]


def test_a_decision_without_a_signature_is_named(ledger: Ledger) -> None:
    ledger.append([NewEntry("decision", said("unsigned"), lots=("P-07",))], actor="quality")
    assert places(audit(ledger)) == [("signature", 10)]
    assert audit(ledger, signed_kinds=()).ok


def test_a_signature_moved_to_another_record_is_named(ledger: Ledger) -> None:
    """Even when the whole chain after it is written anew."""
    signature, key = ledger.entry(5).details["signature"], ledger.entry(5).details["key"]
    assert isinstance(signature, str)
    moved = canonical_json({"key": key, "signature": signature})
    report = tampered(ledger, "UPDATE entries SET details = 'MOVED' WHERE position = 7".replace("MOVED", moved))
    assert [(finding.check, finding.position, finding.message) for finding in report.findings] == [
        ("hash", 7, "The entry is not what its hash says."),
        ("signature", 7, "Another key signed than was in force."),
        ("signature", 7, "The signature is not over this record."),
        ("tree", 7, "4 nodes of the tree are not those of the entries."),
        ("checkpoint", 9, "The entries are not those that the checkpoint was signed over."),
    ]


def test_a_key_put_in_force_without_order_is_named(ledger: Ledger) -> None:
    public = ledger.keys()[0][1]
    ledger.append([NewEntry("key", details={"key": {"algorithm": "Ed25519", "public": public}})], actor="eve")
    ledger.append([NewEntry("key", details={"key": "none"})], actor="eve")
    assert places(audit(ledger)) == [("key", 10), ("key", 11)]


@pytest.mark.parametrize(
    "details",
    ["{}", '{"base":"https://registry.example/","format":1,"key":{}}', '{"base":1,"format":1,"key":"x"}'],
)
def test_a_first_entry_that_founds_nothing_is_named(ledger: Ledger, details: str) -> None:
    report = tampered(ledger, "UPDATE entries SET details = 'GIVEN' WHERE position = 1".replace("GIVEN", details))
    assert [place for place in places(report) if place[1] == 1] == [
        ("hash", 1), ("first entry", 1), ("key", 1), ("tree", 1),
    ]  # fmt: skip


def test_an_empty_database_is_named(ledger: Ledger) -> None:
    tables = ("entry_index", "receipts", "entries", "records", "files", "token_rights", "tokens", "accounts")
    assert places(tampered(ledger, *(" ".join(["DELETE FROM", table]) for table in tables))) == [
        ("first entry", None), ("tree", 1), ("checkpoint", 9), ("checkpoint", 9),
    ]  # fmt: skip


# Projections


def test_the_graph_is_held_against_what_would_be_made_anew(ledger: Ledger) -> None:
    sound = [("a", "b", "c", "g"), ("d", "e", "f", "g")]
    assert audit(ledger, graph=lambda: (sound, sound)).findings == ()
    report = audit(ledger, graph=lambda: ([*sound[1:], ("x", "y")], sound))
    assert [(f.check, f.position, f.expected, f.found) for f in report.findings] == [
        ("graph", None, "nothing", "('x', 'y')"),
        ("graph", None, str(sound[0]), "nothing"),
    ]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Corrupt("The graph's files cannot be read."), "The graph's files cannot be read."),
        (OSError(28, "No space left on device"), "The check of the graph could not be finished."),
        (KeyError("x"), "The check of the graph could not be finished."),
    ],
)
def test_a_check_that_cannot_be_finished_is_a_finding(ledger: Ledger, error: Exception, message: str) -> None:
    def graph() -> tuple[list[Hashable], list[Hashable]]:
        raise error

    assert [finding.message for finding in audit(ledger, graph=graph).findings] == [message]


def test_the_index_is_held_against_the_function_that_made_it(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        connection.exec_driver_sql("UPDATE entry_index SET key = 'msc-2' WHERE kind = 'product'")
    assert audit(ledger).ok
    assert places(audit(ledger, index_of=index_of)) == [("index", 2), ("index", 2)]
    ledger.reindex(index_of)
    assert audit(ledger, index_of=index_of).ok


def test_projections_of_a_broken_ledger_are_not_compared(ledger: Ledger) -> None:
    tampered(ledger, "UPDATE files SET bytes = x'00'")
    report = audit(ledger, index_of=index_of, graph=lambda: ([], [1]), lists=lambda: ([], [1]))
    assert places(report) == [("file", 3), ("projection", None)]


def test_of_many_equal_findings_the_rest_are_counted(ledger: Ledger) -> None:
    quads = [("x", number) for number in range(1_000)]
    report = audit(ledger, graph=lambda: (quads, []))
    assert len(report.findings) == 201
    assert (report.findings[-1].message, report.findings[-1].found) == ("More of the same were found.", "1000 in all")
