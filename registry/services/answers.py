"""What the registry answers: plain values, each with ``as_dict`` for JSON.

Every surface (command line, HTTP, pages) shows these; none of them adds a judgement of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from registry.domain import CellLine, Departure, GroupVerdict
from registry.look_alikes import LookAlike
from registry.release import Condition, Reason
from registry.services.lots.evidence_view import CriterionAnswer, InForce, Origin, PanelAnswer, ResultAnswer


def plain(value: Any) -> Any:
    """JSON-ready form: times in UTC with Z, decimals as text, ``for_`` as ``for``."""
    if value is None or isinstance(value, str | int):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name.rstrip("_"): plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


class Answer:
    """Anything with fields that can be shown as JSON."""

    __slots__ = ()

    def as_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, under the same names."""
        answer: dict[str, Any] = plain(self)
        return answer


@dataclass(frozen=True, slots=True)
class TermRef:
    """An ontology term by CURIE and label: ``DOID:5426``, ``primary ovarian insufficiency``."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class InjectionAnswer:
    """The answer a clinician needs first.

    ``other_limits``: a sentence for each identity marker that is held to another limit than ISCT's 95 % or 2 %.
    """

    may_be_injected: bool
    state: str
    sentence: str
    for_: tuple[TermRef, ...]
    recipient_only: bool
    recipient: str | None
    until: datetime | None
    reasons: tuple[Reason, ...]
    condition: Condition | None
    other_limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IdentifierAnswer(Answer):
    """What others call a lot or product: by which scheme, in its one way of writing, and who recorded it when."""

    scheme: str
    label: str
    text: str
    position: int
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class ProductAnswer(Answer):
    """A product, its terms resolved, and the specifications approved for it, newest last.

    ``citation`` is the publication of one that is only cited: it is never released. ``awaiting`` are approvals that
    are in force only once a second member of the quality unit has signed the same version.
    """

    id: str
    iri: str
    label: str
    cell_type: TermRef
    source: str
    donor_relation: str
    species: str
    indications: tuple[TermRef, ...]
    study: str
    note: str
    approvals: tuple[ApprovalAnswer, ...] = ()
    lots: tuple[str, ...] = ()
    citation: str = ""
    awaiting: tuple[ApprovalAnswer, ...] = ()
    identifiers: tuple[IdentifierAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class ApprovalAnswer:
    """Which specification version is approved for a product, by whom, when, with what meaning."""

    specification: str
    version: str
    digest: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    justifications: tuple[tuple[str, str], ...]
    record: str


@dataclass(frozen=True, slots=True)
class SpecificationAnswer:
    """The specification that a lot is held against, with its departures from identity said openly."""

    id: str
    version: str
    iri: str
    title: str
    digest: str
    illustrative: bool
    departures: tuple[Departure, ...]
    approved_by: str | None
    approved_at: datetime | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class DecisionAnswer:
    """A signed decision (21 CFR 11.50), and whether its signature verifies (11.70).

    ``second_factor`` is what was given beside the password; empty for a password alone.
    """

    kind: str
    position: int
    at: datetime
    signed_by: str
    printed_name: str
    meaning: str
    reason: str
    specification: str | None
    specification_digest: str | None
    evidence: tuple[str, ...]
    ledger_size: int
    complete_by: datetime | None
    record: str
    signature_valid: bool
    second_factor: str


@dataclass(frozen=True, slots=True)
class ContaminantAdvice:
    """What a lot's markers point to beside what it should hold: advice, which changes no verdict.

    ``kind`` is ``suspected``, ``undecided`` (``would_decide`` names the markers to measure) or ``contradiction``.
    """

    kind: str
    points_to: tuple[TermRef, ...]
    sentence: str
    markers: tuple[str, ...]
    would_decide: tuple[str, ...]
    source: str
    stage: str | None


@dataclass(frozen=True, slots=True)
class ArmAnswer:
    """What a lot does for an arm of its study; ``supply``: suffices, does not suffice, not known.

    ``dose_per_site`` and ``total`` are viable cells, ``recipients`` those whom it serves for certain.
    """

    study: str
    arm: str
    label: str
    dose_per_site: int
    sites: tuple[TermRef, ...]
    total: int
    supply: str
    recipients: int | None
    containers_each: int | None
    millilitres_per_site: Decimal | None
    why: str


@dataclass(frozen=True, slots=True)
class LotAnswer(Answer):
    """What a lot's page shows; ``held`` (criteria) and ``unaccepted`` (retests, corrections) wait to be accepted."""

    lot: str
    iri: str
    kind: str
    synthetic: bool
    note: str
    answer: InjectionAnswer
    product: ProductAnswer | None
    passage: int | None
    manufactured_on: date | None
    expires_at: datetime | None
    containers: int | None
    storage: str
    specification: SpecificationAnswer | None
    verdict: str | None
    criteria: tuple[CriterionAnswer, ...]
    groups: tuple[GroupVerdict, ...]
    held: tuple[str, ...]
    not_judged: tuple[ResultAnswer, ...]
    panels: tuple[PanelAnswer, ...]
    decisions: tuple[DecisionAnswer, ...]
    derived_from: tuple[Origin, ...]
    descendants: tuple[str, ...]
    ledger_size: int
    at: datetime
    advice_on_contaminants: tuple[ContaminantAdvice, ...] = ()
    due: tuple[str, ...] = ()
    look_alikes: tuple[LookAlike, ...] = ()
    unaccepted: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    in_force: InForce | None = None
    usable_hours: int | None = None
    line: CellLine | None = None
    arms: tuple[ArmAnswer, ...] = ()
    identifiers: tuple[IdentifierAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class LotLine(Answer):
    """A lot in a list. ``short_of`` are the gating criteria that its evidence does not show.

    ``other_limits`` are as in the lot's answer, whatever its state. ``since`` is when the newest entry about it was
    made.
    """

    lot: str
    kind: str
    product: str | None
    product_label: str
    state: str
    may_be_injected: bool
    verdict: str | None
    until: datetime | None
    sentence: str
    short_of: tuple[str, ...] = ()
    panels: int = 0
    made: str | None = None
    condition: Condition | None = None
    other_limits: tuple[str, ...] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine(Answer):
    """One ledger entry about a lot, in words."""

    position: int
    at: datetime
    kind: str
    actor: str
    summary: str
    record: str | None
    panel: str | None
    file: str | None
