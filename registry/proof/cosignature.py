"""A witness's word on a checkpoint (C2SP tlog-cosignature): seen at a time, and consistent with what it saw before.

The witness signs ``cosignature/v1``, its time and the checkpoint's text, with Ed25519::

    cosignature/v1
    time 1764537600
    registry.example/ledger
    204
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

and its signature line holds the time (8 bytes, big-endian) before the signature. It signs only what follows from the
newest checkpoint that it signed: a ledger that was shortened or rewritten gets no cosignature.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry.errors import Conflict, Refused
from registry.proof.checkpoint import Checkpoint
from registry.proof.merkle import consistent
from registry.proof.note import COSIGNATURE, Note, NoteSignature, Verifier, check_name, key_id
from registry.proof.signing import SigningKey, verify


@dataclass(frozen=True, slots=True)
class Cosignature:
    """Who saw a checkpoint, and when."""

    name: str
    at: datetime


def cosigned(note: Note, name: str, key: SigningKey, at: datetime) -> Note:
    """The note with this witness's signature line after the others; ``at`` is when it saw it."""
    seconds = int(at.timestamp())
    raw = seconds.to_bytes(8, "big") + base64.b64decode(key.sign(_message(note.text, seconds)))
    line = NoteSignature(check_name(name), key_id(name, COSIGNATURE, key.public), raw)
    return replace(note, signatures=(*note.signatures, line))


def witness_key(name: str, public: str) -> Verifier:
    """A witness's key as its signature lines name it."""
    return Verifier(name, COSIGNATURE, public)


def cosignatures(note: Note, witnesses: Sequence[Verifier]) -> tuple[Cosignature, ...]:
    """The valid words of these witnesses on the note, one each, in their order; others are passed over."""
    return tuple(seen for witness in witnesses if (seen := _of(note, witness)) is not None)


def follows(old: Checkpoint | None, new: Checkpoint, proof: Sequence[bytes]) -> None:
    """Nothing, when a witness that signed ``old`` may sign ``new`` (C2SP tlog-witness, add-checkpoint).

    Raises Refused for another ledger and for a proof that does not hold, Conflict for a smaller one.
    """
    if old is None:
        return
    if new.origin != old.origin:
        raise Refused("This is another ledger.", expected=old.origin, found=new.origin)
    if new.size < old.size:
        raise Conflict(
            "The ledger is shorter than it was.", expected=f"{old.size} entries or more", found=f"{new.size} entries",
            todo="Keep both checkpoints: together they show that entries were taken away.",
        )  # fmt: skip
    if old.size and not consistent(old.size, old.root, new.size, new.root, proof):
        raise Refused(
            "The ledger does not begin with the entries that it held before.",
            expected=f"a tree that begins with the {old.size} entries of before", found="another tree",
            todo="Keep both checkpoints: together they show that the ledger was rewritten.",
        )  # fmt: skip


def _of(note: Note, witness: Verifier) -> Cosignature | None:
    for line in note.by(witness):
        seconds, signature = int.from_bytes(line.signature[:8], "big"), line.signature[8:]
        if witness.algorithm != COSIGNATURE or seconds >= 1 << 40:
            continue
        if verify(witness.public, _message(note.text, seconds), base64.b64encode(signature).decode()):
            return Cosignature(witness.name, datetime.fromtimestamp(seconds, UTC))
    return None


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
