"""The Merkle tree over the entries, and the newest signed checkpoint: what nobody without the key can make again.

Whoever may write the database can change an entry and recompute every hash after it, and every node of this tree. They
cannot sign: the checkpoint that was signed at the last append then contradicts the entries, and the next append and
``audit`` say so. An older copy of the whole database contradicts nothing; whoever kept a checkpoint elsewhere finds it.

A leaf is made of ``chain.entry_bytes``. The nodes are a projection of the entries; the checkpoint is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_

from registry.errors import Corrupt
from registry.ledger.chain import Entry, entry_bytes
from registry.ledger.tables import checkpoints, entries, tree_nodes
from registry.proof.checkpoint import Checkpoint, origin_of, read_checkpoint, verifier_of
from registry.proof.merkle import completed, leaf_hash, root
from registry.proof.note import Note
from registry.proof.signing import SigningKey

STRETCH = 5_000
"""Entries whose leaves are made at once, where a database was written before there was a tree."""
_NODES = select(tree_nodes.c.level, tree_nodes.c.place, tree_nodes.c.hash).where(
    tuple_(tree_nodes.c.level, tree_nodes.c.place).in_(bindparam("wanted", expanding=True))
)
_CHECKPOINT = select(checkpoints.c.note).order_by(checkpoints.c.size.desc()).limit(1)
_LEAVES_AND_ENTRIES = select(
    select(func.max(tree_nodes.c.place)).where(tree_nodes.c.level == 0).scalar_subquery(),
    select(func.max(entries.c.position)).scalar_subquery(),
)


class KeptNodes:
    """The nodes as they are kept in the database: see ``proof.merkle.Nodes``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[tuple[int, int], bytes] = {}

    def fetch(self, places: Iterable[tuple[int, int]]) -> KeptNodes:
        """Read these at once, those that are kept."""
        wanted = [place for place in places if place not in self._read]
        if wanted:
            kept = self._connection.execute(_NODES, {"wanted": wanted})
            self._read.update({(row.level, row.place): bytes(row.hash) for row in kept})
        return self

    def node(self, level: int, place: int) -> bytes:
        """The root of a complete subtree; raises Corrupt when it is not kept."""
        if (level, place) not in self._read:
            wanted = (tree_nodes.c.level == level, tree_nodes.c.place == place)
            kept = self._connection.execute(select(tree_nodes.c.hash).where(*wanted)).scalar()
            if kept is None:
                raise Corrupt(
                    "A node of the ledger's tree is gone.", expected=f"level {level}, place {place}", found="none",
                    todo="Make the tree anew, then audit the ledger.",
                    action="rebuild",
                )  # fmt: skip
            self._read[level, place] = bytes(kept)
        return self._read[level, place]

    def put(self, rows: Sequence[tuple[int, int, bytes]]) -> None:
        """Keep further nodes."""
        self._read.update({(level, place): digest for level, place, digest in rows})
        kept = [{"level": level, "place": place, "hash": digest} for level, place, digest in rows]
        if kept:
            self._connection.execute(insert(tree_nodes), kept)


def grown(connection: Connection, sealed: Sequence[Entry], nodes: KeptNodes | None = None) -> KeptNodes:
    """Put the leaves of new entries into the tree, in the transaction that enters them.

    ``nodes`` are those that this transaction has read already.
    """
    nodes = nodes or KeptNodes(connection)
    rows: list[tuple[int, int, bytes]] = []
    for entry in sealed:
        new = list(completed(_Ahead(nodes, rows), entry.position - 1, leaf_hash(entry_bytes(entry))))
        rows += new
    nodes.put(rows)
    return nodes


def root_at(connection: Connection, size: int, nodes: KeptNodes | None = None) -> bytes:
    """The root over the first ``size`` entries, from the kept nodes."""
    return root((nodes or KeptNodes(connection)).fetch(edge(size)), size)


def is_kept(connection: Connection) -> bool:
    """False for a database that was written before there was a tree."""
    return connection.dialect.has_table(connection, "tree_nodes")


def kept_checkpoint(connection: Connection) -> Note | None:
    """The newest checkpoint that was signed at an append, or None."""
    text = connection.execute(_CHECKPOINT).scalar()
    return read_checkpoint(text, "the ledger's checkpoint")[1] if text is not None else None


def check_kept(connection: Connection, publics: Sequence[str], size: int, nodes: KeptNodes) -> None:
    """Raise Corrupt when the entries are not those that the kept checkpoint was signed over.

    ``publics`` are the keys that ever signed for this ledger, ``size`` is how many leaves it has.
    """
    note = kept_checkpoint(connection)
    if note is None:
        return
    checkpoint, _note = read_checkpoint(note.written())
    signed = any(note.signed_by(verifier_of(checkpoint.origin, public)) for public in publics)
    present = root_at(connection, checkpoint.size, nodes) if checkpoint.size <= size else b""
    if not signed or present != checkpoint.root:
        raise Corrupt(
            "The ledger is not the one of which its checkpoint was signed: entries were changed, or taken away.",
            expected=f"{checkpoint.size} entries with the root that was signed",
            found=f"{size} entries with another root" if signed else "a checkpoint without a valid signature",
            todo="Enter nothing more. Audit the ledger, and compare with a backup and with kept checkpoints.",
            action="audit",
        )


def sign_checkpoint(connection: Connection, base: str, size: int, key: SigningKey, nodes: KeptNodes) -> Note:
    """Sign the tree of ``size`` entries, and keep that in place of the one before."""
    note = Checkpoint(origin_of(base), size, root_at(connection, size, nodes)).signed(key)
    connection.execute(delete(checkpoints))
    connection.execute(insert(checkpoints), [{"size": size, "note": note.written()}])
    return note


def entries_without_leaf(connection: Connection) -> tuple[int, int]:
    """(leaves in the tree, entries in the ledger)."""
    place, size = connection.execute(_LEAVES_AND_ENTRIES).one()
    return 0 if place is None else int(place) + 1, int(size or 0)


def edge(size: int) -> list[tuple[int, int]]:
    """(level, place) of the complete subtrees that a tree of ``size`` leaves is made of, the largest first."""
    places, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            places.append((level, start >> level))
            start += 1 << level
    return places


class _Ahead:
    """Nodes that are kept, and those that are about to be."""

    def __init__(self, nodes: KeptNodes, rows: list[tuple[int, int, bytes]]) -> None:
        self._nodes = nodes
        self._new = {(level, place): digest for level, place, digest in rows}

    def node(self, level: int, place: int) -> bytes:
        """See ``proof.merkle.Nodes``."""
        return self._new[level, place] if (level, place) in self._new else self._nodes.node(level, place)
