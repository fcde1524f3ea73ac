"""The graph that follows the ledger, and the queries asked of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from registry import specifications, vocabulary
from registry.errors import Unavailable
from registry.graph import Follower, Graph, Limits, QueryService, held_lines, made_lines, ontology_of
from registry.graph.remote.address import Service
from registry.graph.store.projection import Entry
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.records.kinds import kind
from registry.services.ontologies.current import Current
from registry.services.queries import self_description
from registry.services.queries.graph_service import GraphService

ATTEMPTS = 3
"""How often the graph is read again for an audit where something was entered meanwhile."""


def slices(current: Current) -> Iterator[tuple[str, bytes]]:
    """What stands in the graph beside the records: ontologies, shipped specifications, approved or not, and itself.

    So one can ask which lots would conform to a specification that nobody has approved yet.
    """
    yield from vocabulary.graph_files(current.ntriples())
    for shipped in specifications.shipped():
        yield f"specification/{shipped.id}/{shipped.version}", shipped.ntriples
    yield self_description.NAME, self_description.in_graph(current.base)


class OwnGraphs:
    """The ontologies that stand under an IRI of their own, outside the registry's base: FROM may name them."""

    def __init__(self, current: Current) -> None:
        self._current = current

    def __contains__(self, graph: object) -> bool:
        return any(ontology_of(name, data) == graph for name, data in slices(self._current))


class Knowledge:
    """The graph of one registry and its query service. Safe for threads.

    ``derive`` says what follows for lots, as N-Triples, ``derive_all`` for portions of many;
    ``seconds`` is how long one query may take.
    """

    def __init__(
        self,
        directory: Path,
        ledger: Ledger,
        current: Current,
        lots: LotReader,
        names: Names,
        derive: Callable[[Sequence[str]], Mapping[str, bytes]],
        derive_all: Callable[[Sequence[Sequence[str]]], Iterator[Mapping[str, bytes]]],
        seconds: float = 10.0,
    ) -> None:
        self._directory, self._ledger, self._current = directory, ledger, current
        self._lots, self._names, self._derive = lots, names, derive
        self._derive_all = derive_all
        self.graph = self._graph(directory / "graph")
        self._follower = Follower(self.graph, ledger)
        self.service = QueryService(
            self.graph.folder,
            names.base,
            limits=Limits(seconds=seconds),
            own_graphs=OwnGraphs(current),
            refresh=self._follower.refresh,
        )

    def _graph(self, folder: Path) -> Graph:
        return Graph(
            folder,
            self._names.base,
            slices=lambda: slices(self._current),
            derive=self._derive,
            derive_all=self._derive_all,
            concerns=self._concerned,
        )

    def _concerned(self, entry: Entry) -> Iterable[str]:
        """The lots whose verdict an entry may change, as the row of its kind says."""
        reach = kind(entry.kind).verdict
        if reach not in {"descendants", "product"}:
            return entry.lots
        with self._ledger.one_moment():
            return list(self._lots.reached(entry, reach))

    @contextmanager
    def following(self) -> Iterator[None]:
        """Own the graph, as soon as nobody else does, and follow the ledger in a thread."""
        self._follower.start()
        try:
            yield
        finally:
            self._follower.stop()

    def refresh(self) -> int:
        """Bring the snapshots up to the ledger; answers its size."""
        return self._follower.refresh()

    @property
    def answers(self) -> bool:
        """Whether a question asked now would be answered: not while a server makes its first graph."""
        return self._follower.answers

    def rebuild(self) -> int:
        """Make the graph anew, here or in the process that owns it; answers the size it stands at then."""
        return self._follower.rebuild()

    def held_and_expected(self) -> tuple[list[str], list[str]]:
        """The quads of the newest snapshot, and those of one made from the ledger in memory, for the audit.

        Raises Unavailable where the snapshot cannot be brought up to the ledger, Corrupt where it cannot be read.
        """
        for _attempt in range(ATTEMPTS):
            if self._ledger.writable:
                self._follower.refresh()
            shown, held = held_lines(self.graph.folder)
            expected = made_lines(self.graph, self._ledger)
            if shown == (size := self._ledger.size()):
                return held, expected
        raise Unavailable(
            "The graph shows another ledger than there is, and cannot be brought up to it.",
            expected=f"{size} entries", found=f"{shown} entries", todo="Audit a copy that can be written.",
        )  # fmt: skip

    def at(self, service: Service, *, reads_only: bool = False) -> GraphService:
        """The same graph kept by another service; nothing is made in the folder here."""
        own = tuple(name for name in (ontology_of(*each) for each in slices(self._current)) if name)
        return GraphService(
            service, self.graph.folder, self._ledger, self._names.base, lambda: slices(self._current), self._derive,
            self._concerned, lambda: own, self.service.limits, reads_only=reads_only,
        )  # fmt: skip

    def close(self) -> None:
        """End the query helper and let another process write the graph."""
        self.service.close()
        self.graph.close()
