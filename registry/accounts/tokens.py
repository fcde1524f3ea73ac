"""Bearer tokens: a laboratory's program acts for an account, in its role.

Example: ``cpr_`` and 43 characters of ``[A-Za-z0-9_-]``; shown once, kept as its SHA-256. 256 random bits need no
slow hash. Every change is an entry of kind ``token``. Its owner alone makes one; an administrator may end it.

A token has scopes (``permissions.SCOPES``), an end within a year and a day, and no more rights than its account's role.
One that an earlier version made has neither: it may do what any token may, until a year and a day after it was made.
Its last use is noted once in ten minutes, and it is used all the same where nothing can be written.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from registry.accounts.account_table import Account
from registry.accounts.entry_text import token_line
from registry.accounts.permissions import SCOPES, USUAL, scopes_of, within
from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Unavailable, Unknown, WrongUsage
from registry.instants import moment_of, moment_text
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import METADATA, accounts, stands, token_rights, tokens
from registry.records import digest_of

LOG = logging.getLogger(__name__)
LASTS, LONGEST = timedelta(days=90), timedelta(days=366)
"""How long a token is good when nobody says, and at most."""
NOTED_EVERY = timedelta(minutes=10)
_FORM = re.compile(r"[A-Za-z0-9_-]{32,128}")


@dataclass(frozen=True, slots=True)
class Token:
    """What may be said of a token: its id, whose it is, what for, until when, what it may, when it was last used."""

    id: str
    account: str
    label: str
    created_at: datetime
    expires_at: datetime
    scopes: tuple[str, ...]
    revoked_at: datetime | None = None
    used_at: datetime | None = None


class Tokens:
    """The tokens of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def create(
        self, name: str, *, by: str, label: str = "", lasts: timedelta = LASTS, scopes: Sequence[str] = (),
    ) -> tuple[Token, str]:  # fmt: skip
        """A token that acts as account ``name``; answers it and its value, which is kept nowhere.

        Only its owner makes one: what a token does is recorded as its owner's doing (21 CFR 11.100(a)). Without scopes
        it may read, ask and submit, as far as the role may. Raises NotAllowed for anybody else, Unknown, Refused for a
        disabled account, WrongUsage for a label that cannot be printed, an end that is not within a year and a day, and
        a scope that is none or of which the role may use nothing.
        """
        if by.casefold() != name.casefold():
            raise NotAllowed(
                "A token is made by whom it acts for, and by nobody else.", expected=name[:100], found=by[:100],
                todo="Sign in as that account and make it there.",
            )  # fmt: skip
        now = self._ledger.now()
        _check(label, lasts)
        end, owner = now + lasts, self._owner(name)
        own = _scopes_for(owner.role, scopes)
        secret, token_id = "cpr_" + secrets.token_urlsafe(32), secrets.token_hex(8)
        row: dict[str, Any] = {
            "id": token_id, "hash": digest_of(secret.encode()), "account": name.casefold(), "label": label,
            "created": moment_text(now), "expires": moment_text(end), "revoked": None,
        }  # fmt: skip

        def in_use(view: View) -> None:
            query = select(accounts.c.disabled).where(accounts.c.key == name.casefold())
            if view.connection.execute(query).scalar_one():
                raise Refused("This account is disabled.", expected="one in use", found=name)

        def effect(connection: Connection) -> None:
            METADATA.create_all(connection, tables=[token_rights])
            connection.execute(insert(tokens).values(**row))
            connection.execute(insert(token_rights).values(token=token_id, scopes=" ".join(own), used=None))

        details: dict[str, Json] = {"event": "created", "id": token_id, "account": name.casefold(), "label": label,
                                    "expires": row["expires"], "credential": row["hash"],
                                    "scopes": list(own)}  # fmt: skip
        details["summary"] = token_line(details, by)
        entry = NewEntry("token", details=details, index=(("account", name),))
        self._ledger.append([entry], actor=by, expect=in_use, effects=effect)
        return Token(token_id, owner.name, label, now, end, own), secret

    def _owner(self, name: str) -> Row[Any]:
        with self._ledger.view() as view:
            row = view.connection.execute(select(accounts).where(accounts.c.key == name.casefold())).one_or_none()
        if row is None:
            raise Unknown("There is no such account.", expected="an account's name", found=name[:100])
        return row

    def verify(self, secret: str) -> Account:
        """The account that a token acts for, limited to its scopes; raises NotSignedIn for one unknown or ended.

        One ends by its end, by being revoked, with its account, and with the account's password.
        """
        row, rights, now = None, None, self._ledger.clock()
        if _FORM.fullmatch(secret):
            query = select(accounts, tokens.c.id, tokens.c.created, tokens.c.expires, tokens.c.revoked).join(
                tokens, tokens.c.account == accounts.c.key
            )
            with self._ledger.view() as view:
                row = view.connection.execute(query.where(tokens.c.hash == digest_of(secret.encode()))).one_or_none()
                rights = _rights(view.connection, row.id).get(row.id) if row is not None else None
        if row is None or row.revoked or row.disabled or _end(row) <= now:
            raise NotSignedIn("This token is not accepted.", expected="a token in force", found="none",
                              todo="Make a new one, signed in as the account it is for.")  # fmt: skip
        if rights is not None and (rights.used is None or now - moment_of(rights.used) >= NOTED_EVERY):
            self._note(row.id, now)
        limited_to = within(_scopes(rights))
        return Account(row.name, row.printed_name, row.role, bool(row.must_change), limited_to=limited_to)

    def _note(self, token: str, now: datetime) -> None:
        """Keep that it was used; on a full disk a lot is looked up all the same."""
        try:
            with self._ledger.writing() as connection:
                query = update(token_rights).where(token_rights.c.token == token)
                connection.execute(query.values(used=moment_text(now)))
        except Unavailable as error:
            LOG.error("the use of a token could not be noted: %s (%s)", error.message, error.found)

    def all(self, name: str | None = None) -> list[Token]:
        """Every token there ever was, of one account or of all, oldest first."""
        query = select(tokens, accounts.c.name).join(accounts, tokens.c.account == accounts.c.key)
        if name is not None:
            query = query.where(tokens.c.account == name.casefold())
        with self._ledger.view() as view:
            rights = _rights(view.connection)
            rows = view.connection.execute(query.order_by(tokens.c.created, tokens.c.id)).all()
        return [_token(row, rights.get(row.id)) for row in rows]

    def revoke(self, token_id: str, *, by: str) -> None:
        """End a token; raises Unknown, Conflict when it is revoked already."""
        known = next((token for token in self.all() if token.id == token_id), None)
        if known is None:
            raise Unknown("There is no such token.", expected="a token's id", found=token_id[:100])

        now = moment_text(self._ledger.now())

        def still_in_force(view: View) -> None:
            query = select(tokens.c.revoked).where(tokens.c.id == token_id)
            if view.connection.execute(query).scalar_one() is not None:
                raise Conflict("This token is revoked already.", expected="one in force", found=token_id)

        def effect(connection: Connection) -> None:
            connection.execute(update(tokens).where(tokens.c.id == token_id).values(revoked=now))

        details: dict[str, Json] = {"event": "revoked", "id": token_id, "account": known.account.casefold()}
        details["summary"] = token_line(details | {"label": known.label}, by)
        entry = NewEntry("token", details=details, index=(("account", known.account),))
        self._ledger.append([entry], actor=by, expect=still_in_force, effects=effect)


