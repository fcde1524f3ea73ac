"""Tables and workbooks of lots that pass, each with one danger beside its numbers: none of them may pass.

    python benchmarks/dangers.py [HOW MANY] [SEED]     20,000 without HOW MANY; prints tries and false passes by danger

A sheet is made at random (``danger_sheets.py``): one to three lots, long or wide, a CSV or a workbook, its rows in any
order, with titles, notes and columns that say nothing. Then one lot is struck by one danger at a random place. It
passes falsely when it has no row in error and all six markers are still read as within their limits.
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from danger_sheets import ANYWHERE, HIGH, IN_WORKBOOKS, LOW, Sheet, renamed, sheet
from openpyxl import Workbook

from registry import intake, vocabulary
from registry.domain import Intake
from registry.errors import RegistryError

TERMS = vocabulary.load()


def as_file(made: Sheet) -> tuple[str, bytes]:
    """The table as a CSV or a workbook."""
    if not made.workbook:
        stream = io.StringIO(newline="")
        csv.writer(stream).writerows([["" if cell is None else cell for cell in row] for row in made.rows])
        return "panel.csv", stream.getvalue().encode()
    book = Workbook()
    page = book.active
    page.title = made.title
    for row in made.rows:
        page.append(row)
    for change in made.changes:
        change(page)
    held = io.BytesIO()
    book.save(held)
    return "panel.xlsx", held.getvalue()


def passes(read: Intake, lot: str) -> bool:
    """Whether all six markers of the lot are shown, and nothing of it is in error."""
    if any(error.lot is None or error.lot == lot for error in read.errors):
        return False
    shown = {result.label: result.reading.interval for result in read.results if result.lot == lot and not result.gate}
    high = all((i := shown.get(name)) is not None and i.low is not None and i.low >= 95 for name in HIGH)
    return high and all(
        (i := shown.get(name)) is not None and i.high is not None and i.high <= Decimal(2) for name in LOW
    )


def struck_by(danger: Callable[[Sheet, random.Random], None] | None, dice: random.Random) -> tuple[bool, str, bytes]:
    """Whether the lot that was struck passes, and the file; without a danger, whether it does."""
    made = sheet(dice)
    if danger is not None:
        made.workbook = danger in IN_WORKBOOKS or made.workbook
        danger(made, dice)
    name, data = as_file(made)
    try:
        read = intake.read(name, data, TERMS)
    except RegistryError:
        return False, name, data
    lots = {result.lot for result in read.results} if danger is renamed else {made.victim}
    others = {cell for row in made.rows for cell in row if isinstance(cell, str) and cell.startswith("H-")} - {
        made.victim
    }
    return any(passes(read, lot) for lot in lots - (others if danger is renamed else set())), name, data


def run(tries: int, seed: int = 1) -> tuple[Counter[str], list[tuple[str, str, bytes]], int]:
    """Tries by danger, the files that passed falsely, and how many files without a danger did not pass."""
    dice = random.Random(seed)  # noqa: S311 - the same each time
    counts: Counter[str] = Counter()
    false: list[tuple[str, str, bytes]] = []
    lost = 0
    for number in range(tries):
        danger = (*IN_WORKBOOKS, *ANYWHERE)[number % (len(IN_WORKBOOKS) + len(ANYWHERE))]
        passed, name, data = struck_by(danger, dice)
        counts[danger.__name__] += 1
        if passed:
            false.append((danger.__name__, name, data))
        if number % 10 == 0:
            lost += not struck_by(None, dice)[0]
    return counts, false, lost


def main() -> int:
    """Print the counts; exit 1 on a false pass."""
    tries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    counts, false, lost = run(tries, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    wrong = Counter(name for name, _, _ in false)
    print("| danger | tries | false passes |\n|---|---|---|")
    for name, count in counts.items():
        print(f"| {name.replace('_', ' ')} | {count:,} | {wrong[name]} |")
    print(f"\n{tries:,} tries, {len(false)} false passes; {lost} of {-(-tries // 10):,} without a danger did not.")
    return int(bool(false))


if __name__ == "__main__":
    sys.exit(main())
