"""What comes out: evidence for each criterion, and the verdicts of criteria, groups and lots."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.domain.interval import Interval
from registry.domain.panel import Source
from registry.domain.words import CriterionOutcome, LotOutcome, Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """What bears on one criterion of one lot, derived from the lot's current results.

    Several may bear on the same criterion (replicates; HLA-DR beside MHC II): each is judged and the worst counts.
    ``present`` is False when there is no current result. ``interval`` is in the criterion's unit. ``note`` says
    why evidence that is there decides nothing (conflict, no unit conversion, several stages, a retest that
    nobody has accepted yet, a cocktail that contradicts its member). ``conflict`` is True when current results
    contradict each other: an either/or group does not pass over one. ``method`` is the criterion's when the result
    was obtained by it; ``duration`` and ``age`` (when judged) are in hours, None when nobody can tell. ``population``
    is the criterion's when the percentage is of it; ``confidence`` the criterion's when the interval is bounded with
    it, and ``events`` how many the percentage is of.
    """

    lot: str
    criterion: str
    present: bool
    interval: Interval | None = None
    outcome: str | None = None
    unit: str | None = None
    observed: str = ""
    note: str = ""
    sources: tuple[Source, ...] = ()
    derived_from: tuple[str, ...] = ()
    conflict: bool = False
    method: str | None = None
    duration: Decimal | None = None
    age: Decimal | None = None
    population: str | None = None
    confidence: Decimal | None = None
    events: int | None = None


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion judged: the verdict, what was expected, what was observed, and where it stands."""

    id: str
    characteristic: str
    standing: Standing
    verdict: CriterionOutcome
    expected: str
    observed: str | None
    source: Source | None
    group: str | None = None
    note: str = ""
    message: str = ""
    evidence: tuple[Evidence, ...] = ()
    due: bool = False
    iri: str = ""

    @property
    def rests_on(self) -> Evidence | None:
        """The evidence that decided: of several the first of the worst, whose ``observed`` and ``source`` these are."""
        return next((evidence for evidence in self.evidence if self._is_of(evidence)), None)

    def _is_of(self, evidence: Evidence) -> bool:
        return (evidence.observed or None) == self.observed and (
            evidence.sources[0] if evidence.sources else None
        ) == self.source


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """An either/or group judged: any member failing fails it, else any member passing passes it."""

    id: str
    members: tuple[str, ...]
    verdict: CriterionOutcome


@dataclass(frozen=True, slots=True)
class LotVerdict:
    """One lot judged against one specification. ``held`` lists the reference criteria not shown.

    ``due`` lists the criteria that are due after release and not there yet: they do not keep a lot from passing.
    """

    lot: str
    verdict: LotOutcome
    criteria: tuple[CriterionVerdict, ...]
    groups: tuple[GroupVerdict, ...] = ()
    held: tuple[str, ...] = ()
    due: tuple[str, ...] = ()
