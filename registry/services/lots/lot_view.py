"""Looking things up: the lot page's answer, lists of lots, history, products."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from registry.domain import (
    Criterion,
    CriterionVerdict,
    Decision,
    Interval,
    LotFacts,
    LotVerdict,
    PanelOnRecord,
    Product,
    Result,
    Specification,
)
from registry.judgement.plausibility import doubts
from registry.ledger.lots import look_alikes
from registry.release import blocking, held
from registry.services.answers import ApprovalAnswer, DecisionAnswer, LotAnswer, ProductAnswer, SpecificationAnswer
from registry.services.context import Judged, Parts
from registry.services.lots.contaminant_advice import contaminants
from registry.services.lots.evidence_view import CriterionAnswer, Origin, PanelAnswer, ResultAnswer, WithdrawalAnswer
from registry.services.lots.injection_answer import advice, term_ref
from registry.services.specifications.superseded import in_force
from registry.services.upkeep.signature_check import signature_holds


def product_answer(parts: Parts, product: Product, *, whole: bool = True) -> ProductAnswer:
    """A product with its terms resolved; ``whole`` adds approvals and lots."""
    approvals = parts.lots.approvals(product.id) if whole else ()
    return ProductAnswer(
        id=product.id,
        iri=parts.names.product(product.id),
        label=product.label,
        cell_type=term_ref(parts, product.cell_type),
        source=parts.terms.label(product.source) if product.source.startswith("http") else product.source,
        donor_relation=product.donor_relation,
        species=parts.terms.curie(product.species),
        indications=tuple(term_ref(parts, iri) for iri in product.indications),
        study=product.study,
        note=product.note,
        approvals=tuple(
            ApprovalAnswer(
                one.specification,
                one.version,
                one.digest,
                one.signed_by,
                one.printed_name,
                one.signed_at,
                one.meaning,
                one.justifications,
                one.entry.record if one.entry else "",
            )
            for one in approvals
        ),
        lots=parts.lots.lots_of(product.id) if whole else (),
    )


def lot_answer(parts: Parts, lot: str, at: datetime | None, role: str | None) -> LotAnswer:
    """Everything the lot's page shows; raises Unknown."""
    judged = parts.judged(lot, at)
    facts, verdict = judged.facts, judged.verdict
    return LotAnswer(
        lot=facts.lot.id,
        iri=parts.names.lot(facts.lot.id),
        kind=facts.lot.kind,
        synthetic=facts.lot.synthetic,
        note=facts.lot.note,
        answer=advice(parts, judged, role),
        product=product_answer(parts, facts.product, whole=False) if facts.product else None,
        passage=facts.lot.passage,
        manufactured_on=facts.lot.manufactured_on,
        expires_at=facts.lot.expires_at,
        containers=facts.lot.containers,
        storage=facts.lot.storage,
        specification=_specification(parts, judged),
        verdict=verdict.verdict if verdict else None,
        criteria=_criteria(parts, judged.specification, verdict),
        groups=verdict.groups if verdict else (),
        held=held(facts, verdict) if verdict else (),
        due=verdict.due if verdict else (),
        not_judged=_not_judged(parts, judged),
        panels=tuple(_panel(parts, panel) for panel in facts.panels),
        decisions=tuple(decision_answer(parts, one) for one in facts.decisions),
        derived_from=_origins(parts, facts.lot.derived_from, facts, depth=0),
        descendants=parts.lots.descendants(facts.lot.id),
        ledger_size=facts.size,
        at=judged.at,
        advice_on_contaminants=contaminants(parts, judged),
        look_alikes=look_alikes(parts.ledger, facts.lot.id, facts.size),
        unaccepted=tuple(one.iri for one in facts.unaccepted if one.iri),
        doubts=doubts(facts),
        in_force=in_force(parts, judged) if at is None else None,
    )


def _specification(parts: Parts, judged: Judged) -> SpecificationAnswer | None:
    against, facts = judged.specification, judged.facts
    if against is None:
        return None
    by, product = facts.settled_by, facts.lot.product
    until = by.entry.position if by is not None and by.entry is not None else facts.size
    approvals = parts.lots.approvals(product, until) if product else ()
    same = next((one for one in reversed(approvals) if one.digest == against.digest), None)
    reasons = dict(same.justifications) if same else {}
    return SpecificationAnswer(
        id=against.id,
        version=against.version,
        iri=against.iri,
        title=against.title,
        digest=against.digest,
        illustrative=against.illustrative,
        departures=parts.departures(against, judged.facts.product, reasons),
        approved_by=same.printed_name if same else None,
        approved_at=same.signed_at if same else None,
        pinned=judged.pinned,
    )


