"""Who acts in a test: an account of the registry by its name, as it is now."""

from __future__ import annotations

from registry.services import Account, Registry


def acting(registry: Registry, name: str) -> Account:
    """The account of this name."""
    return next(account for account in registry.accounts.all() if account.name == name)
