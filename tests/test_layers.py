"""Imports point one way: the layers of ``docs/index.md``, held by reading every module's syntax tree."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

# A room may import rooms of lower layers; rooms of one layer do not know each other unless BESIDE says so.
LAYERS: dict[str, int] = {
    "registry.errors": 0,
    "registry.identifiers": 0,
    "registry.namespaces": 0,
    "registry.look_alikes": 0,
    "registry.instants": 0,
    "registry.confinement": 0,
    "registry.csv_text": 0,
    "registry.turns": 0,
    "ontology": 0,
    "shapes": 0,
    "registry.domain": 1,
    "registry.vocabulary": 1,
    "registry.workbook": 1,
    "registry.records": 2,
    "registry.specifications": 2,
    "registry.judgement": 2,
    "registry.release": 2,
    "registry.outcomes": 2,
    "registry.intake": 2,
    "registry.client": 2,
    "registry.proof": 2,
    "registry.ontology_releases": 3,
    "registry.ledger": 3,
    "registry.graph": 3,
    "registry.paper": 3,
    "registry.questions": 3,
    "registry.exchange": 3,
    "registry.accounts": 4,
    "registry.audit": 4,
    "registry.services": 5,
    "registry.demo": 6,
    "web": 6,
    "registry.cli": 7,
}
BESIDE = {
    ("registry.identifiers", "registry.errors"),
    ("registry.instants", "registry.errors"),
    ("registry.turns", "registry.errors"),
    ("registry.namespaces", "registry.identifiers"),
    ("registry.vocabulary", "registry.domain"),
}
NEVER = {
    ("registry.audit", "registry.graph"),
}
OWNERS = {
    "openpyxl": {"registry.workbook"},
    "yaml": {"registry.specifications"},
    "pydantic": {"registry.intake"},
    "allotropy": {"registry.intake"},
    "flowkit": {"registry.intake"},
    "pyshacl": {"registry.judgement"},
    "shacl": {"registry.judgement"},
    "owlready2": {"registry.ontology_releases"},
    "cryptography": {"registry.proof"},
    "rfc3161_client": {"registry.proof"},
    "pkcs11": {"registry.proof"},
    "argon2": {"registry.accounts"},
    "pyotp": {"registry.accounts"},
    "markdown_it": {"web"},
    "segno": {"registry.accounts"},
    "webauthn": {"registry.accounts"},
    "pyoxigraph": {
        "registry.vocabulary",
        "registry.proof",
        "registry.records",
        "registry.graph",
        "registry.ontology_releases",
    },
    "biip": {"registry.exchange"},
    "zxcvbn": {"registry.accounts"},
    "flask": {"web"},
    "waitress": {"web"},
    "typst": {"registry.paper"},
    "zxingcpp": {"registry.paper"},
    "click": {"registry.cli"},
    "rich": {"registry.cli"},
    "pyarrow": {"registry.services"},
    "statsmodels": {"registry.outcomes"},
    "lifelines": {"registry.outcomes"},
    "sqlalchemy": {"registry.ledger", "registry.accounts", "registry.services"},
}


def room_of(module: str) -> str | None:
    """``registry.intake.tabular.tables`` stands in the room ``registry.intake``."""
    parts = module.split(".")
    for depth in range(len(parts), 0, -1):
        if (name := ".".join(parts[:depth])) in LAYERS:
            return name
    return None


@cache
def imports() -> list[tuple[str, str]]:
    """Every (module, imported name) of the product, absolute imports only."""
    found: list[tuple[str, str]] = []
    for top in ("ontology", "registry", "shapes", "web"):
        for path in sorted((ROOT / top).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    found += [(module, alias.name) for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    assert node.level == 0, f"{module} imports relatively"
                    found += [(module, f"{node.module}.{alias.name}") for alias in node.names]
    return found


@cache
def for_types_alone(module: str) -> set[str]:
    """What a module imports for its types, and never when it runs."""
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if (path / "__init__.py").exists() else path.with_suffix(".py")
    return {
        f"{node.module}.{alias.name}"
        for block in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_no_module_comes_back_to_itself() -> None:
    """No circle of imports between files either, at the top or within a function."""
    modules = {module for module, _name in imports()}
    graph: dict[str, set[str]] = {module: set() for module in modules}
    for module, name in imports():
        target = name
        while target and target not in modules:
            target = target.rpartition(".")[0]
        if target and target != module and name not in for_types_alone(module):
            graph[module].add(target)
    TopologicalSorter(graph).prepare()


def test_every_module_stands_in_a_layer() -> None:
    """A module without a layer would escape every rule below."""
    homeless = sorted({m for m, _ in imports() if room_of(m) is None and m not in {"registry", "registry.__main__"}})
    assert homeless == []


def test_the_documentation_draws_the_same_layers() -> None:
    """The table of ``docs/index.md`` names every package of ``LAYERS`` in its layer, and nothing else."""
    drawn: dict[str, int] = {}
    for row in (ROOT / "docs" / "index.md").read_text(encoding="utf-8").splitlines():
        if listed := re.match(r"\| (\d) \| ((?:`\w+`(?:, )?)+)", row):
            drawn |= {name.strip("`, "): int(listed[1]) for name in listed[2].split(", ")}
    assert drawn == {room.removeprefix("registry."): layer for room, layer in LAYERS.items()}


def test_imports_point_down() -> None:
    """No room imports a room of its own layer or above, nor one that it must never know."""
    wrong = []
    for module, name in imports():
        importer, imported = room_of(module), room_of(name)
        if importer is None or imported is None or importer == imported or (importer, imported) in BESIDE:
            continue
        if LAYERS[imported] >= LAYERS[importer] or (importer, imported) in NEVER:
            wrong.append(f"{module} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_one_room_owns_each_foreign_library(library: str) -> None:
    """A library's traps are known in one place."""
    users = {room_of(module) or module for module, name in imports() if name.split(".")[0] == library}
    assert users - OWNERS[library] == set()


