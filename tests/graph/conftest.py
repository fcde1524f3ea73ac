"""A ledger of a few lots, and what is read of its graph."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph
import pytest

from registry.graph import Graph
from registry.identifiers import CPR, Names
from registry.ledger import Ledger, NewEntry
from registry.records import IRI, RDF_TYPE, Record, literal, write

BASE = "https://registry.example/"
ONTOLOGY = [("stages.ttl", b"<http://x/stage> <http://www.w3.org/2000/01/rdf-schema#label> 'after thaw' .")]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return new_ledger(tmp_path / "data")


def new_ledger(folder: Path) -> Ledger:
    """An empty ledger: its first entry alone."""
    return Ledger.create(folder, base=BASE, public_key=base64.b64encode(bytes(range(32))).decode(), actor="local:test")


def lot_record(lot: str, *, passage: int = 4, results: int = 3) -> Record:
    """What is said of one lot: a few triples of its own, and one that every lot's record says."""
    subject = IRI(Names(BASE).lot(lot))
    said = [
        (subject, RDF_TYPE, IRI(CPR + "Lot")),
        (subject, CPR + "passage", literal(passage)),
        (IRI(BASE + "product/POI-M"), RDF_TYPE, IRI(CPR + "Product")),
    ]
    said += [(subject, CPR + "result", IRI(f"{Names(BASE).panel(lot)}#r{number}")) for number in range(results)]
    return write(said)


def submit(ledger: Ledger, *lots: str, passage: int = 4, results: int = 3) -> None:
    """One entry a lot."""
    ledger.append(
        [NewEntry("lot", lot_record(lot, passage=passage, results=results), lots=(lot,)) for lot in lots],
        actor="lab.one",
    )


def derive(lots: Sequence[str]) -> Mapping[str, bytes]:
    """A verdict for every lot; the same one for all, so that several graphs hold one triple."""
    shared = (IRI(BASE + "product/POI-M"), CPR + "hasVerdicts", literal(True))
    return {
        lot: write([(IRI(Names(BASE).lot(lot)), CPR + "verdict", IRI(CPR + "Pass")), shared]).ntriples for lot in lots
    }


def quads_of(graph: Graph) -> list[tuple[str, str, str, str]]:
    """Its quads as terms in N-Triples notation, the graph ``""`` for the default graph, in no order."""
    quads = pyoxigraph.parse("\n".join(graph.lines()), pyoxigraph.RdfFormat.N_QUADS)
    return [
        (str(quad.subject), str(quad.predicate), str(quad.object),
         "" if isinstance(quad.graph_name, pyoxigraph.DefaultGraph) else str(quad.graph_name))
        for quad in quads
    ]  # fmt: skip


def union(quads: Iterable[tuple[str, str, str, str]]) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """(triples of the default graph, triples of all named graphs)."""
    default, named = set(), set()
    for subject, predicate, object_, graph in quads:
        (named if graph else default).add((subject, predicate, object_))
    return default, named
