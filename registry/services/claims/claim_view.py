"""What is answered of a claim and of a publication: names resolved, what each stands on, what cites it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from registry.domain import Basis, CitedPublication, Claim, ClaimEvidence
from registry.identifiers import SPECIFICATIONS, Names
from registry.services.answers import Answer, TermRef
from registry.services.claims.standing import Shown, StandsOn
from registry.services.lots.answer_in_words import term_ref
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class EvidenceAnswer:
    """One thing that a claim stands on. ``shown`` and ``observed`` are of one lot, where one was asked about."""

    basis: Basis
    about: TermRef
    type: TermRef
    note: str
    shown: Shown | None = None
    observed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawnAnswer:
    """Who took a claim back, and why."""

    reason: str
    printed_name: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimAnswer(Answer):
    """A claim: ``of`` is a product or cell type, ``stands_on`` the strongest that it stands on, for ``lot`` if named.

    ``criteria`` are those of specifications that name it.
    """

    claim: str
    iri: str
    of: TermRef
    of_kind: str
    process: TermRef
    evidence: tuple[EvidenceAnswer, ...]
    stands_on: StandsOn
    lot: str | None
    criteria: tuple[str, ...]
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    withdrawn: WithdrawnAnswer | None
    record: str


@dataclass(frozen=True, slots=True)
class PublicationAnswer(Answer):
    """A publication and everything here that cites it; ``unknown`` names what nobody here knows of it."""

    doi: str
    iri: str
    address: str
    title: str
    year: int | None
    unknown: tuple[str, ...]
    products: tuple[str, ...]
    indications: tuple[TermRef, ...]
    criteria: tuple[str, ...]
    studies: tuple[str, ...]
    claims: tuple[str, ...]
    record: str


def claim_answer(
    terms: Terms, names: Names, claim: Claim, evidence: Sequence[EvidenceAnswer], stands_on: StandsOn,
    criteria: tuple[str, ...], label: str, lot: str | None = None,
) -> ClaimAnswer:  # fmt: skip
    """A claim with its names resolved; ``label`` is that of the product that it is claimed of."""
    of = TermRef(claim.product, label) if claim.product else term_ref(terms, claim.cell_type)
    ended = claim.withdrawn
    return ClaimAnswer(
        claim=claim.id,
        iri=names.claim(claim.id),
        of=of,
        of_kind="product" if claim.product else "cell type",
        process=TermRef(terms.curie(claim.process), terms.name(claim.process)),
        evidence=tuple(evidence),
        stands_on="nothing" if ended else stands_on,
        lot=lot,
        criteria=criteria,
        signed_by=claim.signed_by,
        printed_name=claim.printed_name,
        signed_at=claim.signed_at,
        meaning=claim.meaning,
        withdrawn=WithdrawnAnswer(ended.reason, ended.printed_name, ended.signed_at) if ended else None,
        record=claim.entry.record if claim.entry else "",
    )


def evidence_answer(
    terms: Terms, each: ClaimEvidence, title: str, shown: Shown | None = None, observed: tuple[str, ...] = ()
) -> EvidenceAnswer:
    """One piece of evidence; ``title`` is the study's or publication's, where it has one."""
    about = TermRef(terms.curie(each.about), terms.label(each.about)) if each.basis == "lot result" else None
    kind = TermRef(terms.curie(each.evidence_type), terms.name(each.evidence_type))
    return EvidenceAnswer(each.basis, about or TermRef(each.about, title), kind, each.note, shown, observed)


def publication_answer(
    terms: Terms, names: Names, publication: CitedPublication, criteria: Sequence[str], studies: Sequence[str],
    claims: Sequence[str],
) -> PublicationAnswer:  # fmt: skip
    """A publication with what cites it."""
    known = {"title": publication.title, "year": publication.year}
    recorded = (iri.removeprefix(SPECIFICATIONS) for iri in publication.criteria)
    return PublicationAnswer(
        doi=publication.doi,
        iri=names.publication(publication.doi),
        address=f"https://doi.org/{publication.doi}",
        title=publication.title,
        year=publication.year,
        unknown=tuple(name for name, value in known.items() if not value),
        products=publication.products,
        indications=tuple(term_ref(terms, iri) for iri in publication.indications),
        criteria=tuple(sorted({*recorded, *criteria})),
        studies=tuple(studies),
        claims=tuple(claims),
        record=publication.entry.record if publication.entry else "",
    )


def named_by(answer: ClaimAnswer, basis: Basis, identifier: str) -> bool:
    """Whether a claim stands on this study, publication or assay."""
    wanted = identifier.casefold()
    return any(each.basis == basis and each.about.id.casefold() == wanted for each in answer.evidence)
