"""What the services that are not converted yet are composed of; it goes with the last of them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from registry.accounts import Accounts
from registry.domain import Departure, LotFacts, LotVerdict, Product, Specification
from registry.identifiers import Names
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.services.lot_state import LotState, LotStates
from registry.services.ontologies.current import Current
from registry.services.verdict_cache import VerdictCache
from registry.specifications import departures_of
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Parts:
    """The rooms that the registry composes. One instance serves all threads of a process."""

    directory: Path
    current: Current
    ledger: Ledger
    accounts: Accounts
    names: Names
    lots: LotReader
    states: LotStates
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def terms(self) -> Terms:
        """The terms as the current releases of the ontologies say them."""
        return self.current.terms

    @property
    def verdicts(self) -> VerdictCache:
        """The verdicts that are known."""
        return self.states.known

    def specification(self, digest: str) -> Specification:
        """The specification of this digest as it was approved, read from the ledger."""
        return self.lots.specification(digest)

    def judge(self, facts: LotFacts, against: Specification) -> LotVerdict:
        """The current evidence of one lot judged by one specification."""
        return self.states.verdict(facts, against)

    def departures(
        self, against: Specification, product: Product | None, reasons: Mapping[str, str]
    ) -> tuple[Departure, ...]:
        """How a specification falls short of the identity of the product's cell type, each with its justification."""
        return departures_of(against, product, self.terms, reasons)

    def judged(self, lot: str, at: datetime | None = None) -> LotState:
        """Everything known and judged of one lot, now or at an earlier time of the ledger; raises Unknown."""
        return self.states.one(lot, at)
