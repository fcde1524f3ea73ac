"""What a row of a table of outcomes must say beside its result: whose, when, where, and how grave an event was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.domain import Reading
from registry.identifiers import CPR
from registry.intake.checks.free_text_privacy import refuse_person
from registry.intake.outcomes.columns import EVENT
from registry.intake.values import Misprint

ADVERSE_EVENT = f"{CPR}adverse-event"
COUNT = f"{CPR}count"
SITES = ("left ovary", "right ovary")
CAUSALITIES = ("unrelated", "unlikely", "possible", "probable", "definite", "not assessable")
_SERIOUS = {"yes": "yes", "true": "yes", "serious": "yes", "no": "no", "false": "no", "not serious": "no"}
_FREE = ("value", "note", "reason", "assay", "laboratory", "method", "event_outcome", "code")
WORDS_OF_SITES = {"left": "left ovary", "right": "right ovary", **{site: site for site in SITES}}


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, as far as a table of outcomes is read by it: its key, and its day."""

    key: str
    day: date


@dataclass(frozen=True, slots=True)
class Place:
    """Whose a row is, and when it was seen."""

    given: Given
    day: date | None
    visit: int | None


Find = Callable[[str, date | None], Given]
"""What was given to the recipient of a code before a day; raises Misprint, whose words never repeat the code."""


def place(cells: Mapping[str, str], of_code: Find, of_key: Callable[[str], Given], today: date) -> Place:
    """Whose a row is, and when it was seen; raises ``Misprint``."""
    day, visit = day_in(cells.get("date", ""), "date", today), _visit(cells.get("visit", ""))
    if day is None and visit is None:
        raise Misprint(
            "The row says no day and no visit: print its date.", expected="2026-12-15", found="", column="date"
        )
    code, key = cells.get("recipient", ""), cells.get("administration", "")
    if bool(code) == bool(key):
        raise Misprint(
            "The row names its recipient's code or its administration's key: one of the two.",
            expected="a recipient's code, or an administration's key",
            found="both" if code else "neither",
            column="recipient",
        )
    given = of_code(code, day) if code else of_key(key)
    if day is not None and day < given.day and visit != 0:
        raise Misprint(
            f"It was seen before {given.key} was given: what was there before is visit 0.",
            expected=f"{given.day.isoformat()} or later, or visit 0",
            found=day.isoformat(),
            column="date",
        )
    return Place(given, day, visit)


def day_in(text: str, column: str, today: date) -> date | None:
    """A day as ISO 8601 writes it, not after today; None for an empty cell. Raises ``Misprint``."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if len(text) == len("2026-12-15") else None
    except ValueError:
        day = None
    if day is None:
        message = f"'{text[:40]}' is no day that can be read in one way: print it as 2026-12-15."
        raise Misprint(message, expected="a day such as 2026-12-15", found=text, column=column)
    if day > today:
        message = f"{day.isoformat()} is still to come: what has not happened is not recorded."
        raise Misprint(message, expected=f"{today.isoformat()} or before", found=text, column=column)
    return day


def _visit(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Misprint(
            f"'{text[:40]}' is no number of a visit: print 0 for before, 1 for the first after.",
            expected="a whole number from 0",
            found=text,
            column="visit",
        )
    return int(text)


def refuse_names(cells: Mapping[str, str], this_year: int) -> None:
    """Raise PatientData when a free text of the row says who somebody is: the file is refused as a whole."""
    for column in _FREE:
        if cells.get(column):
            refuse_person(column, cells[column], this_year)


def details(cells: Mapping[str, str], characteristic: str, today: date) -> tuple[tuple[str, str], ...]:
    """The optional columns of a row in one order; raises ``Misprint`` for what a site or an event cannot be."""
    kept = {name: cells[name] for name in ("assay", "laboratory", "method", "note") if cells.get(name)}
    if cells.get("site"):
        kept["site"] = _one_of(cells["site"], WORDS_OF_SITES, "site", SITES)
    said = [name for name in EVENT if cells.get(name)]
    if characteristic == ADVERSE_EVENT:
        kept |= _event(cells, today)
    elif said:
        message = f"{', '.join(said)} is said of an adverse event and of nothing else: leave it empty here."
        raise Misprint(message, expected="nothing", found=cells[said[0]], column=said[0])
    return tuple(sorted(kept.items()))


def _event(cells: Mapping[str, str], today: date) -> dict[str, str]:
    """Seriousness, grade and causality are asked of every adverse event: what nobody judged is no small event."""
    kept = {name: cells[name] for name in ("event_outcome", "code") if cells.get(name)}
    kept["serious"] = _one_of(cells.get("serious", ""), _SERIOUS, "serious", ("yes", "no"))
    grade = cells.get("grade", "")
    if grade not in {"1", "2", "3", "4", "5"}:
        message = "Of an adverse event its grade is said: 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death."
        raise Misprint(message, expected="1, 2, 3, 4 or 5", found=grade, column="grade")
    if grade == "5" and kept["serious"] == "no":
        message = "An event of grade 5 is a death, and a death is serious: mend the one that is wrong."
        raise Misprint(message, expected="yes, or another grade", found="no", column="serious")
    causes = {name: name for name in CAUSALITIES}
    days = {name: day_in(cells.get(name, ""), name, today) for name in ("started", "ended")}
    if days["started"] and days["ended"] and days["ended"] < days["started"]:
        message = "The event ended before it started: mend the one that is wrong."
        raise Misprint(message, expected=f"{days['started']} or later", found=str(days["ended"]), column="ended")
    kept |= {name: day.isoformat() for name, day in days.items() if day is not None}
    return kept | {"grade": grade, "causality": _one_of(cells.get("causality", ""), causes, "causality", CAUSALITIES)}


def _one_of(text: str, words: Mapping[str, str], column: str, known: tuple[str, ...]) -> str:
    word = words.get(" ".join(text.split()).casefold())
    if word is None:
        raise Misprint(
            f"The {column} is one of {', '.join(known)}.", expected=", ".join(known), found=text, column=column
        )
    return word


def whole_count(reading: Reading, unit: str | None) -> None:
    """A number of oocytes or follicles is whole; raises ``Misprint``."""
    span = reading.interval
    bounds = [bound for bound in (span.low, span.high) if bound is not None] if span is not None else []
    if unit == COUNT and any(bound != bound.to_integral_value() for bound in bounds):
        printed = ", ".join(format(Decimal(bound), "f") for bound in bounds)
        raise Misprint("A count is a whole number.", expected="a whole number", found=printed)
