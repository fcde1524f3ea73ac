"""What cells are said to do, and on what that stands; and the publications that things are cited from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from registry.domain.recorded import Recorded

Basis = Literal["lot result", "study", "literature"]


@dataclass(frozen=True, slots=True)
class CitedPublication:
    """A publication on record, by its DOI in small letters, and what cites it.

    ``title`` and ``year`` are empty and None where nobody here knows them. ``products`` are identifiers,
    ``indications`` and ``criteria`` IRIs. Nobody who wrote it is named.
    """

    doi: str
    title: str = ""
    year: int | None = None
    products: tuple[str, ...] = ()
    indications: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class ClaimEvidence:
    """One thing that a claim stands on.

    ``about`` is, by the basis: the IRI of the potency assay by which a lot shows it; a study's identifier; a DOI.
    ``evidence_type`` is the IRI of a class of the Evidence and Conclusion Ontology.
    """

    basis: Basis
    about: str
    evidence_type: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClaimWithdrawal:
    """The signed word that a claim no longer stands."""

    claim: str
    reason: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A signed claim: of a product (identifier) or a cell type (IRI), one of them, that it acts by a process (IRI)."""

    id: str
    process: str
    evidence: tuple[ClaimEvidence, ...]
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    product: str = ""
    cell_type: str = ""
    withdrawn: ClaimWithdrawal | None = None
    entry: Recorded | None = None

    def on(self, basis: Basis) -> tuple[ClaimEvidence, ...]:
        """The evidence of one basis."""
        return tuple(each for each in self.evidence if each.basis == basis)
