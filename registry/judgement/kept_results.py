"""What judgement reads of a lot's results, as text that is kept in columns, and back: nothing else of them decides.

    kept(facts.lot.id, facts.results, facts.accepted)   KeptResults(("[\"…cd73\", \"CD73\", \"98.5\", …]", …), False)

A text is one result: what was measured, what it says, its stage, unit and method, so that lots which show the same
share it; behind a tab what differs from lot to lot, such as the time of the test and the events counted. Of a lot with
a retest or a correction it is everything by which one result names another.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from registry.domain import Interval, Reading, Result, Source

SHARED = ("method", "duration", "parent_population")
OWN = ("tested_at", "events", "parent_events")
"""The details of a result that judgement reads, those that many lots share and those of its own."""
_Pairs = list[list[str]]


@dataclass(frozen=True, slots=True)
class KeptResults:
    """The results of one lot, each as text; ``tangled`` when one of them stands for another."""

    texts: tuple[str, ...] = ()
    tangled: bool = False


def kept(lot: str, results: Sequence[Result], accepted: frozenset[str]) -> KeptResults:
    """The results that bear on a lot, in their order: those of its own, without co-expression gates."""
    mine = [result for result in results if result.gate is None and result.lot.casefold() == lot.casefold()]
    tangled = any(result.relation in ("retest", "correction") for result in mine)
    return KeptResults(tuple(_text(result, accepted, tangled=tangled) for result in mine), tangled)


def shared(text: str) -> str:
    """A text without what is the lot's own."""
    return text.partition("\t")[0]


def result_of(text: str, lot: str) -> tuple[Result, bool]:
    """The result again, as one of this lot, and whether the quality unit has accepted it."""
    common, _, own = text.partition("\t")
    (characteristic, label, low, high, low_open, high_open, outcome, state, words, stage, unit, printed, members,
     relation, details) = json.loads(common)  # fmt: skip
    beside: dict[str, Any] = json.loads(own) if own else {}
    numeric = outcome is None and state is None and words is None
    interval = Interval(_number(low), _number(high), low_open, high_open) if numeric else None
    iri, file, row, supersedes, reason, is_accepted = beside.get("names", ("", "", None, None, None, False))
    pairs: _Pairs = [*details, *beside.get("details", [])]
    result = Result(
        lot=lot, characteristic=characteristic, label=label, printed="",
        reading=Reading(interval, outcome, state, words), source=Source(file, row), stage=stage, unit=unit,
        unit_printed=printed, members=tuple(members), relation=relation, supersedes=supersedes, reason=reason,
        details=tuple((name, value) for name, value in pairs), iri=iri or None,
    )  # fmt: skip
    return result, is_accepted


def _text(result: Result, accepted: frozenset[str], *, tangled: bool) -> str:
    reading, span = result.reading, result.reading.interval or Interval(None, None)
    common = (
        result.characteristic, result.label, _printed(span.low), _printed(span.high), span.low_open, span.high_open,
        reading.outcome, reading.state, reading.text, result.stage, result.unit, result.unit_printed, result.members,
        result.relation, _details(result, SHARED),
    )  # fmt: skip
    own: dict[str, object] = {"details": details} if (details := _details(result, OWN)) else {}
    if tangled:
        own["names"] = (result.iri or "", result.source.file, result.source.row, result.supersedes, result.reason,
                        result.iri in accepted)  # fmt: skip
    return "\t".join(json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in (common, own) if part)


def _details(result: Result, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in result.details if name in names]


def _printed(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
