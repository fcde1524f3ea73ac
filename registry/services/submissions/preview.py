"""What submitting a file would say and change, before anything is kept; and what a submission did to its lots.

New results can end a release: the laboratory that sends them is told so by the rules that answer whether a lot may be
injected (``LotStates``), on the evidence with the file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.domain import LotFacts, LotVerdict, Notice, NotRead, OpenName, Result, RowError
from registry.identifiers import Names
from registry.judgement.plausibility import contradiction_notices, second_results
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lot_state import LotState, LotStates
from registry.services.mappings.approved import NOTHING, Beside
from registry.services.ontologies.current import Current
from registry.services.submissions.interpretation import understood
from registry.services.submissions.read_file import FileReader, addressed, panels_of, seen_before
from registry.services.submissions.receipt import SubmissionReceipt
from registry.services.submissions.shortfall import Shortfall, shortfalls
from registry.services.submissions.submit import Recorder, mapping_used, verdicts_by_approval, without_errors
from registry.services.submissions.withdrawn_panels import CODE as WITHDRAWN
from registry.vocabulary import Terms

OBTAINED = ("method", "tested_at", "duration", "parent_population")
"""How a result was obtained, as far as whoever checks a file is shown it."""


@dataclass(frozen=True, slots=True)
class StateChange(Answer):
    """A lot's state without the results of a file, and with them. ``now`` and ``then`` are states of ``release``."""

    lot: str
    now: str
    then: str

    @property
    def ends(self) -> bool:
        """True when these results end a release."""
        return self.now == "released" != self.then


@dataclass(frozen=True, slots=True)
class ReadResult(Answer):
    """One result as it was read: value and unit as printed, and where it stands in the file.

    ``read`` is what was understood, in the quantity's base unit; how it was obtained stands as printed, empty for
    nothing.
    """

    lot: str
    characteristic: str
    value: str
    unit: str | None
    stage: str | None
    file: str
    row: int | None
    column: str | None
    read: str = ""
    method: str = ""
    tested_at: str = ""
    duration: str = ""
    parent_population: str = ""


