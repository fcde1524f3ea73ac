"""The graph as it is read, and as it would be if it were made anew: for the audit.

What is read is the newest snapshot, which queries and exports read too. What it is held against is made in memory, so
that nothing is written where nothing can be.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph

from registry.errors import Corrupt, Unavailable
from registry.graph.store import snapshots
from registry.graph.store.owner import Graph
from registry.graph.store.projection import Ledger
from registry.graph.store.rocksdb import lines_of


def held_lines(folder: Path) -> tuple[int, list[str]]:
    """(ledger size, every quad as its line of N-Quads) of the newest snapshot.

    Raises Unavailable when there is none, Corrupt when it is damaged.
    """
    lease = snapshots.lease(folder)
    if lease is None:
        raise Unavailable("The graph is not built yet.", expected="a snapshot", found="none", where=str(folder))
    try:
        return lease.snapshot.size, lines_of(pyoxigraph.Store.read_only(str(lease.snapshot.path)))
    except (OSError, RuntimeError, ValueError) as error:
        raise Corrupt(
            "The graph's files cannot be read.", expected="what the registry wrote", found=str(error)[:300],
            where=lease.snapshot.path.name, todo="Make the graph anew from the ledger.", action="rebuild",
        ) from error  # fmt: skip
    finally:
        lease.release()


def made_lines(graph: Graph, ledger: Ledger) -> list[str]:
    """The lines of the same graph made from the ledger, in memory."""
    return lines_of(graph.in_memory(ledger).store)
