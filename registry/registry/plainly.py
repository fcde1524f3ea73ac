"""A lot's answer as plain text: what somebody reads who has nothing but a printer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.registry.answers import HistoryLine, LotAnswer
from registry.release import moment


def in_words(lot: LotAnswer, history: Sequence[HistoryLine]) -> str:
    """Everything about a lot, the answer first."""
    return "\n".join(_lines(lot, history)) + "\n"


def _lines(lot: LotAnswer, history: Sequence[HistoryLine]) -> Iterator[str]:
    yield f"{lot.kind.capitalize()} {lot.lot}" + (f", {lot.product.label} ({lot.product.id})" if lot.product else "")
    yield f"As of {moment(lot.at)}, ledger of {lot.ledger_size} entries."
    yield ""
    yield lot.answer.sentence
    for reason in lot.answer.reasons:
        yield f"- {reason.message} {reason.todo}"
    yield from ["", "EVIDENCE"]
    if lot.specification:
        yield f"Judged by {lot.specification.id} version {lot.specification.version}, {lot.specification.digest}"
        yield from (f"Departure: {one.message} {one.justification or ''}" for one in lot.specification.departures)
    for item in lot.criteria:
        observed = item.observed or "no result"
        yield f"- {item.characteristic}: {item.verdict} ({item.standing}), expected {item.expected}, {observed}"
    yield from ["", "SIGNATURES"]
    for one in lot.decisions:
        valid = "signature valid" if one.signature_valid else "SIGNATURE NOT VALID"
        yield f"- {one.kind}, {one.printed_name} ({one.signed_by}), {moment(one.at)} [{valid}]"
        yield f"  meaning: {one.meaning} {one.reason}".rstrip()
    yield from ["", "RECORDS"]
    for line in history:
        yield f"- entry {line.position}, {moment(line.at)}, {line.actor}: {line.summary} {line.record or ''}"
