"""One lot, one state: page, list, preview, graph and release check say the same, at every size of the ledger."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry.accounts import Account, Accounts
from registry.domain import LotFacts
from registry.judgement import judge
from registry.ledger.lots import LotReader
from registry.release import not_shown, passes, short_of
from registry.services import Registry, lot_state
from registry.services.lot_index.judged_lines import judged_lines
from registry.services.lot_state import LotState, LotStates
from registry.services.lots.lot_view import LotView
from registry.services.ontologies.current import Current
from registry.services.queries.lot_triples import verdict_records
from registry.services.releases.check import ReleaseChecks
from registry.services.releases.queue import lacking
from registry.services.submissions.preview import Previewer
from registry.services.submissions.read_file import FileReader
from registry.services.submissions.submit import Recorder
from registry.vocabulary import load

NOBODY = Account("nobody", "Nobody", "quality unit")
"""A signer on whom nothing depends: who submitted nothing, and set nothing aside."""
BY_TIME = {"expired", "suspended"}
"""What time alone makes of a state that is kept without a clock."""


class ReaderUpTo(LotReader):
    """The ledger as it stood with so many entries, whatever was entered since."""

    size = 0

    def size_at(self, at: datetime | None) -> int:
        return min(super().size_at(at), self.size)

    def facts(self, lot: str, until: int | None = None) -> LotFacts:
        return super().facts(lot, self.size if until is None else min(until, self.size))

    def facts_of(self, lots: Sequence[str], until: int | None = None) -> list[LotFacts]:
        return super().facts_of(lots, self.size if until is None else min(until, self.size))


class Then:
    """Everything that answers about lots, composed over the ledger as it stood."""

    def __init__(self, registry: Registry) -> None:
        ledger, names = registry.ledger, registry.names
        self.reader = ReaderUpTo(ledger, names)
        ontologies = Current(load(), ledger)
        self.names, self.terms = names, ontologies.terms
        self.states = LotStates(ledger, self.reader, ontologies)
        self.view = LotView(ledger, self.reader, self.states, ontologies, names)
        self.checks = ReleaseChecks(ledger, self.reader, self.states, Accounts(ledger), registry.releases.trail)
        files = FileReader(self.reader, ontologies, names)
        recorder = Recorder(ledger, self.reader, self.states, files, ontologies, names)
        self.previewer = Previewer(ledger, self.reader, self.states, files, recorder, ontologies, names)
        self.registered = [(entry.position, entry.lots[0]) for entry in ledger.entries(kind="lot")]

    def at(self, size: int) -> list[str]:
        """The ledger has so many entries from now on; answers the lots that it has."""
        object.__setattr__(self.reader, "size", size)
        return [lot for position, lot in self.registered if position <= size]


@pytest.fixture(scope="module")
def then(demo: Registry) -> Then:
    return Then(demo)


@settings(deadline=None, max_examples=7)
@example(999)
@given(st.integers(0, 999))
def test_everything_says_the_same_of_every_lot(then: Then, demo: Registry, share: int) -> None:
    """At any size of the ledger (``share`` of a thousand of it), of every lot that it has then."""
    first = then.registered[0][0]
    size = first + (demo.size() - first) * share // 999
    lots = then.at(size)
    states = {state.facts.lot.id: state for state in then.states.of(lots)}
    lines = {line.lot: line for line in judged_lines(then.states, then.terms, lots, size)}
    graph = verdict_records(then.states, then.names, lots)
    rows = "".join(f"{lot},CD166,99,%\n" for lot in lots)
    preview = then.previewer.preview("more.csv", f"lot,characteristic,value,unit\n{rows}".encode())
    before = {change.lot: change.now for change in preview.standings}
    queue = lacking(then.states, lots)
    for lot, state in states.items():
        page = then.view.of(state)
        line = lines[lot]
        assert page.answer.state == state.status.state == before[lot]
        assert line.state == page.answer.state or page.answer.state in BY_TIME
        assert (line.verdict or None) == page.verdict
        assert line.short_of == (tuple(item.id for item in short_of(state.verdict)) if state.verdict else ())
        assert in_graph(graph.get(lot, b"")) == expected_in_graph(state)
        assert agrees(state, then.checks.check(lot, NOBODY, "asked").missing)
        assert set(queue[lot].fails + queue[lot].not_shown) == decisive(then, state)


def in_graph(ntriples: bytes) -> tuple[str | None, bool]:
    """(the lot's verdict, whether its release is suspended), as the graph has them."""
    derived = dict(re.findall(r"<[^>]*/lot/[^>]*> <[^>]*#(verdict|suspended)> (\S+)", ntriples.decode()))
    names = {"Pass>": "pass", "Fail>": "fail", "Incomplete>": "incomplete"}
    return names[derived["verdict"].rpartition("#")[2]] if "verdict" in derived else None, "suspended" in derived


def expected_in_graph(state: LotState) -> tuple[str | None, bool]:
    """The same from the state: only a product lot is held against anything; no clock ends a release there."""
    decision = state.facts.decision_in_force
    if state.facts.lot.kind != "product lot" or state.verdict is None:
        return None, False
    released = decision is not None and decision.releases
    return state.verdict.verdict, released and (state.lapse is not None or not passes(state.facts, state.verdict))


def agrees(state: LotState, missing: tuple[str, ...]) -> bool:
    """What keeps the evidence from passing stands against a release, where both are held against one specification."""
    approval, against = state.facts.approval, state.specification
    if state.verdict is None or approval is None or against is None or approval.digest != against.digest:
        return True
    return set(not_shown(state.verdict)) <= set(missing) and (bool(missing) or passes(state.facts, state.verdict))


def decisive(then: Then, state: LotState) -> set[str]:
    """The criteria that keep a release of the lot from passing, by what it would name."""
    (held,) = then.states.for_decision([state], "release")
    return {item.id for item in short_of(held.verdict)} if held.verdict is not None else set()


@pytest.mark.parametrize("lot", ["H-01", "H-03", "H-05"])
def test_no_page_judges_a_lot_twice(demo: Registry, lot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the page of a lot and its release check ask of the judge, they ask once."""
    asked: list[tuple[str, str, tuple[str | None, ...]]] = []

    def counted(against: lot_state.Specification, results_by_lot: dict, *args: object, **words: object) -> object:  # type: ignore[type-arg]
        asked.extend(
            (against.digest, each, tuple(result.iri for result in results)) for each, results in results_by_lot.items()
        )
        return judge.judge_lots(against, results_by_lot, *args, **words)  # type: ignore[arg-type]

    monkeypatch.setattr(lot_state, "judge_lots", counted)
    demo.states.known.clear()
    demo.lots.get(lot)
    demo.releases.check(lot, NOBODY)
    assert asked
    assert len(asked) == len(set(asked))
