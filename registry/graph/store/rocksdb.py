"""The store that is written: ``graph/live``, held by one process at a time.

Nothing here is flushed to the disk, and no step is one transaction with the next: every step can be done again with
the same result, and the position is moved last. After a crash the same entries are applied once more.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph

from registry.errors import Unreadable
from registry.graph.store.projection import VERSION
from registry.graph.store.tallies import Tallies
from registry.identifiers import CPR
from registry.namespaces import OWL, RDF, XSD

_RDF_TYPE = pyoxigraph.NamedNode(RDF + "type")
_ONTOLOGY = pyoxigraph.NamedNode(OWL + "Ontology")
_INTEGER = pyoxigraph.NamedNode(XSD + "integer")
_SIZE, _VERSION = pyoxigraph.NamedNode(CPR + "size"), pyoxigraph.NamedNode(CPR + "projectionVersion")
_HEAD, _HASH = pyoxigraph.NamedNode(CPR + "head"), pyoxigraph.NamedNode(CPR + "hash")
_POSITION = pyoxigraph.NamedNode(CPR + "position")
_LOADED = pyoxigraph.NamedNode(CPR + "loadedDigest")
_REPLACED = pyoxigraph.Literal("being replaced")
_Triple = tuple[
    "pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Triple", pyoxigraph.NamedNode,
    "pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple",
]  # fmt: skip


Work = Counter[tuple[str, str]]
"""Entries by account and kind, each as a literal in N-Triples."""
PORTION = 24_000_000
"""Bytes of N-Quads loaded at once: all at once makes a store of little more than half the size, in 2.2 GB of memory."""


class Live:
    """The live store, its default graph kept as the union of its named graphs; in memory where ``path`` is None."""

    def __init__(self, path: Path | None, base: str) -> None:
        self.store = pyoxigraph.Store() if path is None else pyoxigraph.Store(str(path))
        self.ledger = pyoxigraph.NamedNode(base + "ledger")
        self._tallies = Tallies(path and path.with_name("tallies.sqlite"), base)

    def load(self, nquads: bytes) -> None:
        """Add quads; doing it again changes nothing."""
        self.store.load(nquads, pyoxigraph.RdfFormat.N_QUADS)

    def fill(self, nquads: Iterable[bytes]) -> None:
        """Add any number of quads, in large portions; only for a store that is thrown away should this end early.

        They are ours, written a moment before: they are not checked again.
        """
        with ThreadPoolExecutor(1, "graph load") as loader:
            loaded = loader.submit(int)
            for portion in _portions(nquads):
                # One is loaded, outside of Python's lock, while the next is written.
                loaded.result()
                loaded = loader.submit(self._load_in_bulk, portion)
            loaded.result()

    def _load_in_bulk(self, nquads: bytes) -> int:
        self.store.bulk_load(nquads, pyoxigraph.RdfFormat.N_QUADS, lenient=True)
        return len(nquads)

    def position(self) -> int:
        """How many ledger entries the graph holds: 0 when new, or when another version of the projection made it."""
        if self._said(self.ledger, _VERSION) != {str(VERSION)}:
            return 0
        # Two stand side by side when a crash came between adding the new and removing the old.
        return min((int(size) for size in self._said(self.ledger, _SIZE)), default=0)

    def heads(self) -> dict[str, int]:
        """Hash and position of the newest entry with a record; two after a crash, of which one is right."""
        sizes = {}
        for head in self._said(self.ledger, _HEAD):
            for quad in self.store.quads_for_pattern(None, _HASH, pyoxigraph.Literal(head), self.ledger):
                sizes[head] = int(str(quad.subject).rsplit("/", 1)[-1].rstrip(">"))
        return sizes

    def holds_entries(self) -> bool:
        """True when any ledger entry was applied, whether or not the position was moved."""
        return next(self.store.quads_for_pattern(None, _POSITION, None, self.ledger), None) is not None

    def stand_at(self, size: int, head: str | None) -> None:
        """Move the position, when everything up to it is applied; ``head`` of None leaves that as it is."""
        if head is not None:
            self._say_only(self.ledger, _HEAD, pyoxigraph.Literal(head))
        self._say_only(self.ledger, _VERSION, pyoxigraph.Literal(str(VERSION), datatype=_INTEGER))
        self._say_only(self.ledger, _SIZE, pyoxigraph.Literal(str(size), datatype=_INTEGER))

    def tally(self, size: int, lots: Iterable[str] = (), work: Work | None = None) -> None:
        """Count what these lots add (their IRIs) and the entries by account and kind, all that is new up to ``size``.

        Without ``work``, and where it is not known what was counted up to the graph's position, everything is counted.
        """
        known = work is not None and self._tallies.stands_at() == self.position()
        if known and work is not None:
            changed = self._tallies.count(self.store, size, lots, work)
        else:
            changed = self._tallies.count_anew(self.store, size)
            prefix = self.ledger.value.removesuffix("ledger") + "tally/"
            gone = {str(graph.value) for graph in self.store.named_graphs() if graph.value.startswith(prefix)}
            changed |= dict.fromkeys(gone - set(changed), b"")
        for graph, triples in changed.items():
            self.replace(graph, triples_of(triples))

    def replace(self, graph: str, triples: Iterable[_Triple]) -> bool:
        """Make ``graph`` hold exactly these triples; True when that changed anything.

        The default graph loses a triple only when no other graph holds it, and before the named graph does: so a crash
        in between leaves nothing behind that the next attempt would not find.
        """
        name = pyoxigraph.NamedNode(graph)
        new = set(triples)
        old = {(q.subject, q.predicate, q.object) for q in self.store.quads_for_pattern(None, None, None, name)}
        added, removed = new - old, old - new
        self.store.extend(
            pyoxigraph.Quad(*triple, where) for triple in added for where in (name, pyoxigraph.DefaultGraph())
        )
        for triple in removed:
            if not self._elsewhere(triple, name):
                self.store.remove(pyoxigraph.Quad(*triple))
            self.store.remove(pyoxigraph.Quad(*triple, name))
        if not new:
            self.store.remove_graph(name)
        return bool(added or removed)

    def _elsewhere(self, triple: _Triple, name: pyoxigraph.NamedNode) -> bool:
        others = (name, pyoxigraph.DefaultGraph())
        return any(quad.graph_name not in others for quad in self.store.quads_for_pattern(*triple, None))

    def replace_slices(self, slices: Iterable[tuple[str, bytes]], base: str) -> bool:
        """Load ontology files (name, Turtle) whose digest changed, drop those that are gone; True when any did."""
        given = [(name, data, "sha256:" + hashlib.sha256(data).hexdigest()) for name, data in slices]
        changed = not len(self.store) and self._fill_slices(given, base)
        wanted: set[str] = set()
        for file_name, data, digest in given:
            graph = self._loaded_as(digest)
            if graph is None:
                triples = _read(file_name, data, digest)
                graph = _ontology_of(triples) or f"{base}ontology/{file_name}"
                self._replace_slice(graph, triples, digest)
                changed = True
            wanted.add(graph)
        for graph in self.slices() - wanted:
            self._replace_slice(graph, (), None)
            changed = True
        return changed

    def _fill_slices(self, given: Iterable[tuple[str, bytes, str]], base: str) -> bool:
        """Load (name, Turtle, digest) in bulk into a store that holds nothing, but for those with blank nodes."""
        # Loading in bulk gives blank nodes new names.
        slices = [(read, each[2]) for each in given if b"_:" not in (read := _slice(*each, base)).quads]
        for slice_, _digest in slices:
            self._say_only(pyoxigraph.NamedNode(slice_.graph), _LOADED, _REPLACED)
        self.fill(slice_.quads for slice_, _digest in slices)
        for slice_, digest in slices:
            self._say_only(pyoxigraph.NamedNode(slice_.graph), _LOADED, pyoxigraph.Literal(digest))
        return bool(slices)

    def _replace_slice(self, graph: str, triples: Iterable[_Triple], digest: str | None) -> None:
        """The digest is said only while the graph holds exactly that."""
        name = pyoxigraph.NamedNode(graph)
        self._say_only(name, _LOADED, _REPLACED)
        self.replace(graph, triples)
        self._say_only(name, _LOADED, None if digest is None else pyoxigraph.Literal(digest))

    def slices(self) -> set[str]:
        """The graphs that ontologies stand in."""
        quads = self.store.quads_for_pattern(None, _LOADED, None, self.ledger)
        return {quad.subject.value for quad in quads if isinstance(quad.subject, pyoxigraph.NamedNode)}

    def _loaded_as(self, digest: str) -> str | None:
        quads = self.store.quads_for_pattern(None, _LOADED, pyoxigraph.Literal(digest), self.ledger)
        return next((q.subject.value for q in quads if isinstance(q.subject, pyoxigraph.NamedNode)), None)

    def _said(self, subject: pyoxigraph.NamedNode, predicate: pyoxigraph.NamedNode) -> set[str]:
        quads = self.store.quads_for_pattern(subject, predicate, None, self.ledger)
        return {quad.object.value for quad in quads if isinstance(quad.object, pyoxigraph.Literal)}

    def _say_only(
        self, subject: pyoxigraph.NamedNode, predicate: pyoxigraph.NamedNode, value: pyoxigraph.Literal | None
    ) -> None:
        """A fact about the graph itself, in the ledger's graph and the default graph: the new before no old."""
        graphs = (self.ledger, pyoxigraph.DefaultGraph())
        old = [
            quad
            for graph in graphs
            for quad in self.store.quads_for_pattern(subject, predicate, None, graph)
            if quad.object != value
        ]
        if value is not None:
            self.store.extend(pyoxigraph.Quad(subject, predicate, value, graph) for graph in graphs)
        for quad in old:
            self.store.remove(quad)


