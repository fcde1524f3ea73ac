"""``.tlog-proof`` files: that an entry is in a ledger, for somebody who holds the entry (C2SP tlog-proof).

c2sp.org/tlog-proof@v1
index 4
Bwdqhf2d0vEg62lPhgEeW7RmLlxdQWqSJwM9Skmkh+E=      one hash a line, from the leaf's sibling up
…

registry.example/ledger                            the checkpoint, as it was signed
8
…
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from registry.errors import Unreadable
from registry.proof.checkpoint import Checkpoint, checkpoint_of
from registry.proof.merkle import includes
from registry.proof.note import Note, read_note

HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_PATH = 64


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The place of an entry's leaf (its position less one), the path to the root, and the checkpoint it leads to."""

    place: int
    path: tuple[bytes, ...]
    note: Note

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint, its signatures not looked at."""
        return checkpoint_of(self.note)

    def written(self) -> str:
        """The file's text."""
        hashes = "".join(f"{base64.b64encode(digest).decode()}\n" for digest in self.path)
        return f"{HEAD}\nindex {self.place}\n{hashes}\n{self.note.written()}"

    def holds(self, leaf: bytes) -> bool:
        """True when the path leads from this leaf's hash to the checkpoint's root. The signature is another check."""
        checkpoint = self.checkpoint
        return includes(leaf, self.place, checkpoint.size, self.path, checkpoint.root)


def read_inclusion(data: str, where: str = "the proof") -> InclusionProof:
    """A proof from its file; raises Unreadable for whatever is not one in its one written form."""
    head, divider, rest = data.partition("\n\n")
    lines = head.split("\n")
    index = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
    if not divider or lines[0] != HEAD or index is None or len(lines) > 2 + _MAX_PATH:
        raise Unreadable(
            "This is no inclusion proof.", expected=f"{HEAD}, an index and hashes", found=repr(data[:60]), where=where
        )
    proof = InclusionProof(int(index[1]), _hashes(lines[2:], where), read_note(rest, where))
    if checkpoint_of(proof.note, where).size <= proof.place or proof.written() != data:
        raise Unreadable("This is no inclusion proof in its one written form.", found=repr(data[:60]), where=where)
    return proof


def _hashes(lines: Sequence[str], where: str) -> tuple[bytes, ...]:
    try:
        hashes = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError):
        hashes = (b"",)
    if any(len(digest) != 32 for digest in hashes):
        raise Unreadable("A hash of the proof is none.", expected="base64 of 32 bytes", where=where)
    return hashes
