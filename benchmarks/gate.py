"""What it costs to judge a lot, in one run: SHACL on the lot's own graph, SHACL in the whole graph, a plain read.

    python benchmarks/gate.py            about two minutes on two cores; ratios are against the plain read

Each lot shows the six identity criteria; every tenth fails one. "In the whole graph" leaves the lot's evidence among
all lots' evidence and panel records and asks pySHACL for this lot's nodes alone, or, as pySHACL does unasked, for all
of them. "In batches" is what ``check`` does, from results to verdicts, by the compiled engine.
Slow lines are sampled, and say of how many lots they are the mean. The last lines start the command as a person does.
"""

from __future__ import annotations

import csv
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pyshacl
from rdflib import Graph, URIRef

from registry import specifications, vocabulary
from registry.domain import Evidence, Interval, Panel, Reading, Result, Source
from registry.identifiers import Names
from registry.judgement import evidence, independent, judge
from registry.judgement import shacl as conformance
from registry.judgement.shacl.criteria import Fact, facts, line_of
from registry.judgement.shacl.engine import filled, parsed
from registry.records.panel import write_panel

TERMS = vocabulary.load()
SPEC = specifications.load("msc-identity")
NAMES = Names("https://registry.example/")
SIX = (("CD73", "98.5"), ("CD90", "99.1"), ("CD105", "97.0"), ("CD45", "0.4"), ("CD34", "0.6"), ("HLA-DR", "1.1"))
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Line:
    """One measured way: milliseconds a lot, the mean over so many lots."""

    what: str
    each: float
    lots: int


def values(number: int) -> list[tuple[str, str]]:
    """The panel of one lot; every tenth has too much CD34."""
    return [(name, "2.4" if name == "CD34" and number % 10 == 0 else value) for name, value in SIX]


def panel(number: int) -> list[Result]:
    """The results of one lot, as intake would read them."""
    results = []
    for row, (name, value) in enumerate(values(number), start=2):
        known = TERMS.characteristic(name)
        reading = Reading(interval=Interval(Decimal(value), Decimal(value)))
        place = Source("panel.csv", row, "value")
        results.append(Result(f"L-{number}", known.iri, known.symbol, value, reading, place, unit=known.units[0],
                              unit_printed="%"))  # fmt: skip
    return results


def whole_graph(lots: dict[str, list[Result]], derived: Mapping[str, Sequence[Evidence]]) -> Graph:
    """Every lot's panel record and evidence in one rdflib graph."""
    graph = Graph(bind_namespaces="none")
    for lot, results in lots.items():
        _, record = write_panel(
            Panel(lot, None, tuple(results)), NAMES, file="sha256:" + "0" * 64, file_name="panel.csv", synthetic=True
        )
        graph.parse(data=record.ntriples, format="nt")
        graph.parse(data=evidence_lines(derived[lot]), format="nt")
    return graph


def evidence_lines(derived: Sequence[Evidence]) -> str:
    """The evidence nodes of one lot as N-Triples, each under an IRI of its own."""
    by_id = {criterion.id: criterion for criterion in SPEC.criteria}
    nodes: list[Fact] = [fact for item in derived for fact in facts(by_id[item.criterion], item, str(node_of(item)))]
    return "".join(map(line_of, nodes))


def evidence_graph(derived: Sequence[Evidence]) -> Graph:
    """The same in a graph of rdflib."""
    return filled(parsed(evidence_lines(derived).encode()))


def node_of(item: Evidence) -> URIRef:
    """The IRI of one evidence node."""
    return URIRef(f"urn:evidence:{item.lot}:{item.criterion}")


def shacl(data: Graph, nodes: list[str | URIRef] | None = None) -> bool:
    """One pySHACL run, on all evidence in the graph or on these nodes alone."""
    shapes = filled(parsed(SPEC.ntriples))
    conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", focus_nodes=nodes)
    return bool(conforms)


