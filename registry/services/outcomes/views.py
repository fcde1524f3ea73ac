"""What is answered of outcomes: receipts, visits, and single outcomes for whoever may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from registry.domain import Result, RowError
from registry.domain.outcome import Outcome
from registry.outcomes.current import in_base_unit
from registry.outcomes.models import Fit
from registry.outcomes.relation import Group
from registry.outcomes.visits import Visit
from registry.services.answers import Answer, TermRef
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class RecordedOutcome(Answer):
    """One outcome on record: of which administration, on which day or at which visit, and where it stands."""

    outcome: str
    administration: str
    day: date | None
    visit: int | None
    results: int
    record: str
    position: int


@dataclass(frozen=True, slots=True)
class OutcomeReceipt(Answer):
    """What submitting a table of outcomes answers, and answers again when it is repeated. No code stands in it."""

    receipt: str
    recorded: tuple[RecordedOutcome, ...]
    errors: tuple[RowError, ...]
    file: str
    ledger_size: int
    repeated: bool


@dataclass(frozen=True, slots=True)
class VisitLine(Answer):
    """One visit of one administration: planned, due, done, late or missed."""

    administration: str
    study: str
    arm: str
    lot: str
    number: int
    due: date
    state: str
    on: date | None


@dataclass(frozen=True, slots=True)
class OutcomeLine(Answer):
    """One result: as printed, and its bounds in ``base_unit``, the unit its outcome measure is compared in."""

    outcome: str
    administration: str
    day: date | None
    visit: int | None
    measure: TermRef
    value: str
    unit: str
    low: str
    high: str
    base_unit: str
    word: str
    details: dict[str, str]
    supersedes: str
    reason: str


@dataclass(frozen=True, slots=True)
class OutcomeAnswer(Answer):
    """What was seen of one administration on one day or at one visit, and where it was entered.

    ``lines`` are all its results; ``superseded`` names those of them (by their place from 1) that do not count any
    more. ``file`` is the digest of the copy that is kept, in which keys stand in the place of codes.
    """

    outcome: str
    iri: str
    administration: str
    day: date | None
    visit: int | None
    lines: tuple[OutcomeLine, ...]
    superseded: tuple[int, ...]
    file: str
    file_name: str
    synthetic: bool
    recorded_by: str
    recorded_at: datetime
    record: str
    position: int


def visit_line(given_id: str, study: str, arm: str, lot: str, visit: Visit) -> VisitLine:
    """A visit as an answer."""
    return VisitLine(given_id, study, arm, lot, visit.number, visit.due, visit.state, visit.on)


def outcome_line(outcome: Outcome, result: Result, terms: Terms) -> OutcomeLine:
    """A result as an answer; ``terms`` are those of recipients."""
    span = in_base_unit(result, terms)
    known = terms.characteristics.get(result.characteristic)
    reading = result.reading
    word = reading.state or (terms.label(reading.outcome) if reading.outcome else reading.text or "")
    bounds = [("" if bound is None else format(bound, "f")) for bound in (span.low, span.high)] if span else ["", ""]
    return OutcomeLine(
        outcome=outcome.id,
        administration=outcome.administration,
        day=outcome.day,
        visit=outcome.visit,
        measure=TermRef(terms.curie(result.characteristic), result.label),
        value=result.printed,
        unit=result.unit_printed,
        low=bounds[0],
        high=bounds[1],
        base_unit=terms.units[known.units[0]].label if span is not None and known is not None else "",
        word=word,
        details=dict(result.details),
        supersedes=result.supersedes or "",
        reason=result.reason or "",
    )


@dataclass(frozen=True, slots=True)
class RelationAnswer(Answer):
    """One characteristic of lots against one outcome, and what such numbers cannot show.

    ``groups`` are lots for whoever may see single administrations, else bands of eight recipients and more
    (``by_lot``). ``recipients`` and ``lots`` are None where they would be fewer than eight and one may not see them.
    ``made_up``: some of these lots are synthetic.
    """

    characteristic: TermRef
    unit: str
    outcome: TermRef
    outcome_unit: str
    visit: int | None
    recipients: int | None
    lots: int | None
    by_lot: bool
    groups: tuple[Group, ...]
    fit: Fit | None
    pairs: int
    cannot_show: tuple[str, ...]
    made_up: bool = False
