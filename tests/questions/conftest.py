"""The demonstration's registry, told once: every question is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from registry.demo import open_demo
from registry.registry import Registry


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Products, lots, panels and decisions of the worked example."""
    registry, _people, _token = open_demo(tmp_path_factory.mktemp("demo") / "data", lambda step: None)
    yield registry
    registry.close()
