"""A foreign reader is held to its time, its memory and its answer, and cannot end in a traceback."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from registry.errors import RegistryError, TooLarge, Unreadable
from registry.intake.sandbox import Limits, run

READER = """
import os, sys, time
def made_up_reader_file():
    return __file__ + ".written"

def answer(request, files):
    return eval(request["do"])
"""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "made_up_reader.py").write_text(READER)
    monkeypatch.syspath_prepend(str(tmp_path))
    return "made_up_reader"


def ask(reader: str, do: str, *files: bytes, limits: Limits | None = None) -> object:
    return run(reader, {"do": do}, files, limits or Limits(seconds=20, memory=1 << 30), "x.fcs")


def test_an_answer_comes_back(reader: str) -> None:
    """Files arrive whole, and what the library prints does not disturb the answer."""
    assert ask(reader, "[print('noise'), len(files[0]), files[1].decode()][1:]", b"\0" * 3_000_000, b"two") == [
        3_000_000,
        "two",
    ]


@pytest.mark.parametrize(
    ("do", "kind"),
    [
        ("1/0", Unreadable), ("files[9]", Unreadable), ("float('nan')", Unreadable), ("object()", Unreadable),
        ("b'x' * (2 << 30)", TooLarge), ("os._exit(3)", TooLarge), ("os.kill(os.getpid(), 11)", TooLarge),
        ("'x' * 2_000_000", TooLarge),
        ("str(__import__('socket').socket())", Unreadable),
        ("print('x' * 9_999, file=open(made_up_reader_file(), 'w'), flush=True)", Unreadable),
    ],
)  # fmt: skip
def test_whatever_goes_wrong_is_a_refusal(reader: str, do: str, kind: type[RegistryError]) -> None:
    """An exception, no JSON, too much memory, an exit, a crash, a long answer, a socket, a written file."""
    with pytest.raises(kind):
        ask(reader, do, limits=Limits(seconds=20, memory=1 << 30, answer=1_000_000))


@pytest.mark.parametrize("do", ["time.sleep(60)", "[0 for _ in iter(int, 1)]"])
def test_time_is_limited(reader: str, do: str) -> None:
    """Whether it waits or works."""
    begun = time.monotonic()
    with pytest.raises(TooLarge):
        ask(reader, do, limits=Limits(seconds=1, memory=1 << 30))
    assert time.monotonic() - begun < 10


def test_only_one_module_knows_each_foreign_library() -> None:
    """allotropy and flowkit are imported where they are confined, and nowhere else."""
    from tests.test_layers import imports

    users = {
        (name.split(".")[0], module) for module, name in imports() if name.split(".")[0] in {"allotropy", "flowkit"}
    }
    assert users == {
        ("allotropy", "registry.intake.instruments.allotrope"), ("flowkit", "registry.intake.flow.flowkit_reader"),
    }  # fmt: skip
