"""What the ledger says of publications and claims: each publication's records put together, each claim with its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from registry.domain import CitedPublication, Claim
from registry.errors import Unknown
from registry.identifiers import Names
from registry.ledger import Reader
from registry.ledger.lots import recorded
from registry.records.literature.claim import CLAIM, CLAIM_WITHDRAWAL, read_claim, read_claim_withdrawal
from registry.records.literature.publication import PUBLICATION, read_publication


@dataclass(frozen=True, slots=True)
class ClaimBook:
    """Reads of one registry's ledger."""

    ledger: Reader
    names: Names

    def claims(self) -> tuple[Claim, ...]:
        """Every claim, oldest first, those withdrawn too."""
        return tuple(self._claims(None))

    def claim(self, claim: str) -> Claim:
        """One claim; raises Unknown."""
        for each in self._claims((CLAIM, claim)):
            return each
        known = self.ledger.matching(CLAIM, limit=8, entry_kind="claim")
        raise Unknown(
            f"There is no claim {claim} in this registry.",
            expected=f"one of: {', '.join(known)}" if known else "a claim that was made",
            found=claim,
            todo="Make it first.",
            code="no-such-claim",
        )

    def _claims(self, key: tuple[str, str] | None) -> Iterator[Claim]:
        ended = {
            withdrawal.claim: withdrawal
            for entry, record in self.ledger.entries_with_records(key=key, kind=CLAIM_WITHDRAWAL)
            if record is not None and (withdrawal := read_claim_withdrawal(record, recorded(entry), self.names))
        }
        for entry, record in self.ledger.entries_with_records(key=key, kind="claim"):
            if record is not None:
                claim = read_claim(record, recorded(entry), self.names)
                yield replace(claim, withdrawn=ended.get(claim.id))

    def publications(self) -> tuple[CitedPublication, ...]:
        """Every publication, oldest first."""
        by_doi: dict[str, list[CitedPublication]] = {}
        for each in self._publications(None):
            by_doi.setdefault(each.doi, []).append(each)
        return tuple(_together(each) for each in by_doi.values())

    def publication(self, doi: str) -> CitedPublication:
        """One publication; raises Unknown."""
        known = list(self._publications((PUBLICATION, doi.casefold())))
        if not known:
            raise Unknown(
                f"There is no publication {doi} in this registry.",
                expected="the DOI of a publication on record, such as 10.1016/j.jogoh.2025.103031",
                found=doi,
                todo="Add it first.",
                code="no-such-publication",
            )
        return _together(known)

    def _publications(self, key: tuple[str, str] | None) -> Iterator[CitedPublication]:
        for entry, record in self.ledger.entries_with_records(key=key, kind="publication"):
            if record is not None:
                yield read_publication(record, recorded(entry), self.names)


def _together(records: Iterable[CitedPublication]) -> CitedPublication:
    """What the records of one publication say together; its title and year are those first given."""
    first, *others = records
    for each in others:
        first = replace(
            first,
            title=first.title or each.title,
            year=first.year if first.year is not None else each.year,
            products=tuple(sorted({*first.products, *each.products})),
            indications=tuple(sorted({*first.indications, *each.indications})),
            criteria=tuple(sorted({*first.criteria, *each.criteria})),
            entry=each.entry,
        )
    return first
