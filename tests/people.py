"""Who acts in a test: an account of the registry by its name, as it is now, or whoever may write the folder."""

from __future__ import annotations

from registry.services.accounts import Account, LocalOperator
from registry.services.registry import Registry

LOCAL = LocalOperator("test")


def account_of(registry: Registry, name: str) -> Account:
    """The account of this name."""
    return next(account for account in registry.accounts.all() if account.name == name)
