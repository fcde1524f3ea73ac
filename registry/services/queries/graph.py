"""The graph that follows the ledger, and the queries asked of it."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from registry import specifications, vocabulary
from registry.graph import Follower, Graph, Limits, QueryService, ontology_of
from registry.graph.store.projection import Entry
from registry.records.kinds import kind
from registry.services.context import Parts
from registry.services.queries.lot_triples import verdict_records


def slices(parts: Parts) -> Iterator[tuple[str, bytes]]:
    """What stands in the graph beside the records: the ontologies, and every shipped specification, approved or not.

    So one can ask which lots would conform to a specification that nobody has approved yet.
    """
    yield from vocabulary.graph_files(parts.current.ntriples())
    for one in specifications.shipped():
        yield f"specification/{one.id}/{one.version}", one.ntriples


class OwnGraphs:
    """The ontologies that stand under an IRI of their own, outside the registry's base: FROM may name them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def __contains__(self, graph: object) -> bool:
        return any(ontology_of(name, data) == graph for name, data in slices(self._parts))


class Knowledge:
    """The graph of one registry and its query service. Safe for threads."""

    def __init__(self, parts: Parts, seconds: float = 10.0) -> None:
        self._parts = parts
        self.graph = self._graph(parts.directory / "graph")
        self._follower = Follower(self.graph, parts.ledger)
        self.service = QueryService(
            self.graph.folder,
            parts.names.base,
            limits=Limits(seconds=seconds),
            own_graphs=OwnGraphs(parts),
            refresh=self._follower.refresh,
        )

    def _graph(self, folder: Path) -> Graph:
        return Graph(
            folder,
            self._parts.names.base,
            slices=lambda: slices(self._parts),
            derive=self._verdicts,
            concerns=self._concerned,
        )

    def _concerned(self, entry: Entry) -> Iterable[str]:
        """The lots whose verdict an entry may change, as the row of its kind says."""
        return self._parts.lots.reached(entry, kind(entry.kind).verdict)

    def _verdicts(self, lots: Sequence[str]) -> Mapping[str, bytes]:
        return verdict_records(self._parts, lots)

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

    def rebuild(self) -> int:
        """Make the graph anew, here or in the process that owns it; answers the size it stands at then."""
        return self._follower.rebuild()

    def held_and_expected(self) -> tuple[Iterator[Hashable], list[Hashable]]:
        """The quads that the graph holds, and those of one made from the ledger in an empty folder, for the audit."""
        self._follower.refresh()
        with tempfile.TemporaryDirectory(dir=self._parts.directory) as folder, self._graph(Path(folder)) as anew:
            anew.rebuild(self._parts.ledger)
            expected: list[Hashable] = list(anew.quads())
        return self.graph.quads(), expected

    def close(self) -> None:
        """End the query helper and let another process write the graph."""
        self.service.close()
        self.graph.close()
