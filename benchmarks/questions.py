"""What the graph and each question of the library cost, beside a bare bulk load and a bare scan of the same triples.

    python benchmarks/questions.py                                1,000 lots, made for it: two minutes
    python benchmarks/questions.py --lots 50000 --folder FOLDER   a registry of ``many_lots.py`` that is there, or made

CPU time of this process, with the threads of the engine; a question's is that of the engine and of writing CSV, the
better of the runs, without the process that a server starts for each. The graph is made in a folder of its own. The
baselines: the same triples, each once, loaded in bulk into an empty store; and a scan that counts one number of each
result. What is followed are new lots of six markers each, entered after the graph was made.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from many_lots import fixture
from pyoxigraph import DefaultGraph, QueryResultsFormat, RdfFormat, Store, serialize

from registry.graph import Graph
from registry.identifiers import CPR
from registry.services import LotDraft, Registry
from tests.people import account_of

SCAN = f"SELECT (COUNT(*) AS ?n) {{ ?result <{CPR}low> ?number }}"
LOT, BANK, STUDY = "L-00005", "WCB-01-1", "NCT04000000"
GIVEN = {
    "recall": {"bank": BANK}, "origins": {"from": LOT}, "criteria-of-a-lot": {"of": LOT},
    "who-said-what": {"about": LOT}, "lots-of-a-study": {"of": STUDY},
}  # fmt: skip
SIX = (("CD73", "98.5"), ("CD90", "99.1"), ("CD105", "97.4"), ("CD45", "0.4"), ("CD34", "0.6"), ("HLA-DR", "1.1"))


@dataclass(frozen=True)
class Made:
    """A store: seconds of CPU that it took, its triples or quads, megabytes on the disk."""

    seconds: float
    size: int
    megabytes: int


def cpu(run: Callable[[], object]) -> float:
    """Seconds of CPU of one run."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def megabytes(folder: Path) -> int:
    """What its files take."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) >> 20


def bare(store: Store, folder: Path) -> Made:
    """The triples of ``store``, each once, loaded in bulk by the same engine from a file of N-Triples."""
    file = folder / "triples.nt"
    with file.open("wb") as output:
        quads = store.quads_for_pattern(None, None, None, DefaultGraph())
        serialize((quad.triple for quad in quads), output, RdfFormat.N_TRIPLES)
    target = Store(str(folder / "bare"))

    def load() -> None:
        target.bulk_load(path=str(file), format=RdfFormat.N_TRIPLES, lenient=True)
        target.flush()

    return Made(cpu(load), len(target), megabytes(folder / "bare"))


@contextmanager
def graph_of(registry: Registry, folder: Path) -> Iterator[Graph]:
    """The registry's graph, in a folder of its own."""
    graph = registry.queries.knowledge._graph(folder)
    try:
        yield graph
    finally:
        graph.close()


def made(registry: Registry, graph: Graph) -> Made:
    """The graph made from nothing."""
    seconds = cpu(lambda: graph.publish(registry.ledger))
    live = graph._live
    assert live is not None
    return Made(seconds, len(live.store), megabytes(graph.folder / "live"))


def followed(registry: Registry, graph: Graph, lots: int) -> float:
    """Seconds of CPU that the graph takes to follow so many submissions."""
    quality, lab = account_of(registry, "quality"), account_of(registry, "lab")
    expires, names = datetime.now(UTC) + timedelta(days=90), [f"NEW-{number:04d}" for number in range(lots)]
    for name in names:
        draft = LotDraft(
            name, product="P-00", passage=4, manufactured_on=date(2026, 11, 1), expires_at=expires,
            derived_from=("WCB-00-1",), synthetic=True,
        )  # fmt: skip
        registry.lots.register(draft, quality)
    graph.catch_up(registry.ledger)
    for name in names:
        rows = "".join(f"{name},{marker},{value},%\n" for marker, value in SIX)
        registry.submissions.submit(f"{name}.csv", f"lot,characteristic,value,unit\n{rows}".encode(), lab)
    return cpu(lambda: graph.catch_up(registry.ledger))


def asked(store: Store, text: str, base: str, runs: int) -> tuple[float, int]:
    """Milliseconds of CPU, the better of the runs, and the rows."""
    best, body = float("inf"), b""

    def run() -> None:
        nonlocal body
        body = store.query(text, base_iri=base).serialize(format=QueryResultsFormat.CSV) or b""

    for _ in range(runs):
        best = min(best, cpu(run))
        if best > 10:
            break
    return best * 1000, body.count(b"\r\n") - 1


def ask_all(registry: Registry, store: Store, runs: int, only: list[str] | None) -> None:
    """One row a question."""
    scan, _rows = asked(store, SCAN, registry.base, runs)
    print(f"\n| question | rows | ms | times a scan ({scan:.1f} ms) |\n|---|---|---|---|")
    trials = registry.specifications.trials
    for question in registry.queries.library():
        if only and question.name not in only:
            continue
        if question.name == "would-not-conform":
            taken = cpu(lambda: trials.would_not_conform("isct-2006", "1")) * 1000
            rows = len(trials.would_not_conform("isct-2006", "1")[1])
        else:
            text = registry.queries.question_text(question.name, GIVEN.get(question.name))
            taken, rows = asked(store, text, registry.base, runs)
        print(f"| {question.name} | {rows:,} | {taken:.1f} | {taken / scan:.1f} |", flush=True)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lots", type=int, default=1000)
    options.add_argument("--folder", type=Path, help="a registry of many_lots.py")
    options.add_argument("--graph", type=Path, help="where the graph is made, or was: then it is only asked")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--follow", type=int, default=100, help="submissions to follow; 0 changes no registry")
    options.add_argument("--only", nargs="*", metavar="QUESTION", help="these questions alone")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = fixture(chosen.folder or Path(folder) / "data", chosen.lots)
        place = chosen.graph or Path(folder) / "graph"
        there = place.is_dir() and any(place.glob("at-*"))
        print(f"{chosen.lots:,} lots; {platform.machine()}, Python {platform.python_version()}")
        with graph_of(registry, place) as graph:
            if not there:
                whole = made(registry, graph)
                print("\n| what | CPU s | times bare | triples or quads | MB |\n|---|---|---|---|---|")
                live = graph._live
                assert live is not None
                least = bare(live.store, Path(folder))
                for what, store in (("bare bulk load, each triple once", least), ("the graph from nothing", whole)):
                    times = store.seconds / least.seconds
                    print(f"| {what} | {store.seconds:.1f} | {times:.1f} | {store.size:,} | {store.megabytes} |")
            snapshot = max(place.glob("at-*"), key=lambda path: path.stat().st_mtime)
            ask_all(registry, Store.read_only(str(snapshot)), chosen.runs, chosen.only)
            if chosen.follow and not there:
                each = followed(registry, graph, chosen.follow) / chosen.follow * 1000
                print(f"\nfollowing: {each:.1f} ms of CPU a submission of a lot and six markers")
        registry.close()
        shutil.rmtree(Path(folder) / "bare", ignore_errors=True)


if __name__ == "__main__":
    main()
