"""What a lot inherits: decisions on everything it derives from, and the papers that its own decisions rest on.

A recall of a bank blocks every lot made of it, so whoever reads such a lot's records must find the recall among them.
The lot's own entries stay apart (``lists.history``): these are told of the lot, and are not entries about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.identifiers import Names
from registry.ledger import Entry, Ledger
from registry.ledger.lots import LOT, LotReader, recorded
from registry.records.decision import read_decision
from registry.records.keys import PRODUCT, SPECIFICATION
from registry.services.answers import Answer, DecisionAnswer, LotAnswer
from registry.services.lots.lot_view import decision_answer


@dataclass(frozen=True, slots=True)
class InheritedDecision(DecisionAnswer, Answer):
    """A signed decision on something that a lot derives from; ``of`` names it, ``summary`` says it in words."""

    of: str
    summary: str


@dataclass(frozen=True, slots=True)
class InheritedEntry(Answer):
    """An entry about something else that a lot rests on; ``of`` names it: an origin, a product, a specification."""

    of: str
    position: int
    kind: str
    actor: str
    summary: str
    record: str | None
    files: dict[str, str]


def inherited(
    ledger: Ledger, reader: LotReader, names: Names, lot: str, until: int | None = None
) -> list[InheritedDecision]:
    """Every decision on what the lot derives from, however far back, oldest first; raises Unknown."""
    decisions = []
    for ancestor in reader.ancestors(reader.lot(lot, until).id, until):
        of_it = ledger.entries_with_records(until=until, key=(LOT, ancestor.id), kind="decision")
        for entry, record in of_it:
            if record is not None:
                decision = decision_answer(ledger, read_decision(record, recorded(entry), names))
                fields = {name: getattr(decision, name) for name in DecisionAnswer.__slots__}
                decisions.append(InheritedDecision(**fields, of=ancestor.id, summary=_summary(entry)))
    return sorted(decisions, key=lambda each: each.position)


def rests_on(ledger: Ledger, reader: LotReader, answer: LotAnswer) -> list[InheritedEntry]:
    """Entries about the origins of a lot, its product, and each specification that was decided by, with its approval.

    The files of the origins' panels are named by their digests; see ``InheritedEntry.files``.
    """
    under = {entry.position: entry for entry in _of_origins(ledger, reader, answer.lot)}
    if answer.product is not None:
        digests = {each.specification_digest for each in answer.decisions if each.specification_digest}
        digests |= {answer.specification.digest} if answer.specification else set()
        product = _of_product(ledger, reader, answer.product.id, digests)
        under |= {entry.position: entry for entry in product}
    return [under[position] for position in sorted(under)]


def _of_origins(ledger: Ledger, reader: LotReader, lot: str) -> Iterator[InheritedEntry]:
    for ancestor in reader.ancestors(lot):
        for entry in ledger.entries(key=(LOT, ancestor.id)):
            yield _entry(entry, ancestor.id)


def _of_product(ledger: Ledger, reader: LotReader, product: str, digests: set[str]) -> Iterator[InheritedEntry]:
    approvals = {
        each.entry.position: each for each in reader.approvals(product) if each.entry and each.digest in digests
    }
    for entry in ledger.entries(key=(PRODUCT, product)):
        if entry.kind == "product" or entry.position in approvals:
            yield _entry(entry, product)
    for name in dict.fromkeys(each.specification for each in approvals.values()):
        kept = list(ledger.entries(key=(SPECIFICATION, name), kind="specification"))
        # Kept again with each approval for whatever product: the first says it.
        yield from (_entry(entry, name) for entry in {each.record: each for each in reversed(kept)}.values()
                    if entry.record in digests)  # fmt: skip


def _entry(entry: Entry, of: str) -> InheritedEntry:
    files = dict(entry.files)
    return InheritedEntry(of, entry.position, entry.kind, entry.actor, _summary(entry), entry.record, files)


def _summary(entry: Entry) -> str:
    return str(entry.details.get("summary") or entry.kind)
