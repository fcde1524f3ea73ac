"""Which of several servers on one ledger brings a service's graph up to it: one at a time, and another when it ends.

    alone = OneFollower(ledger, "https://graph.example/cells/query")
    alone.leads()       True for one of them, and for the same one until it ends or loses the ledger

On PostgreSQL it holds an advisory lock of its session for as long as that stands: whoever loses it has lost the ledger,
and reads no more entries. In a folder it is a lock on a file, which the kernel gives back when its process ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from registry.ledger import Ledger

FILE = "remote-graph.lock"


class OneFollower:
    """The place of the one that writes to ``service``. Safe for threads."""

    def __init__(self, ledger: Ledger, service: str) -> None:
        self._ledger = ledger
        digest = hashlib.sha256(f"graph at {service}".encode()).digest()
        self._key = int.from_bytes(digest[:8], "big", signed=True)
        self._lock = threading.Lock()
        self._session: Connection | None = None
        self._file: int | None = None

    def leads(self) -> bool:
        """Whether this process is the one that follows; it becomes so when nobody is."""
        with self._lock:
            if self._ledger.engine.dialect.name == "postgresql":
                return self._holds_session()
            return self._file is not None or self._takes_file()

    def end(self) -> None:
        """Let another one follow."""
        with self._lock:
            if self._session is not None:
                self._drop_session()
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _holds_session(self) -> bool:
        try:
            if self._session is not None:
                self._session.exec_driver_sql("SELECT 1")
                return True
            session = self._ledger.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            taken = session.exec_driver_sql("SELECT pg_try_advisory_lock(%(key)s)", {"key": self._key}).scalar_one()
        except SQLAlchemyError:
            if self._session is not None:
                self._drop_session()
            return False
        if not taken:
            session.close()
            return False
        self._session = session
        return True

    def _drop_session(self) -> None:
        """The connection is ended, not given back: the lock goes with it."""
        session, self._session = self._session, None
        if session is not None:
            with contextlib.suppress(SQLAlchemyError):
                session.invalidate()
                session.close()

    def _takes_file(self) -> bool:
        try:
            import fcntl
        except ImportError:  # Windows: one server a folder, as the guide says
            return True
        file = -1
        try:
            file = os.open(Path(str(self._ledger.directory)) / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # another's, or a folder that cannot be written
            if file >= 0:
                os.close(file)
            return False
        self._file = file
        return True
