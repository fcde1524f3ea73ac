"""A copy of the ledger in one file, taken while others write, and a registry made of it.

Example: ``backup(ledger, Path("monday.tar"))`` writes a tar of two members::

    manifest.json   {"format":1,"kind":"cell-product-registry backup","at":"…","size":120,"head":"sha256:…",
                     "ledger":{"bytes":1048576,"sha256":"…"}}
    ledger.sqlite   SQLite's online copy of the database, without sessions and sign-in attempts

It holds everything but the signing key, which is a secret of its own: keep a copy of ``signing-key.pem`` elsewhere.
It does hold the hashes of passwords and tokens, so the file has mode 0600. The graph is rebuilt from the ledger.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, insert, select

from registry.errors import Conflict, Corrupt, Refused, Unreadable
from registry.instants import moment_text
from registry.ledger.chain import GENESIS, canonical_json, entry_hash
from registry.ledger.database import engine_for, reading, writing
from registry.ledger.ledger import DATABASE, MOVED, SIGNING_KEY, Ledger, keep_url
from registry.ledger.read import Reader, View
from registry.ledger.restored_mark import Restored, mark
from registry.ledger.signing_keys import rotate
from registry.ledger.tables import METADATA, build, is_to_be_read
from registry.proof.signing import SigningKey, fingerprint
from registry.records import digest_of

KIND = "cell-product-registry backup"
_CHUNK = 1 << 20
_MAX_MANIFEST = 100_000


def backup(ledger: Ledger, path: Path) -> dict[str, Any]:
    """Write a backup to ``path`` and answer its manifest; safe while others read and write.

    A ledger at a database server is copied into SQLite, so that it is restored anywhere. Raises Conflict when ``path``
    exists.
    """
    if path.exists():
        raise Conflict("There is a file already.", expected="a new file", found=str(path))
    with tempfile.TemporaryDirectory(dir=path.absolute().parent, prefix=".backup-") as folder:
        copy, packed = Path(folder) / DATABASE, Path(folder) / "backup.tar"
        _copy(ledger, copy)
        copied = Ledger.open(Path(folder))
        size, head = copied.head()
        copied.close()
        kept = {"bytes": copy.stat().st_size, "sha256": _sha256(copy)}
        manifest = {"format": 1, "kind": KIND, "at": moment_text(ledger.now()), "size": size, "head": head,
                    "ledger": kept}  # fmt: skip
        _pack(packed, manifest, copy)
        # A link fails where a rename would overwrite a file that appeared meanwhile.
        try:
            os.link(packed, path)
        except FileExistsError as error:
            raise Conflict("There is a file already.", expected="a new file", found=str(path)) from error
    return manifest


def restore(path: Path, directory: Path, *, actor: str, key_file: Path | None = None) -> Ledger:
    """Make a registry of a backup in an empty folder; every digest and the whole chain are verified first.

    With ``key_file`` the signing key of the backed-up registry goes on signing, and nothing is entered. Without it a
    new key is made, and an entry of kind ``key`` by ``actor`` says so. Raises Unreadable or Corrupt for a file that is
    not a sound backup, Refused for a folder that is not empty or a key that is not the one in force. ``restored.json``
    in the folder says where the copy ends (see ``restored``).
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise Refused("The folder is not empty.", expected="an empty folder", found=str(directory))
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _undone_on_failure(directory):
        work = directory / ".restoring"
        work.mkdir()
        manifest = _unpack(path, work / DATABASE)
        restored = Ledger.open(work)
        verify_chain(restored)
        if restored.head() != (manifest["size"], manifest["head"]):
            raise Corrupt("The backup's ledger is not the one it names.", expected=f"{manifest['size']} entries, "
                          f"{manifest['head']}", found="{} entries, {}".format(*restored.head()))  # fmt: skip
        if key_file is not None:
            _take_key(key_file, directory / SIGNING_KEY, restored.public_key)
        newest = restored.entry(restored.size()).at
        came = Restored(restored.clock(), actor, manifest["size"], manifest["head"], newest)
        restored.close()
        mark(directory, came)
        os.replace(work / DATABASE, directory / DATABASE)
        shutil.rmtree(work)
        ledger = Ledger.open(directory)
        ledger.prepare()
        if key_file is None:
            came_from = {"restored": {"size": manifest["size"], "head": manifest["head"]}}
            rotate(ledger, actor=actor, reason="restored from a backup without its signing key", details=came_from)
    return ledger


def verify_chain(ledger: Reader) -> tuple[int, str]:
    """(size, head) of a ledger whose positions, hashes, records and files are what they say; raises Corrupt."""
    position, previous = 0, GENESIS
    for entry, record in ledger.entries_with_records():
        position += 1
        where = f"position {entry.position}"
        for expected, actual in (
            (position, entry.position),
            (previous, entry.previous),
            (entry.hash, entry_hash(entry)),
        ):
            if expected != actual:
                raise Corrupt("The chain is broken.", expected=str(expected), found=str(actual), where=where)
        if record is not None and digest_of(record.ntriples) != record.digest:
            raise Corrupt(
                "A record is not what its digest says.", expected=record.digest, found="other bytes", where=where
            )
        previous = entry.hash
    for row in ledger.rows("files"):
        if digest_of(row["bytes"]) != row["digest"]:
            raise Corrupt("A file is not what its digest says.", expected=row["digest"], found=digest_of(row["bytes"]))
    return position, previous


