"""What the ledger says of a lot's containers and of what was given of it, in the ledger's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from registry.domain import Administration, ContainerMove, Lot, Result
from registry.errors import Unknown
from registry.identifiers import CPR
from registry.judgement.evidence.nodes import converted
from registry.ledger import Entry
from registry.ledger.lots import LOT, LotReader, recorded
from registry.records.clinic.administration import ADMINISTRATION, read_administration, read_container_move
from registry.release.containers import Stock
from registry.vocabulary import Terms

_CELLS = f"{CPR}cells"
_VIABLE, _ALL = f"{CPR}viable-cells-per-container", f"{CPR}cells-per-container"


@dataclass(frozen=True, slots=True)
class Book:
    """Reads of one registry's ledger, through its ``LotReader``. Recipients' codes are read here, and shown by nobody
    who does not ask who is looking.
    """

    reader: LotReader

    def of_lot(self, lot: str) -> tuple[Administration, ...]:
        """Everything that was given of a lot, oldest first."""
        pairs = self.reader.ledger.entries_with_records(key=(LOT, lot), kind="administration")
        return tuple(self._given(entry, record) for entry, record in pairs if record is not None)

    def every(self) -> tuple[Administration, ...]:
        """Everything that was ever given, oldest first."""
        pairs = self.reader.ledger.entries_with_records(kind="administration")
        return tuple(self._given(entry, record) for entry, record in pairs if record is not None)

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

    def moves(self, lot: str) -> tuple[ContainerMove, ...]:
        """Every move of the lot's containers, what was given among them, in the ledger's order."""
        pairs = self.reader.ledger.entries_with_records(key=(LOT, lot), kind="container-move")
        moves = [read_container_move(record, recorded(entry), self.reader.names) for entry, record in pairs if record]
        moves += [
            ContainerMove(lot, given.containers, "administered", given.id, given.entry) for given in self.of_lot(lot)
        ]
        return tuple(sorted(moves, key=lambda move: move.entry.position if move.entry else 0))

    def stock(self, lot: Lot) -> Stock:
        """Where each of the lot's containers is."""
        return Stock.of(lot.containers, self.moves(lot.id))


def cells_per_container(results: Sequence[Result], terms: Terms) -> tuple[Decimal | None, Decimal | None]:
    """The least number of (viable cells, all cells) that the results on record show in one container.

    The lowest counts where there are several: nothing is guessed in favour of a dose. None while there is no count.
    """
    return _least(results, _VIABLE, terms), _least(results, _ALL, terms)


def _least(results: Sequence[Result], characteristic: str, terms: Terms) -> Decimal | None:
    lows = []
    for result in results:
        interval = result.reading.interval
        if result.characteristic != characteristic or interval is None:
            continue
        cells = converted(interval, result.unit, _CELLS, terms)
        lows.append(cells.low if cells is not None and cells.low is not None else Decimal(0))
    return min(lows, default=None)
