"""A short form of ``benchmarks/judges.py``: random pairs of specification and panel, judged alike by all three."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from tests.conftest import ROOT


def judges() -> ModuleType:
    spec = importlib.util.spec_from_file_location("judges", ROOT / "benchmarks" / "judges.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["judges"] = module
    spec.loader.exec_module(module)
    return module


def test_the_three_judges_agree_on_a_thousand_random_pairs() -> None:
    """Of which pySHACL judges a hundred; every outcome comes out often enough to mean something."""
    *_, tally = judges().run(1_000, 100, seed=14)
    assert (tally.pairs, tally.by_reference) == (1_000, 100)
    assert tally.disagreements == []
    assert min(tally.outcomes[outcome] for outcome in ("pass", "fail", "undetermined", "missing")) > 50
