"""One manufactured batch, or what it comes from, as it was described."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from registry.domain.recorded import Recorded

LotKind = Literal["product lot", "cell bank", "cell line", "donor"]


@dataclass(frozen=True, slots=True)
class CellLine:
    """What registries of cell lines say of a line: its type and sex, what they call it, what is known against it.

    ``cellosaurus`` is an accession (CVCL_…), ``hpscreg`` a standard name, ``term`` the IRI of a Cell Line Ontology
    class. Each is empty while nobody has said it.
    """

    type: str = ""
    sex: str = ""
    cellosaurus: str = ""
    hpscreg: str = ""
    term: str = ""
    known_against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """One manufactured batch, or what it comes from: a cell bank, a cell line, a donor.

    ``recipient`` is the pseudonymous code of the one person an autologous lot is for. It is kept beside the record
    in the ledger's entry, never in the record, so that it does not reach the graph. ``usable_hours`` is for how long
    after thaw a container may be given; ``line`` is of a cell line alone.
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
    usable_hours: int | None = None
    line: CellLine | None = None
    entry: Recorded | None = None
