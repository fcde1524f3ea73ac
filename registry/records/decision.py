"""Decisions, approvals, acceptances and withdrawals as records: what the quality unit signed, and why.

The printed name, the time and the meaning stand in the record itself (21 CFR 11.50), so the signature over the
record's bytes binds them (11.70).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from registry.domain import Acceptance, Approval, Decision, DecisionKind, Recorded, TrailReview, Withdrawal
from registry.errors import Corrupt
from registry.identifiers import CPR, SPECIFICATIONS, Names
from registry.records import IRI, Description, Literal, Record, describe, literal, write
from registry.records.writer import RecordWriter, link, links, moment, needed, of_kind, term, text, whole, word

DECISION_KINDS: tuple[DecisionKind, ...] = (
    "release",
    "conditional release",
    "rejection",
    "hold",
    "hold lifted",
    "recall",
    "OOS supply",
)


def _act(names: Names, kind: str, subject: str, at: datetime) -> str:
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    return f"{names.base}{kind}/{subject}/{stamp}"


def _sign(writer: RecordWriter, by: str, printed_name: str, at: datetime, meaning: str) -> RecordWriter:
    writer.say("signedBy", by).say("printedName", printed_name).say("signedAt", at)
    return writer.say("meaning", meaning)


def decision_iri(decision: Decision, names: Names) -> str:
    """``<base>decision/<lot>/<when it was signed>``."""
    return _act(names, "decision", names.lot(decision.lot).rpartition("/")[2], decision.signed_at)


def write_decision(decision: Decision, names: Names) -> Record:
    """The decision's record: the bytes that are signed."""
    lot = names.lot(decision.lot)
    writer = (
        RecordWriter(decision_iri(decision, names), "decision", decision.kind)
        .link("lot", lot)
        .link("specification", decision.specification)
    )
    writer.say("specificationDigest", decision.specification_digest).say("ledgerSize", decision.ledger_size)
    for digest in decision.evidence:
        writer.say("evidenceDigest", digest)
    for disease in decision.signed_for:
        writer.say("signedFor", disease)
    writer.say("reason", decision.reason).say("completeBy", decision.complete_by)
    writer.say("request", decision.request).say("riskEvaluation", decision.risk)
    _sign(writer, decision.signed_by, decision.printed_name, decision.signed_at, decision.meaning)
    return write(writer.triples)


def read_decision(record: Record, entry: Recorded, names: Names) -> Decision:
    """The decision that this record holds."""
    (about,) = of_kind(describe(record), "decision")
    (kind,) = (iri for iri in about.types if iri != term("decision"))
    return Decision(
        kind=cast(DecisionKind, word(kind, DECISION_KINDS)),
        lot=names.id_of(link(about, "lot") or "", "lot") or "",
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        meaning=needed(about, "meaning"),
        reason=text(about, "reason"),
        specification=link(about, "specification"),
        specification_digest=text(about, "specificationDigest") or None,
        evidence=tuple(sorted(_texts(about, "evidenceDigest"))),
        ledger_size=whole(about, "ledgerSize") or 0,
        complete_by=moment(about, "completeBy"),
        request=text(about, "request"),
        risk=text(about, "riskEvaluation"),
        signed_for=tuple(sorted(_texts(about, "signedFor"))),
        entry=entry,
    )


def _texts(about: Description, predicate: str) -> list[str]:
    return [value.value for value in about.all(CPR + predicate) if isinstance(value, Literal)]


def _signed_at(about: Description) -> datetime:
    at = moment(about, "signedAt")
    if at is None:
        raise Corrupt("A signed record has no time.", expected="cpr:signedAt", where=about.iri)
    return at


