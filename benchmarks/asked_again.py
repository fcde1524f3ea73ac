"""What a lot costs a real server over HTTP: asked for the first time, asked again, and asked by who holds the answer.

    python benchmarks/asked_again.py [--folder FOLDER] [--lots 200]

Without ``--folder`` the lots are those of the demonstration, made in a temporary folder; FOLDER is one of
``many_lots.py``. One client asks on one connection, with a token. Each lot is asked for once, then again in turn until
there are enough of both to count; who holds the answer sends its ``ETag``, and must be answered 304. CPU is the
server's, for one request; beside it, in the same run, a bare Flask under the same server.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from over_http import cpu, started

from registry.services import Registry
from tests.people import account_of

AGAIN = 400
"""Requests that are counted of each kind that can be repeated."""
IDLE = 0.03
"""Seconds of CPU in a second of a server that nobody asks."""
FLASK = """
import waitress
from flask import Flask
app = Flask("bare")
app.add_url_rule("/", "page", lambda: {"bare": True})
server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
print(f"address: http://127.0.0.1:{server.effective_port}/", flush=True)
server.run()
"""
Ask = tuple[str, dict[str, str], int]
"""Path, headers, and the status that must come."""


class Client:
    """One connection to a server; counts what its answers cost it."""

    def __init__(self, server: subprocess.Popen[str], port: int) -> None:
        self._server = server
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def get(self, path: str, head: dict[str, str], status: int) -> str:
        """The answer's ``ETag``, empty without one."""
        self._connection.request("GET", path, headers=head)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == status, (path, answer.status, body[:500])
        return answer.headers.get("ETag", "")

    def cost(self, asked: Sequence[Ask]) -> tuple[float, float]:
        """Milliseconds of the server's CPU for one of these, and the median on the clock."""
        began, clock = cpu(self._server.pid), list[float]()
        for ask in asked:
            before = time.perf_counter()
            self.get(*ask)
            clock.append((time.perf_counter() - before) * 1000)
        return (cpu(self._server.pid) - began) * 1000 / len(asked), statistics.median(clock)


def quiet(server: subprocess.Popen[str]) -> None:
    """Wait until a server that was just started has read its lists and its graph: two seconds of no work, or a minute.

    What it does by itself would be counted as the cost of the first requests.
    """
    still, spent = 0, cpu(server.pid)
    for _second in range(60):
        time.sleep(1)
        before, spent = spent, cpu(server.pid)
        still = still + 1 if spent - before < IDLE else 0
        if still == 2:
            return
    print("the server did not come to rest: its own work is in the figures", file=sys.stderr)


def repeated(asked: Sequence[Ask]) -> list[Ask]:
    """The same in turn, until there are enough."""
    return [asked[place % len(asked)] for place in range(AGAIN)]


def demonstration(folder: Path) -> tuple[list[str], str]:
    """The lots of a demonstration that is made in ``folder``, and an analyst's token."""
    command = (sys.executable, "-m", "registry", "demo", "--data", str(folder), "--no-serve")
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    token = next(line.split(": ")[1] for line in told.splitlines() if line.startswith("token: "))
    return [f"H-{number:02d}" for number in range(1, 14)], token


def many(folder: Path, lots: int) -> tuple[list[str], str]:
    """So many lots of a registry of ``many_lots.py``, the first ones, and a clinician's token."""
    registry = Registry.open(folder)
    token = registry.accounts.create_token("clinic", "benchmark", by=account_of(registry, "clinic"))
    registry.close()
    return [f"L-{number:05d}" for number in range(lots)], token


def measured(client: Client, lots: Sequence[str], token: str) -> dict[str, tuple[float, float]]:
    """What each kind of request costs."""
    bearer = {"Authorization": f"Bearer {token}"}
    data, page = {**bearer, "Accept": "application/json"}, {**bearer, "Accept": "text/html"}
    warm, *asked = lots
    for head in (data, page, data, page):
        client.get(f"/lots/{warm}", head, 200)
    of_data = [(f"/lots/{lot}", data, 200) for lot in asked]
    of_page = [(f"/lots/{lot}", page, 200) for lot in asked]
    costs = {"JSON, first": client.cost(of_data), "JSON, again": client.cost(repeated(of_data))}
    tags = {path: client.get(path, head, 200) for path, head, _status in of_data}
    held = [(path, {**data, "If-None-Match": tag}, 304) for path, tag in tags.items()]
    costs["JSON, held: 304"] = client.cost(repeated(held))
    costs["page, the JSON asked before"] = client.cost(of_page)
    costs["page, again"] = client.cost(repeated(of_page))
    return costs


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--folder", type=Path, help="a registry that many_lots.py made")
    options.add_argument("--lots", type=int, default=200, help="how many of its lots are asked for")
    chosen = options.parse_args()
    plain, port = started("-c", FLASK)
    bare, _clock = Client(plain, port).cost([("/", {}, 200)] * AGAIN)
    plain.terminate()
    plain.wait()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name) / "demo"
        lots, token = many(folder, chosen.lots) if chosen.folder else demonstration(folder)
        server, port = started("-m", "registry", "serve", "--data", str(folder), "--port", "0")
        try:
            quiet(server)
            costs = measured(Client(server, port), lots, token)
        finally:
            server.terminate()
            server.wait()
    print(f"{'a lot over HTTP':<32}ms of CPU      ms   times bare Flask (CPU)")
    print(f"{'bare Flask under waitress':<32}{bare:>9.2f}")
    for what, (spent, clock) in costs.items():
        print(f"{what:<32}{spent:>9.2f}{clock:>8.1f}{spent / bare:>12.0f} x")


if __name__ == "__main__":
    main()
