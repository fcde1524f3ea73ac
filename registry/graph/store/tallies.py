"""Counts over all lots, kept as triples: what a question about methods, markers, months or accounts starts at.

    <tally/month/3f…> a cpr:Tally ; cpr:talliedBy "month" ; cpr:tallyCharacteristic <…cd105> ;
        cpr:tallyMonth "2026-10" ; cpr:tallyLots 13 ; cpr:tallyResults 13 ; cpr:tallyTotal 1262.7 ;
        cpr:tallyLeast 93.1 ; cpr:tallyGreatest 98.8 .

Each stands in a graph of its own name. What a lot adds is read from the graph itself: its current results, those of no
withdrawn panel that no other result stands for. It is kept in ``graph/tallies.sqlite``, so that an entry costs what it
changes and not what there is. Where that file and the graph stand at different entries, everything is counted anew.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import weakref
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import cast

import pyoxigraph

from registry.identifiers import CPR
from registry.namespaces import PROV, RDF, XSD

Key = tuple[str, str]
"""By what is counted, and the terms that it is counted for: each as in N-Triples, a tab between them."""
Counted = Counter[tuple[str, str, str]]
"""How many results there are of a key with one number, empty where no number is asked for."""
OF = {
    "method": ("tallyMethod",),
    "unit": ("tallyCharacteristic", "tallyUnit"),
    "month": ("tallyCharacteristic", "tallyMonth"),
    "passage": ("tallyCharacteristic", "tallyPassage"),
    "product": ("tallyProduct",),
    "account": ("tallyAccount", "tallyEntryKind"),
}
_DEFAULT = pyoxigraph.DefaultGraph()
_TYPE, _LOT_CLASS = pyoxigraph.NamedNode(RDF + "type"), pyoxigraph.NamedNode(CPR + "Lot")
_LOT, _RESULT = pyoxigraph.NamedNode(CPR + "lot"), pyoxigraph.NamedNode(CPR + "result")
_WITHDRAWS, _SUPERSEDES = pyoxigraph.NamedNode(CPR + "withdraws"), pyoxigraph.NamedNode(CPR + "supersedes")
_TABLES = """
CREATE TABLE IF NOT EXISTS stands (position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS added (lot TEXT PRIMARY KEY, counted BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lots (kind TEXT, key TEXT, n INTEGER NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS results (
    kind TEXT, key TEXT, number TEXT, n INTEGER NOT NULL, PRIMARY KEY (kind, key, number)
) WITHOUT ROWID;
"""
_ADD_LOTS = "INSERT INTO lots VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET n = n + ?3"
_ADD_RESULTS = "INSERT INTO results VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET n = n + ?4"
_WORK = f"""
SELECT ?by ?kind (COUNT(?entry) AS ?entries) {{
  ?entry a <{CPR}LedgerEntry> ; <{CPR}entryKind> ?kind ; <{PROV}wasAttributedTo> ?by
}} GROUP BY ?by ?kind
"""


class Tallies:
    """What every lot adds, and the sums; in memory where ``path`` is None. Used by one thread at a time."""

    def __init__(self, path: Path | None, base: str) -> None:
        self._base = base
        try:
            self._database = _opened(path)
        except sqlite3.DatabaseError:
            if path is None:
                raise
            path.unlink()
            self._database = _opened(path)
        weakref.finalize(self, self._database.close)

    def stands_at(self) -> int | None:
        """The position of the ledger up to which everything is counted; None when nothing is."""
        row = self._database.execute("SELECT position FROM stands").fetchone()
        return None if row is None else int(row[0])

    def count_anew(self, store: pyoxigraph.Store, position: int) -> dict[str, bytes]:
        """Count all that the graph holds; answers graph and N-Triples of every tally."""
        lots = (str(quad.subject)[1:-1] for quad in store.quads_for_pattern(None, _TYPE, _LOT_CLASS, _DEFAULT))
        answer = cast("pyoxigraph.QuerySolutions", store.query(_WORK))
        work = Counter({(str(row["by"]), str(row["kind"])): int(row["entries"].value) for row in answer})
        with self._database as database:
            database.execute("BEGIN")
            for table in ("stands", "added", "lots", "results"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608 - of the tuple above
            return self._count(_Gone.whole(store), position, lots, work)

    def count(
        self, store: pyoxigraph.Store, position: int, lots: Iterable[str], work: Counter[tuple[str, str]]
    ) -> dict[str, bytes]:
        """Count these lots again (their IRIs), and the new entries by account and kind.

        Answers graph and N-Triples of every tally that this changes; none for one that counts nothing any more.
        """
        with self._database as database:
            database.execute("BEGIN")
            return self._count(_Gone(store), position, lots, work)

    def _count(
        self, gone: _Gone, position: int, lots: Iterable[str], work: Counter[tuple[str, str]]
    ) -> dict[str, bytes]:
        results, of_lots = Counted(), Counter[Key]()
        results.update({("account", "\t".join(key), ""): entries for key, entries in work.items()})
        for lot in lots:
            new, old = _added(gone, pyoxigraph.NamedNode(lot)), self._kept(lot)
            if new == old:
                continue
            results.update(new)
            results.subtract(old)
            of_lots.update({(kind, key) for kind, key, _number in new})
            of_lots.subtract({(kind, key) for kind, key, _number in old})
            self._keep(lot, new)
        database = self._database
        database.executemany(_ADD_LOTS, ((*key, n) for key, n in of_lots.items() if n))
        database.executemany(_ADD_RESULTS, ((*key, n) for key, n in results.items() if n))
        database.execute("DELETE FROM results WHERE n = 0")
        database.execute("DELETE FROM lots WHERE n = 0")
        database.execute("DELETE FROM stands")
        database.execute("INSERT INTO stands VALUES (?)", (position,))
        changed = dict.fromkeys(((kind, key) for kind, key, _number in results), None)
        return {self._node(kind, key): self._triples(kind, key) for kind, key in changed}

    def _kept(self, lot: str) -> Counted:
        row = self._database.execute("SELECT counted FROM added WHERE lot = ?", (lot,)).fetchone()
        counted = json.loads(zlib.decompress(row[0])) if row else []
        return Counted({(kind, key, number): n for kind, key, number, n in counted})

    def _keep(self, lot: str, counted: Counted) -> None:
        text = json.dumps([(*key, n) for key, n in counted.items()], ensure_ascii=False)
        # The terms are long and few: a tenth is left of them.
        packed = zlib.compress(text.encode(), 1)
        self._database.execute("INSERT OR REPLACE INTO added VALUES (?, ?)", (lot, packed))

    def _node(self, kind: str, key: str) -> str:
        return f"{self._base}tally/{kind}/{hashlib.sha256(key.encode()).hexdigest()[:16]}"

    def _triples(self, kind: str, key: str) -> bytes:
        query = "SELECT number, n FROM results WHERE kind = ? AND key = ?"
        numbers = self._database.execute(query, (kind, key)).fetchall()
        if not numbers:
            return b""
        lots = self._database.execute("SELECT n FROM lots WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        facts = [(RDF + "type", f"<{CPR}Tally>"), (f"{CPR}talliedBy", f'"{kind}"')]
        facts += [(CPR + name, value) for name, value in zip(OF[kind], key.split("\t"), strict=True)]
        facts += [(CPR + name, _literal(value)) for name, value in _figures(kind, numbers, lots[0] if lots else 0)]
        node = self._node(kind, key)
        return "".join(f"<{node}> <{predicate}> {value} .\n" for predicate, value in facts).encode()


def _opened(path: Path | None) -> sqlite3.Connection:
    database = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
    database.executescript(_TABLES)
    return database


def _figures(kind: str, numbers: list[tuple[str, int]], lots: int) -> Iterator[tuple[str, int | Decimal]]:
    how_many = sum(n for _number, n in numbers)
    if kind == "account":
        yield "tallyEntries", how_many
        return
    yield "tallyLots", lots
    if kind == "product":
        return
    yield "tallyResults", how_many
    exact = [(Decimal(number), n) for number, n in numbers if number]
    if exact:
        yield "tallyTotal", sum((number * n for number, n in exact), Decimal(0))
        yield "tallyLeast", min(exact)[0]
        yield "tallyGreatest", max(exact)[0]


def _literal(value: int | Decimal) -> str:
    """As canonical as a record's own numbers are."""
    if isinstance(value, int):
        return f'"{value}"^^<{XSD}integer>'
    text = format(value, "f")
    return f'"{text.rstrip("0").rstrip(".") if "." in text else text}"^^<{XSD}decimal>'


def _added(gone: _Gone, lot: pyoxigraph.NamedNode) -> Counted:
    """What one lot adds: itself to its product, and each of its current results to what it is counted by."""
    counted, about = Counted(), _about(gone.store, lot)
    if (product := about.get("product")) is not None:
        counted["product", str(product), ""] = 1
    made, passage = about.get("manufacturedOn"), about.get("passage")
    month = f'"{made.value[:7]}"' if isinstance(made, pyoxigraph.Literal) else ""
    for result in _current(gone, lot):
        told = _about(gone.store, result)
        if (method := told.get("method")) is not None:
            counted["method", str(method), ""] += 1
        low, characteristic = told.get("low"), told.get("characteristic")
        if not isinstance(low, pyoxigraph.Literal) or low != told.get("high") or characteristic is None:
            continue
        for kind, by in (("unit", told.get("unit")), ("month", month), ("passage", passage)):
            if by:
                counted[kind, f"{characteristic}\t{by}", low.value] += 1
    return counted


@dataclass(frozen=True, slots=True)
class _Gone:
    """What counts no more: panels taken back, and results that another stands for. Read whole, or asked one by one."""

    store: pyoxigraph.Store
    subjects: frozenset[str] | None = None

    @classmethod
    def whole(cls, store: pyoxigraph.Store) -> _Gone:
        """All of them: they are few beside everything."""
        quads = (
            quad
            for predicate in (_WITHDRAWS, _SUPERSEDES)
            for quad in store.quads_for_pattern(None, predicate, None, _DEFAULT)
        )
        return cls(store, frozenset(str(quad.object) for quad in quads))

    def holds(self, predicate: pyoxigraph.NamedNode, subject: pyoxigraph.NamedNode) -> bool:
        """Whether something takes its place."""
        if self.subjects is not None:
            return str(subject) in self.subjects
        return next(self.store.quads_for_pattern(None, predicate, subject, _DEFAULT), None) is not None


def _current(gone: _Gone, lot: pyoxigraph.NamedNode) -> Iterator[pyoxigraph.NamedNode]:
    """The results of a lot that no withdrawn panel holds and no other result stands for."""
    for panel in gone.store.quads_for_pattern(None, _LOT, lot, _DEFAULT):
        results = [quad.object for quad in gone.store.quads_for_pattern(panel.subject, _RESULT, None, _DEFAULT)]
        if results and isinstance(panel.subject, pyoxigraph.NamedNode) and not gone.holds(_WITHDRAWS, panel.subject):
            yield from (
                result
                for result in results
                if isinstance(result, pyoxigraph.NamedNode) and not gone.holds(_SUPERSEDES, result)
            )


def _about(store: pyoxigraph.Store, subject: pyoxigraph.NamedNode) -> dict[str, object]:
    """What is said of a subject in terms of ours, by their local names."""
    quads = store.quads_for_pattern(subject, None, None, _DEFAULT)
    return {quad.predicate.value.removeprefix(CPR): quad.object for quad in quads}
