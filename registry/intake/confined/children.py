"""The server's side of the children: the helper that forks them, those that wait to be asked, and the end of one.

    with Children(terms, LIMITS) as children:
        intake = children.ask("read", Intake, "panel.csv", data, None, file="panel.csv")

May be used by many threads at once; how many ask is the business of ``readers``.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from registry import errors
from registry.errors import RegistryError, Unavailable, Unreadable
from registry.intake.confined.answer_text import Misfit, decoder
from registry.intake.confined.helper import FRAME, START, STOP, received
from registry.intake.sandbox import ENVIRONMENT, Limits, over
from registry.vocabulary import Terms

HELPER = "registry.intake.confined.helper"
USES = 100
"""Files that a child reads at most."""
LONG = 1.0
"""Seconds; a child that took longer reads no other file."""
PATIENCE = 3
"""Times the processor's time, by the clock: other work is on the machine."""
STARTING = 60.0
WITH_A_MACHINE = 400.0
"""Seconds for what machines wrote: its own reader has two minutes of the processor (``sandbox``)."""
_REFUSALS: Mapping[str, type[RegistryError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, RegistryError)
}  # fmt: skip
_REFUSAL = decoder(tuple[str, str, str, str, str, str, tuple[str, ...], str, str])


class _Child:
    """One child: its number, the socket to it, and how many files it has read."""

    def __init__(self, pid: int, connection: socket.socket) -> None:
        self.pid, self.connection, self.uses = pid, connection, 0


