"""The graph follows the ledger, and a rebuilt graph is the same graph."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyoxigraph
import pytest

from registry.errors import Unavailable
from registry.graph import Follower, Graph
from registry.graph.store import snapshots
from registry.identifiers import CPR
from registry.ledger import Ledger
from registry.records import IRI, literal, write
from tests.conftest import ROOT
from tests.graph.conftest import BASE, ONTOLOGY, derive, new_ledger, quads_of, submit, union


def graph_of(ledger: Ledger) -> Graph:
    assert ledger.directory is not None
    return Graph(ledger.directory / "graph", BASE, slices=lambda: ONTOLOGY, derive=derive)


def test_the_default_graph_is_the_union_of_the_named_graphs(ledger: Ledger) -> None:
    """Each triple once, though every lot's record says the same of its product."""
    submit(ledger, "P-01", "P-02", "24/05 A")
    with graph_of(ledger) as graph:
        assert graph.catch_up(ledger) == 4
        quads = quads_of(graph)
    default, named = union(quads)
    assert default == named
    assert len(quads) == len(set(quads))
    assert {graph for *_, graph in quads if "verdict" in graph} == {
        f"<{BASE}verdict/{lot}>" for lot in ("P-01", "P-02", "24%2F05%20A")
    }
    assert sum(graph == f"<{BASE}ontology/stages.ttl>" for *_, graph in quads) == 1


def test_a_graph_that_followed_entry_by_entry_equals_one_that_is_rebuilt(ledger: Ledger) -> None:
    with graph_of(ledger) as graph:
        for number in range(12):
            submit(ledger, f"P-{number:02}", f"Q-{number:02}", passage=number)
            assert graph.catch_up(ledger) == ledger.size()
        followed = set(quads_of(graph))
        assert graph.rebuild(ledger) == 25
        assert set(quads_of(graph)) == followed


def test_every_literal_that_a_record_may_hold_comes_back_as_it_is_written(ledger: Ledger) -> None:
    """An auditor compares the graph with the records, character by character."""
    from datetime import UTC, date, datetime
    from decimal import Decimal

    values = [
        Decimal("98.50"), Decimal("-0.0000000000000000000000001"), Decimal("1E+40"), 0, -(10**30), True,
        date(2026, 11, 22), datetime(2026, 11, 22, 10, 0, 0, 123_456, tzinfo=UTC), "a\tb\n\"\\'é🧫", "",
    ]  # fmt: skip
    subject = IRI(BASE + "lot/P-01")
    record = write([(subject, IRI(f"{CPR}p{number}"), literal(value)) for number, value in enumerate(values)])
    from registry.ledger import NewEntry

    ledger.append([NewEntry("lot", record)], actor="lab.one")
    with graph_of(ledger) as graph:
        graph.catch_up(ledger)
        name = f"<{BASE}record/{record.hex}>"
        found = pyoxigraph.Dataset(
            pyoxigraph.parse("".join(f"{s} {p} {o} .\n" for s, p, o, g in quads_of(graph) if g == name).encode(),
                             pyoxigraph.RdfFormat.N_TRIPLES)
        )  # fmt: skip
    assert set(found) == set(pyoxigraph.parse(record.ntriples, pyoxigraph.RdfFormat.N_TRIPLES))


def test_derived_facts_are_replaced_whole_and_a_triple_stays_while_another_graph_says_it(ledger: Ledger) -> None:
    submit(ledger, "P-01", "P-02")
    verdicts = dict(derive(["P-01", "P-02"]))
    assert ledger.directory is not None
    with Graph(ledger.directory / "graph", BASE, derive=lambda lots: {lot: verdicts[lot] for lot in lots}) as graph:
        graph.catch_up(ledger)
        shared = (f"<{BASE}product/POI-M>", f"<{CPR}hasVerdicts>")
        verdicts["P-01"] = b""
        graph.derive_again(["P-01"])
        default, named = union(quads_of(graph))
        assert default == named
        assert [triple[:2] for triple in default if triple[1] == shared[1]] == [shared]
        assert {s for s, p, _ in default if p == f"<{CPR}verdict>"} == {f"<{BASE}lot/P-02>"}
        verdicts["P-02"] = b""
        graph.derive_again(["P-02"])
        default, named = union(quads_of(graph))
        assert default == named
        assert [triple for triple in default if triple[1] == shared[1]] == []


