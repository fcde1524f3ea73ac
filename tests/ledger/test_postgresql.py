"""The ledger in PostgreSQL keeps the rules that it keeps in SQLite."""

from __future__ import annotations

import multiprocessing
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from registry.errors import Conflict
from registry.ledger import Ledger, NewEntry, verify_chain
from tests.ledgers import BASE, append_many


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a throw-away cluster that listens on a socket only."""
    pytest.importorskip("psycopg", reason="psycopg (the extra 'postgres') is not installed")
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    tool = shutil.which("initdb") or (str(folders[-1]) if folders else None)
    if tool is None:
        pytest.skip("initdb is not installed")
    owner = None
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL refuses to run as root, and there is no user 'postgres'")
    # A socket's path must be short, and its folder must be open to that user.
    folder = Path(tempfile.mkdtemp(prefix="registry-pg-", dir="/tmp"))
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    binaries = Path(tool).resolve().parent
    control = [binaries / "pg_ctl", "-D", folder / "db", "-w"]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        make = [binaries / "initdb", "-D", folder / "db", "-A", "trust", "-U", "registry", "-E", "UTF8", "--locale=C"]
        _run(make, folder, owner)
        _run([*control, "-o", options, "-l", folder / "log", "start"], folder, owner)
        yield f"postgresql+psycopg://registry@/postgres?host={folder}"
        _run([*control, "-m", "immediate", "stop"], folder, owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str | Path], folder: Path, owner: pwd.struct_passwd | None) -> None:
    who: dict[str, Any] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=60, **who)


def test_postgresql_keeps_the_same_rules(postgresql: str) -> None:
    made = Ledger.create(postgresql, base=BASE, public_key="x" * 43 + "=", actor="a")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(postgresql, f"lab{n}", 20)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [entry.position for entry in made.entries()] == list(range(1, 62))
    assert verify_chain(made)[0] == 61
    made.append([NewEntry("lot", lots=("P-1",), index=(("derives-from", "BANK"),))], actor="a", content="c")
    assert made.append([NewEntry("lot")], actor="b", content="c").repeated
    assert made.closure("derives-from", "bank") == ["p-1"]
    assert made.matching("lot", "P-") == ["P-1"]
    assert made.guards()[0] == made.guards()[1]
    with pytest.raises(Conflict):
        Ledger.create(postgresql, base=BASE, public_key="x", actor="a")
    engine = create_engine(postgresql)
    for statement in ("UPDATE entries SET actor = 'x'", "DELETE FROM records", "TRUNCATE receipts"):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    engine.dispose()
    made.close()
