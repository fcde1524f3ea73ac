"""What one query may cost, and how the process that runs it is held to that by the kernel.

The kernel holds: memory (RLIMIT_AS), no core dump, no byte written to any file, lower priority, death with the helper,
and on Linux (x86-64, ARM64) no socket. The last is the second wall behind ``guard``: the engine has an HTTP client for
SERVICE and no switch to turn it off, so a seccomp filter answers ``socket()`` with EACCES. Elsewhere ``guard`` stands
alone. Time is held by the helper, which kills.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
from dataclasses import dataclass, field


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Limits:
    """``seconds`` from the question to the answer, waiting included; ``memory`` and ``body`` in bytes.

    ``memory`` is address space, of which an open store takes about 0.8 GB before the first row. At most ``running``
    queries run at once and ``waiting`` wait for their turn.
    """

    seconds: float = 10.0
    memory: int = 2 << 30
    rows: int = 100_000
    body: int = 50_000_000
    running: int = field(default_factory=_cores)
    waiting: int = 20


_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_MODE_FILTER = 2
# linux/audit.h and the syscall tables: (AUDIT_ARCH, number of socket()).
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_X32 = 0x40000000


def _filter(arch: int, socket_call: int) -> bytes:
    """The seccomp program: another architecture's calls, x32 calls and socket() are answered with EACCES."""
    program = (
        (_LOAD, 0, 0, 4),  # seccomp_data.arch
        (_EQUAL, 0, 3, arch),
        (_LOAD, 0, 0, 0),  # seccomp_data.nr
        (_AT_LEAST, 1, 0, _X32),
        (_EQUAL, 0, 1, socket_call),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _prctl(option: int, *arguments: object) -> bool:
    call = getattr(ctypes.CDLL(None), "prctl", None)
    padded = [*arguments, *[ctypes.c_ulong(0)] * (4 - len(arguments))]
    return call is not None and call(ctypes.c_int(option), *padded) == 0


def forbid_sockets() -> bool:
    """From now on this process and its children open no socket; False where the kernel does not offer that."""
    machine = _MACHINES.get(platform.machine())
    if platform.system() != "Linux" or machine is None:
        return False
    code = _filter(*machine)
    program = _Program(len(code) // 8, code)
    return _prctl(_PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1)) and _prctl(
        _PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.byref(program)
    )


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when its parent dies, and go at once when it is gone already."""
    _prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def confine(limits: Limits) -> None:
    """Hold this process to ``limits`` for the rest of its life."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, int(limits.seconds) + 5),
    ):
        resource.setrlimit(kind, (most, most))
    with contextlib.suppress(OSError):
        os.nice(10)
    forbid_sockets()
