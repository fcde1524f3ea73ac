"""Single edits of a registry's database, by somebody who may write it: one value of one row, or one row taken away.

``edit`` draws one, does it behind the guards and says what it was; ``undo`` puts everything back. ``HARMLESS`` are the
columns of which an edit may go unfound, each with the reason; ``docs/guides/proof.md`` says the same.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean

from registry import audit
from registry.accounts.one_time_code import code_at
from registry.instants import moment_text
from registry.ledger.database import unpacked
from registry.ledger.tables import METADATA
from registry.services import LotDraft, QuestionDraft, Registry
from tests.accounts.authenticator import Authenticator
from tests.people import account_of
from tests.services.conftest import build

GONE = "the row"
"""In place of a column: the whole row is deleted."""
_SESSION = "a session is no record, ends by itself, and nothing is signed by it"
_ATTEMPT = "wrong passwords are counted for a quarter of an hour, and are no record"
_STALE = "within the ledger it makes the line be judged anew before anybody is shown it, and nothing else"
_AGAIN = "what was entered after it is followed again before anything is shown"
_MADE = "it is shown beside the token; only one that was made before tokens had an end ends by it"
_SHOWN = "it is shown beside the token and decides nothing; the entry says it too"
_SINCE = "it is shown to its owner and decides nothing; the entry says it too"
_LAST = "it is shown beside the token and decides nothing"
_USED = "set back, a code that was seen within the last minute could be given again, beside the password"
_COUNT = "lowered, a copy of the authenticator that answered fewer times could be taken for it, beside the password"
_ASKED = "a question to an authenticator stands for two minutes, and is no record"
_ASKS = (
    "a saved question decides nothing and is no record: whoever opens it sees its query, and gets the answer of today"
)
_FILLER = "the packing ends in a few bits of filler; where only those were changed, what is unpacked is the same bytes"
HARMLESS: Mapping[tuple[str, str], str] = {
    **{("sessions", name): _SESSION for name in ("hash", "account", "csrf", "created", "used", GONE)},
    **{("sign_in_attempts", name): _ATTEMPT for name in ("id", "name", "at", GONE)},
    ("files", "bytes"): _FILLER,
    ("records", "ntriples"): _FILLER,
    ("lot_lines", "mark"): _STALE,
    ("lot_lines", "judged"): _STALE,
    ("lot_lines", "holds_until"): _STALE,
    ("lot_lines_at", "position"): _AGAIN,
    **{("passkey_challenges", name): _ASKED for name in ("purpose", "challenge", "at", GONE)},
    **{("saved_questions", name): _ASKS for name in ("id", "version", "author", "at", "ended", "content", GONE)},
    ("passkeys", "count"): _COUNT,
    **{("passkeys", name): _SINCE for name in ("since", "used")},
    ("second_factors", "since"): _SINCE,
    ("second_factors", "used"): _USED,
    ("token_rights", "used"): _LAST,
    ("tokens", "created"): _MADE,
    ("tokens", "revoked"): _SHOWN,
}


@dataclass(frozen=True, slots=True)
class Edit:
    """What was changed where; ``before`` is the whole row."""

    table: str
    column: str
    before: Mapping[str, Any]
    after: Any

    def __str__(self) -> str:
        was = self.before.get(self.column, "there")
        return f"{self.table}.{self.column}: {was!r:.80} became {self.after!r:.80}"


def told(folder: Path) -> Registry:
    """A small registry with a row in every table: two lots, one recalled, a token, a session, a factor."""
    house = build(folder)
    registry = house.registry
    registry.lots.register(LotDraft("MCB-1", kind="cell bank"), account_of(registry, "q.two"))
    house.lot("P-01", derived_from=("MCB-1",))
    house.lot("P-02")
    for lot in ("P-01", "P-02"):
        house.submit(lot)
        house.decide(lot, "release")
    house.decide("P-01", "hold")
    house.decide("MCB-1", "recall")
    accounts = registry.accounts._accounts
    accounts.tokens.create("lab.one", by="lab.one", label="counter")
    _token, _secret = accounts.tokens.create("lab.two", by="lab.two", label="old")
    accounts.tokens.revoke(_token.id, by="lab.two")
    accounts.sessions.start(account_of(registry, "clinic.one"))
    signer = account_of(registry, "q.two")
    enrolment = accounts.second_factors.begin(signer)
    accounts.second_factors.enrol(signer, enrolment.sealed, code_at(enrolment.secret, registry.ledger.clock()))
    registry.queries.saved.save(QuestionDraft("Any", "Is there a triple?", "ASK { ?s ?p ?o }"), by=signer)
    keys, holder = accounts.second_factors.passkeys, account_of(registry, "q.one")
    keys.enrol(holder, Authenticator().make(keys.begin(holder)), "key on the ring")
    keys.question(holder)
    registry.lot_index.rebuild()
    with registry.ledger.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO sign_in_attempts (name, at) VALUES ('lab.one', '2026-01-01T00:00:00.000000Z')"
        )
    return registry


def auditing(registry: Registry) -> Callable[[], tuple[audit.Finding, ...]]:
    """The whole audit of a registry but for its graph, which is no table; answers what was found."""
    whole = partial(
        audit.audit, registry.ledger, index_of=registry.upkeep._index, names=registry.names,
        lists=registry.lot_index.held_and_expected,
    )  # fmt: skip
    return lambda: whole().findings


class Editor:
    """Draws edits on one database, does them and takes them back."""

    def __init__(self, registry: Registry, seed: int) -> None:
        self._random = random.Random(seed)
        self._connection = sqlite3.connect(registry.directory / "ledger.sqlite", isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA synchronous=OFF")
        self._guards = self._connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        self.places = [(table.name, name) for table in METADATA.sorted_tables
                       for name in (*table.columns.keys(), GONE)]  # fmt: skip
        self._before = {table.name: self._rows(table.name) for table in METADATA.sorted_tables}

    def anywhere(self) -> tuple[str, str]:
        """A table and a column of it, or the whole row, each as likely as any other."""
        return self._random.choice(self.places)

    @contextmanager
    def _behind_the_guards(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        for guard in self._guards:
            self._connection.execute(f"DROP TRIGGER {guard['name']}")
        yield self._connection
        for guard in self._guards:
            self._connection.execute(guard["sql"])
        self._connection.execute("COMMIT")

    def edit(self, table: str, column: str) -> Edit | None:
        """One edit of this column; None where the draw would change nothing, or two rows would be the same."""
        rows = self._connection.execute(f"SELECT * FROM {table}").fetchall()
        if not rows:
            return None
        before = dict(self._random.choice(rows))
        truth = column != GONE and isinstance(METADATA.tables[table].columns[column].type, Boolean)
        after = None if column == GONE else self._changed(before[column], [row[column] for row in rows], truth)
        if column != GONE and after == before[column]:
            return None
        where, values = self._where(table, before)
        with self._behind_the_guards() as connection:
            try:
                if column == GONE:
                    connection.execute(f"DELETE FROM {table} WHERE {where}", values)
                else:
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", [after, *values])
            except sqlite3.IntegrityError:
                return None
        return Edit(table, column, before, after)

    def undo(self) -> None:
        """Put every table back as it was, whatever an edit, or an audit after it, has made of it."""
        changed = {table: rows for table, rows in self._before.items() if self._rows(table) != rows}
        if not changed:
            return
        with self._behind_the_guards() as connection:
            for table, rows in changed.items():
                connection.execute(f"DELETE FROM {table}")
                marks = ", ".join("?" * len(METADATA.tables[table].columns))
                connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def _rows(self, table: str) -> list[tuple[Any, ...]]:
        return sorted(map(tuple, self._connection.execute(f"SELECT * FROM {table}")), key=repr)

    def _where(self, table: str, row: Mapping[str, Any]) -> tuple[str, list[Any]]:
        columns = METADATA.tables[table]
        keys = [column.name for column in columns.primary_key] or list(columns.columns.keys())
        return " AND ".join(f"{key} IS ?" for key in keys), [row[key] for key in keys]

    def _changed(self, value: Any, others: list[Any], truth: bool) -> Any:
        draw = self._random
        if truth:
            return 1 - value
        if draw.random() < 0.2:
            return draw.choice(others)
        if value is None:
            return draw.choice(["", "1", "2030-01-01T00:00:00.000000Z"])
        if isinstance(value, int):
            other = 1 - value if value in (0, 1) else 0
            return draw.choice([value + 1, value - 1, other, value + draw.randrange(10**6)])
        if isinstance(value, bytes):
            place = draw.randrange(len(value))
            return draw.choice([value[:place] + bytes([value[place] ^ 1 << draw.randrange(8)]) + value[place + 1 :],
                                value[:place], value + b"\n"])  # fmt: skip
        place = draw.randrange(len(value)) if value else 0
        letter = draw.choice("abcxyzAZ0189 .-|\"{}'é\n")
        return draw.choice([value[:place] + letter + value[place + 1 :], value[:place] + value[place + 1 :],
                            value[:place] + letter + value[place:], value[:place], ""])  # fmt: skip


def unfound_is_harmless(registry: Registry, edit: Edit) -> bool:
    """Whether an edit that no audit names is one of those that ``HARMLESS`` tells of."""
    if (edit.table, edit.column) not in HARMLESS:
        return False
    if edit.column in {"bytes", "ntriples"}:
        return unpacked(edit.after) == unpacked(edit.before[edit.column])
    if edit.table == "lot_lines" and edit.column == "holds_until":
        return "" < str(edit.after) <= moment_text(registry.ledger.now())
    if edit.table == "lot_lines_at":
        return int(edit.after) < registry.size()
    return True
