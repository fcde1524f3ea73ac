"""What the ledger says of products and lots, read from the ledger alone.

Everything a clinic or the quality unit needs is found here by indexed reads of the ledger, never from the graph, so
that submitting, judging, releasing and looking up work while the graph is locked, stale or gone.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from registry.domain import (
    Ancestor,
    Approval,
    Lot,
    LotFacts,
    PanelOnRecord,
    Product,
    Recorded,
    Specification,
    Study,
    approvals_in_force,
    in_force,
    with_withdrawals,
)
from registry.errors import Unknown
from registry.identifiers import Names
from registry.ledger import Entry, Reader
from registry.look_alikes import LookAlike, difference, look_alike, skeleton
from registry.records import Record
from registry.records.decision import read_approval, read_decision
from registry.records.keys import DERIVES_FROM, LOOKS, OF_PRODUCT, PANEL, PRODUCT, STUDY, keys
from registry.records.kinds import Reach, kind
from registry.records.lot import read_lot, read_product
from registry.records.panel import read_panel
from registry.records.study import read_study
from registry.specifications import read as read_specification

LOT = "lot"
_read_specification = lru_cache(maxsize=256)(read_specification)
T = TypeVar("T")


def look_alikes(ledger: Reader, lot: str, until: int | None = None) -> tuple[LookAlike, ...]:
    """Registered lots that are easily taken for ``lot``, itself registered or not, oldest first."""
    alike = ledger.entries(until=until, key=(LOOKS, skeleton(lot)), kind="lot")
    names = (entry.lots[0] for entry in alike)
    return tuple(LookAlike(name, difference(name, lot)) for name in names if look_alike(name, lot))


def recorded(entry: Entry) -> Recorded:
    """Where and by whom, without the chain."""
    return Recorded(entry.position, entry.at, entry.actor, entry.record or "")


class Concerning(Protocol):
    """What is read of an entry to tell which lots it concerns."""

    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def record(self) -> str | None: ...  # noqa: D102
    @property
    def lots(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class LotReader:
    """Reads of one ledger. ``until`` is a ledger size: everything is answered as of that many entries."""

    ledger: Reader
    names: Names
    _read: dict[Hashable, Any] | None = None
    """What was read before, where it is one moment of the ledger that is read."""
    _specifications: dict[str, Specification] = field(default_factory=dict, compare=False)
    """Specifications by digest: a digest is of one alone."""

    def size_at(self, at: datetime | None) -> int:
        """The ledger's size at a time, by ledger time only (nothing is back-dated)."""
        size = self.ledger.size()
        if at is None:
            return size
        low, high = 0, size
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.ledger.entry(middle).at <= at else (low, middle - 1)
        return low

    def registered(self, lot: str) -> str | None:
        """The registered spelling of a lot's identifier, which is unique without regard to case; or None."""
        for entry in self.ledger.entries(kind="lot", key=(LOT, lot)):
            return entry.lots[0]
        return None

    def lot(self, lot: str, until: int | None = None) -> Lot:
        """The lot's description; raises Unknown with what is near."""
        for entry, record in self._of(LOT, lot, until, "lot"):
            return self._described(entry, record)
        near = self.typed_as(lot) or (self.ledger.matching(LOT, lot[:4], limit=5, entry_kind="lot") if lot else [])
        raise Unknown(
            f"There is no lot {lot} in this registry.",
            expected="the identifier of a registered lot" + (f", such as {', '.join(near)}" if near else ""),
            found=lot,
            todo="Check the label; a lot is registered before its first panel.",
            code="no-such-lot",
            action="register-lot",
        )

    def _described(self, entry: Entry, record: Record) -> Lot:
        recipient = entry.details.get("recipient")
        return read_lot(record, recorded(entry), self.names, str(recipient) if recipient else None)

    def typed_as(self, text: str, limit: int = 5, *, part: bool = False) -> list[str]:
        """Registered lots of the same skeleton as what somebody typed: ``h 07`` finds ``H-07``, and ``H-O7`` too.

        ``part`` finds those as well whose skeleton holds it.
        """
        plain = skeleton(text)
        if part and len(plain) > 1:
            return self.ledger.beside_holding(LOOKS, plain, LOT, limit)
        return self.ledger.beside(LOOKS, plain, LOT)[:limit] if plain else []

    def product(self, product: str, until: int | None = None) -> Product:
        """The product's newest description; raises Unknown."""
        descriptions = [
            read_product(record, recorded(entry)) for entry, record in self._of(PRODUCT, product, until, "product")
        ]
        if not descriptions:
            known = self.ledger.matching(PRODUCT, limit=8, entry_kind="product")
            raise Unknown(
                f"There is no product {product} in this registry.",
                expected=f"one of: {', '.join(known)}" if known else "a registered product",
                found=product,
                todo="Register it first.",
                code="no-such-product",
                action="register-product",
            )
        return descriptions[-1]

    def products(self) -> list[str]:
        """The identifiers of all products."""
        return self.ledger.matching(PRODUCT, limit=1000, entry_kind="product")

    def study(self, study: str, until: int | None = None) -> Study:
        """The study's description; raises Unknown."""
        for entry, record in self._of(STUDY, study, until, "study"):
            return read_study(record, recorded(entry))
        known = self.ledger.matching(STUDY, limit=8, entry_kind="study")
        raise Unknown(
            f"There is no study {study} in this registry.", found=study, todo="Add it first.", code="no-such-study",
            expected=f"one of: {', '.join(known)}" if known else "a registered study",
        )  # fmt: skip

    def studies(self) -> list[str]:
        """The identifiers of all studies."""
        return self.ledger.matching(STUDY, limit=1000, entry_kind="study")

    def study_of(self, product: Product | None, until: int | None = None) -> Study | None:
        """The study that a product is made for; None when it names none, or one that nobody had added."""
        if product is None or not product.study or not self.ledger.newest(STUDY, [product.study]):
            return None
        pairs = self._of(STUDY, product.study, until, "study")
        return next((read_study(record, recorded(entry)) for entry, record in pairs), None)

    def approvals(self, product: str, until: int | None = None) -> tuple[Approval, ...]:
        """The specifications approved for a product, oldest first; the newest is in force.

        Not those that still await a second member's signature: ``every_approval`` has them too.
        """
        return approvals_in_force(self.every_approval(product, until))

    def every_approval(self, product: str, until: int | None = None) -> tuple[Approval, ...]:
        """Every approval signed for a product, oldest first."""
        pairs = self._of(PRODUCT, product, until, "approval")
        return tuple(read_approval(record, recorded(entry), self.names) for entry, record in pairs)

    def specification(self, digest: str) -> Specification:
        """The specification of this digest as it was approved; raises Unknown."""
        if digest not in self._specifications:
            self._specifications[digest] = _read_specification(self.ledger.record(digest).ntriples)
        return self._specifications[digest]

    def facts(self, lot: str, until: int | None = None) -> LotFacts:
        """Everything the ledger says of one lot at one moment, in a handful of indexed reads; raises Unknown."""
        return self.facts_of([lot], until)[0]

    def facts_of(self, lots: Sequence[str], until: int | None = None) -> list[LotFacts]:
        """``facts`` of each, all at one moment: what several rest on (a bank, an approval) is read once."""
        with self.ledger.view() as moment:
            reader = LotReader(moment, self.names, {}, self._specifications)
            reader._newest(LOT, lots)
            size = moment.size() if until is None else until
            return [reader._facts(lot, size) for lot in lots]

    def _once(self, read: Callable[..., T], *asked: Hashable) -> T:
        if self._read is None:
            return read(*asked)
        key = (read.__name__, *asked)
        if key not in self._read:
            self._read[key] = read(*asked)
        answer: T = self._read[key]
        return answer

    def _facts(self, lot: str, size: int) -> LotFacts:
        facts: dict[str, list[Any]] = {"panels": [], "withdrawals": [], "decisions": [], "acceptances": []}
        described: Lot | None = None
        for entry, record in self._of(LOT, lot, size):
            row = kind(entry.kind)
            if entry.kind == "lot" and described is None:
                described = self._described(entry, record)
            if row.fact and row.read is not None:
                facts[row.fact].append(row.read(record, recorded(entry), self.names, entry.details))
        described = described or self.lot(lot, size)
        ancestors = self.ancestors(lot, size)
        missing = [parent for parent in described.derived_from if self._once(self.registered, parent) is None]
        product = described.product
        approvals = self._once(self.approvals, product, size) if product else ()
        return LotFacts(
            lot=described,
            product=self._once(self.product, product, size) if product else None,
            approval=approvals[-1] if approvals else None,
            panels=with_withdrawals(facts["panels"], facts["withdrawals"]),
            decisions=tuple(facts["decisions"]),
            acceptances=tuple(facts["acceptances"]),
            ancestors=ancestors,
            missing_ancestors=tuple(missing),
            size=size,
            heads=self._heads(described, ancestors, size),
        )

    def ancestors(self, lot: str, until: int | None = None) -> tuple[Ancestor, ...]:
        """Everything the lot derives from, however far back, each with its newest decision."""
        keys = self.ledger.closure(DERIVES_FROM, lot, up=True, until=until)
        return tuple(self._once(self._ancestor, key, until) for key in keys)

    def _ancestor(self, lot: str, until: int | None) -> Ancestor:
        described = self.lot(lot, until)
        pairs = self._of(LOT, lot, until, "decision")
        newest = [read_decision(record, recorded(entry), self.names) for entry, record in pairs]
        return Ancestor(described.id, described.kind, in_force(newest), described.line.sex if described.line else "")

    def descendants(self, lot: str) -> tuple[str, ...]:
        """Everything that derives from the lot, in the registered spelling: what a recall concerns."""
        keys = self.ledger.closure(DERIVES_FROM, lot)
        written = self.ledger.written(LOT, keys)
        return tuple(written.get(key, key) for key in keys)

    def reached(self, entry: Concerning, reach: Reach) -> Iterator[str]:
        """The lots that an entry concerns, in the registered spelling: see ``Reach`` in ``records/kinds.py``."""
        yield from entry.lots
        if reach == "descendants":
            for lot in entry.lots:
                yield from self.descendants(lot)
        elif reach == "product" and entry.record is not None:
            for key, product in keys(entry.kind, self.ledger.record(entry.record), self.names):
                if key == PRODUCT:
                    yield from self.lots_of(product)

    def lots_of(self, product: str) -> tuple[str, ...]:
        """The product's lots, oldest first."""
        return tuple(self.ledger.beside(OF_PRODUCT, product, LOT))

    def panel(self, panel: str) -> PanelOnRecord:
        """One panel by its identifier; raises Unknown."""
        for entry, record in self._of(PANEL, panel, None, "panel"):
            return read_panel(record, recorded(entry), self.names)
        raise Unknown(
            f"There is no panel {panel} in this registry.", expected="16 hex digits, as the receipt gives", found=panel
        )

    def _heads(self, lot: Lot, ancestors: tuple[Ancestor, ...], size: int) -> dict[tuple[str, str], int]:
        """The newest entry of everything the facts rest on, as of ``size``.

        What was entered while the facts were read is newer than ``size``: it must not count as seen, so ``size`` stands
        in its place, and a decision that rests on these facts is refused.
        """
        names = [lot.id, *(ancestor.id for ancestor in ancestors)]
        heads = self._newest(LOT, names)
        if lot.product:
            heads |= self._newest(PRODUCT, [lot.product])
        return {key: min(position, size) for key, position in heads.items()}

    def _newest(self, key_kind: str, keys: Sequence[str]) -> dict[tuple[str, str], int]:
        """Of each key that has one, its newest entry; at one moment of the ledger each is asked for once."""
        read = {} if self._read is None else self._read
        asked = [(key_kind, key.casefold()) for key in keys]
        if unread := [key for key in asked if key not in read]:
            newest = self.ledger.newest(key_kind, [key for _kind, key in unread])
            read.update((key, newest.get(key[1])) for key in unread)
        return {key: read[key] for key in asked if read[key] is not None}

    def _of(
        self, key_kind: str, key: str, until: int | None, entry_kind: str | None = None
    ) -> Iterator[tuple[Entry, Record]]:
        for entry, record in self.ledger.entries_with_records(until=until, key=(key_kind, key), kind=entry_kind):
            if record is not None:
                yield entry, record
