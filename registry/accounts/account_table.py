"""One account as it is kept: its row, and what a name may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from registry.errors import Unknown
from registry.ledger.tables import accounts

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; ``printed_name`` is what a signature shows.

    ``second_factor`` is what was given beside the password for the signature at hand (see ``second_factor``).
    ``limited_to`` are the permissions of the token that acts for it, by their values; None when it acts itself.
    """

    name: str
    printed_name: str
    role: str
    must_change: bool = False
    disabled: bool = False
    second_factor: str = ""
    limited_to: frozenset[str] | None = None


def row_of(connection: Connection, name: str) -> Row[Any] | None:
    """The row of this name, without regard to case; None when there is none."""
    return connection.execute(select(accounts).where(accounts.c.key == name.casefold())).one_or_none()


def known_row(connection: Connection, name: str) -> Row[Any]:
    """The same; raises Unknown."""
    row = row_of(connection, name)
    if row is None:
        raise Unknown("There is no such account.", expected="an account's name", found=name[:100])
    return row


def account_of(row: Row[Any]) -> Account:
    """The account that a row keeps."""
    return Account(row.name, row.printed_name, row.role, bool(row.must_change), bool(row.disabled))