def _check(label: str, lasts: timedelta) -> None:
    if len(label) > 200 or (label and not label.isprintable()):
        raise WrongUsage("This cannot be a token's label.", expected="up to 200 characters", found=label[:100])
    if not timedelta(0) < lasts <= LONGEST:
        raise WrongUsage("A token ends within a year and a day.", where="days",
                         expected=f"1 to {LONGEST.days} days", found=f"{lasts.days} days")  # fmt: skip


def _scopes_for(role: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """In the order of ``SCOPES``, none twice."""
    usable = scopes_of(role)
    for scope in wanted or ():
        if scope not in usable:
            raise WrongUsage(
                "There is no such scope." if scope not in SCOPES else f"The role {role} may do nothing of this scope.",
                expected=", ".join(usable), found=scope[:100], where="scope",
            )  # fmt: skip
    return tuple(scope for scope in usable if scope in (wanted or USUAL))


def _rights(connection: Connection, token: str | None = None) -> dict[str, Row[Any]]:
    if not stands(connection, token_rights):
        return {}
    query = select(token_rights)
    rows = connection.execute(query if token is None else query.where(token_rights.c.token == token))
    return {row.token: row for row in rows}


def _scopes(rights: Row[Any] | None) -> tuple[str, ...]:
    return tuple(rights.scopes.split()) if rights is not None else tuple(SCOPES)


def _end(row: Row[Any]) -> datetime:
    return moment_of(row.expires) if row.expires else moment_of(row.created) + LONGEST


def _token(row: Row[Any], rights: Row[Any] | None) -> Token:
    revoked_at = moment_of(row.revoked) if row.revoked else None
    used_at = moment_of(rights.used) if rights is not None and rights.used else None
    return Token(
        row.id, row.name, row.label, moment_of(row.created), _end(row), _scopes(rights), revoked_at, used_at
    )  # fmt: skip
