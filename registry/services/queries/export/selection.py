"""What concerns some lots: their entries and records, those of what they derive from and of their products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from registry.graph.store.projection import facts
from registry.ledger import Entry
from registry.services.context import Parts
from registry.services.queries.lot_triples import verdict_records


@dataclass(frozen=True)
class Selection:
    """``lots`` (registered spellings) as the first ``size`` entries of the ledger tell of them."""

    parts: Parts
    lots: tuple[str, ...]
    size: int

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Entries with a record, in the order of the ledger, each once."""
        found = {}
        for key in self._keys():
            for entry in self.parts.ledger.entries(key=key, until=self.size):
                if entry.record is not None:
                    found[entry.position] = entry
        return tuple(found[position] for position in sorted(found))

    def _keys(self) -> Iterator[tuple[str, str]]:
        seen: set[tuple[str, str]] = set()
        for lot in self.lots:
            known = self.parts.lots.facts(lot, self.size)
            keys = [("lot", known.lot.id), *(("lot", one.id) for one in known.ancestors)]
            if known.product is not None:
                keys.append(("product", known.product.id))
            if known.approval is not None:
                keys.append(("specification", known.approval.specification))
            yield from (key for key in keys if key not in seen)
            seen.update(keys)

    def record(self, entry: Entry) -> bytes:
        """The N-Triples of an entry's record."""
        return self.parts.ledger.record(entry.record or "").ntriples

    def graphs(self) -> Iterator[tuple[str, bytes]]:
        """(graph, N-Triples): the ledger's entries, each record, and what follows for each lot."""
        base = self.parts.names.base
        yield f"{base}ledger", b"".join(facts(entry, base) for entry in self.entries)
        for entry in self.entries:
            yield self.parts.names.record(entry.record or ""), self.record(entry)
        for lot, ntriples in self.verdicts():
            yield f"{base}verdict/{quote(lot, safe='')}", ntriples

    def verdicts(self) -> Iterator[tuple[str, bytes]]:
        """(lot, N-Triples of its verdict)."""
        for start in range(0, len(self.lots), 200):
            yield from verdict_records(self.parts.states, self.parts.names, self.lots[start : start + 200]).items()


def every_lot(parts: Parts) -> list[str]:
    """The identifiers of all lots, in the order in which they were registered."""
    return [lot for entry in parts.ledger.entries(kind="lot") for lot in entry.lots[:1]]
