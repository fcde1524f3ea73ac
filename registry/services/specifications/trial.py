"""What a specification would change: every product lot judged by it, beside what each is held against now.

    registry.specifications.try_out(draft).changed
    (Changed("H-03", "released", "pass", "fail", (CriterionChange("cd105", "pass", "fail"),)),)

Nothing is kept and no decision changes: a released lot stays with the specification that its release names. Lots are
judged from what is kept of them in columns, by the comparison of exact decimals (``judgement/many``); whatever changes
is judged again by SHACL, which must agree, and what a lot's line says now has to be what its evidence says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from registry import specifications
from registry.domain import CriterionOutcome, LotOutcome, Specification
from registry.errors import Corrupt, WrongUsage
from registry.judgement.many import Combined, ManyLots
from registry.ledger.lots import LotReader
from registry.services.answers import Answer
from registry.services.lot_index.columns import Held, LotColumns
from registry.services.lot_index.lists import LotIndex
from registry.services.ontologies.current import Current
from registry.vocabulary import Terms

Find = Callable[[str, str | None], Specification]
"""Finds a specification by id and version; raises Unknown."""
_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
FEW = 200
"""Lots that a page waits for to be judged again; while more are waiting the command does it."""


@dataclass(frozen=True, slots=True)
class CriterionChange:
    """One criterion that comes out otherwise; None where a specification does not ask for it."""

    id: str
    before: CriterionOutcome | None
    after: CriterionOutcome | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON: ``from`` and ``to``."""
        return {"id": self.id, "from": self.before, "to": self.after}


