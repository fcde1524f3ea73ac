"""Claims that what is on record contradicts: a culture of 14 days on a lot that was made yesterday, a second figure.

Warnings, never a verdict.

A result says when it was tested and for how long; the lot, when it was made; the ledger, when the result was reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from registry.domain import Lot, LotFacts, Notice, Result, with_unit
from registry.identifiers import CPR
from registry.instants import moment
from registry.judgement.evidence.provenance import duration, tested_at
from registry.vocabulary.durations import printed

CODE = "cannot-be"
EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day begins first: a day of manufacture may have begun that much sooner."""
_SOONER = ("starting-material", "cell-bank", "in-process", "pre-sort", "harvest")
BEFORE_IT_IS_MADE = frozenset(f"{CPR}stage-{name}" for name in _SOONER)
"""Stages at which a test may have begun before the day that the lot counts as manufactured on."""


def contradictions(facts: LotFacts) -> tuple[str, ...]:
    """One sentence for each result that counts and cannot be as it is claimed, by when its panel was recorded."""
    claims = ((result, panel.entry.at) for panel in facts.current_panels for result in panel.results)
    return tuple(sentence for result, at in claims for sentence in _contradicted(facts.lot, result, at))


def contradiction_notices(lots: Iterable[tuple[Lot, Sequence[Result]]], at: datetime) -> list[Notice]:
    """The same as warnings about a file that is reported at that time; each beside its row."""
    return [
        Notice(lot.id, result.source.file, result.source.row, CODE, sentence)
        for lot, results in lots
        for result in results
        for sentence in _contradicted(lot, result, at)
    ]


def second_results(lots: Iterable[tuple[LotFacts, Sequence[Result]]]) -> list[Notice]:
    """A warning for each new result beside one on record that it is not related to: neither decides then.

    As evidence has it: of one characteristic and stage; replicates, retests and corrections are related.
    """
    notices = []
    for facts, results in lots:
        on_record = {
            (result.characteristic, frozenset(result.members), result.stage, result.gate): result
            for result in facts.results
        }
        for new in results:
            first = on_record.get((new.characteristic, frozenset(new.members), new.stage, new.gate))
            if first is None or new.relation is not None:
                continue
            message = (
                f"{new.label} of {facts.lot.id} is on record already, {with_unit(first.printed, first.unit_printed)} "
                f"({first.source.file}), and nothing says how {with_unit(new.printed, new.unit_printed)} stands to it: "
                "neither decides then. If it was measured again, or written down wrongly, send it as a retest or a "
                "correction, with the reason."
            )
            notices.append(Notice(facts.lot.id, new.source.file, new.source.row, "second-result", message))
    return notices


def _contradicted(lot: Lot, result: Result, reported: datetime) -> Iterator[str]:
    what = f"{result.label} {with_unit(result.printed, result.unit_printed)}"
    ran, tested = duration(result), tested_at(result)
    if tested is not None and tested > reported:
        yield f"{what} is said to be tested at {moment(tested)}, and was reported before that, at {moment(reported)}."
    day = None if tested is not None else _day(result)
    if day is not None and day > (reported.astimezone(UTC) + EARLIEST_ZONE).date():
        yield f"{what} is said to be tested on {day}, and was reported before that, at {moment(reported)}."
    if day is None and tested is not None:
        day = (tested.astimezone(UTC) + EARLIEST_ZONE).date()
    if day is not None and lot.manufactured_on is not None and day < lot.manufactured_on and _of_the_lot(result):
        yield (
            f"{what} is said to be tested before {lot.id} was manufactured on {lot.manufactured_on}. Correct the date, "
            "or look whether it is this lot's result."
        )
    if ran is None or lot.manufactured_on is None or not _of_the_lot(result):
        return
    begun = datetime.combine(lot.manufactured_on, time(), UTC)
    known = begun + timedelta(hours=float(ran))
    if reported < known - EARLIEST_ZONE:
        yield (
            f"{what} is said to have run {printed(ran)}, and was reported at {moment(reported)}; {lot.id} was "
            f"manufactured on {lot.manufactured_on}, so that cannot be known before {moment(known)}. Correct the "
            "duration, or look whether it is this lot's result."
        )


def _of_the_lot(result: Result) -> bool:
    return result.stage not in BEFORE_IT_IS_MADE


def _day(result: Result) -> date | None:
    """The day of a ``tested_at`` that is a day alone."""
    printed = next((text.strip() for name, text in result.details if name == "tested_at"), "")
    try:
        return date.fromisoformat(printed)
    except ValueError:
        return None
