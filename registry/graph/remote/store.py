"""What is written at the service: named graphs, the one graph that is their union, and where all of it stands.

The union is a graph of its own, ``<base>graph/union``: what the default graph of a service holds differs from one to
the next (a Virtuoso's holds its own settings too). ``<base>graph/standing`` says in one line how far the ledger is
applied; while something is written it says so, and nobody is answered. Every step can be done again with the same
result, and "whole" is said last: after a crash the same entries are applied once more.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pyoxigraph

from registry.errors import Corrupt, Refused
from registry.graph.remote import results
from registry.graph.remote.http import Http
from registry.graph.store.projection import VERSION
from registry.identifiers import CPR

_BULK = 4_000_000
"""Bytes of N-Triples sent in one request."""
_AT_ONCE = 40
"""Triples asked about, or deleted, in one request: an engine's compiler grows faster than its query."""
_SECONDS = 120.0
"""One request may take so long to be written: by then something else is wrong."""
_MOST = 200_000_000
_STANDING = re.compile(r"(whole|written) ([0-9]+) ([0-9]+) (\S+) ([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Standing:
    """``size`` entries are applied, of which the newest with a record has the hash ``head``; ``turn`` is never twice.

    ``whole`` is False while the service is written to, and after whoever wrote ended early.
    """

    whole: bool
    version: int
    size: int
    head: str
    turn: str = ""


NOTHING = Standing(False, 0, 0, "-")


class RemoteStore:
    """The graphs of one registry at one service. One process writes; any number read."""

    def __init__(self, http: Http, base: str) -> None:
        self._http = http
        self._path, self._update = http.service.store, http.service.update
        self.base = base
        self.union = f"{base}graph/union"
        self.standing_graph = f"{base}graph/standing"
        self.files_graph = f"{base}graph/files"
        self.own = frozenset({self.union, self.standing_graph, self.files_graph})
        self.ledger = f"{base}ledger"

    # Where it stands

    def standing(self, seconds: float = _SECONDS) -> Standing:
        """What the service says of itself; ``NOTHING`` when it says nothing, or anything that is not understood."""
        texts = [
            triple.object.value
            for triple in self.read(self._get(self.standing_graph, seconds))
            if isinstance(triple.object, pyoxigraph.Literal)
        ]
        told = _STANDING.fullmatch(texts[0]) if len(texts) == 1 else None
        if told is None:
            return NOTHING
        return Standing(told[1] == "whole", int(told[2]), int(told[3]), told[4], told[5])

    def stand(self, size: int, head: str, *, whole: bool) -> None:
        """Say how far the ledger is applied, and whether it may be read."""
        word = "whole" if whole else "written"
        text = f"{word} {VERSION} {size} {head or '-'} {secrets.token_hex(8)}"
        self._put(self.standing_graph, f'<{self.standing_graph}> <{CPR}standing> "{text}" .\n'.encode())

    def files(self) -> dict[str, str]:
        """The graphs that ontologies stand in, and the digest of what was written there."""
        return {
            triple.subject.value: triple.object.value
            for triple in self.triples(self.files_graph)
            if isinstance(triple.subject, pyoxigraph.NamedNode) and isinstance(triple.object, pyoxigraph.Literal)
        }

    def list_files(self, digests: Mapping[str, str]) -> None:
        """Keep which graphs ontologies stand in."""
        lines = [f'<{graph}> <{CPR}loadedDigest> "{digest}" .\n' for graph, digest in sorted(digests.items())]
        self._put(self.files_graph, "".join(lines).encode())

    # Graphs

    def add_all(self, graphs: Iterable[tuple[str, bytes]]) -> None:
        """Add many graphs, the union in large portions."""
        pieces, size = list[bytes](), 0
        for graph, ntriples in graphs:
            self._post(graph, ntriples)
            pieces.append(ntriples)
            size += len(ntriples)
            if size >= _BULK:
                self._post(self.union, b"".join(pieces))
                pieces, size = [], 0
        self._post(self.union, b"".join(pieces))

    def replace(self, graph: str, ntriples: bytes) -> None:
        """Make ``graph`` hold exactly this; the union loses what no other graph holds.

        An engine may take two spellings of one value for one (``1.50`` and ``1.5``): what goes is taken away first, and
        all that stays is written again after it.
        """
        new = set(self.read(ntriples))
        gone = [triple for triple in self.triples(graph) if triple not in new]
        self._forget(graph, [triple for triple in gone if not isinstance(triple.subject, pyoxigraph.BlankNode)])
        if ntriples:
            self._put(graph, ntriples)
            self._post(self.union, ntriples)
        else:
            self._send("DELETE", graph)

    def _forget(self, graph: str, triples: Sequence[pyoxigraph.Triple]) -> None:
        rest = iter(triples)
        while some := list(islice(rest, _AT_ONCE)):
            elsewhere = self._elsewhere(graph, some)
            gone = [f"{triple} ." for place, triple in enumerate(some) if place not in elsewhere]
            if gone:
                self._run(f"DELETE DATA {{ GRAPH <{self.union}> {{ {' '.join(gone)} }} }}")

    def _elsewhere(self, graph: str, triples: Sequence[pyoxigraph.Triple]) -> set[int]:
        """Which of these stand in another named graph too."""
        parts = [f"{{ GRAPH ?g {{ {triple} }} BIND({place} AS ?place) }}" for place, triple in enumerate(triples)]
        own = {graph, *self.own}
        rows = self._rows(f"SELECT ?place ?g {{ {' UNION '.join(parts)} }}")
        return {int(place) for place, where in rows if where not in own}

    def graphs(self) -> set[str]:
        """The named graphs under the registry's base, but for those that are this module's own."""
        # Virtuoso 7.2 takes a minute for SELECT DISTINCT ?g, and 30 ms for this.
        rows = self._rows("SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {name for (name,) in rows if name.startswith(self.base)} - self.own

    def clear(self, others: Iterable[str] = ()) -> None:
        """Forget every graph of this registry, and those ``others``; nothing else at the service is touched."""
        for graph in [self.union, *sorted(self.graphs() | set(others))]:
            self._run(f"CLEAR SILENT GRAPH <{graph}>")

    def triples(self, graph: str) -> list[pyoxigraph.Triple]:
        """What a named graph holds."""
        rows = self._terms(f"SELECT ?s ?p ?o {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
        return [pyoxigraph.Triple(*row) for row in rows]  # type: ignore[arg-type]  # subject, predicate and object

    # Requests

    def _get(self, graph: str, seconds: float = _SECONDS) -> bytes:
        headers = {"Accept": "application/n-triples"}
        answer = self._http.send("GET", self._path, {"graph": graph}, headers=headers, seconds=seconds, most=_MOST)
        return b"" if answer.status == 404 else answer.body

    def _put(self, graph: str, ntriples: bytes) -> None:
        self._send("PUT", graph, ntriples)

    def _post(self, graph: str, ntriples: bytes) -> None:
        if ntriples:
            self._send("POST", graph, ntriples)

    def _send(self, method: str, graph: str, ntriples: bytes | None = None) -> None:
        # Every triple of N-Triples is Turtle, and every service reads Turtle.
        headers = {"Content-Type": "text/turtle; charset=utf-8"} if ntriples is not None else {}
        self._http.send(method, self._path, {"graph": graph}, ntriples, headers, seconds=_SECONDS)

    def _run(self, update: str) -> None:
        self._http.form(self._update, {"update": update}, "*/*", seconds=_SECONDS)

    def _rows(self, query: str) -> list[tuple[str, ...]]:
        """The rows of our own small queries, as texts."""
        return [tuple(str(getattr(term, "value", "")) for term in row) for row in self._terms(query)]

    def _terms(self, query: str) -> list[tuple[object, ...]]:
        """The rows of our own queries. Of a query, unlike of the Graph Store Protocol, it is known to be whole."""
        where = self._http.service.query
        answer = self._http.form(
            where, {"query": query}, "application/sparql-results+json", seconds=_SECONDS, most=_MOST
        )
        if "x-sparql-maxrows" in answer.headers:
            raise Refused(
                "The service that keeps the graph gives fewer rows than one graph has triples.",
                expected="ResultSetMaxRows above the largest graph", found=answer.headers["x-sparql-maxrows"][:20],
                where=self._http.service.shown, todo="Set it higher in the service's settings.",
            )  # fmt: skip
        return results.terms(answer.body)

    def read(self, ntriples: bytes) -> list[pyoxigraph.Triple]:
        """N-Triples read; raises Corrupt for anything else."""
        try:
            return [quad.triple for quad in pyoxigraph.parse(ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES)]
        except SyntaxError as error:
            raise Corrupt(
                "The service that keeps the graph answered in something else than N-Triples.",
                expected="N-Triples", found=str(error.msg)[:200], where=self._http.service.shown,
            ) from error  # fmt: skip
