"""One of the processes of ``cores``: reads the ledger of one folder, and answers what is asked of some lots.

It is a little kinder to whoever else wants the processor, such as a page. What cannot be answered is answered by None.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from registry.errors import RegistryError
from registry.services.lot_index import Judgement
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.queries.lot_triples import verdict_records
from registry.services.registry import Registry

KINDNESS = 5


def follows(registry: Registry, lots: Sequence[str]) -> Mapping[str, bytes]:
    """Lot → N-Triples of what follows for it."""
    with registry.ledger.one_moment():
        return verdict_records(registry.states, registry.names, lots)


def lines(registry: Registry, lots: Sequence[str]) -> list[Judgement]:
    """What the line of each lot says, at the ledger's size."""
    with registry.ledger.one_moment():
        return judged_lines(registry.states, registry.terms, lots, registry.ledger.size())


WORK = {"follows": follows, "lines": lines}


def main(folder: str) -> None:
    """Answer until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(KINDNESS)
    connection, registry = Connection(os.dup(0)), Registry.open(Path(folder))
    try:
        while True:
            work, lots = connection.recv()
            connection.send(_answer(registry, work, lots))
    except (EOFError, OSError):
        registry.close()


def _answer(registry: Registry, work: str, lots: Sequence[str]) -> Any:
    try:
        return WORK[work](registry, lots)
    except RegistryError:
        return None


if __name__ == "__main__":
    main(sys.argv[1])
