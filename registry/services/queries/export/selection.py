"""What concerns some lots: their entries and records, those of what they derive from and of their products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from registry.domain import LotFacts, LotVerdict
from registry.graph.store.projection import facts, shown
from registry.identifiers import Names
from registry.ledger import Entry, Ledger
from registry.ledger.lots import LotReader
from registry.services.ontologies.current import Current


@dataclass(frozen=True)
class Selection:
    """``lots`` (registered spellings) as the first ``size`` entries of the ledger tell of them.

    ``derive`` says what follows for lots, as N-Triples; ``judge`` the verdict by what is approved for the product;
    ``credential`` is a lot's, ``inclusion`` proves that an entry is in the ledger: both raise where there is none.
    """

    ledger: Ledger
    reader: LotReader
    current: Current
    names: Names
    derive: Callable[[Sequence[str]], Mapping[str, bytes]]
    judge: Callable[[LotFacts], LotVerdict | None]
    credential: Callable[[str], str]
    inclusion: Callable[[int], str]
    lots: tuple[str, ...]
    size: int

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Entries with a record that the graph may hold, in the order of the ledger, each once."""
        entries = {}
        for key in self._keys():
            for entry in self.ledger.entries(key=key, until=self.size):
                if entry.record is not None and shown(entry):
                    entries[entry.position] = entry
        return tuple(entries[position] for position in sorted(entries))

    def _keys(self) -> Iterator[tuple[str, str]]:
        seen: set[tuple[str, str]] = set()
        for lot in self.lots:
            known = self.reader.facts(lot, self.size)
            keys = [("lot", known.lot.id), *(("lot", above.id) for above in known.ancestors)]
            if known.product is not None:
                keys.append(("product", known.product.id))
            if known.approval is not None:
                keys.append(("specification", known.approval.specification))
            yield from (key for key in keys if key not in seen)
            seen.update(keys)

    def record(self, entry: Entry) -> bytes:
        """The N-Triples of an entry's record."""
        return self.ledger.record(entry.record or "").ntriples

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        """(graph, N-Triples): the ledger's entries, each record, and what follows for each lot."""
        base = self.names.base
        yield f"{base}ledger", b"".join(facts(entry, base) for entry in self.entries)
        for entry in self.entries:
            yield self.names.record(entry.record or ""), self.record(entry)
        for lot, ntriples in self.verdicts():
            yield f"{base}verdict/{quote(lot, safe='')}", ntriples

    def verdicts(self) -> Iterator[tuple[str, bytes]]:
        """(lot, N-Triples of its verdict)."""
        for start in range(0, len(self.lots), 200):
            yield from self.derive(self.lots[start : start + 200]).items()


def every_lot(ledger: Ledger) -> tuple[str, ...]:
    """The identifiers of all lots, in the order in which they were registered."""
    return tuple(lot for entry in ledger.entries(kind="lot") for lot in entry.lots[:1])
