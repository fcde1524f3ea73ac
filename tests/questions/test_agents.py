"""Thirty questions with verified answers: a client of the reference SDK gets each, over both ways of carrying."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry.services.agents.protocol import INSTRUCTIONS
from tests.conftest import ROOT

THIRTY = json.loads((ROOT / "benchmarks" / "agents.json").read_text(encoding="utf-8"))
EXPECTED = Path(__file__).parent / "expected"
CLIENT = Path(__file__).parent / "reference_client.py"
ITS_PYTHON = Path(sys.prefix) / "mcp" / "bin" / "python"
"""`make test` makes it beside the project's own."""


@pytest.fixture(scope="module")
def served(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, str]]:
    """The demonstration's folder, its server's address, and an analyst's token."""
    if not ITS_PYTHON.exists():
        pytest.skip("the reference client has no environment; make test makes one")
    folder = tmp_path_factory.mktemp("agents") / "data"
    shutil.copytree(demonstration, folder)
    command = [sys.executable, "-m", "registry", "demo", "--data", str(folder), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    lines = dict[str, str]()
    for line in process.stdout:
        kind, _, rest = line.strip().partition(": ")
        lines[kind] = rest
        if kind == "token":
            break
    while not _ready(lines["address"]):
        time.sleep(0.2)
    yield folder, lines["address"], lines["token"]
    process.terminate()
    process.communicate(timeout=20)


def _ready(address: str) -> bool:
    """Whether a question would be answered: the first graph is made."""
    try:
        with urllib.request.urlopen(f"{address}readyz") as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False


def asked(**how: Any) -> Any:
    calls = [["ask", {"question": each["ask"]}] for each in THIRTY]
    told = subprocess.run(
        [str(ITS_PYTHON), str(CLIENT)], input=json.dumps({**how, "calls": calls}), capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-2000:]
    return json.loads(told.stdout)


def rows(answer: Any) -> list[list[str]]:
    """The answer as its file holds it: a boolean or a number as its text."""
    month = f"{datetime.now(UTC):%Y-%m}"
    return [answer["columns"], *([cell.replace(month, "THIS-MONTH") for cell in row] for row in answer["rows"])]


def expected(name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO((EXPECTED / f"{name}.csv").read_text("utf-8"))))


def test_there_are_thirty_each_in_words() -> None:
    """Any model can be run against them: what it is asked, and the question of the library that answers it."""
    assert (len(THIRTY), len({each["ask"] for each in THIRTY})) == (30, 30)
    assert all(each["question"].endswith("?") for each in THIRTY)


@pytest.mark.parametrize("way", ["stdio", "http"])
def test_the_reference_client_gets_the_thirty_answers(served: tuple[Path, str, str], way: str) -> None:
    """It lists the tools, is told what to read first, and every answer is the verified one."""
    folder, address, token = served
    command = [sys.executable, "-m", "registry", "mcp", "--data", str(folder)]
    told = asked(command=command) if way == "stdio" else asked(address=f"{address}mcp", token=token)
    wrong = [
        each["ask"]
        for each, answer in zip(THIRTY, told["answers"], strict=True)
        if rows(answer) != expected(each["ask"])
    ]
    assert told["tools"] == ["guide", "ask", "query", "describe", "search_terms"]
    assert told["instructions"] == INSTRUCTIONS
    assert wrong == []
