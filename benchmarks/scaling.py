"""What it costs to try a specification, drawn against the number of lots: at most linear.

    python benchmarks/scaling.py [LOTS ...] [--decimals 1]      1000 10000 50000 200000 without them

The lots' lines and what is kept of each are written straight into a registry, six markers a lot, so that a million take
minutes to make; trying goes the whole way, through the database, the comparison of exact decimals and SHACL. Beside it
the same rows only read, and as many values only compared: as floats in a list, as decimals in Polars. CPU time of the
process; the picture is to a logarithmic scale, and the slope is that of cost against lots: 1 is linear.
"""

from __future__ import annotations

import argparse
import gc
import math
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import polars
from sqlalchemy import insert, select
from submitting import furnished

from registry import specifications, vocabulary
from registry.domain import Interval, Reading, Result, Source, Specification
from registry.judgement.kept_results import kept
from registry.judgement.many import Kept, ManyLots
from registry.ledger.tables import lot_evidence, lot_lines
from registry.services import Registry
from registry.services.lot_index import evidence_rows

TERMS = vocabulary.load()
NOW = specifications.load("msc-identity")
SIX = (("CD73", 94, 100), ("CD90", 94, 100), ("CD105", 94, 100), ("CD45", 0, 2), ("CD34", 0, 2), ("HLA-DR", 0, 2))
CHUNK = 2000


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU for so many lots."""

    what: str
    lots: int
    seconds: float


def changed(limit: str) -> Specification:
    """The identity of an MSC, with CD105 at another limit."""
    criteria = tuple(replace(each, low=Decimal(limit)) if each.id == "cd105" else each for each in NOW.criteria)
    return specifications.build(replace(NOW, version="2", criteria=criteria))


def panel(draw: Random, lot: str, decimals: int) -> list[Result]:
    """Six markers: of each about one lot in thirty misses its limit."""
    results = []
    for name, low, high in SIX:
        known, value = TERMS.characteristic(name), Decimal(repr(round(draw.uniform(low, high + low / 1e9), decimals)))
        miss = draw.random() < 1 / 30
        value += (Decimal(-9) if low else Decimal(9)) if miss else 0
        unit = TERMS.unit("%", known)
        reading = Reading(Interval(value, value))
        results.append(
            Result(lot, known.iri, known.symbol, str(value), reading, Source("a.csv", 2), None, unit.iri, "%")
        )
    return results


def fill(registry: Registry, lots: int, decimals: int) -> None:
    """So many lots as their lines say them, judged as the ledger stands."""
    size, draw = registry.size(), Random(lots)  # noqa: S311 - the same lots every time
    registry.lot_index.cells()
    judge = ManyLots(NOW, TERMS, registry.ledger.now(), {}.get)
    for start in range(0, lots, CHUNK):
        rows, every = [], []
        for place in range(start, min(start + CHUNK, lots)):
            lot = f"S-{place}"
            one = Kept(lot, kept(lot, panel(draw, lot, decimals), frozenset()), 12)
            every.append(one)
            rows.append({
                "key": lot.casefold(), "lot": lot, "kind": "product lot", "product": "POI-M", "position": 0,
                "newest": 0, "mark": 0, "judged": size, "made": "", "month": "", "expires": "", "stages": "",
                "state": "not released",
                "verdict": judge.combined(judge.cases(one)).verdict, "short_of": "", "panels": 1, "holds_until": "",
                "complete_by": "", "awaits": "", "against": NOW.digest,
            })  # fmt: skip
        with registry.ledger.writing() as connection:
            connection.execute(insert(lot_lines), rows)
            evidence_rows.write(connection, every)


def cost(what: str, lots: int, run: Callable[[], object]) -> Cost:
    """CPU seconds of one run."""
    gc.collect()
    begun = time.process_time()
    run()
    return Cost(what, lots, time.process_time() - begun)


def read(registry: Registry) -> object:
    """Every row that trying reads, and nothing done with it."""
    with registry.ledger.view() as view:
        rows = [view.connection.execute(select(table)).all() for table in (lot_lines, lot_evidence)]
    return len(rows)


def compared(numbers: Sequence[float]) -> object:
    """The values of all lots against one limit, as floats."""
    return sum(number >= 95 for number in numbers)


def columns(lots: int) -> polars.DataFrame:
    """Six columns of exact decimals, one a marker."""
    values = [Decimal(place % 1000) / 10 for place in range(lots)]
    return polars.DataFrame({name: polars.Series(values, dtype=polars.Decimal(10, 4)) for name, _low, _high in SIX})


ROWS = "rows read from SQLite"


def in_polars(frame: polars.DataFrame) -> object:
    """How many lots meet all six limits: what is left out is evidence, verdicts, and SHACL judging a change again."""
    met = [polars.col(name) >= 95 if low else polars.col(name) <= 2 for name, low, _high in SIX]
    return frame.filter(polars.all_horizontal(met)).height


def measured(lots: int, decimals: int) -> list[Cost]:
    """Everything at one size."""
    with tempfile.TemporaryDirectory() as name:
        registry, _lab = furnished(Path(name) / "registry", 1)
        fill(registry, lots, decimals)
        numbers = [float(place % 100) for place in range(6 * lots)]
        frame = columns(lots)
        another, limit = specifications.load("isct-2006"), changed("97")
        costs = [
            cost("compared as floats", lots, lambda: compared(numbers)),
            cost("six columns of decimals in Polars, held against six limits", lots, lambda: in_polars(frame)),
            cost(ROWS, lots, lambda: read(registry)),
            cost("specification try, first", lots, lambda: registry.specifications.try_out(another)),
            cost("CD105 at 97 %, asked after it", lots, lambda: registry.specifications.try_out(limit)),
        ]
        registry.close()
        return costs


def slope(costs: Sequence[Cost]) -> float:
    """Of cost against lots, both as logarithms, between the least and the most lots."""
    first, last = costs[0], costs[-1]
    return math.log(last.seconds / max(first.seconds, 1e-6)) / math.log(last.lots / first.lots)


def main() -> None:
    """Measure at each size, and draw."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lots", nargs="*", type=int, default=[1000, 10_000, 50_000, 200_000])
    parser.add_argument("--decimals", type=int, default=1)
    given = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, values of {given.decimals} decimals")
    in_polars(columns(10))  # its threads start
    costs = [each for lots in given.lots for each in measured(lots, given.decimals)]
    rows = {each.lots: each.seconds for each in costs if each.what == ROWS}
    for what in dict.fromkeys(each.what for each in costs):
        mine = [each for each in costs if each.what == what]
        steep = f", slope {slope(mine):.2f}" if len(mine) > 1 else ""
        print(f"{what}{steep}")
        for each in mine:
            bar = "#" * max(1, round(8 * (math.log10(max(each.seconds, 1e-4)) + 4)))
            print(
                f"  {each.lots:>9,} {each.seconds:>9.3f} s {each.seconds / rows[each.lots]:>6.1f} x the rows read {bar}"
            )
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
