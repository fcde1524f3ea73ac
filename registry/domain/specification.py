"""What lots are held against: criteria, and how they depart from identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from registry.domain.words import Due, Operator, Rounding, Standing


@dataclass(frozen=True, slots=True)
class Criterion:
    """One characteristic held against one acceptance limit.

    ``low``/``high`` are the limits in ``unit``: ``>=``/``>`` use ``low``, ``<=``/``<`` use ``high``, ``range`` uses
    both, inclusive unless ``low_open``/``high_open``. ``one of`` uses ``outcomes`` (IRIs). ``group`` names an
    either/or group. ``stage`` is an IRI or None (any one stage). ``iri`` is the versioned criterion.

    ``source`` is empty where its author cites none.

    What evidence must say beside its value: ``method``, several in ``A | B``; ``duration``, the shortest in hours;
    ``window``, the greatest age in hours when judged. ``due`` after release: a lot may pass before the result is
    there, and fails when it comes out badly. ``inherited_from`` is the stage (an IRI) at which the lot that this one
    derives from may show it. ``population`` (an IRI) is what a percentage must be of; ``confidence``, between 0 and 1,
    the one-sided confidence with which counted events must show the limit (Clopper-Pearson); ``least_events`` how many
    events the percentage must at least be of. ``decimals`` are those that a result is rounded to, set only where the
    specification rounds to the limit. ``claim`` is the identifier of the claim that a potency criterion supports.
    """

    id: str
    iri: str
    characteristic: str
    label: str
    operator: Operator
    standing: Standing
    name: str
    description: str
    message: str
    source: str
    low: Decimal | None = None
    high: Decimal | None = None
    low_open: bool = False
    high_open: bool = False
    outcomes: tuple[str, ...] = ()
    unit: str | None = None
    stage: str | None = None
    group: str | None = None
    method: str | None = None
    justification: str | None = None
    duration: Decimal | None = None
    window: Decimal | None = None
    due: Due = "before release"
    inherited_from: str | None = None
    note: str | None = None
    decimals: int | None = None
    population: str | None = None
    confidence: Decimal | None = None
    least_events: int | None = None
    claim: str | None = None

    @property
    def low_is_excluded(self) -> bool:
        """Whether the lower limit itself fails: ``> 70``, and a range above 70. Every text of a limit asks this."""
        return self.low_open or self.operator == ">"

    @property
    def high_is_excluded(self) -> bool:
        """Whether the upper limit itself fails: ``< 0.1``, and a range to below 0.1."""
        return self.high_open or self.operator == "<"


@dataclass(frozen=True, slots=True)
class Departure:
    """One way in which a specification falls short of the identity its cell type asks for."""

    characteristic: str
    label: str
    kind: Literal["left out", "informative", "wrong side", "weaker limit"]
    message: str
    justification: str | None = None

    @property
    def waives(self) -> bool:
        """Whether the marker does not gate at all: nobody can approve that for cells of this type."""
        return self.kind != "weaker limit"

    def as_dict(self) -> dict[str, object]:
        """The shape of one item of ``departures`` in ``specification list``."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Specification:
    """A versioned list of criteria, and the SHACL graph it stands for (``ntriples``: its canonical bytes).

    ``omissions`` are the identity markers it leaves out on purpose: (characteristic IRI, written justification).
    ``cell_type`` and ``species`` are IRIs: what it is for. ``scope`` says in words what it is meant for and what not.
    ``published`` is True of one that is shipped as its source prints it: a fact to cite, not a judgement of ours.
    """

    id: str
    version: str
    iri: str
    title: str
    description: str
    source: str
    digest: str
    criteria: tuple[Criterion, ...]
    ntriples: bytes = field(repr=False)
    illustrative: bool = False
    departures: tuple[Departure, ...] = ()
    drafted_by: str = ""
    omissions: tuple[tuple[str, str], ...] = ()
    cell_type: str | None = None
    species: str | None = None
    scope: str = ""
    rounding: Rounding = "none"
    published: bool = False
