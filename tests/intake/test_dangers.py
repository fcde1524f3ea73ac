"""A short form of ``benchmarks/dangers.py``: a lot that passes, struck by one danger at a random place, does not."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def dangers() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("dangers", ROOT / "benchmarks" / "dangers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        patch.setitem(sys.modules, "dangers", module)
        spec.loader.exec_module(module)
        yield module


def test_no_danger_passes_and_what_has_none_does(dangers: ModuleType) -> None:
    """Sixteen dangers, each twenty times; thirty-two files without one."""
    counts, false, lost = dangers.run(320, seed=7)
    assert ([(name, file) for name, file, _ in false], lost, len(counts)) == ([], 0, 16)
