"""The reference says what the product is: pages made from it are up to date, and nothing public is undocumented."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tests.conftest import ROOT

HERE = ROOT / "docs" / "reference"
_spec = importlib.util.spec_from_file_location("generate", HERE / "generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


@pytest.mark.parametrize("name", sorted(generate.PAGES))
def test_a_generated_page_is_up_to_date(name: str) -> None:
    """Run ``make reference`` when this fails."""
    assert (HERE / name).read_text(encoding="utf-8") == generate.NOTE + generate.PAGES[name]()


def test_every_page_is_reached_from_the_index_or_the_readme() -> None:
    """A page that nothing leads to is not read."""
    starts = [ROOT / "README.md", ROOT / "docs" / "index.md"]
    reached, todo = set(), list(starts)
    while todo:
        page = todo.pop()
        if page in reached or not page.is_file():
            continue
        reached.add(page)
        for piece in page.read_text(encoding="utf-8").split("](")[1:]:
            target = piece.split(")")[0].split("#")[0]
            if target and "://" not in target:
                place = (page.parent / target).resolve()
                todo += sorted(place.glob("*.md")) if place.is_dir() else [place] * place.name.endswith(".md")
    unreached = sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md") if p not in reached)
    assert unreached == []


def test_every_local_link_leads_somewhere() -> None:
    """In every page, for files and pictures alike."""
    broken = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for piece in page.read_text(encoding="utf-8").split("](")[1:]:
            target = piece.split(")")[0].split("#")[0]
            if target and "://" not in target and not (Path(page.parent) / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
