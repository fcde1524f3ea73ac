"""What every test may ask for."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher

from registry.accounts import passwords
from registry.ledger import Ledger, establish
from registry.proof import commitment
from tests import standby
from tests.ledgers import BASE
from tests.postgresql import postgresql as postgresql  # noqa: PLC0414 - a fixture for every room
from tests.virtuoso import virtuoso as virtuoso  # noqa: PLC0414 - a fixture for every room

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from registry.services import Registry

ROOT = Path(__file__).resolve().parent.parent
TOGETHER = ("tests/browser/", "tests/ontology_releases/")
"""Rooms whose tests share a server and a browser, or full releases: one worker takes them whole."""
LONG = (
    "tests/browser/", "tests/test_console.py", "tests/test_story.py", "tests/instruments/", "tests/kept/",
    "tests/shapes/test_mutations", "tests/services/test_condition", "tests/ontology_releases/",
    "tests/web/test_mappings", "tests/questions/", "tests/services/", "tests/specifications/", "tests/web/",
)  # fmt: skip
"""What takes longest comes first, so that no worker is left with it at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of ``LONG``; within it, and after it, as they were found."""
    items.sort(key=lambda item: next((at for at, start in enumerate(LONG) if item.nodeid.startswith(start)), len(LONG)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """``--dist loadfile`` that keeps this order, and each room of ``TOGETHER`` in one piece."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class InOrder(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((room for room in TOGETHER if nodeid.startswith(room)), super()._split_scope(nodeid))

    config.option.loadscopereorder = False
    return InOrder(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts and real files that stands beside the checkout; tests that need it skip without it."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("shared/ (facts and real files) does not stand beside this checkout")
    return folder


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords and codes are slow on purpose; some thousand times over that measures argon2 and scrypt.

    Commands keep the real cost.
    """
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        patch.setattr(passwords, "_HASHER", quick)
        patch.setattr(commitment, "_COST", 2**4)
        patch.setattr(passwords, "_NOBODY", quick.hash("nobody's password"))
        yield


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demonstration with the named lots H-01 … H-13 and the published ones; see ``_told``."""
    program = "import sys, pathlib; from registry.demo import open_demo; "
    program += "open_demo(pathlib.Path(sys.argv[1]), print, at_length=False)"
    return _told(tmp_path_factory, "demonstration", "-c", program)


@pytest.fixture(scope="module")
def demo(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The demonstration's registry, open, on a copy of its folder."""
    from registry.services import Registry

    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(demonstration, folder)
    registry = Registry.open(folder)
    yield registry
    registry.close()


@pytest.fixture(scope="session")
def whole_demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what ``cell-registry demo`` tells, the study at length in it, and its graph; see ``_told``."""
    return _told(tmp_path_factory, "whole-demonstration", "-c", WHOLE)


WHOLE = """
import sys
from registry.cli import cli
cli(["demo", "--no-serve", "--data", sys.argv[1]], standalone_mode=False)
cli(["ask", "lots", "--data", sys.argv[1]], standalone_mode=False)
"""
"""Tells the demonstration and makes its graph, which each page of the docs would make anew."""


def _told(tmp_path_factory: pytest.TempPathFactory, name: str, *program: str) -> Path:
    """A folder told once a run, by whichever worker asks first. Whoever opens it opens a copy."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            subprocess.run([sys.executable, *program, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A new ledger with its key, in the folder ``data``."""
    made = establish(tmp_path / "data", base=BASE, actor="local:test")
    yield made
    made.close()


@pytest.fixture(scope="session")
def standing_by(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a ``cell-registry`` that runs in a process forked from one that has loaded everything before."""
    folder = tmp_path_factory.mktemp("standby")
    command = [sys.executable, "-P", standby.__file__, "wait", str(folder / "socket")]
    said = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with subprocess.Popen(command, env=said, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "ready\n"
        standby.install(str(folder), str(folder / "socket"))
        yield folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all, since two cannot be driven from one process; each test opens a context in it."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    from tests.browser.place import CHROMIUM, chromium

    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with chromium() as found:
        yield found
