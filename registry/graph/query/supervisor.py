"""Starts, watches and kills the processes that run queries: ``python -m registry.graph.query.supervisor``.

It has one thread, no store and no secret, so forking it is safe and quick whatever the server does. Its standard input
is a socket over which it receives one end of a fresh socket for each query; the other end is the asker's, and only the
child speaks on it. When that socket to the server closes, the helper kills its children and ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from registry.confinement import die_with_parent
from registry.graph.query.limits import Limits
from registry.graph.query.protocol import Reply, send_reply
from registry.graph.query.worker import answer

_MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Job:
    """A query that came: where to answer, and until when (``time.monotonic``)."""

    connection: socket.socket
    deadline: float


class Helper:
    """Jobs that wait and children that run."""

    def __init__(self, control: socket.socket, folder: Path, limits: Limits) -> None:
        self.control = control
        self.folder = folder
        self.limits = limits
        self.waiting: deque[Job] = deque()
        self.running: dict[int, float] = {}
        self.bell, ring = os.pipe()
        for end in (self.bell, ring):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the server goes."""
        while True:
            deadlines = [*self.running.values(), *(job.deadline for job in self.waiting)]
            wait = max(0.0, min(deadlines) - time.monotonic()) if deadlines else None
            ready, _, _ = select.select([self.control.fileno(), self.bell], [], [], wait)
            if self.bell in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.bell, 4096)
            if self.control.fileno() in ready and not self._receive():
                break
            self._reap()
            self._expire()
            self._start()
        for pid in self.running:
            os.kill(pid, signal.SIGKILL)

    def _receive(self) -> bool:
        """Take in what came; False when the server is gone."""
        try:
            received, descriptors, _, _ = socket.recv_fds(self.control, _MOST_AT_ONCE, _MOST_AT_ONCE)
        except OSError:
            return False
        for descriptor in descriptors:
            connection = socket.socket(fileno=descriptor)
            if len(self.waiting) >= self.limits.waiting and len(self.running) >= self.limits.running:
                _turn_away(connection)
            else:
                self.waiting.append(Job(connection, time.monotonic() + self.limits.seconds))
                self._start()
        return bool(received)

    def _reap(self) -> None:
        while self.running:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            self.running.pop(pid, None)

    def _expire(self) -> None:
        now = time.monotonic()
        for pid, deadline in self.running.items():
            if deadline <= now:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
        self.running = {pid: deadline for pid, deadline in self.running.items() if deadline > now}
        while self.waiting and self.waiting[0].deadline <= now:
            _turn_away(self.waiting.popleft().connection)

    def _start(self) -> None:
        while self.waiting and len(self.running) < self.limits.running:
            job = self.waiting.popleft()
            parent = os.getpid()
            pid = os.fork()
            if pid == 0:
                self._be_child(job, parent)
            # From here on only the child holds the asker's socket: when it dies, the asker sees the end.
            job.connection.close()
            self.running[pid] = job.deadline

    def _be_child(self, job: Job, parent: int) -> None:
        code = 1
        try:
            die_with_parent(parent)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.control.close()
            for other in self.waiting:
                other.connection.close()
            answer(job.connection, self.folder, self.limits, job.deadline)
            code = 0
        finally:
            os._exit(code)


def _turn_away(connection: socket.socket) -> None:
    connection.setblocking(False)
    with contextlib.suppress(OSError):
        send_reply(connection, Reply("busy"))
    connection.close()


def main(arguments: list[str]) -> None:
    """``helper FOLDER LIMITS-AS-JSON`` with the control socket as standard input."""
    folder, limits = arguments
    with socket.socket(fileno=os.dup(0)) as control:
        Helper(control, Path(folder), Limits(**json.loads(limits))).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