class Children:
    """The helper and the children that it forked. Started when it is made; raises Unavailable when that fails."""

    def __init__(self, terms: Terms, limits: Limits) -> None:
        self.terms, self._limits = terms, limits
        self._lock = threading.Lock()
        self._waiting: list[_Child] = []
        self._out, self._retired = 0, False
        paths = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        quiet = subprocess.DEVNULL
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a module of ours
                [sys.executable, "-B", "-m", HELPER],
                stdin=theirs.fileno(), stdout=quiet, stderr=quiet, env={**ENVIRONMENT, **paths},
            )  # fmt: skip
        self._control.settimeout(STARTING)
        sent = pickle.dumps((terms, limits), protocol=5)
        try:
            self._control.sendall(len(sent).to_bytes(8, "big") + sent)
            received(self._control, 1)
        except (EOFError, OSError) as error:
            self.close()
            raise _none_to_be_had() from error

    @property
    def alive(self) -> bool:
        """Whether the helper still forks."""
        return self._process.poll() is None

    def ask(self, call: str, kind: Any, *arguments: Any, file: str, **options: Any) -> Any:
        """What ``call`` of the helper answers, a value of ``kind``; None among the arguments stands for the terms.

        Raises what reading the file raises, TooLarge for one that passes a limit, Unreadable for one that its reader
        breaks on, Unavailable when no child is to be had.
        """
        with self._lock:
            self._out += 1
        try:
            return self._answer(self._taken(), call, kind, arguments, options, file)
        finally:
            with self._lock:
                self._out -= 1
                last = self._retired and not self._out
            if last:
                self.close()

    def _answer(
        self, child: _Child, call: str, kind: Any, arguments: tuple[Any, ...], options: Mapping[str, Any], file: str
    ) -> Any:
        begun = time.monotonic()
        try:
            answer = self._asked(child, pickle.dumps((call, arguments, options), protocol=5), file)
            value = decoder(kind)(answer)
        except (EOFError, OSError) as error:
            self._end(child)
            raise over(file, f"at most {self._limits.seconds} seconds and {self._limits.memory:,} bytes of memory",
                       "more") from error  # fmt: skip
        except (Misfit, ValueError, TypeError, LookupError, RecursionError) as error:
            self._end(child)
            raise _unreadable(file, "an answer that cannot be one") from error
        except _Refusal as refusal:
            self._back(child, begun)
            raise refusal.error from None
        except BaseException:
            self._end(child)
            raise
        self._back(child, begun)
        return value

    def _asked(self, child: _Child, request: bytes, file: str) -> Any:
        """The answer as JSON; whatever arrives before its end is bounded in bytes and time."""
        deadline = time.monotonic() + PATIENCE * self._limits.seconds
        child.uses += 1
        child.connection.settimeout(PATIENCE * self._limits.seconds)
        child.connection.sendall(FRAME.pack(b"Q", len(request)) + request)
        parts: dict[int, list[Any]] = {}
        size, by_machine = 0, False
        while True:
            child.connection.settimeout(max(0.001, deadline - time.monotonic()))
            letter, length = FRAME.unpack(received(child.connection, FRAME.size))
            size += FRAME.size + length
            if size > self._limits.answer:
                raise over(file, f"an answer of at most {self._limits.answer:,} bytes", "more")
            told: Any = json.loads(received(child.connection, length) or b"null")
            if letter == b"M" and not by_machine:
                by_machine, child.uses, deadline = True, USES, time.monotonic() + WITH_A_MACHINE
            elif letter == b"P":
                place, items = told
                parts.setdefault(place, []).extend(items)
            elif letter == b"A":
                for place, items in parts.items():
                    told[place] = items
                return told
            elif letter == b"R":
                raise _Refusal(_refusal(told))
            else:
                raise self._failure(file, str(told))

    def _failure(self, file: str, told: str) -> Unreadable:
        if "MemoryError" in told:
            return over(file, f"at most {self._limits.memory:,} bytes of memory", "more")
        return _unreadable(file, told)

    def _taken(self) -> _Child:
        with self._lock:
            if self._waiting:
                return self._waiting.pop()
            ours, theirs = socket.socketpair()
            try:
                with theirs:
                    socket.send_fds(self._control, [START], [theirs.fileno()])
                return _Child(int.from_bytes(received(self._control, 8), "big"), ours)
            except (EOFError, OSError) as error:
                ours.close()
                raise _none_to_be_had() from error

    def _back(self, child: _Child, begun: float) -> None:
        if child.uses >= USES or time.monotonic() - begun > LONG:
            self._end(child)
            return
        with self._lock:
            self._waiting.append(child)

    def _end(self, child: _Child) -> None:
        child.connection.close()
        with self._lock, contextlib.suppress(OSError):
            self._control.sendall(STOP + child.pid.to_bytes(8, "big"))

    def retire(self) -> None:
        """End the helper once nobody's file is being read by its children."""
        with self._lock:
            self._retired = True
            last = not self._out
        if last:
            self.close()

    def close(self) -> None:
        """End the helper, and with it every child."""
        with self._lock:
            for child in self._waiting:
                child.connection.close()
            self._waiting.clear()
            self._control.close()
        self._process.kill()
        self._process.wait()


class _Refusal(Exception):
    """A reader's own refusal, as the child told it."""

    def __init__(self, error: RegistryError) -> None:
        super().__init__(error.message)
        self.error = error


def _refusal(told: Any) -> RegistryError:
    kind, message, *words, details, code, action = _REFUSAL(told)
    if kind not in _REFUSALS:
        raise Misfit(kind)
    named = dict(zip(("expected", "found", "where", "todo"), words, strict=True))
    return _REFUSALS[kind](message, **named, details=details, code=code, action=action)


def _unreadable(file: str, told: str) -> Unreadable:
    return Unreadable(
        f"{file} cannot be read.",
        expected="a file as it was exported",
        found=told,
        where=file,
        todo="Export it again, unchanged, or save its table as CSV (UTF-8).",
    )


def _none_to_be_had() -> Unavailable:
    return Unavailable(
        "Files cannot be read at the moment: the process that reads them does not start.",
        todo="Nothing was kept. Try again; if it stays so, the administrator finds memory or processes short.",
    )
