"""What the registry is composed of, and the judged view of a lot that several verbs share."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from registry import judging, specification
from registry.accounts import Accounts
from registry.iris import Names
from registry.ledger import Ledger
from registry.lots import Lots
from registry.model import Departure, LotVerdict, Result, Specification
from registry.release import Status, status
from registry.standing import LotFacts, Product
from registry.terms import Terms

_CACHED_VERDICTS = 20_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A lot's facts, the specification that it is held against, the verdict, and the answer at ``at``.

    ``pinned`` tells whether the specification is the one that a standing release named, or (without a release) the
    one now approved for the product.
    """

    facts: LotFacts
    specification: Specification | None
    pinned: bool
    verdict: LotVerdict | None
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Parts:
    """The rooms that the registry composes. One instance serves all threads of a process."""

    directory: Path
    terms: Terms
    ledger: Ledger
    accounts: Accounts
    names: Names
    lots: Lots
    verdicts: OrderedDict[tuple[object, ...], LotVerdict] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def specification(self, digest: str) -> Specification:
        """The specification of this digest as it was approved, read from the ledger."""
        return _read_specification(self.lots.specification_record(digest).ntriples)

    def judge(self, facts: LotFacts, against: Specification, *, compare: bool = False) -> LotVerdict:
        """The current evidence of one lot judged by one specification; ``compare`` asks the plain comparison too."""
        key = (facts.lot.id.casefold(), facts.heads.get(("lot", facts.lot.id.casefold())), against.digest)
        with self.lock:
            if not compare and key in self.verdicts:
                self.verdicts.move_to_end(key)
                return self.verdicts[key]
        (verdict,) = judging.judge_lots(
            against, {facts.lot.id: facts.results}, self.terms, accepted=facts.accepted, compare=compare
        )
        with self.lock:
            self.verdicts[key] = verdict
            while len(self.verdicts) > _CACHED_VERDICTS:
                self.verdicts.popitem(last=False)
        return verdict

    def judge_results(
        self, against: Specification, lot: str, results: Sequence[Result], accepted: frozenset[str]
    ) -> LotVerdict:
        """Any results of one lot judged, such as those of a file that is not on record yet."""
        (verdict,) = judging.judge_lots(against, {lot: results}, self.terms, accepted=accepted)
        return verdict

    def departures(
        self, against: Specification, product: Product | None, reasons: Mapping[str, str]
    ) -> tuple[Departure, ...]:
        """How a specification falls short of the identity of the product's cell type, each with its justification."""
        if product is None:
            return ()
        found = specification.departures(against, self.terms.identity_of(product.cell_type), self.terms)
        return tuple(replace(one, justification=reasons.get(one.characteristic, one.justification)) for one in found)

    def judged_for_release(self, lot: str) -> Judged:
        """As ``judged``, held against the specification that is approved for the product now."""
        judged = self.judged(lot)
        approval = judged.facts.approval
        against = self.specification(approval.digest) if approval else None
        return replace(judged, specification=against, pinned=False)

    def judged(self, lot: str, at: datetime | None = None) -> Judged:
        """Everything known and judged of one lot, now or at an earlier time of the ledger; raises Unknown."""
        moment = datetime.now(UTC) if at is None else at
        facts = self.lots.facts(lot, self.lots.size_at(at))
        newest = facts.newest
        pinned = newest is not None and newest.kind == "release"
        digest = newest.specification_digest if pinned and newest else None
        if digest is None and facts.approval is not None:
            digest = facts.approval.digest
        against = self.specification(digest) if digest else None
        verdict = self.judge(facts, against) if against else None
        return Judged(facts, against, pinned, verdict, status(facts, verdict, moment), moment)


@lru_cache(maxsize=256)
def _read_specification(ntriples: bytes) -> Specification:
    return specification.read(ntriples)
