"""Memory, descriptors and disk of a server stay what they are while a day's work goes on without end.

    python benchmarks/soak.py                     an hour
    python benchmarks/soak.py --minutes 5

A server on the worked example is asked by a clinic, is sent panels (new ones, the same again, files that are refused),
answers questions and sign-ins. Every half minute its resident memory, that of its children, their number, its open
descriptors and the bytes of its folder are noted. After a third of the time nothing may grow but the ledger: exit 1 if
the last third's memory is over the middle third's by more than a tenth, when descriptors or children grow, or when the
folder grows by more than ``BYTES`` for each entry.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import attacks
from hostile import Place, pages, served

from registry.services import Registry

BYTES = 60_000
"""Of the folder for each entry, at most: the ledger's, and what is made of it."""
EVERY = 30.0


@dataclass(frozen=True)
class Note:
    """What a server held at one moment; memory and disk in bytes."""

    memory: int
    of_children: int
    children: int
    descriptors: int
    disk: int
    entries: int


def family(process: int) -> list[int]:
    """The processes that a process started, and those that they did (Linux)."""
    mine = Path(f"/proc/{process}/task").glob("*/children")
    found = [int(child) for listed in mine for child in listed.read_text(encoding="ascii").split()]
    return [*found, *(below for child in found for below in family(child))]


def memory(process: int) -> int:
    """Bytes that a process holds for itself."""
    with contextlib.suppress(OSError, StopIteration):
        text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
        return int(next(line.split()[1] for line in text.splitlines() if line.startswith("RssAnon"))) * 1024
    return 0


def held(folder: Path) -> dict[int, int]:
    """The bytes of each file below a folder, once: a snapshot of the graph is made of links to the files it goes on."""
    sizes = {}
    for below, _folders, names in os.walk(folder):  # a folder that has gone meanwhile is passed over
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                known = os.lstat(os.path.join(below, name))
                sizes[known.st_ino] = known.st_size
    return sizes


def noted(place: Place) -> Note:
    """The server as it is now."""
    below = family(place.process.pid)
    registry = Registry.open(place.folder)
    size = registry.size()
    registry.close()
    disk = sum(held(place.folder).values())
    descriptors = len(list(Path(f"/proc/{place.process.pid}/fd").iterdir()))
    return Note(memory(place.process.pid), sum(map(memory, below)), len(below), descriptors, disk, size)


def work(place: Place, until: float) -> dict[str, int]:
    """A day's work, in loops of their own; answers how often each was done."""
    client = attacks.Attack(place.port, until - time.monotonic(), place.tokens)
    done: dict[str, int] = {}

    def over_and_over(what: str, act: Callable[[int], object], pause: float) -> None:
        for number in itertools.count():
            if time.monotonic() > until:
                return
            with contextlib.suppress(OSError):
                act(number)
                done[what] = done.get(what, 0) + 1
            time.sleep(pause)

    def panel(number: int) -> bytes:
        lot, value = f"H-{number % 13 + 1:02d}", f"{number % 90 + 5}.{number % 10}1"
        rows = "".join(f"{lot},{name},{value},%\n" for name in attacks.MARKERS)
        return ("lot,characteristic,value,unit\n" + rows).encode()

    plans: list[tuple[str, Callable[[int], object], float]] = [
        ("lot's page", lambda _n: pages(place, 0.01), 0.2),
        ("panel", lambda n: client.send_file(f"{n}.csv", panel(n // 2), place.tokens["lab"]), 0.5),
        ("refused file", lambda n: client.send_file("x.xlsx", b"PK" + bytes(n % 99), place.tokens["other"]), 0.5),
        ("question", client.query_well, 2.0),
        ("sign-in", lambda n: client.sign_in(f"nobody.{n % 50}", "wrong"), 5.0),
    ]
    loops = [threading.Thread(target=over_and_over, args=plan, daemon=True) for plan in plans]
    for loop in loops:
        loop.start()
    return done


def grown(notes: list[Note]) -> list[str]:
    """What is more in the last third than in the middle one; nothing if the server is steady."""
    third = len(notes) // 3
    middle, last = notes[third : 2 * third], notes[2 * third :]
    found = []
    for what, slack in (("memory", 8 << 20), ("of_children", 40 << 20), ("children", 4), ("descriptors", 8)):
        before, after = (median(getattr(note, what) for note in part) for part in (middle, last))
        if after > before * 1.1 + slack:
            found.append(f"{what}: {before:,.0f} in the middle, {after:,.0f} at the end")
    entries = max(1, notes[-1].entries - notes[third].entries)
    each = (notes[-1].disk - notes[third].disk) / entries
    if each > BYTES:
        found.append(f"disk: {each:,.0f} bytes for each of {entries} entries")
    return found


def main() -> None:
    """Work, note and print; exit 1 when something grows."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--every", type=float, default=EVERY, help="seconds between two notes")
    chosen = asked.parse_args()
    with tempfile.TemporaryDirectory() as name, served(Path(name) / "data") as place:
        until = time.monotonic() + 60 * chosen.minutes
        done, notes = work(place, until), list[Note]()
        while time.monotonic() < until:
            time.sleep(chosen.every)
            notes.append(noted(place))
            note = notes[-1]
            print(f"{note.memory / 1e6:7.1f} MB, {note.children} below it {note.of_children / 1e6:6.1f} MB, "
                  f"{note.descriptors} descriptors, {note.disk / 1e6:7.1f} MB on disk, {note.entries} entries",
                  flush=True)  # fmt: skip
        faults = grown(notes)
    print(", ".join(f"{what} {many} times" for what, many in done.items()))
    for fault in faults:
        print(f"GROWS: {fault}")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
