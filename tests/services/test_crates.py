"""Each form of an RO-Crate conforms to what it says, and carries proofs that are checked without the registry."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry.cli import cli
from registry.errors import WrongUsage
from registry.services.queries.export.crate_forms import CRATES
from tests.services.conftest import House

ITS_PYTHON = Path(sys.prefix) / "crates" / "bin" / "python"
"""Of the validator, which needs another release of a library than the linter of imports."""
TERMS = json.loads((Path(__file__).parent / "crate_terms.json").read_text("utf-8"))
"""Of the contexts of RO-Crate 1.1 and 1.2 the terms that a crate of ours uses, looked up in the published ones."""
PROFILES = {"ro-crate": "ro-crate-1.2", "ro-crate-1.1": "process-run-crate-0.5", "eln": "ro-crate-1.1"}


@pytest.fixture
def released(house: House) -> House:
    """A lot that was released, and one that fails."""
    for lot, cd105 in (("P-01", "97.4"), ("P-02", "88.4")):
        house.lot(lot)
        house.submit(lot, name=f"{lot}.csv", CD105=cd105)
    house.decide("P-01", "release")
    return house


def written(house: House, folder: Path, form: str, *lots: str) -> Path:
    """The folder with the metadata of a crate."""
    if form != "eln":
        house.registry.queries.export(form, folder / form, lots)
        return folder / form
    house.registry.queries.export(form, folder / "ours.eln", lots)
    with zipfile.ZipFile(folder / "ours.eln") as packed:
        packed.extractall(folder)
    return folder / "ours"


def entities(crate: Path) -> dict[str, dict[str, Any]]:
    return {entity["@id"]: entity for entity in json.loads((crate / "ro-crate-metadata.json").read_text())["@graph"]}


@pytest.mark.skipif(not ITS_PYTHON.exists(), reason="the validator has no environment here; make test makes one")
def test_the_reference_validator_finds_nothing_required(released: House, tmp_path: Path) -> None:
    """rocrate-validator, each form by its own profile, with the contexts given to it; and it finds what we break."""
    contexts = tmp_path / "contexts.json"
    at = "https://w3id.org/ro/crate"
    contexts.write_text(json.dumps({f"{at}/{each}/context": {"@context": terms} for each, terms in TERMS.items()}))
    crates = [(written(released, tmp_path, form), PROFILES[form]) for form in CRATES]
    broken = shutil.copytree(crates[0][0], tmp_path / "broken") / "ro-crate-metadata.json"
    broken.write_text(broken.read_text().replace('"datePublished"', '"dateModified"'))
    asked = [str(part) for pair in (*crates, (broken.parent, crates[0][1])) for part in pair]
    script = Path(__file__).parent / "crate_validator.py"
    ran = subprocess.run(
        [ITS_PYTHON, script, contexts, *asked], capture_output=True, text=True, check=True, timeout=300
    )
    *sound, unsound = json.loads(ran.stdout.splitlines()[-1])
    assert (sound, unsound != []) == ([[]] * len(CRATES), True)


@pytest.mark.parametrize("form", CRATES)
def test_what_is_inside_is_verified_without_the_registry(released: House, tmp_path: Path, form: str) -> None:
    """The credential by the registry's key, and its decision's place in the ledger by the proof beside it."""
    crate = written(released, tmp_path, form, "P-01")
    key = tmp_path / "did.json"
    key.write_text(json.dumps(released.registry.proofs.did()))
    asked = ["verify", str(crate / "proofs/P-01.vc.json"), "--key", str(key), "--format", "json",
             "--checkpoint", str(crate / "proofs/P-01.tlog-proof")]  # fmt: skip
    answer = json.loads(CliRunner().invoke(cli, asked).stdout)
    assert {check["what"]: check["result"] for check in answer["checks"]}["ledger"] == "holds"


def test_a_notebooks_file_is_one_folder_with_a_data_set_for_each_lot(released: House, tmp_path: Path) -> None:
    """ELN file format, structure of the archive; what a data set has as its parts is described and is there."""
    crate = written(released, tmp_path, "eln")
    with zipfile.ZipFile(tmp_path / "ours.eln") as packed:
        assert {name.partition("/")[0] for name in packed.namelist()} == {"ours"}
    known = entities(crate)
    lots = [entity for entity in known.values() if entity["@id"].startswith("lots/") and entity["@type"] == "Dataset"]
    assert [(lot["name"], known[lot["author"]["@id"]]["name"]) for lot in lots] == [
        ("P-01", "q.two"),
        ("P-02", "q.two"),
    ]
    parts = [part["@id"] for lot in lots for part in lot["hasPart"]]
    assert [part for part in parts if known[part]["@type"] != "File" or not (crate / part).is_file()] == []
    assert {f"lots/{lot['name']}/" for lot in lots} <= {part["@id"] for part in known["./"]["hasPart"]}


def test_a_notebooks_file_is_named_so(released: House, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="by its name"):
        released.registry.queries.export("eln", tmp_path / "ours.zip")
    assert list(tmp_path.glob("ours*")) == []