def _portions(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces together, so many that what is loaded at once is large."""
    held, size = list[bytes](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= PORTION:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def lines_of(store: pyoxigraph.Store) -> list[str]:
    """Every quad of ``store`` as its line of N-Quads, in no order."""
    return (store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode().split("\n")[:-1]


def triples_of(ntriples: bytes) -> list[_Triple]:
    """The triples of N-Triples without blank nodes; raises Unreadable for others."""
    return _read("derived facts", ntriples, "")


def _read(name: str, data: bytes, digest: str) -> list[_Triple]:
    """Turtle read so that it reads alike every time: blank nodes are named by digest and order."""
    names: dict[str, pyoxigraph.BlankNode] = {}

    def named(term: object) -> object:
        if not isinstance(term, pyoxigraph.BlankNode):
            return term
        if not digest:
            raise Unreadable("Derived facts name everything they speak of.", expected="an IRI", found=str(term))
        label = f"b{digest.removeprefix('sha256:')[:12]}n{len(names)}"
        return names.setdefault(term.value, pyoxigraph.BlankNode(label))

    try:
        return [
            (named(quad.subject), quad.predicate, named(quad.object))  # type: ignore[misc]  # as they were, or renamed
            for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE)
        ]
    except SyntaxError as error:
        where = f"{name}, line {error.lineno}" if error.lineno else name
        raise Unreadable("This is not Turtle.", expected="Turtle", found=str(error.msg)[:200], where=where) from error


@dataclass(frozen=True, slots=True)
class _Slice:
    """An ontology as N-Quads, in the graph that it stands in and in the default graph."""

    graph: str
    quads: bytes


@lru_cache(maxsize=64)
def _slice(name: str, data: bytes, digest: str, base: str) -> _Slice:
    """Kept: an audit loads the same files into a graph of its own as often as it is asked."""
    triples = _read(name, data, digest)
    graph = _ontology_of(triples) or f"{base}ontology/{name}"
    named = (pyoxigraph.NamedNode(graph), pyoxigraph.DefaultGraph())
    quads = (pyoxigraph.Quad(*triple, where) for triple in triples for where in named)
    return _Slice(graph, pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"")


@lru_cache(maxsize=64)
def ontology_of(name: str, data: bytes) -> str | None:
    """The IRI of the one ontology that this Turtle declares, which is the graph that it stands in; else None."""
    return _ontology_of(_read(name, data, "sha256:" + hashlib.sha256(data).hexdigest()))


def _ontology_of(triples: Iterable[_Triple]) -> str | None:
    """The IRI of the one ontology that ``triples`` declare."""
    declared = (subject for subject, predicate, kind in triples if predicate == _RDF_TYPE and kind == _ONTOLOGY)
    names = {subject.value for subject in declared if isinstance(subject, pyoxigraph.NamedNode)}
    return names.pop() if len(names) == 1 else None
