"""Accounts, sessions and tokens, as administrators and their owners ask for them; and who may do what, for every door.

``manage``         the service: sign-in, accounts, passwords, sessions, tokens
``second_factor``  what signers have beside their passwords
"""

from __future__ import annotations

from registry.accounts import Account, Actor, LocalOperator, Permission, Session, Token, asked_from, require
from registry.accounts.permissions import ROLES, SCOPES, may, roles_of, scopes_of

__all__ = [
    "ROLES",
    "SCOPES",
    "Account",
    "Actor",
    "LocalOperator",
    "Permission",
    "Session",
    "Token",
    "asked_from",
    "may",
    "require",
    "roles_of",
    "scopes_of",
]
