"""Pages and transcripts do what they say: every command in README, docs/ and tests/sessions/ is run."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.console import INSTALLED, blocks, commands, furnish, matches, play, tells_the_demonstration

PAGES = [
    page
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if blocks(page.read_text(encoding="utf-8"))
]
SESSIONS = sorted((ROOT / "tests" / "sessions").glob("*.console"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_does_what_the_page_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A page whose command fails, or prints something else, is a fault. A demonstration that it tells is continued.

    The README's commands are those that are installed; the others' do not load the same modules each time.
    """
    typed = blocks(page.read_text(encoding="utf-8"))
    furnish(tmp_path)
    for folder in tells_the_demonstration(typed):
        shutil.copytree(request.getfixturevalue("whole_demonstration"), tmp_path / folder)
    programs = INSTALLED if page.name == "README.md" else request.getfixturevalue("standing_by")
    play(typed, tmp_path, str(page.relative_to(ROOT)), programs)


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.stem)
def test_every_session_goes_as_written(session: Path, tmp_path: Path, standing_by: Path) -> None:
    """A transcript is replayed to the letter."""
    furnish(tmp_path)
    play(commands(session.read_text(encoding="utf-8")), tmp_path, session.name, standing_by)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("check panel.csv --specification msc-identity", 0),
        ("check mistakes.csv --specification msc-identity", 2),
        ("check - --specification msc-identity", 2),
        ("lot H-01", 2),
        ("nothing", 2),
        ("--help", 0),
    ],
)
def test_a_command_that_stands_by_is_the_installed_one(
    typed: str, code: int, tmp_path: Path, standing_by: Path
) -> None:
    """Its exit code, what it says on either stream, its folder, its environment and what it is given to read."""
    furnish(tmp_path)
    said = [
        subprocess.run(
            [programs / "cell-registry", *typed.split()],
            cwd=tmp_path, env={"PATH": os.environ["PATH"], "COLUMNS": "90", "LANG": "C.UTF-8"}, input="not,a,panel\n",
            capture_output=True, text=True, check=False,
        )
        for programs in (standing_by, INSTALLED)
    ]  # fmt: skip
    assert [one.returncode for one in said] == [code, code]
    assert (said[0].stdout, said[0].stderr) == (said[1].stdout, said[1].stderr)


def test_the_pages_with_commands_are_found() -> None:
    """README, the tutorial and every guide have some, but those whose commands need a machine of their own."""
    written = {ROOT / "README.md", ROOT / "docs" / "tutorial.md", *(ROOT / "docs" / "guides").glob("*.md")}
    assert {page.name for page in written - set(PAGES)} == {"deployment.md", "graph-service.md"}


def test_a_transcript_that_lies_is_found() -> None:
    """The comparison itself can fail."""
    assert matches(("a ... c", "...", "z"), "a b c\nd\ne\nz\n")
    assert not matches(("a ... c",), "a b d")
    assert not matches(("a",), "a\nb")


def test_a_command_that_fails_is_found(tmp_path: Path) -> None:
    """An exit code that nobody expected ends the transcript."""
    with pytest.raises(AssertionError, match="exit 3, expected 0"):
        play(commands("$ (exit 3)"), tmp_path, "here")
