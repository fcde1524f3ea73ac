"""What is made: a product, as it was described."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from registry.domain.recorded import Recorded

DonorRelation = Literal["allogeneic", "autologous"]


@dataclass(frozen=True, slots=True)
class Product:
    """What is made. ``cell_type``, ``species`` and ``indications`` are IRIs; ``source`` is a CURIE or words.

    ``citation`` is the publication of a product that is only cited here: its lots are judged, and never released.
    """

    id: str
    label: str
    cell_type: str
    source: str
    donor_relation: DonorRelation
    species: str
    indications: tuple[str, ...] = ()
    study: str = ""
    note: str = ""
    citation: str = ""
    entry: Recorded | None = None
