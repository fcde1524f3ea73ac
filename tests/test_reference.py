"""The reference says what the product is: pages made from it are up to date, and nothing public is undocumented."""

from __future__ import annotations

import importlib.util
import subprocess
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


def test_the_architecture_misses_no_module() -> None:
    """Every tracked module of the product has its line there, and says what it is."""
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False).stdout
    ours = [name for name in tracked.split() if name.split("/")[0] in {"ontology", "registry", "shapes", "web"}]
    if not ours:
        pytest.skip("this is no git checkout")
    sections: dict[str, list[str]] = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("##"):
            rows = sections.setdefault(line.lstrip("# "), [])
        elif line.startswith("| `"):
            name, _, said = line.strip("| ").partition("` | ")
            rows.append(name.strip("`"))
            assert len(said) > 10, f"{name} does not say what it is"
    named = {package + name for package, rows in sections.items() for name in (*rows, "__init__.py")}
    assert sorted(name for name in ours if (ROOT / name).is_file() and name not in named) == []


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
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    unreached = sorted(str(page.relative_to(ROOT)) for page in pages if page not in reached)
    assert unreached == []


def test_every_local_link_leads_somewhere() -> None:
    """In every page, for files and pictures alike."""
    broken = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for piece in page.read_text(encoding="utf-8").split("](")[1:]:
            target = piece.split(")")[0].split("#")[0]
            if target and "://" not in target and not (Path(page.parent) / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []


def test_the_python_page_misses_no_service_and_no_public_name() -> None:
    """Every name of ``registry.services`` and every service that an open registry keeps has its heading."""
    from registry import services

    headings = {line for line in (HERE / "api.md").read_text(encoding="utf-8").splitlines() if line.startswith("### ")}
    assert {f"### {name}" for name in services.__all__} <= headings
    kept = {line.partition("### registry.")[2].partition(" ")[0] for line in headings if "registry." in line}
    assert {"lots", "submissions", "releases", "specifications", "queries"} <= kept
    assert {folder.name for folder in (ROOT / "registry" / "services").iterdir() if folder.is_dir()} - kept <= {
        "__pycache__",
        "agents",  # it asks the others, and is called with an open registry
    }
