"""What was entered that may have changed the state of lots, the newest first: no recipient and no free text in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from itertools import islice

from registry.ledger import Entry, Ledger
from registry.ledger.lots import LotReader
from registry.records.kinds import kind
from registry.services.answers import Answer

KINDS = ("lot", "panel", "acceptance", "withdrawal", "decision", "approval")
"""An administration, a follow-up and a container's move change no lot's state."""
LISTED = 20
COUNTED = 10_000
"""Lots of one entry that are named, and up to which they are counted."""


@dataclass(frozen=True, slots=True)
class Change(Answer):
    """One entry: what it is, ``hold`` for a decision, the lots that it concerns, and how many more there are."""

    position: int
    at: datetime
    kind: str
    lots: tuple[str, ...]
    more: int


def changes(ledger: Ledger, reader: LotReader, limit: int, before: int | None = None) -> Sequence[Change]:
    """At most ``limit`` entries, at positions under ``before``: the lots named in each, then what was made of them."""
    newest = [entry for each in KINDS for entry in ledger.newest_entries(limit, before=before, kind=each)]
    entries = nlargest(limit, newest, key=lambda entry: entry.position)
    return [_change(reader, entry) for entry in entries]


def _change(reader: LotReader, entry: Entry) -> Change:
    reached = dict.fromkeys(islice(reader.reached(entry, kind(entry.kind).state), COUNTED))
    what = str(entry.details.get("decision") or entry.kind)
    return Change(entry.position, entry.at, what, tuple(islice(reached, LISTED)), max(0, len(reached) - LISTED))
