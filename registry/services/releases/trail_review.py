"""The review of a lot's audit trail: shown, signed by somebody independent, required of a product's lots.

registry.releases.trail.show("H-03").changes
registry.releases.trail.sign("H-03", name="quality.berg", password=…)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from registry.accounts import Accounts, Permission
from registry.domain import LotFacts, TrailReview
from registry.errors import Conflict, NotAllowed, WrongUsage
from registry.identifiers import Names
from registry.intake.checks.free_text_privacy import refuse_persons
from registry.ledger import Json, Ledger, NewEntry
from registry.ledger.lots import LotReader, recorded
from registry.records.decision import read_trail_review, write_trail_review
from registry.records.index_keys import SETTING
from registry.release.trail_review import Change, changes, entered_by, missing_review
from registry.services.answers import Answer
from registry.services.append import Entries, Receipt, factor_named, signer, unchanged

MEANING = "I have reviewed what changed of the data of this lot since it was entered."


@dataclass(frozen=True, slots=True)
class ReviewAnswer:
    """A signed review: by whom, when, up to which size of the ledger, and whether it still counts."""

    signed_by: str
    printed_name: str
    at: datetime
    meaning: str
    ledger_size: int
    position: int
    record: str
    current: bool


@dataclass(frozen=True, slots=True)
class TrailAnswer(Answer):
    """A lot's audit trail as it bears on its release; ``seen`` is the newest entry that changed its evidence."""

    lot: str
    product: str
    required: bool
    seen: int
    changes: tuple[Change, ...]
    reviews: tuple[ReviewAnswer, ...]
    entered_by: tuple[str, ...]


class TrailReviews:
    """The reviews of the audit trails of one registry's lots."""

    def __init__(self, ledger: Ledger, reader: LotReader, accounts: Accounts, entries: Entries) -> None:
        self._ledger = ledger
        self._reader = reader
        self._accounts = accounts
        self._entries = entries

    def show(self, lot: str) -> TrailAnswer:
        """What changed of a lot's data since it was entered, and who reviewed that; raises Unknown."""
        facts = self._reader.facts(lot)
        newest = max(facts.evidence_positions, default=0)
        product = facts.lot.product or ""
        reviews = reviews_of(self._ledger, self._entries.names, facts)
        return TrailAnswer(
            facts.lot.id, product, self.required(product), newest, changes(facts),
            tuple(_answer(each, newest) for each in reviews), tuple(sorted(entered_by(facts))),
        )  # fmt: skip

    def sign(self, lot: str, *, name: str, password: str, meaning: str = "", seen: int | None = None) -> Receipt:
        """Sign that the trail was reviewed as it is now; ``seen`` is the newest entry that was shown.

        Raises NotSignedIn, NotAllowed for who entered any of the data, WrongUsage without data, Conflict when something
        was entered since it was shown.
        """
        account = signer(self._accounts, name, password, Permission.REVIEW_TRAIL)
        facts = self._reader.facts(lot)
        newest = max(facts.evidence_positions, default=0)
        refuse_persons(self._ledger.now().year, meaning=meaning)
        if not newest:
            raise WrongUsage(f"{facts.lot.id} has no data yet.", expected="a panel to review", found="none")
        if seen is not None and seen != newest:
            raise Conflict(f"The data of {facts.lot.id} changed since they were shown.", expected=f"entry {seen}",
                           found=f"entry {newest}", todo="Look at what changed, then sign.")  # fmt: skip
        if account.name.casefold() in entered_by(facts):
            raise NotAllowed(
                f"{account.name} entered data of {facts.lot.id}: somebody else reviews what became of them.",
                expected="a member of the quality unit who entered none", found=account.name,
            )  # fmt: skip
        review = TrailReview(
            facts.lot.id, facts.size, account.name, account.printed_name, self._ledger.now(), meaning.strip() or MEANING
        )
        words = f"Audit trail reviewed by {account.printed_name}: {len(changes(facts))} changes, {facts.size} entries"
        record = write_trail_review(review, self._entries.names)
        entry = NewEntry("trail-review", record, lots=(facts.lot.id,), details={"summary": words})
        seen_by_append = unchanged(facts.heads, facts.lot.id)
        return self._entries.enter(
            self._entries.signed(entry, account), account.name, facts.lot.id, expect=seen_by_append
        )

    def require(self, product: str, *, required: bool, reason: str, name: str, password: str) -> Receipt:
        """Set whether a product's lots are released only after such a review, from now on; signed for, with a reason.

        Raises NotSignedIn, NotAllowed, Unknown, WrongUsage without a reason, Conflict when it is so already.
        """
        account = signer(self._accounts, name, password, Permission.APPROVE_SPECIFICATION)
        known = self._reader.product(product)
        if not reason.strip():
            raise WrongUsage("This needs a reason.", expected="a sentence that says why", found="nothing",
                             where="reason")  # fmt: skip
        refuse_persons(self._ledger.now().year, reason=reason)
        if self.required(known.id) is required:
            raise Conflict("It is so already.", expected="another choice", found="required" if required else "not so")
        state = "required" if required else "no longer required"
        details: dict[str, Json] = {
            "setting": _setting(known.id), "product": known.id, "required": required, "reason": reason.strip(),
            "summary": f"Review of the audit trail {state} for {known.id}, set by {account.name}: {reason.strip()}",
            **factor_named(account),
        }  # fmt: skip
        return self._entries.enter(NewEntry("setting", details=details), account.name, known.id)

    def required(self, product: str) -> bool:
        """Whether lots of this product are released only after their audit trail was reviewed."""
        key = _setting(product).casefold()
        position = self._ledger.newest(SETTING, [key]).get(key, 0)
        return bool(position) and self._ledger.entry(position).details.get("required") is not False

    def missing(self, facts: LotFacts, signer_name: str) -> list[str]:
        """What stands against a release by this person for want of a review; nothing where none is required."""
        if not facts.lot.product or not self.required(facts.lot.product):
            return []
        return missing_review(facts, reviews_of(self._ledger, self._entries.names, facts), signer_name)

    def due(self, facts: LotFacts) -> str:
        """What stands against anybody's release for want of a review; empty without data or where none is asked."""
        return next(iter(self.missing(facts, "") if facts.evidence_positions else ()), "")

    def due_of(self, lot: str, product: str) -> str:
        """The same of a lot of this product, as it is now; raises Unknown."""
        return self.due(self._reader.facts(lot)) if product and self.required(product) else ""


def reviews_of(ledger: Ledger, names: Names, facts: LotFacts) -> tuple[TrailReview, ...]:
    """The reviews of a lot's trail as the ledger was then, oldest first."""
    entered = ledger.entries_with_records(key=("lot", facts.lot.id), kind="trail-review", until=facts.size)
    return tuple(read_trail_review(record, recorded(entry), names) for entry, record in entered if record is not None)


def _setting(product: str) -> str:
    return f"trail review of {product}"


def _answer(review: TrailReview, newest: int) -> ReviewAnswer:
    entry = review.entry
    return ReviewAnswer(
        review.signed_by, review.printed_name, review.signed_at, review.meaning, review.ledger_size,
        entry.position if entry else 0, entry.record if entry else "", review.ledger_size >= newest,
    )  # fmt: skip
