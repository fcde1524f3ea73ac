"""What stands beside a result and cannot be what its column asks for: a time that is none, a count that is no number.

    tested_at  gestern   2026-02-30   11/12/2026
    duration   zwei
    events     viele

It is kept as printed and shows nothing, which whoever wrote it is told: a warning, because published files carry odd
dates.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache

from registry.domain import Notice, Result
from registry.intake.shown_text import shown
from registry.vocabulary.counts import count
from registry.vocabulary.durations import at_least

CODE = "not-readable"
_POWER = re.compile(r"[0-9][eE][+]?[0-9]|10\s?(?:\^|\*|[²-⁹])")
_OF_PARENT = frozenset({"% of parent", "percent of parent"})


def odd(results: Iterable[Result]) -> list[Notice]:
    """One warning for each lot and text that its column cannot use, at the first row of it; and what else is unsaid."""
    every = [(result, code, sentence) for result in results for code, sentence in _said(result)]
    times = Counter((result.lot, sentence) for result, _, sentence in every)
    first = {(result.lot, sentence): (result, code) for result, code, sentence in reversed(every)}
    return [
        Notice(lot, result.source.file, result.source.row, code, sentence + _rows(times[lot, sentence]))
        for (lot, sentence), (result, code) in reversed(first.items())
    ]


def _rows(many: int) -> str:
    return "" if many == 1 else f" So do {many - 1} more rows of this lot." if many > 2 else " So does one more row."


def _said(result: Result) -> Iterator[tuple[str, str]]:
    for name, text in result.details:
        sentence = _wrong(name, text)
        if sentence:
            yield CODE, sentence
    if result.reading.state and _POWER.search(result.printed) and _POWER.search(result.unit_printed):
        value, unit = shown(result.printed), shown(result.unit_printed)
        yield (
            CODE,
            (
                f"'{value}' and the unit {unit} both carry a power of ten: which is meant nobody can tell, so it shows "
                "nothing. Print a power of ten in the value or in the unit, not in both."
            ),
        )
    named = any(name == "parent_population" and text.strip() for name, text in result.details)
    if not named and " ".join(result.unit_printed.split()).casefold() in _OF_PARENT:
        yield (
            "parent-unknown",
            (
                f"The unit '{shown(result.unit_printed)}' does not say of which cells: name them in the column "
                "parent_population."
            ),
        )


@lru_cache(maxsize=4096)
def _wrong(name: str, text: str) -> str:
    """What to say of the text in its column; empty when it can be used."""
    check = _CHECKS.get(name)
    return check(text) if check and text.strip() else ""


def _no_time(text: str) -> str:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return (
            f"tested_at '{shown(text)}' is no date: it shows no freshness. Write year, month, day, time and zone, as "
            "2026-11-21 14:05 +01:00."
        )
    return ""


def _no_duration(text: str) -> str:
    if at_least(text) is not None:
        return ""
    return (
        f"duration '{shown(text)}' is no time with its unit: it does not show how long the test ran. Write 14 d, or "
        "336 h."
    )


def _no_count(text: str) -> str:
    if count(text) is not None:
        return ""
    return f"events '{shown(text)}' is no number of events. Write digits alone, as 50000."


_CHECKS: dict[str, Callable[[str], str]] = {"tested_at": _no_time, "duration": _no_duration, "events": _no_count}
