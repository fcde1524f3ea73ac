"""What an authenticator is asked: random bytes for one purpose of one person, answered once, within two minutes.

The newest question for a purpose stands alone: one that is asked again makes the older one void. Whoever asks to sign
in is nobody yet: their question is of the cookie that their form came with.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from registry.errors import NotSignedIn
from registry.instants import moment_of, moment_text
from registry.ledger.tables import METADATA, passkey_challenges, stands

LASTS = timedelta(minutes=2)


def to_sign(account: str) -> str:
    """The purpose of a signature's question."""
    return f"sign {account.casefold()}"


def to_enrol(account: str) -> str:
    """The purpose of an enrolment's question."""
    return f"enrol {account.casefold()}"


def to_sign_in(holder: str) -> str:
    """The purpose of a sign-in's question, asked by whoever holds this secret of a cookie."""
    return f"sign-in {hashlib.sha256(holder.encode()).hexdigest()}"


def ask(connection: Connection, purpose: str, now: datetime) -> bytes:
    """A new question for a purpose; questions that nobody answered in time are forgotten."""
    METADATA.create_all(connection, tables=[passkey_challenges])
    old = passkey_challenges.c.at <= moment_text(now - LASTS)
    connection.execute(delete(passkey_challenges).where(old | (passkey_challenges.c.purpose == purpose)))
    challenge = secrets.token_bytes(32)
    row = {"purpose": purpose, "challenge": base64.urlsafe_b64encode(challenge).decode(), "at": moment_text(now)}
    connection.execute(insert(passkey_challenges).values(**row))
    return challenge


def take(connection: Connection, purpose: str, now: datetime) -> tuple[bytes, datetime]:
    """The question that stands for a purpose, and when it was asked; it stands no longer, whatever its answer is worth.

    Raises NotSignedIn when nothing was asked, when it was answered already, and when that was too long ago.
    """
    mine = passkey_challenges.c.purpose == purpose
    row = None
    if stands(connection, passkey_challenges):
        row = connection.execute(select(passkey_challenges).where(mine)).one_or_none()
        connection.execute(delete(passkey_challenges).where(mine))
    if row is None or moment_of(row.at) <= now - LASTS:
        raise NotSignedIn(
            "This answers no question that stands.", where="passkey", code="passkey",
            expected=f"an answer within {LASTS.seconds // 60} minutes, given once",
            found="too late" if row is not None else "nothing was asked, or it was answered already",
            todo="Try again: the passkey is asked anew.",
        )  # fmt: skip
    return base64.urlsafe_b64decode(row.challenge), moment_of(row.at)
