"""Foreign readers run in a child process: with time, memory and answer limited, and killed when they pass them.

    answer = run("registry.intake.flow.flowkit_reader", {"gates": ["CD73"]}, [fcs, gates], WORK, file)

The child limits itself before it imports anything foreign (``RLIMIT_AS``, ``RLIMIT_CPU``, ``RLIMIT_FSIZE`` 0, no
socket, a lower priority than whoever is looked up for), calls
``answer(request, files)`` of the module and writes JSON to a pipe. The parent reads at most ``Limits.answer`` bytes
until a deadline. What the library prints, warns or raises never reaches the user as a traceback.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.confinement import die_with_parent, forbid_sockets, step_back
from registry.errors import TooLarge, Unreadable

_LENGTH = struct.Struct(">Q")
ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "PYTHONHASHSEED": "0",
    "LC_ALL": "C.UTF-8",
}
SAID = 300
PATIENCE = 3


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: ``seconds`` of processor time, three times that by the clock (a busy machine); bytes."""

    seconds: int = 60
    memory: int = 2 << 30
    answer: int = 64 << 20


def run(module: str, request: dict[str, Any], files: Sequence[bytes], limits: Limits, file: str) -> Any:
    """What ``module.answer(request, files)`` answers, from a child process.

    Raises ``TooLarge`` when the child passes a limit, ``Unreadable`` when the foreign library cannot read the file;
    both name ``file`` and what the library said, in one line. Whoever asks has waited for the file's turn
    (``confined.readers``).
    """
    numbers = (limits.seconds, limits.memory, os.getpid())
    command = [sys.executable, "-B", "-m", __name__, module, *map(str, numbers)]
    paths = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    sent = _packed([json.dumps(request).encode(), *files])
    with subprocess.Popen(  # noqa: S603 - this interpreter, one of our own modules, and three numbers
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**ENVIRONMENT, **paths},
    ) as child:
        sender = threading.Thread(target=_send, args=(child, sent), daemon=True)
        sender.start()
        try:
            answered = _receive(child, limits, file)
        finally:
            child.kill()
            sender.join()
    return _opened(answered, child.returncode, limits, file)


def _packed(parts: Sequence[bytes]) -> list[bytes]:
    packed = [_LENGTH.pack(len(parts))]
    for part in parts:
        packed += [_LENGTH.pack(len(part)), part]
    return packed


def _send(child: subprocess.Popen[bytes], parts: Sequence[bytes]) -> None:
    """Feed the child; one that has ended early says so in its answer or exit code."""
    assert child.stdin is not None  # noqa: S101 - opened above
    with contextlib.suppress(OSError), child.stdin as pipe:
        for part in parts:
            pipe.write(part)


def _receive(child: subprocess.Popen[bytes], limits: Limits, file: str) -> bytes:
    assert child.stdout is not None  # noqa: S101 - opened above
    deadline = time.monotonic() + PATIENCE * limits.seconds
    received = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([child.stdout], [], [], left)[0]:
            raise over(file, f"at most {limits.seconds} seconds", "more")
        part = os.read(child.stdout.fileno(), 1 << 20)
        if not part:
            child.wait(timeout=max(1.0, deadline - time.monotonic()))
            return bytes(received)
        received += part
        if len(received) > limits.answer:
            raise over(file, f"an answer of at most {limits.answer:,} bytes", "more")


def _opened(answered: bytes, code: int, limits: Limits, file: str) -> Any:
    try:
        message = json.loads(answered)
    except ValueError:
        message = {}
    if "answer" in message:
        return message["answer"]
    if "MemoryError" in message.get("failed", "") or "allocate" in message.get("failed", ""):
        raise over(file, f"at most {limits.memory:,} bytes of memory", "more")
    if "failed" in message:
        raise Unreadable(
            f"{file} cannot be read.",
            expected="a file as the instrument wrote it",
            found=message["failed"],
            where=file,
            todo="Export it again from the instrument's software, unchanged.",
        )
    raise over(file, f"at most {limits.seconds} seconds and {limits.memory:,} bytes of memory", f"exit code {code}")


def over(file: str, expected: str, found: str) -> TooLarge:
    """The refusal of a file that took more than it may."""
    return TooLarge(
        f"{file} takes more time or memory to read than a file may.",
        expected=expected,
        found=found,
        where=file,
        todo="Split the file, or export less at a time.",
    )


def one_line(text: str) -> str:
    """What a library said, short and printable."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:SAID]).strip()


def _main(module: str, seconds: int, memory: int, parent: int) -> None:
    """In the child: limit, import, answer. Exit code 0 whenever an answer was written."""
    import resource  # of POSIX alone: elsewhere tables are still read, and machines' files are refused

    die_with_parent(parent)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    forbid_sockets()
    step_back()
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    count = _LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))[0]
    parts = [sys.stdin.buffer.read(_LENGTH.unpack(sys.stdin.buffer.read(_LENGTH.size))[0]) for _ in range(count)]
    try:
        answer = {"answer": importlib.import_module(module).answer(json.loads(parts[0]), parts[1:])}
        text = json.dumps(answer, allow_nan=False)
    except Exception as error:  # a foreign reader's own: told in one line, never raised further
        text = json.dumps({"failed": one_line(f"{type(error).__name__}: {error}")})
    with pipe:
        pipe.write(text.encode())


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
