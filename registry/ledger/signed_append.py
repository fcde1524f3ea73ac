"""An append, and the checkpoint that is signed over the ledger with it, in one transaction.

1. ``check_clock``: the machine's clock has not leapt forward since the newest entry.
2. ``with_tree``: a database that was written before there was a tree gets one.
3. ``check_kept``: the entries are still those that the newest checkpoint was signed over.
4. ``append``: what is asked, checked, written, with its leaves.
5. ``sign_checkpoint``: the tree as it is now, signed by the key in force, where that is at hand.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select

from registry.errors import Corrupt, Refused, RegistryError, Unavailable
from registry.instants import moment, moment_of, moment_text
from registry.ledger.append import Request, append
from registry.ledger.read import Receipt, View
from registry.ledger.tables import METADATA, checkpoints, entries, tree_nodes
from registry.ledger.tree import (
    STRETCH,
    KeptNodes,
    check_kept,
    entries_without_leaf,
    grown,
    is_kept,
    sign_checkpoint,
)
from registry.proof.signing import SigningKey

LOG = logging.getLogger(__name__)
NEWEST_AT = select(entries.c.at).order_by(entries.c.position.desc()).limit(1)
PUTS_IN_FORCE = frozenset({"init", "key"})
"""The kinds of entry that put a key in force."""


LEAP, STEP = timedelta(days=400), timedelta(days=1)
"""How far ahead of the newest entry a clock may be; and where it was set forward while the process ran."""


def signed_append(connection: Connection, request: Request, base: str, key_path: Path | None) -> Receipt:
    """Append ``request`` and sign the checkpoint over what the ledger is then.

    Raises as ``append`` does, and Corrupt when the entries are not those of the newest checkpoint. Without the key in
    force at hand nothing is signed: ``audit`` tells how many entries are under no checkpoint.
    """
    check_clock(connection, request)
    size, nodes = with_tree(connection), KeptNodes(connection)
    publics = View(connection).public_keys()
    check_kept(connection, publics, size, nodes)
    receipt = append(connection, request, nodes)
    if not receipt.repeated and key_path is not None:
        replaced = any(new.kind in PUTS_IN_FORCE for new in request.new)
        in_force = _newest_key(connection) if replaced else publics[-1]
        if (key := _key_in_force(in_force, key_path)) is not None:
            _sign_if_it_does(connection, base, receipt.size, key, nodes)
    return receipt


def check_clock(connection: Connection, request: Request) -> None:
    """Ledger time never goes back: a clock that leapt for a moment would leave every lot expired for good.

    Raises Refused until an entry of kind ``clock`` says that the time is right; a demonstration's folder only warns.
    """
    newest = connection.execute(NEWEST_AT).scalar_one_or_none()
    if newest is None or any(new.kind == "clock" for new in request.new):
        return
    if request.at - moment_of(newest) <= (STEP if request.leapt else LEAP):
        return
    if View(connection).entry(1).details.get("demonstration"):
        LOG.warning("the clock leapt from %s to %s", newest, moment_text(request.at))
        return
    raise Refused(
        "The clock of this machine leapt forward, and nothing is entered at that time.",
        expected=f"a time soon after the newest entry, {moment(moment_of(newest))}", found=moment(request.at),
        todo="Set the clock right. If it is right, an administrator confirms it.",
        code="clock-leap", action="confirm-clock",
    )  # fmt: skip


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


def _sign_if_it_does(connection: Connection, base: str, size: int, key: SigningKey, nodes: KeptNodes) -> None:
    """An agent that is locked or gone is a key that is not at hand: entries go on, under no checkpoint."""
    try:
        sign_checkpoint(connection, base, size, key, nodes)
    except (Refused, Unavailable):
        return


def _newest_key(connection: Connection) -> str | None:
    """The public key that an entry of this append puts in force; None where it puts none: audit names it."""
    try:
        return View(connection).public_keys()[-1]
    except Corrupt:
        return None


def _key_in_force(public: str | None, path: Path) -> SigningKey | None:
    """The key in force, from its file or, while it is being replaced, from the file beside it."""
    for place in (path, path.with_name(path.name + ".new")):
        try:
            key = _load(place)
        except RegistryError:
            continue
        if key.public == public:
            return key
    return None


_LOADED: dict[Path, tuple[tuple[int, ...], SigningKey]] = {}
"""Keys that were read, each with what its file was then."""


def _load(path: Path) -> SigningKey:
    """The key in a file, read again when it is another file or anything about it has changed."""
    try:
        now = path.stat()
    except OSError:
        return SigningKey.load(path)
    stamp = (now.st_dev, now.st_ino, now.st_mode, now.st_size, now.st_mtime_ns, now.st_ctime_ns)
    kept = _LOADED.get(path)
    if kept is None or kept[0] != stamp:
        kept = _LOADED[path] = (stamp, SigningKey.load(path))
    return kept[1]
