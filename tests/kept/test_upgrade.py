"""An upgrade of a folder that the version before made, and the way back from it, walked with both versions' programs.

The version before is taken from this repository's own history, so a checkout without it skips.
"""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.kept.record import HERE

BEFORE, COMMIT = "0.1.0", "337096a"
"""The newest commit of that version."""


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of the version before, in a folder of its own."""
    folder = tmp_path_factory.mktemp("before")
    rooms = ["git", "archive", "--format=tar", COMMIT, "registry", "web", "ontology", "shapes"]
    archive = subprocess.run(rooms, cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        pytest.skip("this checkout has no history of the version before")
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def run(program: Path, *arguments: str | Path) -> str:
    """What a command of the program in this folder says; it has to end well."""
    said = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    command = [sys.executable, "-m", "registry", *map(str, arguments)]
    done = subprocess.run(command, cwd=program, env=said, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answer(program: Path, data: Path) -> dict[str, object]:
    """The answer of a released lot at a time, without what moves with the clock."""
    told = json.loads(run(program, "lot", "H-01", "--at", "2026-11-30T21:27:32.8Z", "--format", "json", "--data", data))
    return {key: told["answer"][key] for key in ("may_be_injected", "verdict") if key in told["answer"]} or told


def test_a_folder_is_upgraded_and_the_way_back_is_the_copy_from_before(before: Path, tmp_path: Path) -> None:
    """Copy, upgrade, audit; then the old program restores the copy, every digest verified, and answers as before."""
    data, copy, back = tmp_path / "data", tmp_path / "copy.tar", tmp_path / "back"
    data.mkdir(mode=0o700)
    for name, content in (
        ("ledger.sqlite", lzma.decompress((HERE / BEFORE / "ledger.sqlite.xz").read_bytes())),
        ("signing-key.pem", (HERE / BEFORE / "signing-key.pem").read_bytes()),
    ):
        (data / name).write_bytes(content)
        (data / name).chmod(0o600)
    run(before, "backup", copy, "--data", data)
    old = answer(before, data)
    assert "everything is what it says" in run(ROOT, "audit", "--data", data)
    assert answer(ROOT, data) == old
    run(before, "restore", copy, "--key", data / "signing-key.pem", "--data", back)
    assert answer(before, back) == old
