"""One server for all stories."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.browser.place import CHROMIUM, Place, serving


@pytest.fixture(scope="package")
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration, served."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    folder = tmp_path_factory.mktemp("browser") / "demo"
    shutil.copytree(request.getfixturevalue("demonstration"), folder)
    with serving(folder) as found:
        yield found
