"""Who acts in a test: the account of a name, as a signed-in person would be."""

from __future__ import annotations

from registry.accounts import Account, Accounts
from registry.services import Registry


def account_of(registry: Registry, name: str) -> Account:
    """The account of this name."""
    return next(account for account in Accounts(registry.ledger).people.all() if account.name == name)
