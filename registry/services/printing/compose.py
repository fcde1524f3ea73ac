"""A lot's certificate and label drawn up from what the registry answers of it; the paper room only prints them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import RELEASES, Result, Source, with_unit
from registry.identifiers import Names, leads_nowhere
from registry.instants import moment
from registry.ledger import Ledger
from registry.ledger.proofs import root_over
from registry.paper.certificate import Certificate, Fact, Line, Observation, Print, Signature, warnings
from registry.paper.label import AUTOLOGOUS, PREVIEW, SYNTHETIC, Label
from registry.release import accepted, awaited
from registry.services.answers import DecisionAnswer, LotAnswer, SpecificationAnswer, TermRef
from registry.services.lot_state import LotState
from registry.services.ontologies.current import Current
from registry.services.releases.trail_review import reviews_of
from registry.services.studies.arms_served import arm_sentence
from registry.services.upkeep.signature_check import signature_holds
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Composer:
    """Draws up paper. ``view`` is what anybody is answered of a lot at a time, ``state`` its facts and verdict then."""

    ledger: Ledger
    ontologies: Current
    names: Names
    view: Callable[[str, datetime | None], LotAnswer]
    state: Callable[[str, datetime], LotState]

    def certificate(
        self,
        lot: str,
        as_of: datetime,
        *,
        prints: Sequence[Print],
        since: Sequence[str],
        preview: bool,
        copy: bool = False,
        credential: str = "",
    ) -> Certificate:
        """The certificate or report of a lot as known at ``as_of``; raises Unknown. No recipient's code is ever on it.

        Of a time whose answer is no longer so it says what is so now: a clean paper of a lot on hold would be believed.
        Only a ``copy`` of what was printed then says what that said.
        """
        known, judged = self.view(lot, as_of), self.state(lot, as_of)
        released = any(decision.kind in RELEASES and decision.signature_valid for decision in known.decisions)
        held, past = known.specification, "" if copy else self._past(known, as_of)
        return Certificate(
            lot=known.lot,
            kind=known.kind.capitalize(),
            released=released,
            state=known.answer.state,
            answer=known.answer.sentence,
            warnings=_warnings(known, released=released, preview=preview, past=past),
            reasons=tuple(signs(reason.message) for reason in known.answer.reasons),
            product=tuple(_product(known)),
            description=tuple(_description(known)),
            specification=tuple(_specification(held, known)) if held else (),
            departures=tuple(_departures(held)) if held else (),
            verdict=known.verdict or "",
            still_open=tuple(_still_open(judged)),
            criteria=tuple(_lines(judged, self.ontologies.terms)),
            sources=_sources(judged),
            signatures=(*self._reviews(judged), *(_signature(decision) for decision in known.decisions)),
            digests=tuple(_digests(known, self.ledger.entry(known.ledger_size).hash, self._root(known.ledger_size))),
            prints=tuple(prints),
            since=tuple(since),
            address=self.names.page(known.lot),
            base=self.names.base,
            ledger_size=known.ledger_size,
            as_of=as_of,
            past=past,
            credential=credential,
            credential_address=f"{self.names.page(known.lot)}.vc.json",
        )

    def _root(self, size: int) -> str:
        """The root that a checkpoint of so many entries is signed over, as that writes it; empty without a tree."""
        with self.ledger.view() as view:
            root = root_over(view, size)
        return base64.b64encode(root).decode() if root else ""

    def _reviews(self, judged: LotState) -> Iterator[Signature]:
        """Who reviewed the lot's audit trail, beside who decided on the lot (EU GMP Annex 11, 9)."""
        for review in reviews_of(self.ledger, self.names, judged.facts):
            position, record = (review.entry.position, review.entry.record) if review.entry else (0, "")
            holds = bool(position) and signature_holds(self.ledger, position)
            given = str(self.ledger.entry(position).details.get("second_factor", "")) if position else ""
            yield Signature(
                "audit trail review", review.printed_name, review.signed_by, moment(review.signed_at), review.meaning,
                f"of {review.ledger_size} entries of the ledger", record, holds, second_factor=given,
            )  # fmt: skip

    def _past(self, known: LotAnswer, as_of: datetime) -> str:
        """What to say of a paper of an earlier time when the lot's answer has changed since; else nothing."""
        if as_of >= self.ledger.now():
            return ""
        now = self.view(known.lot, None)
        if (now.answer.state, now.answer.may_be_injected) == (known.answer.state, known.answer.may_be_injected):
            return ""
        state = now.answer.state if now.answer.may_be_injected else f"{now.answer.state}, must not be injected"
        return f"State at {moment(as_of)}. NOW ({moment(now.at)}): {state}."

    def label(self, lot: str, as_of: datetime, *, preview: bool) -> Label:
        """The label of a lot; raises Unknown. What it says does not change with the lot's state.

        Where nobody can reach the registry's base, the symbol holds the lot's identifier, which is found as well.
        """
        known = self.view(lot, as_of)
        product = known.product
        loud = [PREVIEW] if preview else []
        loud += [SYNTHETIC] if known.synthetic else []
        loud += [AUTOLOGOUS] if known.answer.recipient_only else []
        return Label(
            lot=known.lot,
            product=product.label if product else known.kind.capitalize(),
            cell_type=_term(product.cell_type) if product else "",
            expires=f"Exp {moment(known.expires_at)}" if known.expires_at else "Exp not stated",
            manufactured=f"Made {known.manufactured_on}" if known.manufactured_on else "",
            passage=f"Passage {known.passage}" if known.passage is not None else "",
            storage=known.storage,
            containers=known.containers,
            loud=tuple(loud),
            address=known.lot if leads_nowhere(self.names.base) else self.names.page(known.lot),
            base=self.names.base,
        )


