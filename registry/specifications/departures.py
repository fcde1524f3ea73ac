"""Where a specification falls short of the identity that its product's cell type asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from registry.domain import Criterion, Departure, Product, Specification
from registry.identifiers import CPR, OBO
from registry.vocabulary import IdentityMarker, Terms
from registry.vocabulary.populations import populations

ISCT_POSITIVE = Decimal(95)
ISCT_NEGATIVE = Decimal(2)
"""Percent of cells, Dominici 2006, doi 10.1080/14653240600855905: at least 95 positive, at most 2 negative."""

PERCENT = OBO + "UO_0000187"

Kind = Literal["left out", "informative", "wrong side", "weaker limit"]


def departures(specification: Specification, identity: Iterable[IdentityMarker], terms: Terms) -> tuple[Departure, ...]:
    """How ``specification`` departs from ``identity``, as ``terms.identity_of`` a product's cell type gives it.

    A marker left out, not gating, or limited on the wrong side cannot be approved for such cells (``identity``); a
    limit weaker than ISCT's needs a justification. A criterion for what is evidence for a marker (HLA-DR for MHC II)
    is a criterion for it, and one figure for several markers bounds each. Of several criteria for one marker the best
    counts: a further one can only make a lot's verdict worse.
    """
    omitted = dict(specification.omissions)
    departures = []
    for marker in identity:
        characteristic = terms.characteristics[marker.characteristic]
        criteria = [c for c in specification.criteria if _is_for(c, marker.characteristic, terms)]
        label = characteristic.symbol
        if not criteria:
            text = f"{label} is {marker.sense} in the cell type's definition; the specification does not ask for it."
            reason = omitted.get(characteristic.iri)
            departures.append(Departure(characteristic.iri, label, "left out", text, reason))
            continue
        each = [_departure(criterion, marker, label) for criterion in criteria]
        if all(each):
            departures.append(next(departure for departure in each if departure))
    return tuple(sorted(departures, key=lambda departure: departure.label))


def departures_of(
    specification: Specification, product: Product | None, terms: Terms, reasons: Mapping[str, str]
) -> tuple[Departure, ...]:
    """How it falls short of the identity of the product's cell type, each with its justification.

    ``reasons`` are justifications by characteristic, such as those of an approval.
    """
    if product is None:
        return ()
    every = departures(specification, terms.identity_of(product.cell_type), terms)
    return tuple(replace(each, justification=reasons.get(each.characteristic, each.justification)) for each in every)


def _is_for(criterion: Criterion, marker: str, terms: Terms) -> bool:
    members = next(
        (cocktail.members for cocktail in terms.cocktails if cocktail.iri == criterion.characteristic), frozenset()
    )
    return any(
        iri == marker or (iri in terms.characteristics and marker in terms.characteristics[iri].evidence_for)
        for iri in (members or (criterion.characteristic,))
    )


def _departure(criterion: Criterion, marker: IdentityMarker, label: str) -> Departure | None:
    kind, text = _not_asked_in_time(criterion, label)
    if kind is None:
        kind, text = _kind(criterion, marker.sense, label)
    if kind is None:
        return None
    return Departure(marker.characteristic, label, kind, text, criterion.justification)


def _not_asked_in_time(criterion: Criterion, label: str) -> tuple[Kind | None, str]:
    """Whether the criterion asks before release, and of the lot's live cells."""
    if criterion.standing == "gating" and criterion.due != "before release":
        return "informative", f"{label} is due {criterion.due}: a lot may be released before it is known."
    asked = populations().get(criterion.population or "")
    if criterion.population is not None and (asked is None or asked.kind != "live"):
        of = asked.label if asked is not None else criterion.population
        return "wrong side", f"{label} is asked for as a percentage of {of}: that says nothing of the lot's live cells."
    return None, ""


def _kind(criterion: Criterion, sense: str, label: str) -> tuple[Kind | None, str]:
    if criterion.standing != "gating":
        return "informative", f"{label} is {criterion.standing}: a lot outside its limit may still pass."
    if criterion.group is not None:
        return "informative", f"{label} stands in the either/or group {criterion.group}: a lot may pass without it."
    if criterion.outcomes == (CPR + sense.capitalize(),):
        return "weaker limit", f"{label}: {sense} is asked for without a figure, and cannot be held against ISCT's."
    limit = criterion.low if sense == "positive" else criterion.high
    side = "at least" if sense == "positive" else "at most"
    if limit is None or criterion.operator == "one of":
        return "wrong side", f"{label} is {sense} in the cell type's definition; no limit says {side}."
    if not _admits_the_ideal(criterion, sense):
        return "wrong side", f"{label} is {sense} in the cell type's definition; the limits exclude such cells."
    return _weakness(criterion, sense, limit, label)


def _weakness(criterion: Criterion, sense: str, limit: Decimal, label: str) -> tuple[Kind | None, str]:
    if sense == "positive":
        side = "more than" if criterion.low_is_excluded else "at least"
    else:
        side = "less than" if criterion.high_is_excluded else "at most"
    isct = ISCT_POSITIVE if sense == "positive" else ISCT_NEGATIVE
    if criterion.unit != PERCENT:
        return "weaker limit", f"{label}: the limit is not in percent of cells and cannot be held against ISCT's."
    if limit < isct if sense == "positive" else limit > isct:
        return "weaker limit", f"{label}: {side} {limit} % is weaker than the {isct} % of ISCT 2006."
    return None, ""


def _admits_the_ideal(criterion: Criterion, sense: str) -> bool:
    """Whether the limits admit the population that the definition describes: all cells positive, or none."""
    if sense == "positive":
        return (
            criterion.high is None or criterion.high > 100 or (criterion.high == 100 and not criterion.high_is_excluded)
        )
    return criterion.low is None or criterion.low < 0 or (criterion.low == 0 and not criterion.low_is_excluded)
