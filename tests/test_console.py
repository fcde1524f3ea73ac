"""Pages and transcripts do what they say: every command in README, docs/ and tests/sessions/ is run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.console import blocks, commands, furnish, matches, play, tells_the_demonstration

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
SESSIONS = sorted((ROOT / "tests" / "sessions").glob("*.console"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_does_what_the_page_says(
    page: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A page whose command fails, or prints something else, is a fault. A demonstration that it tells is continued."""
    typed = blocks(page.read_text(encoding="utf-8"))
    if not typed:
        pytest.skip("this page has no command")
    furnish(tmp_path)
    for folder in tells_the_demonstration(typed):
        shutil.copytree(request.getfixturevalue("demonstration"), tmp_path / folder)
    play(typed, tmp_path, str(page.relative_to(ROOT)))


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session.stem)
def test_every_session_goes_as_written(session: Path, tmp_path: Path) -> None:
    """A transcript is replayed to the letter."""
    furnish(tmp_path)
    play(commands(session.read_text(encoding="utf-8")), tmp_path, session.name)


def test_a_transcript_that_lies_is_found() -> None:
    """The comparison itself can fail."""
    assert matches(("a ... c", "...", "z"), "a b c\nd\ne\nz\n")
    assert not matches(("a ... c",), "a b d")
    assert not matches(("a",), "a\nb")


def test_a_command_that_fails_is_found(tmp_path: Path) -> None:
    """An exit code that nobody expected ends the transcript."""
    with pytest.raises(AssertionError, match="exit 3, expected 0"):
        play(commands("$ (exit 3)"), tmp_path, "here")
