"""Claims as records: of what, which process, on what it stands, and who signed it; and the word that one is withdrawn.

Each piece of evidence stands under the claim as a part of it: ``#evidence1``, ``#evidence2`` …
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from registry.domain import Basis, Claim, ClaimEvidence, ClaimWithdrawal, Recorded
from registry.errors import Corrupt
from registry.identifiers import CPR, Names
from registry.records import RDF_TYPE, Description, Record, describe, write
from registry.records.rdf_terms import IRI
from registry.records.writer import (
    IDENTIFIER,
    Key,
    RecordWriter,
    link,
    links,
    moment,
    named,
    needed,
    of_kind,
    text,
    whole,
)

CLAIM, CLAIM_WITHDRAWAL = "claim", "claim-withdrawal"
WITHDRAWN = "I withdraw this claim, for the reason given."
_POINTERS: dict[Basis, str] = {"lot result": "shownBy", "study": "inStudy", "literature": "reportedIn"}


def write_claim(claim: Claim, names: Names) -> Record:
    """The claim's record: the bytes that are signed."""
    writer = RecordWriter(names.claim(claim.id), "claim").say(IDENTIFIER, claim.id)
    writer.link("claimedOf", names.product(claim.product) if claim.product else claim.cell_type)
    writer.link("claims", claim.process)
    _sign(writer, claim.signed_by, claim.printed_name, claim.signed_at, claim.meaning)
    triples = writer.triples
    for place, evidence in enumerate(claim.evidence, start=1):
        part = RecordWriter(f"{writer.subject}#evidence{place}").link(RDF_TYPE, CPR + "ClaimEvidence")
        part.say("standsOn", evidence.basis).link("evidenceType", evidence.evidence_type)
        part.link(_POINTERS[evidence.basis], _address(evidence, names)).say("note", evidence.note).say("order", place)
        writer.link("claimEvidence", part.subject)
        triples += part.triples
    return write(triples)


def _address(evidence: ClaimEvidence, names: Names) -> str:
    if evidence.basis == "study":
        return names.study(evidence.about)
    return names.publication(evidence.about) if evidence.basis == "literature" else evidence.about


def _sign(writer: RecordWriter, by: str, printed_name: str, at: datetime, meaning: str) -> None:
    writer.say("signedBy", by).say("printedName", printed_name).say("signedAt", at).say("meaning", meaning)


def read_claim(record: Record, entry: Recorded, names: Names) -> Claim:
    """The claim that this record holds."""
    descriptions = describe(record)
    (about,) = of_kind(descriptions, "claim")
    subject = link(about, "claimedOf") or ""
    product = names.id_of(subject, "product") or ""
    parts = sorted((descriptions[IRI(iri)] for iri in links(about, "claimEvidence")), key=_place)
    return Claim(
        id=needed(about, IDENTIFIER),
        process=link(about, "claims") or "",
        evidence=tuple(_read_evidence(part, names) for part in parts),
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        meaning=needed(about, "meaning"),
        product=product,
        cell_type="" if product else subject,
        entry=entry,
    )


def _place(part: Description) -> int:
    return whole(part, "order") or 0


def _signed_at(about: Description) -> datetime:
    at = moment(about, "signedAt")
    if at is None:
        raise Corrupt("A signed record has no time.", expected="cpr:signedAt", where=about.iri)
    return at


def _read_evidence(part: Description, names: Names) -> ClaimEvidence:
    stated = text(part, "standsOn")
    for basis, pointer in _POINTERS.items():
        target = link(part, pointer)
        if basis == stated and target:
            kind = {"study": "study", "literature": "publication"}.get(basis, "")
            about = (names.id_of(target, kind) if kind else target) or ""
            return ClaimEvidence(basis, about, link(part, "evidenceType") or "", text(part, "note"))
    raise Corrupt("A claim stands on nothing that is known.", expected=", ".join(_POINTERS), found=stated,
                  where=part.iri)  # fmt: skip


def claim_keys(descriptions: dict[IRI, Description], _names: Names) -> Iterator[Key]:
    """A claim, by its identifier."""
    (about,) = of_kind(descriptions, "claim")
    yield CLAIM, needed(about, IDENTIFIER)


def write_claim_withdrawal(withdrawal: ClaimWithdrawal, names: Names) -> Record:
    """The withdrawal's record: the bytes that are signed."""
    claim = names.claim(withdrawal.claim)
    stamp = withdrawal.signed_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    writer = RecordWriter(f"{names.base}claim-withdrawal/{claim.rpartition('/')[2]}/{stamp}", "claim withdrawal")
    writer.link("withdrawsClaim", claim).say("reason", withdrawal.reason)
    _sign(writer, withdrawal.signed_by, withdrawal.printed_name, withdrawal.signed_at, WITHDRAWN)
    return write(writer.triples)


def read_claim_withdrawal(record: Record, entry: Recorded, names: Names) -> ClaimWithdrawal:
    """The withdrawal that this record holds."""
    (about,) = of_kind(describe(record), "claim withdrawal")
    return ClaimWithdrawal(
        claim=names.id_of(link(about, "withdrawsClaim") or "", "claim") or "",
        reason=needed(about, "reason"),
        signed_by=needed(about, "signedBy"),
        printed_name=needed(about, "printedName"),
        signed_at=_signed_at(about),
        entry=entry,
    )


def claim_withdrawal_keys(descriptions: dict[IRI, Description], names: Names) -> Iterator[Key]:
    """A withdrawal, by the claim that it takes back."""
    (about,) = of_kind(descriptions, "claim withdrawal")
    yield from named(CLAIM, (link(about, "withdrawsClaim"),), "claim", names)
