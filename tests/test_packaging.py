"""What is installed is what was tested: the wheel holds all that the rooms read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    assert wheel.name.startswith("cell_product_registry-")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in an empty folder, finding the unpacked wheel before any other copy."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=unpacked.parent,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_data_file_of_the_checkout_is_in_the_wheel(unpacked: Path) -> None:
    """A room that reads a file finds it after installation."""
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    rooms = {name for name in tracked if name.split("/")[0] in {"ontology", "registry", "shapes", "web"}}
    if not rooms:
        pytest.skip("this is no git checkout")
    missing = sorted(name for name in rooms if (ROOT / name).is_file() and not (unpacked / name).is_file())
    assert missing == []


def test_the_wheel_works_from_an_empty_folder(unpacked: Path) -> None:
    """It lists its specifications, and `web` is ours although another distribution has a module of that name."""
    done = run(unpacked, "-c", "import web, registry; print(web.__file__); print(registry.__file__)")
    assert all(Path(line).is_relative_to(unpacked) for line in done.stdout.split()), done.stderr
    done = run(unpacked, "-m", "registry", "specification", "list", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "msc-identity" in {one["id"] for one in json.loads(done.stdout)["specifications"]}


def test_help_names_every_command(unpacked: Path) -> None:
    """And does so without loading any of them."""
    from registry.cli import COMMANDS

    done = run(unpacked, "-X", "importtime", "-m", "registry", "--help")
    assert [name for name in COMMANDS if f"  {name} " not in done.stdout] == []
    assert [
        heavy for heavy in ("rdflib", "pyshacl", "sqlalchemy", "rich", "flask") if f" {heavy}\n" in done.stderr
    ] == []


def test_every_library_of_a_server_is_locked_to_a_version_that_it_may_have() -> None:
    """With a hash each; the extras are those that the Makefile locks."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = re.findall(r"--extra (\w+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([\w.+-]+)", lock, re.MULTILINE))
    asked = [Requirement(text) for name in extras for text in project["optional-dependencies"][name]]
    asked += [Requirement(text) for text in project["dependencies"]]
    names = {canonicalize_name(name): version for name, version in locked.items()}
    wrong = [str(each) for each in asked if names.get(canonicalize_name(each.name), "") not in each.specifier]
    assert (wrong, len(asked) > 20) == ([], True)
    assert all("--hash=sha256:" in block for block in re.split(r"^(?=[\w.-]+==)", lock, flags=re.MULTILINE)[1:])
