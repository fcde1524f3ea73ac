"""What the kernel keeps a child process from, which reads what strangers wrote: on Linux (x86-64, ARM64) any socket.

A seccomp filter answers ``socket()`` with EACCES, whichever library asks. Elsewhere nothing is forbidden, and whoever
asks is told so. It computes when whoever answers pages does not (``step_back``).
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import signal
import struct

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_MODE_FILTER = 2
# linux/audit.h and the syscall tables: (AUDIT_ARCH, number of socket()).
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EACCES
_X32 = 0x40000000
LAST = 19
"""The nice value of a child: with it a server keeps 98 of a hundred parts of a processor that both want."""


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


def step_back() -> None:
    """From now on this process and its children compute in the time that others leave: whoever asks can wait."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, LAST)
