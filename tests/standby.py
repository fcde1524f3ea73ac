"""``cell-registry`` without the second in which every process loads the same modules anew.

A process waits at a socket, with everything that is installed loaded and nothing opened. The command that ``install``
puts on a path hands it arguments, folder, environment and the three streams; it forks, and the fork goes the way of the
installed command, from its arguments to its exit code. One that serves is sent signals: that one is the installed one.

    python -P tests/standby.py wait SOCKET     waits until its standard input ends
    python -IS tests/standby.py run SOCKET …   runs one command there
"""

from __future__ import annotations

import _socket
import marshal
import os
import sys

LOADED = (
    "openpyxl", "pydantic", "pyshacl", "rdflib.plugins.parsers.jsonld", "rdflib.plugins.parsers.notation3",
    "rdflib.plugins.parsers.ntriples", "rdflib.plugins.sparql", "registry.cli", "registry.services", "rich.markup",
    "rich.table", "sqlalchemy.dialects.sqlite", "yaml",
)  # fmt: skip


def install(folder: str, socket: str) -> None:
    """Write the command into a folder that shall stand first on a path."""
    command = os.path.join(os.path.dirname(sys.executable), "cell-registry")
    path = os.path.join(folder, "cell-registry")
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            f'#!/bin/sh\ncase "$1" in serve|demo) exec "{command}" "$@";; esac\n'
            f'exec "{sys.executable}" -IS "{os.path.abspath(__file__)}" run "{socket}" "$@"\n'
        )
    os.chmod(path, 0o700)


def run(path: str, arguments: list[str]) -> int:
    """Hand one command over and wait: its exit code."""
    said = marshal.dumps((os.getcwd(), arguments, dict(os.environ)))
    streams = b"".join(number.to_bytes(4, sys.byteorder) for number in (0, 1, 2))
    asked = _socket.socket(_socket.AF_UNIX)
    asked.connect(path)
    asked.sendmsg([len(said).to_bytes(4, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    asked.sendall(said)
    return (asked.recv(1) or b"\x7f")[0]


def wait(path: str) -> None:
    """Fork for each command that comes; comes back in the fork alone, which is then as the command's own process is."""
    import gc
    import importlib
    import select
    import socket

    for name in LOADED:
        importlib.import_module(name)
    from registry import specifications, vocabulary

    specifications.shipped()
    vocabulary.load()
    gc.freeze()  # else every fork looks through all of it when it ends
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            came, _, _ = select.select([listener, 0], [], [])
            if 0 in came:
                os._exit(0)
            asked, _ = listener.accept()
            if os.fork() == 0:
                break
            asked.close()
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG)
    head, streams, _, _ = socket.recv_fds(asked, 4, 3)
    with asked.makefile("rb") as file:
        told = marshal.loads(file.read(int.from_bytes(head, "big")))  # noqa: S302 - what run() above has sent
    if command := os.fork():
        asked.sendall(bytes([os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]) & 0xFF]))
        os._exit(0)
    asked.close()
    _become(streams, *told)


def _become(streams: list[int], folder: str, arguments: list[str], environment: dict[str, str]) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = os.fdopen(0, encoding="utf-8"), os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["cell-registry", *arguments]


if __name__ == "__main__":
    if sys.argv[1] == "run":
        os._exit(run(sys.argv[2], sys.argv[3:]))
    wait(sys.argv[2])
    from registry.cli import main

    sys.exit(main())  # type: ignore[func-returns-value]
