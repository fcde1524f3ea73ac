"""What the ontology says about a term, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from registry.domain import Interval

Kind = Literal["surface marker", "intracellular marker", "composite marker", "test"]
Sense = Literal["positive", "negative"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. ``label`` is its printed form. A value times ``factor`` is the value in the quantity's base unit."""

    iri: str
    label: str
    names: tuple[str, ...]
    quantity: str
    factor: Decimal


@dataclass(frozen=True, slots=True)
class Outcome:
    """A word that a result may be: ``negative``, ``46,XX``. ``names`` holds the label and the other printed forms."""

    iri: str
    label: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Characteristic:
    """What is measured. ``range`` is None when no number can be its result. Units are IRIs.

    ``evidence_for`` names the characteristics that a result of this one also bears on (HLA-DR on MHC II), and
    ``in_part_for`` those that it bears on and cannot show alone (HLA-DP). ``better`` is ``low`` or ``high``: the side
    on which a result is a good one, where there is one.
    """

    iri: str
    symbol: str
    label: str
    names: tuple[str, ...]
    kind: Kind
    range: Interval | None
    units: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    free_text: bool
    evidence_for: tuple[str, ...]
    xrefs: tuple[str, ...]
    better: str = ""
    in_part_for: tuple[str, ...] = ()

    @property
    def is_marker(self) -> bool:
        """True for what a flow cytometer counts as a percent of cells: surface and intracellular markers."""
        return self.kind in {"surface marker", "intracellular marker"}


@dataclass(frozen=True, slots=True)
class Cocktail:
    """A declared set of markers that are read as one figure. ``members`` are IRIs."""

    iri: str
    label: str
    members: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Population:
    """What a percentage is of. ``kind`` is ``live`` (the lot's live cells), ``all`` (living or not) or ``part``.

    ``within`` are the IRIs of those that it is a part of without choosing among their cells.
    """

    iri: str
    label: str
    names: tuple[str, ...]
    kind: str
    within: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A class of a borrowed ontology. ``parents`` are the direct superclasses, inferred ones included, as IRIs."""

    iri: str
    curie: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    obsolete: bool = False
    replaced_by: str | None = None
    xrefs: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    definition: str = ""


@dataclass(frozen=True, slots=True)
class IdentityMarker:
    """A marker that identifies a cell type, and the sense in which it does."""

    characteristic: str
    sense: Sense
