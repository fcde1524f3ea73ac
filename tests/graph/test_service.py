"""Queries in processes that can be killed: the whole answer or none, and never a request to anybody."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph
import pytest

from registry.errors import NotAcceptable, RegistryError, TooLarge, Unavailable, WrongUsage
from registry.graph import Limits, QueryService
from registry.graph.query.protocol import Question
from registry.graph.store import snapshots
from tests.conftest import ROOT
from tests.graph.conftest import BASE

# Three sides that share nothing: 8 × 10⁹ rows to count, with ORDER BY all in memory.
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"
SECONDS = 1.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph of 2,000 triples, published as the snapshot of a ledger of seven entries."""
    folder = tmp_path_factory.mktemp("graph")
    store = pyoxigraph.Store(str(folder / "live"))
    lines = [f'<{BASE}lot/{number}> <{BASE}p{number % 7}> "{number}" .\n' for number in range(2_000)]
    store.load("".join(lines).encode(), pyoxigraph.RdfFormat.N_TRIPLES)
    named = f'<{BASE}lot/1> <{BASE}p1> "named" <{BASE}record/ab> .\n'
    store.load(named.encode(), pyoxigraph.RdfFormat.N_QUADS)
    snapshots.publish(folder, 7, store.backup)
    return folder


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[QueryService]:
    with QueryService(folder, BASE, limits=Limits(seconds=SECONDS, rows=3_000, body=1_000_000)) as service:
        yield service


FORMATS = [
    ("application/sparql-results+json", "SELECT ?o { <lot/1> ?p ?o }",
     '{"head":{"vars":["o"]},"results":{"bindings":[{"o":{"type":"literal","value":"1"}}]}}'),
    ("text/csv", "SELECT ?o { <lot/1> ?p ?o }", "o\r\n1\r\n"),
    ("text/tab-separated-values", "SELECT ?o { <lot/1> ?p ?o }", '?o\n"1"\n'),
    ("application/sparql-results+xml", "ASK { <lot/1> ?p ?o }",
     '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head></head>'
     "<boolean>true</boolean></sparql>"),
    ("application/n-triples", "CONSTRUCT WHERE { <lot/1> ?p ?o }", f'<{BASE}lot/1> <{BASE}p1> "1" .\n'),
    ("application/ld+json", "DESCRIBE <lot/1>", f'[{{"@id":"{BASE}lot/1","{BASE}p1":[{{"@value":"1"}}]}}]'),
]  # fmt: skip


@pytest.mark.parametrize(("accept", "query", "body"), FORMATS)
def test_an_answer_is_written_in_the_format_asked_for_and_names_its_ledger_size(
    service: QueryService, accept: str, query: str, body: str
) -> None:
    answer = service.answer(query, accept)
    assert (answer.body.decode(), answer.media_type.split(";")[0], answer.ledger_size, answer.rows) == (
        body, accept, 7, 1,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_rows_are_counted_in_every_format_whatever_the_texts_hold(service: QueryService, name: str) -> None:
    query = 'SELECT ?a ?b { VALUES (?a ?b) { (1 "<result>\\r\\n\\"}},{\\"") (UNDEF UNDEF) (2 "\\t\\n") } }'
    assert service.answer(query, format_name=name).rows == 3


def test_a_request_names_its_own_dataset(service: QueryService) -> None:
    """SPARQL 1.1 Protocol 2.1.4: it replaces what FROM says; what is not named is empty."""
    query = "SELECT ?o FROM <ledger> { <lot/1> ?p ?o }"
    record = f"{BASE}record/ab"
    assert service.answer(query, "text/csv").body == b"o\r\n"
    assert service.answer(query, "text/csv", [record]).body == b"o\r\nnamed\r\n"
    assert service.answer("SELECT ?o { <lot/1> ?p ?o }", "text/csv", [], [record]).body == b"o\r\n"
    assert service.answer("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", "text/csv", [], [record]).body == b"o\r\nnamed\r\n"
    assert service.answer("SELECT ?o { GRAPH ?g { ?s ?p ?o } }", "text/csv", [record]).body == b"o\r\n"
    with pytest.raises(WrongUsage):
        service.answer(query, "text/csv", ["http://127.0.0.1:9/"])


def test_what_is_no_query_is_refused_at_its_place(service: QueryService) -> None:
    with pytest.raises(WrongUsage) as refused:
        service.answer("SELECT *\nWHERE { ?s ?p }")
    assert (refused.value.where, refused.value.found) == ("line 2, column 15", "}")
    with pytest.raises(NotAcceptable):
        service.answer("ASK {}", "image/png")


def test_the_place_is_that_in_the_query_as_it_was_sent(service: QueryService) -> None:
    """With its codepoint escapes, which the engine never sees."""
    with pytest.raises(WrongUsage) as refused:
        service.answer("SELECT * { ?s ?p '\\u0041' 'B' }")
    assert refused.value.as_dict() == {
        "kind": "WrongUsage",
        "code": "wrong-usage",
        "message": "This is not a SPARQL 1.1 query.",
        "expected": "'.', ';', ',', '{', '}' or a keyword",
        "found": "'B'",
        "where": "line 1, column 27",
    }


def test_an_answer_beyond_the_limits_is_refused_and_never_cut(service: QueryService) -> None:
    """Rows, bytes and triples."""
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT "
    assert service.answer(query + "3000", "text/csv").rows == 3_000
    for too_large in (
        query + "3001",
        "SELECT (CONCAT(?c, ?f) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
        "CONSTRUCT { ?a ?e ?f } { ?a ?b ?c . ?d ?e ?f }",
    ):
        with pytest.raises(TooLarge):
            service.answer(too_large)


def test_an_endless_query_is_stopped_at_its_limit_and_answered_within_half_a_second_of_it(
    service: QueryService,
) -> None:
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        service.answer(ENDLESS)
    assert SECONDS <= time.monotonic() - begun < SECONDS + 0.5


def test_a_query_that_takes_all_memory_or_all_stack_ends_alone(folder: Path) -> None:
    """With a tenth of the memory left to it, so that the test is quick."""
    with QueryService(folder, BASE, limits=Limits(seconds=20, memory=1_200_000_000)) as service:
        for query in (HOG, "ASK { FILTER(" + "!" * 90_000 + "true) }"):
            with pytest.raises(Unavailable) as refused:
                service.answer(query)
            assert refused.value.message == "This query needed more than it may have and was stopped."
        assert service.answer("ASK {}").body == b'{"head":{},"boolean":true}'


def test_thirty_hostile_queries_at_once_leave_the_service_alive(service: QueryService) -> None:
    """Those beyond running and waiting are turned away at once, with the time to come back; none is answered late."""

    def ask(_number: int) -> tuple[float, str, int | None]:
        begun = time.monotonic()
        with pytest.raises(Unavailable) as refused:
            service.answer(ENDLESS)
        return time.monotonic() - begun, refused.value.message, refused.value.retry_after

    places = service.limits.running + service.limits.waiting
    with ThreadPoolExecutor(places + 8) as pool:
        answers = sorted(pool.map(ask, range(places + 8)))
    turned_away = [answer for answer in answers if answer[0] < SECONDS / 2]
    assert [answer[1:] for answer in turned_away] == 8 * [("Too many queries are being answered.", 1)]
    assert answers[-1][0] < SECONDS + 0.5
    assert service.answer("ASK {}").body == b'{"head":{},"boolean":true}'


@contextlib.contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port on which every connection is noted."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                with contextlib.suppress(TimeoutError), server.accept()[0] as connection:
                    heard.append("a connection")
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], heard
            time.sleep(0.1)
        finally:
            ended.set()
            thread.join()


