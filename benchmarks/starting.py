"""A server of 50,000 lots: how long to its first page, in how much memory; and pages while it makes its graph.

    python benchmarks/starting.py FOLDER [--lots 50000] [--graph]

The registry is that of ``many_lots.py``, made in FOLDER unless it stands there. A server is started as a person starts
it, somebody signs in, and asks for the first page, a lot and the facets; the memory is that of the process and of the
helper that answers queries. With ``--graph`` the graph is thrown away first: the server makes it anew beside its work,
and pages are asked for meanwhile. Then it is started again, with the graph there.
"""

from __future__ import annotations

import argparse
import http.client
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from many_lots import fixture
from many_products import PASSWORD

FIRST = (("first page", "/"), ("a lot", "/lots/L-00040"), ("facets", "/explore"), ("facets again", "/explore"))
QUERY = "SELECT ?lot { ?lot a <https://w3id.org/cell-product-registry/ns#Lot> } LIMIT 1"


@dataclass
class Server:
    """A running server, and the cookie of somebody who is signed in."""

    process: subprocess.Popen[str]
    port: int
    cookie: str = ""

    def ask(self, path: str, body: str | None = None, accept: str = "text/html") -> tuple[int, str, float]:
        """Status, text and seconds of one request."""
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Accept": accept, "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.headers["Set-Cookie"]:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        connection.close()
        return answer.status, text, time.perf_counter() - begun

    def sign_in(self, name: str) -> None:
        """As a browser does it."""
        token = re.search(r'name="csrf" value="([^"]+)"', self.ask("/sign-in")[1])
        assert token is not None
        status, _text, _seconds = self.ask(
            "/sign-in", urlencode({"csrf": token[1], "name": name, "password": PASSWORD})
        )
        assert status == 303, status

    def memory(self) -> tuple[float, float]:
        """MB that the process holds now, and the most that it held; without its helper."""
        said = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = {name: int(kilobytes) / 1024 for name, kilobytes in re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", said)}
        return found["VmRSS"], found["VmHWM"]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Server, float]]:
    """A server, and the seconds until it said its address."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "registry", "serve", "--data", str(folder), "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        yield Server(process, port), time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait()


def look(server: Server, begun: float) -> None:
    """The first pages, and the memory after them."""
    server.sign_in("analyst")
    for name, path in FIRST:
        status, _text, seconds = server.ask(path)
        assert status == 200, (path, status)
        print(f"| {name}, {time.perf_counter() - begun:.1f} s after the start | {seconds * 1000:.0f} ms |")
    print(f"| memory then | {server.memory()[0]:.0f} MB |")


def fill(server: Server) -> None:
    """Until a query is answered from the whole ledger: how long, pages meanwhile, the most memory."""
    begun, taken = time.perf_counter(), list[float]()
    number = 0
    while not _answers(server):
        for _ in range(20):
            number += 101
            taken.append(server.ask(f"/lots/L-{number % 50_000:05d}")[2] * 1000)
            time.sleep(0.2)
    taken.sort()
    print(f"| the graph made | {time.perf_counter() - begun:.0f} s |")
    print(f"| a lot meanwhile | p50 {statistics.median(taken):.0f} ms, p95 {taken[int(len(taken) * 0.95)]:.0f} ms |")
    print("| memory then, and the most | {:.0f} MB, {:.0f} MB |".format(*server.memory()))


def _answers(server: Server) -> bool:
    path = "/sparql?" + urlencode({"query": QUERY})
    status, text, _seconds = server.ask(path, accept="application/sparql-results+json")
    assert status in {200, 503}, text
    return status == 200


def main() -> None:
    """Start, look, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--lots", type=int, default=50_000)
    options.add_argument("--graph", action="store_true", help="throw the graph away and wait until it is made anew")
    chosen = options.parse_args()
    fixture(chosen.folder, chosen.lots).close()
    if chosen.graph:
        shutil.rmtree(chosen.folder / "graph", ignore_errors=True)
    print("| what | |\n|---|---|")
    for _ in range(2 if chosen.graph else 1):
        begun = time.perf_counter()
        with serving(chosen.folder) as (server, seconds):
            print(f"| started, listening | {seconds:.1f} s |")
            look(server, begun)
            if chosen.graph and not _answers(server):
                fill(server)


if __name__ == "__main__":
    main()
