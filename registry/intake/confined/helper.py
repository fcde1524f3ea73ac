"""Forks the children that read files: ``python -m registry.intake.confined.helper``; and what such a child does.

It has one thread, no secret and nothing of a stranger's, and has loaded every reader, so a fork of it is ready at
once. Its standard input is a socket to the server: first the terms and limits, then for each child one end of a fresh
socket, answered by the child's number; or the number of one to be killed. When that socket ends, so do all of them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pickle
import resource
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from registry import intake
from registry.confinement import die_with_parent, forbid_sockets, step_back
from registry.errors import RegistryError
from registry.intake.confined.answer_text import plain
from registry.intake.names.mapping_table import read_lines
from registry.intake.outcomes.sheet import sheet_of
from registry.intake.sandbox import Limits, one_line
from registry.vocabulary import Terms

FRAME = struct.Struct(">cQ")
"""A letter and a length before everything that is said: Q asked; M a machine's file, which takes longer; P and A part
and end of an answer; R refused; F failed."""
SLICE = 500
"""Items of a list in one frame: so many that reading it holds nobody else up."""
START, STOP = b"s", b"k"
WITH_A_MACHINE = 6 << 30
"""Bytes that a child of this child may use: the readers of machines' files limit themselves (``sandbox``)."""
_WARM = ("registry.intake.detect", "registry.intake.tabular.xlsx", "registry.intake.tabular.repair",
         "registry.intake.rdf.json_model", "registry.intake.rdf.turtle")  # fmt: skip
CALLS: dict[str, Callable[..., Any]] = {
    "read": intake.read,
    "to_mend": intake.to_mend,
    "rows_sent": intake.rows_sent,
    "instrument_of": intake.instrument_of,
    "sheet_of": sheet_of,
    "read_lines": read_lines,
}


def received(connection: socket.socket, length: int) -> bytes:
    """Exactly so many bytes; raises EOFError when the other end closes."""
    parts = bytearray()
    while len(parts) < length:
        part = connection.recv(min(1 << 20, length - len(parts)))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _confine(limits: Limits) -> None:
    """For the rest of this process's life; the processor's time is set anew for each file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, max(limits.memory, WITH_A_MACHINE)))
    forbid_sockets()


def _answers(call: str, arguments: tuple[Any, ...], options: dict[str, Any]) -> Iterator[tuple[bytes, bytes]]:
    if call == "read" and _by_machine(*arguments[:2]):
        yield b"M", b""
    try:
        told = plain(CALLS[call](*arguments, **options))
    except RegistryError as error:
        known = (error.message, error.expected, error.found, error.where, error.todo, error.details, error.code,
                 error.action)  # fmt: skip
        yield b"R", json.dumps([type(error).__name__, *known]).encode()
        return
    except Exception as error:  # no reader's own: told in one line, and this process is not used again
        yield b"F", json.dumps(one_line(f"{type(error).__name__}: {error}")).encode()
        return
    if isinstance(told, list):
        for place, field in enumerate(told):
            if isinstance(field, list) and len(field) > SLICE:
                for at in range(0, len(field), SLICE):
                    yield b"P", json.dumps([place, field[at : at + SLICE]]).encode()
                told[place] = []
    yield b"A", json.dumps(told).encode()


def _by_machine(name: str, data: bytes) -> bool:
    with contextlib.suppress(RegistryError):
        return intake.instrument_of(intake.base_name(name), data) is not None
    return False


def read_files(connection: socket.socket, terms: Terms, limits: Limits) -> None:
    """A child's life: asked, answered, until the other end closes."""
    _confine(limits)
    while True:
        _letter, length = FRAME.unpack(received(connection, FRAME.size))
        call, arguments, options = pickle.loads(received(connection, length))  # noqa: S301 - of the server that made us
        until = int(time.process_time()) + limits.seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
        arguments = tuple(terms if argument is None else argument for argument in arguments)  # they are here already
        for letter, text in _answers(call, arguments, options):
            connection.sendall(FRAME.pack(letter, len(text)) + text)


class Helper:
    """The children by number, and the socket over which they are asked for."""

    def __init__(self, control: socket.socket, terms: Terms, limits: Limits) -> None:
        self.control, self.terms, self.limits = control, terms, limits
        self.children: set[int] = set()

    def serve(self) -> None:
        """Until the server goes."""
        while True:
            ready, _, _ = select.select([self.control], [], [], 1.0 if self.children else None)
            self._reap()
            if not ready:
                continue
            try:
                asked, descriptors, _, _ = socket.recv_fds(self.control, 9, 1)
            except OSError:
                break
            if not asked:
                break
            if asked[:1] == START and descriptors:
                self._start(socket.socket(fileno=descriptors[0]))
            elif asked[:1] == STOP:
                self._stop(int.from_bytes(asked[1:9], "big"))
        for pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def _start(self, connection: socket.socket) -> None:
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            code = 1
            try:
                die_with_parent(parent)
                self.control.close()
                os.close(0)
                read_files(connection, self.terms, self.limits)
            except (EOFError, OSError):
                code = 0
            finally:
                os._exit(code)
        connection.close()
        self.children.add(pid)
        self.control.sendall(pid.to_bytes(8, "big"))

    def _stop(self, pid: int) -> None:
        if pid in self.children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.children.discard(pid)

    def _reap(self) -> None:
        for pid in tuple(self.children):
            if os.waitpid(pid, os.WNOHANG)[0]:
                self.children.discard(pid)


def main() -> None:
    """Load what reads, then fork whenever the server asks."""
    step_back()
    for module in _WARM:
        importlib.import_module(module)
    with socket.socket(fileno=os.dup(0)) as control:
        terms, limits = pickle.loads(received(control, int.from_bytes(received(control, 8), "big")))  # noqa: S301
        with contextlib.suppress(RegistryError):
            intake.read("warm.csv", b"lot,characteristic,value,unit\nW-1,CD73,99,%\n", terms)
        gc.collect()
        gc.freeze()
        control.sendall(b"\x01")
        Helper(control, terms, limits).serve()


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[func-returns-value]
