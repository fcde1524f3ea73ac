"""Bearer tokens: a laboratory's program acts for an account, in its role.

Example: ``cpr_`` and 43 characters of ``[A-Za-z0-9_-]``; shown once, kept as its SHA-256. 256 random bits need no
slow hash. Every change is an entry of kind ``token``. Its owner alone makes one; an administrator may end it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from registry.accounts.account_table import Account
from registry.accounts.entry_text import token_line
from registry.errors import Conflict, NotAllowed, NotSignedIn, Refused, Unknown, WrongUsage
from registry.instants import moment_of, moment_text
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import accounts, tokens
from registry.records import digest_of

_FORM = re.compile(r"[A-Za-z0-9_-]{32,128}")


@dataclass(frozen=True, slots=True)
class Token:
    """What may be said of a token: its id, whose it is, what for, until when."""

    id: str
    account: str
    label: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None


class Tokens:
    """The tokens of one registry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def create(self, name: str, *, by: str, label: str = "", expires: datetime | None = None) -> tuple[Token, str]:
        """A token that acts as account ``name``; answers it and its value, which is kept nowhere.

        Only its owner makes one: what a token does is recorded as its owner's doing (21 CFR 11.100(a)). Raises
        NotAllowed for anybody else, Unknown, Refused for a disabled account, WrongUsage for a label that cannot be
        printed or an expiry that has passed.
        """
        if by.casefold() != name.casefold():
            raise NotAllowed(
                "A token is made by whom it acts for, and by nobody else.", expected=name[:100], found=by[:100],
                todo="Sign in as that account and make it there.",
            )  # fmt: skip
        now = self._ledger.now()
        if len(label) > 200 or (label and not label.isprintable()):
            raise WrongUsage("This cannot be a token's label.", expected="up to 200 characters", found=label[:100])
        if expires is not None and expires <= now:
            raise WrongUsage("The token would have expired already.", expected=f"after {now}", found=str(expires))
        secret = "cpr_" + secrets.token_urlsafe(32)
        token_id = secrets.token_hex(8)
        row: dict[str, Any] = {
            "id": token_id, "hash": digest_of(secret.encode()), "account": name.casefold(), "label": label,
            "created": moment_text(now), "expires": moment_text(expires) if expires else None, "revoked": None,
        }  # fmt: skip

        owner: list[str] = []

        def in_use(view: View) -> None:
            row = view.connection.execute(select(accounts).where(accounts.c.key == name.casefold())).one_or_none()
            if row is None:
                raise Unknown("There is no such account.", expected="an account's name", found=name[:100])
            if row.disabled:
                raise Refused("This account is disabled.", expected="one in use", found=name)
            owner.append(row.name)

        def effect(connection: Connection) -> None:
            connection.execute(insert(tokens).values(**row))

        details: dict[str, Json] = {"event": "created", "id": token_id, "account": name.casefold(), "label": label,
                                    "expires": row["expires"], "credential": row["hash"]}  # fmt: skip
        details["summary"] = token_line(details, by)
        entry = NewEntry("token", details=details, index=(("account", name),))
        self._ledger.append([entry], actor=by, expect=in_use, effects=effect)
        return Token(token_id, owner[0], label, now, expires), secret

    def verify(self, secret: str) -> Account:
        """The account that a token acts for; raises NotSignedIn for one unknown, expired, revoked or disabled."""
        row: Row[Any] | None = None
        if _FORM.fullmatch(secret):
            query = select(accounts, tokens.c.expires, tokens.c.revoked).join(
                tokens, tokens.c.account == accounts.c.key
            )
            with self._ledger.view() as view:
                row = view.connection.execute(query.where(tokens.c.hash == digest_of(secret.encode()))).one_or_none()
        expired = row is not None and row.expires is not None and moment_of(row.expires) <= self._ledger.clock()
        if row is None or row.revoked or row.disabled or expired:
            raise NotSignedIn("This token is not accepted.", expected="a token in force", found="none",
                              todo="Make a new one, signed in as the account it is for.")  # fmt: skip
        return Account(row.name, row.printed_name, row.role, bool(row.must_change), bool(row.disabled))

    def all(self, name: str | None = None) -> list[Token]:
        """Every token there ever was, of one account or of all, oldest first."""
        query = select(tokens, accounts.c.name).join(accounts, tokens.c.account == accounts.c.key)
        if name is not None:
            query = query.where(tokens.c.account == name.casefold())
        with self._ledger.view() as view:
            return [_token(row) for row in view.connection.execute(query.order_by(tokens.c.created, tokens.c.id))]

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


def _token(row: Row[Any]) -> Token:
    expires_at = moment_of(row.expires) if row.expires else None
    revoked_at = moment_of(row.revoked) if row.revoked else None
    return Token(row.id, row.name, row.label, moment_of(row.created), expires_at, revoked_at)
