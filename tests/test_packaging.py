"""What is installed is what was tested: the wheel holds all that the rooms read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from registry.instants import xsd_moment
from registry.proof.did import document
from registry.proof.signing import SigningKey
from tests.conftest import ROOT
from tests.proof.test_credential import credential, status


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


ALONE = """
import socket, sys
def refuse(*_arguments, **_named):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from registry.cli import main
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print("loaded:", *sorted({"sqlalchemy", "flask", "pyshacl", "rdflib"} & set(sys.modules)), file=sys.stderr)
    raise
"""


def test_the_wheel_alone_says_that_a_lot_was_recalled_and_since_when(unpacked: Path, tmp_path: Path) -> None:
    """No registry, no network, no account, no store: the credential, the lists as files, and the issuer's key."""
    now = datetime.now(UTC).replace(microsecond=0)
    key = SigningKey.create(tmp_path / "key.pem")
    times = {"stated_at": xsd_moment(now - timedelta(hours=2)), "until": xsd_moment(now + timedelta(days=30))}
    files = {
        "H-01.vc.json": credential(key, **times),
        "suspension.json": status(key, "suspension", set(), now),
        "revocation.json": status(key, "revocation", {3}, now),
        "did.json": json.dumps(document("did:web:registry.example", [key.public])),
    }
    for name, text in files.items():
        (unpacked.parent / name).write_text(text, encoding="utf-8")
    asked = ["-c", ALONE, "verify", "H-01.vc.json", "--key", "did.json", "--format", "json"]
    done = run(unpacked, *asked, "--status", "suspension.json", "--status", "revocation.json")
    assert (done.returncode, done.stderr) == (1, "loaded:\n")
    answer = json.loads(done.stdout)
    assert (answer["valid"], answer["status"], answer["lot"], answer["issuer_known"]) == (
        False,
        "revoked",
        "H-01",
        True,
    )
    between = (now - timedelta(hours=2), now - timedelta(minutes=1))
    since = "after {:%Y-%m-%d %H:%M} +00:00 and by {:%Y-%m-%d %H:%M} +00:00 at the latest".format(*between)
    (why,) = (check["why"] for check in answer["checks"] if check["result"] == "fails")
    assert why == f"The lot was recalled or rejected, {since}."
    assert run(unpacked, *asked, "--status", "suspension.json").returncode == 0


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
