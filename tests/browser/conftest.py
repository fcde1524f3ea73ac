"""One server and one browser for all stories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.place import CHROMIUM, Place, chromium, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The demonstration, served."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with serving(tmp_path_factory.mktemp("browser") / "demo") as found:
        yield found


@pytest.fixture(scope="session")
def browser(place: Place) -> Iterator[Browser]:
    """One Chromium; each story opens a context of its own in it."""
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with chromium() as found:
        yield found
