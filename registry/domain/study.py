"""What a product is tried for: a study as registries of studies hold it, its arms, and the dose of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from registry.domain.recorded import Recorded

EnrolmentType = Literal["actual", "estimated"]
OutcomeKind = Literal["primary", "secondary", "other"]


@dataclass(frozen=True, slots=True)
class Captured:
    """A value as one source gives it: captures of one study in several registries may differ, and each is kept."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Arm:
    """A group of recipients. ``dose_per_site`` is viable cells at each of ``sites`` (IRIs of Uberon terms).

    What one recipient gets is computed, never stored. ``concentration`` is viable cells per mL, None while nobody has
    published it.
    """

    id: str
    label: str
    dose_per_site: int
    sites: tuple[str, ...]
    concentration: int | None = None

    @property
    def total(self) -> int:
        """Viable cells for one recipient: the dose at every site."""
        return self.dose_per_site * len(self.sites)


@dataclass(frozen=True, slots=True)
class PlannedOutcome:
    """What a study says that it will measure, and when."""

    measure: str
    time_frame: str
    kind: OutcomeKind


@dataclass(frozen=True, slots=True)
class Publication:
    """Something published, by its DOI."""

    doi: str
    title: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Study:
    """A study. ``conditions`` and ``cell_type`` are IRIs; ``schedule_days`` are the days between two visits.

    ``sources`` says of each field where it was read; ``unknown`` names the fields that nobody has published.
    ``arms_without_dose`` are groups of whose dose no number was published: nobody can be given anything in them.
    ``captured`` is what sources say of any other field, word for word. No person is named anywhere: contacts are
    never kept.
    """

    id: str
    title: str
    acronym: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    phase: str = ""
    status: str = ""
    enrolment: int | None = None
    enrolment_type: EnrolmentType | None = None
    start: tuple[Captured, ...] = ()
    end: tuple[Captured, ...] = ()
    conditions: tuple[str, ...] = ()
    cell_type: str | None = None
    sponsor: str = ""
    places: tuple[str, ...] = ()
    arms: tuple[Arm, ...] = ()
    schedule_days: int | None = None
    outcomes: tuple[PlannedOutcome, ...] = ()
    eligibility: tuple[str, ...] = ()
    publications: tuple[Publication, ...] = ()
    unknown: tuple[str, ...] = ()
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""
    arms_without_dose: tuple[str, ...] = ()
    captured: Mapping[str, tuple[Captured, ...]] = field(default_factory=dict)
    entry: Recorded | None = None

    def arm(self, arm_id: str) -> Arm | None:
        """The arm of this id, without regard to case; None when there is none."""
        return next((arm for arm in self.arms if arm.id.casefold() == arm_id.casefold()), None)

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The fields of which captures differ."""
        fields = (("start", self.start), ("end", self.end), *sorted(self.captured.items()))
        return tuple(name for name, captures in fields if len({capture.value for capture in captures}) > 1)
