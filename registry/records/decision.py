"""Decisions, approvals, acceptances and withdrawals as records: the quality unit's word, and why.

The printed name, the time and the meaning stand in the record itself (21 CFR 11.50), so the signature over the
record's bytes binds them (11.70).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from registry.domain import Acceptance, Approval, Decision, DecisionKind, Recorded, Withdrawal
from registry.errors import Corrupt
from registry.identifiers import CPR, SPECIFICATIONS, Names
from registry.records import IRI, Description, Literal, Record, describe, literal, write
from registry.records.writer import Pen, link, links, moment, needed, of_kind, term, text, whole, word

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


def _sign(pen: Pen, by: str, printed_name: str, at: datetime, meaning: str) -> Pen:
    pen.say("signedBy", by).say("printedName", printed_name).say("signedAt", at)
    return pen.say("meaning", meaning)


def write_decision(decision: Decision, names: Names) -> Record:
    """The decision's record: the bytes that are signed."""
    lot = names.lot(decision.lot)
    iri = _act(names, "decision", lot.rpartition("/")[2], decision.signed_at)
    pen = Pen(iri, "decision", decision.kind).link("lot", lot).link("specification", decision.specification)
    pen.say("specificationDigest", decision.specification_digest).say("ledgerSize", decision.ledger_size)
    for digest in decision.evidence:
        pen.say("evidenceDigest", digest)
    pen.say("reason", decision.reason).say("completeBy", decision.complete_by)
    _sign(pen, decision.signed_by, decision.printed_name, decision.signed_at, decision.meaning)
    return write(pen.triples)


def read_decision(record: Record, entry: Recorded, names: Names) -> Decision:
    """The decision that this record holds."""
    (said,) = of_kind(describe(record), "decision")
    (kind,) = (one for one in said.types if one != term("decision"))
    return Decision(
        kind=cast(DecisionKind, word(kind, DECISION_KINDS)),
        lot=names.id_of(link(said, "lot") or "", "lot") or "",
        signed_by=needed(said, "signedBy"),
        printed_name=needed(said, "printedName"),
        signed_at=_signed_at(said),
        meaning=needed(said, "meaning"),
        reason=text(said, "reason"),
        specification=link(said, "specification"),
        specification_digest=text(said, "specificationDigest") or None,
        evidence=tuple(sorted(_texts(said, "evidenceDigest"))),
        ledger_size=whole(said, "ledgerSize") or 0,
        complete_by=moment(said, "completeBy"),
        entry=entry,
    )


def _texts(said: Description, predicate: str) -> list[str]:
    return [one.value for one in said.all(CPR + predicate) if isinstance(one, Literal)]


def _signed_at(said: Description) -> datetime:
    at = moment(said, "signedAt")
    if at is None:
        raise Corrupt("A signed record has no time.", expected="cpr:signedAt", where=said.iri)
    return at


def write_approval(approval: Approval, names: Names) -> Record:
    """The approval's record; each justification is said of its criterion or marker."""
    iri = _act(names, "approval", approval.product, approval.signed_at)
    pen = Pen(iri, "approval").link("product", names.product(approval.product))
    pen.link("specification", f"{SPECIFICATIONS}{approval.specification}/{approval.version}")
    pen.say("specificationDigest", approval.digest)
    _sign(pen, approval.signed_by, approval.printed_name, approval.signed_at, approval.meaning)
    pen.say("awaitsSecond", True if approval.awaits_second else None)
    triples = list(pen.triples)
    for count, (marker, why) in enumerate(approval.justifications, start=1):
        node = IRI(f"{iri}#justification-{count}")
        pen.link("justification", node)
        triples += [(node, IRI(CPR + "characteristic"), IRI(marker)), (node, IRI(CPR + "reason"), literal(why))]
    return write(triples + [triple for triple in pen.triples if triple not in triples])


def read_approval(record: Record, entry: Recorded, names: Names) -> Approval:
    """The approval that this record holds."""
    descriptions = describe(record)
    (said,) = of_kind(descriptions, "approval")
    identifier, _, version = (link(said, "specification") or "").removeprefix(SPECIFICATIONS).partition("/")
    reasons = [descriptions[IRI(node)] for node in links(said, "justification")]
    return Approval(
        product=names.id_of(link(said, "product") or "", "product") or "",
        specification=identifier,
        version=version,
        digest=needed(said, "specificationDigest"),
        signed_by=needed(said, "signedBy"),
        printed_name=needed(said, "printedName"),
        signed_at=_signed_at(said),
        meaning=needed(said, "meaning"),
        justifications=tuple((link(one, "characteristic") or "", text(one, "reason")) for one in reasons),
        awaits_second=text(said, "awaitsSecond") == "true",
        entry=entry,
    )


def write_acceptance(acceptance: Acceptance, names: Names) -> Record:
    """The acceptance's record."""
    lot = names.lot(acceptance.lot)
    iri = _act(names, "acceptance", lot.rpartition("/")[2], acceptance.signed_at)
    pen = Pen(iri, "acceptance").link("lot", lot).link("accepts", acceptance.accepts).say("reason", acceptance.reason)
    meaning = "I accept this, for the reason given."
    return write(_sign(pen, acceptance.signed_by, acceptance.printed_name, acceptance.signed_at, meaning).triples)


def read_acceptance(record: Record, entry: Recorded, names: Names) -> Acceptance:
    """The acceptance that this record holds."""
    (said,) = of_kind(describe(record), "acceptance")
    return Acceptance(
        lot=names.id_of(link(said, "lot") or "", "lot") or "",
        accepts=link(said, "accepts") or "",
        reason=needed(said, "reason"),
        signed_by=needed(said, "signedBy"),
        printed_name=needed(said, "printedName"),
        signed_at=_signed_at(said),
        entry=entry,
    )


def write_withdrawal(panel: str, reason: str, by: str, printed_name: str, at: datetime, names: Names) -> Record:
    """The withdrawal's record."""
    pen = Pen(_act(names, "withdrawal", panel, at), "withdrawal").link("withdraws", names.panel(panel))
    pen.say("reason", reason)
    return write(_sign(pen, by, printed_name, at, "I withdraw this panel, for the reason given.").triples)


def read_withdrawal(record: Record, entry: Recorded, names: Names) -> Withdrawal:
    """The withdrawal that this record holds."""
    (said,) = of_kind(describe(record), "withdrawal")
    return Withdrawal(names.id_of(link(said, "withdraws") or "", "panel") or "", needed(said, "reason"), entry)
