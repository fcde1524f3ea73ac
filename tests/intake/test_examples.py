"""Every example file gives exactly the report that stands beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry import vocabulary
from tests.conftest import ROOT
from tests.intake.report import report

EXAMPLES = ROOT / "tests" / "examples"
FILES = sorted(p for p in EXAMPLES.glob("*/*") if p.with_name(f"{p.name}.expected.json").is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.name}")
def test_example(path: Path) -> None:
    """Results, errors and warnings are exactly those written down; so is a refusal as a whole."""
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    assert report(path, vocabulary.load()) == expected


def test_examples_stand_on_their_shelf() -> None:
    """What is accepted has neither errors nor a refusal; what is refused has one of them."""
    for path in FILES:
        said = report(path, vocabulary.load())
        clean = "refused" not in said and not said["errors"]
        assert clean == (path.parent.name == "accepted"), path
    assert len(FILES) > 20
