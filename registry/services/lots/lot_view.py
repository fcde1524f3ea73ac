"""A lot as its page shows it: the answer first, then what it rests on. Nothing here judges."""

from __future__ import annotations

from collections.abc import Iterable

from registry.domain import (
    Criterion,
    CriterionVerdict,
    Decision,
    Interval,
    LotFacts,
    LotVerdict,
    PanelOnRecord,
    Result,
    Specification,
)
from registry.identifiers import Names
from registry.judgement.plausibility import contradictions
from registry.ledger import Ledger
from registry.ledger.lots import LotReader, look_alikes
from registry.release import blocking, held
from registry.services.administrations.book import Book
from registry.services.answers import DecisionAnswer, LotAnswer, SpecificationAnswer
from registry.services.lot_state import LotState, LotStates
from registry.services.lots.answer_in_words import injection_answer
from registry.services.lots.contaminant_advice import contaminants
from registry.services.lots.evidence_view import CriterionAnswer, Origin, PanelAnswer, ResultAnswer, WithdrawalAnswer
from registry.services.lots.identifiers.on_record import on_record
from registry.services.ontologies.current import Current
from registry.services.products.product_view import product_answer
from registry.services.specifications.superseded import superseded
from registry.services.studies.arms_served import arms_served
from registry.services.upkeep.signature_check import signature_holds
from registry.specifications import departures_of
from registry.vocabulary import Terms


class LotView:
    """Lots as their pages show them."""

    def __init__(self, ledger: Ledger, reader: LotReader, states: LotStates, ontologies: Current, names: Names) -> None:
        self._ledger = ledger
        self._reader = reader
        self._states = states
        self._ontologies = ontologies
        self._names = names

    def of(self, state: LotState, role: str | None = None, *, now: bool = True) -> LotAnswer:
        """Everything the lot's page shows of a state; ``now`` adds what has become of its specification since."""
        facts, verdict, terms = state.facts, state.verdict, self._ontologies.terms
        return LotAnswer(
            lot=facts.lot.id,
            iri=self._names.lot(facts.lot.id),
            kind=facts.lot.kind,
            synthetic=facts.lot.synthetic,
            note=facts.lot.note,
            answer=injection_answer(terms, state, role),
            product=product_answer(terms, self._names, facts.product) if facts.product else None,
            passage=facts.lot.passage,
            manufactured_on=facts.lot.manufactured_on,
            expires_at=facts.lot.expires_at,
            containers=facts.lot.containers,
            storage=facts.lot.storage,
            specification=self._specification(state),
            verdict=verdict.verdict if verdict else None,
            criteria=_criteria(terms, state.specification, verdict),
            groups=verdict.groups if verdict else (),
            held=held(facts, verdict) if verdict else (),
            due=verdict.due if verdict else (),
            not_judged=_not_judged(terms, state),
            panels=tuple(_panel(terms, self._names, panel) for panel in facts.panels),
            decisions=tuple(decision_answer(self._ledger, decision) for decision in facts.decisions),
            derived_from=self.origins(facts),
            descendants=self._reader.descendants(facts.lot.id),
            ledger_size=facts.size,
            at=state.at,
            advice_on_contaminants=contaminants(terms, self._ontologies.slice("cl"), state),
            look_alikes=look_alikes(self._ledger, facts.lot.id, facts.size),
            unaccepted=tuple(result.iri for result in facts.unaccepted if result.iri),
            doubts=contradictions(facts),
            in_force=superseded(self._states, self._reader, state) if now else None,
            usable_hours=facts.lot.usable_hours,
            line=facts.lot.line,
            arms=arms_served(terms, facts, self._reader.study_of(facts.product, facts.size), self._in_hand(facts)),
            identifiers=on_record(self._ledger, "lot", facts.lot.id, facts.size),
        )

    def _in_hand(self, facts: LotFacts) -> int | None:
        """The containers that nothing has become of, but that they are set aside; None when nobody said how many."""
        counts = Book(self._reader).stock(facts.lot, facts.size).balance()
        in_stock = counts["in stock"]
        return None if in_stock is None else in_stock + (counts["reserved"] or 0)

    def _specification(self, state: LotState) -> SpecificationAnswer | None:
        against, facts = state.specification, state.facts
        if against is None:
            return None
        by, product = facts.settled_by, facts.lot.product
        until = by.entry.position if by is not None and by.entry is not None else facts.size
        approvals = self._reader.approvals(product, until) if product else ()
        same = next((each for each in reversed(approvals) if each.digest == against.digest), None)
        reasons = dict(same.justifications) if same else {}
        return SpecificationAnswer(
            id=against.id,
            version=against.version,
            iri=against.iri,
            title=against.title,
            digest=against.digest,
            illustrative=against.illustrative,
            departures=departures_of(against, facts.product, self._ontologies.terms, reasons),
            approved_by=same.printed_name if same else None,
            approved_at=same.signed_at if same else None,
            pinned=state.pinned,
        )

    def origins(self, facts: LotFacts) -> tuple[Origin, ...]:
        """What a lot derives from, each with the hold, rejection or recall that stands on it."""
        return self._origins(facts.lot.derived_from, facts, depth=0)

    def _origins(self, names: Iterable[str], facts: LotFacts, depth: int) -> tuple[Origin, ...]:
        """The derivation as a tree; a chain deeper than 20 is cut, and nothing real is."""
        origins = []
        states = {ancestor.id.casefold(): ancestor for ancestor in facts.ancestors}
        for name in names:
            ancestor = states.get(name.casefold())
            if ancestor is None or depth > 20:
                origins.append(Origin(name, "unknown", "not registered", (), ()))
                continue
            stop = blocking(ancestor)
            reasons = (f"{stop.kind}: {stop.reason}",) if stop else ()
            parents = self._reader.lot(ancestor.id, facts.size).derived_from
            above = self._origins(parents, facts, depth + 1)
            origins.append(Origin(ancestor.id, ancestor.kind, stop.kind if stop else "in order", reasons, above))
        return tuple(origins)


