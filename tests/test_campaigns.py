"""Short forms of ``benchmarks/crash.py``, ``hostile.py`` and ``soak.py``: a minute of what they do for an hour."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT
from tests.postgresql import new_database

CAMPAIGN = """
import sys
from pathlib import Path
import crash
print(crash.campaign_of(Path(sys.argv[1]), int(sys.argv[2]), 100, 16, sys.argv[3], longest=0.3))
"""


@pytest.fixture(scope="module")
def benchmarks() -> Iterator[dict[str, ModuleType]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield {name: importlib.import_module(name) for name in ("hostile", "attacks", "soak")}


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_acknowledged_is_lost_when_it_is_killed(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Five times, anywhere: then every panel, release and copy that was acknowledged is there, and the audit finds
    nothing, nor in the copy once it is restored.
    """
    url = new_database(request.getfixturevalue("postgresql"), "killed") if kind == "postgresql" else ""
    paths = {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))}
    done = subprocess.run(
        [sys.executable, "-c", CAMPAIGN, str(tmp_path), "5", url],
        capture_output=True, text=True, check=False, env={**os.environ, **paths},
    )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["[]"]), done.stderr
    assert "5 kills" in done.stdout


def test_a_clinic_is_answered_while_a_server_is_attacked(
    benchmarks: dict[str, ModuleType], demonstration: Path, tmp_path: Path
) -> None:
    """Every page that the clinic asks for is the lot's, every attack is refused, and nothing of it stays behind."""
    hostile, soak = benchmarks["hostile"], benchmarks["soak"]
    shutil.copytree(demonstration, tmp_path / "data")
    with hostile.served(tmp_path / "data") as place:
        before = soak.noted(place)
        pages, received = hostile.attacked(place, 5.0, 0.1)
        hostile.settle(place.process.pid, 10)
        after = soak.noted(place)
    assert len(pages) > 2
    refused = {"413", "401", "429", "422", "503", "TimeoutError"}
    answered = {how for attack, counts in received.items() if "half-open" not in attack for how in counts}
    assert answered <= refused, json.dumps(received)
    assert after.entries == before.entries
    assert after.descriptors <= before.descriptors + 3 * 20 + 10  # three files of each connection that is kept
    assert after.children <= before.children + 1 + 2 * (os.cpu_count() or 1)


def test_what_grows_is_named_and_what_is_steady_is_not(benchmarks: dict[str, ModuleType]) -> None:
    soak = benchmarks["soak"]
    steady = [soak.Note(100 << 20, 50 << 20, 3, 60, 10**8 + 20_000 * n, 1_000 + n) for n in range(30)]
    assert soak.grown(steady) == []
    leaking = [replace(note, memory=note.memory + (n << 20), descriptors=60 + 3 * n) for n, note in enumerate(steady)]
    assert [line.partition(":")[0] for line in soak.grown(leaking)] == ["descriptors"]
    leaking = [replace(note, memory=note.memory + (3 * n << 20)) for n, note in enumerate(steady)]
    assert [line.partition(":")[0] for line in soak.grown(leaking)] == ["memory"]
    hungry = [replace(note, disk=note.disk + 90_000 * n) for n, note in enumerate(steady)]
    assert [line.partition(":")[0] for line in soak.grown(hungry)] == ["disk"]
