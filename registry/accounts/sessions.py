"""Sessions of the web: after signing in, until half an hour without a request, twelve hours, or the next sign-in.

An account has one: signing in somewhere else ends it, so that none is left open on a machine that was walked away from.

The cookie's value is random and kept only as its SHA-256; each session has a secret of its own against forged
requests (CSRF). Sessions are no records: a signature never relies on one (21 CFR 11.200 asks for the password again).
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update

from registry.accounts.account_table import Account
from registry.errors import NotSignedIn, Unavailable
from registry.instants import moment_of, moment_text
from registry.ledger import Ledger
from registry.ledger.tables import accounts, sessions
from registry.records import digest_of

LOG = logging.getLogger(__name__)
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
# A request within this time of the last noted one is not noted: reading pages then writes nothing.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser: ``secret`` for its cookie, ``csrf`` for its forms."""

    account: Account
    secret: str = field(repr=False)
    csrf: str = field(repr=False)


class Sessions:
    """The sessions of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def start(self, account: Account) -> Session:
        """The session of an account that has just been verified; the one it had ends, and those that are over."""
        now = self._ledger.clock()
        session = Session(account, secrets.token_urlsafe(32), secrets.token_urlsafe(32))
        ended = or_(sessions.c.used <= moment_text(now - IDLE), sessions.c.created <= moment_text(now - LONGEST))
        with self._ledger.writing() as connection:
            connection.execute(delete(sessions).where(ended | (sessions.c.account == account.name.casefold())))
            connection.execute(
                insert(sessions).values(
                    hash=digest_of(session.secret.encode()), account=account.name.casefold(), csrf=session.csrf,
                    created=moment_text(now), used=moment_text(now),
                )
            )  # fmt: skip
        LOG.info("%s signed in", account.name)
        return session

    def find(self, secret: str, *, noted: bool = True) -> Session:
        """The session of a cookie, with its account as it now is; raises NotSignedIn when it has ended.

        ``noted`` is False for a request that no person made, such as an open page's question: it keeps nothing alive.
        """
        now = self._ledger.clock()
        key = digest_of(secret.encode("utf-8", "replace"))
        query = select(accounts, sessions.c.csrf, sessions.c.created, sessions.c.used)
        query = query.join(sessions, sessions.c.account == accounts.c.key).where(sessions.c.hash == key)
        with self._ledger.view() as view:
            row = view.connection.execute(query).one_or_none()
        if row is None or row.disabled or now - moment_of(row.used) >= IDLE or now - moment_of(row.created) >= LONGEST:
            raise NotSignedIn("You are not signed in, or no longer.", expected="a session", found="none",
                              todo="Sign in again.")  # fmt: skip
        if noted and now - moment_of(row.used) >= NOTED_EVERY:
            self._note(key, now)
        account = Account(row.name, row.printed_name, row.role, bool(row.must_change), bool(row.disabled))
        return Session(account, secret, row.csrf)

    def _note(self, key: str, now: datetime) -> None:
        """Keep that it was used. On a full disk a lot is looked up all the same."""
        try:
            with self._ledger.writing() as connection:
                connection.execute(update(sessions).where(sessions.c.hash == key).values(used=moment_text(now)))
        except Unavailable as error:
            LOG.error("the use of a session could not be noted: %s (%s)", error.message, error.found)

    def open(self) -> list[tuple[str, datetime, datetime]]:
        """(account, begun, last used) of every session that has not ended, the last used first."""
        now = self._ledger.clock()
        query = select(accounts.c.name, sessions.c.created, sessions.c.used)
        query = query.join(sessions, sessions.c.account == accounts.c.key).where(
            sessions.c.used > moment_text(now - IDLE), sessions.c.created > moment_text(now - LONGEST)
        )
        with self._ledger.view() as view:
            rows = view.connection.execute(query.order_by(sessions.c.used.desc())).all()
        return [(row.name, moment_of(row.created), moment_of(row.used)) for row in rows]

    def end_all(self, account: str) -> None:
        """End every session of an account."""
        with self._ledger.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.account == account.casefold()))

    def end(self, secret: str) -> None:
        """End a session: sign out. One that has ended already is no error."""
        with self._ledger.writing() as connection:
            connection.execute(delete(sessions).where(sessions.c.hash == digest_of(secret.encode("utf-8", "replace"))))
