"""What the registry shows to whoever does not trust it: signed, and checked without asking it.

How a credential is made (``Proofs.credential``):

1. the lot's answer, as its page gives it        ``Lots.get``
2. what is said of it                            ``statement_of``
3. the decision's entry, and that it is in the ledger  ``ledger.proofs.inclusion``
4. as JSON-LD                                    ``proof.credential.document``
5. signed by the registry's key                  ``proof.data_integrity.signed``
6. in its one written form                       ``proof.credential.written``
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registry.errors import RegistryError
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.ledger.proofs import checkpoint, consistency, inclusion
from registry.ledger.signing_keys import signing_key
from registry.proof.checkpoint import checkpoint_of, read_checkpoint
from registry.proof.credential import document, written
from registry.proof.data_integrity import signed
from registry.proof.did import did_web
from registry.proof.did import document as did_document
from registry.proof.note import Note, Verifier
from registry.proof.status_list import Purpose, list_document, packed
from registry.services.lot_index.lists import LotIndex
from registry.services.lots.lots import Lots
from registry.services.proofs.check import CredentialCheck
from registry.services.proofs.statements import statement_of
from registry.services.proofs.timestamps import Timestamps
from registry.services.proofs.witnesses import FILE as POLICY
from registry.services.proofs.witnesses import WITNESSED, Policy, read_policy, told

LIST_HOLDS = timedelta(hours=1)
"""How long a status list is believed: a hold is known to whoever asks within the hour."""
REVOKED = frozenset({"recalled", "rejected"})


class Proofs:
    """Checkpoints, proofs, credentials and status lists of one registry."""

    def __init__(self, ledger: Ledger, reader: LotReader, lots: Lots, lot_index: LotIndex, names: Names) -> None:
        self._ledger = ledger
        self._reader = reader
        self._lots = lots
        self._lot_index = lot_index
        self._names = names
        self.issuer = did_web(names.base)
        self.timestamps = Timestamps(ledger, self.checkpoint)
        self.check = CredentialCheck(ledger, self.issuer, self.status_list, self.inclusion, self._witness_keys)

    def checkpoint(self) -> str:
        """The newest signed checkpoint of the ledger, with the words of witnesses that have seen this very one.

        Raises Unknown while none was signed.
        """
        with self._ledger.view() as view:
            own = checkpoint(view)
        seen = self._seen()
        return (seen if seen is not None and seen.text == own.text else own).written()

    def inclusion(self, position: int) -> str:
        """That an entry is in the ledger, as a ``.tlog-proof``; raises Unknown.

        Under the checkpoint that witnesses have seen where the entry was among those, else under the newest.
        """
        seen = self._seen()
        with self._ledger.view() as view:
            return inclusion(view, position, seen).written()

    def consistency(self, old: int) -> tuple[bytes, ...]:
        """That the newest checkpoint's ledger begins with the ``old`` first entries; raises Unknown."""
        with self._ledger.view() as view:
            return consistency(view, old)

    def credential(self, lot: str, at: datetime | None = None) -> str:
        """The lot's credential as its file, or the one that would have been given at a time of the ledger: by the same
        key it is the same to the byte. Raises Unknown, Refused for what is no product lot or without the key.
        """
        answer, key = self._lots.get(lot, at), signing_key(self._ledger)
        facts = self._reader.facts(answer.lot, answer.ledger_size)
        return self._written(document(statement_of(answer, facts, self._ledger, self._names, key)), at)

    def status_list(self, purpose: Purpose) -> str:
        """The list of lots that are suspended, or revoked, as its file; it is believed for an hour."""
        states = self._lot_index.not_released()
        revoked = purpose == "revocation"
        indexes = {position for position, state in states if (state in REVOKED) is revoked}
        at = self._ledger.now()
        address = f"{self._names.base}status/{purpose}"
        bits = packed(indexes, self._ledger.size())
        return self._written(list_document(address, self.issuer, purpose, bits, at, at + LIST_HOLDS))

    def witnesses(self) -> Policy | None:
        """Which witnesses an administrator has named in ``witnesses.toml``; None for nobody. Raises Unreadable."""
        file = self._ledger.directory / POLICY if self._ledger.directory else None
        return read_policy(file.read_text(encoding="utf-8"), str(file)) if file is not None and file.exists() else None

    def _witness_keys(self) -> tuple[Verifier, ...]:
        policy = self.witnesses()
        return policy.keys if policy is not None else ()

    def witnessed(self) -> str:
        """In words: up to where, by whom and when the ledger was witnessed, or that it is not."""
        try:
            return told(self.witnesses(), self._witnessed(), self._ledger.size())
        except RegistryError as error:
            return f"not known: {error.message}"

    def seen_elsewhere(self) -> list[tuple[str, str]]:
        """What others saw of the ledger, as (what, in words)."""
        return [("Seen by witnesses", self.witnessed()), ("Time-stamped", self.timestamps.told())]

    def is_witnessed(self) -> bool:
        """Whether enough witnesses have cosigned the newest checkpoint."""
        policy, note = self.witnesses(), self._witnessed()
        newest = checkpoint_of(read_checkpoint(self.checkpoint())[1])
        return policy is not None and note is not None and bool(policy.enough(note)) and checkpoint_of(note) == newest

    def _seen(self) -> Note | None:
        """The checkpoint that enough witnesses have cosigned; None without one, or while its file cannot be read."""
        try:
            policy, note = self.witnesses(), self._witnessed()
        except (RegistryError, OSError):
            return None
        return note if policy is not None and note is not None and policy.enough(note) else None

    def _witnessed(self) -> Note | None:
        file = self._ledger.directory / WITNESSED if self._ledger.directory else None
        return read_checkpoint(file.read_text(encoding="utf-8"), str(file))[1] if file and file.exists() else None

    def did(self) -> dict[str, Any]:
        """The registry's DID document: every key that ever signed for it."""
        return did_document(self.issuer, self._ledger.public_keys())

    def _written(self, whole: dict[str, Any], at: datetime | None = None) -> str:
        return written(signed(whole, self.issuer, signing_key(self._ledger), at or self._ledger.now()))
