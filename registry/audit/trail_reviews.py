"""Reviews of audit trails: where a product asked for one, a release was signed after it, by another person."""

from __future__ import annotations

from collections.abc import Sequence

from registry.audit.findings import Findings
from registry.domain import RELEASES, TrailReview
from registry.errors import RegistryError
from registry.identifiers import Names
from registry.ledger import Entry, View
from registry.ledger.lots import LotReader, recorded
from registry.records.decision import read_trail_review
from registry.release.trail_review import missing_review


def check_trail_reviews(view: View, entries: Sequence[Entry], names: Names, findings: Findings) -> None:
    """Replay what was required and reviewed, and hold each release against it as the ledger was then."""
    required: set[str] = set()
    reviews: dict[str, list[TrailReview]] = {}
    reader = LotReader(view, names)
    for entry in entries:
        if entry.kind == "setting" and "product" in entry.details:
            product = str(entry.details["product"]).casefold()
            (required.discard if entry.details.get("required") is False else required.add)(product)
        try:
            if entry.kind == "trail-review" and entry.record is not None:
                review = read_trail_review(view.record(entry.record), recorded(entry), names)
                reviews.setdefault(review.lot.casefold(), []).append(review)
            elif required and entry.kind == "decision" and entry.details.get("decision") in RELEASES:
                _check_release(entry, reader, required, reviews, findings)
        except (RegistryError, ValueError, KeyError, TypeError) as error:
            findings.add("named", entry.position, f"The {entry.kind} cannot be read.", expected="a record of its kind",
                         found=error)  # fmt: skip


def _check_release(
    entry: Entry, reader: LotReader, required: set[str], reviews: dict[str, list[TrailReview]], findings: Findings
) -> None:
    for lot in entry.lots:
        facts = reader.facts(lot, entry.position - 1)
        if (facts.lot.product or "").casefold() not in required:
            continue
        for missing in missing_review(facts, reviews.get(facts.lot.id.casefold(), []), entry.actor):
            findings.add("authority", entry.position, "A release was signed without the review that was due.",
                         expected="an independent review of the audit trail", found=missing)  # fmt: skip
