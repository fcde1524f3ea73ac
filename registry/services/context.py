"""What the registry is composed of, and the judged view of a lot that several verbs share."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from registry import specifications as specification
from registry.accounts import Accounts
from registry.domain import (
    Approval,
    Decision,
    Departure,
    LotFacts,
    LotVerdict,
    Product,
    Recorded,
    Result,
    Specification,
)
from registry.identifiers import Names
from registry.judgement import judge as judging
from registry.ledger import Ledger
from registry.ledger.lots import LotReader
from registry.release import Lapse, Status, fresh_until, lapsed, status
from registry.services.ontologies.current import Current
from registry.vocabulary import Terms

_CACHED_VERDICTS = 20_000
VerdictKey = tuple[tuple[tuple[str, tuple[int, ...]], ...], str]
"""Lots with the places in the ledger where their evidence changed, and the specification's digest."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A lot's facts, the specification that it is held against, the verdict, and the answer at ``at``.

    ``pinned`` tells whether a decision settled the specification (the release that named it, or a rejection), or it is
    the one now approved for the product.
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
    current: Current
    ledger: Ledger
    accounts: Accounts
    names: Names
    lots: LotReader
    verdicts: OrderedDict[VerdictKey, LotVerdict] = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def terms(self) -> Terms:
        """The terms as the current releases of the ontologies say them."""
        return self.current.terms

    def specification(self, digest: str) -> Specification:
        """The specification of this digest as it was approved, read from the ledger."""
        return self.lots.specification(digest)

    def judge(
        self, facts: LotFacts, against: Specification, *, compare: bool = False, at: datetime | None = None
    ) -> LotVerdict:
        """The current evidence of one lot judged by one specification; ``compare`` asks the plain comparison too.

        ``at`` is the moment for which evidence may be stale, now unless one is named.
        """
        key = self._verdict_key(facts, against)
        known = None if compare else self._known(key)
        if known is not None:
            return known
        verdict = self.judge_results(against, facts, facts.results, compare=compare, at=at)
        self._keep(key, verdict)
        return verdict

    def judge_each(self, lots: Sequence[tuple[LotFacts, Specification]], at: datetime) -> list[LotVerdict]:
        """As ``judge``, each lot by a specification of its own: what is not known yet is judged together.

        A lot that is named again is judged apart: one graph holds one body of evidence of each lot.
        """
        keys = [self._verdict_key(facts, against) for facts, against in lots]
        found = {place: known for place, key in enumerate(keys) if (known := self._known(key)) is not None}
        unknown: dict[tuple[str, int], list[int]] = {}
        named = Counter[tuple[str, str]]()
        for place, (facts, against) in enumerate(lots):
            if place not in found:
                again = (against.digest, facts.lot.id)
                unknown.setdefault((against.digest, named[again]), []).append(place)
                named[again] += 1
        for places in unknown.values():
            each = [(lots[place][0], lots[place][0].results) for place in places]
            for place, verdict in zip(places, self.judge_many(lots[places[0]][1], each, at=at), strict=True):
                self._keep(keys[place], verdict)
                found[place] = verdict
        return [found[place] for place in range(len(lots))]

    def _verdict_key(self, facts: LotFacts, against: Specification) -> VerdictKey | None:
        """Under what a verdict is known again; None for one that grows stale."""
        if any(criterion.window is not None for criterion in against.criteria):
            return None
        every = (facts, *self.origins(facts, against))
        return tuple((one.lot.id.casefold(), one.evidence_positions) for one in every), against.digest

    def _known(self, key: VerdictKey | None) -> LotVerdict | None:
        with self.lock:
            if key is None or key not in self.verdicts:
                return None
            self.verdicts.move_to_end(key)
            return self.verdicts[key]

    def _keep(self, key: VerdictKey | None, verdict: LotVerdict) -> None:
        if key is None:
            return
        with self.lock:
            self.verdicts[key] = verdict
            while len(self.verdicts) > _CACHED_VERDICTS:
                self.verdicts.popitem(last=False)

    def judge_results(
        self, against: Specification, facts: LotFacts, results: Sequence[Result], *, compare: bool = False,
        at: datetime | None = None,
    ) -> LotVerdict:  # fmt: skip
        """Any results of one lot judged, such as its own with those of a file that is not on record yet."""
        (verdict,) = self.judge_many(against, [(facts, results)], compare=compare, at=at)
        return verdict

    def judge_many(
        self, against: Specification, lots: Sequence[tuple[LotFacts, Sequence[Result]]], *, compare: bool = False,
        at: datetime | None = None,
    ) -> list[LotVerdict]:  # fmt: skip
        """Results of several lots judged together, in their order: a batch costs a fraction of one by one."""
        origins = {facts.lot.id: self.origins(facts, against) for facts, _results in lots}
        known = [facts for facts, _results in lots] + [one for each in origins.values() for one in each]
        return judging.judge_lots(
            against,
            {facts.lot.id: results for facts, results in lots},
            self.terms,
            accepted=frozenset[str]().union(*(one.accepted for one in known)),
            compare=compare,
            at=at or self.ledger.now(),
            origins_by_lot={lot: {one.lot.id: one.results for one in each} for lot, each in origins.items()},
        )

    def origins(self, facts: LotFacts, against: Specification) -> tuple[LotFacts, ...]:
        """What is known of the lots that this one is recorded to derive from, where a criterion may be inherited.

        Product lots where there are any, else the cell banks; nothing where no criterion asks for it.
        """
        if not any(criterion.inherited_from is not None for criterion in against.criteria):
            return ()
        registered = [parent for parent in facts.lot.derived_from if parent not in facts.missing_ancestors]
        parents = [self.lots.facts(parent, facts.size) for parent in registered]
        lots = tuple(one for one in parents if one.lot.kind == "product lot")
        return lots or tuple(one for one in parents if one.lot.kind == "cell bank")

    def evidence(self, facts: LotFacts, against: Specification) -> tuple[str, ...]:
        """The digests of the records that a verdict rests on: the lot's current panels, and those it inherits from."""
        every = (facts, *self.origins(facts, against))
        return tuple(sorted({panel.entry.record for one in every for panel in one.current_panels}))

    def departures(
        self, against: Specification, product: Product | None, reasons: Mapping[str, str]
    ) -> tuple[Departure, ...]:
        """How a specification falls short of the identity of the product's cell type, each with its justification."""
        if product is None:
            return ()
        found = specification.departures(against, self.terms.identity_of(product.cell_type), self.terms)
        return tuple(replace(one, justification=reasons.get(one.characteristic, one.justification)) for one in found)

    def lapse(self, facts: LotFacts, against: Specification | None, at: datetime) -> Lapse | None:
        """The first moment after the newest release, up to ``at``, at which it did not stand; None when it always did.

        A release that was suspended stays so until the quality unit decides again, whoever withdraws or submits what
        since. Asked of every change of the evidence, its own and what it inherits, right after it and, where evidence
        grows stale, right before the next; and of the time by which a conditional release had to be complete.
        """
        newest = facts.decision_in_force
        if newest is None or not newest.releases or newest.entry is None or against is None:
            return None
        for position, moments in self._spells(facts, against, newest.entry):
            before = replace(facts.as_of(position), size=position)
            for moment in moments:
                if lapse := lapsed(before, self.judge(before, against, at=moment), moment):
                    return lapse
        deadline = newest.complete_by
        if deadline is None or at < deadline:
            return None
        size = self.lots.size_at(deadline - timedelta(microseconds=1))
        before = self.lots.facts(facts.lot.id, min(size, facts.size))
        return lapsed(before, self.judge(before, against, at=deadline), deadline)

    def _spells(
        self, facts: LotFacts, against: Specification, release: Recorded
    ) -> list[tuple[int, tuple[datetime, ...]]]:
        """The spells since a release during which the evidence was the same: where each began, and when to ask of it.

        Of the first the gate was asked when the release was signed, of the last ``status`` is.
        """
        every = (facts, *self.origins(facts, against))
        changes = {one.position: one for each in every for one in each.evidence_changes}
        begun = [release, *(changes[place] for place in sorted(changes) if place > release.position)]
        stale = any(criterion.window is not None for criterion in against.criteria)
        spells = []
        for place, one in enumerate(begun):
            first = (one.at,) if place else ()
            last = (begun[place + 1].at,) if stale and place + 1 < len(begun) else ()
            spells.append((one.position, (*first, *last)))
        return spells

    def held_against(self, facts: LotFacts) -> tuple[Specification | None, bool]:
        """The specification that the lot is held against, and whether a decision settled which (see ``settled_by``)."""
        by = facts.settled_by
        approval = facts.approval if by is None or by.releases else self._approved_when(facts, by)
        digest = by.specification_digest if by is not None else None
        if digest is None and approval is not None:
            digest = approval.digest
        return (self.specification(digest) if digest else None), by is not None

    def _approved_when(self, facts: LotFacts, by: Decision) -> Approval | None:
        """What was approved for the lot's product when it was decided on."""
        if facts.lot.product is None or by.entry is None:
            return None
        approvals = self.lots.approvals(facts.lot.product, by.entry.position)
        return approvals[-1] if approvals else None

    def judged(self, lot: str, at: datetime | None = None) -> Judged:
        """Everything known and judged of one lot, now or at an earlier time of the ledger; raises Unknown."""
        moment = self.ledger.now() if at is None else at
        facts = self.lots.facts(lot, self.lots.size_at(at))
        against, pinned = self.held_against(facts)
        verdict = self.judge(facts, against, at=moment) if against else None
        lapse = self.lapse(facts, against, moment)
        fresh = fresh_until(against, verdict, moment) if against and verdict else None
        return Judged(facts, against, pinned, verdict, status(facts, verdict, moment, lapse, fresh), moment)
