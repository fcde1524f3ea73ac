"""An append, and the checkpoint that is signed over the ledger with it, in one transaction.

1. ``with_tree``: a database that was written before there was a tree gets one.
2. ``check_kept``: the entries are still those that the newest checkpoint was signed over.
3. ``append``: what is asked, checked, written, with its leaves.
4. ``_signed``: the tree as it is now, signed by the key in force, where that is at hand.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, delete

from registry.errors import Corrupt, RegistryError
from registry.ledger.append import Request, append
from registry.ledger.read import Receipt, View
from registry.ledger.tables import METADATA, checkpoints, tree_nodes
from registry.ledger.tree import STRETCH, check_kept, entries_without_leaf, grown, is_kept, sign_checkpoint
from registry.proof.signing import SigningKey


def signed_append(connection: Connection, request: Request, base: str, key_path: Path | None) -> Receipt:
    """Append ``request`` and sign the checkpoint over what the ledger is then.

    Raises as ``append`` does, and Corrupt when the entries are not those of the newest checkpoint. Without the key in
    force at hand nothing is signed: ``audit`` tells how many entries are under no checkpoint.
    """
    with_tree(connection)
    check_kept(connection, View(connection).public_keys())
    receipt = append(connection, request)
    if not receipt.repeated:
        _signed(connection, base, receipt.size, key_path)
    return receipt


def with_tree(connection: Connection, *, anew: bool = False) -> int:
    """See to it that every entry has its leaf; answers the number of leaves. ``anew``: those that are kept go first."""
    if not is_kept(connection):
        METADATA.create_all(connection, tables=[tree_nodes, checkpoints])
    if anew:
        connection.execute(delete(tree_nodes))
    leaves, size = entries_without_leaf(connection)
    for since in range(leaves, size, STRETCH):
        grown(connection, list(View(connection).entries(since, min(since + STRETCH, size))))
    return size


def _signed(connection: Connection, base: str, size: int, key_path: Path | None) -> None:
    key = _key_in_force(connection, key_path) if key_path is not None else None
    if key is not None:
        sign_checkpoint(connection, base, size, key)


def _key_in_force(connection: Connection, path: Path) -> SigningKey | None:
    """The key in force, from its file or, while it is being replaced, from the file beside it."""
    try:
        public = View(connection).public_keys()[-1]
    except Corrupt:  # an entry put no key in force: audit names it
        return None
    for place in (path, path.with_name(path.name + ".new")):
        try:
            key = SigningKey.load(place)
        except RegistryError:
            continue
        if key.public == public:
            return key
    return None
