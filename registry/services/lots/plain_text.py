"""A lot's answer as plain text: what somebody reads who has nothing but a printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.instants import moment
from registry.services.answers import DecisionAnswer, HistoryLine, LotAnswer
from registry.services.lots.inherited import InheritedDecision, InheritedEntry


def in_words(
    lot: LotAnswer,
    history: Sequence[HistoryLine],
    inherited: Sequence[InheritedDecision],
    rests_on: Sequence[InheritedEntry],
) -> str:
    """Everything about a lot, the answer first; then decisions on what it derives from, and what it rests on."""
    lines = [*_lines(lot), *_signatures(lot, inherited), "", "RECORDS"]
    for line in history:
        lines.append(f"- entry {line.position}, {moment(line.at)}, {line.actor}: {line.summary} {line.record or ''}")
    lines += ["", "RECORDS OF WHAT IT RESTS ON: origins, product, specifications and their approval"]
    for entry in rests_on:
        lines.append(f"- entry {entry.position}, {entry.actor}, on {entry.of}: {entry.summary} {entry.record or ''}")
    return "\n".join(lines) + "\n"


def _lines(lot: LotAnswer) -> Iterator[str]:
    yield f"{lot.kind.capitalize()} {lot.lot}" + (f", {lot.product.label} ({lot.product.id})" if lot.product else "")
    yield f"As of {moment(lot.at)}, ledger of {lot.ledger_size} entries."
    yield ""
    yield lot.answer.sentence
    for reason in lot.answer.reasons:
        yield f"- {reason.message} {reason.todo}"
    yield from ["", "EVIDENCE"]
    if lot.specification:
        yield f"Judged by {lot.specification.id} version {lot.specification.version}, {lot.specification.digest}"
        yield from (f"Departure: {each.message} {each.justification or ''}" for each in lot.specification.departures)
    for item in lot.criteria:
        observed = item.observed or "no result"
        yield f"- {item.characteristic}: {item.verdict} ({item.standing}), expected {item.expected}, {observed}"


def _signatures(lot: LotAnswer, inherited: Sequence[InheritedDecision]) -> Iterator[str]:
    yield from ["", "SIGNATURES"]
    for decision in lot.decisions:
        yield from _signed(decision, decision.kind)
    for above in inherited:
        yield from _signed(above, f"{above.kind} on {above.of}, from which it derives")


def _signed(decision: DecisionAnswer, what: str) -> Iterator[str]:
    valid = "signature valid" if decision.signature_valid else "SIGNATURE NOT VALID"
    yield f"- {what}, {decision.printed_name} ({decision.signed_by}), {moment(decision.at)} [{valid}]"
    yield f"  meaning: {decision.meaning} {decision.reason}".rstrip()
