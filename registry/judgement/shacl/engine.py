"""pySHACL, and the five ways in which it would pass what it should not (tried on 0.40 and rdflib 7.6).

It patches rdflib for the whole process while it runs: one lock. It writes into the shapes graph: a fresh graph a call,
filled from terms that cannot change. It "conforms" when a target matches nothing: the caller's job, see ``criteria``
and ``form``. It hands back a failure object where the report should be: an error here. It reads ``owl:imports`` and,
where asked, runs rules and scripts: never asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from rdflib import BNode, Graph
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from registry.errors import Corrupt

Triples = tuple[tuple[Node, Node, Node], ...]

_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Violation:
    """One result of a validation report: which shape refused what of which node, and in which words."""

    focus: str
    shape: str
    component: str
    path: str
    value: str
    message: str


@lru_cache(maxsize=64)
def parsed(data: bytes, form: str = "nt") -> Triples:
    """The triples of a graph without blank nodes, as terms that cannot change."""
    graph = Graph(bind_namespaces="none")
    graph.parse(data=data, format=form)
    return tuple(graph)


def filled(triples: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """A fresh graph of these triples."""
    graph = Graph(bind_namespaces="none")
    for triple in triples:
        graph.add(triple)
    return graph


def report(data: Graph, shapes: Triples) -> Graph:
    """The SHACL validation report of ``data`` against ``shapes``: core constraints only, every violation listed.

    Raises Corrupt when pySHACL does not answer with a report: a run that failed is not a run that conforms.
    """
    import pyshacl

    with _LOCK:
        outcome = pyshacl.validate(
            data, shacl_graph=filled(shapes), inference="none", advanced=False, js=False, abort_on_first=False,
            meta_shacl=False, do_owl_imports=False, allow_infos=False, allow_warnings=False, inplace=False,
        )  # fmt: skip
    conforms, graph, text = outcome
    if not isinstance(graph, Graph) or (None, RDF.type, SH.ValidationReport) not in graph:
        raise Corrupt("The SHACL engine gave no report.", expected="a validation report", found=str(text)[:300],
                      todo="Nothing was judged. Try again; if it stays, the installation is damaged.")  # fmt: skip
    if conforms is not ((None, SH.result, None) not in graph):
        raise Corrupt("The SHACL engine contradicts its own report.", expected="conforms only without results",
                      found=f"conforms: {conforms}")  # fmt: skip
    return graph


def violations(answer: Graph) -> list[Violation]:
    """The results of a report, in a fixed order."""
    violated = []
    for result in answer.objects(None, SH.result):
        texts = {
            name: sorted(str(value) for value in answer.objects(result, name) if not isinstance(value, BNode))
            for name in (SH.focusNode, SH.sourceShape, SH.sourceConstraintComponent, SH.resultPath, SH.value,
                         SH.resultMessage)
        }  # fmt: skip
        first = {name: values[0] if values else "" for name, values in texts.items()}
        component = first[SH.sourceConstraintComponent].removeprefix(str(SH)).removesuffix("ConstraintComponent")
        violated.append(
            Violation(first[SH.focusNode], first[SH.sourceShape], component, first[SH.resultPath], first[SH.value],
                      "; ".join(texts[SH.resultMessage]))
        )  # fmt: skip
    return sorted(violated, key=lambda v: (v.focus, v.shape, v.path, v.component, v.value))