def test_an_ontology_is_replaced_when_its_bytes_change_and_removed_when_it_is_gone(ledger: Ledger) -> None:
    """Blank nodes are named alike every time, so nothing is left behind."""
    header = b"<http://x/onto> a <http://www.w3.org/2002/07/owl#Ontology> . "
    files = [("onto.ttl", header + b"<http://x/a> <http://x/some> [ <http://x/on> 1 ], [ <http://x/on> 2 ] .")]
    assert ledger.directory is not None
    with Graph(ledger.directory / "graph", BASE, slices=lambda: files) as graph:
        graph.catch_up(ledger)
        first = set(quads_of(graph))
        assert sum(g == "<http://x/onto>" for *_, g in first) == 5
        graph.rebuild(ledger)
        assert set(quads_of(graph)) == first
        files[0] = ("onto.ttl", header)
        graph.load_slices()
        default, named = union(quads_of(graph))
        assert default == named
        assert sum(g == "<http://x/onto>" for *_, g in quads_of(graph)) == 1
        files.clear()
        graph.load_slices()
        assert [quad for quad in quads_of(graph) if "http://x/" in quad[0]] == []


CATCH_UP = """
    import sys
    from pathlib import Path
    from registry.ledger import Ledger
    from registry.graph import Graph
    from registry.graph.store import owner
    from tests.graph.conftest import BASE, ONTOLOGY, derive
    owner.BATCH = 2
    folder = Path(sys.argv[1])
    with Graph(folder / "graph", BASE, slices=lambda: ONTOLOGY, derive=derive) as graph:
        graph.own()
        print("begun", flush=True)
        graph.catch_up(Ledger.open(folder))
        print("caught up", flush=True)
        sys.stdin.read()
"""


def other_process(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CATCH_UP), str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


@pytest.mark.parametrize("already", [0, 40])
@pytest.mark.parametrize("after", [0.01, 0.06])
def test_a_catch_up_killed_in_the_middle_is_done_again_with_the_same_result(
    ledger: Ledger, tmp_path: Path, already: int, after: float
) -> None:
    """kill -9 while filling from nothing, and while following."""
    if already:
        submit(ledger, *[f"P-{number:03}" for number in range(already)])
        with graph_of(ledger) as graph:
            graph.catch_up(ledger)
    submit(ledger, *[f"Q-{number:03}" for number in range(60)], results=50)
    assert ledger.directory is not None
    with other_process(ledger.directory) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(after)
        process.kill()
    with graph_of(ledger) as graph:
        assert graph.catch_up(ledger) == already + 61
        quads = set(quads_of(graph))
    with Graph(tmp_path / "fresh", BASE, slices=lambda: ONTOLOGY, derive=derive) as fresh:
        fresh.catch_up(ledger)
        assert set(quads_of(fresh)) == quads


def test_one_process_owns_the_graph_and_another_reads_its_snapshots(ledger: Ledger) -> None:
    submit(ledger, "P-01")
    assert ledger.directory is not None
    with other_process(ledger.directory) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        graph = graph_of(ledger)
        assert not graph.own()
        with pytest.raises(Unavailable):
            graph.catch_up(ledger)
        process.kill()
    with graph:
        assert graph.catch_up(ledger) == 2


def test_a_graph_that_is_corrupt_is_made_again(ledger: Ledger) -> None:
    submit(ledger, "P-01")
    with graph_of(ledger) as graph:
        graph.catch_up(ledger)
        before = set(quads_of(graph))
    (graph.folder / "live" / "CURRENT").write_bytes(b"nonsense")
    with graph_of(ledger) as graph:
        assert graph.catch_up(ledger) == 2
        assert set(quads_of(graph)) == before


