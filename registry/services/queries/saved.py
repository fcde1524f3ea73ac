"""Questions that somebody saved: a name, a sentence, the query, and how its answer is shown, under one address.

    saved = registry.queries.saved.save(draft, by=account)        saved.id, saved.version     "3f9c01ab", 1
    registry.queries.saved.replace(saved.id, other, by=account)   the same id, version 2; version 1 stays as it was
    registry.queries.saved.get("3f9c01ab", 1)

They are no evidence, so they are no entries: they stand in a table of their own, beside the sessions and passkeys, are
copied with the registry, and may be lost without any record losing anything. Who saved and withdrew one is a line of
``queries.log``. What is kept has passed the guard that a query passes when it is asked.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from registry.accounts import Account, Actor, Permission, require
from registry.errors import Conflict, NotAllowed, Refused, TooLarge, Unknown, WrongUsage
from registry.instants import moment_of, moment_text
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Ledger
from registry.ledger.tables import METADATA, saved_questions, stands
from registry.services.queries.log import QueryLog

SHOWN = ("table", "chart", "graph", "map")
"""How an answer may be shown."""
NAME, SENTENCE, QUERY, COLUMN = 80, 300, 10_000, 100
"""Characters of a name, a sentence, a query, and of the column that is drawn."""
EACH, VERSIONS, GONE = 100, 50, 100
"""Questions of one account, versions of one question, and withdrawn ones of an account that are still known as such."""
TABLE = saved_questions.c


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """What is to be saved. ``of`` is the column that a chart is of; empty for the first."""

    name: str
    sentence: str
    query: str
    shown: str = "table"
    of: str = ""


@dataclass(frozen=True, slots=True)
class SavedQuestion:
    """One version of a saved question; ``newest`` is the number of its newest version."""

    id: str
    version: int
    newest: int
    author: str
    at: datetime
    draft: QuestionDraft

    def as_dict(self) -> dict[str, Any]:
        """As programs read it."""
        own = {"id": self.id, "version": self.version, "newest": self.newest, "author": self.author}
        return {**own, "at": moment_text(self.at), **asdict(self.draft)}


class SavedQuestions:
    """The saved questions of one registry. ``check`` is the guard: it raises for a query that may not be asked."""

    def __init__(self, ledger: Ledger, log: QueryLog, check: Callable[[str], object]) -> None:
        self._ledger, self._log, self._check = ledger, log, check

    def all(self, *, by: Actor) -> list[SavedQuestion]:
        """The newest version of each that is not withdrawn, the latest first. Raises NotAllowed."""
        require(by, Permission.QUERY)
        newest = select(TABLE.id, func.max(TABLE.version).label("newest")).group_by(TABLE.id).subquery()
        query = (
            select(saved_questions, newest.c.newest)
            .join(newest, (newest.c.id == TABLE.id) & (newest.c.newest == TABLE.version))
            .where(TABLE.ended.is_(None))
            .order_by(TABLE.at.desc(), TABLE.id)
        )
        with self._ledger.view() as view:
            if not stands(view.connection, saved_questions):
                return []
            return [_read(row, row.newest) for row in view.connection.execute(query)]

    def get(self, question: str, version: int | None = None, *, by: Actor) -> SavedQuestion:
        """A question in this version, or in its newest. Raises NotAllowed, Unknown for none, and a withdrawn one."""
        require(by, Permission.QUERY)
        with self._ledger.view() as view:
            held = _versions(view.connection, question)
        wanted = held[-1].version if version is None else version
        row = next((row for row in held if row.version == wanted), None)
        if row is None:
            raise Unknown(
                "There is no such version of this question.", expected=f"1 to {held[-1].version}", found=str(version),
                where=question,
            )  # fmt: skip
        return _read(row, held[-1].version)

    def save(self, draft: QuestionDraft, *, by: Actor) -> SavedQuestion:
        """Keep a question under an address of its own.

        Raises NotAllowed, WrongUsage for what cannot be kept or asked, PatientData for a name or sentence that says who
        somebody is, Conflict for a name that the account uses already, TooLarge, Refused beyond ``EACH``.
        """
        author, kept = self._author(by), self._checked(draft)
        with self._writing() as connection:
            own = _own(connection, author)
            if len(own) >= EACH:
                raise Refused("An account keeps no more questions.", expected=f"at most {EACH}", found=str(len(own)),
                              todo="Withdraw one that you no longer ask.")  # fmt: skip
            _refuse_twice(own, kept.name)
            row = self._insert(connection, secrets.token_hex(4), 1, author, kept)
        self._log.write(by.name, kept.query, 0, "saved", name=f"saved/{row.id}/1")
        return row

    def replace(self, question: str, draft: QuestionDraft, *, by: Actor) -> SavedQuestion:
        """Keep a next version of one's own question; the versions before stay as they were. Raises as ``save``."""
        author, kept = self._author(by), self._checked(draft)
        with self._writing() as connection:
            held = _mine(connection, question, author)
            if len(held) >= VERSIONS:
                raise Refused("This question has had its versions.", expected=f"at most {VERSIONS}",
                              found=str(len(held)), todo="Save it as another question.")  # fmt: skip
            _refuse_twice([row for row in _own(connection, author) if row.id != question], kept.name)
            row = self._insert(connection, question, held[-1].version + 1, author, kept)
        self._log.write(by.name, kept.query, 0, "saved", name=f"saved/{question}/{row.version}")
        return row

    def rename(self, question: str, name: str, sentence: str, *, by: Actor) -> SavedQuestion:
        """Give one's own question another name and sentence, in its newest version. Raises as ``save``."""
        author = self._author(by)
        with self._writing() as connection:
            held = _mine(connection, question, author)
            before = _read(held[-1], held[-1].version)
            old = before.draft
            kept = self._checked(QuestionDraft(name, sentence, old.query, old.shown, old.of))
            _refuse_twice([row for row in _own(connection, author) if row.id != question], kept.name)
            here = (TABLE.id == question) & (TABLE.version == before.version)
            connection.execute(update(saved_questions).where(here).values(content=json.dumps(asdict(kept))))
        return SavedQuestion(question, before.version, before.newest, author, before.at, kept)

    def withdraw(self, question: str, *, by: Actor) -> None:
        """Take one's own question back, every version of it; its address then says so. Raises NotAllowed, Unknown."""
        author = self._author(by)
        with self._writing() as connection:
            held = _mine(connection, question, author)
            now = moment_text(self._ledger.now())
            connection.execute(delete(saved_questions).where((TABLE.id == question) & (TABLE.version > 1)))
            connection.execute(update(saved_questions).where(TABLE.id == question).values(ended=now, content=""))
            _forget(connection, author)
        self._log.write(by.name, "", 0, "withdrawn", name=f"saved/{question}/{held[-1].version}")

    def _author(self, by: Actor) -> str:
        require(by, Permission.SAVE_QUESTION)
        return by.name if isinstance(by, Account) else ""

    def _checked(self, draft: QuestionDraft) -> QuestionDraft:
        name, sentence, query = " ".join(draft.name.split()), " ".join(draft.sentence.split()), draft.query.strip()
        for field, text, most in (("name", name, NAME), ("sentence", sentence, SENTENCE), ("query", query, QUERY)):
            if not text:
                raise WrongUsage(f"A saved question needs a {field}.", expected=f"1 to {most:,} characters",
                                 found="nothing", where=field)  # fmt: skip
            if len(text) > most:
                raise TooLarge(f"The {field} of a saved question is too long.", expected=f"at most {most:,} characters",
                               found=f"{len(text):,}", where=field)  # fmt: skip
        if draft.shown not in SHOWN or len(draft.of) > COLUMN or not draft.of.isprintable():
            raise WrongUsage("No answer is shown so.", expected=", ".join(SHOWN), found=draft.shown[:100],
                             where="shown")  # fmt: skip
        refuse_persons(self._ledger.now().year, name=name, sentence=sentence)
        self._check(query)
        return QuestionDraft(name, sentence, query, draft.shown, draft.of)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._ledger.writing() as connection:
            METADATA.create_all(connection, tables=[saved_questions])
            yield connection

    def _insert(
        self, connection: Connection, question: str, version: int, author: str, kept: QuestionDraft
    ) -> SavedQuestion:
        at = self._ledger.now()
        row = {"id": question, "version": version, "author": author, "at": moment_text(at), "ended": None}
        connection.execute(insert(saved_questions).values(**row, content=json.dumps(asdict(kept))))
        return SavedQuestion(question, version, version, author, at, kept)


