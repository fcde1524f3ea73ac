"""The W3C's core suite for SHACL, by the compiled engine and by pySHACL: what each says, and what was expected.

    python benchmarks/w3c_core.py data-shapes-test-suite/tests/core       a checkout of github.com/w3c/data-shapes

A case is passed when the engine says whether the data conform as expected, and names exactly the expected results: of
each its focus node, value, component, severity and path, where that is a property. Blank nodes count as one another.
Every case that an engine does not pass is printed. Nothing is fetched.
"""

from __future__ import annotations

import logging
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyshacl
from rdflib import BNode, Graph, URIRef
from rdflib.namespace import RDF, SH, Namespace
from rdflib.term import Literal, Node
from shacl import Shapes

MF, SHT = (
    Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"),
    Namespace("http://www.w3.org/ns/shacl-test#"),
)
Row = tuple[str, ...]
Answer = tuple[bool, Counter[Row]]


@dataclass(frozen=True)
class Case:
    """One case of the suite: its files, and what is expected."""

    name: str
    data: Path
    shapes: Path
    fails: bool
    conforms: bool
    results: Counter[Row]


def cases(folder: Path) -> Iterator[Case]:
    """Every case, in the order of the files."""
    for file in sorted(folder.rglob("*.ttl")):
        graph = Graph().parse(file, publicID=file.as_uri())
        for entry in sorted(graph.subjects(RDF.type, SHT.Validate), key=str):
            action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
            data, shapes = (_path(graph.value(action, which)) for which in (SHT.dataGraph, SHT.shapesGraph))
            conforms = graph.value(result, SH.conforms) == Literal(True)
            rows = Counter(_row(graph, each) for each in graph.objects(result, SH.result))
            name = str(file.relative_to(folder).with_suffix(""))
            yield Case(name, data, shapes, result == SHT.Failure, conforms, rows)


def _path(iri: Node | None) -> Path:
    return Path(str(iri).removeprefix("file://"))


def _row(graph: Graph, result: Node) -> Row:
    terms = (graph.value(result, name) for name in
             (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity, SH.resultPath))  # fmt: skip
    *others, path = (_text(term) for term in terms)
    return (*others, path if path != "_:" else "")


def _text(term: Node | None) -> str:
    return "" if term is None else "_:" if isinstance(term, BNode) else term.n3()


def by_pyshacl(case: Case) -> Answer:
    """The reference."""
    data, shapes = (Graph().parse(file, publicID=file.as_uri()) for file in (case.data, case.shapes))
    conforms, report, _text_of = pyshacl.validate(data, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, Graph), report
    return bool(conforms), Counter(_row(report, each) for each in report.objects(None, SH.result))


def by_compiled(case: Case) -> Answer:
    """The compiled engine; its terms are read as N-Triples writes them."""
    shapes = Shapes.from_text(case.shapes.read_text(encoding="utf-8"), "turtle", case.shapes.as_uri())
    report = shapes.validate_text(case.data.read_text(encoding="utf-8"), "turtle", case.data.as_uri())
    return report.conforms, Counter(
        (
            _term(one.focus_node),
            _term(one.value),
            f"<{one.component_iri}>",
            f"<{one.severity_iri}>",
            _property(one.path),
        )
        for one in report.results
    )


def _term(text: str | None) -> str:
    """A term as rdflib writes it."""
    if not text or text.startswith("_:"):
        return "_:" if text else ""
    graph = Graph().parse(data=f"<urn:s> <urn:p> {text} .", format="turtle")
    return next(graph.objects(URIRef("urn:s"), None)).n3()


def _property(path: str | None) -> str:
    """A path that is one property; what else a path may be is not compared."""
    return path if path and path.startswith("<") and path.endswith(">") and " " not in path else ""


def passed(case: Case, judge: Callable[[Case], Answer]) -> str:
    """Empty for a case that is passed, else what is wrong."""
    try:
        conforms, rows = judge(case)
    except Exception as error:
        return "" if case.fails else f"{type(error).__name__}: {str(error)[:150]}"
    if case.fails:
        return f"no failure, conforms {conforms}"
    if conforms != case.conforms:
        return f"conforms {conforms}, expected {case.conforms}"
    more, fewer = rows - case.results, case.results - rows
    return f"also {sorted(more)[:2]}, not {sorted(fewer)[:2]}" if more or fewer else ""


def main() -> None:
    """Judge every case by both; exit 1 when the compiled engine says otherwise of one that pySHACL passes."""
    logging.disable(logging.CRITICAL)  # rdflib tells of every literal that a case means to be none
    warnings.simplefilter("ignore")
    every = list(cases(Path(sys.argv[1]).absolute()))
    print(f"{len(every)} cases, {sum(case.results.total() for case in every)} results expected")
    wrong: dict[str, set[str]] = {}
    for name, judge in (("shacl (compiled)", by_compiled), ("pySHACL", by_pyshacl)):
        began = time.process_time()
        failed = {case.name: why for case in every if (why := passed(case, judge))}
        spent = time.process_time() - began
        print(f"{name}: {len(every) - len(failed)} of {len(every)} cases passed, {spent:.2f} s of CPU")
        print(*(f"  {case}: {why}" for case, why in failed.items()), sep="\n")
        wrong[name] = set(failed)
    sys.exit(1 if wrong["shacl (compiled)"] - wrong["pySHACL"] else 0)


if __name__ == "__main__":
    main()
