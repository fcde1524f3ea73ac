"""One kind of quantity held against another: only with the amounts between them, all recorded.

    0.5 EU/mL × 20 mL ÷ 70 kg = 1/7 EU/kg
    2e6 cells/vial × 12 containers = 2.4e7 cells of the lot

Cells of a lot, of a container, of a dose, of a site, for a kilogram are different quantities: containers and doses add
up to the lot, sites and kilograms to the dose. Ph. Eur. 5.1.10 and USP <85> state limits per kilogram of body weight.
Cells of a milliliter become cells of a container by its fill volume, and of a dose by the volume that is given.

The amounts are results of the same lot at the same stage; how many containers there are may also stand in the lot's
own record. Without each, or with several of one that differ, nothing is converted and the criterion stays undetermined.
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
PLACES = 17
"""Digits after the point to which a quotient that has more of them is widened: so many every judge holds exactly."""


class Amount(NamedTuple):
    """What lies between two kinds of quantity: its characteristic, unit and name."""

    kind: str
    unit: str
    word: str


_FILL = Amount(f"{CPR}fill-volume", ML, "fill volume")
_VOLUME, _WEIGHT = Amount(VOLUME, ML, "volume"), Amount(WEIGHT, KG, "recipient weight")
_CONTAINERS = Amount(f"{CPR}number-of-containers", f"{CPR}containers", "number of containers")
_DOSES = Amount(f"{CPR}number-of-doses", f"{CPR}doses", "number of doses")
_SITES = Amount(f"{CPR}number-of-sites", f"{CPR}sites", "number of sites")
_TO_LOT: dict[str, tuple[Amount, ...]] = {
    "lot": (), "container": (_CONTAINERS,), "dose": (_DOSES,), "site": (_SITES, _DOSES), "kg": (_WEIGHT, _DOSES),
}  # fmt: skip
"""By what each is multiplied on its way to the cells of the lot."""
BESIDE = frozenset(amount.kind for amount in (_FILL, _VOLUME, _WEIGHT, _CONTAINERS, _DOSES, _SITES))
"""The characteristics of the amounts that a limit of another kind of quantity may need beside its own result."""
_OF_A_ML = {"container": (_FILL, _CONTAINERS), "dose": (_VOLUME, _DOSES)}
"""The same of a milliliter: in a container for what containers hold, in a dose for what is given."""

_PER = {
    f"{CPR}cell-number-per-container": "container",
    f"{CPR}cell-number-per-dose": "dose",
    f"{CPR}cell-number-per-body-weight": "kg",
    f"{CPR}cell-number-per-site": "site",
    f"{CPR}cell-concentration": "mL",
}
_CELLS = f"{CPR}cell-number"
_NAMED = {"cells-per-container": "container", "cells-per-dose": "dose"}


class Companion(NamedTuple):
    """An amount on record, in its unit: a result, or None where the lot's own record says it."""

    result: Result | None
    amount: Interval


def by_dose(
    node: Evidence,
    criterion: Criterion,
    result: Result,
    standing: Sequence[Result],
    terms: Terms,
    containers: int | None = None,
) -> Evidence:
    """The evidence of a result in EU/mL for a limit in EU/kg, in cells/vial for one in cells; any other as it is.

    ``containers`` is how many the lot was recorded with. Exact where the quotient ends within seventeen digits after
    the point; else the interval is widened outward in the seventeenth, never narrowed.
    """
    if result.reading.interval is None or result.unit is None or criterion.unit is None:
        return node
    way = _way(criterion, result, terms)
    if way is None:
        return node
    measured, times, over = way
    amounts = sorted((*times, *over), key=lambda amount: amount is not _VOLUME)
    at_stage = [item for item in standing if item.stage == result.stage]
    beside = [(amount, *_companion(at_stage, amount, terms, containers)) for amount in amounts]
    if lacking := [lack for _, companion, lack in beside if companion is None]:
        note = f"not converted: {' and '.join(lacking)}"
        return replace(node, interval=None, unit=None, note="; ".join(filter(None, (node.note, note))))
    by = {amount: companion.amount for amount, companion, _ in beside if companion is not None}
    companions = [companion for _, companion, _ in beside if companion is not None]
    used = [companion.result for companion in companions if companion.result is not None]
    note = f"converted with {' for '.join(_told(companion, terms) for companion in companions)}" if companions else ""
    return replace(
        node,
        interval=_product(measured, [by[amount] for amount in times], [by[amount] for amount in over]),
        unit=criterion.unit,
        note="; ".join(text for text in (_without_refusal(node.note), note) if text),
        sources=(*node.sources, *(item.source for item in used)),
        derived_from=(*node.derived_from, *(item.iri for item in used if item.iri is not None)),
    )


