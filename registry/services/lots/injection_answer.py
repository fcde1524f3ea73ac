"""The answer at the top of a lot's page: may it be injected, for what, into whom, until when; and if not, why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from registry.domain import Product
from registry.errors import RegistryError
from registry.instants import moment
from registry.release import Condition, condition_sentence
from registry.services.answers import Advice, TermRef
from registry.services.context import Judged, Parts

# Who may read the recipient's code: those who inject, release or inspect.
SEES_RECIPIENT = frozenset({"clinician", "quality unit", "inspector"})


def term_ref(parts: Parts, iri: str) -> TermRef:
    """CURIE and label of a term; the label is empty when the ontology slices do not hold it."""
    try:
        label = parts.terms.term(iri).label
    except RegistryError:
        label = ""
    return TermRef(parts.terms.curie(iri), label)


def sentence(judged: Judged) -> str:
    """The answer in one sentence, with into whom where that is one person."""
    status, items = judged.status, judged.verdict.criteria if judged.verdict else ()
    names = {item.id: item.characteristic for item in items}
    until = status.until if status.may_be_injected else None
    return sentence_of(until, judged.facts.product, status.condition, names)


def sentence_of(
    until: datetime | None, product: Product | None, waits: Condition | None, names: Mapping[str, str]
) -> str:
    """The same of a lot that may be injected until then; None for one that must not. ``names`` are of its criteria."""
    if until is None:
        return "Must not be injected."
    only = product is not None and product.donor_relation == "autologous"
    whom = " Only into the one recipient it was made for." if only else ""
    due = [names.get(one, one) for one in waits.due] if waits else []
    open_words = f" {condition_sentence(due, waits.complete_by)}" if waits and due else ""
    return f"May be injected until {moment(until)}.{whom}{open_words}"


def advice(parts: Parts, judged: Judged, role: str | None) -> Advice:
    """May it be injected, for what, into whom, until when; and if not, every reason."""
    product = judged.facts.product
    only = product is not None and product.donor_relation == "autologous"
    return Advice(
        may_be_injected=judged.status.may_be_injected,
        state=judged.status.state,
        sentence=sentence(judged),
        for_=tuple(term_ref(parts, iri) for iri in product.indications) if product else (),
        recipient_only=only,
        recipient=judged.facts.lot.recipient if role in SEES_RECIPIENT else None,
        until=judged.status.until,
        reasons=judged.status.reasons,
        condition=judged.status.condition,
    )
