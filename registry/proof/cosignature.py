"""A witness's word on a checkpoint (C2SP tlog-cosignature): seen at a time, and consistent with what it saw before.

The witness signs ``cosignature/v1``, its time and the checkpoint's text, with Ed25519::

    cosignature/v1
    time 1764537600
    registry.example/ledger
    204
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

and its signature line holds the time (8 bytes, big-endian) before the signature. With ML-DSA-44 it signs a
``cosigned_message`` instead, which names the witness too (``_ml_dsa_message``). It signs only what follows from the
newest checkpoint that it signed: a ledger that was shortened or rewritten gets no cosignature.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from registry.errors import Conflict, Refused
from registry.proof.checkpoint import Checkpoint, checkpoint_of
from registry.proof.keys import ml_dsa
from registry.proof.keys.ml_dsa import MlDsaKey
from registry.proof.merkle import consistent
from registry.proof.note import (
    COSIGNATURE,
    ML_DSA_COSIGNATURE,
    Note,
    NoteSignature,
    Verifier,
    check_name,
)
from registry.proof.signing import SigningKey, verify

ALGORITHMS = (COSIGNATURE, ML_DSA_COSIGNATURE)
WitnessKey = SigningKey | MlDsaKey
_LONGEST = 255
"""Bytes that a ``cosigned_message`` has room for in a name."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """Who saw a checkpoint, and when."""

    name: str
    at: datetime


def cosigned(note: Note, name: str, key: WitnessKey, at: datetime) -> Note:
    """The note with this witness's signature line after the others; ``at`` is when it saw it.

    Raises Refused for a name that no line can carry, or that is too long for ML-DSA-44.
    """
    seconds, witness = int(at.timestamp()), witness_key(check_name(name), key)
    if isinstance(key, MlDsaKey):
        signature = key.sign(_ml_dsa_message(note, name, seconds))
    else:
        signature = base64.b64decode(key.sign(_message(note.text, seconds)))
    line = NoteSignature(name, witness.id, seconds.to_bytes(8, "big") + signature)
    return replace(note, signatures=(*note.signatures, line))


def witness_key(name: str, key: WitnessKey) -> Verifier:
    """A witness's key as its signature lines name it."""
    return Verifier(name, ML_DSA_COSIGNATURE if isinstance(key, MlDsaKey) else COSIGNATURE, key.public)


def cosignatures(note: Note, witnesses: Sequence[Verifier]) -> tuple[Cosignature, ...]:
    """The valid words of these witnesses on the note, one each, in their order; others are passed over."""
    return tuple(seen for witness in witnesses if (seen := _of(note, witness)) is not None)


def belied(note: Note, witness: Verifier) -> bool:
    """True when a line says that it is this witness's, and none of those is: it was changed, or made up."""
    return bool(note.by(witness)) and _of(note, witness) is None


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
        if witness.algorithm not in ALGORITHMS or not 0 < seconds < 1 << 40:
            continue
        if _holds(note, witness, seconds, signature):
            return Cosignature(witness.name, datetime.fromtimestamp(seconds, UTC))
    return None


def _holds(note: Note, witness: Verifier, seconds: int, signature: bytes) -> bool:
    if witness.algorithm == ML_DSA_COSIGNATURE:
        return ml_dsa.verify(witness.public, _ml_dsa_message(note, witness.name, seconds), signature)
    return verify(witness.public, _message(note.text, seconds), base64.b64encode(signature).decode())


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _ml_dsa_message(note: Note, name: str, seconds: int) -> bytes:
    """C2SP tlog-cosignature, ``cosigned_message``: label, name, time, origin, 0, size, root."""
    checkpoint = checkpoint_of(note)
    texts = [text.encode() for text in (name, checkpoint.origin)]
    if any(len(text) > _LONGEST for text in texts):
        raise Refused("A name is too long to be cosigned by ML-DSA-44.", expected=f"at most {_LONGEST} bytes",
                      found=f"{max(map(len, texts))} bytes")  # fmt: skip
    named, origin = (bytes([len(text)]) + text for text in texts)
    ends = bytes(8) + checkpoint.size.to_bytes(8, "big")
    return b"subtree/v1\n\0" + named + seconds.to_bytes(8, "big") + origin + ends + checkpoint.root
