"""EU/mL held against EU/kg: only with the volume that is given and the weight of who gets it, both recorded.

    0.5 EU/mL × 20 mL ÷ 70 kg = 1/7 EU/kg

Ph. Eur. 5.1.10 and USP <85> state limits per kilogram of body weight. Volume and weight are results of the same lot at
the same stage; without both, or with several of one, nothing is converted and the criterion stays undetermined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from registry.domain import Criterion, Evidence, Interval, Result
from registry.identifiers import CPR, OBO
from registry.judgement.evidence.nodes import converted, observed
from registry.vocabulary import Terms

PER_ML, PER_KG = f"{CPR}EU-per-mL", f"{CPR}EU-per-kg"
ML, KG = f"{OBO}UO_0000098", f"{OBO}UO_0000009"
VOLUME, WEIGHT = f"{CPR}administered-volume", f"{CPR}recipient-weight"
_DOWN, _UP = Context(prec=50, rounding=ROUND_FLOOR), Context(prec=50, rounding=ROUND_CEILING)


class Companion(NamedTuple):
    """A volume or weight on record, in mL or kg."""

    result: Result
    amount: Interval


def by_dose(node: Evidence, criterion: Criterion, result: Result, standing: Sequence[Result], terms: Terms) -> Evidence:
    """The evidence of a result in EU/mL for a limit in EU/kg (and the reverse); any other evidence as it is.

    Exact where the quotient ends; else the interval is widened outward in the fiftieth digit, never narrowed.
    """
    if node.interval is not None or result.reading.interval is None or result.unit is None:
        return node
    if criterion.unit not in (PER_ML, PER_KG):
        return node
    other = PER_ML if criterion.unit == PER_KG else PER_KG
    measured = converted(result.reading.interval, result.unit, other, terms)
    if measured is None:
        return node
    at_stage = [one for one in standing if one.stage == result.stage]
    volume, no_volume = _companion(at_stage, VOLUME, ML, "volume", terms)
    weight, no_weight = _companion(at_stage, WEIGHT, KG, "recipient weight", terms)
    if volume is None or weight is None:
        lacking = " and ".join(filter(None, (no_volume, no_weight)))
        return replace(node, note="; ".join(filter(None, (node.note, f"not converted: {lacking}"))))
    times, over = (volume, weight) if criterion.unit == PER_KG else (weight, volume)
    interval = _product(measured, times.amount, over.amount)
    used = (volume.result, weight.result)
    note = f"converted with {observed(volume.result, terms)} for {observed(weight.result, terms)}"
    return replace(
        node,
        interval=interval,
        unit=criterion.unit,
        note="; ".join(text for text in (_without_refusal(node.note), note) if text),
        sources=(*node.sources, *(one.source for one in used)),
        derived_from=(*node.derived_from, *(one.iri for one in used if one.iri is not None)),
    )


def _without_refusal(note: str) -> str:
    """What else was said of the result; that its unit cannot be converted is no longer true."""
    return "; ".join(
        part for part in note.split("; ") if not part.endswith("cannot be converted to the unit of the limit")
    )


def _companion(
    standing: Sequence[Result], kind: str, unit: str, word: str, terms: Terms
) -> tuple[Companion | None, str]:
    """The one result of this kind, above zero and in its unit; or what is lacking."""
    found = [one for one in standing if one.characteristic == kind and one.reading.state != "not tested"]
    if len(found) != 1:
        return None, f"more than one {word}" if found else f"no {word} at this stage"
    interval = found[0].reading.interval
    amount = converted(interval, found[0].unit, unit, terms) if interval is not None else None
    if amount is None or amount.low is None or amount.low <= 0 or amount.high is None:
        return None, f"no certain {word}"
    return Companion(found[0], amount), ""


def _product(measured: Interval, times: Interval, over: Interval) -> Interval:
    """Every value of measured × times ÷ over, for amounts that are not below zero, and above it in the last two."""
    low = _quotient(measured.low, times.low, over.high, _DOWN)
    high = _quotient(measured.high, times.high, over.low, _UP)
    low_open = low != 0 and (measured.low_open or times.low_open or over.high_open)
    return Interval(low, high, low_open, measured.high_open or times.high_open or over.low_open)


def _quotient(value: Decimal | None, times: Decimal | None, over: Decimal | None, context: Context) -> Decimal | None:
    if value is None or times is None or over is None:
        return None
    answer = context.divide(context.multiply(value, times), over)
    return Decimal(f"{answer.normalize(context):f}")