def write_approval(approval: Approval, names: Names) -> Record:
    """The approval's record; each justification is said of its criterion or marker."""
    iri = _act(names, "approval", approval.product, approval.signed_at)
    writer = RecordWriter(iri, "approval").link("product", names.product(approval.product))
    writer.link("specification", f"{SPECIFICATIONS}{approval.specification}/{approval.version}")
    writer.say("specificationDigest", approval.digest)
    _sign(writer, approval.signed_by, approval.printed_name, approval.signed_at, approval.meaning)
    writer.say("awaitsSecond", True if approval.awaits_second else None)
    triples = list(writer.triples)
    for count, (marker, why) in enumerate(approval.justifications, start=1):
        node = IRI(f"{iri}#justification-{count}")
        writer.link("justification", node)
        triples += [(node, IRI(CPR + "characteristic"), IRI(marker)), (node, IRI(CPR + "reason"), literal(why))]
    return write(triples + [triple for triple in writer.triples if triple not in triples])


def read_approval(record: Record, entry: Recorded, names: Names) -> Approval:
    """The approval that this record holds."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "approval")
    identifier, _, version = (link(about, "specification") or "").removeprefix(SPECIFICATIONS).partition("/")
    reasons = [descriptions[IRI(iri)] for iri in links(about, "justification")]
    return Approval(
        product=names.id_of(link(about, "product") or "", "product") or "",
        specification=identifier,
        version=version,
        digest=needed(about, "specificationDigest"),
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        meaning=needed(about, "meaning"),
        justifications=tuple((link(node, "characteristic") or "", text(node, "reason")) for node in reasons),
        awaits_second=text(about, "awaitsSecond") == "true",
        entry=entry,
    )


def write_acceptance(acceptance: Acceptance, names: Names) -> Record:
    """The acceptance's record."""
    lot = names.lot(acceptance.lot)
    iri = _act(names, "acceptance", lot.rpartition("/")[2], acceptance.signed_at)
    writer = (
        RecordWriter(iri, "acceptance")
        .link("lot", lot)
        .link("accepts", acceptance.accepts)
        .say("reason", acceptance.reason)
    )
    meaning = "I accept this, for the reason given."
    return write(_sign(writer, acceptance.signed_by, acceptance.printed_name, acceptance.signed_at, meaning).triples)


def read_acceptance(record: Record, entry: Recorded, names: Names) -> Acceptance:
    """The acceptance that this record holds."""
    (about,) = of_kind(describe(record), "acceptance")
    return Acceptance(
        lot=names.id_of(link(about, "lot") or "", "lot") or "",
        accepts=link(about, "accepts") or "",
        reason=needed(about, "reason"),
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        entry=entry,
    )


def write_trail_review(review: TrailReview, names: Names) -> Record:
    """The record of a review of a lot's audit trail."""
    lot = names.lot(review.lot)
    iri = _act(names, "trail-review", lot.rpartition("/")[2], review.signed_at)
    writer = RecordWriter(iri, "trail review").link("lot", lot).say("ledgerSize", review.ledger_size)
    return write(_sign(writer, review.signed_by, review.printed_name, review.signed_at, review.meaning).triples)


def read_trail_review(record: Record, entry: Recorded, names: Names) -> TrailReview:
    """The review that this record holds."""
    (about,) = of_kind(describe(record), "trail review")
    return TrailReview(
        lot=names.id_of(link(about, "lot") or "", "lot") or "",
        ledger_size=whole(about, "ledgerSize") or 0,
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        meaning=needed(about, "meaning"),
        entry=entry,
    )


def write_withdrawal(panel: str, reason: str, by: str, printed_name: str, at: datetime, names: Names) -> Record:
    """The withdrawal's record."""
    writer = RecordWriter(_act(names, "withdrawal", panel, at), "withdrawal").link("withdraws", names.panel(panel))
    writer.say("reason", reason)
    return write(_sign(writer, by, printed_name, at, "I withdraw this panel, for the reason given.").triples)


def read_withdrawal(record: Record, entry: Recorded, names: Names) -> Withdrawal:
    """The withdrawal that this record holds."""
    (about,) = of_kind(describe(record), "withdrawal")
    return Withdrawal(names.id_of(link(about, "withdraws") or "", "panel") or "", needed(about, "reason"), entry)
