"""The helper of ``confined`` with one more reader, which does to its child what a test asks for."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable

from registry.intake.confined import helper

ACTS: dict[str, Callable[[], object]] = {
    "memory": lambda: b"x" * (2 << 30),
    "end": lambda: os._exit(3),
    "signal": lambda: os.kill(os.getpid(), 11),
    "socket": lambda: str(socket.socket()),
    "file": lambda: open(f"{__file__}.written", "w").write("x" * 99_999),  # noqa: SIM115 - what must fail
    "error": lambda: 1 // 0,
    "long": lambda: "x" * 3_000_000,
    "work": lambda: [0 for _ in iter(int, 1)],
    "well": lambda: "well",
}

if __name__ == "__main__":
    helper.CALLS["act"] = lambda name: ACTS[name]()
    helper.main()
