"""Twenty hostile queries at once leave a lot's page as quick as it was: its p95 before, and while they run.

    python benchmarks/hostile.py                 some 25 seconds

A server runs in a process of its own on the worked example. One client reads lot pages one after another; meanwhile
twenty others ask what no engine can answer in time: products of everything with everything, long paths, regular
expressions over all literals, sorts of millions of rows. Each of them must end refused within half a second of its
limit (503), none with a part of an answer.
"""

from __future__ import annotations

import argparse
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

LIMIT = 5.0
HOSTILE = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i",
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (COUNT(*) AS ?n) { ?a (!<x:y>)+ ?b . ?c (!<x:y>)+ ?d }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?c), STR(?f)), '(a+)+$')) }",
    "SELECT (GROUP_CONCAT(?c) AS ?all) { ?a ?b ?c . ?d ?e ?f } GROUP BY ?d",
)


def start(folder: Path) -> tuple[subprocess.Popen[str], int, str]:
    """The worked example, served with a short limit; its port and an analyst's token."""
    told = subprocess.run(
        [sys.executable, "-m", "registry", "demo", "--data", str(folder), "--no-serve"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    token = next(line.split()[1] for line in told.splitlines() if line.startswith("token: "))
    server = subprocess.Popen(
        [sys.executable, "-m", "registry", "serve", "--data", str(folder), "--port", "0",
         "--query-seconds", str(LIMIT), "--queries-per-minute", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    port = int(server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
    return server, port, token


def get(port: int, path: str, token: str, accept: str = "text/html") -> tuple[int, bytes, float]:
    """Status, body and seconds of one request on a connection of its own."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}", "Accept": accept})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, time.perf_counter() - begun


def pages(port: int, token: str, seconds: float) -> list[float]:
    """Milliseconds of lot pages read one after another for so long."""
    taken, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        lot = f"H-{len(taken) % 13 + 1:02d}"
        status, _body, one = get(port, f"/lots/{quote(lot)}", token)
        assert status == 200, status
        taken.append(one * 1000)
        time.sleep(0.02)
    return sorted(taken)


def hostile(port: int, token: str, number: int, ended: list[tuple[int, float]]) -> None:
    """One query that cannot be answered in time: its status, and how long it took to say so."""
    path = "/sparql?" + urlencode({"query": HOSTILE[number % len(HOSTILE)]})
    status, body, taken = get(port, path, token, "application/sparql-results+json")
    assert status in {413, 503}, (status, body[:200])
    assert set(json.loads(body)) == {"error"}
    ended.append((status, taken))


def p(share: float, taken: list[float]) -> float:
    """A percentile of sorted figures."""
    return taken[min(len(taken) - 1, int(len(taken) * share))]


def main() -> None:
    """Measure and print; exit 1 when a page suffered."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--queries", type=int, default=20)
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server, port, token = start(Path(folder) / "data")
        try:
            pages(port, token, 2)
            before = pages(port, token, 5)
            ended: list[tuple[int, float]] = []
            asking = [threading.Thread(target=hostile, args=(port, token, number, ended))
                      for number in range(chosen.queries)]  # fmt: skip
            for one in asking:
                one.start()
            time.sleep(0.3)
            during = pages(port, token, LIMIT - 1)
            for one in asking:
                one.join()
        finally:
            server.terminate()
            server.wait()
    print(f"lot page before: p50 {p(0.5, before):.0f} ms, p95 {p(0.95, before):.0f} ms ({len(before)} pages)")
    print(f"lot page while {chosen.queries} hostile queries run: p50 {p(0.5, during):.0f} ms, "
          f"p95 {p(0.95, during):.0f} ms ({len(during)} pages)")  # fmt: skip
    slowest = max(taken for _status, taken in ended)
    print(f"{len(ended)} of {chosen.queries} hostile queries refused, the last after {slowest:.2f} s (limit {LIMIT} s)")
    sys.exit(0 if p(0.95, during) <= max(3 * p(0.95, before), 250) and slowest <= LIMIT + 0.5 else 1)


if __name__ == "__main__":
    main()
