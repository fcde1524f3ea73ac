"""What a child that reads strangers' bytes is held to, beside its limits."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="there are no nice values")
def test_a_child_computes_in_the_time_that_others_leave() -> None:
    """Whatever the server's own nice value is."""
    program = (
        "import os; from registry.confinement import step_back; step_back(); print(os.getpriority(os.PRIO_PROCESS, 0))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "19\n"
    assert os.getpriority(os.PRIO_PROCESS, 0) < 19