OUTBOUND = [
    "ASK {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ VALUES ?x {{ <{url}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "PREFIX ex: <{url}> ASK {{ SERVICEex:a {{ ?s ?p ?o }} }}",
    "PREFIX ex: <{url}> ASK {{ BIND(1 AS ?a) BIND(2 AS ?b) FILTER(?a<?b)SERVICEex:x#>\n{{ ?s ?p ?o }} }}",
    "ASK FROM <{url}> {{ ?s ?p ?o }}",
    "ASK FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "LOAD <{url}>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
]


def test_no_query_reaches_anybody_not_even_past_the_guard(service: QueryService) -> None:
    """Each is refused; sent to the engine all the same, it opens no connection, for the process may not."""
    with listener() as (port, heard):
        for hostile in OUTBOUND:
            query = hostile.format(url=f"http://127.0.0.1:{port}/")
            with pytest.raises(WrongUsage):
                service.answer(query)
            if sys.platform == "linux":
                with contextlib.suppress(RegistryError):
                    service._ask(Question(query, "ask", "json", BASE))
    assert heard == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process give up its sockets")
def test_the_engine_would_reach_out_were_it_not_for_the_guard_and_the_kernel(service: QueryService) -> None:
    """The listener hears, and the refusal that the engine meets is the kernel's."""
    with listener() as (port, heard):
        query = OUTBOUND[0].format(url=f"http://127.0.0.1:{port}/")
        with pytest.raises((OSError, RuntimeError)):
            pyoxigraph.Store().query(query)
        reply = service._ask(Question(query, "ask", "json", BASE))
    assert (reply.status, reply.message) == ("failed", "Permission denied (os error 13)")
    assert heard == ["a connection"]


def test_a_graph_that_is_not_built_yet_is_unavailable(tmp_path: Path) -> None:
    with QueryService(tmp_path, BASE) as service, pytest.raises(Unavailable) as refused:
        service.answer("ASK {}")
    assert refused.value.message == "The graph is not built yet."


def test_a_helper_that_dies_is_started_again(folder: Path) -> None:
    with QueryService(folder, BASE) as service:
        service.answer("ASK {}")
        assert service._helper is not None
        service._helper.process.kill()
        service._helper.process.wait()
        assert service.answer("ASK {}").rows == 1


SERVER = """
    import sys
    from pathlib import Path
    from registry.graph.query.service import QueryService
    service = QueryService(Path(sys.argv[1]), "https://registry.example/")
    service.answer("ASK {}")
    print(service._helper.process.pid, flush=True)
    service.answer(sys.argv[2])
"""


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def eventually(holds: object, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if callable(holds) and holds():
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs /proc")
@pytest.mark.parametrize("victim", ["server", "helper"])
def test_no_query_outlives_the_server_or_the_helper(folder: Path, victim: str) -> None:
    """kill -9 of either, in the middle of an endless query."""
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SERVER), str(folder), ENDLESS],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        helper = int(server.stdout.readline())
        assert eventually(lambda: len(children_of(helper)) == 1)
        child = children_of(helper)[0]
        os.kill(server.pid if victim == "server" else helper, 9)
        assert eventually(lambda: not is_running(child) and not is_running(helper))
        server.kill()
