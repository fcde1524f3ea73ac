"""For which arms of its study a lot suffices, and for how many recipients: whole containers, exact arithmetic.

A container is given once, to one recipient: what is left in it serves nobody else. So a recipient needs
``ceil(sites × dose / viable cells a container)`` containers. Where the viable cells are known between bounds, a lot
suffices only if it does at the lower one, and does not only if it fails at the upper one; what is not known is said,
and never guessed.

Example: 12 containers of 24 000 000 viable cells serve 12 recipients of 10 000 000 in each of two ovaries.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from registry.domain import Arm, Interval

Supply = Literal["suffices", "does not suffice", "not known"]


@dataclass(frozen=True, slots=True)
class Holding:
    """What is in hand of a lot. ``containers`` is None where nobody says how many.

    ``viable`` are viable cells a container at the last viability before use, ``concentration`` viable cells per mL
    then; None where it is not known. ``why`` says what is missing, or what the figures rest on.
    """

    containers: int | None
    viable: Interval | None
    concentration: Interval | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class ArmSupply:
    """What a lot does for one arm. ``recipients`` are those it serves for certain, None where that is not known.

    ``containers_each`` is for one recipient; ``millilitres`` at each site, at the concentration that is known.
    """

    arm: Arm
    supply: Supply
    recipients: int | None
    containers_each: int | None
    millilitres: Decimal | None
    why: str


def arm_supply(arm: Arm, held: Holding) -> ArmSupply:
    """Whether a lot of which this is in hand suffices for an arm."""
    volume = _millilitres(arm, held.concentration)
    if held.containers is None:
        return ArmSupply(arm, "not known", None, None, volume, "How many containers are in hand is not known.")
    if held.containers == 0:
        return ArmSupply(arm, "does not suffice", 0, None, volume, "No container is in hand.")
    if held.viable is None:
        return ArmSupply(arm, "not known", None, None, volume, held.why)
    least, most = containers_each(arm.total, held.viable), _containers_at_best(arm.total, held.viable)
    sure = held.containers // least if least else 0
    possible = held.containers // most if most else 0
    too_thin, why = _concentration(arm, held.concentration)
    if possible == 0 or too_thin == "does not suffice":
        return ArmSupply(arm, "does not suffice", 0, least, volume, why or held.why)
    if sure == 0 or too_thin == "not known":
        return ArmSupply(arm, "not known", None, None, volume, why or f"{held.why} The figure may lie on either side.")
    return ArmSupply(arm, "suffices", sure, least, volume, held.why)


def containers_each(cells: int, viable: Interval) -> int | None:
    """How many containers hold so many viable cells for certain; None where none may hold any."""
    return _containers(cells, viable.low) if viable.low is not None and viable.low > 0 else None


def _containers(cells: int, each: Decimal) -> int:
    return math.ceil(Fraction(cells) / Fraction(each))


def _containers_at_best(cells: int, viable: Interval) -> int | None:
    """The fewest that could do; None where none holds any. A bound that is excluded is never reached."""
    if viable.high is None:
        return 1
    if viable.high <= 0:
        return None
    fewest = _containers(cells, viable.high)
    return fewest + 1 if viable.high_open and fewest * viable.high == cells else fewest


def _concentration(arm: Arm, measured: Interval | None) -> tuple[Supply, str]:
    """Whether the lot is as concentrated as the arm asks, where the arm asks for anything."""
    if arm.concentration is None:
        return "suffices", ""
    if measured is None:
        return "not known", f"{arm.concentration} viable cells/mL are asked for; the lot's concentration is not known."
    if measured.high is not None and measured.high < arm.concentration:
        return "does not suffice", f"{arm.concentration} viable cells/mL are asked for: the lot holds fewer in each mL."
    if measured.low is None or measured.low < arm.concentration:
        return "not known", f"{arm.concentration} viable cells/mL are asked for: the lot may hold fewer in each mL."
    return "suffices", ""


def _millilitres(arm: Arm, measured: Interval | None) -> Decimal | None:
    """The volume at one site, at the arm's concentration, else at the lot's where it is one number."""
    known = arm.concentration
    if known is None and measured is not None and measured.low is not None and measured.low == measured.high:
        known = int(measured.low)
    return round(Decimal(arm.dose_per_site) / known, 3) if known else None
