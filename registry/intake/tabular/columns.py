"""The columns of a panel table: which are known, which are nearly so, and what a header means.

``Tested at``, ``tested_at`` and ``TESTED-AT`` are one name. A name that is nearly a known one is never ignored: a
column ``comparater`` that went unread would turn ``<`` 5 into 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from registry.domain import Notice, RowError
from registry.errors import Unreadable
from registry.intake.shown_text import shown

if TYPE_CHECKING:
    from registry.intake.tabular.grid import Row

REQUIRED = ("lot", "characteristic", "value", "unit")
DETAILS = (
    "method",
    "tested_at",
    "analyst",
    "instrument",
    "clone",
    "fluorochrome",
    "reagent_lot",
    "events",
    "parent_population",
    "passage",
    "duration",
    "species",
    "note",
)
OPTIONAL = ("comparator", "stage", "status", "relation", "supersedes", "reason", *DETAILS)
PROBLEM = "problem"
"""The column that an error file adds: what is wrong with a row. It is for people and never read."""
SHORT = 64
"""Letters of a cell whose name is kept: the same headings come with every file."""
_BETWEEN = re.compile(r"[\s_\-\u00a0]+")
KNOWN = frozenset((*REQUIRED, *OPTIONAL, PROBLEM))


def key_of(header: str) -> str:
    """The column name that a header stands for, whatever its case, spaces and hyphens."""
    return _key(header) if len(header) <= SHORT else _key.__wrapped__(header)


@lru_cache(maxsize=4096)
def _key(header: str) -> str:
    return "_".join(_BETWEEN.split(header.strip().casefold()))


def nearly(header: str) -> str | None:
    """The known column that the header misspells: within two letters, or one where the name has four or fewer."""
    key = key_of(header)
    if key in KNOWN or len(key) > 24:
        return None
    near = ((distance(key, name, 2), name) for name in sorted(KNOWN) if abs(len(key) - len(name)) <= 2)
    close = [(far, name) for far, name in near if far <= (1 if len(name) <= 4 else 2)]
    return min(close)[1] if close else None


def repair_says(cell: str) -> bool:
    """True for a cell of ``PROBLEM`` as an error file writes it: a whole sentence that names its column or a mend."""
    text = cell.strip()
    return text.endswith((".", "…")) and len(text) > 24 and (": " in text or ". " in text)


def distance(a: str, b: str, limit: int = 99) -> int:
    """How many letters to add, drop, change or swap with their neighbour (optimal string alignment).

    Beyond ``limit`` the count stops, and what is returned is only known to be more than it.
    """
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, start=1):
        row = [i]
        for j, y in enumerate(b, start=1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
        if min(row) > limit and min(rows[-2]) > limit:
            return limit + 1
    return rows[-1][-1]


def positions(header: Sequence[str], file: str) -> dict[str, int]:
    """Where each known column stands. ``Unreadable`` when one stands twice: which of them is meant?"""
    places: dict[str, int] = {}
    twice: list[str] = []
    for place, name in enumerate(header):
        key = key_of(name)
        if key and key in places:
            twice.append(name.strip())
        elif key:
            places[key] = place
    if twice:
        raise Unreadable(
            f"{file} has more than one column named {', '.join(sorted(set(twice)))[:200]}.",
            expected="every column once",
            found=listed(header),
            where=f"{file}, row 1",
            todo="Remove or rename the column that does not belong there.",
        )
    return places


def missing(file: str, header: Sequence[str], absent: Iterable[str], offers: Sequence[str], row: int) -> Unreadable:
    """The refusal of a table whose form is neither long nor wide. ``offers`` say what it may be."""
    near = {name: nearly(name) for name in header if nearly(name)}
    guesses = [f"Is '{name.strip()[:40]}' meant as {guess}?" for name, guess in near.items()]
    return Unreadable(
        f"{file} is not a panel table: it has no column {', '.join(absent)}.",
        expected="the columns lot, characteristic, value, unit; or lot and one column per characteristic with its "
        "unit, as CD73 (%)",
        found=listed(header),
        where=f"{file}, row {row}",
        todo="Name the columns in the first row.",
        details=[*offers, *guesses],
    )


def listed(header: Sequence[str]) -> str:
    """The names of a header for a message: at most twenty, each at most forty letters."""
    names = [name.strip()[:40] for name in header if name.strip()]
    more = f" and {len(names) - 20} more" if len(names) > 20 else ""
    return (", ".join(names[:20]) + more) or "no column name"


def too_many(row: Row, lot: str, width: int, stray: int | None, file: str) -> RowError:
    """The refusal of a row with more cells than the header has names."""
    excess = f"{len(row.cells)} cells" if stray is None else f"'{shown(row.cells[stray])}' in a column without a name"
    return RowError(
        shown(lot) or None,
        file,
        row.number,
        None,
        f"at most {width} cells, each under a named column",
        excess,
        "The row has more cells than the header has names: a decimal comma in a comma-separated table needs quotation "
        "marks around the value, or a decimal point.",
    )


def no_result(row: Row, lot: str, file: str) -> Notice:
    """The notice of a row of a lot that holds no result."""
    message = f"The row of lot '{shown(lot)}' holds no result."
    return Notice(shown(lot) or None, file, row.number, "no-result", message)


def without_result(file: str) -> Unreadable:
    """The refusal of a file without any."""
    return Unreadable(
        f"{file} holds no result.",
        expected="a header and at least one row with a result",
        found="no result",
        where=file,
        todo="Submit the file with its results, or not at all.",
    )
