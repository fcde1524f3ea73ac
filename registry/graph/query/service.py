"""Ask the graph: guarded, in a process that can be killed, the whole answer or none.

Example::

    with QueryService(data / "graph", "https://registry.example/") as service:
        service.answer("SELECT * { ?lot <http://purl.org/dc/terms/identifier> ?id }", "text/csv").body
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Container, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from registry.errors import Refused, RegistryError, TooLarge, Unavailable, WrongUsage
from registry.graph.query.formats import Format, named, negotiate
from registry.graph.query.guard import ParsedQuery, check_dataset, guard
from registry.graph.query.lexer import Text
from registry.graph.query.limits import Limits
from registry.graph.query.protocol import Question, Reply, receive_reply, send_question
from registry.graph.query.syntax_hint import Misread

_GRACE = 0.4


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """A whole answer. ``rows`` counts rows or triples (1 for ASK).

    ``ledger_size`` is the number of ledger entries the answer knows of; ``current_size`` how many there were when it
    was asked, None when that was not looked up.
    """

    body: bytes = field(repr=False)
    media_type: str
    ledger_size: int
    rows: int
    seconds: float
    current_size: int | None = None


class QueryService:
    """Answers queries on the newest snapshot in ``folder``. May be used by many threads at once.

    ``refresh`` is called before each query to bring the snapshots up to the ledger; it returns the ledger's size.
    ``own_graphs`` are graphs outside ``base`` that FROM may name. The helper process starts with the first query, is
    started again should it die, and ends with ``close`` or with this process, however that ends.
    """

    def __init__(
        self,
        folder: Path,
        base: str,
        *,
        limits: Limits | None = None,
        own_graphs: Container[str] = (),
        refresh: Callable[[], int] | None = None,
    ) -> None:
        self.folder = folder
        self.base = base
        self.limits = limits or Limits()
        self.own_graphs = own_graphs
        self._refresh = refresh
        self._lock = threading.Lock()
        self._helper: _Process | None = None

    def answer(
        self,
        query: str,
        accept: str | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        *,
        format_name: str | None = None,
    ) -> QueryAnswer:
        """The whole answer to ``query``, in the format that ``accept`` (or ``format_name``) asks for.

        Raises WrongUsage (400) for what is no query or not allowed, NotAcceptable (406), TooLarge (413) for too long a
        query or too large an answer, Unavailable (503) when it is busy or the query took too much time or memory,
        Refused (409) when the engine cannot answer it.
        """
        begun = time.monotonic()
        parsed = guard(query, self.base, self.own_graphs)
        format_ = named(format_name, parsed.form) if format_name else negotiate(accept, parsed.form)
        question = self._question(parsed, format_, default_graphs, named_graphs)
        current = self._refresh() if self._refresh else None
        reply = self._ask(question)
        if reply.status != "answered":
            raise self._refusal(reply, query)
        seconds = time.monotonic() - begun
        return QueryAnswer(reply.body, format_.media_type, reply.ledger_size, reply.rows, seconds, current)

    def _question(
        self, parsed: ParsedQuery, format_: Format, default_graphs: Sequence[str], named_graphs: Sequence[str]
    ) -> Question:
        default = check_dataset(default_graphs, self.base, self.own_graphs)
        others = check_dataset(named_graphs, self.base, self.own_graphs)
        chosen = default if default or others else None
        return Question(parsed.text, parsed.form, format_.name, self.base, chosen, others)

    def _ask(self, question: Question) -> Reply:
        begun = time.monotonic()
        deadline = begun + self.limits.seconds + _GRACE
        with self._connect() as connection:
            connection.settimeout(self.limits.seconds + _GRACE)
            try:
                # Who is turned away at the door is answered before the question is read.
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    send_question(connection, question)
                return receive_reply(connection, deadline)
            except (EOFError, OSError) as error:
                if time.monotonic() - begun >= self.limits.seconds:
                    raise self.limits.overrun() from error
                raise self._killed() from error

    def _connect(self) -> socket.socket:
        """One end of a fresh socket whose other end the helper has."""
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            if self._helper is None or not self._helper.is_alive():
                self._stop()
                self._helper = _Process(self.folder, self.limits)
            # Should it die between the two, the asker sees the end of a socket that nobody reads.
            with contextlib.suppress(OSError):
                socket.send_fds(self._helper.control, [b"q"], [theirs.fileno()])
        return ours

    def _killed(self) -> Unavailable:
        return Unavailable(
            "This query needed more than it may have and was stopped.",
            expected=f"at most {self.limits.memory / (1 << 30):g} GiB of memory, and no very deep nesting",
            todo="Ask for less: name the lots, the product or the time, sort less, and add LIMIT.",
        )

    def _refusal(self, reply: Reply, query: str) -> RegistryError:
        if reply.status == "syntax":
            wrong = Misread(**json.loads(reply.message))
            where = Text(query).position(wrong.at) if wrong.at >= 0 else ""
            refusal = {"expected": wrong.expected, "found": wrong.found, "todo": wrong.todo}
            return WrongUsage(wrong.message, where=where, **refusal)
        if reply.status == "too large":
            return TooLarge(
                "The answer is larger than one answer may be, and half an answer would mislead.",
                expected=f"at most {self.limits.rows:,} rows and {self.limits.body:,} bytes",
                found=reply.message,
                todo="Add LIMIT (with ORDER BY and OFFSET for the rest), or ask for counts.",
            )
        if reply.status == "memory":
            return self._killed()
        if reply.status == "failed":
            return Refused("The engine could not answer this query.", found=reply.message)
        busy = Unavailable(
            "Too many queries are being answered." if reply.status == "busy" else "The graph is not built yet.",
            expected=f"at most {self.limits.running} running and {self.limits.waiting} waiting",
            todo="Ask again in a moment.",
        )
        busy.retry_after = max(1, math.ceil(self.limits.seconds / 2))
        return busy

    def _stop(self) -> None:
        if self._helper is not None:
            self._helper.stop()
            self._helper = None

    def close(self) -> None:
        """End the helper and every query that runs."""
        with self._lock:
            self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()


class _Process:
    """A running helper and the socket to it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.control, theirs = socket.socketpair()
        settings = json.dumps(asdict(limits))
        root = Path(__file__).resolve().parent.parent.parent
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
                [sys.executable, "-P", "-m", "registry.graph.query.supervisor", str(folder.resolve()), settings],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                # No setting and no secret of the server reaches the process that runs foreign queries.
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(root)},
                start_new_session=True,
            )
        self._finalizer = weakref.finalize(self, _end, self.process, self.control)

    def is_alive(self) -> bool:
        """True while it runs."""
        return self.process.poll() is None

    def stop(self) -> None:
        """Close the socket, which ends it, and wait."""
        self._finalizer()


def _end(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    control.close()
    try:
        process.wait(timeout=2)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
