"""How a result was obtained, as far as a criterion asks: by which method, for how long, how long ago.

What nobody can tell stays unknown here, and an unknown never shows a criterion that asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from registry.domain import Criterion, Evidence, Result
from registry.vocabulary import Terms
from registry.vocabulary.durations import PLACES, at_least
from registry.vocabulary.durations import printed as time_text
from registry.vocabulary.printed_names import folded

HOUR = Decimal(3_600_000_000)
"""Microseconds in an hour."""


def by_method(criterion: Criterion, result: Result, terms: Terms) -> bool:
    """Whether the result was obtained by one of the methods that the criterion names; True when it names none.

    A name that prints its method says it too: ``mycoplasma (PCR)``, and ``viability (trypan blue)``, which is a
    characteristic of its own.
    """
    if criterion.method is None:
        return True
    used = _detail(result, "method")
    named = _named(criterion, result, used, terms)
    for asked in criterion.method.split("|"):
        if used is None and folded(result.label) in _names(criterion, asked, terms):
            return True
        if used is not None and folded(used) == folded(asked):
            return True
        if named is not None and named == _by_method(criterion.characteristic, asked, terms):
            return True
    return False


def _names(criterion: Criterion, method: str, terms: Terms) -> set[str]:
    known = terms.characteristics.get(criterion.characteristic)
    names = (known.symbol, *known.names) if known is not None else (criterion.label,)
    return {folded(method)} | {folded(text) for name in names for text in (f"{name} ({method.strip()})", name + method)}


def _named(criterion: Criterion, result: Result, used: str | None, terms: Terms) -> str | None:
    """The characteristic of its own that the result's method has in the vocabulary, if it has one."""
    if result.characteristic != criterion.characteristic and used is None:
        return result.characteristic
    return None if used is None else _by_method(criterion.characteristic, used, terms)


def _by_method(characteristic: str, method: str, terms: Terms) -> str | None:
    """``viability`` by ``trypan blue`` is a characteristic of its own; most methods have none."""
    known = terms.characteristics.get(characteristic)
    if known is None:
        return None
    for name in (f"{known.symbol} ({method.strip()})", method):
        test = terms.called(name)
        if test is not None and characteristic in test.evidence_for:
            return test.iri
    return None


def without_interim(criterion: Criterion, results: Sequence[Result]) -> list[Result]:
    """The results less the interim readings of a test that runs for a stated time.

    No growth after 7 days says nothing beside no growth after 14; alone, the longest stands. Growth is never interim.
    """
    if criterion.duration is None or criterion.operator != "one of":
        return list(results)
    final = [result for result in results if not _is_interim(criterion, result)]
    if final:
        return final
    return [max(results, key=lambda result: duration(result) or Decimal(0))] if results else []


def _is_interim(criterion: Criterion, result: Result) -> bool:
    ran = duration(result)
    asked = criterion.duration
    return result.reading.outcome in criterion.outcomes and ran is not None and asked is not None and ran < asked


def duration(result: Result) -> Decimal | None:
    """The hours for which the test ran, None when its duration is not printed with a unit."""
    printed = _detail(result, "duration")
    return at_least(printed) if printed is not None else None


def tested_at(result: Result) -> datetime | None:
    """When it was tested, None when no time with its zone is printed."""
    printed = _detail(result, "tested_at")
    try:
        tested = datetime.fromisoformat(printed.strip()) if printed is not None else None
    except ValueError:
        return None
    return tested if tested is not None and tested.tzinfo is not None else None


def age(result: Result, at: datetime | None) -> Decimal | None:
    """The hours between the test and ``at``, never too few; None without a time that names its zone."""
    tested = tested_at(result)
    if tested is None or at is None or at.tzinfo is None:
        return None
    passed = at - tested
    microseconds = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    return (Decimal(microseconds) / HOUR).quantize(PLACES, ROUND_CEILING)


def obtained(criterion: Criterion, evidence: Evidence, result: Result, at: datetime | None) -> Evidence:
    """The evidence with what is known of its method, duration and age; the note says what keeps it from showing.

    Only for results ``by_method``: the criterion's own method is written to the evidence.
    """
    ran = duration(result) if criterion.duration is not None else None
    old = age(result, at) if criterion.window is not None else None
    notes = (evidence.note, _too_short(criterion, ran), _too_old(criterion, result, old, at))
    return replace(evidence, method=criterion.method, duration=ran, age=old, note="; ".join(filter(None, notes)))


def _too_short(criterion: Criterion, ran: Decimal | None) -> str:
    if criterion.duration is None or (ran is not None and ran >= criterion.duration):
        return ""
    asked = time_text(criterion.duration)
    time = "no duration is stated" if ran is None else f"it ran {time_text(ran)}"
    return f"a test of {asked} is asked for; {time}"


def _too_old(criterion: Criterion, result: Result, old: Decimal | None, at: datetime | None) -> str:
    if criterion.window is None or (old is not None and 0 <= old <= criterion.window):
        return ""
    asked = f"a result not older than {time_text(criterion.window)} is asked for"
    if old is None:
        why = "the time of judging is not known" if at is None else "its time is not stated with a zone"
    else:
        why = "it lies in the future" if old < 0 else f"tested at {_detail(result, 'tested_at')}: it is stale"
    return f"{asked}; {why}"


def _detail(result: Result, name: str) -> str | None:
    return next((value for column, value in result.details if column == name and value.strip()), None)
