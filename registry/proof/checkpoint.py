"""A checkpoint: what a ledger of so many entries is, in three signed lines (C2SP tlog-checkpoint).

    registry.example/ledger                          the origin: which ledger
    204                                              how many entries
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=     the root of the Merkle tree over them

    — registry.example/ledger qINS1lPTTeT2HFyq…      the registry's signature, then those of witnesses

Whoever keeps one of them can tell later whether the ledger was shortened or rewritten: a ledger that holds the same
entries can show that its newer checkpoint begins with the older one, and no other can.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from registry.errors import Unreadable
from registry.proof.note import ED25519, Note, Verifier, read_note, sign
from registry.proof.signing import SigningKey

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_ROOT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The three lines: which ledger, how many entries, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed(self, key: SigningKey) -> Note:
        """The checkpoint with the ledger's own signature; the key's name is the origin."""
        return sign(self.text(), self.origin, key)


def origin_of(base: str) -> str:
    """The origin of a registry's ledger: its base IRI without scheme, and ``ledger``."""
    return base.partition("://")[2].rstrip("/") + "/ledger"


def verifier_of(origin: str, public: str) -> Verifier:
    """The ledger's own key as its checkpoints name it."""
    return Verifier(origin, ED25519, public)


def checkpoint_of(note: Note, where: str = "the checkpoint") -> Checkpoint:
    """What a note says as a checkpoint; raises Unreadable when it is none. No signature is looked at."""
    lines = note.text.split("\n")
    try:
        root = base64.b64decode(lines[2], validate=True) if len(lines) >= 4 else b""
    except (binascii.Error, ValueError):
        root = b""
    if len(lines) != 4 or not lines[0] or not _SIZE.fullmatch(lines[1]) or len(root) != _ROOT_BYTES:
        raise Unreadable(
            "This is no checkpoint.", expected="origin, size and root in three lines", found=repr(note.text[:60]),
            where=where,
        )  # fmt: skip
    checkpoint = Checkpoint(lines[0], int(lines[1]), root)
    if checkpoint.text() != note.text:
        raise Unreadable("This is no checkpoint in its one written form.", found=repr(note.text[:60]), where=where)
    return checkpoint


def read_checkpoint(data: str, where: str = "the checkpoint") -> tuple[Checkpoint, Note]:
    """A checkpoint and its note from the written form; raises Unreadable."""
    note = read_note(data, where)
    return checkpoint_of(note, where), note
