"""Pages of a registry with 50,000 lots, beside a bare Flask page on the same machine.

    python benchmarks/pages.py [--lots 50000] [--folder FOLDER] [--only explore]

The registry is that of ``many_lots.py``: made once in ``--folder`` (some twenty minutes), opened from there afterwards,
and made anew in a temporary folder without it. Each page is asked for within the process, so that the figures are of
the application and not of a socket; each round asks for other lots and products, and for a bare Flask page just after,
so that other work on the machine weighs on both. ``times`` is the ratio of their medians. CPU is the process's own
time for one request. In the end two clients ask at once, as the threads of a server would be asked.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from flask import Flask
from flask.testing import FlaskClient
from many_lots import fixture
from many_products import PASSWORD, PEOPLE

from registry.services import Registry
from web import create_app

HTML = {"Accept": "text/html"}
ROUNDS = 60


@dataclass(frozen=True)
class Page:
    """A page: what it is called, who asks, its address (``{lot}``: one of many), and what happens before each round."""

    name: str
    who: str
    path: str
    anew: bool = False


PAGES = (
    Page("first page, clinician", "clinic", "/"),
    Page("first page, submitter", "lab", "/"),
    Page("first page, quality unit", "quality", "/"),
    Page("first page, analyst", "analyst", "/"),
    Page("first page, inspector", "inspector", "/"),
    Page("first page, administrator", "admin", "/"),
    Page("find by part of an id", "clinic", "/lots?q=L-0{tens}"),
    Page("find by a product", "clinic", "/lots?q=P-00"),
    Page("find by a synonym of a disease", "clinic", "/lots?q=GVHD"),
    Page("find nothing", "clinic", "/lots?q=nothing"),
    Page("a lot", "clinic", "/lots/{lot}"),
    Page("a bank with 800 lots", "quality", "/lots/WCB-00-{five}"),
    Page("is an open page still so", "clinic", "/live/{lot}"),
    Page("history of a lot", "inspector", "/history/{lot}"),
    Page("evidence beside its source", "quality", "/evidence/{lot}"),
    Page("everything before a signature", "quality", "/release/{lot}"),
    Page("lots to review", "quality", "/review"),
    Page("lots to review, page 20", "quality", "/review?from=480"),
    Page("facets", "analyst", "/explore"),
    Page("facets just after an entry", "analyst", "/explore", anew=True),
    Page("facets, a state", "analyst", "/explore?state=released"),
    Page("facets, a state and a disease", "analyst", "/explore?state=released&disease=DOID:5426"),
    Page("facets, a criterion, a month", "analyst", "/explore?criterion=cd105&since=2025-01&until=2025-06"),
    Page("a control chart", "quality", "/trends/P-00?criterion=cd105"),
    Page("products", "clinic", "/products"),
    Page("a product of 9,000 lots", "clinic", "/products/P-00"),
    Page("ledger", "inspector", "/ledger"),
    Page("ledger of a lot", "inspector", "/ledger?lot={lot}"),
    Page("ledger of a kind and a person", "inspector", "/ledger?kind=decision&actor=quality"),
    Page("ledger of a rare kind", "inspector", "/ledger?kind=approval"),
    Page("one's submissions", "lab", "/submissions"),
    Page("submissions of who has none", "quality", "/submissions"),
    Page("specifications", "clinic", "/specifications"),
    Page("a specification", "clinic", "/specifications/isct-2006"),
    Page("questions", "analyst", "/questions"),
)


@dataclass
class Figures:
    """Milliseconds of one page: wall time of every round, the bare page's beside it, CPU of all rounds."""

    wall: list[float]
    bare: list[float]
    cpu: float

    def line(self, name: str, others: Sequence[float]) -> str:
        """A row of the table."""
        mid, low = statistics.median(self.wall), statistics.median(self.bare)
        return (
            f"| {name} | {mid:.0f} | {p95(self.wall):.0f} | {self.cpu:.0f} | {mid / low:.0f} "
            f"| {statistics.median(others):.0f} | {p95(others):.0f} |"
        )


