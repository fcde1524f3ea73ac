"""What one query may cost, and how the process that runs it is held to that by the kernel.

The kernel holds: memory (RLIMIT_AS), no core dump, no byte written to any file, lower priority, death with the helper,
and on Linux (x86-64, ARM64) no socket. The last is the second wall behind ``guard``: the engine has an HTTP client for
SERVICE and no switch to turn it off. Elsewhere ``guard`` stands alone. Time is held by the helper, which kills.
"""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass, field

from registry.confinement import forbid_sockets, step_back
from registry.errors import Unavailable


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

    def overrun(self) -> Unavailable:
        """The refusal of a query that took longer than ``seconds``, whichever engine it was asked of."""
        return Unavailable(
            "This query took too long and was stopped.",
            expected=f"an answer within {self.seconds:g} seconds",
            todo="Ask for less: name the lots, the product or the time, and add LIMIT.",
        )


def confine(limits: Limits) -> None:
    """Hold this process to ``limits`` for the rest of its life."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, int(limits.seconds) + 5),
    ):
        resource.setrlimit(kind, (most, most))
    step_back()
    forbid_sockets()