def _warnings(known: LotAnswer, *, released: bool, preview: bool, past: str) -> tuple[str, ...]:
    waits = known.answer.condition
    return warnings(
        released=released,
        may_be_injected=known.answer.may_be_injected,
        state=known.answer.state,
        complete_by=moment(waits.complete_by) if waits and waits.due else "",
        synthetic=known.synthetic,
        preview=preview,
        past=past,
    )


_STATES = {"hold": "on hold", "rejection": "rejected", "recall": "recalled"}


def signs(text: str) -> str:
    """Comparators as laboratories print them: ``>= 95 %`` is ``≥ 95 %``."""
    return text.replace(">=", "≥").replace("<=", "≤")


def _term(term: TermRef) -> str:
    return f"{term.label} ({term.id})" if term.label else term.id


def _product(known: LotAnswer) -> Iterator[Fact]:
    product = known.product
    if product is None:
        yield Fact("Product", f"none: this is a {known.kind}")
        return
    yield Fact("Product", f"{product.label} ({product.id})")
    yield Fact("Cell type", _term(product.cell_type))
    yield Fact("Source", f"{product.source}; {product.donor_relation}; {product.species}")
    diseases = known.answer.for_ or product.indications
    yield Fact("For", "; ".join(_term(disease) for disease in diseases) or "no indication")
    if product.study:
        yield Fact("Study", product.study)
    if known.answer.recipient_only:
        yield Fact("Recipient", "the one person it was made for; the code stands in the registry, not on paper")


def _description(known: LotAnswer) -> Iterator[Fact]:
    yield Fact("Lot", known.lot)
    yield Fact("Passage", "not stated" if known.passage is None else str(known.passage))
    yield Fact("Manufactured", str(known.manufactured_on or "not stated"))
    yield Fact("Expires", moment(known.expires_at) if known.expires_at else "not stated")
    yield Fact("Containers", "not stated" if known.containers is None else str(known.containers))
    yield Fact("Storage", known.storage or "not stated")
    for arm in known.arms:
        yield Fact(f"Arm {arm.arm} of {arm.study}", arm_sentence(arm))
    if known.derived_from:
        named = ((origin, _STATES.get(origin.state, origin.state)) for origin in known.derived_from)
        origins = (f"{origin.lot} ({origin.kind}: {state})" for origin, state in named)
        yield Fact("Derived from", ", ".join(origins))
    if known.note:
        yield Fact("Note", known.note)


