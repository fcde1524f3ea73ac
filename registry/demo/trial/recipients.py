"""Twenty-eight made-up recipients: who was given what of which lot, and what was seen at each visit every two weeks.

The arms follow each other, as doses do in a first study: nine recipients of the low dose, nine of the medium, ten of
the high one. Some visits are late and some are missed. FSH falls a little with the dose and with time; nothing depends
on the lot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from registry.csv_text import csv_table
from registry.demo.trial.draw import around, chance, held
from registry.services.administrations.record import AdministrationDraft

STUDY = "NCT03877471"
GIVEN = ("T-24", "T-26", "T-27", *(f"T-{number}" for number in range(28, 39)))
"""Each of these lots was given to two recipients; T-25 was rejected."""
ARMS = (("low", 2_000_000),) * 9 + (("medium", 5_000_000),) * 9 + (("high", 10_000_000),) * 10
FIRST, APART, EVERY = 175, 6, 14
"""Days from the first administration to the telling; between two of them; between two visits."""
DEVIATION = 13
"""The place of the one that was given too long after thaw, and said so."""
OVARIES = ("left ovary", "right ovary")
COLUMNS = (
    "recipient", "date", "visit", "characteristic", "value", "unit", "site", "assay", "laboratory", "serious", "grade",
    "causality",
)  # fmt: skip
_ASSAY = {"assay": "chemiluminescence (made up)", "laboratory": "central laboratory (made up)"}


@dataclass(frozen=True, slots=True)
class Recipient:
    """One made-up recipient: the place in the study from 0, the code, the arm, the dose at each site, the day."""

    place: int
    code: str
    arm: str
    dose: int
    given: datetime

    @property
    def draft(self) -> AdministrationDraft:
        """What was given, as a clinic says it."""
        late = self.place == DEVIATION
        minutes = 285 if late else 35 + int(chance(f"{self.code} thaw") * 120)
        return AdministrationDraft(
            lot=GIVEN[self.place // 2],
            study=STUDY,
            arm=self.arm,
            recipient=self.code,
            sites=(f"left={self.dose}", f"right={self.dose}"),
            containers=(self.place % 2 + 1,),
            at=self.given,
            thawed_at=self.given - timedelta(minutes=minutes),
            viability=Decimal(f"{held(around(self.code + ' viability', 90, 1.5), 85, 96):.1f}"),
            deviation="The operating theatre was not free; the physician judged the delay acceptable." if late else "",
        )


def recipients(today: date) -> tuple[Recipient, ...]:
    """All of them, in the order in which they were given something."""
    every = []
    for place, (arm, dose) in enumerate(ARMS):
        day = today - timedelta(days=FIRST - APART * place)
        at = datetime(day.year, day.month, day.day, 9 + place % 5, 15 * (place % 4), tzinfo=UTC)
        every.append(Recipient(place, f"R-{201 + place}", arm, dose, at))
    return tuple(every)


def outcomes(today: date) -> bytes:
    """What was seen of all of them until ``today``, as one table of a clinic."""
    every = (row for each in recipients(today) for row in _seen(each))
    return csv_table(COLUMNS, (row for row in every if date.fromisoformat(row["date"]) <= today), end="\n")


def _seen(who: Recipient) -> Iterator[dict[str, str]]:
    day = who.given.date()
    yield from _visit(who, 0, day - timedelta(days=7))
    for number in range(1, FIRST // EVERY + 1):
        luck = chance(f"{who.code} visit {number}")
        if luck < 0.05:
            continue  # missed
        off = 6 if luck < 0.12 else round(luck * 4) - 2
        yield from _visit(who, number, day + timedelta(days=EVERY * number + off))
    yield from _events(who, day)


def _visit(who: Recipient, number: int, day: date) -> Iterator[dict[str, str]]:
    first = held(around(who.code + " FSH", 62, 14), 30, 110)
    fall = min(number, 8) * 0.006 * (1 + who.dose / 5_000_000)
    fsh = held(first * (1 - fall) + around(f"{who.code} FSH {number}", 0, 4), 8, 130)
    yield _row(who, day, number, "FSH", f"{fsh:.1f}", "IU/L", **_ASSAY)
    if number % 2:
        return
    amh = around(f"{who.code} AMH {number}", 0.10 + 0.008 * number, 0.05)
    yield _row(who, day, number, "AMH", f"{amh:.2f}" if amh >= 0.06 else "<0.06", "ng/mL", **_ASSAY)
    for site in OVARIES:
        follicles = max(0, round(around(f"{who.code} {site} {number}", 0.6 + 0.12 * number, 0.8)))
        yield _row(who, day, number, "antral follicle count", str(follicles), "count", site=site)
    if number >= 4:
        yield _row(who, day, number, "menses", "yes" if chance(who.code + " menses") < 0.1 * min(number, 8) else "no")


def _events(who: Recipient, day: date) -> Iterator[dict[str, str]]:
    if who.place % 4 == 1:
        after, words = day + timedelta(days=1), "pelvic pain after the puncture"
        yield _row(who, after, None, "adverse event", words, serious="no", grade="1", causality="possible")
    if who.place == 6:
        after, words = day + timedelta(days=40), "appendicitis"
        yield _row(who, after, None, "adverse event", words, serious="yes", grade="3", causality="unrelated")


def _row(
    who: Recipient, day: date, visit: int | None, characteristic: str, value: str, unit: str = "", **others: str
) -> dict[str, str]:
    at = "" if visit is None else str(visit)
    where = {"recipient": who.code, "date": day.isoformat(), "visit": at}
    return {**where, "characteristic": characteristic, "value": value, "unit": unit, **others}
