"""The answer at the top of a lot's page: may it be injected, for what, into whom, until when; and if not, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from registry.accounts import Permission, roles_of
from registry.domain import Departure, Product, Specification
from registry.errors import RegistryError
from registry.instants import moment
from registry.release import Condition, condition_sentence
from registry.services.answers import InjectionAnswer, TermRef
from registry.services.lot_state import LotState
from registry.specifications import departures_of
from registry.vocabulary import Terms

SEES_RECIPIENT = frozenset(roles_of(Permission.SEE_RECIPIENTS))
"""Who may read the recipient's code: those who inject, release or inspect."""


def term_ref(terms: Terms, iri: str) -> TermRef:
    """CURIE and label of a term; the label is empty when the ontology slices do not hold it."""
    try:
        label = terms.term(iri).label
    except RegistryError:
        label = ""
    return TermRef(terms.curie(iri), label)


def signed_for(terms: Terms, product: Product | None) -> tuple[str, ...]:
    """The diseases of a product as they are named now, each with its short id: what a release records."""
    diseases = (term_ref(terms, iri) for iri in product.indications) if product else ()
    return tuple(sorted(f"{disease.id} {disease.label}" for disease in diseases))


def diseases_of(terms: Terms, state: LotState) -> tuple[TermRef, ...]:
    """What a lot is for: of a released one, the diseases that it was signed for, as they were named then."""
    decision, product = state.facts.decision_in_force, state.facts.product
    if decision is not None and decision.releases and decision.indications:
        return tuple(TermRef(curie, label) for curie, label in decision.indications)
    return tuple(term_ref(terms, iri) for iri in product.indications) if product else ()


def other_limits(terms: Terms, against: Specification | None, product: Product | None) -> tuple[Departure, ...]:
    """Where a lot is held to other limits than ISCT's 95 % and 2 % on its cell type's identity, or to none."""
    return departures_of(against, product, terms, {}) if against is not None else ()


def sentence(state: LotState, departures: Sequence[Departure] = ()) -> str:
    """The answer in one sentence, with into whom where that is one person, and by which other limits than ISCT's."""
    status, items = state.status, state.verdict.criteria if state.verdict else ()
    names = {item.id: item.characteristic for item in items}
    until = status.until if status.may_be_injected else None
    return sentence_of(until, state.facts.product, status.condition, names, departures)


def sentence_of(
    until: datetime | None,
    product: Product | None,
    waits: Condition | None,
    names: Mapping[str, str],
    departures: Sequence[Departure] = (),
) -> str:
    """The same of a lot that may be injected until then; None for one that must not. ``names`` are of its criteria."""
    if until is None:
        return "Must not be injected."
    only = product is not None and product.donor_relation == "autologous"
    whom = " Only into the one recipient it was made for." if only else ""
    due = [names.get(criterion, criterion) for criterion in waits.due] if waits else []
    open_words = f" {condition_sentence(due, waits.complete_by)}" if waits and due else ""
    return f"May be injected until {moment(until)}.{whom}{open_words}{_by_other_limits(departures)}"


def _by_other_limits(departures: Sequence[Departure]) -> str:
    weak = [departure.label for departure in departures if not departure.waives]
    none = [departure.label for departure in departures if departure.waives]
    words = f" Released by other limits than ISCT's 95 % and 2 %: {', '.join(weak)}." if weak else ""
    return words + (f" Released without a gating limit for: {', '.join(none)}." if none else "")


def injection_answer(terms: Terms, state: LotState, role: str | None) -> InjectionAnswer:
    """May it be injected, for what, into whom, until when; and if not, every reason."""
    product = state.facts.product
    only = product is not None and product.donor_relation == "autologous"
    departures = other_limits(terms, state.specification, product)
    return InjectionAnswer(
        may_be_injected=state.status.may_be_injected,
        state=state.status.state,
        sentence=sentence(state, departures),
        for_=diseases_of(terms, state),
        recipient_only=only,
        recipient=state.facts.lot.recipient if role in SEES_RECIPIENT else None,
        until=state.status.until,
        reasons=state.status.reasons,
        condition=state.status.condition,
        other_limits=tuple(departure.message for departure in departures),
    )
