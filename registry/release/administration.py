"""May this lot be given to this recipient at this minute, and does what is given add up: every reason at once.

    against(asked)      # () when nothing stands against it

Cells are counted per site: the arm of a study says how many viable cells each site gets, and the containers must hold
at least the sum, at the viability that was found last before use. Nothing here reads a ledger, a graph or the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from registry.domain import Administration, Arm, Study
from registry.instants import moment
from registry.release.containers import Stock
from registry.release.lot_status import Status

TOLERANCE = timedelta(minutes=5)
"""How far a clinic's clock may be ahead of the registry's."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is known when somebody asks: what is to be given, the lot's answer, containers, study, and the recipient.

    ``status`` is the lot's at ``administration.at``, ``cells`` the least number of viable cells that one container
    holds (of all cells, when ``cells_are_viable`` is False), ``thaw_limit`` how long after thaw the lot may be used,
    ``made_for`` the one recipient of an autologous lot. Each is None while nobody has recorded it.
    """

    administration: Administration
    status: Status
    stock: Stock
    now: datetime
    expires_at: datetime | None = None
    study: Study | None = None
    product_study: str = ""
    cells: Decimal | None = None
    cells_are_viable: bool = True
    thaw_limit: timedelta | None = None
    autologous: bool = False
    made_for: str | None = None


def against(given: Given) -> tuple[str, ...]:
    """Everything that stands against giving it, in sentences; empty when nothing does."""
    every = (_state, _containers, _time, _arm, _cells, _recipient)
    return tuple(dict.fromkeys(sentence for rule in every for sentence in rule(given)))


def _state(given: Given) -> Iterator[str]:
    if not given.status.may_be_injected:
        yield f"The lot {given.administration.lot} must not be injected: it is {given.status.state}."
        yield from (reason.message for reason in given.status.reasons)


def _containers(given: Given) -> Iterator[str]:
    yield from given.stock.refused(given.administration.containers, "administered")
    if given.stock.made is None:
        yield "The lot does not say how many containers were made, so that they cannot be accounted for."


def _time(given: Given) -> Iterator[str]:
    asked = given.administration
    if given.expires_at is not None and asked.at >= given.expires_at:
        yield f"The lot expired at {moment(given.expires_at)}, before it was given at {moment(asked.at)}."
    if asked.thawed_at is None:
        if given.thaw_limit is not None:
            yield f"It is not said when it was thawed; it may be used for {_hours(given.thaw_limit)} after."
        return
    if asked.thawed_at > asked.at:
        yield f"It was given at {moment(asked.at)}, before it was thawed at {moment(asked.thawed_at)}."
    elif given.thaw_limit is not None and asked.at - asked.thawed_at > given.thaw_limit:
        since = asked.at - asked.thawed_at
        yield f"It was thawed {_hours(since)} before; it may be used for {_hours(given.thaw_limit)} after."


def _hours(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"


def _arm(given: Given) -> Iterator[str]:
    asked, study = given.administration, given.study
    if given.product_study and given.product_study.casefold() != asked.study.casefold():
        yield f"The lot's product is made for the study {given.product_study}, not for {asked.study}."
    if study is None:
        yield f"There is no study {asked.study} in this registry, so that the dose cannot be compared."
        return
    arm = study.arm(asked.arm)
    if arm is None:
        yield f"The study {study.id} has no arm {asked.arm}: {', '.join(each.id for each in study.arms) or 'none'}."
        return
    yield from _dose(asked, arm)


def _dose(asked: Administration, arm: Arm) -> Iterator[str]:
    sites = [dose.site for dose in asked.sites]
    yield from (f"The site {_name(site)} is named twice." for site in sorted({s for s in sites if sites.count(s) > 1}))
    yield from (f"The arm {arm.id} gives nothing at {_name(site)}." for site in sorted(set(sites) - set(arm.sites)))
    for site in arm.sites:
        if site not in sites:
            yield f"The arm {arm.id} gives {plain(arm.dose_per_site)} viable cells at {_name(site)}; none is said here."
    for dose in asked.sites:
        if dose.site in arm.sites and dose.cells != arm.dose_per_site:
            yield (
                f"The arm {arm.id} gives {plain(arm.dose_per_site)} viable cells per site, not {plain(dose.cells)} "
                f"({_name(dose.site)})."
            )


def _cells(given: Given) -> Iterator[str]:
    asked = given.administration
    if any(dose.cells <= 0 for dose in asked.sites) or not asked.sites:
        yield "The viable cells at each site are not said."
        return
    viable = viable_cells(given)
    if viable is None and given.cells is not None:
        yield "The viability before use is not said, and what is on record of a container counts dead cells too."
    elif viable is None:
        yield "How many viable cells a container holds is not on record, so that the dose cannot be shown."
    elif viable < asked.total:
        yield (
            f"{_number(len(asked.containers))} {_hold(len(asked.containers))} {plain(int(viable))} viable cells; "
            f"{plain(asked.total)} are said to be given over {len(asked.sites)} sites."
        )


def viable_cells(given: Given) -> Decimal | None:
    """The least number of viable cells that the named containers hold; None while that cannot be said.

    What was counted living counts as it is; what was counted living or not counts at the viability before use.
    """
    if given.cells is None:
        return None
    number = len(set(given.administration.containers)) * given.cells
    if given.cells_are_viable:
        return number
    viability = given.administration.viability
    return None if viability is None else number * viability / 100


def _recipient(given: Given) -> Iterator[str]:
    if not given.autologous:
        return
    if given.made_for is None:
        yield "The product is autologous and the lot names no recipient."
    elif given.administration.recipient != given.made_for:
        yield "The lot was made for one recipient, and this is another."


def early(given: Given) -> bool:
    """Whether it is said to be given in the future: what has not happened is not recorded."""
    return given.administration.at > given.now + TOLERANCE


def plain(number: int) -> str:
    """A number of cells in plain digits, by thousands: ``2 000 000``."""
    return f"{number:,}".replace(",", " ")


def _number(count: int) -> str:
    return "The container" if count == 1 else f"The {count} containers"


def _hold(count: int) -> str:
    return "holds at least" if count == 1 else "hold at least"


def _name(site: str) -> str:
    return site.rpartition("/")[2].replace("_", ":")
