"""The Merkle tree over the ledger's entries (RFC 6962, section 2.1; the same tree in RFC 9162).

A leaf is ``SHA-256(0x00 ‖ entry)``, a node ``SHA-256(0x01 ‖ left ‖ right)``. An entry's leaf is made of the very bytes
that the chain hashes (``ledger.chain.entry_bytes``), so whoever holds an entry can make its leaf.

    tree = Tree()
    for entry in entries: tree.append(leaf_hash(entry_bytes(entry)))
    tree.root()                     what a checkpoint signs
    tree.inclusion(4, 8)            that entry 5 is among the first 8
    tree.consistency(5, 8)          that the first 5 of 8 are the 5 of before

What is kept are the roots of the *complete* subtrees, by (level, place): they never change once they are made, so a
tree grows by appending. ``Nodes`` says where they are kept; ``Tree`` keeps them in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

EMPTY = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""


class Nodes(Protocol):
    """Where the roots of complete subtrees are kept: of level 0 are the leaves' hashes."""

    def node(self, level: int, place: int) -> bytes:
        """The root of the complete subtree over the leaves [place · 2^level, (place + 1) · 2^level)."""


def leaf_hash(data: bytes) -> bytes:
    """``SHA-256(0x00 ‖ data)``."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """``SHA-256(0x01 ‖ left ‖ right)``."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed(nodes: Nodes, place: int, leaf: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(level, place, hash) of every complete subtree that the leaf at ``place`` finishes, from the leaf up."""
    level, digest = 0, leaf
    yield level, place, digest
    while place % 2:
        digest = node_hash(nodes.node(level, place - 1), digest)
        level, place = level + 1, place // 2
        yield level, place, digest


def root(nodes: Nodes, size: int) -> bytes:
    """The root over the first ``size`` leaves."""
    return EMPTY if size == 0 else _subtree(nodes, 0, size)


def inclusion(nodes: Nodes, place: int, size: int) -> list[bytes]:
    """The hashes that lead from the leaf at ``place`` to the root over ``size`` leaves, the leaf's sibling first.

    Raises ValueError when there is no such leaf.
    """
    if not 0 <= place < size:
        raise ValueError(f"There is no leaf {place} among {size}.")
    return _path(nodes, place, 0, size)


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The hashes that show the tree of ``new`` leaves to begin with the tree of ``old``; none where they are equal.

    Raises ValueError for an empty or a larger old tree.
    """
    if not 0 < old <= new:
        raise ValueError(f"A tree of {new} leaves cannot be held against one of {old}.")
    return _consistency(nodes, old, 0, new, whole=True)


def root_of_inclusion(leaf: bytes, place: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which an inclusion proof leads (RFC 9162, 2.1.3.2); None for a proof of another length."""
    if not 0 <= place < size:
        return None
    node, last, digest = place, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node % 2 or node == last:
            digest = node_hash(sibling, digest)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            digest = node_hash(digest, sibling)
        node, last = node // 2, last // 2
    return digest if last == 0 else None


def includes(leaf: bytes, place: int, size: int, path: Sequence[bytes], expected_root: bytes) -> bool:
    """True when the proof leads from this leaf, at this place among ``size``, to exactly this root."""
    return root_of_inclusion(leaf, place, size, path) == expected_root


def consistent(old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """True when the proof shows the tree of ``new`` leaves to begin with that of ``old`` (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if not 0 < old < new or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node // 2, last // 2
    left = right = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node % 2 or node == last:
            left, right = node_hash(sibling, left), node_hash(sibling, right)
            while node % 2 == 0 and node:
                node, last = node // 2, last // 2
        else:
            right = node_hash(right, sibling)
        node, last = node // 2, last // 2
    return last == 0 and left == old_root and right == new_root


class Tree:
    """A tree in memory, growing by leaves."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0])

    def node(self, level: int, place: int) -> bytes:
        """See ``Nodes``."""
        return self._levels[level][place]

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash."""
        for level, _place, digest in list(completed(self, self.size, leaf)):
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(digest)

    def root(self, size: int | None = None) -> bytes:
        """The root over the first ``size`` leaves, or over all."""
        return root(self, self.size if size is None else size)

    def inclusion(self, place: int, size: int) -> list[bytes]:
        """See ``inclusion``."""
        return inclusion(self, place, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """See ``consistency``."""
        return consistency(self, old, new)


def _split(size: int) -> int:
    """The largest power of two below ``size``: where RFC 6962 divides a tree."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(nodes: Nodes, start: int, end: int) -> bytes:
    size = end - start
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes.node(level, start >> level)
    middle = start + _split(size)
    return node_hash(_subtree(nodes, start, middle), _subtree(nodes, middle, end))


def _path(nodes: Nodes, place: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _split(end - start)
    if place < middle:
        return [*_path(nodes, place, start, middle), _subtree(nodes, middle, end)]
    return [*_path(nodes, place, middle, end), _subtree(nodes, start, middle)]


def _consistency(nodes: Nodes, old: int, start: int, end: int, *, whole: bool) -> list[bytes]:
    """``SUBPROOF`` of RFC 6962, 2.1.2: ``old`` counts leaves from ``start``."""
    if old == end - start:
        return [] if whole else [_subtree(nodes, start, end)]
    split = _split(end - start)
    middle = start + split
    if old <= split:
        return [*_consistency(nodes, old, start, middle, whole=whole), _subtree(nodes, middle, end)]
    return [*_consistency(nodes, old - split, middle, end, whole=False), _subtree(nodes, start, middle)]
