"""Ending every token of an account together with a change of the account: one transaction, an entry for each token."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from registry.accounts.entry_text import token_line
from registry.errors import Conflict
from registry.instants import moment_text
from registry.ledger import Json, Ledger, NewEntry, View
from registry.ledger.tables import tokens


class Revoking:
    """The tokens of an account that stand now, to be ended by ``by`` for a reason."""

    def __init__(self, ledger: Ledger, account: str, by: str, reason: str) -> None:
        self._account, self._now = account.casefold(), moment_text(ledger.now())
        with ledger.view() as view:
            self._standing = _standing(view, self._account)
        self.entries = tuple(_entry(token, account, by, reason) for token in self._standing)

    def check(self, view: View) -> None:
        """No token was made or ended meanwhile; raises Conflict."""
        if (tokens_now := _standing(view, self._account)) != self._standing:
            raise Conflict(
                "This account's tokens changed meanwhile.", expected=f"{len(self._standing)} in force",
                found=f"{len(tokens_now)}", todo="Try again.",
            )  # fmt: skip

    def effect(self, connection: Connection) -> None:
        """End them."""
        query = update(tokens).where(tokens.c.account == self._account, tokens.c.revoked.is_(None))
        connection.execute(query.values(revoked=self._now))


def _standing(view: View, account: str) -> list[str]:
    query = select(tokens.c.id).where(tokens.c.account == account, tokens.c.revoked.is_(None))
    return list(view.connection.execute(query.order_by(tokens.c.id)).scalars())


def _entry(token: str, account: str, by: str, reason: str) -> NewEntry:
    details: dict[str, Json] = {"event": "revoked", "id": token, "account": account.casefold(), "reason": reason}
    details["summary"] = token_line(details, by)
    return NewEntry("token", details=details, index=(("account", account),))
