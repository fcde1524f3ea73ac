"""Everything that a new graph is filled with, read once and in order, piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from registry.graph.store.projection import Entry, Ledger, project, twice

Derive = Callable[[Sequence[str]], Mapping[str, bytes]]
DeriveAll = Callable[[Sequence[Sequence[str]]], Iterator[Mapping[str, bytes]]]
Concerns = Callable[[Entry], Iterable[str]]
Following = Callable[[Iterable[str]], Iterator[Mapping[str, bytes]]]


def in_turn(derive: Derive | None) -> DeriveAll:
    """``derive`` of one portion after the other; of none where nothing follows for lots."""
    return lambda portions: map(derive, portions) if derive is not None else iter(())


class Filling:
    """What a ledger says and what follows from it; ``size`` and ``head`` say how far that was read.

    ``head`` is the hash of the newest entry with a record. ``concerns`` gives the lots that an entry concerns,
    ``following`` what follows for lots: graph and N-Triples, some at a time.
    """

    def __init__(self, ledger: Ledger, base: str, concerns: Concerns, following: Following) -> None:
        self._ledger, self._base = ledger, base
        self._concerns, self._following = concerns, following
        self.size = 0
        self.head: str | None = None

    def quads(self) -> Iterator[bytes]:
        """N-Quads piece by piece, each triple in its named graph and in the default graph."""
        lots = set[str]()
        for entry, record in self._ledger.entries_with_records(0):
            yield project(entry, record.ntriples if record else b"", self._base)
            self.size = entry.position
            if entry.record:
                self.head = entry.hash
                lots.update(self._concerns(entry))
        for follows in self._following(lots):
            yield b"".join(twice(triples, graph) for graph, triples in follows.items())
