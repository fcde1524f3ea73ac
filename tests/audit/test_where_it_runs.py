"""The audit runs where nothing can be written, and on a damaged graph: it ends with findings, never in a traceback."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from registry.services import Registry

MOUNTED = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && exec {1} -m registry audit --data {0}"


def audited_read_only(folder: Path) -> tuple[int, list[str]]:
    """(exit code, lines) of the command on a folder that is mounted read-only, even for root."""
    command = ["unshare", "--mount", "sh", "-c", MOUNTED.format(folder, sys.executable)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare" in run.stderr or "mount" in run.stderr:
        pytest.skip("nothing can be mounted here")
    assert run.stderr == ""
    return run.returncode, run.stdout.splitlines()


@pytest.fixture(scope="module")
def folder(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    own = tmp_path_factory.mktemp("read-only") / "data"
    shutil.copytree(demonstration, own)
    registry = Registry.open(own)
    registry.queries.knowledge.refresh()
    registry.lot_index.recent(1)
    registry.close()
    return own


def test_a_read_only_folder_in_order_has_no_finding_and_is_not_touched(folder: Path) -> None:
    """Nothing is written to it, and everything is compared: the graph is made anew in memory."""
    if shutil.which("unshare") is None:
        pytest.skip("no unshare on this machine")
    code, lines = audited_read_only(folder)
    assert (code, lines[-1]) == (0, "✓ everything is what it says")
    assert any(line.startswith("quads: ") for line in lines)


def test_a_damaged_graph_is_one_finding(folder: Path, tmp_path: Path) -> None:
    """Its files overwritten: the ledger is the truth, and what to do is make the graph anew."""
    own = tmp_path / "data"
    shutil.copytree(folder, own)
    for file in own.glob("graph/at-*/*.sst"):
        file.write_bytes(b"\x00" * file.stat().st_size)
    registry = Registry.open(own)
    findings = registry.upkeep.audit().findings
    assert [(finding.check, finding.message) for finding in findings] == [
        ("graph", "The graph's files cannot be read.")
    ]
    registry.close()
