"""The ledger in PostgreSQL keeps the rules that it keeps in SQLite, and a registry over it gives the same answers."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from registry.errors import Conflict, Refused, RegistryError, WrongUsage
from registry.identifiers import CPR
from registry.ledger import Ledger, NewEntry, verify_chain
from registry.namespaces import RDFS
from registry.services import Registry
from registry.services.accounts import LocalOperator, scopes_of
from registry.services.lot_index.facets import selection
from tests.conftest import ROOT
from tests.ledgers import BASE, append_many
from tests.postgresql import new_database

OPERATOR = LocalOperator()


def test_postgresql_keeps_the_same_rules(postgresql: str) -> None:
    made = Ledger.create(postgresql, base=BASE, public_key="x" * 43 + "=", actor="a")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=append_many, args=(postgresql, f"lab{n}", 20)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [entry.position for entry in made.entries()] == list(range(1, 62))
    assert verify_chain(made)[0] == 61
    made.append([NewEntry("lot", lots=("P-1",), index=(("derives-from", "BANK"),))], actor="a", content="c")
    assert made.append([NewEntry("lot")], actor="b", content="c").repeated
    assert made.closure("derives-from", "bank") == ["p-1"]
    assert made.matching("lot", "P-") == ["P-1"]
    assert made.guards()[0] == made.guards()[1]
    with pytest.raises(Conflict):
        Ledger.create(postgresql, base=BASE, public_key="x", actor="a")
    engine = create_engine(postgresql)
    for statement in ("UPDATE entries SET actor = 'x'", "DELETE FROM records", "TRUNCATE receipts"):
        with engine.connect() as connection, pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(statement))
    engine.dispose()
    made.close()


@pytest.fixture(scope="module")
def both(
    postgresql: str, demonstration: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Registry, Registry]]:
    """The worked example in SQLite, and moved to the database server."""
    folder = tmp_path_factory.mktemp("both")
    for name in ("sqlite", "server"):
        shutil.copytree(demonstration, folder / name)
    moving = Registry.open(folder / "server")
    moving.upkeep.move(new_database(postgresql, "story"), by=OPERATOR)
    moving.close()
    kept, moved = Registry.open(folder / "sqlite"), Registry.open(folder / "server")
    yield kept, moved
    kept.close()
    moved.close()


def test_a_moved_registry_answers_the_same_of_every_lot(both: tuple[Registry, Registry]) -> None:
    """Page, list, counts, trail; and its audit finds everything to be what it says."""
    kept, moved = both
    at = kept.ledger.clock()
    for registry in both:
        registry.ledger.clock = lambda: at
    whole = selection({})
    pages = [index.page(index.counting(whole).wanted(), 1000) for index in (kept.lot_index, moved.lot_index)]
    lots = [line.lot for line in pages[0]]
    assert (len(lots) > 50, pages[1]) == (True, pages[0])
    assert [moved.lots.get(lot).as_dict() for lot in lots] == [kept.lots.get(lot).as_dict() for lot in lots]
    assert moved.lot_index.counting(whole).facets() == kept.lot_index.counting(whole).facets()
    assert moved.upkeep.inspection.trail(500) == kept.upkeep.inspection.trail(500)
    assert moved.ledger.head() == kept.ledger.head()
    report = moved.upkeep.audit()
    assert (report.findings, report.size) == ((), kept.size())


def test_a_folder_names_its_server_for_its_owner_alone_and_is_not_moved_twice(
    both: tuple[Registry, Registry], postgresql: str
) -> None:
    _kept, moved = both
    names = {path.name: path.stat().st_mode & 0o777 for path in moved.directory.iterdir() if path.is_file()}
    assert (names["ledger-url"], "ledger.sqlite" in names) == (0o600, False)
    with pytest.raises(Refused, match="kept at a database server already"):
        moved.upkeep.move(postgresql, by=OPERATOR)
    with pytest.raises(WrongUsage, match="no address of a ledger"):
        Registry.create(moved.directory.parent / "none", url="nowhere")
    assert "secret" not in str(
        _refused(moved.directory.parent / "closed", "postgresql+psycopg://a:secret@127.0.0.1:1/b")
    )


def _refused(folder: Path, url: str) -> RegistryError:
    with pytest.raises(RegistryError) as refusal:
        Registry.create(folder, url=url)
    return refusal.value


def test_a_copy_of_a_servers_ledger_is_restored_into_a_folder(both: tuple[Registry, Registry], tmp_path: Path) -> None:
    _kept, moved = both
    moved.upkeep.backup(tmp_path / "monday.tar")
    restored = Registry.restore(
        tmp_path / "monday.tar", tmp_path / "restored", by=OPERATOR, key_file=moved.directory / "signing-key.pem"
    )
    assert restored.ledger.head() == moved.ledger.head()
    assert restored.upkeep.audit().findings == ()
    restored.close()


@dataclass
class Server:
    """``cell-registry serve`` in a process of its own."""

    folder: Path

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "registry", "serve", "--data", str(self.folder), "--port", "0"]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, text=True, cwd=ROOT)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().partition(": ")[2].strip()

    def asked(self, path: str, token: str, **form: str) -> tuple[int, bytes]:
        """Status and body; again for as long as it is busy."""
        until = time.monotonic() + 90
        data = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/sparql-results+json, application/json"}
        while True:
            try:
                request = urllib.request.Request(self.address + path, data, headers)
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read()
            except urllib.error.HTTPError as error:
                if error.code != 503 or time.monotonic() > until:
                    return error.code, error.read()
                time.sleep(0.1)


def test_two_servers_on_one_database_take_one_of_fifty_signatures_and_one_follows_when_the_other_is_killed(
    both: tuple[Registry, Registry],
) -> None:
    """Both serve one folder, so one of them keeps the graph: the one that is killed. Nothing is lost, and what is
    entered after it is found by a question.
    """
    moved = both[1]
    sign_ins = json.loads((moved.directory / "demo-sign-ins.json").read_text())["sign_ins"]
    by_role = {entry["role"]: entry for entry in sign_ins}
    quality = by_role["quality unit"]
    tokens = {
        account.role: moved.accounts.create_token(
            account.name, "two servers", by=account, scopes=scopes_of(account.role)
        )
        for account in moved.accounts.all()
        if account.role in {"quality unit", "analyst"}
    }
    form = {"name": quality["name"], "password": quality["password"], "meaning": "I sign it."}
    query = "sparql?" + urllib.parse.urlencode(
        {"query": f"SELECT (COUNT(DISTINCT ?decision) AS ?n) {{ ?decision a/<{RDFS}subClassOf>* <{CPR}Decision> }}"}
    )
    before = moved.size()
    first = Server(moved.directory)
    assert first.asked(query, tokens["analyst"])[0] == 200
    second = Server(moved.directory)
    try:

        def sign(server: Server) -> int:
            return server.asked("release/H-02", tokens["quality unit"], kind="release", **form)[0]

        with ThreadPoolExecutor(50) as signers:
            answers = list(signers.map(sign, [first, second] * 25))
        # The others are refused: it is released already, or too many signatures of one name wait at once.
        assert (answers.count(201), set(answers) - {409, 429}) == (1, {201})
        assert len([entry for entry in moved.ledger.entries(before) if entry.kind == "decision"]) == 1
        counted = first.asked(query, tokens["analyst"])[1]
        first.process.kill()
        first.process.wait()
        held = second.asked("release/H-02", tokens["quality unit"], kind="hold", reason="One server died.", **form)
        assert held[0] == 201
        until = time.monotonic() + 60
        while (answer := second.asked(query, tokens["analyst"])[1]) == counted and time.monotonic() < until:
            time.sleep(0.2)
        assert _number(answer) == _number(counted) + 1
    finally:
        for server in (first, second):
            server.process.terminate()
            server.process.communicate(timeout=30)
    assert moved.lots.get("H-02").answer.state == "on hold"
    assert moved.upkeep.audit().findings == ()


def _number(answer: bytes) -> int:
    return int(json.loads(answer)["results"]["bindings"][0]["n"]["value"])