@dataclass(frozen=True, slots=True)
class Preview(Answer):
    """What a file says and what its lots would be judged to be; nothing is kept.

    ``instrument`` is the machine that wrote the file, ``mapping`` the one that a name in it was looked up in, each
    empty for none; ``open_names`` are those that nothing maps. ``standings`` are the states of the lots that would be
    recorded; ``repeated`` is the receipt of a file that is on record already, so that sending it changes nothing.
    ``not_read`` is what stands in the file and is judged by nothing; ``shortfalls`` are the criteria that keep its lots
    from passing.
    """

    file: str
    lots: tuple[LotVerdict, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[Notice, ...]
    instrument: str = ""
    mapping: str = ""
    open_names: tuple[OpenName, ...] = ()
    results: tuple[ReadResult, ...] = ()
    standings: tuple[StateChange, ...] = ()
    repeated: str = ""
    not_read: tuple[NotRead, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


class Previewer:
    """Files as they would be recorded by ``Recorder``."""

    def __init__(
        self, ledger: Ledger, reader: LotReader, states: LotStates, files: FileReader, recorder: Recorder,
        ontologies: Current, names: Names,
    ) -> None:  # fmt: skip
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._files = files
        self._recorder = recorder
        self._ontologies = ontologies
        self._names = names

    def preview(self, name: str, data: bytes, beside: Beside = NOTHING) -> Preview:
        """What a file says, judged by the specification of each lot's product; nothing is kept."""
        file = self._files.read(name, data, beside)
        identities = beside.identities(data)
        earlier = self._recorder.earlier(identities)
        repeated = earlier.receipt if earlier is not None and not earlier.errors else ""
        new = [] if repeated else self._recorder.without_recorded(identities, file.results)
        lots = tuple(dict.fromkeys(result.lot for result in file.results))
        before = dict(zip(lots, self._states.of(lots), strict=True))
        added = addressed(self._names, new, identities)
        after = dict(zip(lots, self._states.with_results(tuple(before.values()), added), strict=True))
        verdicts = self._verdicts(before, after, added)
        clean = dict.fromkeys(result.lot for result in without_errors(file, new))
        gone = [warning for warning in earlier.warnings if warning.code == WITHDRAWN] if earlier is not None else []
        seen = () if repeated else (notice for panel in panels_of(new) for notice in seen_before(self._ledger, panel))
        each = [(before[lot].facts.lot, rows) for lot, rows in added.items()]
        second = second_results((before[lot].facts, rows) for lot, rows in added.items())
        terms = self._ontologies.terms
        return Preview(
            identities.plain,
            tuple(verdicts[lot] for lot in lots if lot in verdicts),
            file.errors,
            (*gone, *file.notices, *seen, *second, *contradiction_notices(each, self._ledger.now())),
            instrument=file.instrument,
            mapping=mapping_used(file.results, beside),
            open_names=file.open_names,
            results=tuple(_shown(terms, result) for result in file.results),
            standings=tuple(
                StateChange(before[lot].facts.lot.id, before[lot].status.state, after[lot].status.state)
                for lot in clean
            ),
            repeated=repeated,
            not_read=file.not_read,
            shortfalls=self._short({lot: state.facts for lot, state in before.items()}, verdicts),
        )

    def shortfalls(self, lots: Sequence[str]) -> tuple[Shortfall, ...]:
        """What keeps these lots from passing what is approved for them now."""
        facts = dict(zip(lots, self._reader.facts_of(lots), strict=True)) if lots else {}
        return self._short(facts, verdicts_by_approval(self._states, self._reader, facts, {}))

    def _short(self, facts: Mapping[str, LotFacts], verdicts: Mapping[str, LotVerdict]) -> tuple[Shortfall, ...]:
        judged = [(each.approval, verdicts[lot]) for lot, each in facts.items() if lot in verdicts]
        return tuple(
            short
            for approval, verdict in judged
            if approval is not None
            for short in shortfalls(self._reader.specification(approval.digest), verdict, self._ontologies.terms)
        )

    def _verdicts(
        self, before: Mapping[str, LotState], after: Mapping[str, LotState], added: Mapping[str, Sequence[Result]]
    ) -> dict[str, LotVerdict]:
        """Each lot's verdict by what is approved for its product now; judged again only where another one holds."""
        known: dict[str, LotVerdict] = {}
        other: dict[str, LotFacts] = {}
        for lot, state in after.items():
            approval, against = state.facts.approval, state.specification
            if approval is not None and against is not None and against.digest == approval.digest and state.verdict:
                known[lot] = state.verdict
            else:
                other[lot] = before[lot].facts
        return known | verdicts_by_approval(self._states, self._reader, other, added)

    def state_changes(self, receipt: SubmissionReceipt) -> tuple[StateChange, ...]:
        """The state of each lot before the receipt's submission was recorded, and now."""
        lots, now = tuple(dict.fromkeys(panel.lot for panel in receipt.recorded)), self._ledger.now()
        before = self._states.of(lots, now, size=int(receipt.receipt) - 1) if lots else []
        after = self._states.of(lots, now, size=receipt.ledger_size)
        return tuple(
            StateChange(lot, was.status.state, then.status.state)
            for lot, was, then in zip(lots, before, after, strict=True)
        )


def _shown(terms: Terms, result: Result) -> ReadResult:
    where = result.source
    unit = terms.units[result.unit].label if result.unit else None
    stage = terms.stages.get(result.stage, result.stage) if result.stage else None
    beside = dict(result.details)
    method, tested_at, duration, parent = (beside.get(name, "") for name in OBTAINED)
    return ReadResult(
        result.lot, result.label, result.printed, unit, stage, where.file, where.row, where.column,
        understood(result, terms), method, tested_at, duration, parent,
    )  # fmt: skip
