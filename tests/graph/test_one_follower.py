"""Several servers on one ledger, one graph at a service: one of them writes, and another when it ends."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from registry.errors import Refused
from registry.graph.remote.address import Service
from registry.graph.remote.follower import RemoteFollower
from registry.ledger import Ledger
from registry.services import Registry
from registry.services.queries.graph_service import GraphService
from registry.services.queries.one_follower import FILE, OneFollower
from tests.ledgers import BASE
from tests.people import LOCAL
from tests.postgresql import new_database

URL = "http://127.0.0.1:8890/sparql"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a ledger is."""
    place: str | Path = tmp_path / "data"
    if request.param == "postgresql":
        place = new_database(request.getfixturevalue("postgresql"), f"alone-{tmp_path.name}"[:60])
    else:
        Path(place).mkdir()
    Ledger.create(place, base=BASE, public_key="x" * 43 + "=", actor="a").close()
    return place


Another = Callable[[str | Path, str], OneFollower]


@pytest.fixture
def another() -> Iterator[Another]:
    """One more server's place on the ledger there, as it asks for the service at this address."""
    every = list[tuple[Ledger, OneFollower]]()

    def made(place: str | Path, url: str) -> OneFollower:
        ledger = Ledger.open(place)
        every.append((ledger, OneFollower(ledger, url)))
        return every[-1][1]

    yield made
    for ledger, alone in every:
        alone.end()
        ledger.close()


def hold(place: str | Path, url: str, held: Callable[[bool], None], ended: Callable[[], bool]) -> None:
    """Another process: it says whether it leads, and lives on until it is killed."""
    alone = OneFollower(Ledger.open(place), url)
    held(alone.leads())
    ended()


def test_one_process_leads_for_each_service_until_it_ends_or_dies(place: str | Path, another: Another) -> None:
    """Asked again it still does; the others do as soon as it is gone, and not before."""
    first, second = another(place, URL), another(place, URL)
    assert [first.leads(), second.leads(), first.leads(), second.leads()] == [True, False, True, False]
    first.end()
    assert [second.leads(), first.leads()] == [True, False]
    second.end()
    context = multiprocessing.get_context("spawn")
    held, ended = context.Queue(), context.Event()
    process = context.Process(target=hold, args=(place, URL, held.put, ended.wait))
    process.start()
    assert (held.get(timeout=60), first.leads()) == (True, False)
    process.kill()
    process.join(30)
    until = time.monotonic() + 20
    while not first.leads() and time.monotonic() < until:
        time.sleep(0.05)
    assert [first.leads(), second.leads()] == [True, False]


def empty(cluster: str, name: str) -> str:
    """A new ledger on PostgreSQL."""
    url = new_database(cluster, name)
    Ledger.create(url, base=BASE, public_key="x" * 43 + "=", actor="a").close()
    return url


def test_on_postgresql_each_service_has_one_of_its_own(postgresql: str, another: Another) -> None:
    url = empty(postgresql, "alone-of-two")
    assert another(url, URL).leads()
    assert another(url, "https://other.example/sparql").leads()


def test_who_lost_the_database_leads_no_more(postgresql: str, another: Another) -> None:
    """Its connection was ended from outside; whoever asks next leads."""
    url = empty(postgresql, "alone-lost")
    first, second = another(url, URL), another(url, URL)
    assert first.leads()
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"))
    engine.dispose()
    assert [first.leads(), second.leads(), first.leads()] == [False, True, False]


def test_the_lock_of_a_folder_is_nobody_elses_to_read(tmp_path: Path, another: Another) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    Ledger.create(folder, base=BASE, public_key="x" * 43 + "=", actor="a").close()
    assert another(folder, URL).leads()
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def followers(*registries: Registry) -> list[RemoteFollower]:
    """What brings the service up to the ledger in each of these servers."""
    every = []
    for registry in registries:
        knowledge = registry.queries.knowledge
        assert isinstance(knowledge, GraphService)
        every.append(knowledge._follower)
    return every


def test_of_two_servers_one_writes_and_the_other_goes_on_when_it_ends(
    postgresql: str, demonstration: Path, virtuoso: Service, tmp_path: Path
) -> None:
    """Both answer with what was entered through either."""
    shutil.copytree(demonstration, tmp_path / "one")
    moving = Registry.open(tmp_path / "one")
    moving.upkeep.move(new_database(postgresql, "two-graphs"), by=LOCAL)
    moving.close()
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    one, two = Registry.open(tmp_path / "one"), Registry.open(tmp_path / "two")
    one.queries.elsewhere = two.queries.elsewhere = virtuoso
    first, second = followers(one, two)
    with two.queries.knowledge.following():
        with one.queries.knowledge.following():
            until = time.monotonic() + 120
            while not (first._known.whole and second._known.whole) and time.monotonic() < until:
                time.sleep(0.1)
            led = [first._leads(), second._leads()]
            assert sorted(led) == [False, True]
            leader, other = (second, first) if led[1] else (first, second)
            with pytest.raises(Refused, match="Another process"):
                other.rebuild()
            for registry in (one, two):
                answer = registry.queries.ask("lots", None, "text/csv", by=LOCAL)
                assert answer.ledger_size == registry.size()
            assert leader.lag() == 0
        quality = next(account for account in two.accounts.all() if account.role == "quality unit")
        two.administrations.move("H-01", "destroyed", numbers=[1], reason="A broken bag.", actor=quality)
        answer = two.queries.ask("containers", None, "text/csv", by=LOCAL)
        assert (answer.ledger_size, "destroyed" in answer.body.decode(), second._leads()) == (two.size(), True, True)
    one.close()
    two.close()
