"""What is known about a lot from the ledger, as plain values: the input of every decision.

``lots`` fills these in from the ledger; ``release`` judges them. Neither needs the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from registry.model import Result

LotKind = Literal["product lot", "cell bank", "cell line", "donor"]
DonorRelation = Literal["allogeneic", "autologous"]
DecisionKind = Literal["release", "conditional release", "rejection", "hold", "hold lifted", "recall", "OOS supply"]
RELEASES: frozenset[str] = frozenset({"release", "conditional release"})
"""The decisions by which a lot may be injected, as long as they stand."""
FINAL: frozenset[str] = frozenset({"rejection", "recall"})
"""The decisions after which a lot is never injected."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who recorded something, when, and where in the ledger."""

    position: int
    at: datetime
    actor: str
    record: str


@dataclass(frozen=True, slots=True)
class Product:
    """What is made. ``cell_type``, ``species`` and ``indications`` are IRIs; ``source`` is a CURIE or words."""

    id: str
    label: str
    cell_type: str
    source: str
    donor_relation: DonorRelation
    species: str
    indications: tuple[str, ...] = ()
    study: str = ""
    note: str = ""
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """One manufactured batch, or what it comes from: a cell bank, a cell line, a donor.

    ``recipient`` is the pseudonymous code of the one person an autologous lot is for. It is kept beside the record
    in the ledger's entry, never in the record, so that it does not reach the graph.
    """

    id: str
    kind: LotKind = "product lot"
    product: str | None = None
    passage: int | None = None
    manufactured_on: date | None = None
    expires_at: datetime | None = None
    containers: int | None = None
    storage: str = ""
    derived_from: tuple[str, ...] = ()
    recipient: str | None = None
    synthetic: bool = False
    note: str = ""
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A panel taken back, and why."""

    panel: str
    reason: str
    entry: Recorded


@dataclass(frozen=True, slots=True)
class PanelOnRecord:
    """A panel as it stands in the ledger: its results carry their IRIs."""

    id: str
    lot: str
    stage: str | None
    results: tuple[Result, ...]
    file: str | None
    file_name: str
    entry: Recorded
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A signed word of the quality unit on one lot (21 CFR 11.50: printed name, time, meaning).

    ``complete_by`` is of a conditional release alone: the time by which what is due after release must be there.
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
    entry: Recorded | None = None

    @property
    def releases(self) -> bool:
        """True for a release and for a conditional release."""
        return self.kind in RELEASES


def in_force(decisions: Sequence[Decision]) -> Decision | None:
    """The newest decision; where more was put on hold than was lifted, the hold that is left.

    Each hold has its own reason, and is lifted by a signature of its own: two persons may have held a bank for two.
    """
    if not decisions or decisions[-1].kind != "hold lifted":
        return decisions[-1] if decisions else None
    holds: list[Decision] = []
    for one in decisions:
        if one.kind == "hold":
            holds.append(one)
        elif one.kind != "hold lifted":
            holds.clear()
        elif holds:
            holds.pop()
    return holds[-1] if holds else decisions[-1]


@dataclass(frozen=True, slots=True)
class Approval:
    """A specification version approved for a product, with the justification of each departure from identity."""

    product: str
    specification: str
    version: str
    digest: str
    signed_by: str
    printed_name: str
    signed_at: datetime
    meaning: str
    justifications: tuple[tuple[str, str], ...] = ()
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


@dataclass(frozen=True, slots=True)
class Ancestor:
    """Something a lot derives from, however far back: its decision in force, or None when there is none."""

    id: str
    kind: LotKind
    newest: Decision | None


@dataclass(frozen=True, slots=True)
class LotFacts:
    """Everything the ledger says of one lot up to ``size`` entries. ``heads`` pins it (see ``ledger.append``)."""

    lot: Lot
    product: Product | None
    approval: Approval | None
    panels: tuple[PanelOnRecord, ...]
    decisions: tuple[Decision, ...]
    acceptances: tuple[Acceptance, ...]
    ancestors: tuple[Ancestor, ...]
    missing_ancestors: tuple[str, ...]
    size: int
    heads: Mapping[tuple[str, str], int]

    @property
    def current_panels(self) -> tuple[PanelOnRecord, ...]:
        """Panels not withdrawn."""
        return tuple(panel for panel in self.panels if panel.withdrawn is None)

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of the current panels, in ledger order."""
        return tuple(result for panel in self.current_panels for result in panel.results)

    @property
    def evidence_changes(self) -> tuple[Recorded, ...]:
        """When the lot's evidence changed, in the ledger's order: panels, withdrawals, acceptances."""
        changes = [panel.entry for panel in self.panels]
        changes += [panel.withdrawn.entry for panel in self.panels if panel.withdrawn is not None]
        changes += [one.entry for one in self.acceptances if one.entry is not None]
        return tuple(sorted(changes, key=lambda one: one.position))

    @property
    def evidence_positions(self) -> tuple[int, ...]:
        """Where in the ledger the lot's evidence changed."""
        return tuple(one.position for one in self.evidence_changes)

    def as_of(self, position: int) -> LotFacts:
        """The same facts with the evidence as it stood after this entry of the ledger."""
        panels = tuple(
            panel
            if panel.withdrawn is None or panel.withdrawn.entry.position <= position
            else replace(panel, withdrawn=None)
            for panel in self.panels
            if panel.entry.position <= position
        )
        kept = tuple(one for one in self.acceptances if one.entry is not None and one.entry.position <= position)
        return replace(self, panels=panels, acceptances=kept)

    @property
    def accepted(self) -> frozenset[str]:
        """IRIs of the retests and criteria that the quality unit has accepted."""
        return frozenset(acceptance.accepts for acceptance in self.acceptances)

    @property
    def unaccepted(self) -> tuple[Result, ...]:
        """The retests and corrections that name a result which counts, and that the quality unit has not accepted."""
        counting = {one.iri for one in self.results}
        return tuple(
            one
            for one in self.results
            if one.relation in ("retest", "correction")
            and one.supersedes in counting
            and one.iri is not None
            and one.iri not in self.accepted
        )

    @property
    def newest(self) -> Decision | None:
        """The decision on the lot itself that is in force; see ``in_force``."""
        return in_force(self.decisions)

    @property
    def settled_by(self) -> Decision | None:
        """The decision that settled by which specification the lot is judged; None while none did.

        A release names one, and the lot keeps to it while the release is its newest decision, and for good once it is
        rejected or recalled. Of a lot that nobody had released it is the first rejection or recall: what was approved
        for the product then. What is approved later says nothing of why the lot was decided on as it was.
        """
        newest = self.newest
        if newest is None or newest.releases:
            return newest
        if newest.kind not in FINAL:
            return None
        released = [one for one in self.decisions if one.releases]
        return released[-1] if released else next(one for one in self.decisions if one.kind in FINAL)

    @property
    def on_condition(self) -> Decision | None:
        """The conditional release that still waits for something to be known, or None.

        A hold does not end it, for containers may have been injected before; another release, a rejection and a recall
        do.
        """
        for one in reversed(self.decisions):
            if one.kind in FINAL or one.kind == "release":
                return None
            if one.kind == "conditional release":
                return one
        return None
