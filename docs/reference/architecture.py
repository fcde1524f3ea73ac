"""ARCHITECTURE.md: every package and every module of the product, each with the first paragraph of its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP = ("ontology", "shapes", "registry", "web")
START = """# Architecture

Every package and every module, in the words of its own first paragraph. The idea, the words and the layers are in
[docs/index.md](docs/index.md); where a new thing goes is in [CONTRIBUTING.md](CONTRIBUTING.md). Imports point one way,
and `tests/test_layers.py` holds them there.
"""


def packages() -> list[Path]:
    """The folders that hold a module, those that stand inside another after it."""
    return sorted({path.parent for top in TOP for path in (ROOT / top).rglob("*.py")})


def modules(package: Path) -> list[Path]:
    """The modules of one package, without its ``__init__``."""
    return sorted(path for path in package.glob("*.py") if path.name != "__init__.py")


def summary(module: Path) -> str:
    """The first paragraph of a module's docstring on one line; empty when it has none."""
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


def page() -> str:
    """The page."""
    return START + "\n" + "\n".join(line for package in packages() for line in _package(package)).rstrip() + "\n"


def _package(package: Path) -> Iterator[str]:
    name = package.relative_to(ROOT).as_posix()
    initial = package / "__init__.py"
    yield from (f"{'#' * min(name.count('/') + 2, 5)} {name}/", "", summary(initial) if initial.is_file() else "", "")
    rows = [f"| `{path.name}` | {summary(path)} |" for path in modules(package)]
    if rows:
        yield from ("| module | what it is |", "| --- | --- |", *rows, "")
