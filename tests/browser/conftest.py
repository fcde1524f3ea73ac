"""One server for all stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.place import CHROMIUM, Place, serving


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration, served."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with serving(tmp_path_factory.mktemp("browser") / "demo") as found:
        yield found
