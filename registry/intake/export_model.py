"""What an instrument's file says, before anybody knows what its names stand for.

Every value is the file's own text with its place in the file. A flag is what the instrument said against a value:
a flagged value is never a clean number.
"""

from __future__ import annotations

from dataclasses import dataclass

Details = tuple[tuple[str, str], ...]
NO_ZONE = "(no time zone in the file)"
NO_TIME = "no time in the file"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a counter: its column, as printed, its row, the unit that the file gives it, and the flag.

    ``printed`` is empty where the file holds nothing; ``flag`` is empty when the value is clean.
    """

    column: str
    printed: str
    row: int
    unit: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class Population:
    """A gated population: its path, its ancestors from the nearest to all events, events, row, and what is against it.

    ``events`` is None where the file gives no count. ``details`` hold what is particular to the gate.
    """

    path: str
    ancestors: tuple[str, ...]
    events: int | None
    row: int | None = None
    flag: str = ""
    details: Details = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: its name in the file, its row, and what was measured on it.

    ``problems`` are reasons why nothing of it can be taken: (column, expected, found, sentence). ``retest_of`` is the
    row of the first analysis, which a reanalysis supersedes, and ``reason`` says so.
    """

    name: str
    row: int | None
    values: tuple[Value, ...] = ()
    populations: tuple[Population, ...] = ()
    details: Details = ()
    problems: tuple[tuple[str, str, str, str], ...] = ()
    retest_of: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """A whole file of one instrument. ``notes`` are said of the file as a whole."""

    instrument: str
    samples: tuple[Sample, ...]
    notes: tuple[str, ...] = ()


def when(printed: str, zone: str = "") -> str:
    """A time as printed, with its zone or its absence said; a missing time is said too and never made up."""
    if not printed.strip():
        return NO_TIME
    return f"{' '.join(printed.split())} {zone or NO_ZONE}"


def told(**details: str) -> Details:
    """Details that the file holds, in order; what it does not hold is left out."""
    return tuple((name, " ".join(text.split())) for name, text in details.items() if text.strip())
