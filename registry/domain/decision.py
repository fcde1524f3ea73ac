"""The signed words of the quality unit: decisions on a lot, approvals of specifications, acceptances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from registry.domain.recorded import Recorded

DecisionKind = Literal["release", "conditional release", "rejection", "hold", "hold lifted", "recall", "OOS supply"]
RELEASES: frozenset[str] = frozenset({"release", "conditional release"})
"""The decisions by which a lot may be injected, as long as they stand."""
FINAL: frozenset[str] = frozenset({"rejection", "recall"})
"""The decisions after which a lot is never injected."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A signed word of the quality unit on one lot (21 CFR 11.50: printed name, time, meaning).

    ``complete_by`` is of a conditional release alone: the time by which what is due after release must be there.
    ``request`` and ``risk`` are of a supply out of specification alone: what the treating physician asked for, and the
    evaluation of the risk that the physician was given and accepted (EU GMP Part IV, 11.53 and 11.54).
    ``signed_for`` are the diseases that a release was signed for, each as it was named then: ``DOID:8398
    osteoarthritis``. Names move between ids; what was signed does not.
    """

    kind: DecisionKind
    lot: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    reason: str = ""
    specification: str | None = None
    specification_digest: str | None = None
    evidence: tuple[str, ...] = ()
    ledger_size: int = 0
    complete_by: datetime | None = None
    request: str = ""
    risk: str = ""
    signed_for: tuple[str, ...] = ()
    entry: Recorded | None = None

    @property
    def indications(self) -> tuple[tuple[str, str], ...]:
        """Each disease that a release was signed for: its short id, and its name at that time."""
        return tuple(named.partition(" ")[::2] for named in self.signed_for)

    @property
    def releases(self) -> bool:
        """True for a release and for a conditional release."""
        return self.kind in RELEASES


def in_force(decisions: Sequence[Decision]) -> Decision | None:
    """The newest decision; where more was put on hold than was lifted, the hold that is left.

    Each hold has its own reason, and is lifted by a signature of its own: two persons may have held a bank for two.
    A supply out of specification is none of these: it changes nothing of what was decided, and stands beside it.
    """
    decisions = [each for each in decisions if each.kind != "OOS supply"]
    if not decisions or decisions[-1].kind != "hold lifted":
        return decisions[-1] if decisions else None
    holds: list[Decision] = []
    for decision in decisions:
        if decision.kind == "hold":
            holds.append(decision)
        elif decision.kind != "hold lifted":
            holds.clear()
        elif holds:
            holds.pop()
    return holds[-1] if holds else decisions[-1]


@dataclass(frozen=True, slots=True)
class Approval:
    """A specification version approved for a product, with the justification of each departure from identity.

    ``awaits_second`` is of one that holds other limits than ISCT's and that nobody else had signed before: it is in
    force only once a second member of the quality unit has approved the same version.
    """

    product: str
    specification: str
    version: str
    digest: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    justifications: tuple[tuple[str, str], ...] = ()
    awaits_second: bool = False
    entry: Recorded | None = None


def approvals_in_force(approvals: Sequence[Approval]) -> tuple[Approval, ...]:
    """Those that count, oldest first: not one that still awaits a second member, nor the first of two."""
    return tuple(approval for approval in approvals if not approval.awaits_second)


def still_awaiting(approvals: Sequence[Approval]) -> tuple[Approval, ...]:
    """Those after the newest one in force that await a second member, oldest first."""
    newest = max((place for place, approval in enumerate(approvals) if not approval.awaits_second), default=-1)
    return tuple(approvals[newest + 1 :])


def first_of_two(approvals: Sequence[Approval], digest: str, signer: str) -> Approval | None:
    """The approval of the same version by another member that this signer would complete; None when there is none."""
    for approval in reversed(approvals):
        if not approval.awaits_second:
            return None
        if approval.digest == digest and approval.signed_by.casefold() != signer.casefold():
            return approval
    return None


@dataclass(frozen=True, slots=True)
class TrailReview:
    """A member's word that what changed of a lot's data, up to ``ledger_size`` entries, was reviewed (Annex 11, 9)."""

    lot: str
    ledger_size: int
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The quality unit's word that a retest counts, or that a held reference criterion may pass; with its reason."""

    lot: str
    accepts: str
    reason: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    entry: Recorded | None = None