def test_a_graph_of_another_ledger_is_made_again(ledger: Ledger, tmp_path: Path) -> None:
    """A backup restored beside an old graph: its chain tells."""
    submit(ledger, "P-01", "P-02", "P-03")
    with graph_of(ledger) as graph:
        graph.publish(ledger)
    other = new_ledger(tmp_path / "other")
    submit(other, "Q-01", "Q-02")
    shutil.copytree(graph.folder, tmp_path / "other" / "graph")
    with graph_of(other) as graph:
        assert graph.publish(other).size == 3
        assert [snapshot.size for snapshot in snapshots.snapshots(graph.folder)] == [3]
        assert {s for s, p, _, g in quads_of(graph) if p == f"<{CPR}verdict>" and g} == {
            f"<{BASE}lot/Q-01>", f"<{BASE}lot/Q-02>",
        }  # fmt: skip


def test_the_newest_two_snapshots_are_kept_and_those_that_are_read(ledger: Ledger) -> None:
    """What a crash left half made is no snapshot, and goes when the graph is owned again."""
    with graph_of(ledger) as graph:
        graph.publish(ledger)
        held = snapshots.lease(graph.folder)
        for lot in ("P-01", "P-02", "P-03"):
            submit(ledger, lot)
            graph.publish(ledger)
        assert [one.path.name for one in snapshots.snapshots(graph.folder)] == ["at-4", "at-3", "at-1"]
        assert held is not None
        assert pyoxigraph.Store.read_only(str(held.snapshot.path)).query("ASK { ?s ?p ?o }")
        held.release()
        graph.derive_again(["P-01"])
        graph.publish(ledger)
        assert [one.path.name for one in snapshots.snapshots(graph.folder)] == ["at-4.2", "at-4"]
    for debris in ("at-9.tmp", "at-2.gone"):
        (graph.folder / debris).mkdir()
    with graph_of(ledger) as graph:
        graph.own()
        assert sorted(path.name for path in graph.folder.iterdir()) == [
            "at-4",
            "at-4.2",
            "live",
            "owner.lock",
            "tallies.sqlite",
            "version",
        ]


def test_a_query_sees_every_entry_whichever_process_owns_the_graph(ledger: Ledger) -> None:
    """A server follows; a command asks it for a snapshot, and does it itself when there is no server."""
    server = Follower(graph_of(ledger), ledger)
    command = Follower(graph_of(ledger), ledger)
    assert command.refresh() == 1
    assert command.graph.size() == 1
    assert not command.graph.is_owner
    server.start()
    try:
        while not server.graph.is_owner:
            time.sleep(0.01)
        for follower, lot in ((server, "P-01"), (command, "P-02")):
            submit(ledger, lot)
            assert follower.refresh() == ledger.size()
            assert follower.graph.size() == ledger.size()
    finally:
        server.stop()


def test_a_question_before_the_first_graph_waits_for_it_and_until_then_none_would_be_answered(ledger: Ledger) -> None:
    """A server that has just started says that it is not ready; who asks without patience is answered all the same."""
    submit(ledger, "P-01")
    other, server = graph_of(ledger), Follower(graph_of(ledger), ledger)
    assert server.answers  # without a thread, who asks makes the graph
    assert other.own()
    server.start()
    try:
        assert not server.answers
        other.close()
        assert server.refresh(wait=0.0) == ledger.size() == 2
        assert (server.answers, server.graph.size()) == (True, 2)
    finally:
        server.stop()


def test_an_owner_that_is_stopped_is_not_waited_for_longer_than_patience(ledger: Ledger) -> None:
    """The query is then answered from what there is, and names its size."""
    submit(ledger, "P-01")
    assert ledger.directory is not None
    with other_process(ledger.directory) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            follower = Follower(graph_of(ledger), ledger)
            assert follower.refresh(wait=0.3) == 2
            assert follower.graph.size() == 0
            assert time.monotonic() - begun < 1
        finally:
            process.kill()
