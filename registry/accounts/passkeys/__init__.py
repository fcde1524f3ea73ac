"""Passkeys (W3C WebAuthn): a key that stays in an authenticator, which asks for a finger, a face or a PIN before it
answers.

Example: ``Passkeys(ledger).question(account)`` is what a browser's ``navigator.credentials.get`` is given.

``relying_party``  the one address at which this registry's passkeys work
``challenges``     what was asked: answered once, within two minutes
``answers``        what an authenticator answered, held against what was asked
``passkeys``       enrolled, signed with, signed in with

No secret of theirs is kept here: the database holds public keys, and the ledger their digests.
"""

from __future__ import annotations

from registry.accounts.passkeys.passkeys import PASSKEY, Passkey, Passkeys

__all__ = ["PASSKEY", "Passkey", "Passkeys"]
