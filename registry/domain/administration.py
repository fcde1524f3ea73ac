"""What became of a lot's containers, and what was given to whom: values without a person.

A recipient is a pseudonymous code. It stands in the ledger's entry beside a salt, never in a record or in the graph; a
record names the administration by a key that does not lead to the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from registry.domain.recorded import Recorded

ContainerState = Literal["in stock", "reserved", "administered", "returned", "destroyed", "retained"]
CONTAINER_STATES: tuple[ContainerState, ...] = (
    "in stock", "reserved", "administered", "returned", "destroyed", "retained",
)  # fmt: skip
"""Made = in stock + reserved + administered + returned + destroyed + retained, at every moment (EU GMP Part IV)."""


@dataclass(frozen=True, slots=True)
class SiteDose:
    """Viable cells given at one site (an IRI)."""

    site: str
    cells: int


@dataclass(frozen=True, slots=True)
class ContainerMove:
    """Containers of a lot brought from one state into another, and why; ``numbers`` count from 1."""

    lot: str
    numbers: tuple[int, ...]
    state: ContainerState
    reason: str
    entry: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Administration:
    """A lot given to a recipient in an arm of a study.

    ``viability`` is percent, found last before use. ``deviation`` says why it was given although something stood
    against it; empty when nothing did. ``recipient`` is None for whoever may not see codes.
    """

    id: str
    lot: str
    study: str
    arm: str
    containers: tuple[int, ...]
    at: datetime
    sites: tuple[SiteDose, ...]
    thawed_at: datetime | None = None
    viability: Decimal | None = None
    deviation: str = ""
    recipient: str | None = None
    entry: Recorded | None = None

    @property
    def total(self) -> int:
        """Viable cells over all sites."""
        return sum(dose.cells for dose in self.sites)
