"""People: accounts with one role each, their passwords, tokens and sessions.

Example: ``Accounts(ledger).people.verify("q.unit", password).role`` is ``"quality unit"``.

``permissions``       who may do what: the one table, and who an actor is
``accounts``          accounts, and every change of theirs as an entry
``account_table``     one account as it is kept
``sign_in``           whose name and password these are
``second_factor``     what a signer has beside the password: enrolled, required, given, lost
``factor_refusals``   what a signer without it is told
``passkeys``          keys in an authenticator: enrolled, signed with, signed in with
``one_time_code``     the codes of an authenticator, and its QR code
``printed_names``     the name under a signature, one person's alone
``passwords``         what is a good one, and how it is kept
``common_passwords``  which passwords are tried first
``throttle``          wrong ones counted and slowed down, for the address that gives them
``tokens``            bearer tokens for programs
``token_revocation``  ending all of an account's tokens at once
``entry_text``        changes in words, for the ledger's readers
``sessions``          signed-in browsers

Services ask ``permissions`` before they do anything; the rest of the package says only who somebody is.
"""

from __future__ import annotations

from registry.accounts.account_table import Account
from registry.accounts.accounts import People
from registry.accounts.passkeys import Passkey
from registry.accounts.permissions import ROLES, Actor, LocalOperator, Permission, expected, may, require, roles_of
from registry.accounts.second_factor import Enrolment, SecondFactors, code_given_by
from registry.accounts.sessions import Session, Sessions
from registry.accounts.throttle import asked_from
from registry.accounts.tokens import Token, Tokens
from registry.ledger import Ledger

__all__ = [
    "ROLES",
    "Account",
    "Accounts",
    "Actor",
    "Enrolment",
    "LocalOperator",
    "Passkey",
    "People",
    "Permission",
    "SecondFactors",
    "Session",
    "Sessions",
    "Token",
    "Tokens",
    "asked_from",
    "code_given_by",
    "expected",
    "may",
    "require",
    "roles_of",
]


class Accounts:
    """The people of one registry, their tokens and their sessions."""

    def __init__(self, ledger: Ledger) -> None:
        self.people = People(ledger)
        self.tokens = Tokens(ledger)
        self.sessions = Sessions(ledger)
        self.second_factors = SecondFactors(ledger)
