"""What a lot inherits: decisions on everything it derives from, and the papers that its own decisions rest on.

A recall of a bank blocks every lot made of it, so whoever reads such a lot's records must find the recall among them.
The lot's own entries stay apart (``lists.history``): these are told of the lot, and are not entries about it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.ledger import Entry
from registry.ledger.lots import LOT, recorded
from registry.records.decision import read_decision
from registry.records.keys import PRODUCT, SPECIFICATION
from registry.services.answers import Answer, DecisionAnswer, LotAnswer
from registry.services.context import Parts
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


def inherited(parts: Parts, lot: str, until: int | None = None) -> list[InheritedDecision]:
    """Every decision on what the lot derives from, however far back, oldest first; raises Unknown."""
    found = []
    for ancestor in parts.lots.ancestors(parts.lots.lot(lot, until).id, until):
        of_it = parts.ledger.entries_with_records(until=until, key=(LOT, ancestor.id), kind="decision")
        for entry, record in of_it:
            if record is not None:
                said = decision_answer(parts, read_decision(record, recorded(entry), parts.names))
                fields = {name: getattr(said, name) for name in DecisionAnswer.__slots__}
                found.append(InheritedDecision(**fields, of=ancestor.id, summary=_summary(entry)))
    return sorted(found, key=lambda one: one.position)


def rests_on(parts: Parts, answer: LotAnswer) -> list[InheritedEntry]:
    """Entries about the origins of a lot, its product, and each specification that was decided by, with its approval.

    The files of the origins' panels are named by their digests; see ``InheritedEntry.files``.
    """
    found = {one.position: one for one in _of_origins(parts, answer.lot)}
    if answer.product is not None:
        digests = {one.specification_digest for one in answer.decisions if one.specification_digest}
        digests |= {answer.specification.digest} if answer.specification else set()
        found |= {one.position: one for one in _of_product(parts, answer.product.id, digests)}
    return [found[position] for position in sorted(found)]


def _of_origins(parts: Parts, lot: str) -> Iterator[InheritedEntry]:
    for ancestor in parts.lots.ancestors(lot):
        for entry in parts.ledger.entries(key=(LOT, ancestor.id)):
            yield _entry(entry, ancestor.id)


def _of_product(parts: Parts, product: str, digests: set[str]) -> Iterator[InheritedEntry]:
    approvals = {
        one.entry.position: one for one in parts.lots.approvals(product) if one.entry and one.digest in digests
    }
    for entry in parts.ledger.entries(key=(PRODUCT, product)):
        if entry.kind == "product" or entry.position in approvals:
            yield _entry(entry, product)
    for name in dict.fromkeys(one.specification for one in approvals.values()):
        kept = list(parts.ledger.entries(key=(SPECIFICATION, name), kind="specification"))
        # Kept again with each approval for whatever product: the first says it.
        yield from (_entry(entry, name) for entry in {one.record: one for one in reversed(kept)}.values()
                    if entry.record in digests)  # fmt: skip


def _entry(entry: Entry, of: str) -> InheritedEntry:
    said = entry.kind, entry.actor, _summary(entry), entry.record, dict(entry.files)
    return InheritedEntry(of, entry.position, *said)


def _summary(entry: Entry) -> str:
    return str(entry.details.get("summary") or entry.kind)