def copy_entries(source: Engine, target: Engine) -> None:
    """Every table of a ledger but sessions and attempts, from one consistent view into an empty database.

    Raises Conflict when there is something in it already. Guards stand before the first row comes.
    """
    with reading(source) as read, writing(target) as written:
        build(written)
        if View(written).size():
            raise Conflict("A registry stands there already.", expected="an empty database", found="entries")
        for table in METADATA.sorted_tables:
            passing = table.name in ("sessions", "sign_in_attempts", "passkey_challenges")
            if passing or not is_to_be_read(read, table):
                continue
            rows = read.execution_options(yield_per=1000).execute(select(table).order_by(*table.primary_key.columns))
            for part in rows.mappings().partitions(1000):
                written.execute(insert(table), [dict(row) for row in part])


def move(ledger: Ledger, url: str) -> int:
    """Keep a folder's ledger at a database server from now on; answers its size.

    Every hash is verified there before the folder names it; ``ledger.sqlite`` stays as ``ledger.sqlite.moved``, which
    nothing reads. Nobody else may write meanwhile: raises Conflict when somebody did, or when a ledger stands there.
    """
    folder = ledger.directory
    if folder is None or ledger.engine.dialect.name != "sqlite":
        raise Refused("This ledger is kept at a database server already.", expected="one in a folder", found="a server")
    engine = engine_for(url)
    copy_entries(ledger.engine, engine)
    engine.dispose()
    moved = Ledger.open(url)
    head = verify_chain(moved)
    moved.close()
    if head != ledger.head():
        raise Conflict("Something was entered meanwhile.", expected="a ledger nobody writes to", found="more",
                       todo="Stop the server, empty that database, and move it again.")  # fmt: skip
    ledger.close()
    keep_url(folder, url)
    for name in (DATABASE, DATABASE + "-wal", DATABASE + "-shm"):
        if (folder / name).exists():
            (folder / name).rename(folder / name.replace(DATABASE, MOVED))
    return head[0]


def _copy(ledger: Ledger, target: Path) -> None:
    target.touch(mode=0o600)
    if ledger.directory is None or ledger.engine.dialect.name != "sqlite":
        engine = engine_for(f"sqlite:///{target.absolute()}")
        copy_entries(ledger.engine, engine)
        engine.dispose()
        return
    source = ledger.directory / DATABASE
    with closing(sqlite3.connect(source, timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        # One file, without a log beside it, and without secrets that nobody would need again.
        copy.executescript(
            "PRAGMA journal_mode=DELETE; PRAGMA secure_delete=ON; DELETE FROM sessions; DELETE FROM sign_in_attempts;"
        )


def _pack(packed: Path, manifest: dict[str, Any], copy: Path) -> None:
    packed.touch(mode=0o600)
    text = (canonical_json(manifest) + "\n").encode()
    with packed.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            member = tarfile.TarInfo("manifest.json")
            member.size, member.mode = len(text), 0o600
            tar.addfile(member, io.BytesIO(text))
            member = tarfile.TarInfo(DATABASE)
            member.size, member.mode = copy.stat().st_size, 0o600
            with copy.open("rb") as data:
                tar.addfile(member, data)
        file.flush()
        os.fsync(file.fileno())


def _unpack(path: Path, target: Path) -> dict[str, Any]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            first = tar.next()
            manifest = _manifest(_member(tar, first, "manifest.json", _MAX_MANIFEST))
            kept = manifest["ledger"]
            data = _member(tar, tar.next(), DATABASE, kept["bytes"])
            target.touch(mode=0o600)
            with target.open("wb") as file:
                shutil.copyfileobj(data, file, _CHUNK)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Unreadable("This is not a backup.", expected="a tar written by backup", found=str(error),
                         where=str(path)) from error  # fmt: skip
    if _sha256(target) != kept["sha256"]:
        raise Corrupt("The backup is damaged.", expected=kept["sha256"], found=_sha256(target), where=str(path))
    return manifest


def _member(tar: tarfile.TarFile, member: tarfile.TarInfo | None, name: str, most: int) -> IO[bytes]:
    data = tar.extractfile(member) if member is not None and member.isreg() and not member.issparse() else None
    if data is None or member is None or member.name != name or member.size > most:
        raise Unreadable("This is not a backup.", expected=f"{name} of at most {most:,} bytes",
                         found=f"{member.name} of {member.size:,} bytes" if member else "the end")  # fmt: skip
    return data


def _manifest(data: IO[bytes]) -> dict[str, Any]:
    try:
        manifest = json.loads(data.read())
        sound = manifest["kind"] == KIND and manifest["format"] == 1 and isinstance(manifest["ledger"]["bytes"], int)
        sound = sound and isinstance(manifest["ledger"]["sha256"], str) and {"size", "head"} <= set(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("This is not a backup.", expected="its manifest", found=str(error)) from error
    if not sound:
        raise Unreadable("This is not a backup that this version reads.", expected=f"{KIND}, format 1",
                         found=f"{manifest.get('kind')}, format {manifest.get('format')}")  # fmt: skip
    return manifest  # type: ignore[no-any-return]


def _take_key(source: Path, target: Path, in_force: str) -> None:
    key = SigningKey.load(source)
    if key.public != in_force:
        raise Refused("This is not the key that signed for the backed-up registry.", expected=fingerprint(in_force),
                      found=key.fingerprint, where=str(source))  # fmt: skip
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _undone_on_failure(directory: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for item in directory.iterdir():
            shutil.rmtree(item) if item.is_dir() else item.unlink()
        raise
