"""A credential checked by a registry for somebody at its pages: its answer, which is its word and no proof.

``cell-registry verify`` says the same of the same file without any registry; whoever does not rely on this server asks
that. Of its own credentials a registry has everything at hand: its keys, its lists as they are now, the proof that the
decision is in its ledger, and its witnesses. Of another's it has what was given with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.errors import RegistryError
from registry.ledger import Ledger
from registry.proof.credential import read_credential
from registry.proof.did import read_keys
from registry.proof.note import Verifier
from registry.proof.status_list import Purpose
from registry.proof.verification import AtHand, Verification, verify
from registry.services.answers import Answer


@dataclass(frozen=True, slots=True)
class Beside:
    """What was given with a credential, as text: status lists, the issuer's key, a recipient's code."""

    lists: Sequence[str] = ()
    key: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class CheckedCredential(Answer):
    """What came of it, which registry says so and when, and whether the credential is its own."""

    verification: Verification
    checked_by: str
    at: datetime
    is_own: bool

    def as_dict(self) -> dict[str, Any]:
        """As JSON: what ``verify --format json`` says, and whose word it is."""
        word = {"checked_by": self.checked_by, "at": self.at.isoformat(), "own": self.is_own}
        return {**self.verification.as_dict(), **word}


@dataclass(frozen=True, slots=True)
class CredentialCheck:
    """Checks credentials with what one registry has at hand."""

    ledger: Ledger
    issuer: str
    status_list: Callable[[Purpose], str]
    inclusion: Callable[[int], str]
    witnesses: Callable[[], Sequence[Verifier]]

    def __call__(self, text: str, beside: Beside) -> CheckedCredential:
        """Check the file of a credential; raises Unreadable for what is none, or for a list or key that is none."""
        statement, _whole = read_credential(text)
        is_own = statement.issuer == self.issuer
        keys = read_keys(beside.key.encode(), "the key") if beside.key.strip() else ()
        lists = tuple(beside.lists)
        proof, witnesses = "", tuple[Verifier, ...]()
        if is_own:
            keys = keys or tuple(self.ledger.public_keys())
            lists = (self.status_list("suspension"), self.status_list("revocation"))
            proof, witnesses = self._proof(statement.decision.position if statement.decision else 0)
        now = self.ledger.now()
        at_hand = AtHand(now, keys, lists, proof, witnesses, beside.recipient.strip() or None)
        return CheckedCredential(verify(text, at_hand), self.ledger.base, now, is_own)

    def _proof(self, position: int) -> tuple[str, tuple[Verifier, ...]]:
        """That the entry is in this ledger, and whose words on it count; nothing where either cannot be had."""
        try:
            return self.inclusion(position), tuple(self.witnesses())
        except RegistryError:
            return "", ()