def test_only_the_state_of_a_lot_and_check_ask_the_judge() -> None:
    """A lot's verdict is composed in one place: whoever else judged could say what its page does not."""
    asking = {module for module, name in imports() if name.rpartition(".")[2] == "judge_lots"}
    for top in ("registry", "web"):
        for path in (ROOT / top).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if any(isinstance(node, ast.Attribute) and node.attr == "judge_lots" for node in ast.walk(tree)):
                asking.add(".".join(path.relative_to(ROOT).with_suffix("").parts))
    assert asking == {"registry.services.lot_state", "registry.cli.check.check"}


def test_web_uses_only_public_names() -> None:
    """The pages know the registry by its public names alone."""
    allowed = {"registry.services", "registry.csv_text", "registry.errors", "registry.domain"}
    wrong = [
        f"{module} imports {name}"
        for module, name in imports()
        if module.split(".")[0] == "web"
        and name.startswith("registry.")
        and (room_of(name) not in allowed or name.rsplit(".", 1)[-1].startswith("_"))
    ]
    assert wrong == []


def test_a_command_waits_for_nothing_that_it_may_not_need() -> None:
    """What judges, typesets, serves or reads workbooks is loaded when it is used: most commands take half a second."""
    heavy = [
        "openpyxl",
        "numpy",
        "pyshacl",
        "owlready2",
        "typst",
        "flask",
        "waitress",
        "pydantic",
        "pyarrow",
        "pandas",
        "lifelines",
        "statsmodels",
    ]
    script = f"import sys, registry.services; print([one for one in {heavy} if one in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_tree_is_read_from_the_checkout() -> None:
    """The rules above read this checkout and not an installed copy."""
    assert Path(ROOT / "registry" / "errors.py").is_file()
