"""Forty made-up lots over two years, and their panels.

T-01 … T-27 come from bank WCB-3, whose cells lose CD105 as they are passed on; T-25 fails for it, and the bank is
changed. T-13 is an outlier in viability, T-20 has a karyotype that could not be read, T-31 is within its limits and out
of the trend in potency, T-39 and T-40 wait for their release. Weeks after T-26 was given its sterility culture grows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from registry.csv_text import csv_table
from registry.demo.trial.draw import around, held

COUNT, APART, NEWEST = 40, 18, 48
"""Lots; days between two of them; days from the newest one to the telling."""
CHANGE = 28
"""The first lot of the second bank."""
REJECTED = {
    "T-13": "Viability out of specification; the thaw was repeated on a second container, with the same result.",
    "T-25": "CD105 out of specification: the drift of bank WCB-3 has reached the limit. The bank is changed.",
}
UNDECIDED = ("T-20", "T-39", "T-40")
POSITIVE = "T-26"
COLUMNS = (
    "lot", "characteristic", "value", "unit", "stage", "method", "duration", "events", "parent_population", "tested_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One lot as it is registered."""

    name: str
    bank: str
    made: date
    passage: int


def lots(today: date) -> tuple[MadeUp, ...]:
    """The lots, oldest first."""
    return tuple(
        MadeUp(
            f"T-{number:02d}",
            "WCB-3" if number < CHANGE else "WCB-4",
            today - timedelta(days=NEWEST + APART * (COUNT - number)),
            5 if number % 4 else 6,
        )
        for number in range(1, COUNT + 1)
    )


def panels(today: date) -> bytes:
    """What was measured of all of them, as one table."""
    return _table(row for number, lot in enumerate(lots(today), start=1) for row in _panel(number, lot))


def late_culture(now: datetime) -> bytes:
    """The sterility culture that grew late, as its own table."""
    read = (now - timedelta(days=3)).isoformat()
    return _table([_row(POSITIVE, "sterility", "growth", method="USP <71>", duration="14 days", tested_at=read)])


def _panel(number: int, lot: MadeUp) -> Iterator[dict[str, str]]:
    tested = f"{lot.made + timedelta(days=9)}T10:00:00+00:00"
    flow = {"unit": "%", "method": "flow cytometry", "parent_population": "live singlets", "tested_at": tested}
    positive = {"CD73": (98.8, 0.3), "CD90": (98.4, 0.4), "CD105": (_cd105(number), 0.25)}
    negative = {"CD45": 0.3, "CD34": 0.25, "CD14": 0.35, "CD19": 0.2, "HLA-DR": 0.7}
    for marker, (mean, spread) in positive.items():
        value = _FIXED.get((lot.name, marker), f"{held(around(lot.name + marker, mean, spread), 95.1, 99.9):.1f}")
        yield _row(lot.name, marker, value, events="20000", **flow)
    for marker, mean in negative.items():
        value = f"{held(around(lot.name + marker, mean, 0.09), 0.1, 1.9):.1f}"
        yield _row(lot.name, marker, value, events="20000", **flow)
    for marker, mean, spread in (("OCT4", 0.012, 0.004), ("TRA-1-60", 0.2, 0.05)):
        value = f"{held(around(lot.name + marker, mean, spread), 0.001, 0.4):.3f}"
        yield _row(lot.name, marker, value, events="100000", **flow)
    yield from _thawed(number, lot.name, tested)
    yield _row(lot.name, "sterility", "no growth", method="USP <71>", duration="14 days", tested_at=tested)
    yield _row(lot.name, "mycoplasma", "negative", method="Ph. Eur. 2.6.7", tested_at=tested)
    yield _row(lot.name, "endotoxin", "<0.1", unit="EU/mL", method="Ph. Eur. 2.6.14", tested_at=tested)
    karyotype = _FIXED.get((lot.name, "karyotype"), "46,XX")
    yield _row(lot.name, "karyotype", karyotype, method="G-banding", tested_at=tested)


_FIXED = {
    ("T-13", "viability"): "61.3",
    ("T-20", "karyotype"): "not evaluable",
    ("T-25", "CD105"): "94.6",
    ("T-31", "inhibition of proliferation"): "23.5",
}
"""What somebody is to notice."""


def _cd105(number: int) -> float:
    """The first bank loses it from lot to lot; the second has not, so far."""
    return 98.6 - 0.13 * number if number < CHANGE else 98.5 - 0.02 * (number - CHANGE)


def _thawed(number: int, lot: str, tested: str) -> Iterator[dict[str, str]]:
    thaw = {"stage": "after thaw", "tested_at": tested}
    viability = around(lot + "viability", 91.0 if number < CHANGE else 92.6, 1.4)
    value = _FIXED.get((lot, "viability"), f"{held(viability, 84, 97):.1f}")
    yield _row(lot, "viability", value, unit="%", method="trypan blue", **thaw)
    cells = held(around(lot + "cells", 2.9e7, 2.2e6), 2.4e7, 3.6e7)
    yield _row(lot, "viable cell number", f"{round(cells, -5):.0f}", unit="cells", **thaw)
    frozen = round(cells * 100 / float(value), -5)
    yield _row(lot, "total cell number", f"{frozen:.0f}", unit="cells/vial", tested_at=tested)
    potency = f"{held(around(lot + 'potency', 42, 3.5), 30, 55):.1f}"
    name = "inhibition of proliferation"
    yield _row(lot, name, _FIXED.get((lot, name), potency), unit="%", tested_at=tested)


def _row(lot: str, characteristic: str, value: str, **others: str) -> dict[str, str]:
    return {"lot": lot, "characteristic": characteristic, "value": value, **others}


def _table(rows: Iterable[dict[str, str]]) -> bytes:
    return csv_table(COLUMNS, rows, end="\n")
