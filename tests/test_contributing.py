"""What is written for those who carry the project on holds: files exist, limits are the code's, versions agree."""

from __future__ import annotations

import importlib
import re
import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import registry
from registry.cli import cli
from tests.conftest import LONG, ROOT, TOGETHER

QUESTIONS = (
    "be injected", "who may do what", "`<0.5`", "undetermined", "retest", "specification holds", "second person",
    "patient's name", "hash of an entry", "query run",
)  # fmt: skip
UNITS = {
    "MB": 1_000_000, "GB": 1_000_000_000, "bytes": 1, "characters": 1, "": 1,
    "days": 86400, "minutes": 60, "hours": 3600, "seconds": 1,
}  # fmt: skip


def page(name: str) -> str:
    """A page at the top of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its own head."""
    lines = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0].splitlines()
    cells = [[cell.strip() for cell in line.strip().strip("|").split(" | ")] for line in lines if line.startswith("|")]
    return cells[2:]


def paths(cell: str) -> list[str]:
    """What a cell names between backticks and is a path."""
    return [name for name in re.findall(r"`([^`]+)`", cell) if re.fullmatch(r"\.?[\w-]+(/[\w.-]+)*(\.\w+)?", name)]


def test_ten_questions_lead_to_files_that_exist() -> None:
    """Each of the ten is asked, and its file is there and says what it is."""
    table = rows(page("CONTRIBUTING.md"), "Where is it decided?")
    assert [question for question in QUESTIONS if not any(question in row[0].lower() for row in table)] == []
    assert len(table) == len(QUESTIONS)
    for question, cell in table:
        (path,) = paths(cell)
        assert (ROOT / path).is_file(), f"{question}: {path}"
        assert (ROOT / path).read_text(encoding="utf-8").startswith('"""'), path


@pytest.mark.parametrize("row", rows(page("CONTRIBUTING.md"), "Where does a new one go?"), ids=lambda row: row[0])
def test_where_a_new_thing_goes_exists(row: list[str]) -> None:
    """A file or folder that is no longer there sends nobody anywhere."""
    assert paths(row[1]), row
    assert [path for path in paths(row[1]) if not (ROOT / path).exists()] == []
    beside = [path for path in paths(row[2]) if "/" in path]
    assert [path for path in beside if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("row", rows(page("SECURITY.md"), "Limits"), ids=lambda row: row[0])
def test_a_limit_is_the_code_s(row: list[str]) -> None:
    """``10 MB`` is 10 000 000 bytes or 10 · 2^20, whichever the code has; a duration is in seconds."""
    path, name = re.fullmatch(r"`([\w/.]+)\.py` ([\w.]+)", row[2]).groups()  # type: ignore[union-attr]
    module = importlib.import_module(path.removesuffix("/__init__").replace("/", "."))
    owner, _, field = name.rpartition(".")
    value = getattr(getattr(module, owner)() if owner else module, field)
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    number, unit = re.fullmatch(r"([\d ]+?) ?(\D*)", row[1]).groups()  # type: ignore[union-attr]
    stated = int(number.replace(" ", ""))
    binary = {"MB": 1 << 20, "GB": 1 << 30}.get(unit, UNITS[unit])
    assert seconds in {stated * UNITS[unit], stated * binary}


def test_the_version_is_the_changelog_s_newest() -> None:
    """``cell-registry --version``, the distribution and the newest heading are one."""
    versions = re.findall(r"^## (\d+\.\d+\.\d+) \(", page("CHANGELOG.md"), re.MULTILINE)
    assert versions[-1] == "0.1.0"
    assert versions == sorted(versions, key=lambda text: [int(part) for part in text.split(".")], reverse=True)
    assert registry.__version__ == versions[0]
    assert CliRunner().invoke(cli, ["--version"]).stdout == f"cell-registry, version {versions[0]}\n"
    project = tomllib.loads(page("pyproject.toml"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "registry/__init__.py"


@pytest.mark.parametrize("version", sorted(folder.name for folder in (ROOT / "tests" / "kept").glob("*.*.*")))
def test_a_kept_folder_is_of_a_version_of_the_changelog(version: str) -> None:
    """What is kept names the version that made it."""
    assert f"\n## {version} (" in page("CHANGELOG.md")


@pytest.mark.parametrize("package", ["ontology", "registry", "shapes", "web"])
def test_a_package_says_that_it_is_typed(package: str) -> None:
    """PEP 561: whoever imports it is checked against its types."""
    assert (ROOT / package / "py.typed").is_file()


def test_the_container_serves_as_nobody_in_particular() -> None:
    """No root, a folder of its own for the data, and every path that it copies is there."""
    lines = page("Containerfile").splitlines()
    assert "USER 10001:10001" in lines
    assert lines.index("USER 10001:10001") < next(at for at, line in enumerate(lines) if line.startswith("CMD"))
    copied = [
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    ]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    built = {Path(name).name for name in copied}
    assert {"pyproject.toml", "README.md", "ontology", "registry", "shapes", "web"} <= built


@pytest.mark.parametrize("start", [*TOGETHER, *LONG])
def test_what_the_workers_take_first_is_there(start: str) -> None:
    """A folder that was renamed would no longer come first, and one worker would be left with it at the end."""
    assert [*ROOT.glob(start), *ROOT.glob(f"{start}*.py")]
