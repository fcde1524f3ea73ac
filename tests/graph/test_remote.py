"""The graph at another service: a Virtuoso that follows the ledger and is asked, and addresses that are refused."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from registry import questions
from registry.errors import Refused, RegistryError, TooLarge, Unavailable, WrongUsage
from registry.graph.query.guard import guard
from registry.graph.remote import dialect
from registry.graph.remote.address import Service, service
from registry.graph.remote.http import Http
from registry.graph.remote.store import RemoteStore
from registry.identifiers import CPR
from registry.services import Registry
from registry.services.queries.graph_service import GraphService
from tests.people import LOCAL
from tests.virtuoso import PASSWORD

BASE = "https://registry.example/"
SECRET = "a few odd words here"


@pytest.fixture(scope="module")
def served(demonstration: Path, virtuoso: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """A copy of the demonstration whose graph a Virtuoso keeps, after some more was entered."""
    folder = tmp_path_factory.mktemp("served") / "data"
    shutil.copytree(demonstration, folder)
    registry = Registry.open(folder)
    registry.queries.elsewhere = virtuoso
    registry.queries.knowledge.refresh()
    _enter(registry)
    yield registry
    registry.close()


def _enter(registry: Registry) -> None:
    """What the demonstration alone has none of: a retest, a panel taken back, containers moved."""
    admin = next(account for account in registry.accounts.all() if account.role == "administrator")
    first = registry.accounts.create("late.quality", "quality unit", "Late Quality", by=admin)
    quality = registry.accounts.change_password("late.quality", first, SECRET)
    registry.administrations.move("H-01", "destroyed", numbers=[1], reason="A broken bag.", actor=quality)
    panel = registry.submissions.withdrawable("H-03")[0].panel
    registry.submissions.withdraw(panel, reason="The tubes were swapped.", name="late.quality", password=SECRET)


def at(registry: Registry) -> GraphService:
    """The graph at the service."""
    knowledge = registry.queries.knowledge
    assert isinstance(knowledge, GraphService)
    return knowledge


def test_every_question_but_one_is_answered_as_the_embedded_engine_does(served: Registry) -> None:
    """At its defaults and with its example's parameters, letter by letter; the one is refused by name."""
    found = served.queries.compare(by=LOCAL)
    assert {name: result for name, result in found.items() if result != "equal"} == {"would-not-conform": "not asked"}
    assert len(found) == len(questions.library())
    with pytest.raises(Refused, match="The question would-not-conform is not answered"):
        served.queries.ask("would-not-conform", by=LOCAL)


def test_it_holds_what_follows_from_the_ledger_and_nothing_else(served: Registry) -> None:
    """Followed entry by entry, every triple is there by its value, and none that no entry says."""
    held, expected = (set(each) for each in at(served).held_and_expected())
    assert (held - expected, expected - held) == (set(), set())
    assert len(held) > 50_000


def test_what_was_entered_a_moment_ago_is_in_the_answer(served: Registry) -> None:
    """An answer names the size of the ledger that it knows of."""
    answer = served.queries.ask("withdrawn", None, "text/csv", by=LOCAL)
    assert answer.ledger_size == served.size() == answer.current_size
    assert "The tubes were swapped." in answer.body.decode()
    assert "destroyed" in served.queries.ask("containers", None, "text/csv", by=LOCAL).body.decode()


def test_a_graph_that_is_being_written_answers_nobody(served: Registry, virtuoso: Service) -> None:
    """Nor does one whose writer ended early, until somebody has written it to the end."""
    store = RemoteStore(Http(virtuoso), served.base)
    before = store.standing()
    store.stand(before.size, before.head, whole=False)
    with pytest.raises(Unavailable, match="being written"):
        _hasty(served).answer("ASK {}")
    assert at(served)._follower.catch_up() == before.size
    assert store.standing().whole
    assert _hasty(served).answer("ASK {}").body == b'{"head":{},"boolean":true}'


