"""Under what an entry is found again: the same keys when it is entered and when the index is made anew.

Example: ``keys("product", record, names)`` is ``(("product", "POI-M"),)``.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.identifiers import Names
from registry.records.canonical import Record
from registry.records.description import describe
from registry.records.index_keys import (
    ACCOUNT,
    DERIVES_FROM,
    DRAFTED_BY,
    FIGURES,
    FOLLOW_UP,
    LOOKS,
    MAPPING,
    OF_PRODUCT,
    OF_STUDY,
    ONTOLOGY,
    PANEL,
    PRINT,
    PRODUCT,
    READ_WITH,
    REPLACEMENT,
    SPECIFICATION,
    STUDY,
)
from registry.records.kinds import kind
from registry.records.writer import Key

__all__ = [
    "ACCOUNT", "DERIVES_FROM", "DRAFTED_BY", "FIGURES", "FOLLOW_UP", "LOOKS", "MAPPING", "OF_PRODUCT", "OF_STUDY",
    "ONTOLOGY", "PANEL", "PRINT", "PRODUCT", "READ_WITH", "REPLACEMENT", "SPECIFICATION", "STUDY", "keys",
]  # fmt: skip
_NOTHING: Mapping[str, object] = {}


def keys(
    name: str, record: Record | None, names: Names, *, actor: str = "", details: Mapping[str, object] = _NOTHING
) -> tuple[Key, ...]:
    """(kind of key, key) of an entry of the kind ``name``; none for a kind that is found under its lots alone."""
    row = kind(name)
    of_record = row.record_keys(describe(record), names) if record is not None else ()
    return (*of_record, *row.entry_keys(actor, details))
