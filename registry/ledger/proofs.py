"""What a ledger shows to whoever does not trust it: its newest checkpoint, and proofs that lead to it.

with ledger.view() as view:
    checkpoint(view).written()           three lines and a signature
    inclusion(view, 7).written()         that entry 7 is among them
    consistency(view, 120)               that the first 120 are still those of before
"""

from __future__ import annotations

from registry.errors import Unknown
from registry.ledger.read import View
from registry.ledger.tree import KeptNodes, is_kept, kept_checkpoint, root_at
from registry.proof import merkle
from registry.proof.checkpoint import Checkpoint, checkpoint_of, origin_of
from registry.proof.inclusion_file import InclusionProof
from registry.proof.note import Note
from registry.proof.signing import SigningKey


def checkpoint(view: View) -> Note:
    """The newest signed checkpoint; raises Unknown while none was signed."""
    note = kept_checkpoint(view.connection) if is_kept(view.connection) else None
    if note is None:
        raise Unknown(
            "No checkpoint has been signed yet.", expected="one that is signed at an append", found="none",
            todo="It is signed with the next entry, while the signing key is at hand.",
        )  # fmt: skip
    return note


def inclusion(view: View, position: int, seen: Note | None = None) -> InclusionProof:
    """That the entry at ``position`` is in the ledger of the newest checkpoint; raises Unknown when it is not.

    Of an earlier checkpoint, ``seen`` elsewhere, where that is one of this very ledger and the entry is under it.
    """
    note = checkpoint(view)
    if seen is not None and position <= (earlier := checkpoint_of(seen)).size <= checkpoint_of(note).size:
        root = root_at(view.connection, earlier.size, KeptNodes(view.connection))
        note = seen if (earlier.origin, earlier.root) == (checkpoint_of(note).origin, root) else note
    size = checkpoint_of(note).size
    if not 1 <= position <= size:
        raise Unknown("There is no such entry under the checkpoint.", expected=f"1 to {size}", found=str(position))
    path = merkle.inclusion(KeptNodes(view.connection), position - 1, size)
    return InclusionProof(position - 1, tuple(path), note)


def inclusion_at(view: View, position: int, size: int, base: str, key: SigningKey) -> InclusionProof:
    """That the entry at ``position`` is among the first ``size`` entries, under a checkpoint of that size.

    The ledger's own checkpoint where it is of that size; else one that ``key`` signs over the same tree.
    """
    own = kept_checkpoint(view.connection) if is_kept(view.connection) else None
    if own is not None and checkpoint_of(own).size == size:
        return inclusion(view, position)
    checkpoint(view)
    nodes = KeptNodes(view.connection)
    note = Checkpoint(origin_of(base), size, root_at(view.connection, size, nodes)).signed(key)
    return InclusionProof(position - 1, tuple(merkle.inclusion(nodes, position - 1, size)), note)


def root_over(view: View, size: int) -> bytes:
    """The root over the first ``size`` entries; empty for a ledger that was kept before there was a tree."""
    return root_at(view.connection, size) if size and is_kept(view.connection) else b""


def consistency(view: View, old: int) -> tuple[bytes, ...]:
    """That the ledger of the newest checkpoint begins with the ledger of ``old`` entries; raises Unknown."""
    size = checkpoint_of(checkpoint(view)).size
    if not 0 < old <= size:
        raise Unknown("The ledger has no such size under the checkpoint.", expected=f"1 to {size}", found=str(old))
    return tuple(merkle.consistency(KeptNodes(view.connection), old, size))
