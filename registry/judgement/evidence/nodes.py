"""One result, or the lack of one, as evidence for one criterion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from registry.domain import Criterion, Evidence, Interval, Result
from registry.judgement.evidence.counting import of_other_cells
from registry.vocabulary import Terms


def missing(criterion: Criterion, lot: str, note: str = "", results: Sequence[Result] = ()) -> Evidence:
    """Nothing current bears on the criterion."""
    sources = tuple(result.source for result in results)
    observed = ", ".join(result.printed for result in results)
    return Evidence(lot, criterion.id, present=False, observed=observed, note=note, sources=sources)


def undecided(
    criterion: Criterion, lot: str, results: Sequence[Result], note: str, terms: Terms, *, conflict: bool = False
) -> Evidence:
    """Results that are there and decide nothing; ``note`` says why."""
    return Evidence(
        lot,
        criterion.id,
        present=True,
        observed=", ".join(observed(result, terms) for result in results),
        note=note,
        sources=tuple(result.source for result in results),
        derived_from=tuple(result.iri for result in results if result.iri is not None),
        conflict=conflict,
    )


def noted(evidence: Evidence, note: str) -> Evidence:
    """The same evidence with something more to be said of it."""
    return replace(evidence, note="; ".join(filter(None, (evidence.note, note))))


def of_result(criterion: Criterion, lot: str, result: Result, note: str, terms: Terms) -> Evidence:
    """One result held against one criterion: its interval in the criterion's unit, its outcome, or why neither."""
    interval, why = _interval(criterion, result, terms)
    rounded = _rounded(interval, criterion.decimals)
    if rounded != interval and rounded is not None and rounded.low is not None:
        interval, why = rounded, f"rounded to {format(rounded.low, 'f')}, as the specification's rule says"
    return Evidence(
        lot,
        criterion.id,
        present=True,
        interval=interval,
        outcome=result.reading.outcome,
        unit=criterion.unit if interval is not None else None,
        observed=observed(result, terms),
        note="; ".join(text for text in (note, why) if text),
        sources=(result.source,),
        derived_from=(result.iri,) if result.iri is not None else (),
    )


def refutes(criterion: Criterion, result: Result, terms: Terms) -> bool:
    """Whether a result, wherever it was taken, lies wholly outside what the criterion accepts."""
    node = of_result(criterion, result.lot, result, "", terms)
    if criterion.operator == "one of":
        return node.outcome is not None and node.outcome not in criterion.outcomes
    limit = Interval(criterion.low, criterion.high, criterion.low_is_excluded, criterion.high_is_excluded)
    return node.interval is not None and node.interval.intersect(limit).is_empty


def in_unit(criterion: Criterion, result: Result, terms: Terms) -> Interval | None:
    """What a numeric result says, in the criterion's unit and not rounded; None where it decides nothing."""
    return _interval(criterion, result, terms)[0]


def _interval(criterion: Criterion, result: Result, terms: Terms) -> tuple[Interval | None, str]:
    reading = result.reading
    if reading.state is not None:
        return None, f"recorded as {reading.state}: nothing is shown by it"
    if reading.text is not None:
        return None, "a finding in words is not one of the listed outcomes: nothing is shown by it"
    if criterion.operator == "one of":
        return None, "" if reading.interval is None else "a number is none of the accepted outcomes"
    if reading.interval is None:
        return None, "a word neither shows nor refutes a numeric limit"
    interval = converted(reading.interval, result.unit, criterion.unit, terms)
    if interval is None:
        return None, f"{unit_label(result, terms) or 'no unit'} cannot be converted to the unit of the limit"
    if of_others := of_other_cells(criterion, result, terms):
        return None, of_others
    return interval, ""


def _rounded(interval: Interval | None, decimals: int | None) -> Interval | None:
    """A single figure rounded half up to the limit's decimals (USP General Notices 7.20); a bound is never rounded."""
    if interval is None or decimals is None or interval.low is None or interval.low != interval.high:
        return interval
    if abs(interval.low) >= Decimal(10) ** 20:
        return interval
    value = interval.low.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return Interval(value, value)


def converted(interval: Interval, unit: str | None, wanted: str | None, terms: Terms) -> Interval | None:
    """The interval in another unit, exactly; None when the one cannot be converted to the other."""
    if unit == wanted:
        return interval
    if unit is None or wanted is None:
        return None
    low = None if interval.low is None else terms.convert(interval.low, unit, wanted)
    high = None if interval.high is None else terms.convert(interval.high, unit, wanted)
    if (low is None) != (interval.low is None) or (high is None) != (interval.high is None):
        return None
    return Interval(low, high, interval.low_open, interval.high_open)


def unit_label(result: Result, terms: Terms) -> str:
    """The unit's printed form, as the vocabulary has it, else as it was printed."""
    if result.unit is not None and result.unit in terms.units:
        return terms.units[result.unit].label
    return result.unit_printed


def observed(result: Result, terms: Terms) -> str:
    """The value as printed, with its unit: ``98.5 %``, ``<0.5 %``, ``cocktail 0.9 %``, ``not evaluable``."""
    text = result.printed
    if result.reading.interval is not None:
        unit = unit_label(result, terms)
        text = f"{text.removesuffix(result.unit_printed).removesuffix(unit).rstrip()} {unit}".rstrip()
    return f"cocktail {text}" if result.members else text
