"""A signed-in clinic asks for lots while everything that once slowed a server is done to it at once.

    python benchmarks/hostile.py                       a minute and a half: quiet and attacked by turns
    python benchmarks/hostile.py --seconds 20 --rounds 3
    nice -n -10 python benchmarks/hostile.py        as root, where other work is on the machine

The worked example is served in a process of its own, and attacked from another one (``attacks.py``): forty loops of
workbooks of three million empty rows, tables of a hundred thousand rows, forty sign-in loops of made-up names, one
password over many names, 130 half-open connections, twenty queries that no engine can end. Each attack is what the
issue named, all of them run until the window closes. The attackers step back behind the server by ten nice values,
since real ones compute elsewhere: they still take whatever it leaves. Quiet and attacked windows alternate, since the
machine may be busy with other work: read the ratio. Then the disk is filled, where a small one can be mounted (as
root), and all is done again. Exit 1 when the attacked page's p99 is over 300 ms, or over six times the quiet one's.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from registry.services import Registry
from web.security import SESSION_COOKIE

PATIENCE = 0.3
"""Seconds, at p99, that the issue asks for on two cores."""
TIMES = 6.0
ELSEWHERE = 10
"""By how much the attackers, and they alone, step back behind the server: their sockets are served all the same."""


@dataclass(frozen=True)
class Place:
    """A server on the worked example, and who asks it."""

    folder: Path
    process: subprocess.Popen[str]
    port: int
    session: str
    tokens: dict[str, str]


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Place]:
    """The worked example, made where it is not there, and served; the clinic has a session, the attackers have tokens
    of accounts of their own.
    """
    if not folder.exists():
        demo = [sys.executable, "-m", "registry", "demo", "--data", str(folder), "--no-serve"]
        subprocess.run(demo, capture_output=True, text=True, check=True)
    registry = Registry.open(folder)
    accounts = registry.accounts
    by_role = {account.role: account for account in accounts.all()}
    once = accounts.create("lab.two", "submitter", "Second Laboratory", by=by_role["administrator"])
    accounts.change_password("lab.two", once, "three tired herons wade")
    session, _csrf = accounts.open_session(by_role["clinician"])
    tokens = {
        name: accounts.create_token(account, "attack", by=next(a for a in accounts.all() if a.name == account))
        for name, account in (
            ("lab", by_role["submitter"].name), ("other", "lab.two"), ("analyst", by_role["analyst"].name)
        )
    }  # fmt: skip
    registry.close()
    serve = [sys.executable, "-m", "registry", "serve", "--data", str(folder), "--port", "0"]
    process = subprocess.Popen(serve, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline().rsplit(":", 1)[1].strip("/\n"))
        place = Place(folder, process, port, session, tokens)
        pages(place, 1)
        settle(process.pid)
        yield place
    finally:
        process.terminate()
        process.communicate()


def pages(place: Place, seconds: float) -> list[float]:
    """Milliseconds of lot pages that the clinic's browser read one after another for so long, each answered 200."""
    taken, until = list[float](), time.perf_counter() + seconds
    headers = {"Cookie": f"{SESSION_COOKIE}={place.session}", "Accept": "text/html"}
    while time.perf_counter() < until:
        lot, begun = f"H-{len(taken) % 13 + 1:02d}", time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=120)
        connection.request("GET", f"/lots/{lot}", headers=headers)
        answer = connection.getresponse()
        page = answer.read()
        connection.close()
        assert (answer.status, lot.encode() in page) == (200, True), (answer.status, page[:200])
        taken.append((time.perf_counter() - begun) * 1000)
        time.sleep(0.02)
    return taken


def cpu(process: int) -> float:
    """Seconds of the processor that a process itself has used (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle(process: int, patience: float = 60.0) -> None:
    """Until a server that has just started follows its ledger: it does little by itself then."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        begun = cpu(process)
        time.sleep(2)
        if cpu(process) - begun < 0.2:
            return


def p(share: float, taken: list[float]) -> float:
    """A percentile."""
    return sorted(taken)[min(len(taken) - 1, int(len(taken) * share))]


def attacked(place: Place, seconds: float, share: float) -> tuple[list[float], dict[str, dict[str, int]]]:
    """The clinic's pages while it is attacked, and how the attacks were received."""
    command = [sys.executable, str(Path(__file__).with_name("attacks.py")), str(place.port), str(seconds), str(share)]
    # Real ones compute on machines of their own: what these take of the processors is no part of what is measured.
    command = ["nice", "-n", str(ELSEWHERE), *command]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as attack:
        assert attack.stdin is not None
        attack.stdin.write(json.dumps(place.tokens))
        attack.stdin.close()
        time.sleep(min(3.0, seconds / 4))  # they are made, and begin
        taken = pages(place, seconds - min(3.0, seconds / 4))
        assert attack.stdout is not None
        received: dict[str, dict[str, int]] = json.loads(attack.stdout.read())
    return taken, received


def told(what: str, taken: list[float]) -> None:
    """One line of the table."""
    shown = "   ".join(f"{name} {p(share, taken):6.0f}" for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)))
    print(f"{what:<22}{shown}   most {max(taken):6.0f} ms   {len(taken)} pages", flush=True)


def measured(place: Place, seconds: float, rounds: int, share: float) -> tuple[list[float], list[float]]:
    """Quiet and attacked windows by turns, told as they come."""
    quiet, under = list[float](), list[float]()
    received: dict[str, Counter[str]] = {}
    pages(place, 2)
    for _round in range(rounds):
        quiet += pages(place, seconds / 2)
        begun = cpu(place.process.pid)
        now, how = attacked(place, seconds, share)
        under += now
        print(
            f"  server: {cpu(place.process.pid) - begun:.1f} s of CPU in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}"
        )
        for attack, counts in how.items():
            received.setdefault(attack, Counter()).update(counts)
    told("quiet", quiet)
    told("attacked", under)
    for attack, counts in received.items():
        print(f"  {attack}: " + ", ".join(f"{how} {many} times" for how, many in counts.most_common()))
    return quiet, under


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of so many megabytes, where this user may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)]
    made = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    try:
        yield made
    finally:
        if made:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(folder: Path) -> None:
    """Not a block is left."""
    with (folder / "ballast").open("ab", buffering=0) as ballast, contextlib.suppress(OSError):
        while True:
            ballast.write(bytes(1 << 12))


def main() -> None:
    """Measure and print; exit 1 when the clinic waited."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seconds", type=float, default=20)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--share", type=float, default=1.0, help="of the attackers")
    asked.add_argument("--no-disk", action="store_true")
    chosen = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        small_disk(Path(name) / "disk", 400) as full,
        served(Path(name) / "disk" / "data") as place,
    ):
        quiet, under = measured(place, chosen.seconds, chosen.rounds, chosen.share)
        if full and not chosen.no_disk:
            filled(Path(name) / "disk")
            print("the disk is full")
            under += measured(place, chosen.seconds, 1, chosen.share)[1]
    times = p(0.99, under) / p(0.99, quiet)
    print(f"p99 attacked {p(0.99, under):.0f} ms, {times:.1f} times the quiet one")
    sys.exit(0 if p(0.99, under) <= PATIENCE * 1000 and times <= TIMES else 1)


if __name__ == "__main__":
    main()
