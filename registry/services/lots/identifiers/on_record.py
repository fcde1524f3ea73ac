"""What is on record of identifiers of others, and not withdrawn: read from the ledger's index, an entry at a time."""

from __future__ import annotations

from collections.abc import Iterable

from registry.exchange.schemes.every_scheme import SCHEMES
from registry.ledger import Entry, Reader
from registry.records.index_keys import IDENTIFIED, IDENTIFIER_OF_OTHERS
from registry.services.answers import IdentifierAnswer

RECORDED, WITHDRAWN = "identifier", "identifier-withdrawal"


def on_record(ledger: Reader, of: str, name: str, until: int | None = None) -> tuple[IdentifierAnswer, ...]:
    """The identifiers of a ``lot`` or ``product`` as of a ledger size, oldest first."""
    return tuple(map(_answer, standing(ledger.entries(until=until, key=(IDENTIFIED, f"{of} {name}")))))


def named_by(ledger: Reader, scheme: str, text: str) -> list[Entry]:
    """Every entry in force that gives exactly this identifier, or one that differs in case alone, to something."""
    return standing(ledger.entries(key=(IDENTIFIER_OF_OTHERS, f"{scheme} {text}")))


def standing(entries: Iterable[Entry]) -> list[Entry]:
    """Those of the entries that record an identifier and that no later one of them withdraws, in order."""
    kept: dict[int, Entry] = {}
    for entry in entries:
        if entry.kind == RECORDED:
            kept[entry.position] = entry
        elif entry.kind == WITHDRAWN:
            kept.pop(int(str(entry.details["withdraws"])), None)
    return list(kept.values())


def _answer(entry: Entry) -> IdentifierAnswer:
    scheme = str(entry.details["scheme"])
    label = SCHEMES[scheme].label if scheme in SCHEMES else scheme
    return IdentifierAnswer(scheme, label, str(entry.details["text"]), entry.position, entry.at, entry.actor)
