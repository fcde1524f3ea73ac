"""What the queue says a lot lacks, beside what a signer is refused, for every lot of the demonstration."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from registry.errors import Unknown
from registry.services import Account, Registry
from registry.services.lot_index import Wanted
from registry.services.lot_index.table import WAITING
from registry.services.releases.queue import Lacking


def test_lacking_nothing_is_being_refused_nothing(demonstration: Path, tmp_path: Path) -> None:
    """The queue calls a lot ready exactly where the gate finds nothing for a signer who submitted nothing.

    Lots of cited products have no expiry, and are never released for being cited: nothing else stands against them,
    and the queue leaves them out.
    """
    shutil.copytree(demonstration, tmp_path / "data")
    registry = Registry.open(tmp_path / "data")
    neutral = Account("nobody", "Nobody", "quality unit")
    lots = registry.lot_index.page(Wanted(kind="product lot", states=WAITING), 1000)
    queue = registry.lot_index.table.waiting(1000)
    assert {line.lot for line in queue} == {line.lot for line in lots if line.panels and "-20" not in line.lot}
    refused = {line.lot: bool(registry.releases.check(line.lot, neutral).missing) for line in lots}
    assert {lot: not lacks.nothing for lot, lacks in registry.releases.queue(lots).items()} == refused
    alone = Lacking((), (), (), no_expiry=True, otherwise=())
    without = [
        lot
        for lot, lacks in registry.releases.queue(lots).items()
        if replace(lacks, otherwise=()) == alone and len(lacks.otherwise) == 1
    ]
    assert Counter(lot.partition("-20")[0] for lot in without) == {"Pers": 16, "Nguyen": 8, "Whitehouse": 4}
    assert {refused[lot] for lot in without} == {True}
    registry.close()


def test_lots_read_together_are_read_as_each_alone(demonstration: Path, tmp_path: Path) -> None:
    """What several rest on is read once; nothing that the gate is given is another for it. Unknown stays unknown."""
    shutil.copytree(demonstration, tmp_path / "data")
    registry = Registry.open(tmp_path / "data")
    reader = registry.reader
    lots = [lot for product in reader.products() for lot in reader.lots_of(product)]
    lots += ["h-01", "WCB-1", "MCB-1", "Nguyen-2020-line"]
    assert reader.facts_of(lots) == [reader.facts(lot) for lot in lots]
    assert len({len(facts.ancestors) for facts in reader.facts_of(lots)}) > 1
    with pytest.raises(Unknown, match="There is no lot H-99"):
        reader.facts_of(["H-01", "H-99"])
    registry.close()
