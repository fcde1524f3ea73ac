"""Panels of a lot as a laboratory prints them, for a specification: one that passes, or one that does not.

rows("L-00001", against, terms, "fail", random)     [("L-00001", "CD73", "97.4", "%", "flow cytometry", ""), …]
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from random import Random
from typing import Literal

from registry.domain import Criterion, Specification
from registry.vocabulary import Terms

Story = Literal["pass", "fail", "missing", "undetermined", "bare", "withdrawn", "retest"]
"""What becomes of a lot's evidence. ``bare`` has no panel, ``withdrawn`` had one, ``retest`` failed once."""
Row = tuple[str, str, str, str, str, str]
HEADER = ("lot", "characteristic", "value", "unit", "method", "duration")


def rows(lot: str, against: Specification, terms: Terms, story: Story, chance: Random) -> list[Row]:
    """One row for each criterion; of one of them a value that fails or decides nothing, or none at all."""
    odd = chance.choice([one for one in against.criteria if one.group is None])
    found: list[Row] = []
    for criterion in against.criteria:
        kind = story if criterion is odd else "pass"
        if kind == "missing" or (kind == "undetermined" and not _numeric(criterion)):
            continue
        found.append(_row(lot, criterion, terms, kind, chance))
    return found


def table(found: Iterable[Row]) -> bytes:
    """The rows as a laboratory's CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(found)
    return text.getvalue().encode()


def retest(lot: str, row: Row, iri: str, criterion: Criterion, chance: Random) -> bytes:
    """A file of one row that supersedes a result, as the page of a retest writes it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*HEADER, "relation", "supersedes", "reason"))
    value = _printed(_within(criterion, chance))
    writer.writerow((lot, row[1], value, *row[3:], "retest", iri, "The first tube was stained twice."))
    return text.getvalue().encode()


def _numeric(criterion: Criterion) -> bool:
    return criterion.low is not None or criterion.high is not None


def _row(lot: str, criterion: Criterion, terms: Terms, kind: str, chance: Random) -> Row:
    symbol = terms.characteristics[criterion.characteristic].symbol
    method = (criterion.method or "").partition("|")[0].strip()
    duration = f"{criterion.duration:f} h" if criterion.duration else ""
    if not _numeric(criterion):
        return (lot, symbol, _outcome(criterion, terms, kind), "", method, duration)
    unit = terms.units[criterion.unit].label if criterion.unit else ""
    if kind == "fail":
        value = _printed(_beyond(criterion, chance))
    elif kind == "undetermined":
        value = _wide(criterion)
    else:
        value = _printed(_within(criterion, chance))
    return (lot, symbol, value, unit, method or "flow cytometry", duration)


def _outcome(criterion: Criterion, terms: Terms, kind: str) -> str:
    known: Sequence[tuple[str, str]] = [
        (one.iri, one.label) for one in terms.characteristics[criterion.characteristic].outcomes
    ]
    fit = [label for iri, label in known if iri in criterion.outcomes]
    unfit = [label for iri, label in known if iri not in criterion.outcomes]
    return (unfit or fit)[0] if kind == "fail" else fit[0]


def _within(criterion: Criterion, chance: Random) -> Decimal:
    share = Decimal(chance.randint(5, 90)) / 100
    if criterion.low is not None and criterion.high is not None:
        return criterion.low + (criterion.high - criterion.low) * share
    if criterion.low is not None:
        room = 100 - criterion.low if criterion.low < 100 else criterion.low
        return criterion.low + room * share
    assert criterion.high is not None
    return criterion.high * share


def _beyond(criterion: Criterion, chance: Random) -> Decimal:
    share = Decimal(chance.randint(5, 90)) / 100
    if criterion.low is not None:
        return criterion.low * (1 - share / 5)
    assert criterion.high is not None
    return criterion.high * (1 + share)


def _wide(criterion: Criterion) -> str:
    """A censored value on both sides of the limit."""
    if criterion.high is not None:
        return f"<{_printed(criterion.high * 2)}"
    assert criterion.low is not None
    return f">{_printed(criterion.low / 2)}"


def _printed(value: Decimal) -> str:
    return f"{value:.3E}" if value > 100_000 else f"{value:.3f}".rstrip("0").rstrip(".")
