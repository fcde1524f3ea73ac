"""The ledger: created once, opened by many processes, appended to by one transaction at a time.

Example::

    ledger = Ledger.open(folder)
    ledger.append([NewEntry("lot", record, lots=("P-07",))], actor="lab.one").positions   # (2,)

A folder holds ``ledger.sqlite`` (with ``-wal`` and ``-shm`` beside it), ``signing-key.pem`` and ``graph/``. A house
that has outgrown one machine keeps the ledger in PostgreSQL: ``ledger-url`` then stands for ``ledger.sqlite``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from registry.errors import Conflict, Corrupt, Refused, Unknown, WrongUsage
from registry.instants import moment_of, since_start
from registry.ledger.append import IndexOf, NewEntry, Request
from registry.ledger.chain import FORMAT, Details, Entry, Json, public_key_of
from registry.ledger.database import check_private, engine_for, one_moment, reading, url_of, writing
from registry.ledger.read import Reader, Receipt, View
from registry.ledger.rebuild_index import STRETCH, drop_strays, expected_rows, held_rows, mend
from registry.ledger.signed_append import NEWEST_AT, STEP, check_clock, signed_append, with_tree
from registry.ledger.tables import build
from registry.proof.keys.place import followed

DATABASE = "ledger.sqlite"
MOVED, LEDGER_URL = DATABASE + ".moved", "ledger-url"
SIGNING_KEY = "signing-key.pem"
OURS = frozenset(
    {LEDGER_URL, DATABASE, DATABASE + "-wal", DATABASE + "-shm", SIGNING_KEY, SIGNING_KEY + ".new", "graph",
     "second-factor.key", "webhooks.key", "webhooks.sqlite"}
)  # fmt: skip
_BASE = re.compile(r"https?://[^\s<>\"{}|^`\\?#]+/")

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


class Ledger(Reader):
    """One registry's ledger. Safe for threads, and for several processes on one folder."""

    def __init__(self, engine: Engine, directory: Path | None, clock: Clock) -> None:
        self._engine = engine
        self.clock = clock
        """The clock as it stands; ``now`` is ledger time."""
        self._began = clock() - since_start()
        self.directory = directory
        first = self._first_entry()
        self.base = str(first.details["base"])
        """The base IRI of this registry's lots and records, fixed at ``create``."""

    @classmethod
    def create(
        cls, where: Path | str, *, base: str, public_key: str, actor: str, details: Details | None = None,
        clock: Clock = _now, url: str = "",
    ) -> Ledger:  # fmt: skip
        """A new ledger in an empty folder (or at a database URL), whose first entry fixes base and public key.

        With ``url`` the folder holds everything but the entries, which a database server keeps.

        ``base`` ends in ``/``; ``public_key`` is the base64 of an Ed25519 key; ``details`` are further settings.
        Raises Conflict when a ledger stands there already, Refused for a folder with other things in it, WrongUsage
        for a malformed base.
        """
        if not _BASE.fullmatch(base):
            raise WrongUsage("A base IRI is where this registry's names begin.", expected="http(s)://…/", found=base)
        directory = None if _is_url(where) else Path(where)
        if directory is not None:
            cls.check_empty(directory)
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            if url:
                keep_url(directory, url)
            else:
                (directory / DATABASE).touch(mode=0o600)
                check_private(directory / DATABASE)
        first: dict[str, Json] = {**(details or {}), "format": FORMAT, "base": base}
        first["key"] = {"algorithm": "Ed25519", "public": public_key}
        with _let_go_on_failure(engine_for(url or _url(where))) as engine:
            if engine.dialect.name == "sqlite":
                _begin_log(engine)
            with writing(engine) as connection:
                build(connection)
                if View(connection).size():
                    raise Conflict("A registry stands here already.", expected="an empty folder", found=str(where))
                request = Request([NewEntry("init", details=first)], actor, clock())
                signed_append(connection, request, base, directory / SIGNING_KEY if directory else None)
            return cls(engine, directory, clock)

    @staticmethod
    def check_empty(directory: Path) -> None:
        """Raise Refused when ``directory`` is a file, or holds anything that no registry put there."""
        if directory.exists() and not directory.is_dir():
            raise Refused("This is a file and no folder.", expected="an empty folder", found=str(directory))
        foreign = sorted({item.name for item in directory.iterdir()} - OURS) if directory.exists() else []
        if foreign:
            raise Refused(
                "This folder holds other things.", expected="an empty folder", found=", ".join(foreign[:10]),
                where=str(directory), todo="Name another folder.", action="choose-folder",
            )  # fmt: skip

    @classmethod
    def open(cls, where: Path | str, *, clock: Clock = _now) -> Ledger:
        """The ledger in a folder or at a URL. Raises Unknown when there is none, Refused for a newer format."""
        directory = None if _is_url(where) else Path(where)
        if directory is not None and not _is_held(directory):
            raise Unknown(
                "There is no registry in this folder.", expected=DATABASE, found="none", where=str(directory),
                todo="Create one, or name its folder.", action="create-registry",
            )  # fmt: skip
        if directory is not None:
            check_private(_held(directory))
        with _let_go_on_failure(engine_for(_url(where))) as engine:
            return cls(engine, directory, clock)

    @property
    def engine(self) -> Engine:
        """The database, for those who keep other tables of ``tables.METADATA`` in it."""
        return self._engine

    @property
    def key_path(self) -> Path | None:
        """Where the signing key of a ledger in a folder is kept: in it, or in the file that it names there."""
        return followed(self.directory / SIGNING_KEY) if self.directory else None

    @property
    def writable(self) -> bool:
        """False where nothing can be written beside the ledger, such as on a copy for an inspector."""
        return self.engine.url.query.get("mode") != "ro"

    @property
    def public_key(self) -> str:
        """The public key now in force."""
        return self.keys()[-1][1]

    def now(self) -> datetime:
        """Ledger time: the clock, never earlier than the newest entry."""
        with self._reading() as connection:
            newest = connection.execute(NEWEST_AT).scalar_one()
        return max(self.clock(), moment_of(newest))

    def one_moment(self) -> AbstractContextManager[None]:
        """Whatever this thread reads within is of one moment, and costs a statement each; nothing is written within."""
        return one_moment(self._engine)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A writing transaction on tables that are no part of the chain (sessions, sign-in attempts)."""
        with writing(self._engine) as connection:
            yield connection

    def append(
        self, new: Sequence[NewEntry], *, actor: str, files: Mapping[str, tuple[str, bytes]] | None = None,
        idempotency_key: str | None = None, content: str | None = None,
        lot_heads: Mapping[str, int] | None = None, expect: Callable[[View], None] | None = None,
        effects: Callable[[Connection], None] | None = None, answer: Json = None,
    ) -> Receipt:  # fmt: skip
        """Append ``new`` in one transaction, with their records and files; everything is kept, or nothing.

        ``files``: digest → (name, bytes); those that no entry names belong to the first entry. ``lot_heads``: lot →
        position of its newest entry as the caller saw it (0 for none). ``expect`` is called with a view of the same
        transaction, before anything is written, and raises to refuse. ``effects`` may write other tables within it.
        ``idempotency_key`` is the actor's own; ``content`` is anything that identifies what is submitted: an append
        with a ``content`` that stands already answers the earlier receipt (``repeated``), and so does a known
        key. ``answer`` is kept in the receipt.

        Raises Conflict for a known key with other content, or a lot that has newer entries; TooLarge for a file over
        20 MB; WrongUsage for a malformed entry; Unavailable when the database does not answer.
        """
        request = Request(
            new, actor, self.clock(), files or {}, idempotency_key, content, lot_heads or {}, expect, effects, answer,
            self._leapt(),
        )  # fmt: skip
        with writing(self._engine) as connection:
            return signed_append(connection, request, self.base, self.key_path)

    def check_clock(self) -> None:
        """Raise Refused when nothing would be entered because the machine's clock leapt forward."""
        with self._reading() as connection:
            check_clock(connection, Request([], "", self.clock(), leapt=self._leapt()))

    def _leapt(self) -> bool:
        return self.clock is _now and self.clock() - since_start() - self._began > STEP

    def reindex(self, index_of: IndexOf) -> int:
        """Make the index anew from the entries, by the function that gave ``NewEntry.index``; answers the rows."""
        size, rows = self.size(), 0
        for since in range(0, size, STRETCH):
            until = min(since + STRETCH, size)
            with self.view() as view:
                expected, held = expected_rows(view, index_of, since, until), held_rows(view, since, until)
            rows += len(expected)
            if expected != held:
                with self.writing() as connection:
                    mend(connection, expected, held)
        with self.writing() as connection:
            drop_strays(connection)
        return rows

    def regrow(self) -> int:
        """Make the tree over the entries anew; answers the number of its leaves. The signed checkpoint stays."""
        with self.writing() as connection:
            return with_tree(connection, anew=True)

    def prepare(self) -> None:
        """Set the log and put back any guard that is missing: what ``create`` does, for a restored database."""
        if self._engine.dialect.name == "sqlite":
            _begin_log(self._engine)
        with writing(self._engine) as connection:
            build(connection)

    def close(self) -> None:
        """Let go of the database; the ledger may still be used, and opens it again."""
        self._engine.dispose()

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._engine)

    def _first_entry(self) -> Entry:
        with self._reading() as connection:
            found_table = inspect(connection).has_table("entries")
        if not found_table:
            raise Refused("This database is no registry.", expected="a table of entries", found="none")
        try:
            first = self.entry(1)
        except Unknown as error:
            raise Corrupt("This registry was never finished.", expected="a first entry", found="none",
                          todo="Create it again.", action="create-registry") from error  # fmt: skip
        format_ = first.details.get("format")
        if first.kind != "init" or format_ != FORMAT:
            raise Refused(
                "This registry was written in another format.", expected=f"format {FORMAT}",
                found=f"format {format_!r}, kind {first.kind!r}", todo="Use the version of the software that wrote it.",
            )  # fmt: skip
        if not isinstance(first.details.get("base"), str):
            raise Corrupt("The first entry names no base.", expected="base", found=repr(first.details), where="entry 1")
        public_key_of(first.details)
        return first


def _is_url(where: Path | str) -> bool:
    return isinstance(where, str) and "://" in where


def _held(directory: Path) -> Path:
    """The file that says where the entries of a registry are: the database itself, or a server's address."""
    address = directory / LEDGER_URL
    return address if address.is_file() else directory / DATABASE


def _is_held(directory: Path) -> bool:
    return _held(directory).is_file()


def _url(where: Path | str) -> str:
    if _is_url(where):
        return str(where)
    held = _held(Path(where))
    if held.name == LEDGER_URL:
        return held.read_text(encoding="utf-8").strip()
    return url_of(held.absolute())


def keep_url(directory: Path, url: str) -> None:
    """Write down, for its owner alone, that a folder's entries are kept at a database server."""
    unfinished = directory / (LEDGER_URL + ".new")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(url + "\n", encoding="utf-8")
    unfinished.replace(directory / LEDGER_URL)


@contextmanager
def _let_go_on_failure(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    except BaseException:
        engine.dispose()
        raise


def _begin_log(engine: Engine) -> None:
    """WAL is a property of the file: set once, outside a transaction, before anybody else can have opened it."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode=WAL")
    finally:
        raw.close()
