"""The ledger: what was acknowledged is there, in order, unchanged, for every process."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.errors import Conflict, Corrupt, Refused, TooLarge, Unavailable, Unknown, WrongUsage
from registry.instants import moment_of, moment_text
from registry.ledger import (
    DATABASE,
    GENESIS,
    MAX_FILE_BYTES,
    Entry,
    Ledger,
    NewEntry,
    View,
    entry_bytes,
    entry_hash,
    establish,
    signing_key,
    verify_chain,
)
from registry.ledger.entry_index import PAGE
from registry.records import Record, digest_of
from tests.ledgers import BASE, said

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "chain.json").read_text())


# The chain


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_vectors_are_hashed_over_exactly_these_bytes(vector: dict[str, str]) -> None:
    fields = json.loads(vector["bytes"])
    entry = Entry(**{**fields, "at": moment_of(fields["at"]), "lots": tuple(fields["lots"])})
    assert (entry_bytes(entry).decode(), entry_hash(entry)) == (vector["bytes"], vector["hash"])
    assert "sha256:" + hashlib.sha256(vector["bytes"].encode()).hexdigest() == vector["hash"]


def test_the_first_entry_fixes_format_base_and_key(ledger: Ledger) -> None:
    first = ledger.entry(1)
    public = signing_key(ledger).public
    assert (first.position, first.kind, first.actor, first.previous) == (1, "init", "local:test", GENESIS)
    assert first.details == {"format": 1, "base": BASE, "key": {"algorithm": "Ed25519", "public": public}}
    assert (ledger.base, ledger.public_key) == (BASE, public)


def test_entries_follow_each_other_by_hash(ledger: Ledger) -> None:
    receipt = ledger.append([NewEntry("lot", said("a"), lots=("P-07",)), NewEntry("lot", said("b"))], actor="lab.one")
    one, two, three = ledger.entries()
    assert receipt.positions == (2, 3)
    assert (receipt.size, receipt.head) == ledger.head() == (3, three.hash)
    assert (two.previous, three.previous) == (one.hash, two.hash)
    assert [entry_hash(entry) for entry in (one, two, three)] == [one.hash, two.hash, three.hash]
    assert verify_chain(ledger) == ledger.head()
    assert ledger.record(said("a").digest) == said("a")


def test_time_never_runs_backwards(tmp_path: Path) -> None:
    clock = [datetime(2026, 11, 22, 10, tzinfo=UTC)]
    made = Ledger.create(tmp_path / "data", base=BASE, public_key="x", actor="a", clock=lambda: clock[0])
    clock[0] -= timedelta(hours=1)
    made.append([NewEntry("note")], actor="a")
    assert [entry.at.hour for entry in made.entries()] == [10, 10]
    assert made.now() == datetime(2026, 11, 22, 10, tzinfo=UTC)
    made.close()


def test_a_time_has_one_written_form() -> None:
    assert moment_text(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00.000000Z"
    with pytest.raises(WrongUsage):
        moment_text(datetime(2026, 1, 2))
    for other in ("2026-01-02T00:00:00Z", "2026-1-2T00:00:00.000000Z", "2026-01-02T00:00:00.0Z", "yesterday"):
        with pytest.raises(Corrupt):
            moment_of(other)


@pytest.mark.parametrize("value", [1.5, 2**53, "half \ud83d", {1: "a"}, b"x", datetime(2026, 1, 1), {"a": [0.1]}])
def test_details_hold_only_what_has_one_written_form(ledger: Ledger, value: object) -> None:
    with pytest.raises(WrongUsage):
        ledger.append([NewEntry("note", details={"value": value})], actor="a")  # type: ignore[dict-item]
    assert ledger.size() == 1


# One transaction


def test_everything_of_a_submission_is_kept_or_nothing(ledger: Ledger) -> None:
    def refuse(_view: View) -> None:
        raise Refused("no")

    def fail(_connection: object) -> None:
        raise Refused("too late")

    data = b"lot,characteristic\n"
    kept = {digest_of(data): ("panel.csv", data)}
    for condition in ({"expect": refuse}, {"effects": fail}):
        with pytest.raises(Refused):
            ledger.append([NewEntry("panel", said("a"), lots=("P-07",))], actor="a", files=kept, **condition)  # type: ignore[arg-type]
    assert [sum(1 for _ in ledger.rows(name)) for name in ("entries", "records", "files", "entry_index")] == [
        1,
        0,
        0,
        0,
    ]


def test_a_file_is_kept_as_it_was_submitted_under_every_name(ledger: Ledger) -> None:
    data = b"\xff\xfe\x00lot"
    digest = digest_of(data)
    ledger.append([NewEntry("submission")], actor="a", files={digest: ("one.csv", data)})
    ledger.append([NewEntry("submission", files=(digest,))], actor="b", files={digest: ("two.csv", data)})
    assert ledger.file(digest) == ("one.csv", data)
    assert [entry.files for entry in ledger.entries()] == [{}, {digest: "one.csv"}, {digest: "two.csv"}]
    assert [entry.position for entry in ledger.entries(key=("file", digest))] == [2, 3]


def test_what_does_not_fit_is_refused(ledger: Ledger) -> None:
    big = b"x" * (MAX_FILE_BYTES + 1)
    wrong = Record(said("a").ntriples, said("b").digest)
    with pytest.raises(TooLarge):
        ledger.append([NewEntry("submission")], actor="a", files={digest_of(big): ("big.csv", big)})
    for arguments in (
        {"new": [], "actor": "a"},
        {"new": [NewEntry("note")], "actor": ""},
        {"new": [NewEntry("note")], "actor": "a\nb"},
        {"new": [NewEntry("Note!")], "actor": "a"},
        {"new": [NewEntry("note", wrong)], "actor": "a"},
        {"new": [NewEntry("note", files=("sha256:0",))], "actor": "a"},
        {"new": [NewEntry("note", index=(("lot", ""),))], "actor": "a"},
        {"new": [NewEntry("note")], "actor": "a", "files": {"sha256:0": ("a", b"a")}},
    ):
        with pytest.raises(WrongUsage):
            ledger.append(**arguments)  # type: ignore[arg-type]
    for question in (lambda: ledger.entry(2), lambda: ledger.record("sha256:0"), lambda: ledger.file("sha256:0")):
        with pytest.raises(Unknown):
            question()
    assert ledger.size() == 1


def test_a_lot_that_moved_meanwhile_is_a_conflict(ledger: Ledger) -> None:
    ledger.append([NewEntry("lot", lots=("P-07",))], actor="a")
    ledger.append([NewEntry("panel", lots=("p-07",))], actor="a", lot_heads={"P-07": 2, "P-08": 0})
    with pytest.raises(Conflict) as refusal:
        ledger.append([NewEntry("decision", lots=("P-07",))], actor="q", lot_heads={"P-07": 2})
    assert refusal.value.details == ("lot P-07: expected entry 2, found entry 3",)
    assert ledger.size() == 3


def test_a_repeated_request_answers_the_same_receipt(ledger: Ledger) -> None:
    entry = NewEntry("panel", said("a"), lots=("P-07",))
    first = ledger.append([entry], actor="a", idempotency_key="k1", content="file 1", answer={"verdict": "pass"})
    again = ledger.append([entry], actor="a", idempotency_key="k1", content="file 1", answer={"verdict": "other"})
    other_key = ledger.append([entry], actor="b", idempotency_key="k2", content="file 1")
    assert (first.repeated, again.repeated, other_key.repeated) == (False, True, True)
    assert {(r.positions, r.size, r.head, r.at) for r in (first, again, other_key)} == {
        (first.positions, first.size, first.head, first.at)
    }
    assert [r.answer for r in (first, again, other_key)] == [{"verdict": "pass"}] * 3
    assert ledger.receipt_for("k1", "a") == again
    assert ledger.receipt_for_content("file 1") == again
    assert ledger.receipt_for("k1", "b") is None
    assert ledger.size() == 2


def test_a_key_used_for_something_else_is_a_conflict(ledger: Ledger) -> None:
    ledger.append([NewEntry("panel", said("a"))], actor="a", idempotency_key="k1")
    with pytest.raises(Conflict):
        ledger.append([NewEntry("panel", said("b"))], actor="a", idempotency_key="k1")
    assert ledger.append([NewEntry("panel", said("b"))], actor="b", idempotency_key="k1").positions == (3,)


# The index


def test_entries_are_found_by_lot_kind_and_key_without_regard_to_case(ledger: Ledger) -> None:
    ledger.append([NewEntry("lot", lots=("P-07",), index=(("product", "MSC-1"),))], actor="a")
    ledger.append([NewEntry("panel", lots=("p-07",)), NewEntry("panel", lots=("P-08",))], actor="a")
    assert [entry.position for entry in ledger.entries(lot="P-07")] == [2, 3]
    assert [entry.position for entry in ledger.entries(lot="p-07", kind="panel")] == [3]
    assert [entry.position for entry in ledger.entries(since=2, until=3)] == [3]
    assert [entry.position for entry in ledger.entries(key=("product", "msc-1"))] == [2]
    assert ledger.newest("lot", ["P-07", "P-08", "P-09"]) == {"p-07": 3, "p-08": 4}
    assert ledger.written("lot", ["p-07"]) == {"p-07": "P-07"}
    assert ledger.lots_matching("p-0") == ["P-07"]
    assert ledger.matching("lot", "P-0") == ["P-07", "P-08"]
    assert ledger.matching("lot", "_") == []


def test_a_recall_reaches_everything_that_derives(ledger: Ledger) -> None:
    pairs = [("BANK", "DONOR"), ("P-1", "BANK"), ("P-2", "BANK"), ("P-1a", "P-1"), ("LOOP", "LOOP")]
    for child, parent in pairs:
        ledger.append([NewEntry("lot", lots=(child,), index=(("derives-from", parent),))], actor="a")
    assert ledger.closure("derives-from", "donor") == ["bank", "p-1", "p-1a", "p-2"]
    assert ledger.closure("derives-from", "P-1A", up=True) == ["bank", "donor", "p-1"]
    assert ledger.closure("derives-from", "donor", until=3) == ["bank", "p-1"]
    assert ledger.closure("derives-from", "loop") == []


def test_the_index_can_be_made_anew(ledger: Ledger) -> None:
    ledger.append([NewEntry("lot", said("a"), lots=("P-07",), index=(("product", "MSC-1"),))], actor="a")
    before = list(ledger.rows("entry_index"))

    def index_of(entry: Entry, record: Record | None) -> list[tuple[str, str]]:
        return [("product", "MSC-1")] if record else []

    assert ledger.reindex(index_of) == 2
    assert list(ledger.rows("entry_index")) == before
    for damage in (
        "DELETE FROM entry_index",
        "DELETE FROM entry_index WHERE kind = 'lot'",
        "UPDATE entry_index SET text = 'another' WHERE kind = 'product'",
        "UPDATE entry_index SET key = 'msc-2' WHERE kind = 'product'",
        "INSERT INTO entry_index VALUES ('lot', 'p-08', 2, 'P-08')",
        "INSERT INTO entry_index VALUES ('lot', 'p-08', 1, 'P-08')",
        "INSERT INTO entry_index VALUES ('lot', 'p-08', 99, 'P-08')",
    ):
        assert ledger.directory is not None
        with sqlite3.connect(ledger.directory / DATABASE) as behind_its_back:
            behind_its_back.execute(damage)
        assert list(ledger.rows("entry_index")) != before, damage
        assert ledger.reindex(index_of) == 2
        assert list(ledger.rows("entry_index")) == before, damage


def test_a_view_sees_one_moment(ledger: Ledger) -> None:
    with ledger.view() as view:
        assert view.size() == 1
        ledger.append([NewEntry("note")], actor="a")
        assert (view.size(), ledger.size()) == (1, 2)


# Append-only, and only ours


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET actor = 'x'",
        "DELETE FROM entries WHERE position = 2",
        "UPDATE records SET ntriples = x'00'",
        "DELETE FROM records",
        "INSERT OR REPLACE INTO records SELECT digest, x'00' FROM records",
        "DELETE FROM files",
        "DELETE FROM receipts",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE position = 2",
        "INSERT INTO entries SELECT 9, at, kind, actor, record, lots, details, files, hash, 'x' FROM entries LIMIT 1",
    ],
)
def test_the_database_itself_refuses_a_change(ledger: Ledger, statement: str) -> None:
    data = b"x"
    files = {digest_of(data): ("x", data)}
    ledger.append([NewEntry("panel", said("a"))], actor="a", files=files, content="c")
    assert ledger.directory is not None
    with (
        sqlite3.connect(ledger.directory / "ledger.sqlite") as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"append-only|follows"),
    ):
        connection.execute(statement)
    connection.close()


def test_a_folder_of_others_is_refused_and_ours_is_not_made_twice(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "thesis.doc").write_text("")
    with pytest.raises(Refused) as refusal:
        establish(tmp_path / "theirs", base=BASE, actor="a")
    assert refusal.value.found == "thesis.doc"
    assert sorted(item.name for item in (tmp_path / "theirs").iterdir()) == ["thesis.doc"]
    with pytest.raises(Conflict):
        establish(tmp_path / "data", base=BASE, actor="a")
    with pytest.raises(Unknown):
        Ledger.open(tmp_path / "none")


@pytest.mark.parametrize("base", ["registry.example/", "https://registry.example", "https://r.example/#", "urn:x:"])
def test_a_base_is_an_address_that_ends_in_a_slash(tmp_path: Path, base: str) -> None:
    with pytest.raises(WrongUsage):
        Ledger.create(tmp_path / "data", base=base, public_key="x", actor="a")


def test_a_registry_that_was_half_made_is_finished(tmp_path: Path) -> None:
    made = establish(tmp_path / "data", base=BASE, actor="a")
    made.close()
    for leftover in (tmp_path / "data").glob("ledger.sqlite*"):
        leftover.unlink()
    again = establish(tmp_path / "data", base=BASE, actor="a")
    assert (again.size(), signing_key(again).public) == (1, again.public_key)
    again.close()


def test_another_format_and_another_database_are_refused(tmp_path: Path, ledger: Ledger) -> None:
    ledger.close()
    database = tmp_path / "data" / "ledger.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TRIGGER entries_no_update")
        connection.execute("UPDATE entries SET details = replace(details, '\"format\":1', '\"format\":2')")
    connection.close()
    with pytest.raises(Refused) as refusal:
        Ledger.open(tmp_path / "data")
    assert (refusal.value.expected, refusal.value.found) == ("format 1", "format 2, kind 'init'")
    (tmp_path / "other").mkdir()
    sqlite3.connect(tmp_path / "other" / "ledger.sqlite").close()
    with pytest.raises(Refused):
        Ledger.open(tmp_path / "other")
    (tmp_path / "other" / "ledger.sqlite").write_bytes(b"not a database" * 100)
    (tmp_path / "other" / "ledger.sqlite").chmod(0o600)
    with pytest.raises(Corrupt):
        Ledger.open(tmp_path / "other")


def test_a_locked_database_is_unavailable_and_not_corrupt(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.ledger.database.BUSY_SECONDS", 0)
    assert ledger.directory is not None
    impatient = Ledger.open(ledger.directory)
    with ledger.writing(), pytest.raises(Unavailable):
        impatient.append([NewEntry("note")], actor="a")
    impatient.append([NewEntry("note")], actor="a")
    impatient.close()


def test_nobody_but_its_owner_reads_a_ledger(tmp_path: Path) -> None:
    """Whatever the folder and the mask are like; one that others could read is not opened."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    mask = os.umask(0o022)
    try:
        made = establish(folder, base=BASE, actor="a")
        made.append([NewEntry("note")], actor="a")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.is_file()}
    finally:
        os.umask(mask)
    assert modes == {"ledger.sqlite": 0o600, "ledger.sqlite-wal": 0o600, "ledger.sqlite-shm": 0o600,
                     "signing-key.pem": 0o600}  # fmt: skip
    made.close()
    (folder / "ledger.sqlite").chmod(0o644)
    with pytest.raises(Refused) as refusal:
        Ledger.open(folder)
    assert (refusal.value.expected, refusal.value.found) == ("mode 0600", "mode 0644")
    folder.chmod(0o700)
    Ledger.open(folder).close()


def test_what_is_read_at_one_moment_is_of_it_whoever_appends_meanwhile(ledger: Ledger) -> None:
    before = ledger.size()
    with ledger.one_moment():
        assert ledger.size() == before
        thread = threading.Thread(target=lambda: ledger.append([NewEntry("panel", said("meanwhile"))], actor="lab"))
        thread.start()
        thread.join()
        assert (ledger.size(), len(list(ledger.entries(since=before)))) == (before, 0)
        with ledger.one_moment(), ledger.view() as view:
            assert view.size() == before
    assert (ledger.size(), len(list(ledger.entries(since=before)))) == (before + 1, 1)


def test_entries_that_are_appended_while_they_are_read_are_not_among_them(ledger: Ledger) -> None:
    ledger.append([NewEntry("panel", said(f"{number}")) for number in range(PAGE)], actor="lab")
    size, read = ledger.size(), 0
    for entry in ledger.entries():
        if entry.position < 3:
            ledger.append([NewEntry("panel", said(f"after {entry.position}"))], actor="lab")
        read = entry.position
    assert read == size
