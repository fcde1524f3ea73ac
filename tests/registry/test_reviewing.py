"""What the queue says a lot lacks, beside what a signer is refused, for every lot of the demonstration."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from registry.registry import Account, Registry
from registry.registry.reviewing import Lacking


def test_lacking_nothing_is_being_refused_nothing(demonstration: Path, tmp_path: Path) -> None:
    """The queue calls a lot ready exactly where the gate finds nothing for a signer who submitted nothing."""
    shutil.copytree(demonstration, tmp_path / "data")
    registry = Registry.open(tmp_path / "data")
    neutral = Account("nobody", "Nobody", "quality unit")
    lots = registry.waiting(1000)
    refused = {line.lot: bool(registry.release_check(line.lot, neutral).missing) for line in lots}
    assert {lot: not lacks.nothing for lot, lacks in registry.overview.lacking(lots).items()} == refused
    alone = Lacking((), (), (), no_expiry=True, otherwise=())
    without = [lot for lot, lacks in registry.overview.lacking(lots).items() if lacks == alone]
    assert Counter(lot.partition("-20")[0] for lot in without) == {"Pers": 16, "Nguyen": 8, "Whitehouse": 4}
    assert {refused[lot] for lot in without} == {True}
    registry.close()
