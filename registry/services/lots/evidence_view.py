"""What a lot's page says of its evidence: criteria, results, panels, and where the lot comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.domain import NotRead, Source


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    """One criterion judged, with the numbers that a picture of it needs (all in the criterion's unit)."""

    id: str
    characteristic: str
    name: str
    message: str
    standing: str
    verdict: str
    expected: str
    observed: str | None
    source: Source | None
    group: str | None
    note: str
    low: Decimal | None
    high: Decimal | None
    low_open: bool
    high_open: bool
    unit: str
    limit_low: Decimal | None
    limit_high: Decimal | None
    range_low: Decimal | None
    range_high: Decimal | None
    cocktail: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """The specification in force, where it is not the one that the lot's release names, and the lot does not pass it.

    ``fails`` and ``not_shown`` are characteristics; ``message`` says it in a sentence.
    """

    id: str
    version: str
    digest: str
    verdict: str
    fails: tuple[str, ...]
    not_shown: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class ResultAnswer:
    """One result as printed."""

    iri: str | None
    characteristic: str
    label: str
    printed: str
    unit: str
    stage: str | None
    source: Source
    relation: str | None
    supersedes: str | None
    reason: str | None
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class WithdrawalAnswer:
    """Why a panel was taken back."""

    reason: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """A panel: who submitted it, when, from which file, and what of that was judged by nothing."""

    panel: str
    iri: str
    record: str
    position: int
    at: datetime
    actor: str
    stage: str | None
    file: str | None
    file_name: str
    withdrawn: WithdrawalAnswer | None
    results: tuple[ResultAnswer, ...]
    not_read: tuple[NotRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Something a lot derives from, and what it derives from in turn."""

    lot: str
    kind: str
    state: str
    reasons: tuple[str, ...]
    derived_from: tuple[Origin, ...]