def timed(what: str, lots: int, run: Callable[[], object]) -> Line:
    """Milliseconds a lot of one call that judges so many lots: the median of three."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        runs.append((time.perf_counter() - start) * 1000 / lots)
    return Line(what, statistics.median(runs), lots)


def judging_lines(count: int) -> list[Line]:
    """Every way to judge, among so many lots; the plain read is the last and the baseline."""
    lots = {f"L-{number}": panel(number) for number in range(count)}
    derived = {lot: evidence.derive(SPEC, lot, results, TERMS) for lot, results in lots.items()}
    everything = [item for every in derived.values() for item in every]
    sample = list(lots)[:20]
    whole = whole_graph(lots, derived)
    few = sample[:3]

    def own(*, by_reference: bool) -> None:
        for lot in sample:
            conformance.judge(SPEC, derived[lot], by_reference=by_reference)

    def inside() -> None:
        for lot in few:
            shacl(whole, [node_of(item) for item in derived[lot]])

    alone = {lot: evidence_graph(derived[lot]) for lot in few}
    for lot in few:
        assert shacl(alone[lot]) == shacl(whole, [node_of(item) for item in derived[lot]]), lot

    lines = [
        timed("pySHACL, the lot's own graph", len(few), lambda: [shacl(graph) for graph in alone.values()]),
        timed("the same with 18 controls beside it (a release)", len(sample), lambda: own(by_reference=True)),
        timed(f"{conformance.engine_name()}, likewise (a preview)", len(sample), lambda: own(by_reference=False)),
        timed(f"pySHACL, the lot in the whole graph ({len(whole):,} triples)", len(few), inside),
        timed("pySHACL, the whole graph judged to answer for one lot", 1, lambda: shacl(whole)),
        timed("lots in batches, from results to verdicts (check)", count, lambda: judge.judge_lots(SPEC, lots, TERMS)),
        timed("plain read of the same criteria", count, lambda: independent.judge(SPEC, everything)),
    ]
    agreed = conformance.judge(SPEC, everything) == independent.judge(SPEC, everything)
    assert agreed, "the ways compared must give the same verdicts"
    return lines


def command_lines(lots: int = 400) -> list[tuple[str, float]]:
    """Seconds of whole commands, start-up included: the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "panel.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("lot", "characteristic", "value", "unit"))
            writer.writerows((f"L-{n}", name, value, "%") for n in range(lots) for name, value in values(n))
        check = [sys.executable, "-m", "registry", "check", str(table), "--specification", "msc-identity",
                 "--format", "json"]  # fmt: skip
        return [
            (f"cell-registry check, a table of {lots} lots", best(check, {0, 1})),
            ("cell-registry --help", best([sys.executable, "-m", "registry", "--help"], {0})),
        ]


def best(command: Sequence[str], right: set[int]) -> float:
    """The shortest of three runs in seconds; a run that ends otherwise than expected is no measurement."""
    runs = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        runs.append(time.perf_counter() - start)
        assert done.returncode in right, done.stderr.decode()
    return min(runs)


def main() -> None:
    """Measure and print."""
    print(f"Python {platform.python_version()}, pySHACL {pyshacl.__version__}, {platform.machine()}")
    for count in (100, 1000):
        lines = judging_lines(count)
        print(f"\namong {count:,} lots{'':<50}ms a lot   times the plain read   mean of")
        for line in lines:
            ratio = line.each / lines[-1].each
            print(f"  {line.what:<58}{line.each:>10.3f}{ratio:>19,.0f} x{line.lots:>9,} lots")
    print("\nwhole commands, start-up included")
    for what, seconds in command_lines():
        per = f", {seconds * 1000 / 400:.1f} ms a lot (aim: 25 or less)" if "400" in what else " (aim: 0.5 s or less)"
        print(f"  {what:<58}{seconds:>8.2f} s{per}")


if __name__ == "__main__":
    main()
