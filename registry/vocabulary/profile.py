"""The extended marker profile of a cell type, as its ontology reports it in words: information only."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, SKOS

from registry.vocabulary.term_files import CPR, content


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One reported marker: its name, the characteristic it is (if it is one), the sense, and what it is worth.

    ``status`` is ``identity``, ``reported``, ``disputed``, ``reported both ways``, ``mouse marker`` or
    ``several molecules``.
    """

    cell_type: str
    name: str
    characteristic: str | None
    positive: bool
    status: str
    note: str
    sources: tuple[str, ...]


@cache
def profile() -> tuple[ProfileLine, ...]:
    """Every line of ``ontology/profile.ttl``, in its order."""
    graph = Graph(bind_namespaces="none")
    graph.parse(data=content("profile.ttl"), format="turtle")
    lines = sorted(graph.subjects(RDF.type, CPR.ProfileLine), key=str)
    return tuple(_line(graph, URIRef(str(line))) for line in lines)


def _line(graph: Graph, line: URIRef) -> ProfileLine:
    characteristic = graph.value(line, CPR.characteristic)
    return ProfileLine(
        cell_type=str(graph.value(line, CPR.identifies)),
        name=str(graph.value(line, CPR.reportedName)),
        characteristic=str(characteristic) if characteristic else None,
        positive=graph.value(line, CPR.sense) == CPR.Positive,
        status=str(graph.value(line, CPR.profileStatus)),
        note=str(graph.value(line, SKOS.definition)),
        sources=tuple(sorted(str(one) for one in graph.objects(line, DCTERMS.source))),
    )
