"""What the ledger says of a lot's containers and of what was given of it, in the ledger's order."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from registry.domain import Administration, ContainerMove, Lot, LotFacts
from registry.errors import Unknown
from registry.judgement.evidence.nodes import converted
from registry.ledger import Entry
from registry.ledger.lots import LOT, LotReader, recorded
from registry.records.clinic.administration import ADMINISTRATION, read_administration, read_container_move
from registry.release.containers import Stock
from registry.services.studies.arms_served import ALL, PER_CONTAINER, VIABLE, counted, holding
from registry.vocabulary import Terms


@dataclass(frozen=True, slots=True)
class Book:
    """Reads of one registry's ledger, through its ``LotReader``. Recipients' codes are read here, and shown by nobody
    who does not ask who is looking.
    """

    reader: LotReader

    def entries(self, lot: str | None = None, until: int | None = None) -> tuple[tuple[Administration, Entry], ...]:
        """Everything that was given, of one lot where one is named, each with its entry, oldest first."""
        key = (LOT, lot) if lot else None
        pairs = self.reader.ledger.entries_with_records(until=until, key=key, kind="administration")
        return tuple((self._given(entry, record), entry) for entry, record in pairs if record is not None)

    def of_lot(self, lot: str, until: int | None = None) -> tuple[Administration, ...]:
        """Everything that was given of a lot, oldest first."""
        return tuple(given for given, _entry in self.entries(lot, until))

    def every(self) -> tuple[Administration, ...]:
        """Everything that was ever given, oldest first."""
        return tuple(given for given, _entry in self.entries())

    def one(self, key: str) -> tuple[Administration, Entry]:
        """What was given under a key, with its entry; raises Unknown."""
        pairs = self.reader.ledger.entries_with_records(key=(ADMINISTRATION, key), kind="administration")
        for entry, record in pairs:
            if record is not None:
                return self._given(entry, record), entry
        raise Unknown(
            f"There is no administration {key} in this registry.",
            expected="A- and 16 hexadecimal digits, as the receipt gives",
            found=key,
        )

    def _given(self, entry: Entry, record: object) -> Administration:
        recipient = entry.details.get("recipient")
        code = str(recipient) if recipient else None
        return read_administration(record, recorded(entry), self.reader.names, code)  # type: ignore[arg-type]

    def moves(self, lot: str, until: int | None = None) -> tuple[ContainerMove, ...]:
        """Every move of the lot's containers, what was given among them, in the ledger's order."""
        pairs = self.reader.ledger.entries_with_records(until=until, key=(LOT, lot), kind="container-move")
        moves = [read_container_move(record, recorded(entry), self.reader.names) for entry, record in pairs if record]
        moves += [
            ContainerMove(lot, given.containers, "administered", given.id, given.entry)
            for given in self.of_lot(lot, until)
        ]
        return tuple(sorted(moves, key=lambda move: move.entry.position if move.entry else 0))

    def stock(self, lot: Lot, until: int | None = None) -> Stock:
        """Where each of the lot's containers is, now or at an earlier size of the ledger."""
        return Stock.of(lot.containers, self.moves(lot.id, until))


def cells_per_container(facts: LotFacts, terms: Terms) -> tuple[Decimal | None, Decimal | None]:
    """The least number of (viable cells, all cells) that one container is known to hold; None while there is no count.

    Viable cells are those counted at the last stage before use. Where only all cells were counted, the first is what
    the last viability on record leaves of them.
    """
    results = counted(facts)
    viable = holding(terms, results, None).viable
    low = None if viable is None else viable.low or Decimal(0)
    every = [
        converted(result.reading.interval, result.unit, PER_CONTAINER, terms)
        for result in results
        if result.characteristic == ALL and result.reading.interval is not None
    ]
    return low, min((span.low or Decimal(0) for span in every if span is not None), default=None)


def counts_viable(facts: LotFacts) -> bool:
    """Whether viable cells were counted, and not only worked out of all cells and a viability."""
    return any(result.characteristic == VIABLE for result in counted(facts))
