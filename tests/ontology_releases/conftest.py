"""Full releases, each read once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from registry.ontology_releases.parser import Release, read
from registry.ontology_releases.reasoning.closure import Closure
from registry.ontology_releases.slices import slices
from registry.ontology_releases.slices.slices import Slice

Opened = tuple[Release, Closure, Slice]


@pytest.fixture(scope="session")
def releases(shared: Path) -> Path:
    """The folder of full releases."""
    return shared / "data" / "ontologies"


@pytest.fixture(scope="session")
def opened(releases: Path) -> Callable[[str], Opened]:
    """A release, its closure and its slice by file name."""

    @cache
    def one(name: str) -> Opened:
        release = read(name, (releases / name).read_bytes())
        closure = slices.closed(release)
        return release, closure, slices.cut(release, closure)

    return one
