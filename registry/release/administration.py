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

    ``status`` is the lot's as it was answered at ``administration.at``, ``status_now`` as it is when it is entered.
    ``viable`` and ``cells`` are the least numbers of viable cells, and of all cells, that one container is known to
    hold, ``thaw_limit`` how long after thaw the lot may be used, ``made_for`` the one recipient of an autologous lot
    or of a supply out of specification (``supplied``). Each is None while nobody has recorded it.
    """

    administration: Administration
    status: Status | None
    status_now: Status
    stock: Stock
    now: datetime
    expires_at: datetime | None = None
    study: Study | None = None
    product_study: str = ""
    viable: Decimal | None = None
    cells: Decimal | None = None
    thaw_limit: timedelta | None = None
    for_one: bool = False
    made_for: str | None = None
    supplied: bool = False


def against(given: Given) -> tuple[str, ...]:
    """Everything that stands against giving it, in sentences; empty when nothing does."""
    every = (_state, _containers, _time, _arm, _cells, _recipient)
    return tuple(dict.fromkeys(sentence for rule in every for sentence in rule(given)))


def _state(given: Given) -> Iterator[str]:
    """Released when it was given, and still: what was entered in between is told as well."""
    lot = given.administration.lot
    if given.status is None:
        yield f"Nothing was on record of {lot} at {moment(given.administration.at)}."
    then = given.status if given.status != given.status_now else None
    for when, status in (("was", then), ("is", given.status_now)):
        if status is None or _let_out(status, given):
            continue
        yield f"The lot {lot} must not be injected: it {when} {status.state}."
        yield from (reason.message for reason in status.reasons)


def _let_out(status: Status, given: Given) -> bool:
    """Whether a lot is released, or nothing stands against it but that it is supplied out of specification."""
    if status.may_be_injected:
        return True
    known = all(reason.code != "unknown origin" for reason in status.reasons)
    return given.supplied and known and status.state in {"not released", "suspended"}


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

    What was counted living counts as it is; what was counted living or not counts at the viability before use. Where
    both are on record the lower counts.
    """
    viability = given.administration.viability
    at_viability = given.cells * viability / 100 if given.cells is not None and viability is not None else None
    known = [cells for cells in (given.viable, at_viability) if cells is not None]
    return min(known) * len(set(given.administration.containers)) if known else None


def _recipient(given: Given) -> Iterator[str]:
    if not given.for_one and not given.supplied:
        return
    if given.made_for is None:
        yield "The lot is for one recipient, and it is not said for whom."
    elif given.administration.recipient != given.made_for:
        yield "The lot is for one recipient, and this is another."


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
