"""For which arms of its product's study a lot suffices: its counts and viabilities, as they are on record.

The viable cells a container are those counted at the last stage before use; else all cells a container, times the last
viability before use. Several results of one stage count as everything that they say together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from registry.domain import Interval, LotFacts, Result, Study
from registry.identifiers import CPR
from registry.release import ArmSupply, Holding, arm_supply
from registry.services.answers import ArmAnswer, TermRef
from registry.vocabulary import Terms

VIABLE, ALL, CONCENTRATION = CPR + "viable-cell-number", CPR + "total-cell-number", CPR + "viable-cell-concentration"
VIABILITY = CPR + "viability"
PER_CONTAINER, PER_MILLILITRE = CPR + "cells-per-container-unit", CPR + "million-cells-per-mL"
BEFORE_USE = tuple(CPR + f"stage-{name}" for name in ("before-infusion", "after-thaw", "final-product", "release"))
"""Stages at which what is counted is what will be given, the last first."""
_HUNDRED, _MILLION = Decimal(100), Decimal(1_000_000)


def arms_served(terms: Terms, facts: LotFacts, study: Study | None, in_hand: int | None) -> tuple[ArmAnswer, ...]:
    """What the lot does for each arm of its study; ``in_hand`` are the containers that nothing has become of."""
    if study is None or facts.lot.kind != "product lot":
        return ()
    held = holding(terms, counted(facts), in_hand)
    return tuple(_answer(terms, study.id, arm_supply(arm, held)) for arm in study.arms)


def counted(facts: LotFacts) -> tuple[Result, ...]:
    """The results that count: of a retest or correction that was accepted, what it supersedes no longer does."""
    replaced = {each.supersedes for each in facts.results if each.supersedes and each.iri in facts.accepted}
    return tuple(each for each in facts.results if each.iri not in replaced)


def holding(terms: Terms, results: Sequence[Result], in_hand: int | None) -> Holding:
    """What is in hand of a lot with these results."""
    concentration = _at_use(_converted(terms, results, CONCENTRATION, PER_MILLILITRE, _MILLION))
    viable = _at_use(_converted(terms, results, VIABLE, PER_CONTAINER))
    if viable is not None:
        why = f"Viable cells in a container, counted{_when(terms, viable[1])}."
        return Holding(in_hand, viable[0], concentration[0] if concentration else None, why)
    total, viability = _hull(_converted(terms, results, ALL, PER_CONTAINER)), _at_use(_viabilities(terms, results))
    if total is None or viability is None:
        lacks = "how many cells a container holds" if total is None else "the viability before use"
        return Holding(in_hand, None, concentration[0] if concentration else None, f"It is not known {lacks}.")
    why = f"All cells in a container, and how many of them live{_when(terms, viability[1])}."
    return Holding(in_hand, _share(total, viability[0]), concentration[0] if concentration else None, why)


def _converted(
    terms: Terms, results: Iterable[Result], characteristic: str, unit: str, factor: Decimal = Decimal(1)
) -> list[tuple[str | None, Interval]]:
    """(stage, interval in a unit times a factor) of the numeric results of a characteristic in such a unit."""
    spans = []
    for each in results:
        span = each.reading.interval
        if each.characteristic != characteristic or span is None or each.unit is None:
            continue
        if terms.convert(Decimal(1), each.unit, unit) is None:
            continue
        bounds = [None if bound is None else terms.convert(bound, each.unit, unit) for bound in (span.low, span.high)]
        low, high = (None if bound is None else bound * factor for bound in bounds)
        spans.append((each.stage, Interval(low, high, span.low_open, span.high_open)))
    return spans


def _viabilities(terms: Terms, results: Iterable[Result]) -> list[tuple[str | None, Interval]]:
    def shows(result: Result) -> bool:
        known = terms.characteristics.get(result.characteristic)
        return known is not None and (known.iri == VIABILITY or VIABILITY in known.evidence_for)

    return [(each.stage, each.reading.interval) for each in results if shows(each) and each.reading.interval]


def _at_use(spans: Sequence[tuple[str | None, Interval]]) -> tuple[Interval, str | None] | None:
    """What was found at the last stage before use, and which that is; without a stage, if no result names any."""
    for stage in (*BEFORE_USE, None):
        if stage is None and any(known is not None for known, _span in spans):
            return None
        span = _hull([each for each in spans if each[0] == stage])
        if span is not None:
            return span, stage
    return None


def _hull(spans: Sequence[tuple[str | None, Interval]]) -> Interval | None:
    """Everything between the lowest and the highest that was found."""
    if not spans:
        return None
    lows, highs = [span.low for _stage, span in spans], [span.high for _stage, span in spans]
    low = None if None in lows else min(bound for bound in lows if bound is not None)
    high = None if None in highs else max(bound for bound in highs if bound is not None)
    reaches = any(span.high == high and not span.high_open for _stage, span in spans)
    return Interval(low, high, high_open=high is not None and not reaches)


def _share(total: Interval, percent: Interval) -> Interval:
    """So many percent of so many cells, from the least to the most that it can be."""
    low = (total.low or Decimal(0)) * (percent.low or Decimal(0)) / _HUNDRED
    if total.high is None:
        return Interval(low, None)
    most = percent.high if percent.high is not None else _HUNDRED
    return Interval(low, total.high * most / _HUNDRED, high_open=total.high_open or percent.high_open)


def _when(terms: Terms, stage: str | None) -> str:
    return f" {terms.stages.get(stage, stage)}" if stage else "; the panel names no stage"


def _answer(terms: Terms, study: str, supplied: ArmSupply) -> ArmAnswer:
    arm = supplied.arm
    return ArmAnswer(
        study=study,
        arm=arm.id,
        label=arm.label,
        dose_per_site=arm.dose_per_site,
        sites=tuple(TermRef(terms.curie(site), terms.name(site)) for site in arm.sites),
        total=arm.total,
        supply=supplied.supply,
        recipients=supplied.recipients,
        containers_each=supplied.containers_each,
        millilitres_per_site=supplied.millilitres,
        why=supplied.why,
    )


def arm_sentence(arm: ArmAnswer) -> str:
    """What a lot does for an arm, in words: the dose at each site, for one recipient, and how many it serves."""
    sites = " and ".join(site.label or site.id for site in arm.sites)
    dose = f"{arm.dose_per_site} viable cells in each of {sites}, {arm.total} for one recipient"
    if arm.supply == "suffices":
        served = f"{arm.recipients} recipient{'' if arm.recipients == 1 else 's'}"
        each = f"{arm.containers_each} container{'' if arm.containers_each == 1 else 's'}"
        return f"{dose}: suffices for {served}, {each} for each."
    if arm.supply == "does not suffice":
        return f"{dose}: does not suffice. {arm.why}"
    return f"{dose}: not known whether it suffices. {arm.why}"
