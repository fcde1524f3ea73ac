"""What is known about a lot from the ledger, as plain values: the input of every decision.

``lots`` fills these in from the ledger; ``release`` judges them. Neither needs the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from registry.domain.decision import FINAL, Acceptance, Approval, Decision, in_force
from registry.domain.lot import Lot, LotKind
from registry.domain.panel import NotRead, Result
from registry.domain.product import Product
from registry.domain.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A panel taken back, and why."""

    panel: str
    reason: str
    entry: Recorded


@dataclass(frozen=True, slots=True)
class PanelOnRecord:
    """A panel as it stands in the ledger: its results carry their IRIs.

    ``not_read`` is what stood in its file and was judged by nothing: the panel's own, and the whole file's.
    """

    id: str
    lot: str
    stage: str | None
    results: tuple[Result, ...]
    file: str | None
    file_name: str
    entry: Recorded
    withdrawn: Withdrawal | None = None
    not_read: tuple[NotRead, ...] = ()


@dataclass(frozen=True, slots=True)
class Ancestor:
    """Something a lot derives from, however far back: its decision in force, or None when there is none.

    ``sex`` is a cell line's as it is recorded; empty where nobody said.
    """

    id: str
    kind: LotKind
    decision_in_force: Decision | None
    sex: str = ""


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
        changes += [acceptance.entry for acceptance in self.acceptances if acceptance.entry is not None]
        return tuple(sorted(changes, key=lambda entry: entry.position))

    @property
    def evidence_positions(self) -> tuple[int, ...]:
        """Where in the ledger the lot's evidence changed."""
        return tuple(entry.position for entry in self.evidence_changes)

    def as_of(self, position: int) -> LotFacts:
        """The same facts with the evidence as it stood after this entry of the ledger."""
        panels = tuple(
            panel
            if panel.withdrawn is None or panel.withdrawn.entry.position <= position
            else replace(panel, withdrawn=None)
            for panel in self.panels
            if panel.entry.position <= position
        )
        kept = tuple(
            acceptance
            for acceptance in self.acceptances
            if acceptance.entry is not None and acceptance.entry.position <= position
        )
        return replace(self, panels=panels, acceptances=kept)

    @property
    def accepted(self) -> frozenset[str]:
        """IRIs of the retests and criteria that the quality unit has accepted."""
        return frozenset(acceptance.accepts for acceptance in self.acceptances)

    @property
    def origin_names(self) -> tuple[str, ...]:
        """The lots that a criterion may be inherited from: parents that are product lots, else those that are banks."""
        kinds = {ancestor.id.casefold(): ancestor.kind for ancestor in self.ancestors}
        parents = [parent for parent in self.lot.derived_from if parent not in self.missing_ancestors]
        lots = tuple(parent for parent in parents if kinds.get(parent.casefold()) == "product lot")
        return lots or tuple(parent for parent in parents if kinds.get(parent.casefold()) == "cell bank")

    @property
    def unaccepted(self) -> tuple[Result, ...]:
        """The retests and corrections that name a result which counts, and that the quality unit has not accepted."""
        counting = {result.iri for result in self.results}
        return tuple(
            result
            for result in self.results
            if result.relation in ("retest", "correction")
            and result.supersedes in counting
            and result.iri is not None
            and result.iri not in self.accepted
        )

    @property
    def decision_in_force(self) -> Decision | None:
        """The decision on the lot itself that is in force; see ``in_force``."""
        return in_force(self.decisions)

    @property
    def supply(self) -> Decision | None:
        """The newest supply out of specification; None when the lot was never supplied so."""
        return next((each for each in reversed(self.decisions) if each.kind == "OOS supply"), None)

    @property
    def settled_by(self) -> Decision | None:
        """The decision that settled by which specification the lot is judged; None while none did.

        A release names one, and the lot keeps to it while the release is its newest decision, and for good once it is
        rejected or recalled. Of a lot that nobody had released it is the first rejection or recall: what was approved
        for the product then. What is approved later says nothing of why the lot was decided on as it was.
        """
        newest = self.decision_in_force
        if newest is None or newest.releases:
            return newest
        if newest.kind not in FINAL:
            return None
        released = [decision for decision in self.decisions if decision.releases]
        return released[-1] if released else next(decision for decision in self.decisions if decision.kind in FINAL)

    @property
    def on_condition(self) -> Decision | None:
        """The conditional release that still waits for something to be known, or None.

        A hold does not end it, for containers may have been injected before; another release, a rejection and a recall
        do.
        """
        for decision in reversed(self.decisions):
            if decision.kind in FINAL or decision.kind == "release":
                return None
            if decision.kind == "conditional release":
                return decision
        return None


def with_withdrawals(panels: Iterable[PanelOnRecord], withdrawals: Iterable[Withdrawal]) -> tuple[PanelOnRecord, ...]:
    """The panels in the ledger's order, each with its withdrawal; what was submitted again after that stands."""
    by_id = {panel.id: panel for panel in panels}
    for withdrawal in withdrawals:
        panel = by_id[withdrawal.panel]
        if withdrawal.entry.position > panel.entry.position:
            by_id[panel.id] = replace(panel, withdrawn=withdrawal)
    return tuple(by_id.values())
