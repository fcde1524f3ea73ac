"""Who recorded something, when, and where in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """Who recorded something, when, and where in the ledger."""

    position: int
    at: datetime
    actor: str
    record: str