def _criteria(terms: Terms, against: Specification | None, verdict: LotVerdict | None) -> tuple[CriterionAnswer, ...]:
    if against is None or verdict is None:
        return ()
    by_id = {criterion.id: criterion for criterion in against.criteria}
    return tuple(_criterion(terms, by_id[item.id], item) for item in verdict.criteria)


def _criterion(terms: Terms, criterion: Criterion, item: CriterionVerdict) -> CriterionAnswer:
    characteristic = terms.characteristics.get(criterion.characteristic)
    shown = item.rests_on.interval if item.rests_on is not None else None
    observed = shown or Interval(None, None)
    span = (characteristic.range if characteristic else None) or Interval(None, None)
    unit = terms.units[criterion.unit].label if criterion.unit else ""
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


def _not_judged(terms: Terms, state: LotState) -> tuple[ResultAnswer, ...]:
    """Current results that no criterion asks about: they change no verdict, and whoever signs or injects sees them."""
    if state.specification is None:
        return ()
    asked = {criterion.characteristic for criterion in state.specification.criteria}

    def bears(result: Result) -> bool:
        known = terms.characteristics.get(result.characteristic)
        over = known.evidence_for if known is not None else ()
        return not asked.isdisjoint((result.characteristic, *over, *result.members))

    return tuple(_result(terms, result) for result in state.facts.results if not bears(result))


def _panel(terms: Terms, names: Names, panel: PanelOnRecord) -> PanelAnswer:
    withdrawn = panel.withdrawn
    return PanelAnswer(
        panel=panel.id,
        iri=names.panel(panel.id),
        record=panel.entry.record,
        position=panel.entry.position,
        at=panel.entry.at,
        actor=panel.entry.actor,
        stage=terms.stages.get(panel.stage, panel.stage) if panel.stage else None,
        file=panel.file,
        file_name=panel.file_name,
        withdrawn=WithdrawalAnswer(withdrawn.reason, withdrawn.entry.at, withdrawn.entry.actor) if withdrawn else None,
        results=tuple(_result(terms, result) for result in panel.results),
        not_read=panel.not_read,
    )


def _result(terms: Terms, result: Result) -> ResultAnswer:
    return ResultAnswer(
        iri=result.iri,
        characteristic=terms.curie(result.characteristic),
        label=result.label,
        printed=result.printed,
        unit=result.unit_printed,
        stage=terms.stages.get(result.stage, result.stage) if result.stage else None,
        source=result.source,
        relation=result.relation,
        supersedes=result.supersedes,
        reason=result.reason,
        details=dict(result.details),
    )


def decision_answer(ledger: Ledger, decision: Decision) -> DecisionAnswer:
    """A decision as an answer tells it, its signature checked."""
    entry = decision.entry
    return DecisionAnswer(
        kind=decision.kind,
        position=entry.position if entry else 0,
        at=decision.signed_at,
        signed_by=decision.signed_by,
        printed_name=decision.printed_name,
        meaning=decision.meaning,
        reason=decision.reason,
        specification=decision.specification,
        specification_digest=decision.specification_digest,
        evidence=decision.evidence,
        ledger_size=decision.ledger_size,
        complete_by=decision.complete_by,
        record=entry.record if entry else "",
        signature_valid=entry is not None and signature_holds(ledger, entry.position),
        second_factor=str(ledger.entry(entry.position).details.get("second_factor", "")) if entry else "",
    )
