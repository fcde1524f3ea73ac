"""The ledger's key and its backups: a registry can be carried elsewhere, and says so."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from registry.errors import Conflict, Corrupt, Refused, Unreadable, WrongUsage
from registry.ledger import Ledger, NewEntry, backup, establish, restore, rotate, signing_key, verify_chain
from registry.ledger.restored_mark import marked
from registry.records import digest_of
from tests.ledgers import BASE, said


def test_a_signature_enters_only_over_its_record_by_the_key_in_force(ledger: Ledger) -> None:
    old, record = signing_key(ledger), said("release")
    ledger.append([NewEntry("decision", record, details={**old.details(record.ntriples)})], actor="q")
    with pytest.raises(WrongUsage):
        ledger.append([NewEntry("decision", said("b"), details={**old.details(record.ntriples)})], actor="q")
    with pytest.raises(WrongUsage):
        ledger.append([NewEntry("decision", details={**old.details(b"")})], actor="q")
    rotate(ledger, actor="admin", reason="yearly")
    with pytest.raises(Conflict):
        ledger.append([NewEntry("decision", record, details={**old.details(record.ntriples)})], actor="q")
    in_force = ledger.keys()
    assert [position for position, _key in in_force] == [1, 3]
    assert signing_key(ledger).public == ledger.public_key != old.public


def test_a_rotation_that_died_before_its_file_moved_is_finished(ledger: Ledger) -> None:
    path = ledger.key_path
    assert path is not None
    before = path.read_bytes()
    rotate(ledger, actor="admin", reason="yearly")
    shutil.copy(path, path.with_name("signing-key.pem.new"))
    path.write_bytes(before)
    assert signing_key(ledger).public == ledger.public_key
    path.write_bytes(before)
    with pytest.raises(Refused):
        signing_key(ledger)


def test_a_backup_taken_while_others_write_restores_elsewhere(tmp_path: Path, ledger: Ledger) -> None:
    data = b"lot\n"
    ledger.append([NewEntry("panel", said("a"), lots=("P-07",))], actor="a", files={digest_of(data): ("p.csv", data)})
    with ledger.writing():
        manifest = backup(ledger, tmp_path / "backup.tar")
    ledger.append([NewEntry("note")], actor="a")
    assert (manifest["size"], manifest["head"]) == (2, ledger.entry(2).hash)
    assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600
    restored = restore(tmp_path / "backup.tar", tmp_path / "elsewhere", actor="local:other")
    assert restored.file(digest_of(data)) == ("p.csv", data)
    last = restored.entry(3)
    assert (restored.size(), last.kind, last.actor) == (3, "key", "local:other")
    assert last.details["restored"] == {"size": 2, "head": manifest["head"]}
    assert signing_key(restored).public != signing_key(ledger).public
    assert restored.guards()[0] == restored.guards()[1]
    assert verify_chain(restored) == restored.head()
    came = marked(tmp_path / "elsewhere")
    assert came is not None
    assert (came.by, came.size, came.head) == ("local:other", 2, manifest["head"])
    assert came.newest_at == ledger.entry(2).at
    assert (tmp_path / "elsewhere" / "restored.json").stat().st_mode & 0o777 == 0o600
    restored.append([NewEntry("note")], actor="a")
    restored.close()


def test_a_backup_restored_with_its_key_is_the_same_registry(tmp_path: Path, ledger: Ledger) -> None:
    backup(ledger, tmp_path / "backup.tar")
    restored = restore(tmp_path / "backup.tar", tmp_path / "new", actor="a", key_file=ledger.key_path)
    assert restored.head() == ledger.head()
    assert signing_key(restored).public == signing_key(ledger).public
    restored.close()


def test_a_mark_of_a_restored_registry_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    """A registry without the mark was not restored; one with a broken mark opens for nobody."""
    assert marked(tmp_path) is None
    for broken in ("", "{}", "[]", '{"at":"yesterday"}'):
        (tmp_path / "restored.json").write_text(broken)
        with pytest.raises(Corrupt):
            marked(tmp_path)


def test_a_backup_never_overwrites_and_a_restore_never_mixes(tmp_path: Path, ledger: Ledger) -> None:
    backup(ledger, tmp_path / "backup.tar")
    with pytest.raises(Conflict):
        backup(ledger, tmp_path / "backup.tar")
    with pytest.raises(Refused):
        restore(tmp_path / "backup.tar", tmp_path / "data", actor="a")
    stranger = establish(tmp_path / "stranger", base=BASE, actor="a")
    with pytest.raises(Refused):
        restore(tmp_path / "backup.tar", tmp_path / "new", actor="a", key_file=stranger.key_path)
    stranger.close()
    assert list((tmp_path / "new").iterdir()) == []


def test_a_damaged_backup_is_refused_and_leaves_nothing(tmp_path: Path, ledger: Ledger) -> None:
    backup(ledger, tmp_path / "backup.tar")
    sound = (tmp_path / "backup.tar").read_bytes()
    place = sound.index(b'"base":"https://registry.example/"')
    damaged = {
        "empty": b"",
        "text": b"hello",
        "cut": sound[: len(sound) // 2],
        "changed": sound[:place] + b'"base":"https://registry.exampl3/"' + sound[place + 34 :],
    }
    for name, data in damaged.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises((Unreadable, Corrupt)):
            restore(tmp_path / name, tmp_path / "new", actor="a")
        assert list((tmp_path / "new").iterdir()) == []
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(__file__, arcname="../escape.py")
    with pytest.raises(Unreadable):
        restore(tmp_path / "other.tar", tmp_path / "new", actor="a")
