"""The tables of a registry's one database, and the guards that keep the truth append-only.

``entries``, ``records``, ``files`` and ``receipts`` are the truth: no row of theirs is ever changed or deleted, and
triggers say so to anybody who tries. ``entry_index`` and ``tree_nodes`` are projections of them; ``checkpoints`` holds
the newest signed one. The tables of people hold the present state (a password's hash, a token's expiry); every change
of theirs is an entry too, so ``audit`` can compare them.
``lot_lines``, ``lot_values`` and ``lot_lines_at`` are what lists of lots read, ``lot_evidence`` and ``result_texts``
what many lots are judged from: projections that may be thrown away at any time (see ``registry/services/lot_index``).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    inspect,
    text,
)

from registry.ledger.database import Packed

METADATA = MetaData()

records = Table(
    "records",
    METADATA,
    Column("digest", String(71), primary_key=True),
    Column("ntriples", Packed, nullable=False),
)
files = Table(
    "files",
    METADATA,
    Column("digest", String(71), primary_key=True),
    Column("bytes", Packed, nullable=False),
)
entries = Table(
    "entries",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(32), nullable=False, index=True),
    Column("actor", String(128), nullable=False),
    Column("record", String(71), ForeignKey("records.digest"), index=True),
    Column("lots", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("previous", String(71), nullable=False),
    Column("hash", String(71), nullable=False, unique=True),
)
entry_index = Table(
    "entry_index",
    METADATA,
    Column("kind", String(32), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("position", Integer, ForeignKey("entries.position"), primary_key=True),
    Column("text", Text, nullable=False),
    Index("entry_index_by_position", "position", "kind"),
    sqlite_with_rowid=False,
)
receipts = Table(
    "receipts",
    METADATA,
    Column("scope", String(128), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("position", Integer, ForeignKey("entries.position"), nullable=False),
    Column("body", Text, nullable=False),
)

tree_nodes = Table(
    "tree_nodes",
    METADATA,
    Column("level", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)

accounts = Table(
    "accounts",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("printed_name", String(200), nullable=False),
    Column("role", String(32), nullable=False),
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("disabled", Boolean, nullable=False),
)
tokens = Table(
    "tokens",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("hash", String(71), nullable=False, unique=True),
    Column("account", String(64), ForeignKey("accounts.key"), nullable=False, index=True),
    Column("label", String(200), nullable=False),
    Column("created", String(27), nullable=False),
    Column("expires", String(27)),
    Column("revoked", String(27)),
)
sessions = Table(
    "sessions",
    METADATA,
    Column("hash", String(71), primary_key=True),
    Column("account", String(64), ForeignKey("accounts.key"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created", String(27), nullable=False),
    Column("used", String(27), nullable=False),
)
second_factors = Table(
    "second_factors",
    METADATA,
    Column("account", String(64), ForeignKey("accounts.key"), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("secret", Text, nullable=False),
    Column("since", String(27), nullable=False),
    Column("used", Integer, nullable=False),
)
passkeys = Table(
    "passkeys",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("account", String(64), ForeignKey("accounts.key"), nullable=False, index=True),
    Column("label", String(60), nullable=False),
    Column("party", String(253), nullable=False),
    Column("public_key", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("since", String(27), nullable=False),
    Column("used", String(27)),
)
passkey_challenges = Table(
    "passkey_challenges", METADATA, Column("purpose", String(80), primary_key=True),
    Column("challenge", String(44), nullable=False), Column("at", String(27), nullable=False),
)  # fmt: skip
token_rights = Table(
    "token_rights", METADATA, Column("token", String(16), ForeignKey("tokens.id"), primary_key=True),
    Column("scopes", Text, nullable=False), Column("used", String(27)),
)  # fmt: skip
saved_questions = Table(
    "saved_questions", METADATA, Column("id", String(16), primary_key=True),
    Column("version", Integer, primary_key=True), Column("author", String(64), nullable=False),
    Column("at", String(27), nullable=False), Column("ended", String(27)), Column("content", Text, nullable=False),
)  # fmt: skip
LATER = (second_factors, passkeys, passkey_challenges, token_rights, saved_questions)  # made by who first writes there
attempts = Table(
    "sign_in_attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, index=True),
    Column("at", String(27), nullable=False, index=True),
)

TO_JUDGE, HOLDS = text("judged < mark"), text("holds_until <> ''")
"""Lines to be judged, and lines that will have to be: written out, because an index of some rows asks for its words."""
lot_lines = Table(
    "lot_lines",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("lot", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("product", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("newest", Integer, nullable=False, index=True),
    Column("mark", Integer, nullable=False),
    Column("judged", Integer, nullable=False),
    Column("made", String(10), nullable=False),
    Column("month", String(7), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("stages", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("short_of", Text, nullable=False),
    Column("panels", Integer, nullable=False),
    Column("holds_until", String(27), nullable=False),
    Column("complete_by", String(27), nullable=False),
    Column("awaits", Text, nullable=False),
    Column("against", Text, nullable=False),
    Index("lot_lines_by_product", "product", "position"),
    Index("lot_lines_by_condition", "complete_by"),
    # Everything that lots are counted by, in the order in which they are grouped: no row is read, none is sorted.
    Index(
        "lot_lines_by_cell", "product", "kind", "verdict", "state", "stages", "short_of", "month", "expires",
        "complete_by", "awaits",
    ),
    Index("lot_lines_to_judge", "newest", sqlite_where=TO_JUDGE, postgresql_where=TO_JUDGE),
    Index("lot_lines_to_judge_again", "holds_until", sqlite_where=HOLDS, postgresql_where=HOLDS),
)  # fmt: skip
lot_values = Table(
    "lot_values",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("criterion", Text, primary_key=True),
    Column("low", Text),
    Column("high", Text),
    Column("observed", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    sqlite_with_rowid=False,
)
lot_evidence = Table(
    "lot_evidence",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("containers", Integer),
    Column("origins", Text, nullable=False),
    Column("tangled", Boolean, nullable=False),
    Column("results", Text, nullable=False),
    sqlite_with_rowid=False,
)
result_texts = Table(
    "result_texts", METADATA, Column("id", Integer, primary_key=True), Column("text", Text, nullable=False, unique=True)
)
lot_lines_at = Table("lot_lines_at", METADATA, Column("position", Integer, nullable=False))

APPEND_ONLY = ("entries", "records", "files", "receipts")
_STANDING = {
    "entries": "SELECT 1 FROM entries WHERE position = NEW.position",
    "records": "SELECT 1 FROM records WHERE digest = NEW.digest",
    "files": "SELECT 1 FROM files WHERE digest = NEW.digest",
    "receipts": "SELECT 1 FROM receipts WHERE scope = NEW.scope AND key = NEW.key",
}


def guard_definitions(dialect: str) -> dict[str, str]:
    """The triggers that must stand in a database: name → definition as SQLite keeps it; PostgreSQL's are names only."""
    if dialect == "sqlite":
        return {statement.split()[5]: statement.replace("IF NOT EXISTS ", "") for statement in _sqlite_guards()}
    return {f"{table}_{verb}": "" for table in APPEND_ONLY for verb in ("append_only", "no_truncate")}


