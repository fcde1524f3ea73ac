"""Whether a signed entry's signature holds, by the key that was in force where it stands (21 CFR 11.70)."""

from __future__ import annotations

from registry import signing
from registry.registry.parts import Parts


def signature_holds(parts: Parts, position: int) -> bool:
    """True when the entry's record bytes verify under the key in force at its position."""
    entry = parts.ledger.entry(position)
    signature = entry.details.get("signature")
    if entry.record is None or not isinstance(signature, str):
        return False
    in_force = [key for since, key in parts.ledger.keys() if since <= position]  # noqa: SIM118 - no mapping
    return bool(in_force) and signing.verify(in_force[-1], parts.ledger.record(entry.record).ntriples, signature)