def p95(taken: Sequence[float]) -> float:
    """The 95th percentile."""
    return sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]


def signed_in(app: Flask, name: str) -> FlaskClient:
    """A browser of this person."""
    client = app.test_client()
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in", headers=HTML).text)
    assert token is not None
    client.post("/sign-in", headers=HTML, data={"csrf": token[1], "name": name, "password": PASSWORD})
    return client


def bare() -> FlaskClient:
    """The least that Flask answers."""
    app = Flask("bare")
    app.add_url_rule("/", "page", lambda: "<!doctype html><title>Bare</title><p>Hello")
    return app.test_client()


def addresses(page: Page, lots: int, seed: int) -> Iterator[str]:
    """The page's address for round after round, of other lots each time."""
    chance = Random(seed)  # noqa: S311 - which lots are asked for
    while True:
        number = chance.randrange(lots)
        yield page.path.format(lot=f"L-{number:05d}", tens=f"{number % 5000:04d}"[:3], five=number % 5)


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def alone(registry: Registry, page: Page, client: FlaskClient, beside: FlaskClient, lots: int) -> Figures:
    """One client, a bare page after each round."""
    wall, other, cpu = list[float](), list[float](), 0.0
    for number, path in zip(range(ROUNDS + 3), addresses(page, lots, 1), strict=False):
        if page.anew:
            registry.lot_index._counted = None
        began = time.process_time()
        taken = timed(lambda path=path: answered(client, path))
        spent = time.process_time() - began
        if number >= 3:
            cpu += spent
            wall.append(taken)
            other.append(timed(lambda: beside.get("/")))
    return Figures(wall, other, cpu * 1000 / ROUNDS)


def together(page: Page, clients: Sequence[FlaskClient], lots: int) -> list[float]:
    """Two clients at once: every answer's time."""
    found: list[float] = []

    def ask(client: FlaskClient, seed: int) -> None:
        for _, path in zip(range(ROUNDS // 2), addresses(page, lots, seed), strict=False):
            found.append(timed(lambda path=path: answered(client, path)))

    threads = [threading.Thread(target=ask, args=(one, seed)) for seed, one in enumerate(clients, start=2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def answered(client: FlaskClient, path: str) -> None:
    """Ask, and insist on a page."""
    answer = client.get(path, headers=HTML)
    assert answer.status_code in {200, 303}, (path, answer.status_code)


@contextmanager
def opened(folder: Path | None, lots: int) -> Iterator[Registry]:
    """The registry, its lines followed by a thread as in a server."""
    with tempfile.TemporaryDirectory() as other:
        registry = fixture(folder or Path(other) / "data", lots)
        with registry.lot_index.following():
            yield registry
        registry.close()


def main() -> None:
    """Ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--lots", type=int, default=50_000)
    options.add_argument("--folder", type=Path, help="where the registry is made, or was")
    options.add_argument("--only", default="", help="pages whose name holds this")
    chosen = options.parse_args()
    with opened(chosen.folder, chosen.lots) as registry:
        app, beside = create_app(registry), bare()
        names = ["admin", *(name for name, _role in PEOPLE)]
        people = {name: [signed_in(app, name), signed_in(app, name)] for name in names}
        print(
            "| page | p50 ms | p95 ms | CPU ms | times | two at once: p50 ms | p95 ms |\n|---|---|---|---|---|---|---|"
        )
        first = [timed(lambda: beside.get("/")) for _ in range(ROUNDS)]
        print(f"| a bare Flask page | {statistics.median(first):.2f} | {p95(first):.2f} | | 1 | | |")
        for page in PAGES:
            if chosen.only in page.name:
                clients = people[page.who]
                figures = alone(registry, page, clients[0], beside, chosen.lots)
                print(figures.line(page.name, together(page, clients, chosen.lots)), flush=True)


if __name__ == "__main__":
    main()
