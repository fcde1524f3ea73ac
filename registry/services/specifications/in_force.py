"""Which specification holds for a lot: the one that a decision settled, else the one approved for its product now."""

from __future__ import annotations

from registry.domain import Approval, LotFacts, Recorded, Specification
from registry.ledger.lots import LotReader


def specification_of(reader: LotReader, facts: LotFacts) -> tuple[Specification | None, bool]:
    """The specification that a lot is held against, and whether a decision settled which (``LotFacts.settled_by``)."""
    by = facts.settled_by
    approval = facts.approval if by is None or by.releases else _approved_when(reader, facts, by.entry)
    digest = by.specification_digest if by is not None else None
    if digest is None and approval is not None:
        digest = approval.digest
    return (reader.specification(digest) if digest else None), by is not None


def _approved_when(reader: LotReader, facts: LotFacts, entry: Recorded | None) -> Approval | None:
    """What was approved for the lot's product when it was decided on."""
    if facts.lot.product is None or entry is None:
        return None
    approvals = reader.approvals(facts.lot.product, entry.position)
    return approvals[-1] if approvals else None
