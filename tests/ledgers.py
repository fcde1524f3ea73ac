"""What the tests of the ledger say, whatever it is kept in."""

from __future__ import annotations

from registry.ledger import Ledger, NewEntry
from registry.records import IRI, Literal, Record, write

BASE = "https://registry.example/"


def said(what: str) -> Record:
    """A record of one triple: a note on lot P-07."""
    return write([(IRI(BASE + "lot/P-07"), IRI("urn:p:note"), Literal(what))])


def append_many(folder: str, who: str, count: int) -> None:
    """So many panels, one an append, each of a lot of its own: the work of one process among several."""
    ledger = Ledger.open(folder)
    for number in range(count):
        ledger.append([NewEntry("panel", said(f"{who} {number}"), lots=(f"{who}-{number}",))], actor=who)
