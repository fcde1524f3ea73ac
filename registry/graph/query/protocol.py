"""What goes over the socket between who asks a query and the process that runs it.

Both ways: four bytes of length, that many bytes of JSON, then (answers only) ``length`` bytes of body. A reader that
meets the end before that has no answer: half an answer is never taken for one.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from dataclasses import asdict, dataclass
from typing import Any, Literal

Status = Literal["answered", "syntax", "too large", "memory", "no graph", "failed", "busy"]


@dataclass(frozen=True, slots=True)
class Question:
    """A guarded query and how to answer it. ``default_graphs`` of None means the graph's own dataset."""

    query: str
    form: str
    format: str
    base: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of it. ``message`` is the engine's own when it failed, a ``Misread`` as JSON when it is no query."""

    status: Status
    message: str = ""
    ledger_size: int = 0
    rows: int = 0
    body: bytes = b""


def send_question(connection: socket.socket, question: Question) -> None:
    """Write ``question``; raises OSError when nobody reads."""
    _send(connection, asdict(question), b"")


def receive_question(connection: socket.socket, deadline: float) -> Question:
    """Read a question until ``deadline`` (``time.monotonic``); raises EOFError or TimeoutError."""
    question = _receive_json(connection, deadline)
    graphs = question.pop("default_graphs")
    named = question.pop("named_graphs")
    default = None if graphs is None else tuple(graphs)
    return Question(**question, default_graphs=default, named_graphs=tuple(named))


def send_reply(connection: socket.socket, reply: Reply) -> None:
    """Write ``reply``; raises OSError when nobody reads."""
    head = {"status": reply.status, "message": reply.message, "ledger_size": reply.ledger_size, "rows": reply.rows}
    _send(connection, {**head, "length": len(reply.body)}, reply.body)


def receive_reply(connection: socket.socket, deadline: float) -> Reply:
    """Read a whole reply until ``deadline`` (``time.monotonic``); raises EOFError, TimeoutError or OSError."""
    reply = _receive_json(connection, deadline)
    length = reply.pop("length")
    return Reply(**reply, body=bytes(_receive(connection, length, deadline)))


def _send(connection: socket.socket, head: dict[str, object], body: bytes) -> None:
    text = json.dumps(head).encode()
    connection.sendall(struct.pack("!I", len(text)) + text)
    connection.sendall(body)


def _receive_json(connection: socket.socket, deadline: float) -> dict[str, Any]:
    (length,) = struct.unpack("!I", _receive(connection, 4, deadline))
    message: dict[str, Any] = json.loads(_receive(connection, length, deadline))
    return message


def _receive(connection: socket.socket, length: int, deadline: float) -> bytearray:
    data = bytearray(length)
    view, got = memoryview(data), 0
    while got < length:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        count = connection.recv_into(view[got:])
        if count == 0:
            raise EOFError
        got += count
    return data
