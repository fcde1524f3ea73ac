"""The demonstration's registry: every question is asked of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.services import Registry


@pytest.fixture(scope="session")
def demo(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Products, lots, panels and decisions of the worked example."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(demonstration, folder)
    registry = Registry.open(folder)
    yield registry
    registry.close()
