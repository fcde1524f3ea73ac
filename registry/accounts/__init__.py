"""People: accounts with one role each, their passwords, tokens and sessions.

Example: ``Accounts(ledger).people.verify("q.unit", password).role`` is ``"quality unit"``.

``people``     accounts, and every change of theirs as an entry
``rows``       one account as it is kept
``verifying``  whose name and password these are
``printed``    the name under a signature, one person's alone
``passwords``  what is a good one, and how it is kept
``guessed``    which passwords are tried first
``throttle``   wrong ones counted and slowed down, for the address that gives them
``tokens``     bearer tokens for programs
``revoking``   ending all of an account's tokens at once
``entered``    changes in words, for the ledger's readers
``sessions``   signed-in browsers

Who may do what is the caller's question (``registry``); here is only who somebody is.
"""

from __future__ import annotations

from registry.accounts.account_table import Account
from registry.accounts.accounts import ROLES, People
from registry.accounts.sessions import Session, Sessions
from registry.accounts.throttle import asked_from
from registry.accounts.tokens import Token, Tokens
from registry.ledger import Ledger

__all__ = ["ROLES", "Account", "Accounts", "People", "Session", "Sessions", "Token", "Tokens", "asked_from"]


class Accounts:
    """The people of one registry, their tokens and their sessions."""

    def __init__(self, ledger: Ledger) -> None:
        self.people = People(ledger)
        self.tokens = Tokens(ledger)
        self.sessions = Sessions(ledger)
