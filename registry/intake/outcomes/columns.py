"""The columns of a table of outcomes."""

from __future__ import annotations

from collections.abc import Sequence

from registry.errors import Unreadable
from registry.intake.tabular.columns import distance, key_of, listed, positions

WHO = ("recipient", "administration")
WHEN = ("date", "visit")
REQUIRED = ("characteristic", "value", "unit")
EVENT = ("serious", "grade", "causality", "started", "ended", "event_outcome", "code")
DETAILS = ("site", "assay", "laboratory", "method", "note", *EVENT)
OPTIONAL = ("comparator", "status", "relation", "supersedes", "reason", *DETAILS)
KNOWN = frozenset((*WHO, *WHEN, *REQUIRED, *OPTIONAL))


def places_of(header: Sequence[str], file: str, number: int) -> dict[str, int]:
    """Where each known column stands; raises Unreadable for a header that is none of a table of outcomes.

    A name within two letters of a known one is never passed over: a column ``comparater`` would turn ``<`` 5 into 5.
    An unknown column is refused too: what stands beside a number and was not understood is not set aside by nobody.
    """
    places = positions(header, file)
    absent = [" or ".join(names) for names in (WHO, WHEN) if not places.keys() & set(names)]
    absent += [name for name in REQUIRED if name not in places]
    unknown = [name for name in places if name not in KNOWN]
    if not absent and not unknown:
        return places
    near = [f"Is '{name[:40]}' meant as {other}?" for name in unknown if (other := _near(name))]
    what = f"has no column {', '.join(absent)}" if absent else f"has a column that is not known: {listed(unknown)}"
    raise Unreadable(
        f"{file} is not a table of outcomes: it {what}.",
        expected="recipient or administration, date or visit, characteristic, value, unit; and of these: "
        + ", ".join(OPTIONAL),
        found=listed(header),
        where=f"{file}, row {number}",
        todo="Name the columns in the first row, and take out what is not asked for.",
        details=near,
    )


def _near(name: str) -> str | None:
    close = [(distance(key_of(name), known, 2), known) for known in sorted(KNOWN)]
    far, known = min(close)
    return known if far <= (1 if len(known) <= 4 else 2) else None
