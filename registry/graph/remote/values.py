"""Triples by their value: an engine may keep ``1.50`` as ``1.5``, ``true`` as ``1`` and a time without its zeros."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import pyoxigraph

from registry.namespaces import XSD

_NUMBERS = frozenset(XSD + name for name in ("decimal", "integer"))
_TRUTH = {"1": "true", "0": "false"}


def values(triples: Iterable[pyoxigraph.Triple]) -> Iterator[Hashable]:
    """Each triple as something that is equal for equal values."""
    for triple in triples:
        yield str(triple.subject), str(triple.predicate), _value(triple.object)


def _value(term: object) -> Hashable:
    if not isinstance(term, pyoxigraph.Literal):
        return str(term)
    kind, text = term.datatype.value, term.value
    try:
        if kind in _NUMBERS:
            return kind, Decimal(text)
        if kind == XSD + "dateTime":
            moment = datetime.fromisoformat(text)
            return kind, moment.astimezone(UTC) if moment.tzinfo else text
    except (InvalidOperation, ValueError):
        return str(term)
    return (kind, _TRUTH.get(text, text)) if kind == XSD + "boolean" else str(term)
