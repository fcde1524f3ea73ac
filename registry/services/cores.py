"""Many lots judged on every core: processes of their own open the same folder, for what is made of all lots anew.

    cores = Cores(folder)
    for follows in cores.spread("follows", portions, derive): ...      Lot → N-Triples, portion by portion, in order

They read the ledger and answer; only whoever asked writes. A portion that a process does not answer is judged by
whoever asked, so a refusal is raised there as it would be without them. Fewer lots than ``FEW`` are not worth a
process: to start one costs as much as some hundreds of lots. A process ends when whoever started it does, however that
ends.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from socket import socketpair
from typing import Any, TypeVar

FEW, MOST = 2000, 16
"""Lots up to which all is judged here, and how many processes there are at most."""
CHILD = "registry.services.core_process"
T = TypeVar("T")
Lots = Sequence[str]


def available() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cores:
    """The cores of this machine for one registry's folder; ``processes`` is how many are used, all unless named."""

    def __init__(self, folder: Path, processes: int | None = None, few: int = FEW) -> None:
        self._folder = folder
        self._processes = min(MOST, available() if processes is None else processes)
        self._few = few

    def spread(self, work: str, portions: Sequence[Lots], here: Callable[[Lots], T]) -> Iterator[T]:
        """What ``here`` answers of each portion, in their order; ``work`` is the same in ``core_process``."""
        count = min(self._processes, len(portions))
        if count < 2 or sum(map(len, portions)) < self._few:
            yield from map(here, portions)
            return
        with ExitStack() as stack:
            idle = SimpleQueue[_Process]()
            for _each in range(count):
                idle.put(stack.enter_context(_Process(self._folder)))
            threads = stack.enter_context(ThreadPoolExecutor(count, "core"))
            waiting = deque[tuple[Lots, Future[T | None]]]()
            for portion in portions:
                waiting.append((portion, threads.submit(_asked, idle, (work, portion))))
                if len(waiting) > 2 * count:
                    yield _answered(waiting, here)
            while waiting:
                yield _answered(waiting, here)


def _answered(waiting: deque[tuple[Lots, Future[T | None]]], here: Callable[[Lots], T]) -> T:
    portion, future = waiting.popleft()
    answer = future.result()
    return here(portion) if answer is None else answer


def _asked(idle: SimpleQueue[_Process], request: tuple[Any, ...]) -> Any:
    process = idle.get()
    try:
        return process.ask(request)
    finally:
        idle.put(process)


class _Process:
    """One process and the socket to it, over which our own values go as they are."""

    def __init__(self, folder: Path) -> None:
        ours, theirs = socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [sys.executable, "-m", CHILD, str(folder.resolve())], stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        self._connection = Connection(ours.detach())

    def ask(self, request: tuple[Any, ...]) -> Any:
        """What it answers; None where it refuses, or is there no more."""
        try:
            self._connection.send(request)
            return self._connection.recv()
        except (EOFError, OSError, pickle.UnpicklingError):
            return None

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_how: object) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()