def _way(
    criterion: Criterion, result: Result, terms: Terms
) -> tuple[Interval, tuple[Amount, ...], tuple[Amount, ...]] | None:
    """What is measured in the base unit of its own kind, and what it is multiplied and divided by; None for no way."""
    if result.reading.interval is None:
        return None
    if criterion.unit in (PER_ML, PER_KG):
        other = PER_ML if criterion.unit == PER_KG else PER_KG
        measured = converted(result.reading.interval, result.unit, other, terms)
        both = ((_VOLUME,), (_WEIGHT,)) if criterion.unit == PER_KG else ((_WEIGHT,), (_VOLUME,))
        return None if measured is None else (measured, *both)
    asked, told = (
        _kind(criterion.characteristic, criterion.unit, terms),
        _kind(result.characteristic, result.unit, terms),
    )
    if asked is None or told is None or (asked == told and criterion.unit == result.unit):
        return None
    scaled = _scaled(result.reading.interval, result.unit, criterion.unit, terms)
    if asked == told:
        same = terms.units[criterion.unit or ""].quantity == terms.units[result.unit or ""].quantity
        return None if same else (scaled, (), ())
    here, there = _to_lot(told, asked), _to_lot(asked, told)
    times = tuple(amount for amount in here if amount not in there)
    return scaled, times, tuple(amount for amount in there if amount not in here)


def _to_lot(kind: str, other: str) -> tuple[Amount, ...]:
    """By what a kind is multiplied to cells of the lot, on the way to or from ``other``."""
    if kind == "mL":
        return _OF_A_ML["container" if other in {"container", "lot"} else "dose"]
    return _TO_LOT[kind]


def _kind(characteristic: str, unit: str | None, terms: Terms) -> str | None:
    """Of what cells are counted: the unit says so, else the characteristic; None for what counts no cells."""
    known = terms.units.get(unit or "")
    if known is None:
        return None
    if known.quantity in _PER:
        return _PER[known.quantity]
    if known.quantity != _CELLS:
        return None
    name = characteristic.removeprefix(CPR).removeprefix("viable-")
    return _NAMED.get(name, "lot")


def _scaled(interval: Interval, unit: str | None, wanted: str | None, terms: Terms) -> Interval:
    """Millions as ones and the reverse: the factors of units of different kinds."""
    factor = terms.units[unit or ""].factor / terms.units[wanted or ""].factor
    low = None if interval.low is None else _DOWN.multiply(interval.low, factor)
    high = None if interval.high is None else _UP.multiply(interval.high, factor)
    return Interval(low, high, interval.low_open, interval.high_open)


def _without_refusal(note: str) -> str:
    """What else was said of the result; that its unit cannot be converted is no longer true."""
    return "; ".join(
        part for part in note.split("; ") if not part.endswith("cannot be converted to the unit of the limit")
    )


def _told(companion: Companion, terms: Terms) -> str:
    if companion.result is not None:
        return observed(companion.result, terms)
    return f"{companion.amount.low} containers, as the lot was recorded"


def _companion(
    standing: Sequence[Result], amount: Amount, terms: Terms, containers: int | None
) -> tuple[Companion | None, str]:
    """The one amount of this kind, above zero and in its unit; or what is lacking.

    Containers that are counted at a stage and those of the lot's own record have to be as many.
    """
    results = [item for item in standing if item.characteristic == amount.kind and item.reading.state != "not tested"]
    of_lot = containers if amount is _CONTAINERS else None
    if not results and of_lot is not None and of_lot > 0:
        return Companion(None, Interval(Decimal(of_lot), Decimal(of_lot))), ""
    if len(results) != 1:
        return None, f"more than one {amount.word}" if results else f"no {amount.word} at this stage"
    interval = results[0].reading.interval
    size = converted(interval, results[0].unit, amount.unit, terms) if interval is not None else None
    if size is None or size.low is None or size.low <= 0 or size.high is None:
        return None, f"no certain {amount.word}"
    if of_lot is not None and not (size.low == of_lot == size.high):
        return None, f"{of_lot} containers on the lot's record and {observed(results[0], terms)} among its results"
    return Companion(results[0], size), ""


def _product(measured: Interval, times: Sequence[Interval], over: Sequence[Interval]) -> Interval:
    """Every value of measured × times ÷ over, for amounts that are not below zero, and above it in the others.

    Where all of them are single figures the answer may be exact; it is widened outward in the seventeenth digit
    after the point else.
    """
    low = _quotient(measured.low, [item.low for item in times], [item.high for item in over], _DOWN)
    high = _quotient(measured.high, [item.high for item in times], [item.low for item in over], _UP)
    low_open = measured.low_open or any(item.low_open for item in times) or any(item.high_open for item in over)
    high_open = measured.high_open or any(item.high_open for item in times) or any(item.low_open for item in over)
    return Interval(low, high, low != 0 and low_open, high_open)


def _quotient(
    value: Decimal | None, times: Sequence[Decimal | None], over: Sequence[Decimal | None], context: Context
) -> Decimal | None:
    if value is None:
        return None
    answer, divisor = value, Decimal(1)
    opposite = _DOWN if context is _UP else _UP
    for factor in times:
        if factor is None:
            return None
        answer = context.multiply(answer, factor)
    for factor in over:
        if factor is None:
            return None
        divisor = opposite.multiply(divisor, factor)
    answer = context.divide(answer, divisor)
    exponent = answer.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PLACES and answer.adjusted() + PLACES < context.prec:
        answer = answer.quantize(Decimal(1).scaleb(-PLACES), context=context)
    return Decimal(f"{answer.normalize(context):f}")
