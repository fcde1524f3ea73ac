"""One row an administration: dose, time since thaw, the lot with where it comes from, and what was measured and seen.

    administration       lot   viable_cells  lot_viability_after_thaw_low  visit_1_fsh_low  visit_1_fsh_high
    A-0123456789abcdef   H-01  4000000       92.5                          0                38

Every number is a span, its low and high bound: 98.5 has both alike, <0.5 of percent is 0 and 0.5.
Numbers stand in the base unit of what they measure, which ``dictionary`` names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from registry.domain import Administration, Lot, Result
from registry.domain.outcome import Outcome, detail
from registry.identifiers import CPR
from registry.outcomes.current import SeenResult, counting, in_base_unit, span
from registry.outcomes.dictionary import BASE, Column, column_of
from registry.outcomes.visits import visit_of
from registry.vocabulary import Terms

ADVERSE_EVENT = f"{CPR}adverse-event"
_EVENTS = ("adverse_events", "serious_adverse_events", "worst_grade")
Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Followed:
    """What was given, the lot, what it derives from by kind, its results that count, and what was seen after.

    ``every`` is the days between two visits of the study; None while nobody has said.
    """

    given: Administration
    lot: Lot
    origins: Mapping[str, str]
    results: Sequence[Result]
    outcomes: Sequence[Outcome]
    every: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells by the names of columns; a column that a row has nothing for is not among its cells."""

    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Cell], ...]


def table(followed: Iterable[Followed], terms: Terms) -> Table:
    """The table of these administrations, in their order: what was given, of the lot, of each visit."""
    columns: dict[str, Column] = {}
    rows = []
    for each in followed:
        row: dict[str, Cell] = dict(_given(each))
        row |= _measured(each, terms, columns)
        row |= _seen(each, terms.of_recipients, columns)
        row |= dict(zip(_EVENTS, _events(each), strict=True))
        rows.append(row)
    further = sorted(columns.values(), key=lambda column: (column.visit or 0, column.name))
    return Table((*BASE, *further), tuple(rows))


def _given(each: Followed) -> Iterator[tuple[str, Cell]]:
    given = each.given
    yield from (("administration", given.id), ("study", given.study), ("arm", given.arm), ("lot", given.lot))
    yield from (("product", each.lot.product), ("made_up", "yes" if each.lot.synthetic else "no"))
    yield "passage", each.lot.passage
    yield from (("cell_bank", each.origins.get("cell bank")), ("cell_line", each.origins.get("cell line")))
    yield from (("donor", each.origins.get("donor")), ("given_on", given.at.date()))
    yield from (("sites", len(given.sites)), ("viable_cells", given.total))
    since = given.at - given.thawed_at if given.thawed_at else None
    hours = None if since is None else Decimal(int(since.total_seconds() // 60)) / 60
    yield "hours_since_thaw", None if hours is None else hours.quantize(Decimal("0.01"))
    yield from (("viability_before_use", given.viability), ("deviation", "yes" if given.deviation else "no"))


def _measured(each: Followed, terms: Terms, columns: dict[str, Column]) -> dict[str, Cell]:
    groups: dict[tuple[str, str | None], list[Result]] = defaultdict(list)
    for result in each.results:
        if result.gate is None and not result.members:
            groups[result.characteristic, result.stage].append(result)
    row: dict[str, Cell] = {}
    for (characteristic, stage), results in groups.items():
        stem = "_".join(filter(None, ("lot", _slug(results[0].label), _slug(terms.label(stage)) if stage else "")))
        row |= _cells(stem, results, terms, columns, characteristic, stage=stage)
    return row


def _seen(each: Followed, terms: Terms, columns: dict[str, Column]) -> dict[str, Cell]:
    groups: dict[tuple[int, str, str], list[Result]] = defaultdict(list)
    for outcome in counting(each.outcomes):
        if outcome.result.characteristic != ADVERSE_EVENT:
            groups[visit_number(each, outcome), outcome.result.characteristic, detail(outcome.result, "site")].append(
                outcome.result
            )
    row: dict[str, Cell] = {}
    for (visit, characteristic, site), results in groups.items():
        stem = "_".join(filter(None, (f"visit_{visit}", _slug(results[0].label), _slug(site))))
        row |= _cells(stem, results, terms, columns, characteristic, visit=visit, site=site)
    return row


def visit_number(each: Followed, outcome: SeenResult) -> int:
    """The visit that something was seen at: the stated one, else the day's by the schedule, else 0."""
    if outcome.visit is not None:
        return outcome.visit
    return visit_of(each.given.at.date(), outcome.day, each.every) if outcome.day is not None and each.every else 0


def _cells(
    stem: str, results: Sequence[Result], terms: Terms, columns: dict[str, Column], characteristic: str,
    stage: str | None = None, visit: int | None = None, site: str = "",
) -> dict[str, Cell]:  # fmt: skip
    spans = [each for result in results if (each := in_base_unit(result, terms)) is not None]
    words = sorted({_word(result, terms) for result in results if result.reading.interval is None})
    cells: dict[str, Cell] = {}
    if spans:
        whole = span(spans)
        cells |= {f"{stem}_low": whole.low, f"{stem}_high": whole.high}
    if words:
        cells[f"{stem}_word"] = "; ".join(words)
    for name in cells:
        columns.setdefault(name, column_of(name, results[0], terms, characteristic, stage, visit, site))
    return cells


def _word(result: Result, terms: Terms) -> str:
    reading = result.reading
    return reading.state or (terms.label(reading.outcome) if reading.outcome else reading.text or "")


def _events(each: Followed) -> tuple[int, int, int | None]:
    events = [outcome.result for outcome in counting(each.outcomes) if outcome.result.characteristic == ADVERSE_EVENT]
    grades = [int(grade) for event in events if (grade := detail(event, "grade"))]
    serious = sum(detail(event, "serious") == "yes" for event in events)
    return len(events), serious, max(grades, default=None)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.casefold().replace("ü", "u")).strip("_")
