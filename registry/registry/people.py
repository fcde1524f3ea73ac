"""Sessions, looked up without a refusal."""

from __future__ import annotations

from registry.accounts import Account
from registry.errors import NotSignedIn
from registry.registry.parts import Parts


def session(parts: Parts, secret: str, noted: bool = True) -> tuple[Account, str] | None:
    """(account, CSRF token) of a session, or None when it has ended or never was."""
    try:
        found = parts.accounts.sessions.find(secret, noted=noted)
    except NotSignedIn:
        return None
    return found.account, found.csrf
