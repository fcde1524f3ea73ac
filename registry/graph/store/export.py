"""The graph written to a file, named graph by named graph: TriG and N-Quads.

The default graph is not written: it is the union of the named ones, and whoever loads the file can make it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Literal

import pyoxigraph

from registry.errors import Unavailable
from registry.graph.store import snapshots

Quads = Literal["trig", "nquads"]
_FORMATS = {"trig": pyoxigraph.RdfFormat.TRIG, "nquads": pyoxigraph.RdfFormat.N_QUADS}


def export_snapshot(folder: Path, output: BinaryIO, form: Quads, prefixes: dict[str, str]) -> int:
    """Write the newest snapshot in ``folder``; answers the ledger's size that it holds. Raises Unavailable for none."""
    held = snapshots.lease(folder)
    if held is None:
        raise Unavailable("The graph is not built yet.", todo="Ask again in a moment.")
    try:
        _write(_grouped(pyoxigraph.Store.read_only(str(held.snapshot.path))), output, form, prefixes)
        return held.snapshot.size
    finally:
        held.release()


def export_graphs(graphs: Iterable[tuple[str, bytes]], output: BinaryIO, form: Quads, prefixes: dict[str, str]) -> None:
    """Write these graphs, each a name and N-Triples."""
    _write(_parsed(graphs), output, form, prefixes)


def _grouped(store: pyoxigraph.Store) -> Iterator[pyoxigraph.Quad]:
    for name in sorted(store.named_graphs(), key=str):
        yield from store.quads_for_pattern(None, None, None, name)


def _parsed(graphs: Iterable[tuple[str, bytes]]) -> Iterator[pyoxigraph.Quad]:
    for name, ntriples in graphs:
        graph = pyoxigraph.NamedNode(name)
        for quad in pyoxigraph.parse(ntriples, format=pyoxigraph.RdfFormat.N_TRIPLES):
            yield pyoxigraph.Quad(quad.subject, quad.predicate, quad.object, graph)


def _write(quads: Iterator[pyoxigraph.Quad], output: BinaryIO, form: Quads, prefixes: dict[str, str]) -> None:
    pyoxigraph.serialize(quads, output, _FORMATS[form], prefixes=prefixes if form == "trig" else None)
