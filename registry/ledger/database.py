"""One database, safe for several processes and threads: SQLite by default, PostgreSQL by URL.

SQLite runs in WAL with ``synchronous=FULL``: what was acknowledged is on the disk, and readers never wait. A writer
takes the write lock when it begins (BEGIN IMMEDIATE), so nothing it has read can change before it writes; PostgreSQL
gives the same by an advisory lock. The folder must be on a local disk: WAL needs shared memory.

Records and files are kept packed by zlib, and every digest is over the plain bytes: a panel's record of 17 kB is kept
in 1.2. What does not become shorter, and what an earlier version kept, stands as it is: a mark tells. Bytes that begin
with the mark are always packed, so that nothing is ambiguous; what cannot be unpacked is given as it stands, and its
digest is wrong.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Dialect, Engine, LargeBinary, create_engine, event
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DisconnectionError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.types import TypeDecorator

from registry.errors import Corrupt, Refused, Unavailable, WrongUsage

MARK = b"\x00zlib\x00"
MOST = 256 * 2**20
"""Bytes that are unpacked at most; what is longer is kept plain."""

BUSY_SECONDS = 60
KEPT_OPEN = 32
"""Connections that a process keeps: to open one costs as much as ten questions."""
POSTGRESQL = "postgresql+psycopg://"
# Any fixed number: the one lock under which entries are appended in a PostgreSQL database.
APPEND_LOCK = 0x43505231
_SHARED: ContextVar[tuple[Engine, Connection] | None] = ContextVar("shared", default=None)
"""The database that is read at one moment, and the connection that does."""
# Kept open for ever: closing one in a child could checkpoint a log that the parent is writing.
_INHERITED: list[object] = []


def engine_for(url: str) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…`` with the settings above."""
    if not url.startswith("sqlite"):
        try:
            return create_engine(
                url, isolation_level="REPEATABLE READ", pool_pre_ping=True, pool_size=10, max_overflow=40,
                connect_args={"connect_timeout": 10},
            )  # fmt: skip
        except (ArgumentError, NoSuchModuleError):
            raise WrongUsage(
                "This is no address of a ledger.", expected=POSTGRESQL + "[user@]host/database", found="something else"
            ) from None
        except ModuleNotFoundError:
            raise Unavailable(
                "PostgreSQL cannot be spoken to from here.", expected="the extra 'postgres'", found="no psycopg",
                todo="Install the registry with its extra 'postgres'.",
            ) from None  # fmt: skip
    engine = create_engine(
        url, pool_size=KEPT_OPEN, max_overflow=100 - KEPT_OPEN,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )  # fmt: skip
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "checkout", _refuse_inherited)
    event.listen(engine, "begin", _begin)
    return engine


def check_private(path: Path) -> None:
    """Raise Refused when others than its owner can read or change a database's file (21 CFR 11.10(d)).

    A file whose folder nobody else may enter is out of their reach. Files beside it get its mode from SQLite.
    """
    mode, entered = stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)
    if os.name == "posix" and mode & 0o077 and entered & 0o011:
        raise Refused(
            "Others may read or change the ledger.", expected="mode 0600", found=f"mode {mode:04o}", where=str(path),
            todo=f"Take the file's permissions from everybody else: chmod 600 {path}*",
        )  # fmt: skip


def url_of(path: Path) -> str:
    """The address of a SQLite file. In a folder that cannot be written it is read as one that stands still."""
    if os.access(path.parent, os.W_OK):
        return f"sqlite:///{path}"
    log = path.with_name(path.name + "-wal")
    # What the log holds is no part of a file that is read so: with a log SQLite reads both, if its index is there.
    how = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    return f"sqlite:///file:{quote(str(path))}?{how}&uri=true"


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    # Otherwise Python's driver begins transactions itself, and too late.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "recursive_triggers=ON", "trusted_schema=OFF"):
        connection.execute(f"PRAGMA {pragma}")
    record.info["process"] = os.getpid()


def _refuse_inherited(_connection: object, record: Any, fairy: Any) -> None:
    """A connection carried over a fork would share file locks with the parent: open another instead."""
    if record.info.get("process") != os.getpid():
        _INHERITED.append(record.dbapi_connection)
        record.dbapi_connection = fairy.dbapi_connection = None
        raise DisconnectionError("this connection belongs to the parent process")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("registry_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the database; never waits for a writer. Raises Unavailable, Corrupt."""
    shared = _SHARED.get()
    if shared is not None and shared[0] is engine:
        yield shared[1]
        return
    with _named_failures(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def one_moment(engine: Engine) -> Iterator[None]:
    """Every ``reading`` within, by this thread, is of one moment and over one connection.

    Nothing may be written within: it would not be read there, and takes a connection that others wait for.
    """
    with reading(engine) as connection:
        token = _SHARED.set((engine, connection))
        try:
            yield
        finally:
            _SHARED.reset(token)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One writing transaction at a time, over all processes: everything in it is kept, or nothing is.

    Raises Unavailable when the lock was not free for a minute, or the disk is full; Corrupt when it is no database.
    """
    postgresql = engine.dialect.name == "postgresql"
    # PostgreSQL waits for the lock before its first snapshot is taken, so what is read next is the newest.
    options = {"isolation_level": "READ COMMITTED"} if postgresql else {"registry_writes": True}
    with _named_failures(), engine.connect() as plain:
        connection = plain.execution_options(**options)
        with connection.begin():
            if postgresql:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({APPEND_LOCK})")
            yield connection


@contextmanager
def _named_failures() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        message = str(error.orig)
        if "readonly" in message:
            raise Unavailable("The registry's folder cannot be written.", expected="a folder that can be written",
                              found=message, todo="Only audit and look-ups work there.") from error  # fmt: skip
        if "disk is full" in message or "No space left" in message:
            raise Unavailable(
                "The disk of the ledger is full: nothing can be entered.", expected="room to write", found=message,
                todo="Nothing was kept of this. Looking up goes on; the administrator makes room.",
            ) from error  # fmt: skip
        if "unable to open" in message:
            raise Unavailable(
                "The ledger's database cannot be opened.", found=message,
                todo="Where its folder cannot be written, copy ledger.sqlite and ledger.sqlite-wal to one that can.",
            ) from error  # fmt: skip
        if any(
            sign in message
            for sign in ("not a database", "malformed", "no such table", "no such column", "does not exist")
        ):
            raise Corrupt("This is not a sound ledger's database.", expected="a registry's", found=message) from error
        if not isinstance(error, OperationalError):
            raise
        raise Unavailable(
            "The ledger's database does not answer now.", found=message, todo="Try again in a moment."
        ) from error


def packed(plain: bytes) -> bytes:
    """As it is kept."""
    if len(plain) > MOST:
        return plain
    short = MARK + zlib.compress(plain, 6)
    return short if len(short) < len(plain) or plain.startswith(MARK) else plain


def unpacked(kept: bytes) -> bytes:
    """The plain bytes."""
    if not kept.startswith(MARK):
        return kept
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(kept[len(MARK) :], MOST)
    except zlib.error:
        return kept
    return plain if stream.eof and not stream.unused_data else kept


class Packed(TypeDecorator[bytes]):
    """A column of plain bytes that the database keeps packed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: D102
        return None if value is None else packed(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:  # noqa: D102
        return None if value is None else unpacked(bytes(value))