def _criteria(parts: Parts, against: Specification | None, verdict: LotVerdict | None) -> tuple[CriterionAnswer, ...]:
    if against is None or verdict is None:
        return ()
    by_id = {criterion.id: criterion for criterion in against.criteria}
    return tuple(_criterion(parts, by_id[item.id], item) for item in verdict.criteria)


def _criterion(parts: Parts, criterion: Criterion, item: CriterionVerdict) -> CriterionAnswer:
    characteristic = parts.terms.characteristics.get(criterion.characteristic)
    shown = item.rests_on.interval if item.rests_on is not None else None
    observed = shown or Interval(None, None)
    span = (characteristic.range if characteristic else None) or Interval(None, None)
    unit = parts.terms.units[criterion.unit].label if criterion.unit else ""
    return CriterionAnswer(
        id=item.id,
        characteristic=item.characteristic,
        name=criterion.name,
        message=item.message,
        standing=item.standing,
        verdict=item.verdict,
        expected=item.expected,
        observed=item.observed,
        source=item.source,
        group=item.group,
        note=item.note,
        low=observed.low,
        high=observed.high,
        low_open=observed.low_open,
        high_open=observed.high_open,
        unit=unit,
        limit_low=criterion.low,
        limit_high=criterion.high,
        range_low=span.low,
        range_high=span.high,
        cocktail=bool(item.observed and item.observed.startswith("cocktail")),
    )


def _not_judged(parts: Parts, judged: Judged) -> tuple[ResultAnswer, ...]:
    """Current results that no criterion asks about: they change no verdict, and whoever signs or injects sees them."""
    if judged.specification is None:
        return ()
    asked = {criterion.characteristic for criterion in judged.specification.criteria}

    def bears(result: Result) -> bool:
        known = parts.terms.characteristics.get(result.characteristic)
        over = known.evidence_for if known is not None else ()
        return not asked.isdisjoint((result.characteristic, *over, *result.members))

    return tuple(_result(parts, result) for result in judged.facts.results if not bears(result))


def _panel(parts: Parts, panel: PanelOnRecord) -> PanelAnswer:
    withdrawn = panel.withdrawn
    return PanelAnswer(
        panel=panel.id,
        iri=parts.names.panel(panel.id),
        record=panel.entry.record,
        position=panel.entry.position,
        at=panel.entry.at,
        actor=panel.entry.actor,
        stage=parts.terms.stages.get(panel.stage, panel.stage) if panel.stage else None,
        file=panel.file,
        file_name=panel.file_name,
        withdrawn=WithdrawalAnswer(withdrawn.reason, withdrawn.entry.at, withdrawn.entry.actor) if withdrawn else None,
        results=tuple(_result(parts, result) for result in panel.results),
    )


def _result(parts: Parts, result: Result) -> ResultAnswer:
    return ResultAnswer(
        iri=result.iri,
        characteristic=parts.terms.curie(result.characteristic),
        label=result.label,
        printed=result.printed,
        unit=result.unit_printed,
        stage=parts.terms.stages.get(result.stage, result.stage) if result.stage else None,
        source=result.source,
        relation=result.relation,
        supersedes=result.supersedes,
        reason=result.reason,
        details=dict(result.details),
    )


def decision_answer(parts: Parts, one: Decision) -> DecisionAnswer:
    """A decision as an answer tells it, its signature checked."""
    entry = one.entry
    return DecisionAnswer(
        kind=one.kind,
        position=entry.position if entry else 0,
        at=one.signed_at,
        signed_by=one.signed_by,
        printed_name=one.printed_name,
        meaning=one.meaning,
        reason=one.reason,
        specification=one.specification,
        specification_digest=one.specification_digest,
        evidence=one.evidence,
        ledger_size=one.ledger_size,
        complete_by=one.complete_by,
        record=entry.record if entry else "",
        signature_valid=entry is not None and signature_holds(parts.ledger, entry.position),
    )


def _origins(parts: Parts, names: Iterable[str], facts: LotFacts, depth: int) -> tuple[Origin, ...]:
    """The derivation as a tree; a chain deeper than 20 is cut, and nothing real is."""
    found = []
    states = {ancestor.id.casefold(): ancestor for ancestor in facts.ancestors}
    for name in names:
        ancestor = states.get(name.casefold())
        if ancestor is None or depth > 20:
            found.append(Origin(name, "unknown", "not registered", (), ()))
            continue
        stop = blocking(ancestor)
        reasons = (f"{stop.kind}: {stop.reason}",) if stop else ()
        parents = parts.lots.lot(ancestor.id, facts.size).derived_from
        above = _origins(parts, parents, facts, depth + 1)
        found.append(Origin(ancestor.id, ancestor.kind, stop.kind if stop else "in order", reasons, above))
    return tuple(found)
