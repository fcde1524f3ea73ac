"""What the ledger says, as quads: one pure function, used to follow the ledger and to rebuild the graph alike.

Entry 7 with record ``sha256:ab…`` gives that record's triples in ``<base>record/ab…``, and in ``<base>ledger``::

    <base>ledger/7 a cpr:LedgerEntry ; cpr:position 7 ; cpr:entryKind "submission" ;
        prov:generatedAtTime "2026-11-22T10:00:00Z"^^xsd:dateTime ; prov:wasAttributedTo "lab.one" ;
        cpr:record <base>record/ab… ; cpr:previousHash "sha256:…" ; cpr:hash "sha256:…" .

An entry without a record (an account, a token, a sign-in, a key) says its class, position, kind and time, and nothing
else: no name, and no hash from which one could be guessed. So does one whose record is about a single recipient
(``Kind.in_graph``). ``details`` and ``files`` of an entry are never projected.

Every triple stands twice: in its named graph, and once in the default graph, which is the union of the named ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from registry.identifiers import CPR, Names
from registry.instants import xsd_moment
from registry.namespaces import PROV, RDF, XSD, escaped
from registry.records.kinds import kind

VERSION = 5
"""Raised whenever this module's output or the verdicts beside it change: a graph of another version is rebuilt."""

_RDF_TYPE = f"<{RDF}type>"


class Entry(Protocol):
    """What is read of a ledger entry."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def actor(self) -> str: ...  # noqa: D102
    @property
    def record(self) -> str | None: ...  # noqa: D102
    @property
    def lots(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def previous(self) -> str: ...  # noqa: D102
    @property
    def hash(self) -> str: ...  # noqa: D102


class Record(Protocol):
    """What is read of a record."""

    @property
    def ntriples(self) -> bytes: ...  # noqa: D102


class Ledger(Protocol):
    """What is read of the ledger. ``since`` is not included."""

    def size(self) -> int: ...  # noqa: D102
    def entry(self, position: int) -> Entry: ...  # noqa: D102
    def entries_with_records(self, since: int) -> Iterator[tuple[Entry, Record | None]]: ...  # noqa: D102


def project(entry: Entry, ntriples: bytes, base: str) -> bytes:
    """The N-Quads of one entry and the canonical N-Triples of its record (``b""`` without one). Pure."""
    names = Names(base)
    quads = twice(facts(entry, base), f"{base}ledger")
    return quads + twice(ntriples, names.record(entry.record)) if entry.record and shown(entry) else quads


def shown(entry: Entry) -> bool:
    """Whether the graph may hold an entry's record: what was given to one recipient is not for whoever asks it."""
    return kind(entry.kind).in_graph


def facts(entry: Entry, base: str) -> bytes:
    """What the graph ``<base>ledger`` says of one entry, as N-Triples."""
    facts_told = [
        (_RDF_TYPE, f"<{CPR}LedgerEntry>"),
        (f"<{CPR}position>", f'"{entry.position}"^^<{XSD}integer>'),
        (f"<{CPR}entryKind>", text(entry.kind)),
        (f"<{PROV}generatedAtTime>", f'"{xsd_moment(entry.at)}"^^<{XSD}dateTime>'),
    ]
    if entry.record and shown(entry):
        facts_told += [
            (f"<{PROV}wasAttributedTo>", text(entry.actor)),
            (f"<{CPR}record>", f"<{Names(base).record(entry.record)}>"),
            (f"<{CPR}previousHash>", text(entry.previous)),
            (f"<{CPR}hash>", text(entry.hash)),
        ]
    subject = f"<{base}ledger/{entry.position}>"
    return "".join(f"{subject} {predicate} {value} .\n" for predicate, value in facts_told).encode()


def work_of(entries: Iterable[Entry]) -> Counter[tuple[str, str]]:
    """How many entries with a record that the graph may hold each account made of each kind, as literals."""
    return Counter((text(entry.actor), text(entry.kind)) for entry in entries if entry.record and shown(entry))


def twice(ntriples: bytes, graph: str) -> bytes:
    """Canonical N-Triples as N-Quads: once as they are, once in ``graph``."""
    if not ntriples:
        return b""
    if not ntriples.endswith(b" .\n"):
        raise ValueError("N-Triples end with a full stop and a line feed")
    return ntriples + ntriples.replace(b" .\n", f" <{graph}> .\n".encode())


def text(value: str) -> str:
    """A plain literal in N-Triples."""
    return f'"{escaped(value)}"'
