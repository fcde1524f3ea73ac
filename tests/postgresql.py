"""A throw-away PostgreSQL cluster, which listens on a socket only, for the tests of a ledger that a server keeps."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a throw-away cluster that listens on a socket only."""
    with cluster() as url:
        yield url


@contextmanager
def cluster() -> Iterator[str]:
    """The same, for whoever is no test; skips where there is no PostgreSQL."""
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


def new_database(cluster: str, name: str) -> str:
    """The URL of a new, empty database of the cluster."""
    engine = create_engine(cluster, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return cluster.replace("/postgres?", f"/{name}?")