def _specification(held: SpecificationAnswer, known: LotAnswer) -> Iterator[Fact]:
    yield Fact("Specification", held.title)
    yield Fact("Version", f"{held.id} version {held.version}")
    by = f"{held.approved_by}, {moment(held.approved_at)}" if held.approved_by and held.approved_at else "nobody"
    yield Fact("Approved by", by)
    released = any(decision.kind in RELEASES for decision in known.decisions)
    settled = "the version that the release names" if released else "the version approved when it was decided on"
    yield Fact("Held to", settled if held.pinned else "the version now approved")
    if held.illustrative:
        yield Fact("Illustrative", "an example: no authority has agreed to its limits")


def _departures(held: SpecificationAnswer) -> Iterator[str]:
    for departure in held.departures:
        why = f" Justified: {departure.justification}" if departure.justification else " No justification was given."
        yield f"{departure.label}: {signs(departure.message)}{why}"


def _sources(judged: LotState) -> tuple[str, ...]:
    """Where the limits come from, each once, in order of first mention."""
    criteria = judged.specification.criteria if judged.specification else ()
    return tuple(dict.fromkeys(criterion.source for criterion in criteria if criterion.source))


def _still_open(judged: LotState) -> Iterator[str]:
    """What a reader of the verdict alone would not know: it passes without these criteria."""
    if judged.verdict is None:
        return
    waits, due = judged.status.condition, awaited(judged.facts, judged.verdict)
    if due:
        by = f" It must be there by {moment(waits.complete_by)}." if waits is not None else ""
        later = ", ".join(item.characteristic for item in due)
        yield f"Still due after release, not known yet and not part of this verdict: {later}.{by}"
    not_shown = [item for item in judged.verdict.criteria if item.id in judged.verdict.held]
    for wanted, words in ((True, "accepted so, with a reason, by the quality unit"), (False, "and accepted by nobody")):
        held = [item.characteristic for item in not_shown if accepted(judged.facts, item) is wanted]
        if held:
            yield f"Reference criteria that are not shown, {words}: {', '.join(held)}."


def _lines(judged: LotState, terms: Terms) -> Iterator[Line]:
    if judged.specification is None or judged.verdict is None:
        return
    criteria = {criterion.id: criterion for criterion in judged.specification.criteria}
    results = {result.iri: result for result in judged.facts.results if result.iri}
    sources = _sources(judged)
    for item in judged.verdict.criteria:
        asked = criteria[item.id]
        origins = dict.fromkeys(iri for evidence in item.evidence for iri in evidence.derived_from)
        yield Line(
            characteristic=item.characteristic,
            standing=item.standing + (f", one of {item.group}" if item.group else ""),
            limit=signs(item.expected),
            limit_source=sources.index(asked.source) + 1 if asked.source else 0,
            method=terms.label(asked.method) if asked.method else "",
            observed=tuple(_observation(results[iri]) for iri in origins if iri in results),
            verdict=item.verdict,
            note=signs(item.note),
        )


def _observation(result: Result) -> Observation:
    method = dict(result.details).get("method") or "not stated"
    printed = with_unit(result.printed, result.unit_printed)
    if result.members:
        printed = f"{printed} ({result.label})"
    if result.relation:
        printed = f"{printed}, {result.relation}"
    return Observation(signs(printed), method, _where(result.source))


def _where(source: Source) -> str:
    return source.file + (f", row {source.row}" if source.row is not None else "")


def _signature(decision: DecisionAnswer) -> Signature:
    complete_by = moment(decision.complete_by) if decision.complete_by else ""
    return Signature(
        decision.kind,
        decision.printed_name,
        decision.signed_by,
        moment(decision.at),
        decision.meaning,
        decision.reason,
        decision.record,
        decision.signature_valid,
        complete_by,
        decision.second_factor,
    )


def _digests(known: LotAnswer, head: str, root: str) -> Iterator[Fact]:
    yield Fact("Ledger", f"{known.ledger_size} entries")
    yield Fact("Hash of its last entry", head, code=True)
    if root:
        yield Fact("Its checkpoint: the root over these entries", root, code=True)
    if known.specification:
        yield Fact("Specification", known.specification.digest, code=True)
    for panel in known.panels:
        gone = ", withdrawn" if panel.withdrawn else ""
        yield Fact(f"Panel {panel.panel}{gone}: record, by {panel.actor}, {moment(panel.at)}", panel.record, code=True)
        if panel.file:
            yield Fact(f"Panel {panel.panel}: the file as sent, {panel.file_name}", panel.file, code=True)