def _versions(connection: Connection, question: str) -> list[Row[Any]]:
    """Every version of a question, the first of them first; raises Unknown for none and for one withdrawn."""
    rows = list[Row[Any]]()
    if stands(connection, saved_questions):
        query = select(saved_questions).where(TABLE.id == question).order_by(TABLE.version)
        rows = list(connection.execute(query))
    if not rows:
        raise Unknown("There is no such saved question.", expected="the id of a saved question", found=question[:100])
    if rows[-1].ended:
        raise Unknown(
            "This question was withdrawn.", expected="a saved question", found=f"withdrawn at {rows[-1].ended}",
            where=question[:100], todo=f"Ask {rows[-1].author}, who had saved it.",
        )  # fmt: skip
    return rows


def _mine(connection: Connection, question: str, author: str) -> list[Row[Any]]:
    rows = _versions(connection, question)
    if rows[-1].author != author:
        raise NotAllowed("A saved question is changed by its author alone.", expected=rows[-1].author, found=author,
                         todo="Save one of your own.")  # fmt: skip
    return rows


def _own(connection: Connection, author: str) -> list[Row[Any]]:
    """The newest version of each question of an account."""
    query = select(saved_questions).where((TABLE.author == author) & TABLE.ended.is_(None)).order_by(TABLE.version)
    return list({row.id: row for row in connection.execute(query)}.values())


def _refuse_twice(own: list[Row[Any]], name: str) -> None:
    for row in own:
        if json.loads(row.content)["name"].casefold() == name.casefold():
            raise Conflict("You have saved a question of this name.", expected="another name", found=name, where="name",
                           todo="Replace that one, or choose another name.")  # fmt: skip


def _forget(connection: Connection, author: str) -> None:
    """Of an account's withdrawn questions the newest alone are remembered, so that the table stays small."""
    query = select(TABLE.id).where((TABLE.author == author) & TABLE.ended.is_not(None)).order_by(TABLE.ended.desc())
    old = list(connection.execute(query).scalars())[GONE:]
    if old:
        connection.execute(delete(saved_questions).where(TABLE.id.in_(old)))


def _read(row: Row[Any], newest: int) -> SavedQuestion:
    return SavedQuestion(
        row.id, row.version, newest, row.author, moment_of(row.at), QuestionDraft(**json.loads(row.content))
    )
