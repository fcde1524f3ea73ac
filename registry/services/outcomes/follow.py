"""What is on record of each administration: what was given, of which lot, and what was seen after; from the ledger.

Recipients' codes are read here to find an administration by, and are handed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from registry.domain import Administration, LotFacts, Result
from registry.domain.outcome import Outcome
from registry.errors import Unknown
from registry.intake.outcomes import Given
from registry.intake.values import Misprint
from registry.judgement.evidence.retests import Relations
from registry.ledger import Entry, Ledger
from registry.ledger.lots import LotReader, recorded
from registry.outcomes.table import Followed
from registry.records.clinic.outcome import OUTCOME, OUTCOMES_OF, read_outcome
from registry.services.administrations.book import Book

KIND = "recipient-outcome"


@dataclass(frozen=True, slots=True)
class FollowUps:
    """Reads of one registry's ledger."""

    ledger: Ledger
    reader: LotReader
    book: Book

    def given(self) -> list[Administration]:
        """Everything that was given, oldest first, without a recipient."""
        return [replace(given, recipient=None) for given in self.book.every()]

    def one(self, key: str) -> Administration:
        """What was given under a key, without its recipient; raises Unknown."""
        given, _entry = self.book.one(key)
        return replace(given, recipient=None)

    def of_key(self, key: str) -> Given:
        """What was given under a key, for a row that names it; raises ``Misprint``."""
        try:
            given = self.one(key)
        except Unknown as unknown:
            raise Misprint(
                unknown.message, expected=unknown.expected or "", found=key, column="administration"
            ) from None
        return Given(given.id, given.at.date())

    def codes(self) -> list[tuple[str, Given]]:
        """(code, what was given) of every administration, oldest first."""
        return [
            (given.recipient.casefold(), Given(given.id, given.at.date()))
            for given in self.book.every()
            if given.recipient
        ]

    def outcomes(self, key: str) -> tuple[Outcome, ...]:
        """What was seen after an administration, oldest entry first."""
        pairs = self.ledger.entries_with_records(key=(OUTCOMES_OF, key), kind=KIND)
        return tuple(read_outcome(record, recorded(entry), self.reader.names) for entry, record in pairs if record)

    def outcome(self, identifier: str) -> tuple[Outcome, Entry]:
        """The outcome of an identifier, with its entry; raises Unknown."""
        for entry, record in self.ledger.entries_with_records(key=(OUTCOME, identifier), kind=KIND):
            if record is not None:
                return read_outcome(record, recorded(entry), self.reader.names), entry
        raise Unknown(
            "There is no such outcome.", expected="16 hexadecimal digits, as a receipt gives", found=identifier
        )

    def on_record(self, identifier: str) -> bool:
        """Whether an outcome of this identifier is on record."""
        return bool(self.ledger.newest(OUTCOME, [identifier]))

    def followed(self) -> Iterator[Followed]:
        """Each administration with its lot, its origins, its results that count and its outcomes."""
        facts: dict[str, LotFacts] = {}
        every: dict[str, int | None] = {}
        for given in self.given():
            if given.lot not in facts:
                facts[given.lot] = self.reader.facts(given.lot)
            if given.study not in every:
                every[given.study] = self._every(given.study)
            lot = facts[given.lot]
            origins: dict[str, str] = {}
            for ancestor in lot.ancestors:
                origins.setdefault(ancestor.kind, ancestor.id)
            plain = replace(lot.lot, recipient=None)
            yield Followed(given, plain, origins, counting(lot), self.outcomes(given.id), every[given.study])

    def _every(self, study: str) -> int | None:
        try:
            return self.reader.study(study).schedule_days
        except Unknown:
            return None


def counting(facts: LotFacts) -> tuple[Result, ...]:
    """The lot's results that count: no retest that nobody accepted, and none that an accepted one supersedes."""
    waiting = {result.iri for result in facts.unaccepted}
    standing = Relations(facts.results, facts.accepted).standing
    return tuple(result for result in standing if result.iri not in waiting)


def finder(codes: list[tuple[str, Given]], day: date | None, code: str) -> Given:
    """What was last given to the recipient of a code before a day; raises ``Misprint``, which never repeats it."""
    given = [each for known, each in codes if known == code.casefold()]
    if not given:
        raise Misprint(
            "Nothing on record was given to the recipient of this code.",
            expected="the code under which something was given",
            found="",
            column="recipient",
        )
    if day is None:
        if len(given) > 1:
            raise Misprint(
                "This recipient was given something more than once: print the date, so that nobody has to guess.",
                expected="a date beside the visit",
                found="",
                column="date",
            )
        return given[0]
    before = [each for each in given if each.day <= day] or given[:1]
    return max(before, key=lambda each: each.day)
