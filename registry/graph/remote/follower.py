"""The graph at the service brought up to the ledger: by one thread, in batches, each whole or not read."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote

import pyoxigraph

from registry.errors import Refused, RegistryError, Unavailable, Unknown
from registry.graph.remote.store import NOTHING, RemoteStore, Standing
from registry.graph.remote.values import values
from registry.graph.store.fill import Concerns, Derive
from registry.graph.store.follower import PATIENCE
from registry.graph.store.owner import BATCH, Slices
from registry.graph.store.projection import VERSION, Entry, Ledger, Record, facts, shown
from registry.graph.store.rocksdb import ontology_of
from registry.identifiers import Names

_PAUSE = 1.0
_LOOK = 0.02
_log = logging.getLogger(__name__)


class RemoteFollower:
    """Brings ``store`` up to ``ledger``. ``slices``, ``derive`` and ``concerns`` are as in ``Graph``.

    Of several servers of the same registry the one whose ``leads`` says so follows, and the others only ask.
    """

    def __init__(
        self, store: RemoteStore, ledger: Ledger, slices: Slices, derive: Derive, concerns: Concerns,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        self.store, self.ledger = store, ledger
        self._slices, self._derive, self._concerns = slices, derive, concerns
        self._leads = leads
        self._names = Names(store.base)
        self._lock = threading.Lock()
        self._asked, self._ended = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._known, self._looked, self._said = NOTHING, False, ""

    # For who asks

    def refresh(self, wait: float = PATIENCE) -> int:
        """The ledger's size, once the service shows it or ``wait`` seconds are over; without a thread, done here."""
        size, begun = self.ledger.size(), time.monotonic()
        if self._thread is None and not self._shows(size) and self._leads():
            self.catch_up()
        while not self._shows(size) and time.monotonic() - begun < wait:
            if self._thread is None:  # another process follows
                self._known = self.store.standing()
            self._asked.set()
            time.sleep(_LOOK)
        return size

    def _shows(self, size: int) -> bool:
        return self._known.whole and self._known.size >= size

    def lag(self) -> int:
        """How many entries the service was behind when it was last looked at."""
        return self.ledger.size() - self._known.size

    # A server's thread

    def start(self) -> None:
        """Follow in a thread of its own."""
        self._ended.clear()
        self._thread = threading.Thread(target=self._follow, name="remote graph", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following; what is being written is finished first."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self) -> None:
        while not self._ended.is_set():
            try:
                if not self._leads():
                    self._known, self._looked = self.store.standing(), False
                elif not self._looked or not self._shows(self.ledger.size()):
                    self.catch_up()
            except (RegistryError, OSError) as error:
                self._known = NOTHING
                if not isinstance(error, Unavailable) and type(error).__name__ != self._said:
                    self._said = type(error).__name__  # once, not each second for as long as the disk is full
                    _log.error(
                        "the graph at the service does not follow the ledger: %s",
                        error,
                        exc_info=not isinstance(error, OSError),
                    )
                self._ended.wait(_PAUSE)
            else:
                self._said = ""
            self._asked.wait(_PAUSE)
            self._asked.clear()

    # Following the ledger

    def catch_up(self) -> int:
        """Apply every entry that the service does not hold; answers the size it stands at then."""
        with self._lock:
            standing = self.store.standing()
            if self._must_begin_anew(standing):
                self._fill()
            else:
                self._go_on(standing)
            self._known, self._looked = self.store.standing(), True
            return self._known.size

    def _go_on(self, standing: Standing) -> None:
        size, head, changed = standing.size, standing.head, not standing.whole
        if not self._looked:  # what stands beside the records comes with the program: it may be a newer one
            changed = self._replace_files(size, head) or changed
        entries = self.ledger.entries_with_records(size)
        while batch := list(islice(entries, BATCH)):
            if not self._leads():
                raise Unavailable("Another server follows the ledger since.", todo="Ask again: it goes on with it.")
            self.store.stand(size, head, whole=False)
            self._apply(batch, size, head)
            size, head, changed = batch[-1][0].position, _head(batch) or head, True
        if changed:
            self.store.stand(size, head, whole=True)

    def rebuild(self) -> int:
        """Forget the graph and make it again; answers its size. Raises Refused where another process follows."""
        if not self._leads():
            raise Refused(
                "Another process brings this service up to the ledger.", expected="one that writes to it",
                found="another server of this registry", todo="Stop that server, or ask it to make the graph anew.",
            )  # fmt: skip
        with self._lock:
            self._fill()
            self._known = self.store.standing()
            return self._known.size

    def _must_begin_anew(self, standing: Standing) -> bool:
        """True for none, for one of another version, of another ledger, or of more of this one than there is."""
        if standing.version != VERSION or standing.size == 0 or standing.size > self.ledger.size():
            return True
        return not self._knows(standing)

    def _knows(self, standing: Standing) -> bool:
        if standing.head == "-":
            return True
        for position in range(standing.size, 0, -1):
            try:
                entry = self.ledger.entry(position)
            except Unknown:
                return False
            if entry.record:
                return entry.hash == standing.head
        return False

    def _fill(self) -> None:
        """From nothing: the ontologies, every entry, what follows from them; only then say where it stands."""
        self.store.stand(0, "-", whole=False)
        files = dict(self._files())
        self.store.clear(files)
        self.store.add_all(sorted(files.items()))
        self.store.list_files({graph: hashlib.sha256(triples).hexdigest() for graph, triples in files.items()})
        size, head, lots = 0, "-", set[str]()
        entries = self.ledger.entries_with_records(0)
        while batch := list(islice(entries, BATCH)):
            self.store.add_all(self._graphs(batch))
            size, head = batch[-1][0].position, _head(batch) or head
            lots |= self._lots(batch)
        for follows in self._following(lots):
            self.store.add_all((graph, triples) for graph, triples in follows if triples)
        self.store.stand(size, head, whole=True)

    def _apply(self, batch: Sequence[tuple[Entry, Record | None]], size: int, head: str) -> None:
        self.store.add_all(self._graphs(batch))
        if any(entry.kind.startswith("ontology") for entry, _record in batch):
            self._replace_files(size, head)
        for follows in self._following(self._lots(batch)):
            for graph, triples in follows:
                self.store.replace(graph, triples)

    def _graphs(self, batch: Sequence[tuple[Entry, Record | None]]) -> Iterator[tuple[str, bytes]]:
        """Named graph and N-Triples of entries and their records."""
        yield self.store.ledger, b"".join(facts(entry, self.store.base) for entry, _record in batch)
        for entry, record in batch:
            if record is not None and entry.record and shown(entry):
                yield self._names.record(entry.record), record.ntriples

    def _lots(self, batch: Sequence[tuple[Entry, Record | None]]) -> set[str]:
        return {lot for entry, _record in batch if entry.record for lot in self._concerns(entry)}

    def _following(self, lots: Iterable[str]) -> Iterator[list[tuple[str, bytes]]]:
        rest = iter(sorted(lots))
        while some := list(islice(rest, BATCH)):
            verdicts = self._derive(some)
            yield [(f"{self.store.base}verdict/{quote(lot, safe='')}", verdicts.get(lot, b"")) for lot in some]

    # For the audit

    def expected(self) -> set[tuple[str, Hashable]]:
        """Graph and triple of everything that follows from the ledger, by value; the union under its own name."""
        graphs = dict(self._files())
        lots = set[str]()
        for entry, record in self.ledger.entries_with_records(0):
            for graph, triples in self._graphs([(entry, record)]):
                graphs[graph] = graphs.get(graph, b"") + triples
            lots |= self._lots([(entry, record)])
        for follows in self._following(lots):
            graphs.update(follows)
        rows = {(graph, value) for graph, triples in graphs.items() for value in values(self.store.read(triples))}
        return rows | {(self.store.union, value) for _graph, value in rows}

    def held(self) -> set[tuple[str, Hashable]]:
        """Graph and triple of everything of this registry that the service holds, by value."""
        names = self.store.graphs() | self.store.files().keys() | {self.store.union}
        return {(name, value) for name in names for value in values(self.store.triples(name))}

    # Ontologies

    def _files(self) -> Iterator[tuple[str, bytes]]:
        """The graph that each ontology stands in, and its N-Triples."""
        for name, turtle in self._slices():
            digest = hashlib.sha256(turtle).hexdigest()[:12]
            yield ontology_of(name, turtle) or f"{self.store.base}ontology/{name}", self._named(turtle, digest)

    def _named(self, turtle: bytes, digest: str) -> bytes:
        """As N-Triples, blank nodes under names of their own (RDF 1.1 Concepts, section 3.5): they load alike twice."""
        names: dict[str, pyoxigraph.NamedNode] = {}

        def named(term: object) -> object:
            if not isinstance(term, pyoxigraph.BlankNode):
                return term
            label = f"{self.store.base}.well-known/genid/{digest}-{len(names)}"
            return names.setdefault(term.value, pyoxigraph.NamedNode(label))

        lines = [
            f"{named(quad.subject)} {quad.predicate} {named(quad.object)} .\n"
            for quad in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.TURTLE)
        ]
        return "".join(lines).encode()

    def _replace_files(self, size: int, head: str) -> bool:
        """Write the ontologies that changed, drop those that are gone; True when any did."""
        held, given = self.store.files(), dict(self._files())
        digests = {graph: hashlib.sha256(triples).hexdigest() for graph, triples in given.items()}
        if held == digests:
            return False
        self.store.stand(size, head, whole=False)
        for graph in held.keys() - digests.keys():
            self.store.replace(graph, b"")
        for graph in sorted(graph for graph, digest in digests.items() if held.get(graph) != digest):
            self.store.replace(graph, given[graph])
        self.store.list_files(digests)
        return True


def _head(batch: Sequence[tuple[Entry, Record | None]]) -> str | None:
    return next((entry.hash for entry, _record in reversed(batch) if entry.record), None)
