"""The data dictionary of the table of administrations: of each column its meaning, its unit and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from registry.domain import Result
from registry.vocabulary import Terms

ColumnKind = Literal["text", "integer", "decimal", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``term`` is the CURIE of what it measures; ``visit`` is None for what is not of a visit."""

    name: str
    meaning: str
    kind: ColumnKind = "text"
    unit: str = ""
    term: str = ""
    visit: int | None = None


BASE = (
    Column("administration", "The key of what was given. It leads to no recipient."),
    Column("study", "The study it was given in."),
    Column("arm", "The arm of the study."),
    Column("lot", "The lot that was given: recipients of one lot are not independent of each other."),
    Column("product", "What the lot is."),
    Column("made_up", "Whether the lot, and with it all that is said here of it, was made up: yes or no."),
    Column("passage", "The lot's passage.", "integer"),
    Column("cell_bank", "The cell bank that the lot derives from."),
    Column("cell_line", "The cell line that the lot derives from."),
    Column("donor", "The donor that the lot derives from, by a lot's identifier."),
    Column("given_on", "The day it was given, in UTC.", "date"),
    Column("sites", "At how many sites it was given.", "integer"),
    Column("viable_cells", "Viable cells over all sites.", "integer", "cells"),
    Column("hours_since_thaw", "From thaw until it was given.", "decimal", "h"),
    Column("viability_before_use", "Viability found last before use.", "decimal", "%"),
    Column("deviation", "Whether it was given although something stood against it: yes or no."),
    Column("adverse_events", "How many adverse events are on record after it.", "integer"),
    Column("serious_adverse_events", "How many of them are serious.", "integer"),
    Column("worst_grade", "The highest grade among them, 1 to 5; empty without one.", "integer"),
)
_SIDES = {
    "low": "the least value it could be; empty without a lower bound",
    "high": "the greatest value it could be; empty without an upper bound",
    "word": "in words, where it is no number: a word, a state or a finding",
}


def column_of(
    name: str, result: Result, terms: Terms, characteristic: str, stage: str | None, visit: int | None, site: str
) -> Column:
    """The column of one side of what was measured on a lot or seen of a recipient."""
    side = name.rpartition("_")[2]
    known = terms.characteristics.get(characteristic)
    unit = terms.units[known.units[0]].label if known and known.units and side != "word" else ""
    of = f"of the lot{f', {terms.label(stage)}' if stage else ''}"
    when = of if visit is None else "before it was given" if visit == 0 else f"at visit {visit}"
    where = f", {site}" if site else ""
    kind: ColumnKind = "text" if side == "word" else "decimal"
    return Column(
        name, f"{result.label}{where} {when}: {_SIDES[side]}.", kind, unit, terms.curie(characteristic), visit
    )


def as_rows(columns: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """The dictionary as rows of text, its header first."""
    rows = ((each.name, each.kind, each.unit, each.term, each.meaning) for each in columns)
    return (("column", "kind", "unit", "term", "meaning"), *rows)
