"""What a submission costs a real server over HTTP, with everything that follows it: lists, graph and pages.

    python benchmarks/over_http.py [HOW MANY]      400 without it; four clients, a lot and six markers a file

`cell-registry serve` runs in a process of its own on a ledger with ``synchronous=FULL``. Four clients send at once,
each on a connection of its own with a token, each file another lot. CPU is the server's and its children's, from the
first file until the lists and the graph show the last one. Beside it, in the same run: a bare Flask under the same
server that answers 200 (what HTTP costs), and a bare insert of the same bytes into SQLite. At the end one file of as
many lots is sent, with other numbers. ``--threads`` tells which threads of the server take the CPU.
"""

from __future__ import annotations

import argparse
import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select
from submitting import SIX, bare, furnished, table, timed

from registry.graph.store import snapshots
from registry.ledger.tables import lot_lines_at
from registry.services import Registry

CLIENTS, WARM = 4, 8
TICK = os.sysconf("SC_CLK_TCK")
SERVE = """
import os, signal, sys, threading
from registry.cli import main
def told(*_how):
    names = {thread.native_id: thread.name for thread in threading.enumerate()}
    spent = {}
    for task in os.listdir("/proc/self/task"):
        fields = open(f"/proc/self/task/{task}/stat").read().rpartition(")")[2].split()
        name = names.get(int(task), "of the engines").split("-")[0]
        spent[name] = spent.get(name, 0) + sum(map(int, fields[11:13]))
    for name, ticks in spent.items():
        print(f"{ticks:>8} ticks  {name}", file=sys.stderr)
    sys.stderr.flush()
    os._exit(0)
signal.signal(signal.SIGTERM, told)
sys.argv = ["cell-registry", "serve", "--data", sys.argv[1], "--port", "0"]
main()
"""
FLASK = """
import waitress
from flask import Flask, request
app = Flask("bare")
app.add_url_rule("/api/v1/panels", "panels", lambda: {"read": len(request.get_data())}, methods=["POST"])
server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8)
print(f"address: http://127.0.0.1:{server.effective_port}/", flush=True)
server.run()
"""


def started(*arguments: str) -> tuple[subprocess.Popen[str], int]:
    """A server, and the port that it printed."""
    server = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server, int(server.stdout.readline().rsplit(":", 1)[1].strip("/\n"))


def cpu(process: int) -> float:
    """Seconds of CPU of a process and of its children, those that ended included."""
    total = 0.0
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(place.parent.name) == process or int(fields[1]) == process:
            total += sum(map(int, fields[11:15])) / TICK
    return total


def sent(port: int, token: str, files: Sequence[bytes]) -> None:
    """One client: file after file on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    for count, data in enumerate(files):
        head = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv",
                "Content-Disposition": f'attachment; filename="{count}.csv"'}  # fmt: skip
        connection.request("POST", "/api/v1/panels", body=data, headers=head)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status in {200, 201}, (answer.status, body[:500])
    connection.close()


def together(port: int, token: str, files: Sequence[bytes]) -> float:
    """Seconds until four clients had an answer to everything."""
    begun = time.perf_counter()
    clients = [threading.Thread(target=sent, args=(port, token, files[number::CLIENTS])) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return time.perf_counter() - begun


def followed(registry: Registry, folder: Path) -> None:
    """Wait until lists and graph show everything."""
    size = registry.ledger.size()
    (folder / "graph" / "wanted").touch()
    while listed(registry) < size or registry.lot_index.stale() or newest(folder) < size:
        time.sleep(0.05)


def listed(registry: Registry) -> int:
    """How much of the ledger the lists have read."""
    with registry.ledger.view() as view:
        return int(view.connection.execute(select(lot_lines_at.c.position)).scalar() or 0)


def newest(folder: Path) -> int:
    """How much of the ledger the newest snapshot shows."""
    return max((snapshot.size for snapshot in snapshots.snapshots(folder / "graph")), default=0)


def whole(folder: Path, lots: int) -> bytes:
    """One file of as many lots."""
    rows = "".join(SIX.format(lot=lot, cd34="1.9" if lot % 10 else "2.1") for lot in range(lots))
    return f"lot,characteristic,value,unit\n{rows}".encode()


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("lots", type=int, nargs="?", default=400)
    options.add_argument("--threads", action="store_true", help="the CPU of each thread of the server")
    chosen = options.parse_args()
    files = [table(lot) for lot in range(chosen.lots + WARM)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "registry"
        registry, lab = furnished(folder, chosen.lots + WARM)
        token = registry.accounts.create_token("lab", "benchmark", by=lab)
        base = timed(bare(Path(name), files), range(len(files)))
        command = (
            ("-c", SERVE, str(folder))
            if chosen.threads
            else ("-m", "registry", "serve", "--data", str(folder), "--port", "0")
        )
        server, port = started(*command)
        try:
            together(port, token, files[chosen.lots :])
            followed(registry, folder)
            before = cpu(server.pid)
            taken = together(port, token, files[: chosen.lots])
            answered = cpu(server.pid)
            followed(registry, folder)
            after = cpu(server.pid)
            data = whole(folder, chosen.lots)
            sent(port, token, [data])
            file_answered = cpu(server.pid)
            followed(registry, folder)
            file_after = cpu(server.pid)
        finally:
            server.terminate()
            server.wait()
        registry.close()
    plain, port = started("-c", FLASK)
    began = cpu(plain.pid)
    together(port, token, files)
    http_cost = (cpu(plain.pid) - began) * 1000 / len(files)
    plain.terminate()
    plain.wait()
    each = 1000 / chosen.lots
    print(f"{chosen.lots} submissions, {CLIENTS} clients: {chosen.lots / taken:.0f} a second on the clock")
    print(f"{'CPU of the server, ms a submission':<58}ms   times a bare insert")
    for what, cost in (
        ("bare insert into SQLite, synchronous=FULL", base[0]),
        ("bare Flask under waitress", http_cost),
        ("until every file was answered", (answered - before) * each),
        ("until lists and graph show it", (after - before) * each),
    ):
        print(f"{what:<54}{cost:>8.2f}{cost / base[0]:>12.0f} x")
    print(
        f"one file of {chosen.lots} lots: {file_answered - after:.2f} s of CPU until answered, "
        f"{file_after - after:.2f} s until lists and graph show it"
    )


if __name__ == "__main__":
    main()
