"""What is answered of containers and of what was given; a recipient's code only to whoever may see it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from registry.accounts import Actor, Permission, may
from registry.domain import Administration
from registry.identifiers import Names
from registry.services.answers import Answer, TermRef
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class GivenAtSite:
    """Viable cells given at one site."""

    site: TermRef
    cells: str


@dataclass(frozen=True, slots=True)
class AdministrationAnswer(Answer):
    """What was given. ``recipient`` is None for whoever may not see codes; ``against`` stood against it then.

    ``cells`` and ``total`` are viable cells in plain digits; ``minutes_since_thaw`` is None when nobody said when.
    ``state`` is what the lot is now.
    """

    administration: str
    iri: str
    lot: str
    study: str
    arm: str
    containers: tuple[int, ...]
    at: datetime
    sites: tuple[GivenAtSite, ...]
    total: str
    thawed_at: datetime | None
    minutes_since_thaw: int | None
    viability: Decimal | None
    deviation: str
    against: tuple[str, ...]
    recipient: str | None
    recorded_by: str
    recorded_at: datetime
    record: str
    position: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Balance(Answer):
    """Where a lot's containers are: made is all of them together. ``of`` numbers those that are not in stock."""

    lot: str
    made: int | None
    in_stock: int | None
    reserved: int
    administered: int
    returned: int
    destroyed: int
    retained: int
    numbers: dict[str, tuple[int, ...]]

    @property
    def adds_up(self) -> bool:
        """Whether made is what is in all states together; of a lot that says no number nothing can be said."""
        away = self.reserved + self.administered + self.returned + self.destroyed + self.retained
        return self.made is not None and self.made == (self.in_stock or 0) + away


def sees_recipients(viewer: Actor | None) -> bool:
    """Whether whoever looks may see recipients' codes; nobody who is not signed in may."""
    return viewer is not None and may(viewer, Permission.SEE_RECIPIENTS)


def administration_answer(
    given: Administration,
    against: Iterable[str],
    terms: Terms,
    names: Names,
    viewer: Actor | None,
    state: str = "",
) -> AdministrationAnswer:
    """What was given, with its terms resolved, as ``viewer`` may see it."""
    thawed, entry = given.thawed_at, given.entry
    return AdministrationAnswer(
        administration=given.id,
        iri=names.administration(given.id),
        lot=given.lot,
        study=given.study,
        arm=given.arm,
        containers=given.containers,
        at=given.at,
        sites=tuple(
            GivenAtSite(TermRef(terms.curie(dose.site), terms.name(dose.site)), str(dose.cells)) for dose in given.sites
        ),
        total=str(given.total),
        thawed_at=thawed,
        minutes_since_thaw=int((given.at - thawed).total_seconds() // 60) if thawed is not None else None,
        viability=given.viability,
        deviation=given.deviation,
        against=tuple(against),
        recipient=given.recipient if sees_recipients(viewer) else None,
        recorded_by=entry.actor if entry else "",
        recorded_at=entry.at if entry else given.at,
        record=entry.record if entry else "",
        position=entry.position if entry else 0,
        state=state,
    )