def build(connection: Connection) -> None:
    """Create every table and guard that is not there yet."""
    METADATA.create_all(connection)
    statements = _sqlite_guards() if connection.dialect.name == "sqlite" else _postgresql_guards()
    for statement in statements:
        connection.exec_driver_sql(statement)


def stands(connection: Connection, table: Table) -> bool:
    """Whether a table is there: a database of an earlier version has none that came later."""
    return inspect(connection).has_table(table.name)


def is_to_be_read(connection: Connection, table: Table) -> bool:
    """Whether a table is there or must be: one that came later is empty in a database of before it."""
    return table not in LATER or stands(connection, table)


def _sqlite_guards() -> list[str]:
    guards = []
    for table in APPEND_ONLY:
        refusal = f"SELECT RAISE(ABORT, '{table} is append-only')"
        for verb in ("update", "delete"):
            guards.append(
                f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} BEGIN {refusal}; END"
            )
        # INSERT OR REPLACE deletes without calling a delete trigger.
        guards.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({_STANDING[table]}) BEGIN {refusal}; END"
        )
    guards.append(
        "CREATE TRIGGER IF NOT EXISTS entries_follow BEFORE INSERT ON entries "
        "WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM entries) "
        "OR NEW.previous <> coalesce((SELECT hash FROM entries ORDER BY position DESC LIMIT 1), NEW.previous) "
        "BEGIN SELECT RAISE(ABORT, 'an entry follows the newest one'); END"
    )
    return guards


def _postgresql_guards() -> list[str]:
    guards = [
        "CREATE OR REPLACE FUNCTION registry_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    ]
    for table in APPEND_ONLY:
        guards.append(
            f"CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION registry_append_only()"
        )
        guards.append(
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION registry_append_only()"
        )
    return guards
