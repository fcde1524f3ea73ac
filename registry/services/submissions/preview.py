"""What submitting a file would say and change, before anything is kept; and what a submission did to its lots.

New results can end a release: the laboratory that sends them is told so by the rules that answer whether a lot may be
injected (``registry.release.status``), on the evidence with the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from registry.domain import LotFacts, LotVerdict, Notice, OpenName, PanelOnRecord, Recorded, Result, RowError
from registry.judgement.plausibility import doubted, second_results
from registry.release import lapsed, status
from registry.services.answers import Answer
from registry.services.context import Parts
from registry.services.mappings.approved import NOTHING, Beside
from registry.services.submissions.interpretation import understood
from registry.services.submissions.read_file import addressed, panels_of, read, seen_before
from registry.services.submissions.submit import (
    SubmissionReceipt,
    before,
    facts_of,
    mapping_used,
    verdicts_of,
    without_errors,
    without_recorded,
)
from registry.services.submissions.withdrawn_panels import CODE as WITHDRAWN

OBTAINED = ("method", "tested_at", "duration", "parent_population")
"""How a result was obtained, as far as whoever checks a file is shown it."""


@dataclass(frozen=True, slots=True)
class Standing(Answer):
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
    """

    file: str
    lots: tuple[LotVerdict, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[Notice, ...]
    instrument: str = ""
    mapping: str = ""
    open_names: tuple[OpenName, ...] = ()
    results: tuple[ReadResult, ...] = ()
    standings: tuple[Standing, ...] = ()
    repeated: str = ""


def preview(parts: Parts, name: str, data: bytes, beside: Beside = NOTHING) -> Preview:
    """What a file says, judged by the specification of each lot's product; nothing is kept."""
    said = read(parts, name, data, beside)
    identities = beside.identities(data)
    earlier = before(parts, identities)
    repeated = earlier.receipt if earlier is not None and not earlier.errors else ""
    new = [] if repeated else without_recorded(parts, identities, said.results)
    facts = facts_of(parts, said.results)
    added = addressed(parts, new, identities)
    verdicts = verdicts_of(parts, facts, added)
    clean = dict.fromkeys(result.lot for result in without_errors(said, new))
    gone = [one for one in earlier.warnings if one.code == WITHDRAWN] if earlier is not None else []
    seen = () if repeated else (one for panel in panels_of(new) for one in seen_before(parts, panel))
    each = [(facts[lot].lot, rows) for lot, rows in added.items()]
    second = second_results((facts[lot], rows) for lot, rows in added.items())
    return Preview(
        identities.plain,
        tuple(verdicts[lot] for lot in facts if lot in verdicts),
        said.errors,
        (*gone, *said.notices, *seen, *second, *doubted(each, parts.ledger.now())),
        instrument=said.instrument,
        mapping=mapping_used(said.results, beside),
        open_names=said.open_names,
        results=tuple(_shown(parts, result) for result in said.results),
        standings=tuple(_standing(parts, facts[lot], added[lot]) for lot in clean),
        repeated=repeated,
    )


def _shown(parts: Parts, result: Result) -> ReadResult:
    where, terms = result.source, parts.terms
    unit = terms.units[result.unit].label if result.unit else None
    stage = terms.stages.get(result.stage, result.stage) if result.stage else None
    beside = dict(result.details)
    method, tested_at, duration, parent = (beside.get(name, "") for name in OBTAINED)
    return ReadResult(
        result.lot, result.label, result.printed, unit, stage, where.file, where.row, where.column,
        understood(result, terms), method, tested_at, duration, parent,
    )  # fmt: skip


def _standing(parts: Parts, facts: LotFacts, added: Sequence[Result]) -> Standing:
    """The lot's state now, and by the same rules with these results beside its evidence."""
    at = parts.ledger.now()
    against, _pinned = parts.held_against(facts)
    lapse = parts.lapse(facts, against, at)
    verdict = parts.judge(facts, against, at=at) if against else None
    state = status(facts, verdict, at, lapse).state
    if against is None:
        return Standing(facts.lot.id, state, state)
    later = parts.judge_results(against, facts, [*facts.results, *added], at=at)
    after = _with(facts, added, at)
    if verdict is not None and facts.decision_in_force is not None and facts.decision_in_force.releases:
        lapse = lapse or lapsed(facts, verdict, at) or lapsed(after, later, at)
    return Standing(facts.lot.id, state, status(after, later, at, lapse).state)


def _with(facts: LotFacts, added: Sequence[Result], at: datetime) -> LotFacts:
    """The same facts as if these results had been entered now: what was accepted before does not cover them."""
    entry = Recorded(facts.size + 1, at, "", "")
    panel = PanelOnRecord("", facts.lot.id, None, tuple(added), None, "", entry)
    return replace(facts, panels=(*facts.panels, panel))


def standings(parts: Parts, receipt: SubmissionReceipt) -> tuple[Standing, ...]:
    """The state of each lot before the receipt's submission was recorded, and now."""
    lots = dict.fromkeys(one.lot for one in receipt.recorded)
    return tuple(
        Standing(lot, _state(parts, lot, int(receipt.receipt) - 1), _state(parts, lot, receipt.ledger_size))
        for lot in lots
    )


def _state(parts: Parts, lot: str, size: int) -> str:
    facts, at = parts.lots.facts(lot, size), parts.ledger.now()
    against, _pinned = parts.held_against(facts)
    verdict = parts.judge(facts, against, at=at) if against else None
    return status(facts, verdict, at, parts.lapse(facts, against, at)).state
