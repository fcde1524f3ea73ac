"""Console transcripts run as tests.

A transcript is what a person would see: lines that begin with ``$ `` are typed, the lines below are what comes out
(standard output and standard error together). ``...`` within a line, or as a line, stands for anything, as in doctest.
``$? 2`` below a command says its exit code; without it, 0 is expected. A command whose output is not shown may print
anything. Everything runs in one shell, in one empty folder, so that a later command sees what an earlier one did.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

INSTALLED = Path(sys.executable).parent
_BLOCK = re.compile(r"^```console(?P<tags>[^\n]*)\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_DEMO = re.compile(r"cell-registry demo --no-serve(?: --data (?P<folder>\w+))?(?= |$)")
_END = "__end_of_command__"


@dataclass(frozen=True)
class Typed:
    """One command, what should come out, and its exit code."""

    command: str
    expected: tuple[str, ...]
    code: int
    line: int


def commands(text: str, first_line: int = 1) -> list[Typed]:
    """The commands of one transcript."""
    found: list[Typed] = []
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if not lines[at].startswith("$ "):
            at += 1
            continue
        typed, command = at, lines[at][2:]
        while command.endswith("\\") or _heredoc_open(command):
            at += 1
            command += "\n" + lines[at].removeprefix("> ")
        at += 1
        expected, code = [], 0
        while at < len(lines) and not lines[at].startswith("$ "):
            if lines[at].startswith("$? "):
                code = int(lines[at][3:])
            else:
                expected.append(lines[at].rstrip())
            at += 1
        while expected and not expected[-1]:
            expected.pop()
        found.append(Typed(command, tuple(expected), code, first_line + typed))
    return found


def _heredoc_open(command: str) -> bool:
    opened = re.search(r"<<'?(\w+)'?", command)
    return opened is not None and command.splitlines()[-1] != opened.group(1)


def blocks(markdown: str) -> list[Typed]:
    """The commands of every ``console`` block of a page, in order; ``console no-run`` blocks are left out."""
    found: list[Typed] = []
    for match in _BLOCK.finditer(markdown):
        if "no-run" not in match["tags"]:
            found += commands(match["body"], markdown[: match.start("body")].count("\n") + 1)
    return found


def matches(expected: tuple[str, ...], found: str) -> bool:
    """True when the output is what was expected, ``...`` standing for anything."""
    pattern = "\n".join(expected)
    parts = [re.escape(part) for part in pattern.split("...")]
    lines = "\n".join(line.rstrip() for line in found.splitlines())
    return re.fullmatch(".*?".join(parts) + r"\n?", lines.strip("\n"), re.DOTALL) is not None


def play(typed: list[Typed], folder: Path, name: str, programs: Path = INSTALLED) -> None:
    """Run the commands in one shell in ``folder`` and compare; raises AssertionError naming file and line.

    ``programs`` stands first on the path: the folder in which ``cell-registry`` is installed, or another one.
    """
    environment = {
        "PATH": f"{programs}:{INSTALLED}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "COLUMNS": "120",
        "CELL_REGISTRY_DATA": str(folder / "data"),
    }
    shell = shutil.which("bash") or "/bin/sh"
    with subprocess.Popen(
        [shell], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for one in typed:
                process.stdin.write(f"{one.command}\nprintf '\\n{_END} %s\\n' $?\n")
                process.stdin.flush()
                output, code = _until_end(process)
                place = f"{name}, line {one.line}: $ {one.command}"
                assert code == one.code, f"{place}\nexit {code}, expected {one.code}; it printed:\n{output}"
                if one.expected:
                    wanted = "\n".join(one.expected)
                    assert matches(one.expected, output), f"{place}\nexpected:\n{wanted}\nfound:\n{output}"
        finally:
            process.stdin.close()
            process.terminate()


def _until_end(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        if line.startswith(_END):
            return "".join(lines).removesuffix("\n"), int(line.split()[1])
        lines.append(line)
    raise AssertionError("the shell ended: " + "".join(lines))


def tells_the_demonstration(typed: list[Typed]) -> list[str]:
    """The folders in which a transcript tells the demonstration: of ``--data``, else $CELL_REGISTRY_DATA."""
    told = (_DEMO.match(one.command) for one in typed)
    return [one["folder"] or "data" for one in told if one is not None]


def furnish(folder: Path) -> None:
    """The files that pages and transcripts speak of, in their working folder."""
    files = ROOT / "docs" / "guides" / "files"
    if files.is_dir():
        shutil.copytree(files, folder, dirs_exist_ok=True)
