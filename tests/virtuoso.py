"""A throw-away Virtuoso, which listens on this machine only, for the tests of a graph that another service keeps."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.graph.remote.address import Service, service

_SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DirsAllowed = .
NumberOfBuffers = 20000
MaxDirtyBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 60000
MaxQueryExecutionTime = 60
"""
PASSWORD = "of-nobody-at-all"  # of a server that lives for a minute


@pytest.fixture(scope="session")
def virtuoso() -> Iterator[Service]:
    """The service of a throw-away Virtuoso that nobody else reaches; at most 60,000 rows of an answer."""
    tool = shutil.which("virtuoso-t")
    if tool is None:
        pytest.skip("virtuoso-t is not installed")
    folder = Path(tempfile.mkdtemp(prefix="registry-virtuoso-", dir="/tmp"))
    http = _free_port()
    (folder / "virtuoso.ini").write_text(_SETTINGS.format(sql=_free_port(), http=http))
    credentials = folder / "credentials"
    credentials.write_text(f"dba:{PASSWORD}\n")
    credentials.chmod(0o600)
    try:
        subprocess.run(
            [tool, "+wait", "+pwdold", "dba", "+pwddba", PASSWORD],
            cwd=folder,
            capture_output=True,
            timeout=120,
            check=False,
        )
        with subprocess.Popen(
            [tool, "+foreground"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as run:
            try:
                _wait(http, run)
                yield service(f"http://127.0.0.1:{http}/sparql", credentials=credentials)
            finally:
                run.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _wait(port: int, run: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        assert run.poll() is None, "Virtuoso ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("Virtuoso did not answer within a minute")