def _hasty(registry: Registry):  # type: ignore[no-untyped-def]
    """The service with little patience, which does not write."""
    from registry.graph.query.limits import Limits
    from registry.graph.remote.service import RemoteQueries

    queries = at(registry).service
    return RemoteQueries(queries._http, queries._store, Limits(seconds=1), tuple, registry.size)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", WrongUsage),
        ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", WrongUsage),
        ("SELECT * FROM <http://elsewhere.example/> { ?s ?p ?o }", WrongUsage),
        ('SELECT (<bif:file_to_string>("/etc/passwd") AS ?x) {}', WrongUsage),
        ('SELECT (bif:file_to_string("/etc/passwd") AS ?x) {}', WrongUsage),
        ('PREFIX x: <bi> SELECT (x:f:file_to_string("/etc/passwd") AS ?x) {}', WrongUsage),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", WrongUsage),
        ("PREFIX e: <http://e/> SELECT * { ?s e:p* ?o }", WrongUsage),
        ("PREFIX e: <http://e/> SELECT * { ?s e:p? ?o }", WrongUsage),
        ("SELECT (COALESCE(?x, 1) AS ?y) { ?s ?p ?x }", WrongUsage),
        (f"SELECT ?s ?b {{ ?s a ?o . ?b a <{CPR}LedgerEntry> }}", TooLarge),
    ],
)
def test_what_it_must_not_be_asked_or_cannot_answer_whole_is_refused(
    served: Registry, query: str, kind: type[RegistryError]
) -> None:
    """The same guard as before, and what this engine answers otherwise than SPARQL 1.1 says."""
    with pytest.raises(kind):
        served.queries.query(query, "text/csv", by=LOCAL)


def test_a_query_reads_the_registrys_graphs_and_none_of_the_engines_own(served: Registry) -> None:
    """A Virtuoso keeps its settings as graphs beside ours."""
    answer = served.queries.query(
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g", "text/csv", by=LOCAL
    )
    names = [line.split(",")[0] for line in answer.body.decode().splitlines()[1:]]
    ours = {name for name in names if name.startswith(f"{BASE}record/")}
    assert ours
    assert not [name for name in names if "openlinksw" in name or name.startswith(f"{BASE}graph/")]
    own = "ASK { ?s a ?o . FILTER(CONTAINS(STR(?o), 'virtrdf')) }"
    assert served.queries.query(own, "text/csv", by=LOCAL).body == b"false"


def test_graph_with_a_variable_is_held_to_our_graphs() -> None:
    """Within its brackets nothing changes."""
    parsed = guard("SELECT * { GRAPH ?g { ?s ?p '}' } ?s ?q ?r }", BASE)
    assert dialect.named_only(parsed.text, BASE, ["http://o/"]) == (
        "SELECT * { { GRAPH ?g { ?s ?p '}' } FILTER(((STRSTARTS(STR(?g), \"https://registry.example/\") && "
        '!STRSTARTS(STR(?g), "https://registry.example/graph/")) || ?g = <http://o/>)) } ?s ?q ?r }'
    )


@pytest.mark.parametrize(
    ("url", "more", "found"),
    [
        ("ftp://127.0.0.1/sparql", {}, "ftp://127.0.0.1/sparql"),
        ("http://graph.example/sparql", {}, "http://graph.example/sparql: what goes to another machine goes over TLS"),
        ("http://a:b@127.0.0.1/sparql", {}, "one with a name or password in it: those stand in a file of their own"),
        ("http://127.0.0.1:3030/ds/query", {}, "/ds/query"),
        (
            "https://graph.example/ds/query",
            {"update": "https://graph.example/ds/update", "store": "https://other.example/ds/data"},
            "https://other.example/ds/data",
        ),
    ],
)
def test_an_address_that_is_none_or_another_is_refused(url: str, more: dict[str, str], found: str) -> None:
    """One service at one host and port; nothing in clear to another machine; no password in an address."""
    with pytest.raises(WrongUsage) as refusal:
        service(url, **more)
    assert refusal.value.found == found


def test_a_password_that_others_can_read_is_refused_and_none_is_ever_shown(tmp_path: Path) -> None:
    """It is in no text that is made of the service."""
    file = tmp_path / "credentials"
    file.write_text(f"dba:{PASSWORD}\n")
    file.chmod(0o644)
    with pytest.raises(Refused, match="Others can read the file"):
        service("http://127.0.0.1:8890/sparql", credentials=file)
    file.chmod(0o600)
    kept = service("http://127.0.0.1:8890/sparql", credentials=file)
    assert kept.password == PASSWORD
    assert PASSWORD not in f"{kept} {kept!r} {kept.shown}"


class _Elsewhere(BaseHTTPRequestHandler):
    """Sends everybody on to another address, or more than was agreed."""

    def do_GET(self) -> None:
        if self.path.startswith("/large"):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x" * 2_000)
            return
        self.send_response(302)
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()

    def log_message(self, *_what: object) -> None:
        """Nothing."""


def test_no_redirect_is_followed_and_no_more_is_read_than_was_agreed() -> None:
    """What the service sends decides nothing."""
    with HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            http = Http(service(f"http://127.0.0.1:{server.server_port}/sparql"))
            with pytest.raises(Unavailable) as refusal:
                http.send("GET", "/sparql", seconds=5)
            assert refusal.value.found == "HTTP 302"
            with pytest.raises(TooLarge):
                http.send("GET", "/large", seconds=5, most=1_000)
        finally:
            server.shutdown()
            thread.join()
