"""Lots judged by processes of their own: the same as here, in order, and here where a process does not answer."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence

from registry.services.cores import Cores
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.queries.lot_triples import verdict_records
from tests.services.conftest import House

PORTIONS = (["C-3", "C-1"], ["C-2"], ["C-4"], ["C-1"])


def told(house: House) -> None:
    """Four lots: one passes, one fails, one is released, one has no results."""
    for lot in ("C-1", "C-2", "C-3", "C-4"):
        house.lot(lot)
    house.submit("C-1")
    house.submit("C-2", CD105="12")
    house.submit("C-3", name="third.csv", CD73="97.1")
    house.decide("C-3", "release")


def derived(house: House, lots: Sequence[str]) -> Mapping[str, bytes]:
    """What follows for lots, judged here."""
    return verdict_records(house.registry.states, house.registry.names, lots)


def never(lots: Sequence[str]) -> Mapping[str, bytes]:
    """Nobody is to judge here."""
    raise AssertionError(lots)


def test_what_follows_is_the_same_whoever_derives_it(house: House) -> None:
    """Each portion in its place, byte for byte, and none of it judged here."""
    told(house)
    answers = list(Cores(house.registry.directory, 2, few=1).spread("follows", PORTIONS, never))
    assert answers == [derived(house, portion) for portion in PORTIONS]


def test_a_line_is_the_same_whoever_judges_it(house: House) -> None:
    """State, verdict, values and what it was judged from."""
    told(house)
    registry = house.registry
    answers = list(Cores(registry.directory, 2, few=1).spread("lines", PORTIONS, never))
    size = registry.ledger.size()
    assert answers == [judged_lines(registry.states, registry.terms, portion, size) for portion in PORTIONS]


def test_what_no_process_answers_is_judged_here(house: House) -> None:
    """Work that they do not know ends them: every portion is answered all the same."""
    told(house)
    answers = list(Cores(house.registry.directory, 2, few=1).spread("unheard of", PORTIONS, len))
    assert answers == [2, 1, 1, 1]


def test_a_process_that_is_killed_loses_nothing(house: House) -> None:
    """The first answer is taken, all of them are killed, and the rest is as it would have been."""
    told(house)
    portions = [["C-1"]] * 12
    answers = Cores(house.registry.directory, 2, few=1).spread("follows", portions, lambda lots: derived(house, lots))
    first = next(answers)
    for child in children():
        os.kill(child, signal.SIGKILL)
    assert [first, *answers] == [derived(house, ["C-1"])] * 12


def test_few_lots_are_judged_here(house: House) -> None:
    """No process is started for them."""
    assert list(Cores(house.registry.directory, 2).spread("unheard of", PORTIONS, tuple)) == list(map(tuple, PORTIONS))


def test_one_core_is_this_one(house: House) -> None:
    """A process beside it would only cost its start."""
    assert list(Cores(house.registry.directory, 1, few=1).spread("unheard of", PORTIONS, len)) == [2, 1, 1, 1]


def test_lists_made_on_every_core_are_those_that_followed(house: House) -> None:
    """Every line, value and piece of evidence that is kept."""
    told(house)
    registry = house.registry
    registry.lot_index.recent()
    followed = kept(house)
    registry.lot_index._lines._cores = Cores(registry.directory, 2, few=1)
    registry.lot_index.rebuild()
    assert kept(house) == followed


def kept(house: House) -> dict[str, list[dict[str, object]]]:
    """What the lists hold, but for when each line was judged."""
    tables = ("lot_lines", "lot_values", "lot_evidence", "result_texts")
    return {
        table: [{name: value for name, value in row.items() if name != "judged"}
                for row in house.registry.ledger.rows(table)]
        for table in tables
    }  # fmt: skip


def children() -> list[int]:
    """The processes of ``cores`` that this one started."""
    own = str(os.getpid())
    numbers = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat, open(f"/proc/{name}/cmdline") as command:
                is_child = stat.read().rpartition(")")[2].split()[1] == own
                if is_child and "registry.services.core_process" in command.read():
                    numbers.append(int(name))
        except OSError:
            continue
    return numbers
