"""One manufactured batch, or what it comes from, as it was described."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from registry.domain.recorded import Recorded

LotKind = Literal["product lot", "cell bank", "cell line", "donor"]


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