@dataclass(frozen=True, slots=True)
class Changed:
    """A lot whose verdict would be another; ``before`` is None for one that is held against nothing now."""

    lot: str
    state: str
    before: LotOutcome | None
    after: LotOutcome
    criteria: tuple[CriterionChange, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON: ``from`` and ``to``."""
        criteria = [change.as_dict() for change in self.criteria]
        return {"lot": self.lot, "state": self.state, "from": self.before, "to": self.after, "criteria": criteria}


@dataclass(frozen=True, slots=True)
class Trial(Answer):
    """What a specification would change over so many lots, at a size of the ledger."""

    specification: Specification
    lots: int
    changed: tuple[Changed, ...]
    ledger_size: int

    @property
    def no_longer(self) -> tuple[Changed, ...]:
        """The lots that may be injected now and would not conform."""
        return tuple(each for each in self.changed if each.before == "pass" and each.state == "released")

    @property
    def newly(self) -> tuple[Changed, ...]:
        """The lots that do not conform now, and would."""
        return tuple(each for each in self.changed if each.after == "pass" and each.before is not None)

    @property
    def by_criterion(self) -> list[tuple[CriterionChange, int]]:
        """How often each criterion changes in each way among the lots that change, the most frequent first."""
        return Counter(change for each in self.changed for change in each.criteria).most_common()

    def as_dict(self) -> dict[str, Any]:
        """The document of ``specification try --format json``."""
        return {
            "specification": {name: getattr(self.specification, name) for name in ("id", "version", "digest")},
            "lots": self.lots,
            "changed": [each.as_dict() for each in self.changed],
            "ledger_size": self.ledger_size,
        }


class Trials:
    """Specifications tried over the lots of one registry."""

    def __init__(self, reader: LotReader, ontologies: Current, lots: LotIndex, find: Find) -> None:
        self._find = find
        self._reader = reader
        self._ontologies = ontologies
        self._lots = lots

    def is_quick(self) -> bool:
        """Whether a page may wait for it: few lots have to be judged first."""
        return self._lots.columns.waiting() <= FEW

    def run(self, draft: Specification) -> Trial:
        """Every product lot held against ``draft``; raises Corrupt where two judges do not agree."""
        size, now, every = self._lots.columns.held()
        judges = _Judges(self._reader, self._ontologies.terms, now, self._lots.columns)
        changed = tuple(change for lot in every if (change := judges.changed(draft, lot)) is not None)
        judges.require_shacl()
        return Trial(draft, len(every), changed, size)

    def would_not_conform(self, id: str, version: str) -> tuple[int, dict[str, tuple[str, ...]]]:
        """The ledger's size, and of each lot that passes now and would not, what it does not show, in its order.

        Those are gating criteria; of an either/or all members. A lot whose verdict a clock changes is left out.
        """
        other = self._find(id, version)
        size, now, every = self._lots.columns.held()
        judges = _Judges(self._reader, self._ontologies.terms, now, self._lots.columns)
        short = {lot.lot: criteria for lot in every if (criteria := judges.short(other, lot))}
        judges.require_shacl()
        return size, short


def with_limit(against: Specification, criterion: str, printed: str) -> Specification:
    """The same specification with one limit as somebody typed it: what to try, and nothing to approve.

    Raises WrongUsage for a criterion that has no one limit, and for what is no decimal number.
    """
    least = {each.id for each in against.criteria if each.operator in {">=", ">"}}
    most = {each.id for each in against.criteria if each.operator in {"<=", "<"}}
    text = printed.strip()
    if criterion not in least | most or not _DECIMAL.fullmatch(text):
        raise WrongUsage(
            "A limit is tried for one criterion that has one.",
            expected=f"one of {', '.join(sorted(least | most))}, and a number with a point",
            found=f"{criterion} {text}", todo="Type the limit as in 97.5, in the criterion's unit.",
        )  # fmt: skip
    limit = Decimal(text)
    criteria = (
        each if each.id != criterion else replace(each, low=limit) if criterion in least else replace(each, high=limit)
        for each in against.criteria
    )  # fmt: skip
    return specifications.build(replace(against, criteria=tuple(criteria)))


class _Judges:
    """The draft, and each specification that a lot is held against now, at one time."""

    def __init__(self, reader: LotReader, terms: Terms, at: datetime, columns: LotColumns) -> None:
        self._reader = reader
        self._terms = terms
        self._at = at
        self._columns = columns
        self._judges: dict[str, ManyLots] = {}
        self._told: dict[str, set[int]] = {}
        self._criteria: dict[tuple[Combined | None, Combined], tuple[CriterionChange, ...]] = {}

    def changed(self, draft: Specification, lot: Held) -> Changed | None:
        """What changes for one lot; None where its verdict stays."""
        kept = self._columns.kept(lot.key)
        if kept is None:
            raise _no_longer_so(lot, "what it was judged from", "nothing")
        judge = self._of(draft.digest, draft)
        after = judge.combined(cases := judge.cases(kept))
        before = None
        if lot.against:
            current = self._of(lot.against)
            if lot.verdict == after.verdict and not current.grows_stale:
                return None
            before = current.combined(held := current.cases(kept))
            if before.verdict != lot.verdict and not current.grows_stale:
                raise _no_longer_so(lot, before.verdict, lot.verdict)
            if before.verdict == after.verdict:
                return None
            self._told[lot.against].update(held)
        self._told[draft.digest].update(cases)
        pair = (before, after)
        if pair not in self._criteria:
            self._criteria[pair] = tuple(_criteria(before, after))
        return Changed(lot.lot, lot.state, before.verdict if before else None, after.verdict, self._criteria[pair])

    def short(self, other: Specification, lot: Held) -> tuple[str, ...]:
        """What a lot that passes now does not show of another specification; nothing where it would pass."""
        if lot.verdict != "pass" or not lot.against or self._of(lot.against).grows_stale:
            return ()
        after = self._judged(other.digest, lot, other, unless="pass")
        if after.verdict == "pass":
            return ()
        before = self._judged(lot.against, lot)
        if before.verdict != "pass":
            raise _no_longer_so(lot, before.verdict, lot.verdict)
        return _not_shown(other, after)

    def _judged(
        self, digest: str, lot: Held, draft: Specification | None = None, unless: LotOutcome | None = None
    ) -> Combined:
        """A lot by one specification; SHACL is to agree ``unless`` it comes out so."""
        kept = self._columns.kept(lot.key)
        if kept is None:
            raise _no_longer_so(lot, "what it was judged from", "nothing")
        judge = self._of(digest, draft)
        combined = judge.combined(cases := judge.cases(kept))
        if combined.verdict != unless:
            self._told[digest].update(cases)
        return combined

    def require_shacl(self) -> None:
        """Judge by SHACL whatever a change rests on; raises Corrupt where it does not agree."""
        for digest, cases in self._told.items():
            self._judges[digest].require_shacl(cases)

    def _of(self, digest: str, draft: Specification | None = None) -> ManyLots:
        if digest not in self._judges:
            against = draft or self._reader.specification(digest)
            self._judges[digest] = ManyLots(against, self._terms, self._at, self._columns.kept)
            self._told[digest] = set()
        return self._judges[digest]


def _not_shown(other: Specification, judged: Combined) -> tuple[str, ...]:
    outcomes, groups = dict(judged.criteria), dict(judged.groups)
    return tuple(
        each.id
        for each in other.criteria
        if each.standing == "gating" and (groups[each.group] if each.group else outcomes[each.id]) != "pass"
    )


def _no_longer_so(lot: Held, expected: str, found: str) -> Corrupt:
    return Corrupt(
        "The line of a lot and the evidence kept of it do not agree.", expected=expected, found=found,
        where=f"lot {lot.lot}", todo="Make the lists anew.", action="rebuild",
    )  # fmt: skip


def _criteria(before: Combined | None, after: Combined) -> Iterator[CriterionChange]:
    """Every criterion whose outcome differs, the draft's in its order and then those that it no longer asks for.

    What only one of them asks for is listed where the lot does not pass it: it is why the verdict is another.
    """
    old = dict(before.criteria) if before else {}
    new = dict(after.criteria)
    for name in dict.fromkeys((*new, *old)):
        if {old.get(name, "pass"), new.get(name, "pass")} != {"pass"} and old.get(name) != new.get(name):
            yield CriterionChange(name, old.get(name), new.get(name))
