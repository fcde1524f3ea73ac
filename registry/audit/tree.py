"""The tree and its checkpoints: what was signed over the entries, which nobody without the key can make again."""

from __future__ import annotations

from collections.abc import Sequence

from registry.audit.findings import Findings
from registry.errors import Corrupt, RegistryError
from registry.ledger import Entry, View, public_key_of
from registry.ledger.chain import entry_bytes
from registry.ledger.tree import is_kept, kept_checkpoint
from registry.proof.checkpoint import Checkpoint, checkpoint_of, read_checkpoint, verifier_of
from registry.proof.merkle import Tree, leaf_hash
from registry.proof.note import Note


def check_tree(
    view: View, entries: Sequence[Entry], known: str | None, findings: Findings, *, signs: bool = False
) -> None:
    """The kept nodes are those of the entries, and every checkpoint, the ledger's own and the one that somebody kept
    elsewhere (``known``), was signed over exactly these entries. ``signs``: the key that signs them is at hand.
    """
    tree = Tree(leaf_hash(entry_bytes(entry)) for entry in entries)
    keys = keys_of(entries)
    if is_kept(view.connection):
        _check_nodes(view, tree, findings)
        try:
            own = kept_checkpoint(view.connection)
        except RegistryError as error:
            findings.add("checkpoint", None, "The ledger's checkpoint cannot be read.", expected="a checkpoint",
                         found=error.found or error.message)  # fmt: skip
            own = None
        if own is not None:
            _check_kept(view, own, findings)
            check_note("checkpoint", own, tree, keys, findings)
        elif signs:
            findings.add("checkpoint", None, "The signed checkpoint is gone.", expected="one, signed at every append",
                         found="none")  # fmt: skip
        under = checkpoint_of(own).size if own is not None else 0
        findings.counts["entries under no checkpoint"] = max(0, tree.size - under)
    if known is not None:
        _check_known(known, tree, keys, findings)


def _check_kept(view: View, own: Note, findings: Findings) -> None:
    """One checkpoint is kept, under its own size, as it was written."""
    kept = [(row["size"], row["note"]) for row in view.rows("checkpoints")]
    findings.compare("checkpoint", checkpoint_of(own).size, "The checkpoint is not kept as it was signed.",
                     expected=[(checkpoint_of(own).size, own.written())], found=kept)  # fmt: skip


def keys_of(entries: Sequence[Entry]) -> list[str]:
    """The keys that the entries put in force; what names none is a finding of ``signatures``."""
    keys = []
    for entry in entries:
        try:
            keys += [public_key_of(entry.details)] if entry.kind in {"init", "key"} else []
        except Corrupt:
            continue
    return keys


def _check_known(known: str, tree: Tree, keys: Sequence[str], findings: Findings) -> None:
    try:
        _checkpoint, note = read_checkpoint(known, "the kept checkpoint")
    except RegistryError as error:
        findings.add("kept checkpoint", None, error.message, expected=error.expected, found=error.found)
        return
    check_note("kept checkpoint", note, tree, keys, findings)


def check_note(what: str, note: Note, tree: Tree, keys: Sequence[str], findings: Findings) -> None:
    """A checkpoint was signed by one of these keys, over exactly the entries of this tree that it speaks of."""
    signed: Checkpoint = checkpoint_of(note)
    findings.counts["checkpoints"] += 1
    if not any(note.signed_by(verifier_of(signed.origin, public)) for public in keys):
        findings.add(what, signed.size, "No key of this ledger signed the checkpoint.", expected="a valid signature",
                     found="none")  # fmt: skip
    if signed.size > tree.size:
        findings.add(what, signed.size, "Entries were taken away since the checkpoint was signed.",
                     expected=f"at least {signed.size} entries", found=f"{tree.size}")  # fmt: skip
        return
    findings.compare(what, signed.size, "The entries are not those that the checkpoint was signed over.",
                     expected=signed.root.hex(), found=tree.root(signed.size).hex())  # fmt: skip


def _check_nodes(view: View, tree: Tree, findings: Findings) -> None:
    kept = {(row["level"], row["place"]): bytes(row["hash"]) for row in view.rows("tree_nodes")}
    made = {(level, place): tree.node(level, place) for level in range(tree.size.bit_length())
            for place in range(tree.size >> level)}  # fmt: skip
    findings.counts["tree nodes"] = len(kept)
    wrong = sorted(node for node in {*kept, *made} if kept.get(node) != made.get(node))
    if wrong:
        level, place = wrong[0]
        findings.add("tree", (place << level) + 1, f"{len(wrong)} nodes of the tree are not those of the entries.",
                     expected=_hex(made.get(wrong[0])), found=_hex(kept.get(wrong[0])))  # fmt: skip


def _hex(digest: bytes | None) -> str:
    return digest.hex() if digest is not None else "none"
