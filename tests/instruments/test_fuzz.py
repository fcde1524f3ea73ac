"""A few seconds of what ``benchmarks/fuzz.py`` does for minutes: no reader ends in a traceback, whatever the bytes."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from registry import intake
from registry.errors import RegistryError
from tests.conftest import ROOT
from tests.instruments.conftest import TERMS, mapping_of


@pytest.fixture(scope="module")
def fuzz() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz", ROOT / "benchmarks" / "fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_reader_ends_in_a_traceback(fuzz: ModuleType) -> None:
    """Mutated and random bytes end in results, row errors or a refusal."""
    found = fuzz.run(5, seed=2, children=False)
    assert {kind: counts["TRACEBACK"] for kind, counts in found.items()} == dict.fromkeys(found, 0)
    assert all(sum(counts.values()) > 20 for counts in found.values())


@pytest.mark.parametrize("name", ["laugh.xml", "outside.wsp", "deep.xml", "cell.csv"])
def test_small_files_that_ask_for_much_are_refused(fuzz: ModuleType, name: str) -> None:
    """Entities, a tree without end, a cell without end: before any library sees them."""
    data = dict(fuzz.bombs())[name]
    with pytest.raises(RegistryError):
        intake.read(name, data, TERMS, mapping=mapping_of("ignore,x,,,,,,"))
